/** Severity by shape, word and colour together, so that none of the three is needed alone. */
import { useTranslation } from "react-i18next";
import type { Severity } from "../../src/api/types";

const SHAPES: Record<Severity, string> = { life: "■", urgent: "▲", notice: "◆", technical: "●" };

export function SeverityMark({ severity }: { severity: Severity }) {
  const { t } = useTranslation();
  return (
    <span className={`severity severity-${severity}`}>
      <span aria-hidden="true">{SHAPES[severity]}</span> {t(`severity.${severity}`)}
    </span>
  );
}
