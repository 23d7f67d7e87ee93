/** Zones out of a file: read, looked through, sent one by one, and told of each that was not taken. */
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { addZone } from "../../src/api/fences";
import { type Candidate, candidatesDrawn, candidatesOf, chosenAtFirst, type Ending, sendEach, tallyOf } from "../../src/fence/collection";
import { type Datum, DATUMS } from "../../src/fence/draft";
import type { Drawn } from "../../src/fence/shapes";
import { Choice } from "../incident/Choice";
import { CandidateRow, type Sent } from "./ImportRow";
import { refusedWords } from "./words";

interface ImportProps {
  /** Names of the zones there are. */
  known: readonly string[];
  /** What the file holds, for the map. */
  onRead(drawn: Drawn[]): void;
  /** Some were taken. */
  onSent(): void;
  onClose(): void;
}

const pause = (ms: number) => new Promise<void>((done) => void window.setTimeout(done, ms));

export function ZoneImport({ known, onRead, onSent, onClose }: ImportProps) {
  const { t } = useTranslation();
  const [fault, setFault] = useState("");
  const [candidates, setCandidates] = useState<Candidate[]>([]);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [datum, setDatum] = useState<Datum>("");
  const [sent, setSent] = useState<ReadonlyMap<number, Sent>>(new Map());
  /** What is being sent, or was sent last. */
  const [run, setRun] = useState<readonly Candidate[] | null>(null);
  const [ending, setEnding] = useState<Ending | null>(null);
  const stopped = useRef(false);
  // Whoever leaves sends no more; what was taken by then is there.
  useEffect(() => () => { stopped.current = true; }, []);
  const isRunning = run !== null && ending === null;

  const read = async (files: FileList | null) => {
    const file = files?.[0];
    if (!file) return;
    const found = candidatesOf(await file.text(), file.name, known);
    const list = typeof found === "string" ? [] : found;
    setFault(typeof found === "string" ? t(`fences.fault.text_${found}`) : "");
    setCandidates(list);
    setChosen(chosenAtFirst(list));
    setSent(new Map());
    setRun(null);
    setEnding(null);
    onRead(candidatesDrawn(list));
  };
  const turn = useCallback((key: number, isChosen: boolean) => setChosen((before) => {
    const after = new Set(before);
    if (isChosen) after.add(key);
    else after.delete(key);
    return after;
  }), []);

  const send = async () => {
    stopped.current = false;
    const those = candidates.filter(({ key, shape }) => chosen.has(key) && shape !== null);
    setRun(those);
    setEnding(null);
    setSent((before) => new Map([...before].filter(([, { kind }]) => kind === "added")));
    const told = (key: number, how: Sent) => setSent((before) => new Map(before).set(key, how));
    const ended = await sendEach(those, {
      post: ({ name, shape, dwell_s }) => addZone({ name, shape: shape as unknown as Record<string, never>, dwell_s, datum }),
      told: ({ key }, answer) => {
        // What is there, or may be, is not sent again with the rest.
        if (answer.kind !== "refused") turn(key, false);
        told(key, answer.kind === "done" ? { kind: "added" } : answer.kind === "unreached" ? { kind: "unsure" } : { kind: "failed", words: refusedWords(answer, t) });
      },
      isStopped: () => stopped.current,
      pause,
    });
    setEnding(ended);
    onSent();
  };
  const hint = candidates.length === 0 ? "" : chosen.size === 0 ? t("zones.file.none_chosen") : datum === "" ? t("zones.file.no_datum") : "";
  return (
    <section className="zone-import" aria-labelledby="import-title" data-testid="zone-import">
      <h3 id="import-title">{t("zones.file.title")}</h3>
      <p className="muted">{t("zones.file.explain")}</p>
      <label className="field"><span>{t("fences.file")}</span><input type="file" name="zones" accept=".json,.geojson,application/geo+json" disabled={isRunning} onChange={(event) => void read(event.target.files)} /></label>
      {fault && <p role="alert" className="notice bad">{fault}</p>}
      {candidates.length > 0 && (
        <>
          <Choice<Datum> name="datum" legend={t("fences.datum")} value={datum} onChange={setDatum} options={DATUMS.filter((value) => value !== "").map((value) => ({ value, label: t(`fences.datums.${value}`) }))} />
          <p role="status">{t("zones.file.found", { n: candidates.length, chosen: chosen.size, faults: candidates.filter((each) => each.fault !== null).length })}</p>
          <ul className="import-list" tabIndex={0} aria-label={t("zones.file.list")}>
            {candidates.map((candidate) => <CandidateRow key={candidate.key} candidate={candidate} isChosen={chosen.has(candidate.key)} isRunning={isRunning} sent={sent.get(candidate.key)} onTurn={turn} />)}
          </ul>
        </>
      )}
      {run !== null && <Progress run={run} sent={sent} ending={ending} />}
      {hint && !isRunning && ending === null && <p className="field-hint">{hint}</p>}
      <div className="dialog-foot">
        <button type="button" className="button" onClick={isRunning ? () => { stopped.current = true; } : onClose}>{t(isRunning ? "zones.file.stop" : ending === null ? "common.cancel" : "zones.file.close")}</button>
        <button type="button" className="button primary" disabled={isRunning || candidates.length === 0 || hint !== ""} onClick={() => void send()}>{t("zones.file.send", { n: chosen.size })}</button>
      </div>
    </section>
  );
}

interface ProgressProps {
  run: readonly Candidate[];
  sent: ReadonlyMap<number, Sent>;
  ending: Ending | null;
}

/** How far it has come; at its end how many were taken, and which were not and why. */
function Progress({ run, sent, ending }: ProgressProps) {
  const { t } = useTranslation();
  const told = run.flatMap(({ key, name }) => {
    const how = sent.get(key);
    return how === undefined ? [] : [{ key, name, how }];
  });
  if (ending === null) {
    const words = t("zones.file.progress", { n: told.length, total: run.length });
    return <p><progress max={run.length} value={told.length} aria-label={words} /> {words}</p>;
  }
  const others = told.filter(({ how }) => how.kind !== "added");
  const { unsure, ...tally } = tallyOf(run.length, told.map(({ how }) => how.kind));
  return (
    <div className={others.length > 0 || tally.left > 0 ? "notice warn" : "notice good"} data-testid="import-summary">
      <p role="status">{t("zones.file.summary", tally)} {unsure > 0 && t("zones.file.summary_unsure", { n: unsure })} {ending !== "done" && t(`zones.file.ending.${ending}`)}</p>
      {others.length > 0 && <ul>{others.map(({ key, name, how }) => <li key={key}><strong>{name}</strong> {how.kind === "failed" ? how.words : t("zones.file.unsure")}</li>)}</ul>}
    </div>
  );
}
