/** Who is rung up or written to when nobody at a screen takes an incident: the week, its gaps, and the people. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { putOnRoster, takeOffRoster } from "../../src/api/reach";
import type { RosterEntry, RosterItem } from "../../src/api/types";
import { countedIn } from "../../src/reach/reach";
import { shiftWords } from "../../src/roster/words";
import { CHANNELS, ROSTER } from "../manage/keys";
import { ListState } from "../manage/ListState";
import { ManageDialog } from "../manage/ManageDialog";
import { Outcome } from "../manage/Outcome";
import { failedWords } from "../manage/useAct";
import { ReachPanel } from "./ReachPanel";
import { RosterForm } from "./RosterForm";
import { RosterRow } from "./RosterRow";
import { UndoButton } from "./UndoButton";
import { useChannels, useRoster } from "./useReach";
import { useUndo } from "./useUndo";
import { WeekPicture } from "./WeekPicture";

export default function RosterDialog() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [roster, channels] = [useRoster(), useChannels()];
  const undo = useUndo(() => {
    void queries.invalidateQueries({ queryKey: ROSTER });
    void queries.invalidateQueries({ queryKey: CHANNELS });
  });
  const [form, setForm] = useState<"new" | RosterItem | null>(null);
  const [busy, setBusy] = useState(false);
  const items = roster.data?.items ?? [];
  const counted = countedIn(channels.data ?? []);
  const said = (item: RosterItem) => ({ name: item.name, when: shiftWords(item, t) });

  const takeOff = (item: RosterItem) =>
    undo.begin({ words: t("roster.done.leaving", said(item)), leaving: item.id, then: { send: () => takeOffRoster(item.id), words: t("roster.done.gone", said(item)) } });
  const save = async (entry: RosterEntry, before: RosterItem | null) => {
    setBusy(true);
    const answer = await putOnRoster(entry);
    setBusy(false);
    if (answer.kind !== "done") return undo.fail(failedWords(answer, t));
    setForm(null);
    const back = () => takeOffRoster(answer.value.id);
    // The hours as they were go last, so that nobody is missing in between.
    if (!before) undo.begin({ words: t("roster.done.added", said(answer.value)), back });
    else undo.begin({ words: t("roster.done.changed", said(answer.value)), back, leaving: before.id, then: { send: () => takeOffRoster(before.id), words: t("roster.done.gone", said(before)) } });
  };
  return (
    <ManageDialog title={t("roster.title")} width={1080}>
      <ReachPanel on="roster" />
      <p className="muted">{t("roster.explain")}</p>
      <div className="roster-news">
        {form === null && <button type="button" className="button primary" onClick={() => setForm("new")}>{t("roster.add")}</button>}
        <Outcome news={undo.news} />
        {undo.step && <UndoButton key={undo.step.untilMs} step={undo.step} onUndo={() => void undo.undo()} />}
      </div>
      {form === "new" && <RosterForm item={null} counted={counted} busy={busy} onSubmit={(entry) => void save(entry, null)} onCancel={() => setForm(null)} />}
      <ListState of={roster} empty={items.length === 0 && t("roster.none")} />
      {items.length > 0 && <WeekPicture items={items} counted={counted} />}
      {items.length > 0 && <h3>{t("roster.list")}</h3>}
      <ul className="due" data-testid="roster">
        {items.map((item) => (
          <RosterRow key={item.id} item={item} counts={counted.includes(item.channel)} leaving={undo.step?.leaving === item.id} onEdit={() => setForm(item)} onTakeOff={() => takeOff(item)}>
            {form !== null && form !== "new" && form.id === item.id && <RosterForm item={item} counted={counted} busy={busy} onSubmit={(entry) => void save(entry, item)} onCancel={() => setForm(null)} />}
          </RosterRow>
        ))}
      </ul>
    </ManageDialog>
  );
}
