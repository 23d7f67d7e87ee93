import { useTranslation } from "react-i18next";
import { saidWords } from "../../src/problem/said";

interface StateProps {
  of: { isPending: boolean; isError: boolean; isSuccess: boolean; error: Error | null; refetch(): unknown };
  /** What is said where there is nothing; without it nothing is. */
  empty?: string | false;
}

/** What there is to say about a list in place of its rows. */
export function ListState({ of, empty }: StateProps) {
  const { t } = useTranslation();
  if (of.isPending) return <p role="status" className="muted" aria-busy="true">{t("incident.loading")}</p>;
  if (of.isError) {
    const detail = of.error?.message ?? "";
    const said = saidWords(detail, t) ?? detail;
    return (
      <p role="alert" className="notice bad">
        {t("manage.failed")} {said} <button type="button" className="button small" onClick={() => of.refetch()}>{t("incident.retry")}</button>
      </p>
    );
  }
  return empty ? <p role="status" className="muted">{empty}</p> : null;
}
