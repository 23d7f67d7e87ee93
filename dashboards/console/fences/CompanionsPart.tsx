/** Whose handsets go along with somebody: by the handset's id, or by who carries it. */
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ResidentListItem } from "../../src/api/types";
import { type CompanionFault, COMPANIONS_AT_MOST, withCompanion } from "../../src/fence/companions";
import { ResidentSearch } from "../call/ResidentSearch";
import { TextField } from "../residents/TextField";

interface PartProps {
  companions: readonly string[];
  /** The handset of the person themselves. */
  own: string | null;
  mayChange: boolean;
  onChange(companions: string[]): void;
}

export function CompanionsPart({ companions, own, mayChange, onChange }: PartProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const [fault, setFault] = useState<CompanionFault | "no_handset" | null>(null);
  const [isSearching, setSearching] = useState(false);
  const [names, setNames] = useState<Record<string, string>>({});
  const add = (handset: string): boolean => {
    const after = withCompanion(companions, handset, own);
    if (typeof after === "string") {
      setFault(after);
      return false;
    }
    setFault(null);
    onChange(after);
    return true;
  };
  const addTyped = () => {
    if (add(typed)) setTyped("");
  };
  const addByEnter = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.nativeEvent.isComposing && event.target instanceof HTMLInputElement) addTyped();
  };
  const choose = (resident: ResidentListItem | null) => {
    setSearching(false);
    if (resident?.handset == null) return setFault("no_handset");
    setNames({ ...names, [resident.handset]: resident.name });
    add(resident.handset);
  };
  const isFull = companions.length >= COMPANIONS_AT_MOST;
  return (
    <div role="group" aria-labelledby="companions-title" data-testid="companions">
      <h4 id="companions-title">{t("companions.title")}</h4>
      <p className="field-hint">{t("companions.explain", { n: COMPANIONS_AT_MOST })}</p>
      {companions.length === 0 ? <p className="muted">{t("companions.none")}</p> : (
        <ul className="chips" aria-labelledby="companions-title">
          {companions.map((handset) => {
            const words = names[handset] === undefined ? handset : `${names[handset]} ${handset}`;
            return <li key={handset}>{words} {mayChange && <button type="button" aria-label={t("companions.remove", { words })} onClick={() => onChange(companions.filter((each) => each !== handset))}>✕</button>}</li>;
          })}
        </ul>
      )}
      {mayChange && !isFull && (
        <div className="tags-line" onKeyDown={addByEnter}>
          <TextField name="companion-handset" label={t("companions.handset")} value={typed} onChange={setTyped} fault={fault === null ? "" : t(`companions.fault.${fault}`)} />
          <button type="button" className="button" disabled={typed.trim() === ""} onClick={addTyped}>{t("companions.add")}</button>
        </div>
      )}
      {mayChange && !isFull && !isSearching && <p className="row-acts"><button type="button" className="button small" onClick={() => setSearching(true)}>{t("companions.by_name")}…</button></p>}
      {mayChange && isSearching && <ResidentSearch chosen={null} onChoose={choose} hint={t("manage.search.hint")} failed={t("manage.search.failed")} />}
    </div>
  );
}
