/** Carries out commands and says how they ended. Nothing is shown as done before the server has said so. */
import i18next from "i18next";
import { randomKey } from "../../src/api/client";
import { claim, type Failure, type Outcome } from "../../src/api/commands";
import { type TaskOutcome, transfer } from "../../src/api/dispatch";
import type { Incident } from "../../src/api/types";
import { saidWords } from "../../src/problem/said";
import { ageSeconds, agoWords } from "../../src/time/format";
import { serverClock } from "../../src/time/useNow";
import { currentUser, markSeen, useDesk } from "../state/deskStore";
import { keepIncident, keepTask } from "../state/liveStore";
import { mayClaim, mayTakeOver } from "./rights";

const t = (key: string, values?: Record<string, unknown>): string => i18next.t(key, { ...values });

/** A refusal that has a sentence of its own here; the others are told in the server's words. */
function ownWords(code: string, holder: string): string | null {
  const key = `refused.${code}`;
  const words = t(key, { name: holder });
  return words === key ? null : words;
}

/** The words for an outcome that is not success. */
export function failureWords(outcome: Failure): string {
  const own = outcome.kind === "conflict" ? ownWords(outcome.code, outcome.holder?.username ?? "") : outcome.kind === "refused" ? ownWords(outcome.code, "") : null;
  if (own !== null) return own;
  switch (outcome.kind) {
    case "conflict":
      if (!outcome.holder || outcome.holder.username === currentUser()?.username) return t("conflict.unknown");
      return t("conflict.holder", {
        name: outcome.holder.username,
        age: agoWords(ageSeconds(outcome.holder.since, serverClock.nowMs()), t),
      });
    case "unsaved":
      return t("outcome.unsaved");
    case "unreached":
      return t("outcome.unreached");
    case "refused":
      if (outcome.status === 403) return t("outcome.forbidden");
      return t("outcome.refused", { detail: saidWords(outcome.detail, t) ?? (outcome.detail || outcome.code || outcome.status) });
  }
}

/** After so long without an answer, the same act is a new intention. */
const KEY_LIVES_MS = 60_000;

interface Unanswered {
  key: string;
  sinceMs: number;
}

/**
 * One key for one intention. Pressing again after silence sends the same key, so the server answers with what it did
 * the first time instead of doing it twice; the version on the screen may have moved meanwhile.
 */
const unanswered = new Map<string, Unanswered>();

function keyFor(intention: string): string {
  const before = unanswered.get(intention);
  if (before && performance.now() - before.sinceMs < KEY_LIVES_MS) return before.key;
  const key = randomKey();
  unanswered.set(intention, { key, sinceMs: performance.now() });
  return key;
}

/** Runs a command and tells its end at the incident. Resolves to whether it was done. */
export const act = (incident: Incident, name: string, command: (key: string) => Promise<Outcome>, doneWords: string | null): Promise<boolean> =>
  carryOut(incident, name, command, ({ incident: after }) => (keepIncident(after), after.version), doneWords);

/** The same where the answer is another incident than the one acted upon: its news stays where it was asked for. */
export const actApart = (incident: Incident, name: string, command: (key: string) => Promise<Outcome>, doneWords: string): Promise<boolean> =>
  carryOut(incident, name, command, ({ incident: other }) => (keepIncident(other), incident.version + 1), doneWords);

/** The same for a task that stands in the incident; what becomes of the incident, the link tells. */
export const actOnTask = (incident: Incident, name: string, command: (key: string) => Promise<TaskOutcome>, doneWords: string): Promise<boolean> =>
  carryOut(incident, name, command, ({ task }) => (keepTask(incident.id, task), task.version), doneWords);

async function carryOut<Done extends { kind: "done" }>(
  incident: Incident,
  name: string,
  command: (key: string) => Promise<Done | Failure>,
  /** Gives the incident's version after it. */
  keep: (outcome: Done) => number,
  doneWords: string | null,
): Promise<boolean> {
  const intention = `${name}|${incident.id}`;
  const outcome = await command(keyFor(intention));
  if (outcome.kind !== "unreached") unanswered.delete(intention);
  if (outcome.kind === "done") {
    const version = keep(outcome);
    markSeen(incident.id);
    useDesk.setState({ news: doneWords ? { incident: incident.id, tone: "good", words: doneWords, version } : null });
    return true;
  }
  useDesk.setState({ news: { incident: incident.id, tone: "bad", words: failureWords(outcome), version: incident.version } });
  return false;
}

function markClaiming(id: string, isClaiming: boolean): void {
  useDesk.setState(({ claiming }) => {
    const next = new Set(claiming);
    if (isClaiming) next.add(id);
    else next.delete(id);
    return { claiming: next };
  });
}

/** While it is under way, so that what comes into these hands is not taken for what a colleague gave. */
async function asClaim(incident: Incident, request: () => Promise<boolean>): Promise<boolean> {
  if (useDesk.getState().claiming.has(incident.id)) return false;
  markClaiming(incident.id, true);
  try {
    return await request();
  } finally {
    markClaiming(incident.id, false);
  }
}

export async function claimIncident(incident: Incident): Promise<boolean> {
  if (!mayClaim(incident, currentUser())) return false;
  return asClaim(incident, () => act(incident, "claim", (key) => claim(incident, key), null));
}

/** Somebody else was faster; nothing is sent. */
function lost(incident: Incident): false {
  const words = failureWords({ kind: "conflict", holder: incident.holder ?? null, code: "" });
  useDesk.setState({ news: { incident: incident.id, tone: "bad", words, version: incident.version } });
  return false;
}

/** Out of the hands of the one who was named when it was asked, by a supervisor. */
export async function takeOver(incident: Incident, from: string): Promise<boolean> {
  const me = currentUser();
  if (incident.holder?.username !== from) return lost(incident);
  if (me === null || !mayTakeOver(incident, me)) return false;
  const done = t("transfer.taken", { name: incident.holder?.username });
  return asClaim(incident, () => act(incident, "take_over", (key) => transfer(incident, me.username, key), done));
}
