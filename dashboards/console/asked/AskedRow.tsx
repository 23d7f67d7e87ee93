import { useTranslation } from "react-i18next";
import { type Row, secondsLeft, type Stage, stageOf } from "../../src/incident/asked";
import { ageSeconds, stopwatch, timeText } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";

const LOOKS: Record<Stage, string> = { queued: "badge warn", sent: "badge", answered: "badge good", refused: "badge bad", unheard: "badge bad", unanswered: "badge warn" };

/** One question: what, by whom and when, how far it has come, and what the handset said. */
export function AskedRow({ row: { asked, before } }: { row: Row }) {
  const { t } = useTranslation();
  const now = useNow();
  const stage = stageOf(asked, now);
  const time = timeText(asked.asked_at, now);
  const isUnderWay = stage === "queued" || stage === "sent";
  return (
    <li className={`asked-${stage}`} data-kind={asked.kind} data-stage={stage}>
      <span className="notice-who">
        <strong>{t(`asked.kind.${asked.kind}`, { defaultValue: asked.kind })}</strong> <span className="muted">{asked.by == null ? t("asked.by_platform", { time }) : t("asked.by", { by: asked.by, time })}</span>
      </span>
      <span className={LOOKS[stage]}>{t(`asked.stage.${stage}`)}</span>
      {isUnderWay && <span className="muted">{t("asked.left", { time: stopwatch(secondsLeft(asked, now)) })}</span>}
      {asked.answered_at != null && <span className="muted">{t("asked.took", { n: ageSeconds(asked.asked_at, Date.parse(asked.answered_at)) })}</span>}
      {asked.detail != null && asked.detail !== "" && <p>{t("asked.answer", { words: asked.detail })}</p>}
      {before > 0 && <p className="muted">{t("asked.before", { n: before })}</p>}
    </li>
  );
}
