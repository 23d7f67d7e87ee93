/** What the system could not understand, for those who may see it: without its digits, until they say what they need them for. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Modal } from "antd";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../src/api/client";
import { timeText } from "../../src/time/format";
import { serverClock } from "../../src/time/useNow";
import { showDialog } from "../state/deskStore";

const PAGE_ROWS = 50;

export default function QuarantineDialog() {
  const { t } = useTranslation();
  const [words, setWords] = useState("");
  const [reason, setReason] = useState<string>();
  const say = (event: FormEvent) => {
    event.preventDefault();
    if (words.trim() !== "") setReason(words.trim());
  };
  const pages = useInfiniteQuery({
    queryKey: ["quarantine", reason],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam: cursor }) => {
      const { data } = await api.GET("/api/quarantine", { params: { query: { limit: PAGE_ROWS, cursor, reason } } });
      if (!data) throw new Error("the quarantine could not be read");
      return data;
    },
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Modal open width={900} title={t("quarantine.title")} footer={null} onCancel={() => showDialog(null)}>
      <p className="muted">{t("quarantine.explain")}</p>
      {reason === undefined && (
        <form className="inline-form" aria-label={t("quarantine.whole")} onSubmit={say}>
          <label className="field">
            <span>{t("quarantine.why")}</span>
            <input name="reason" value={words} maxLength={500} onChange={(event) => setWords(event.target.value)} />
          </label>
          <button type="submit" className="button" disabled={words.trim() === ""}>{t("quarantine.whole")}</button>
        </form>
      )}
      {pages.isError && <p role="alert" className="notice bad">{t("quarantine.failed")}</p>}
      {pages.isSuccess && items.length === 0 && <p>{t("quarantine.empty")}</p>}
      <ul className="quarantine">
        {items.map((item) => (
          <li key={item.id}>
            <p><strong>{item.reason}</strong> · {timeText(item.received_at, serverClock.nowMs())} · <code>{item.topic}</code> · {item.size} {t("quarantine.size")}</p>
            <pre tabIndex={0} aria-label={t("quarantine.payload")}>{item.payload_text}</pre>
          </li>
        ))}
      </ul>
      {pages.hasNextPage && <button type="button" className="button" onClick={() => void pages.fetchNextPage()}>{t("quarantine.more")}</button>}
    </Modal>
  );
}
