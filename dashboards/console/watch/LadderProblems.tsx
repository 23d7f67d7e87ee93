import { useTranslation } from "react-i18next";
import type { LadderProblem } from "../../src/api/types";

interface ProblemsProps {
  words: string;
  problems: readonly LadderProblem[];
  /** Of the text that stands in the field: leads to the line. */
  onShow?(line: number): void;
}

export function LadderProblems({ words, problems, onShow }: ProblemsProps) {
  const { t } = useTranslation();
  return (
    <div role="alert" className="notice bad" data-testid="ladder-problems">
      <strong>{words}</strong>
      <ul className="ladder-problems">
        {problems.map(({ line, what }, place) => (
          <li key={`${line} ${place}`}>
            {t(line > 0 ? "ladder.line" : "ladder.general", { n: line, what })}{" "}
            {onShow && line > 0 && <button type="button" className="button small on-bad" onClick={() => onShow(line)}>{t("ladder.goto", { n: line })}</button>}
          </li>
        ))}
      </ul>
    </div>
  );
}
