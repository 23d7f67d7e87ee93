/** Finds a resident by name. Nobody chosen means that nobody knows who it is, which is an answer too. */
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../src/api/client";
import type { ResidentListItem } from "../../src/api/types";

/** As many as can be read at a glance; a longer list means: type one more letter. */
const SHOWN = 8;

interface SearchProps {
  chosen: ResidentListItem | null;
  onChoose(resident: ResidentListItem | null): void;
  /** What is said before anything is typed, and when nobody could be looked for. */
  hint?: string;
  failed?: string;
}

export function ResidentSearch({ chosen, onChoose, hint, failed }: SearchProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const q = useDeferredValue(typed.trim());
  const found = useQuery({
    queryKey: ["residents", q],
    enabled: q !== "" && chosen === null,
    queryFn: async () => {
      const { data } = await api.GET("/api/residents", { params: { query: { q, limit: SHOWN } } });
      if (!data) throw new Error("the search failed");
      return data.items;
    },
  });
  if (chosen) {
    return (
      <p className="chosen-resident">
        <strong>{t("call.chosen", { name: chosen.name })}</strong> <small className="muted">{chosen.handset}</small>
        <button type="button" className="button small" onClick={() => onChoose(null)}>{t("call.change")}</button>
      </p>
    );
  }
  return (
    <>
      <label className="field">
        <span>{t("call.search")}</span>
        <input type="search" autoFocus value={typed} onChange={(event) => setTyped(event.target.value)} />
      </label>
      <p role="status" className="muted">{statusWords()}</p>
      <ul className="found">
        {(found.data ?? []).map((resident) => (
          <li key={resident.id}>
            <button type="button" className="button" onClick={() => onChoose(resident)}>{resident.name} <small className="muted">{resident.handset}</small></button>
          </li>
        ))}
      </ul>
    </>
  );

  function statusWords(): string {
    if (q === "") return hint ?? t("call.type_more");
    if (found.isError) return failed ?? t("call.search_failed");
    if (found.isLoading) return t("call.searching");
    return found.data?.length === 0 ? t("call.none_found") : "";
  }
}
