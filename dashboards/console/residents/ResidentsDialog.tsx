/**
 * Residents' records: found, opened for a reason, entered and put right.
 *
 * The search stays where it is while a record is opened: going back to it is no new look at anybody.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Named, ResidentCard } from "../../src/api/types";
import { ManageDialog } from "../manage/ManageDialog";
import { NewRecord } from "./NewRecord";
import { OpenRecord } from "./OpenRecord";
import { ReasonForm } from "./ReasonForm";
import { RecordSearch } from "./RecordSearch";

type View =
  | { kind: "search" }
  | { kind: "new" }
  | { kind: "asking"; resident: Named }
  /** Who was just entered was not looked at for a reason. */
  | { kind: "opened"; card: ResidentCard; reason: string | null };

export default function ResidentsDialog() {
  const { t } = useTranslation();
  const [view, setView] = useState<View>({ kind: "search" });
  const [turn, setTurn] = useState(0);
  const unsaved = useRef(false);
  const queries = useQueryClient();
  // What was found names somebody who is forgotten now.
  const dropFound = () => {
    setTurn(turn + 1);
    queries.removeQueries({ queryKey: ["records"] });
  };
  const back = () => setView({ kind: "search" });
  return (
    <ManageDialog title={t("manage.residents.title")} unsaved={unsaved}>
      <div hidden={view.kind !== "search"}>
        <RecordSearch key={turn} isShown={view.kind === "search"} onOpen={(resident) => setView({ kind: "asking", resident })} onNew={() => setView({ kind: "new" })} />
      </div>
      {view.kind === "asking" && <ReasonForm resident={view.resident} onOpened={(card, reason) => setView({ kind: "opened", card, reason })} onCancel={back} />}
      {view.kind === "new" && <NewRecord unsaved={unsaved} onDone={(card) => setView({ kind: "opened", card, reason: null })} onCancel={back} />}
      {view.kind === "opened" && <OpenRecord key={view.card.id} card={view.card} reason={view.reason} unsaved={unsaved} onBack={back} onNew={() => setView({ kind: "new" })} onErased={dropFound} />}
    </ManageDialog>
  );
}
