/** Who else of the family can see, as far as relatives tell each other. Asked for when it is opened: it goes on record. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { readRelatives } from "../../src/api/family";
import type { Named } from "../../src/api/types";
import { timeText } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";

export function Viewers({ person }: { person: Named }) {
  const { t } = useTranslation();
  const now = useNow();
  const [isOpen, setIsOpen] = useState(false);
  const found = useQuery({ queryKey: ["viewers", person.id], enabled: isOpen, queryFn: () => readRelatives(person.id) });
  return (
    <details className="viewers" data-testid="family" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>{t("viewers.title")}</summary>
      {found.isLoading && <p role="status" className="muted">{t("viewers.loading")}</p>}
      {found.isError && <p role="alert">{t("viewers.failed")} <button type="button" className="button" onClick={() => void found.refetch()}>{t("viewers.retry")}</button></p>}
      <ul>
        {found.data?.relatives.map(({ display_name, relation, own, since }) => (
          <li key={`${display_name}${since}`}>
            <span>{display_name} {relation}{own && <span className="badge">{t("viewers.you")}</span>}</span> <span className="muted">{t("viewers.since", { time: timeText(since, now) })}</span>
          </li>
        ))}
      </ul>
      {found.data?.relatives.every(({ own }) => own) && <p>{t("viewers.none")}</p>}
      <p className="muted">{t("viewers.explain")}</p>
    </details>
  );
}
