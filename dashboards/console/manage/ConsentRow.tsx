import { useState } from "react";
import { useTranslation } from "react-i18next";
import { withdrawConsent } from "../../src/api/family";
import type { Consent, Invitation, InvitationLink, Named, Relative } from "../../src/api/types";
import { lostWith, stands } from "../../src/family/consent";
import { timeText } from "../../src/time/format";
import { serverClock } from "../../src/time/useNow";
import { ask } from "./ask";
import { InvitationShown } from "./InvitationShown";
import { InviteRelative } from "./InviteRelative";
import { Outcome } from "./Outcome";
import { useAct } from "./useAct";

interface RowProps {
  consent: Consent;
  /** Null while it is not known who there is. */
  relatives: readonly Relative[] | null;
  /** Those to this consent that nobody has used yet. */
  invited: readonly Invitation[];
  resident: Named;
  onInvited(): void;
  onWithdrawn(): void;
}

export function ConsentRow({ consent, relatives, invited, resident, onInvited, onWithdrawn }: RowProps) {
  const { t } = useTranslation();
  const act = useAct();
  const [isInviting, setInviting] = useState(false);
  const [link, setLink] = useState<InvitationLink | null>(null);
  const isStanding = stands(consent);
  const at = (iso: string) => timeText(iso, serverClock.nowMs());
  /** A word of a later server is shown as it is. */
  const word = (group: "purposes" | "givers" | "channels" | "shares", name: string) => t(`manage.consents.${group}.${name}`, { defaultValue: name });
  const withdrawName = `${t("manage.consents.withdraw")}: ${consent.giver}, ${at(consent.given_at)}`;
  const show = (made: InvitationLink) => {
    setInviting(false);
    setLink(made);
    onInvited();
  };
  const withdraw = () =>
    ask(t("manage.consents.ask_withdraw", { giver: consent.giver }), <LossWords consent={consent} relatives={relatives} invited={invited} />, t("manage.consents.withdraw"), () =>
      act.run(withdrawConsent(consent.id), () => { setLink(null); onWithdrawn(); }),
    );
  return (
    <li className={isStanding ? "consent" : "consent withdrawn"}>
      <p className="relative-line">
        <span>
          <strong>{word("purposes", consent.purpose)}</strong>{" "}
          {isStanding ? <span className="badge good">{t("manage.consents.stands")}</span> : <span className="badge">{t("manage.consents.withdrawn", { time: at(consent.withdrawn_at ?? "") })}</span>}
        </span>
        <small className="muted">{t("manage.consents.given", { time: at(consent.given_at) })}</small>
      </p>
      <p>{t("manage.consents.by", { giver: consent.giver, as: word("givers", consent.given_by), channel: word("channels", consent.channel) })}</p>
      {consent.purpose === "family" && <p>{t("manage.consents.sees", { what: consent.shares.map((share) => word("shares", share)).join("、") })}</p>}
      <p className="consent-data">{consent.data}</p>
      <small className="muted">{t("manage.consents.recorded", { version: consent.text_version, by: consent.recorded_by, time: at(consent.recorded_at) })}</small>
      {isStanding && !isInviting && !link && (
        <p className="row-acts">
          {consent.purpose === "family" && <button type="button" className="button small primary" onClick={() => setInviting(true)}>{t("manage.invite.relative")}</button>}
          <button type="button" className="button small" disabled={act.busy || relatives === null} aria-label={withdrawName} onClick={withdraw}>{t("manage.consents.withdraw")}</button>
        </p>
      )}
      {isInviting && <InviteRelative consent={consent.id} resident={resident} onDone={show} onCancel={() => setInviting(false)} />}
      {link && <InvitationShown link={link} onDone={() => setLink(null)} />}
      <Outcome news={act.news} />
    </li>
  );
}

/** What ends with a consent, by name. */
function LossWords({ consent, relatives, invited }: Pick<RowProps, "consent" | "relatives" | "invited">) {
  const { t } = useTranslation();
  if (consent.purpose !== "family") return <p>{t("manage.consents.loses_track")}</p>;
  const lost = lostWith(consent, relatives ?? []);
  const names = (those: readonly Relative[]) => those.map((each) => t("manage.consents.named", { name: each.display_name, relation: each.relation })).join("、");
  return (
    <>
      {lost.length > 0 && <p>{t("manage.consents.loses", { names: names(lost) })}</p>}
      {lost.length === 0 && <p>{t("manage.consents.loses_nobody")}</p>}
      {invited.length > 0 && <p>{t("manage.consents.voids", { names: invited.map((each) => each.display_name).join("、") })}</p>}
    </>
  );
}
