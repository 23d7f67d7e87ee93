/** Who looked at a resident without an open incident, and why: a supervisor says of each what to think of it. */
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { readLooks, reviewLook } from "../../src/api/manage";
import type { Look, NewReview } from "../../src/api/types";
import { useMe } from "../state/deskStore";
import { Choice } from "../incident/Choice";
import { LOOKS } from "./keys";
import { ListState } from "./ListState";
import { LookRow } from "./LookRow";
import { ManageDialog } from "./ManageDialog";
import { Outcome } from "./Outcome";
import { useAct } from "./useAct";
import { usePages } from "./usePages";

type Shown = "waiting" | "all";

export default function LooksDialog() {
  const { t } = useTranslation();
  const me = useMe();
  const queries = useQueryClient();
  const act = useAct();
  const [state, setState] = useState<Shown>("waiting");
  const list = useRef<HTMLUListElement>(null);
  const { pages, items } = usePages([...LOOKS, state], (cursor) => readLooks(state, cursor));
  // Nobody reviews their own, so to whoever sits here those do not wait.
  const shown = items.filter((look) => state === "all" || look.username !== me?.username);
  const own = items.length - shown.length;
  const review = (look: Look, said: NewReview) =>
    void act.run(reviewLook(look.id, said), () => {
      // The row that was pressed may leave the list, and the focus with it.
      list.current?.focus();
      void queries.invalidateQueries({ queryKey: LOOKS });
    }, t(`manage.looks.done.${said.verdict}`, { username: look.username, resident: look.resident }));
  return (
    <ManageDialog title={t("manage.looks.title")}>
      <p className="muted">{t("manage.looks.explain")}</p>
      <Choice<Shown>
        name="state"
        legend={t("manage.looks.which")}
        value={state}
        onChange={setState}
        options={[{ value: "waiting", label: t("manage.looks.waiting") }, { value: "all", label: t("manage.looks.all") }]}
      />
      <Outcome news={act.news} />
      <ListState of={pages} empty={shown.length === 0 && t(`manage.looks.none_${state}`)} />
      <ul className="looks" ref={list} tabIndex={-1} aria-label={t("manage.looks.title")}>
        {shown.map((look) => <LookRow key={look.id} look={look} busy={act.busy} onReview={(said) => review(look, said)} />)}
      </ul>
      {own > 0 && <p className="muted">{t("manage.looks.own_waiting", { n: own })}</p>}
      {pages.hasNextPage && <button type="button" className="button" disabled={pages.isFetching} onClick={() => void pages.fetchNextPage()}>{t("quarantine.more")}</button>}
    </ManageDialog>
  );
}
