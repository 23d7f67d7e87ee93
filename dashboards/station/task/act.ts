/** Sends a station's word about a task, and finds out what became of it. */
import i18next from "i18next";
import { randomKey } from "../../src/api/client";
import type { Refused } from "../../src/api/account";
import type { Task } from "../../src/api/types";
import { type SentAct, withAnswer, withSent, withoutAct } from "../../src/task/board";
import type { StationAct } from "../../src/task/stages";
import { door } from "../door";
import { askForAll } from "./all";
import { keepTasks, onBoard, useStation } from "../state/store";

export interface Words {
  reason?: string;
  result?: string;
  note?: string;
}

export function send(task: Task, act: StationAct, words: Words = {}): void {
  if (useStation.getState().board.acts[task.id]?.kind === "asking") return;
  const body = { expected_version: task.version, ...words };
  void perform(task.id, { act, version: task.version, body, key: randomKey(), kind: "asking", detail: "" });
}

/** The same word under the same key: it counts once, however often it arrives. */
export function sendAgain(id: string): void {
  const sent = useStation.getState().board.acts[id];
  if (sent && sent.kind !== "asking") void perform(id, { ...sent, kind: "asking", detail: "" });
}

export const drop = (id: string): void => onBoard((board) => withoutAct(board, id));

/** In the words of this screen where they are known; otherwise in the server's own. */
function why({ status, detail }: Refused): string {
  if (status >= 500) return i18next.t("sent.server");
  return status === 403 ? i18next.t("sent.forbidden") : detail;
}

async function perform(id: string, sent: SentAct): Promise<void> {
  onBoard((board) => withSent(board, id, sent));
  const answer = await door().act(id, sent.act, sent.body, sent.key);
  if (answer.kind === "done") {
    keepTasks([answer.value]);
    onBoard((board) => (board.acts[id]?.key === sent.key ? withoutAct(board, id) : board));
    return;
  }
  if (answer.kind === "unreached") {
    onBoard((board) => withAnswer(board, id, sent.key, "unreached"));
    // It may have arrived though its answer did not.
    await askForAll();
    return;
  }
  if (answer.code === "too_late_to_undo") {
    onBoard((board) => withAnswer(board, id, sent.key, "refused", i18next.t("quick.too_late")));
    return;
  }
  if (answer.status !== 409 && answer.status !== 404) {
    onBoard((board) => withAnswer(board, id, sent.key, "refused", why(answer)));
    return;
  }
  // It has moved, perhaps by this very word: what is there now decides.
  await askForAll();
  onBoard((board) => withAnswer(board, id, sent.key, "moved"));
}
