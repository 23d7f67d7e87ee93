/** A resident's record as a form: to enter one (`before` is null), or to put right one that is there. */
import { type FormEvent, type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Answered } from "../../src/api/account";
import type { ResidentCard, ResidentRecord } from "../../src/api/types";
import { type Draft, recordOf } from "../../src/resident/draft";
import { faultSaid, type Faults, faultsOf, withoutThose } from "../../src/resident/faults";
import { dateOf } from "../../src/time/format";
import { serverClock } from "../../src/time/useNow";
import { ask } from "../manage/ask";
import { failedWords } from "../manage/useAct";
import { useMe } from "../state/deskStore";
import { ContactsPart } from "./ContactsPart";
import { HomePart } from "./HomePart";
import { PersonPart } from "./PersonPart";
import { SealedPart } from "./SealedPart";

interface FormProps {
  title: string;
  first: Draft;
  before: ResidentCard | null;
  /** Tells the dialog around it whether something was typed. */
  unsaved: RefObject<boolean>;
  onSave(record: ResidentRecord): Promise<Answered<ResidentCard>>;
  onDone(card: ResidentCard): void;
  onCancel(): void;
}

/** What each part of the form is given. */
export interface PartProps {
  draft: Draft;
  before: ResidentCard | null;
  /** What is wrong with a field, in words; nothing where nothing is. */
  fault(field: string): string;
  change(some: Partial<Draft>): void;
}

export function RecordForm({ title, first, before, unsaved, onSave, onDone, onCancel }: FormProps) {
  const { t } = useTranslation();
  const scope = useMe()?.scope ?? null;
  const [begun] = useState(first);
  const [draft, setDraft] = useState(begun);
  const [tries, setTries] = useState(0);
  const [faults, setFaults] = useState<Faults>({});
  const [failure, setFailure] = useState("");
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), []);
  useEffect(() => form.current?.querySelector<HTMLElement>("[data-fault] input, [data-fault] textarea")?.focus(), [tries]);

  useEffect(() => {
    unsaved.current = draft !== begun;
    return () => { unsaved.current = false; };
  }, [unsaved, draft, begun]);

  const told = (found: Faults) => {
    setFaults(found);
    setFailure("");
    setTries((before) => before + 1);
  };
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const found = faultsOf(draft, scope, dateOf(serverClock.nowMs()));
    if (Object.keys(found).length > 0) return told(found);
    setBusy(true);
    const answer = await onSave(recordOf(draft));
    setBusy(false);
    if (answer.kind === "done") return onDone(answer.value);
    const said = answer.kind === "refused" ? faultSaid(answer.code, answer.detail) : null;
    if (said) return told(said);
    setFaults({});
    setFailure(failedWords(answer, t));
  };
  const leave = () => {
    if (draft === begun) return onCancel();
    ask(t("manage.leave.ask"), t("manage.leave.what"), t("manage.leave.do"), async () => onCancel());
  };
  const escape = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    leave();
  };
  const fault = (field: string) => {
    const found = faults[field];
    return found ? t(`manage.residents.fault.${found.kind}`, found.values) : "";
  };
  const change = (some: Partial<Draft>) => {
    setDraft((known) => ({ ...known, ...some }));
    setFaults((known) => withoutThose(known, Object.keys(some)));
  };
  const n = Object.keys(faults).length;
  const wrong = n > 0 ? t("manage.residents.wrong", { n }) : failure;
  const parts: PartProps = { draft, before, fault, change };
  return (
    <form ref={form} className="inline-form record-form" noValidate aria-labelledby="record-form-title" onSubmit={(event) => void submit(event)} onKeyDown={escape}>
      <h3 id="record-form-title" ref={head} tabIndex={-1}>{title}</h3>
      <PersonPart {...parts} />
      <HomePart {...parts} />
      <SealedPart {...parts} />
      <ContactsPart {...parts} />
      <p role="alert" className={wrong ? "notice bad" : "hidden"}>{wrong}</p>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={leave}>{t("common.cancel")}</button>
        <button type="submit" className="button primary" disabled={busy}>{t(before === null ? "manage.residents.save_new" : "manage.residents.save")}</button>
      </div>
    </form>
  );
}
