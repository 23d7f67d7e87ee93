/** Finds residents by words that are sent once, when asked for: each search goes on record. */
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { findResidents } from "../../src/api/residents";
import type { Named } from "../../src/api/types";
import { ListState } from "../manage/ListState";
import { usePages } from "../manage/usePages";

interface SearchProps {
  isShown: boolean;
  onOpen(resident: Named): void;
  /** Where somebody can be entered who is not found. */
  onNew?(): void;
}

export function RecordSearch({ isShown, onOpen, onNew }: SearchProps) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<{ q: string; n: number } | null>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (isShown) field.current?.focus();
  }, [isShown]);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const q = String(new FormData(event.currentTarget).get("q") ?? "").trim();
    setAsked(q === "" ? null : { q, n: (asked?.n ?? 0) + 1 });
  };
  return (
    <>
      <form className="search-line" role="search" onSubmit={submit}>
        <label className="field">
          <span>{t("manage.residents.search")}</span>
          <input ref={field} type="search" name="q" autoComplete="off" />
        </label>
        <button type="submit" className="button primary">{t("audit.search")}</button>
        {onNew && <button type="button" className="button" onClick={onNew}>{t("manage.residents.add")}</button>}
      </form>
      <p className="field-hint">{t("manage.residents.search_hint")}</p>
      {asked && <Found key={asked.n} q={asked.q} n={asked.n} onOpen={onOpen} />}
    </>
  );
}

function Found({ q, n, onOpen }: { q: string; n: number; onOpen(resident: Named): void }) {
  const { t } = useTranslation();
  const { pages, items } = usePages(["records", q, String(n)], (cursor) => findResidents(q, cursor));
  return (
    <>
      <ListState of={pages} empty={items.length === 0 && t("manage.residents.none", { q })} />
      <ul className="folds" data-testid="residents">
        {items.map((resident) => (
          <li key={resident.id} className="fold">
            <button type="button" className="record-entry" onClick={() => onOpen(resident)}>
              <strong>{resident.name}</strong> <code className="muted">{resident.id}</code>
              <span className="badges muted">{resident.handset == null ? t("manage.residents.no_handset") : t("manage.residents.carries", { handset: resident.handset })}</span>
            </button>
          </li>
        ))}
      </ul>
      {pages.hasNextPage && <button type="button" className="button form-end" disabled={pages.isFetching} onClick={() => void pages.fetchNextPage()}>{t("quarantine.more")}</button>}
    </>
  );
}
