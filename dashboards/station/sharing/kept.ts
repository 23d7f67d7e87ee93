/** For which tasks somebody agreed, kept as long as this window is: a page that is loaded again goes on, another one does not. */
import { notSharing, type Sharing } from "../../src/task/sharing";

const KEY = "jujiale.station.sharing";

interface Kept {
  by: string;
  tasks: string[];
  owed: boolean;
}

export function keepSharing(by: string, { tasks, owed }: Sharing): void {
  const kept: Kept = { by, tasks: [...tasks], owed };
  if (tasks.length === 0 && !owed) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, JSON.stringify(kept));
}

/** What somebody else agreed to here is theirs. */
export function keptSharing(by: string): Sharing {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null") as Kept | null;
    return kept?.by === by ? { ...notSharing, tasks: kept.tasks, owed: kept.owed } : notSharing;
  } catch {
    return notSharing;
  }
}
