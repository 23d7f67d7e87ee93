/**
 * Which stations go: the recommended one is ticked when it opens, so that D and Enter send it. Whoever looks longer sees
 * distance, load and what speaks against each.
 */
import { useQuery } from "@tanstack/react-query";
import { Modal } from "antd";
import { type FormEvent, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { dispatch, readCandidates } from "../../src/api/dispatch";
import type { Candidate, Candidates, Incident } from "../../src/api/types";
import { distanceWords } from "../../src/geo/words";
import { idOf, onlineState, preselected, toBeRung } from "../../src/incident/candidates";
import { skillWords } from "../../src/station/hours";
import { act } from "../commands/act";
import { useCommand } from "../commands/useCommand";
import { CommandDialogFooter } from "../incident/CommandDialogFooter";
import { ListState } from "../manage/ListState";
import { ONLY_WHEN_ASKED } from "../manage/usePages";
import { showDialog } from "../state/deskStore";
import { CandidateRow } from "./CandidateRow";
import { StationTelephone } from "./StationTelephone";

/** Asked anew each time the dialog opens, and when a station's task moves meanwhile. */
function useCandidates(incident: Incident) {
  const moves = incident.tasks.map((task) => `${task.id}${task.version}`).join("|");
  return useQuery({
    ...ONLY_WHEN_ASKED,
    queryKey: ["candidates", incident.id, moves],
    queryFn: () => readCandidates(incident.id),
    staleTime: 0,
    gcTime: 0,
    placeholderData: (before) => before,
  });
}

export function DispatchDialog({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const form = useId();
  const list = useRef<HTMLFieldSetElement>(null);
  const found = useCandidates(incident);
  const items = found.data?.items ?? [];
  const [ticked, setTicked] = useState<ReadonlySet<string> | null>(null);
  const [note, setNote] = useState("");
  const { busy, run } = useCommand();
  const chosen = ticked ?? new Set(preselected(items));
  const going = items.filter((each) => chosen.has(idOf(each)));
  const isThere = items.length > 0;
  useEffect(() => {
    if (!isThere) return;
    const boxes = [...(list.current?.querySelectorAll<HTMLInputElement>("input:not(:disabled)") ?? [])];
    (boxes.find((box) => box.checked) ?? boxes[0])?.focus();
  }, [isThere]);

  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setTicked(next);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (going.length === 0) return;
    const ids = going.map(idOf);
    const words = note.trim();
    const names = going.map((each) => each.station.name).join("、");
    void run(() => act(incident, `dispatch|${ids.join()}|${words}`, (key) => dispatch(incident, ids, words, key), t("dispatch.done", { names })));
  };
  const hint = !isThere ? "" : going.length === 0 ? t("dispatch.choose") : t("dispatch.keys");
  return (
    <Modal open width={680} title={t("dispatch.title")} onCancel={() => showDialog(null)} footer={
      <CommandDialogFooter
        incident={incident} form={form} busy={busy} canSubmit={going.length > 0} hint={hint}
        submitWords={going.length > 1 ? t("dispatch.submit_many", { n: going.length }) : t("dispatch.submit")}
      />
    }>
      <form id={form} onSubmit={submit}>
        <ListState of={found} empty={items.length === 0 && t("dispatch.none")} />
        {found.data && isThere && (
          <>
            {!items.some((each) => each.recommended) && <p className="notice warn" role="status">{t("dispatch.none_recommended")}</p>}
            <fieldset className="candidates" ref={list}>
              <legend>{t("dispatch.list")}</legend>
              <CountedFrom found={found.data} />
              {items.map((each) => <CandidateRow key={idOf(each)} candidate={each} isChosen={chosen.has(idOf(each))} onToggle={() => toggle(idOf(each))} />)}
            </fieldset>
            <div role="status">
              {toBeRung(items, chosen).map((each) => <RingFirst key={idOf(each)} candidate={each} />)}
            </div>
            <label className="field">
              <span>{t("dispatch.note")}</span>
              <input name="note" value={note} maxLength={1000} autoComplete="off" placeholder={t("dispatch.note_hint")} onChange={(event) => setNote(event.target.value)} />
            </label>
          </>
        )}
      </form>
    </Modal>
  );
}

/** From where the distances are counted and how far off that is, and what helps with what happened. */
function CountedFrom({ found }: { found: Candidates }) {
  const { t } = useTranslation();
  const { from, accuracy_m: accuracy, wanted } = found;
  return (
    <>
      <p className="muted field-hint">{t(`dispatch.from.${from}`)}{accuracy != null && t("dispatch.off", { distance: distanceWords(accuracy, t) })}</p>
      {wanted.length > 0 && <p className="muted field-hint">{t("dispatch.wanted", { skills: skillWords(wanted, t) })}</p>}
    </>
  );
}

function RingFirst({ candidate }: { candidate: Candidate }) {
  const { t } = useTranslation();
  const { name } = candidate.station;
  return <p className="notice warn ring">{t(onlineState(candidate.online) === "unknown" ? "dispatch.ring_unknown" : "dispatch.ring", { name })} <StationTelephone station={name} number={candidate.telephone} /></p>;
}
