/** The resident's card: what an operator needs in the first ten seconds of a telephone call. */
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../src/api/client";
import type { Incident, ResidentCard } from "../../src/api/types";
import { isMasked } from "../../src/resident/draft";
import { serverClock } from "../../src/time/useNow";
import { Absences } from "../absences/Absences";
import { isAtDesk } from "../commands/rights";
import { FamilySection } from "../manage/FamilySection";
import { mayLookUp, mayWatch } from "../manage/rights";
import { showDialog, useMe } from "../state/deskStore";
import { LastDrill } from "../watch/LastDrill";
import { FallsPart } from "./FallsPart";
import { WatchingLine } from "./WatchingLine";

/** Only an open incident is a reason to look; once it is closed, nothing more is asked for. */
export function useResidentCard(incident: Incident) {
  const id = incident.resident?.id;
  return useQuery({
    queryKey: ["resident", id],
    enabled: id !== undefined && incident.state !== "closed",
    staleTime: 60_000,
    queryFn: async () => {
      const { data } = await api.GET("/api/residents/{id}", { params: { path: { id: id ?? "" } } });
      if (!data) throw new Error("the card could not be read");
      return data;
    },
  });
}

export function ResidentPanel({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const me = useMe();
  const card = useResidentCard(incident);
  const isSeen = incident.state !== "closed" && mayWatch(me?.role);
  return (
    <section className="panel area-card" aria-labelledby="card-title" data-testid="resident-card">
      <div className="card-head">
        <h3 id="card-title">{t("card.title")}</h3>
        <WhoIsIt incident={incident} />
      </div>
      {!incident.resident && <p>{t(incident.handset ? "card.unbound" : "card.unknown")}</p>}
      {incident.resident && incident.state === "closed" && !card.data && <p className="muted">{t("card.closed")}</p>}
      {card.isLoading && <p role="status" className="muted">{t("card.loading")}</p>}
      {card.isError && (
        <p role="alert">{t("card.failed")} <button type="button" className="button" onClick={() => void card.refetch()}>{t("incident.retry")}</button></p>
      )}
      {card.data && <Card card={card.data}>{isSeen && <WatchingLine card={card.data} reason="" />}</Card>}
      {card.data && isSeen && <Absences resident={card.data.id} />}
      {incident.resident && isSeen && mayLookUp(me?.role) && <FallsPart key={incident.resident.id} of={{ resident: incident.resident.id, reason: "" }} />}
      {incident.resident && <FencesButton resident={incident.resident} />}
      {incident.resident && <FamilySection incident={incident} resident={incident.resident} />}
    </section>
  );
}

function FencesButton({ resident }: { resident: NonNullable<Incident["resident"]> }) {
  const { t } = useTranslation();
  const me = useMe();
  if (!mayWatch(me?.role)) return null;
  return <p className="row-acts"><button type="button" className="button small" aria-haspopup="dialog" onClick={() => showDialog({ kind: "fences", resident: { id: resident.id, name: resident.name } })}>{t("fences.menu")}</button></p>;
}

/** The first thing to find out where nobody knows; elsewhere a mistake to be put right. */
function WhoIsIt({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const me = useMe();
  if (!isAtDesk(me) || incident.unsaved || incident.state === "closed") return null;
  const isKnown = incident.resident != null;
  return (
    <button type="button" className={isKnown ? "button small" : "button primary"} aria-haspopup="dialog" onClick={() => showDialog("identify")}>
      {t(isKnown ? "identify.correct" : "identify.button")}
    </button>
  );
}

/** What is known now beside the record stands where it is seen first. */
export function Card({ card, children }: { card: ResidentCard; children?: ReactNode }) {
  const { t } = useTranslation();
  return (
    <>
      <p className="card-line">
        <strong className="card-name">{card.name}</strong> {t(`card.${card.sex}`)} · {card.age != null && t("card.age", { n: card.age })} <small className="muted">{t("card.birth", { date: card.birth_date })}</small>
      </p>
      <p className="tags">
        {card.cognitive_impairment && <span className="badge bad">{t("card.cognitive")}</span>}
        <span className={card.lives_alone ? "badge warn" : "badge"}>{t(card.lives_alone ? "card.lives_alone" : "card.with_others")}</span>
        <span className={card.self_care === "full" ? "badge" : "badge warn"}>{t("card.self_care")}: {t(`card.${card.self_care}`)}</span>
      </p>
      {children}
      <Contacts card={card} />
      <dl className="pairs">
        <dt>{t("card.address")}</dt><dd>{card.address ?? t("card.unknown_value")}</dd>
        {card.division != null && <><dt>{t("card.division")}</dt><dd>{card.division}</dd></>}
        <dt>{t("card.telephone")}</dt><dd>{card.telephone ? <Telephone number={card.telephone} who={card.name} /> : t("card.unknown_value")}</dd>
        <dt>{t("card.conditions")}</dt><dd>{card.conditions.join("、") || t("card.no_conditions")}</dd>
        <dt>{t("card.allergies")}</dt><dd className={card.allergies.length > 0 ? "allergy" : ""}>{card.allergies.join("、") || t("card.no_allergies")}</dd>
        {card.handset && <><dt>{t("card.handset")}</dt><dd>{card.handset}</dd></>}
        <dt>{t("drills.card")}</dt><dd data-testid="last-drill"><LastDrill at={card.last_drill_at ?? null} nowMs={serverClock.nowMs()} /></dd>
      </dl>
    </>
  );
}

function Contacts({ card }: { card: ResidentCard }) {
  const { t } = useTranslation();
  const inOrder = [...card.contacts].sort((left, right) => left.order - right.order);
  return (
    <>
      <h4>{t("card.contacts")}</h4>
      {inOrder.length === 0 ? <p className="muted">{t("card.no_contacts")}</p> : (
        <ol className="contacts">
          {inOrder.map((contact) => (
            <li key={`${contact.order}${contact.telephone}`}>
              <span>{contact.name} <small className="muted">{contact.relation}</small></span> <Telephone number={contact.telephone} who={contact.name} />
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

export function Telephone({ number, who }: { number: string; who: string }) {
  const { t } = useTranslation();
  // What is left of a masked one rings somebody else.
  if (isMasked(number)) return <span className="telephone">{number}</span>;
  return <a className="telephone" href={`tel:${number.replace(/[^+\d]/g, "")}`} aria-label={`${t("card.call")} ${who} ${number}`}>{number}</a>;
}
