/**
 * Somebody who has no open incident is looked up: found, opened for a reason, shown with where they are.
 *
 * A neighbour rings and asks, or the police look for somebody; the reason goes on record, and a supervisor reviews it.
 */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Named, ResidentCard } from "../../src/api/types";
import { ManageDialog } from "../manage/ManageDialog";
import { ReasonForm } from "../residents/ReasonForm";
import { RecordSearch } from "../residents/RecordSearch";
import { LookedUp } from "./LookedUp";
import { OpenIncident } from "./OpenIncident";

type View =
  | { kind: "search" }
  | { kind: "asking"; resident: Named }
  | { kind: "opened"; card: ResidentCard; reason: string };

export default function LookUpDialog() {
  const { t } = useTranslation();
  const [view, setView] = useState<View>({ kind: "search" });
  const back = () => setView({ kind: "search" });
  return (
    <ManageDialog title={t("lookup.title")} width={1240}>
      <div hidden={view.kind !== "search"}>
        <RecordSearch isShown={view.kind === "search"} onOpen={(resident) => setView({ kind: "asking", resident })} />
      </div>
      {view.kind === "asking" && (
        <div>
          <OpenIncident resident={view.resident} />
          <ReasonForm resident={view.resident} why="lookup" onOpened={(card, reason) => setView({ kind: "opened", card, reason })} onCancel={back} />
        </div>
      )}
      {view.kind === "opened" && <LookedUp key={view.card.id} card={view.card} reason={view.reason} onBack={back} />}
    </ManageDialog>
  );
}
