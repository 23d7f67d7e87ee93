/** What is technical and wakes nobody: a list to be gone through once a day. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { readTechnical } from "../../src/api/desk";
import type { TechnicalItem } from "../../src/api/types";
import { timeText } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { TECHNICAL } from "../manage/keys";
import { ListState } from "../manage/ListState";
import { ManageDialog } from "../manage/ManageDialog";
import { ONLY_WHEN_ASKED } from "../manage/usePages";

/** More handsets of a flood say nothing more. */
const NAMED = 8;

export default function TechnicalDialog() {
  const { t } = useTranslation();
  const list = useQuery({ ...ONLY_WHEN_ASKED, queryKey: TECHNICAL, queryFn: readTechnical, staleTime: 0 });
  const items = list.data?.items ?? [];
  // What is the network's comes first: it explains the rest.
  const inOrder = [...items.filter(({ flood }) => flood), ...items.filter(({ flood }) => !flood)];
  return (
    <ManageDialog title={t("technical.title")}>
      <p className="row-acts"><span className="muted">{t("technical.explain")}</span> <button type="button" className="button small" disabled={list.isFetching} onClick={() => void list.refetch()}>{t("manage.renew")}</button></p>
      {list.data?.incomplete && <p role="alert" className="notice warn">{t("technical.incomplete", { n: items.reduce((sum, { count }) => sum + count, 0), total: list.data.total })}</p>}
      <ListState of={list} empty={items.length === 0 && t("technical.none")} />
      <ul className="due" data-testid="technical">
        {inOrder.map((item) => <Item key={`${item.kind} ${item.handsets.join()} ${item.first_at}`} item={item} />)}
      </ul>
    </ManageDialog>
  );
}

function Item({ item }: { item: TechnicalItem }) {
  const { t } = useTranslation();
  const now = useNow();
  const [first, last] = [timeText(item.first_at, now), timeText(item.last_at, now)];
  const named = item.handsets.slice(0, NAMED);
  return (
    <li className={item.flood ? "due-row is-flood" : "due-row"}>
      <span className="due-who">
        <strong>{t(`kind.${item.kind}`)}</strong>{" "}
        {!item.flood && (item.resident ? item.resident.name : <span className="muted">{t("technical.nobody")}</span>)}{" "}
        <code className="muted">{named.join("、")}</code> {item.handsets_total > named.length && <span className="muted">{t("technical.more", { n: item.handsets_total })}</span>}
      </span>
      {item.flood && <span className="badge bad">{t("technical.flood", { n: item.handsets_total })}</span>}
      <span className="due-acts">
        <span className="muted">{item.count > 1 ? t("technical.span", { first, last }) : t("technical.once", { time: last })}</span>
        <strong>{t("technical.count", { n: item.count })}</strong>
      </span>
    </li>
  );
}
