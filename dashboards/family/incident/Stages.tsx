/** How far it has come, with the times; what was reached and holds no longer is struck through and says so. */
import { useTranslation } from "react-i18next";
import type { Incident, IncidentEvent } from "../../src/api/types";
import { type Step, stepsOf } from "../../src/family/progress";
import { minuteText, type Translate } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";

const SHAPES: Record<Step["is"], string> = { passed: "✓", now: "●", ahead: "○", undone: "↩", skipped: "–" };

function below({ is, at }: Step, now: number, t: Translate): string {
  if (is === "undone") return t("stage.undone");
  if (at !== null) return minuteText(at, now);
  if (is === "skipped") return t("stage.never");
  return is === "passed" ? t("stage.skipped") : "";
}

export function Stages({ incident, events }: { incident: Incident; events: readonly IncidentEvent[] }) {
  const { t } = useTranslation();
  const now = useNow();
  return (
    <ol className="stages" aria-label={t("stage.title")} data-testid="stages">
      {stepsOf(incident, events).map((step) => (
        <li key={step.stage} className={`stage stage-${step.is}`} data-stage={step.stage} data-is={step.is} aria-current={step.is === "now" ? "step" : undefined}>
          <span className="stage-mark" aria-hidden="true">{SHAPES[step.is]}</span>
          <span>{t(`stage.${step.stage}`)}{step.is === "ahead" && <span className="hidden"> {t("stage.ahead")}</span>}</span>
          <small>{below(step, now, t)}</small>
        </li>
      ))}
    </ol>
  );
}
