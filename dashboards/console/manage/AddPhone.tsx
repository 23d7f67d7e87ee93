import { useState } from "react";
import { useTranslation } from "react-i18next";
import { bindPhone } from "../../src/api/manage";
import type { Phone } from "../../src/api/types";
import { isPassphrase, isPhoneName } from "../../src/phone/setup";
import { InlineForm } from "./InlineForm";
import { Outcome } from "./Outcome";
import { useAct } from "./useAct";

const KINDS = ["owntracks", "osmand"] as const;

interface AddProps {
  handset: string;
  bound: readonly Phone[];
  /** Sealed: its messages are, with a key that was typed here. */
  onDone(phone: Phone, isSealed: boolean): void;
  onCancel(): void;
}

export function AddPhone({ handset, bound, onDone, onCancel }: AddProps) {
  const { t } = useTranslation();
  const act = useAct();
  const [kind, setKind] = useState<(typeof KINDS)[number]>("owntracks");
  const [user, setUser] = useState(handset);
  const [device, setDevice] = useState("phone");
  const [passphrase, setPassphrase] = useState("");
  const isOwnTracks = kind === "owntracks";
  const isWhole = !isOwnTracks || (isPhoneName(user.trim()) && isPhoneName(device.trim()) && isPassphrase(passphrase));
  const replaces = !isOwnTracks && bound.some((phone) => phone.kind === kind);
  const isSealed = isOwnTracks && passphrase !== "";
  const body = isOwnTracks ? { kind, user: user.trim(), device: device.trim(), ...(isSealed ? { passphrase } : {}) } : { kind };
  return (
    <InlineForm label={t("phones.add")} onSubmit={() => void act.run(bindPhone(handset, body), (phone) => onDone(phone, isSealed))} onCancel={onCancel}>
      <label className="field">
        <span>{t("phones.app")}</span>
        <select name="kind" value={kind} autoFocus onChange={(event) => setKind(event.target.value === "osmand" ? "osmand" : "owntracks")}>
          {KINDS.map((one) => <option key={one} value={one}>{t(`phones.apps.${one}`)}</option>)}
        </select>
      </label>
      {isOwnTracks && (
        <>
          <NameField name="user" label={t("phones.user")} value={user} onChange={setUser} />
          <NameField name="device" label={t("phones.device")} value={device} onChange={setDevice} />
          <label className="field">
            <span>{t("phones.passphrase")} <small className="muted">{t("phones.passphrase_rules")}</small></span>
            <input type="password" name="passphrase" value={passphrase} maxLength={32} autoComplete="new-password" onChange={(event) => setPassphrase(event.target.value)} />
          </label>
        </>
      )}
      {replaces && <p className="notice warn">{t("phones.replaces")}</p>}
      <Outcome news={act.news} />
      <div className="dialog-foot">
        <button type="button" className="button" onClick={onCancel}>{t("common.cancel")}</button>
        <button type="submit" className="button primary" disabled={act.busy || !isWhole}>{t("phones.bind")}</button>
      </div>
    </InlineForm>
  );
}

interface NameProps {
  name: string;
  label: string;
  value: string;
  onChange(text: string): void;
}

function NameField({ name, label, value, onChange }: NameProps) {
  const { t } = useTranslation();
  return (
    <label className="field">
      <span>{label} <small className="muted">{t("phones.name_rules")}</small></span>
      <input
        name={name} value={value} required maxLength={100} autoComplete="off" autoCapitalize="none" spellCheck={false} aria-invalid={!isPhoneName(value.trim())}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}
