/** One fence: whether it is armed, where the resident stands to it, and what can be done about it. */
import { useTranslation } from "react-i18next";
import { endFence } from "../../src/api/fences";
import type { Fence } from "../../src/api/types";
import { useNow } from "../../src/time/useNow";
import { ask } from "../manage/ask";
import { Fold } from "../manage/Fold";
import { Outcome } from "../manage/Outcome";
import { useAct } from "../manage/useAct";
import { standingWords } from "./words";

interface RowProps {
  resident: string;
  fence: Fence;
  mayChange: boolean;
  opened: boolean;
  onToggle(): void;
  onCorrect(): void;
  onDone(): void;
}

export function FenceRow({ resident, fence, mayChange, opened, onToggle, onCorrect, onDone }: RowProps) {
  const { t } = useTranslation();
  const now = useNow();
  const act = useAct();
  const { standing } = fence;
  const isArmed = standing?.armed ?? fence.armed;
  const end = () => ask(t("fences.end_ask", { name: fence.name }), t("fences.end_what"), t("fences.end"), () => act.run(endFence(resident, fence.id), onDone));
  return (
    <Fold name={fence.name} opened={opened} onToggle={onToggle} head={
      <>
        <strong>{fence.name}</strong> <span className="muted">{t(`fences.kinds.${fence.kind}`)}</span>
        <span className="badges">
          {standing?.raised && <span className="badge bad">{t("fences.raised")}</span>}
          <span className={isArmed ? "badge good" : "badge"}>{t(isArmed ? "fences.is_armed" : fence.armed ? "fences.not_now" : "fences.is_unarmed")}</span>
          <span data-testid="standing" data-side={standing?.side ?? "unknown"}>{standingWords(fence, now, t)}</span>
        </span>
      </>
    }>
      <dl className="pairs">
        <dt>{t("fences.schedule")}</dt><dd>{fence.schedule.length === 0 ? t("fences.always") : <ul>{fence.schedule.map((entry, n) => <li key={n}>{hoursWords(entry, t)}</li>)}</ul>}</dd>
        {fence.home_by.length > 0 && <><dt>{t("fences.home_by")}</dt><dd>{fence.home_by.join("、")}</dd></>}
        {fence.dwell_s != null && <><dt>{t("fences.dwell")}</dt><dd>{fence.dwell_s}</dd></>}
      </dl>
      {mayChange && (
        <p className="row-acts">
          <button type="button" className="button" onClick={onCorrect}>{t("fences.correct")}…</button>
          <button type="button" className="button danger" disabled={act.busy} onClick={end}>{t("fences.end")}</button>
        </p>
      )}
      <Outcome news={act.news} />
    </Fold>
  );
}

function hoursWords(entry: unknown, t: (key: string) => string): string {
  const { days = [], date, from, to, armed = true } = entry as { days?: string[]; date?: string; from: string; to: string; armed?: boolean };
  const when = date ?? days.map((day) => t(`fences.days.${day.toLowerCase().slice(0, 3)}`)).join("、");
  return `${when} ${from}–${to}${armed ? "" : ` · ${t("fences.entry_off")}`}`;
}
