import { useTranslation } from "react-i18next";
import { giveBack } from "../../src/api/family";
import type { Incident, Withholding } from "../../src/api/types";
import { timeText } from "../../src/time/format";
import { serverClock } from "../../src/time/useNow";
import { useMe } from "../state/deskStore";
import { ask } from "./ask";
import { Outcome } from "./Outcome";
import { mayWithhold } from "./rights";
import { useAct } from "./useAct";

interface WithheldProps {
  kept: Withholding;
  name: string;
  incident?: Incident;
  onChanged(): void;
}

/** What is kept from somebody, in plain sight of staff: whoever is on the telephone must not let it slip. */
export function WithheldLine({ kept, name, incident, onChanged }: WithheldProps) {
  const { t } = useTranslation();
  const me = useMe();
  const act = useAct();
  const what = t(`manage.family.kept.${kept.incident == null ? "all" : kept.incident === incident?.id ? "this" : "one"}`);
  const confirm = () =>
    ask(t("manage.family.ask_give_back", { name }), t("manage.family.ask_give_back_what", { name, what, reason: kept.reason }), t("manage.family.give_back"), () =>
      act.run(giveBack(kept.id), onChanged),
    );
  return (
    <div className="notice warn withheld">
      <p>
        <strong>{t("manage.family.withheld", { name, what })}</strong><br />
        {t("manage.family.withheld_why", { reason: kept.reason, by: kept.by, time: timeText(kept.since, serverClock.nowMs()) })}
      </p>
      {mayWithhold(me?.role) && (
        <button type="button" className="button small" aria-label={`${t("manage.family.give_back")}: ${name}, ${what}`} disabled={act.busy} onClick={confirm}>
          {t("manage.family.give_back")}
        </button>
      )}
      <Outcome news={act.news} />
    </div>
  );
}
