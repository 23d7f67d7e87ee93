/** What this operator can do to the incident now, and how the last attempt ended. */
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { resolve } from "../../src/api/dispatch";
import type { Incident } from "../../src/api/types";
import { nextStep } from "../../src/incident/plan";
import { ageSeconds, agoWords } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { act, claimIncident } from "../commands/act";
import { isAtDesk, isHolder, mayClaim, mayDirect, mayTakeOver } from "../commands/rights";
import { DispatchDialog } from "../dispatch/DispatchDialog";
import { LoudNeeds } from "../dispatch/TaskNeeds";
import { type Dialog, isAboutIncident, showDialog, useDesk, useMe } from "../state/deskStore";
import { AnswerWanted } from "./AnswerWanted";
import { CloseDialog } from "./CloseDialog";
import { HandoverDialog } from "./HandoverDialog";
import { IdentifyDialog } from "./IdentifyDialog";
import { MergeDialog } from "./MergeDialog";
import { MoreMenu } from "./MoreMenu";
import { NoteDialog } from "./NoteDialog";
import { ReleaseDialog } from "./ReleaseDialog";
import { SplitDialog } from "./SplitDialog";
import { TakeOverButton } from "./TakeOverButton";
import { TransferDialog } from "./TransferDialog";

export function Actions({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const me = useMe();
  const isClaiming = useDesk((desk) => desk.claiming.has(incident.id));
  const isMine = isHolder(incident, me);
  const isOpen = incident.state !== "closed";
  const isDirector = mayDirect(incident, me);
  useDialogsLeft(isOpen);
  if (incident.unsaved && isOpen) return <p className="notice bad" role="alert">{t("incident.unsaved")}</p>;
  return (
    <div className="actions">
      {isOpen && (
        <div className="action-row">
          {(mayClaim(incident, me) || isClaiming) && <ClaimButton incident={incident} isClaiming={isClaiming} />}
          <HolderWords incident={incident} isMine={isMine} />
          {mayTakeOver(incident, me) && !isClaiming && <TakeOverButton incident={incident} />}
          <span className="action-rest">
            {isDirector && <Opener dialog="dispatch" className={nextStep(incident) === null && incident.state !== "resolved" ? "button primary" : "button"} shortcut="D">{t("dispatch.button")}</Opener>}
            {isDirector && <Opener dialog="handover">{t("handover.button")}</Opener>}
            {isAtDesk(me) && <Opener dialog="note">{t("incident.note")}</Opener>}
            {isDirector && incident.state !== "resolved" && <ResolveButton incident={incident} />}
            {isDirector && <Opener dialog="close" className={incident.state === "resolved" ? "button primary" : "button"}>{t("incident.close")}</Opener>}
            {isDirector && <MoreMenu incident={incident} />}
          </span>
        </div>
      )}
      <AnswerWanted incident={incident} isMine={isMine} isDirector={isDirector} />
      <LoudNeeds incident={incident} isDirector={isDirector} />
      <News incident={incident} />
      {isOpen && <Dialogs incident={incident} />}
    </div>
  );
}

/** A case that somebody else has closed takes its dialogs with it, or the keys would stay with one that is not there. */
function useDialogsLeft(isOpen: boolean): void {
  useEffect(() => {
    if (!isOpen && isAboutIncident(useDesk.getState().dialog)) showDialog(null);
  }, [isOpen]);
}

function Dialogs({ incident }: { incident: Incident }) {
  const dialog = useDesk((desk) => desk.dialog);
  switch (dialog) {
    case "note":
      return <NoteDialog incident={incident} />;
    case "release":
      return <ReleaseDialog incident={incident} />;
    case "close":
      return <CloseDialog incident={incident} />;
    case "dispatch":
      return <DispatchDialog incident={incident} />;
    case "handover":
      return <HandoverDialog incident={incident} />;
    case "transfer":
      return <TransferDialog incident={incident} />;
    case "identify":
      return <IdentifyDialog incident={incident} />;
    case "merge":
      return <MergeDialog incident={incident} />;
    case "split":
      return <SplitDialog incident={incident} />;
    default:
      return null;
  }
}

interface OpenerProps {
  dialog: Dialog;
  className?: string;
  shortcut?: string;
  children: ReactNode;
}

function Opener({ dialog, className = "button", shortcut, children }: OpenerProps) {
  return (
    <button type="button" className={className} aria-haspopup="dialog" aria-keyshortcuts={shortcut} onClick={() => showDialog(dialog)}>
      {children} {shortcut && <kbd aria-hidden="true">{shortcut}</kbd>}
    </button>
  );
}

function ResolveButton({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const submit = () => act(incident, "resolve", (key) => resolve(incident, key), t("resolve.done"));
  return <button type="button" className="button" onClick={() => void submit()}>{t("resolve.button")}</button>;
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
    <strong className={isMine ? "holder mine" : incident.holder_lost ? "holder lost" : "holder"} data-testid="holder">
      {incident.holder_lost ? t("lost.holder", { name: holder.username }) : isMine ? t("incident.mine") : t("incident.held", { name: holder.username })} <small>{since}</small>
    </strong>
  );
}

function News({ incident }: { incident: Incident }) {
  const news = useDesk((desk) => desk.news);
  const isNews = news?.incident === incident.id && (news.tone === "bad" || news.version >= incident.version);
  const words = isNews ? news : null;
  return (
    <p className={words ? `notice ${words.tone}` : "empty"} role="status" data-testid="news">{words?.words ?? ""}</p>
  );
}
