/** What this operator can do to the incident now, and how the last attempt ended. */
import { useTranslation } from "react-i18next";
import { note } from "../../src/api/commands";
import type { Incident } from "../../src/api/types";
import { canBeClaimed } from "../../src/incident/queue";
import { ageSeconds, agoWords, stopwatch } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { act, claimIncident } from "../commands/act";
import { showDialog, useDesk, useMe } from "../state/deskStore";
import { CloseDialog } from "./CloseDialog";
import { NoteDialog } from "./NoteDialog";
import { ReleaseDialog } from "./ReleaseDialog";

export function Actions({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const me = useMe();
  const isClaiming = useDesk((desk) => desk.claiming.has(incident.id));
  const dialog = useDesk((desk) => desk.dialog);
  const isMine = incident.holder?.username === me?.username && incident.holder != null;
  const isOpen = incident.state !== "closed";
  const mayRelease = isMine || (incident.holder != null && me?.role === "supervisor");
  if (incident.unsaved && isOpen) return <p className="notice bad" role="alert">{t("incident.unsaved")}</p>;
  return (
    <div className="actions">
      {isOpen && (
        <div className="action-row">
          {(canBeClaimed(incident) || isClaiming) && <ClaimButton incident={incident} isClaiming={isClaiming} />}
          <HolderWords incident={incident} isMine={isMine} />
          <span className="action-rest">
            <button type="button" className="button" onClick={() => showDialog("note")}>{t("incident.note")}</button>
            {mayRelease && <button type="button" className="button" onClick={() => showDialog("release")}>{t("incident.release")}</button>}
            {isMine && <button type="button" className="button primary" onClick={() => showDialog("close")}>{t("incident.close")}</button>}
          </span>
        </div>
      )}
      <AnswerWanted incident={incident} isMine={isMine} />
      <News incident={incident} />
      {isOpen && dialog === "note" && <NoteDialog incident={incident} />}
      {isOpen && dialog === "release" && <ReleaseDialog incident={incident} />}
      {isOpen && dialog === "close" && <CloseDialog incident={incident} />}
    </div>
  );
}

function ClaimButton({ incident, isClaiming }: { incident: Incident; isClaiming: boolean }) {
  const { t } = useTranslation();
  const words = isClaiming ? "incident.claiming" : incident.state === "raised" ? "incident.claim" : "incident.take_over";
  return (
    <button type="button" className="button claim" aria-keyshortcuts="C" aria-busy={isClaiming} disabled={isClaiming} onClick={() => void claimIncident(incident)}>
      {t(words)} {!isClaiming && <kbd aria-hidden="true">C</kbd>}
    </button>
  );
}

function HolderWords({ incident, isMine }: { incident: Incident; isMine: boolean }) {
  const { t } = useTranslation();
  const now = useNow();
  const { holder } = incident;
  if (!holder) return null;
  const since = agoWords(ageSeconds(holder.since, now), t);
  return (
    <strong className={isMine ? "holder mine" : "holder"} data-testid="holder">
      {isMine ? t("incident.mine") : t("incident.held", { name: holder.username })} <small>{since}</small>
    </strong>
  );
}

/** A press that joined a claimed incident waits for its holder; one tap says what most often happened. */
function AnswerWanted({ incident, isMine }: { incident: Incident; isMine: boolean }) {
  const { t } = useTranslation();
  const now = useNow();
  if (incident.state !== "claimed") return null;
  const isOverdue = incident.attention === "everyone";
  if (!isOverdue && !incident.answer_by) return null;
  const left = incident.answer_by ? Math.ceil((Date.parse(incident.answer_by) - now) / 1000) : 0;
  const words = isOverdue ? t("incident.answer_overdue") : left > 0 ? t("incident.answer_by", { time: stopwatch(left) }) : t("incident.answer_over");
  const spoke = () => act(incident, "spoke", (key) => note(incident, t("incident.spoke"), "resident", key), t("outcome.noted"));
  return (
    <div className="notice bad answer" role="alert">
      <span>{words}</span>
      {isMine && <button type="button" className="button on-bad" onClick={() => void spoke()}>{t("incident.spoke")}</button>}
      {isMine && <button type="button" className="button on-bad" onClick={() => showDialog("note")}>{t("incident.note")}</button>}
    </div>
  );
}

function News({ incident }: { incident: Incident }) {
  const news = useDesk((desk) => desk.news);
  const words = news?.incident === incident.id ? news : null;
  return (
    <p className={words ? `notice ${words.tone}` : "empty"} role="status" data-testid="news">{words?.words ?? ""}</p>
  );
}
