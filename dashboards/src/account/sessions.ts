/** Log-ins that run, by account. Pure. */
import type { OwnSession } from "../api/types";

/** What was told of one account stands in the place of what was told of it among all. */
export const withAccount = (sessions: readonly OwnSession[], username: string, theirs: readonly OwnSession[]): OwnSession[] =>
  [...sessions.filter((session) => session.username !== username), ...theirs];

export interface AccountSessions {
  username: string;
  sessions: OwnSession[];
}

/** Those whose name or address holds the words, in the order of the names; within an account as they came, the newest first. */
export function byAccount(sessions: readonly OwnSession[], words: string): AccountSessions[] {
  const wanted = words.trim().toLowerCase();
  const found = new Map<string, OwnSession[]>();
  for (const session of sessions) {
    if (![session.username, session.source].some((text) => text.toLowerCase().includes(wanted))) continue;
    found.set(session.username, [...(found.get(session.username) ?? []), session]);
  }
  return [...found].map(([username, theirs]) => ({ username, sessions: theirs })).sort((left, right) => left.username.localeCompare(right.username));
}
