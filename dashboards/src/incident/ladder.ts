/** What is wrong with the text of a ladder, line by line. Pure. */
import type { LadderProblem } from "../api/types";

const LINE = /^line (\d+): ([\s\S]*)$/;

/** `line 5: …; line 7: …`, as the server refuses a text. What names no line stands at line 0. */
export function problemsIn(detail: string): LadderProblem[] {
  return detail.split(/; (?=line \d+: )/).map((part) => {
    const [, line, what] = LINE.exec(part) ?? [];
    return line === undefined || what === undefined ? { line: 0, what: part } : { line: Number(line), what };
  });
}

/** Several things may be wrong with one line. */
export function byLine(problems: readonly LadderProblem[]): Map<number, string> {
  const found = new Map<number, string>();
  for (const { line, what } of problems) found.set(line, found.has(line) ? `${found.get(line)}; ${what}` : what);
  return found;
}

/** Where a line begins and ends in the text, so that it can be shown. */
export function lineRange(text: string, line: number): [number, number] {
  const lines = text.split("\n");
  const start = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  return [start, start + (lines[line - 1]?.length ?? 0)];
}
