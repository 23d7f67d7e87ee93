/** How somebody is watched beside their fences, and what was learned of their ways. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { forgetHabits, putPolicy } from "../../src/api/fences";
import type { Policy, PolicyChange } from "../../src/api/types";
import { ask } from "../manage/ask";
import { habitsOf } from "../manage/keys";
import { Outcome } from "../manage/Outcome";
import { useAct } from "../manage/useAct";
import { CompanionsPart } from "./CompanionsPart";
import { refusedWords } from "./words";

const TOLD = ["dementia", "lives_alone", "companion"] as const;
const FOLLOWS = ["zones", "wandering", "habits", "inactivity"] as const;
const SILENT = ["learning", "usual"] as const;
const WORN = ["waist", "pocket", "wrist"] as const;
type Told = Omit<PolicyChange, "expected_version">;

interface FormProps {
  resident: string;
  /** The handset they carry. */
  own: string | null;
  policy: Policy;
  mayChange: boolean;
  onDone(): void;
}

/** Where nobody said anything little is watched; whoever decides begins with what follows from the circumstances. */
function saidOf({ version, dementia, lives_alone, companion, zones, wandering, habits, inactivity, heartbeat_s, worn, companions }: Policy): Told {
  const decided = version === 0 ? { zones: null, wandering: null, habits: null, inactivity: null } : { zones, wandering, habits, inactivity };
  return { dementia, lives_alone, companion, ...decided, heartbeat_s, worn, companions };
}

export function PolicyForm({ resident, own, policy, mayChange, onDone }: FormProps) {
  const { t } = useTranslation();
  const act = useAct(refusedWords);
  const queries = useQueryClient();
  const [said, setSaid] = useState<Told>(() => saidOf(policy));
  const change = (part: Partial<Told>) => setSaid((before) => ({ ...before, ...part }));
  const save = () => void act.run(putPolicy(resident, { ...said, expected_version: policy.version }), onDone, t("fences.policy.saved"));
  const forgotten = () => {
    // The map may show them.
    void queries.invalidateQueries({ queryKey: habitsOf(resident) });
    onDone();
  };
  const forget = () => ask(t("fences.policy.forget_ask"), t("fences.policy.forget_what"), t("fences.policy.forget"), () => act.run(forgetHabits(resident), forgotten, t("fences.policy.forgotten")));
  // What is looked for and would not be told now.
  const silentWhy = SILENT.find((why) => why === policy.in_force.no_movement);
  const three = (value: boolean | null | undefined) => (value == null ? "" : value ? "yes" : "no");
  return (
    <section aria-labelledby="policy-title" data-testid="policy">
      <h3 id="policy-title">{t("fences.policy.title")}</h3>
      <p className="muted">{t(policy.version === 0 ? "fences.policy.unsaid" : "fences.policy.said")}</p>
      <fieldset className="record-part" disabled={!mayChange}>
        <legend>{t("fences.policy.about")}</legend>
        <div className="policy-grid">
          {TOLD.map((name) => <label key={name} className="check"><input type="checkbox" name={name} checked={said[name] ?? false} onChange={(event) => change({ [name]: event.target.checked })} /> {t(`fences.policy.${name}`)}</label>)}
        </div>
        <div className="record-grid">
          {FOLLOWS.map((name) => (
            <label key={name} className="field">
              <span>{t(`fences.policy.${name}`)}</span>
              <select name={name} value={three(said[name])} onChange={(event) => change({ [name]: event.target.value === "" ? null : event.target.value === "yes" })}>
                <option value="">{t(`fences.policy.follows.${name}`)}</option><option value="yes">{t("fences.policy.yes")}</option><option value="no">{t("fences.policy.no")}</option>
              </select>
              {name === "inactivity" && silentWhy && <span className="muted">{t(`fences.policy.no_movement.${silentWhy}`)}</span>}
            </label>
          ))}
          <label className="field"><span>{t("fences.policy.heartbeat")}</span><input name="heartbeat" inputMode="numeric" value={said.heartbeat_s ?? ""} onChange={(event) => change({ heartbeat_s: event.target.value.trim() === "" ? null : Number(event.target.value) })} /></label>
          <label className="field">
            <span>{t("fences.policy.worn")}</span>
            <select name="worn" value={said.worn ?? ""} onChange={(event) => change({ worn: event.target.value || null })}>
              <option value="">{t("fences.policy.worn_unsaid")}</option>{WORN.map((worn) => <option key={worn} value={worn}>{t(`fences.policy.places.${worn}`)}</option>)}
            </select>
          </label>
        </div>
        {said.companions && <CompanionsPart companions={said.companions} own={own} mayChange={mayChange} onChange={(companions) => change({ companions })} />}
      </fieldset>
      <Outcome news={act.news} />
      {mayChange && (
        <p className="row-acts">
          <button type="button" className="button primary" disabled={act.busy} onClick={save}>{t("fences.policy.save")}</button>
          <button type="button" className="button" disabled={act.busy} onClick={forget}>{t("fences.policy.forget")}</button>
        </p>
      )}
    </section>
  );
}
