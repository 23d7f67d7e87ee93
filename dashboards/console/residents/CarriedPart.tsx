/** Which handsets somebody carried. Each look goes on record, so it is asked when the fold is opened. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { readCarried } from "../../src/api/manage";
import { timeText } from "../../src/time/format";
import { serverClock } from "../../src/time/useNow";
import { carriedOf } from "../manage/keys";
import { ListState } from "../manage/ListState";
import { ONLY_WHEN_ASKED } from "../manage/usePages";

export function CarriedPart({ resident }: { resident: string }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <details data-testid="carried" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("carried.title")}</summary>
      {isOpen && <CarriedList resident={resident} />}
    </details>
  );
}

function CarriedList({ resident }: { resident: string }) {
  const { t } = useTranslation();
  const carried = useQuery({ ...ONLY_WHEN_ASKED, queryKey: carriedOf(resident), queryFn: () => readCarried(resident), staleTime: 0 });
  const items = carried.data ?? [];
  const at = (iso: string) => timeText(iso, serverClock.nowMs());
  return (
    <>
      <ListState of={carried} empty={items.length === 0 && t("carried.never")} />
      <ul className="bindings">
        {items.map(({ handset, kind, from, to }) => (
          <li key={`${from}${handset}`}>
            <span><code>{handset}</code> {kind === "telephone" && <span className="badge">{t("carried.telephone")}</span>}</span>
            <span className="muted">{t(to == null ? "manage.handsets.since" : "manage.handsets.from_to", { from: at(from), to: at(to ?? "") })}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
