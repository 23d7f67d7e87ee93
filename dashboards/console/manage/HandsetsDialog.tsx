/** Handsets: which there are, who carries them, and what becomes of one that is new, lost or worn out. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { readHandsets } from "../../src/api/manage";
import type { HandsetClaim } from "../../src/api/types";
import { AddHandset } from "./AddHandset";
import { ClaimShown } from "./ClaimShown";
import { HandsetRow } from "./HandsetRow";
import { HANDSETS } from "./keys";
import { ListState } from "./ListState";
import { ManageDialog } from "./ManageDialog";
import { SearchLine } from "./SearchLine";
import { usePages } from "./usePages";

export default function HandsetsDialog({ q: about }: { q: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [q, setQ] = useState(about);
  const [opened, setOpened] = useState<string | null>(about || null);
  const [isAdding, setAdding] = useState(false);
  const [claim, setClaim] = useState<HandsetClaim | null>(null);
  const { pages, items } = usePages([...HANDSETS, q], (cursor) => readHandsets(q, cursor));
  const show = (made: HandsetClaim) => {
    setAdding(false);
    setClaim(made);
    void queries.invalidateQueries({ queryKey: HANDSETS });
  };
  return (
    <ManageDialog title={t("manage.handsets.title")}>
      {!isAdding && !claim && <button type="button" className="button primary" onClick={() => setAdding(true)}>{t("manage.handsets.add")}</button>}
      {isAdding && <AddHandset onDone={show} onCancel={() => setAdding(false)} />}
      {claim && <ClaimShown claim={claim} onDone={() => setClaim(null)} />}
      <SearchLine name="q" label={t("manage.handsets.search")} first={about} onSearch={setQ} />
      <ListState of={pages} empty={items.length === 0 && t("manage.handsets.none")} />
      <ul className="folds" data-testid="handsets">
        {items.map((handset) => (
          <HandsetRow key={handset.id} handset={handset} opened={opened === handset.id} onToggle={() => setOpened(opened === handset.id ? null : handset.id)} />
        ))}
      </ul>
      {pages.hasNextPage && <button type="button" className="button" disabled={pages.isFetching} onClick={() => void pages.fetchNextPage()}>{t("quarantine.more")}</button>}
    </ManageDialog>
  );
}
