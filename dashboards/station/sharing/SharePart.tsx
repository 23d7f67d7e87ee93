/** Off unless whoever goes switches it on: the desk may see where they are, while this task lasts. */
import { useTranslation } from "react-i18next";
import type { Task } from "../../src/api/types";
import { mayShare } from "../../src/task/sharing";
import { ageSeconds, agoWords } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { useStation } from "../state/store";
import { obstacle, startSharing, stopSharing } from "./share";

export function SharePart({ task }: { task: Task }) {
  const { t } = useTranslation();
  const session = useStation((station) => station.session);
  const sharing = useStation((station) => station.sharing);
  if (session.kind !== "in" || !mayShare(task, session.me.username)) return null;
  const isOn = sharing.tasks.includes(task.id);
  const trouble = obstacle() ?? sharing.trouble;
  const state = isOn ? (sharing.sentMs === null ? "waiting" : "on") : sharing.owed ? "owed" : null;
  return (
    <div className="share" data-testid="share" data-state={state ?? "off"}>
      <button
        type="button" role="switch" className="button switch share-switch" aria-checked={isOn} aria-describedby={`share-${task.id}`}
        disabled={sharing.asking || obstacle() !== null} onClick={() => (isOn ? stopSharing() : void startSharing(task.id))}
      >
        <span>{t("share.switch")}</span> <span className="switch-track" aria-hidden="true" />
      </button>
      <p id={`share-${task.id}`} className="muted">{t("share.explain")}</p>
      <p className="share-state"><span role="status">{state && t(`share.${state}`)}</span> {state === "on" && sharing.sentMs !== null && <Sent sentMs={sharing.sentMs} />}</p>
      <p role="alert" className={trouble ? "notice bad" : "hidden"}>{trouble && t(`share.trouble.${trouble}`)}</p>
    </div>
  );
}

/** Beside what is read aloud: an age that ticks would be read each second. */
function Sent({ sentMs }: { sentMs: number }) {
  const { t } = useTranslation();
  const now = useNow();
  return <span className="muted">{t("share.sent", { age: agoWords(ageSeconds(new Date(sentMs).toISOString(), now), t) })}</span>;
}
