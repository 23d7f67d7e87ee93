/** Looks through the log of who did and looked at what. Each search is itself a row of that log. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../src/api/client";
import type { Audited } from "../../src/api/types";
import { DAYS, FIELDS, type Search, searchOf } from "../../src/audit/search";
import { timeText } from "../../src/time/format";
import { serverClock } from "../../src/time/useNow";

const PAGE_ROWS = 50;

export default function AuditSearch() {
  const { t } = useTranslation();
  const [search, setSearch] = useState<Search>({});
  const pages = useInfiniteQuery({
    queryKey: ["audit", search],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam: cursor }) => {
      const { data, error } = await api.GET("/api/audit", { params: { query: { ...search, limit: PAGE_ROWS, cursor } } });
      if (!data) throw new Error((error as { detail?: string } | undefined)?.detail ?? t("audit.failed"));
      return data;
    },
    getNextPageParam: (page) => page.next ?? undefined,
    retry: false,
    // A look that nobody asked for would stand in the log as one.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <SearchForm onSearch={setSearch} />
      {pages.isPending && <p aria-busy="true">{t("incident.loading")}</p>}
      {pages.isError && <p role="alert" className="notice bad">{t("audit.failed")} {pages.error.message}</p>}
      {pages.isSuccess && items.length === 0 && <p role="status">{t("audit.empty")}</p>}
      {items.length > 0 && <AuditTable items={items} />}
      {pages.hasNextPage && <button type="button" className="button" onClick={() => void pages.fetchNextPage()}>{t("quarantine.more")}</button>}
    </>
  );
}

function SearchForm({ onSearch }: { onSearch: (search: Search) => void }) {
  const { t } = useTranslation();
  const [first, setFirst] = useState("");
  const [isWrong, setWrong] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const search = searchOf(Object.fromEntries([...FIELDS, ...DAYS].map((name) => [name, String(form.get(name) ?? "")])));
    setWrong(search === null);
    if (search !== null) onSearch(search);
  };
  return (
    <form className="audit-form" onSubmit={submit}>
      {FIELDS.map((field) => (
        <label key={field}>
          {t(`audit.${field}`)}
          <input name={field} placeholder={t(`audit.hint.${field}`)} autoComplete="off" />
        </label>
      ))}
      {DAYS.map((day) => (
        <label key={day}>
          {t(`audit.${day}`)}
          <input type="date" name={day} min={day === "to" ? first : undefined} onChange={day === "from" ? (event) => setFirst(event.target.value) : undefined} />
        </label>
      ))}
      <button type="submit" className="button primary">{t("audit.search")}</button>
      <p role="alert" className={isWrong ? "notice bad" : "hidden"}>{isWrong && t("audit.no_day")}</p>
    </form>
  );
}

/** More than a few lines. */
const LONG = 160;

/** A list of two hundred residents is one look: it is there to be opened, and does not push the other rows away. */
function Detail({ words }: { words: string }) {
  if (words.length <= LONG) return words;
  return <details><summary>{words.slice(0, LONG / 2)}…</summary>{words}</details>;
}

function AuditTable({ items }: { items: Audited[] }) {
  const { t } = useTranslation();
  const action = (name: string) => t(`audit.actions.${name}`, { defaultValue: name });
  return (
    <div className="audit-rows" role="region" aria-label={t("audit.title")} tabIndex={0}>
      <table>
        <thead>
          <tr>{(["at", "username", "action", "subject", "detail", "source"] as const).map((head) => <th key={head} scope="col">{t(`audit.${head}`)}</th>)}</tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.id}>
              <td><time dateTime={item.at}>{timeText(item.at, serverClock.nowMs())}</time></td>
              <td>{item.username}</td>
              <td title={item.action}>{action(item.action)}</td>
              <td><code>{item.subject}</code></td>
              <td><Detail words={item.detail} /></td>
              <td>{item.source}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
