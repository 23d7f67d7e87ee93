/** What can be said next, large enough for a thumb on the stairs; and what became of what was said. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Task } from "../../src/api/types";
import type { SentAct } from "../../src/task/board";
import { isCall, needsWords, nextActs, quickWords, type StationAct } from "../../src/task/stages";
import { useStation } from "../state/store";
import { drop, send, sendAgain } from "./act";
import { UndoButton } from "./UndoButton";
import { WordsForm } from "./WordsForm";

export function Acts({ task }: { task: Task }) {
  const { t } = useTranslation();
  const sent = useStation((station) => station.board.acts[task.id]);
  const [asks, setAsks] = useState<{ act: "decline" | "finish" | "fail"; state: Task["state"] } | null>(null);
  const next = nextActs(task.state);
  if (sent && (sent.kind === "asking" || sent.kind === "unreached")) return <Sent task={task} sent={sent} />;
  if (!next) return null;
  const press = (act: StationAct) => (needsWords(act) ? setAsks({ act, state: task.state }) : send(task, act));
  // A question about a stage that has passed is not asked any longer.
  if (asks && asks.state === task.state && !sent) {
    return <WordsForm act={asks.act} onBack={() => setAsks(null)} onSay={(words) => { setAsks(null); send(task, asks.act, words); }} />;
  }
  return (
    <div className="acts">
      {sent && <Sent task={task} sent={sent} />}
      <button type="button" className={`button primary act act-${next.forward}`} onClick={() => press(next.forward)}>{t(`act.${next.forward}`)}</button>
      <button type="button" className="button act act-out" onClick={() => press(next.out)}>{t(`act.${next.out}`)}</button>
      <UndoButton task={task} />
      <QuickWords task={task} />
    </div>
  );
}

/** From the way or from the door, in one tap each: there may be no hand free for more. */
function QuickWords({ task }: { task: Task }) {
  const { t } = useTranslation();
  const words = quickWords(task.state);
  if (words.length === 0) return null;
  return (
    <div className="quick" role="group" aria-label={t("quick.title")}>
      <p className="quick-title">{t("quick.title")}</p>
      {task.said != null && <p className={isCall(task.said) ? "quick-said" : "quick-said is-well"} role="status" data-testid="said">✓ {t("quick.said", { what: t(`quick.${task.said}`, { context: task.state }) })}</p>}
      {words.map((act) => <button key={act} type="button" className={`button act quick-${act}`} onClick={() => send(task, act)}>{t(`act.${act}`, { context: task.state })}</button>)}
    </div>
  );
}

export function Sent({ task: { id, state }, sent }: { task: Pick<Task, "id" | "state">; sent: SentAct }) {
  const { t } = useTranslation();
  const words = t(`sent.${sent.kind}`, { act: t(`act.${sent.act}`, { context: state }), detail: sent.detail });
  if (sent.kind === "asking") return <p className="sent asking" role="status" data-testid="sent"><span className="spinner" aria-hidden="true">◌</span> {words}</p>;
  return (
    <div className="sent bad" data-testid="sent">
      <p role="alert">{words}</p>
      <p className="sent-acts">
        {sent.kind !== "moved" && <button type="button" className="button primary act" onClick={() => sendAgain(id)}>{t("sent.again")}</button>}
        <button type="button" className="button act" onClick={() => drop(id)}>{t(sent.kind === "unreached" ? "sent.give_up" : "sent.drop")}</button>
      </p>
    </div>
  );
}
