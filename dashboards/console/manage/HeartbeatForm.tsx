import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Handset, HandsetUpdate } from "../../src/api/types";
import { InlineForm } from "./InlineForm";

interface HeartbeatProps {
  handset: Handset;
  busy: boolean;
  onSave(body: HandsetUpdate): void;
  onCancel(): void;
}

/** How often a handset is heard: empty as is usual, 0 if nobody is to miss it. */
export function HeartbeatForm({ handset, busy, onSave, onCancel }: HeartbeatProps) {
  const { t } = useTranslation();
  const [seconds, setSeconds] = useState(handset.heartbeat_s == null ? "" : String(handset.heartbeat_s));
  const submit = () => onSave(seconds.trim() === "" ? { usual_heartbeat: true } : { heartbeat_s: Number(seconds) });
  return (
    <InlineForm label={t("manage.handsets.acts.heartbeat")} onSubmit={submit} onCancel={onCancel}>
      <label className="field"><span>{t("manage.handsets.heartbeat")}</span><input name="heartbeat" inputMode="numeric" value={seconds} onChange={(event) => setSeconds(event.target.value)} /></label>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={onCancel}>{t("common.cancel")}</button>
        <button type="submit" className="button primary" disabled={busy || Number.isNaN(Number(seconds))}>{t("manage.handsets.acts.save_heartbeat")}</button>
      </div>
    </InlineForm>
  );
}
