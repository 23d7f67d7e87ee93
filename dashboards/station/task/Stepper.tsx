/** How far it has come, with the times. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Task } from "../../src/api/types";
import { steps, timesOf } from "../../src/task/stages";
import { timeOfDay } from "../../src/time/format";
import { door } from "../door";
import { useStation } from "../state/store";

const SHAPES = { passed: "✓", now: "●", skipped: "✓", ahead: "○" } as const;

export function Stepper({ task }: { task: Task }) {
  const { t } = useTranslation();
  const seen = useStation((station) => station.board.reached[task.id]);
  const isIncomplete = steps(task, seen ?? {}).some((step) => step.is === "skipped");
  // This screen was not there to see it: the incident's own account says when.
  const account = useQuery({
    queryKey: ["times", task.id, task.version],
    enabled: isIncomplete,
    staleTime: Infinity,
    retry: false,
    queryFn: async () => timesOf(task.id, await door().events(task.incident_id)),
  });
  return (
    <ol className="steps" aria-label={t("step.title")} data-testid="steps">
      {steps(task, { ...account.data, ...seen }).map(({ stage, at, is }) => (
        <li key={stage} className={`step step-${is}`} aria-current={is === "now" ? "step" : undefined}>
          <span className="step-mark" aria-hidden="true">{SHAPES[is]}</span>
          <span>{t(`step.${stage}`)}</span>
          <small>{at !== null ? <time dateTime={at}>{timeOfDay(Date.parse(at))}</time> : is === "skipped" ? t("step.skipped") : ""}</small>
        </li>
      ))}
    </ol>
  );
}
