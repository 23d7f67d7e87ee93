/** Whether anybody is reached when nobody at a screen takes it; what is missing, and where it is put right. */
import { useTranslation } from "react-i18next";
import type { Reach } from "../../src/reach/reach";
import { spanWords } from "../../src/roster/words";
import { type Dialog, showDialog } from "../state/deskStore";
import { useReach } from "./useReach";

type Page = "roster" | "channels" | "ladder";
const PAGES: readonly Page[] = ["roster", "channels", "ladder"];

interface PanelProps {
  /** Where it stands: that page needs no way to itself. */
  on: Page;
  /** Asks first, where something would be lost by going. */
  onGo?(dialog: Dialog): void;
}

export function ReachPanel({ on, onGo = showDialog }: PanelProps) {
  const { t } = useTranslation();
  const { reach, isFailed } = useReach();
  return (
    <section className="reach" aria-labelledby="reach-title" data-testid="reach">
      <h3 id="reach-title">{t("reach.title")}</h3>
      {isFailed && <p role="alert" className="notice bad">{t("reach.failed")}</p>}
      {!reach && !isFailed && <p role="status" className="muted">{t("reach.loading")}</p>}
      {reach && <Words reach={reach} />}
      <p className="muted">{t(on === "ladder" ? "reach.relation_ladder" : "reach.relation")}</p>
      <p className="row-acts">
        {PAGES.filter((page) => page !== on).map((page) => <button key={page} type="button" className="button small" aria-haspopup="dialog" onClick={() => onGo(page)}>{t(`reach.to_${page}`)}</button>)}
      </p>
    </section>
  );
}

const namesOf = (items: Reach["now"]): string => [...new Set(items.map(({ name }) => name))].join("、");

function Words({ reach }: { reach: Reach }) {
  const { t } = useTranslation();
  const hours = (spans: Reach["empty"]) => spanWords(spans, t).join(t("reach.between"));
  const names = namesOf(reach.now);
  const tried = namesOf(reach.tried);
  const nobody = tried === "" ? t("reach.nobody_now") : t("reach.tried_now", { names: tried });
  return (
    <div role="status">
      {reach.isSound && <p className="notice good">{t("reach.sound")} {names !== "" && t("reach.sound_now", { names })}</p>}
      {!reach.isSound && (
        <div className="notice bad">
          <ul className="reach-wants">
            {!reach.rings && <li>{t("reach.no_channel")}</li>}
            {reach.empty.length > 0 && <li>{t("reach.empty", { hours: hours(reach.empty) })}</li>}
            {reach.uncounted.length > 0 && <li>{t("reach.uncounted", { hours: hours(reach.uncounted) })}</li>}
          </ul>
          <p><strong>{names === "" ? nobody : t("reach.sound_now", { names })}</strong></p>
        </div>
      )}
    </div>
  );
}
