import { useState } from "react";
import { useTranslation } from "react-i18next";
import { endSight, withhold } from "../../src/api/family";
import type { Incident, Named, Relative, Withholding } from "../../src/api/types";
import { timeText } from "../../src/time/format";
import { serverClock } from "../../src/time/useNow";
import { useMe } from "../state/deskStore";
import { ask } from "./ask";
import { Outcome } from "./Outcome";
import { mayWithhold } from "./rights";
import { useAct } from "./useAct";
import { WithheldLine } from "./WithheldLine";
import { WithholdForm } from "./WithholdForm";

interface RowProps {
  relative: Relative;
  withheld: Withholding[];
  resident: Named;
  incident?: Incident;
  mayEnd: boolean;
  onChanged(): void;
}

export function RelativeRow({ relative, withheld, resident, incident, mayEnd, onChanged }: RowProps) {
  const { t } = useTranslation();
  const me = useMe();
  const act = useAct();
  const [isAsking, setAsking] = useState(false);
  const { username, display_name: name, relation } = relative;
  const keepsAll = withheld.some((kept) => kept.incident == null);
  const submit = (which: string | null, reason: string) => {
    if (username == null) return;
    void act.run(withhold(resident.id, { username, incident: which, reason }), () => { setAsking(false); onChanged(); });
  };
  const end = () => {
    if (username == null) return;
    ask(t("manage.family.ask_end", { name }), t("manage.family.ask_end_what", { name, relation, resident: resident.name }), t("manage.family.end"), () =>
      act.run(endSight(resident.id, username), onChanged),
    );
  };
  return (
    <li className="relative">
      <p className="relative-line">
        <span>
          <strong>{name}</strong> {relation} {relative.own && <em className="badge">{t("manage.family.own")}</em>}{" "}
          {username != null && <code className="muted">{username}</code>}
        </span>
        <small className="muted">{t("manage.family.since", { time: timeText(relative.since, serverClock.nowMs()) })}</small>
      </p>
      {withheld.map((kept) => <WithheldLine key={kept.id} kept={kept} name={name} incident={incident} onChanged={onChanged} />)}
      {username != null && !isAsking && (
        <p className="row-acts">
          {mayWithhold(me?.role) && !keepsAll && (
            <button type="button" className="button small" aria-label={`${t("manage.family.withhold")}: ${name}`} onClick={() => setAsking(true)}>{t("manage.family.withhold")}</button>
          )}
          {mayEnd && (
            <button type="button" className="button small" aria-label={`${t("manage.family.end")}: ${name}`} disabled={act.busy} onClick={end}>{t("manage.family.end")}</button>
          )}
        </p>
      )}
      {isAsking && <WithholdForm name={name} incident={incident} busy={act.busy} onSubmit={submit} onCancel={() => setAsking(false)} />}
      <Outcome news={act.news} />
    </li>
  );
}
