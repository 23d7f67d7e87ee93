/** What the handset is asked while an incident is open, and how far each question has come. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { askHandset, readAsked } from "../../src/api/asked";
import type { Incident, NewCommand } from "../../src/api/types";
import { isUnderWay, KINDS, type Kind, rowsOf } from "../../src/incident/asked";
import { serverClock } from "../../src/time/useNow";
import { isAtDesk } from "../commands/rights";
import { useResidentCard } from "../incident/ResidentPanel";
import { askedOf } from "../manage/keys";
import { ListState } from "../manage/ListState";
import { Outcome } from "../manage/Outcome";
import { useAct } from "../manage/useAct";
import { ONLY_WHEN_ASKED } from "../manage/usePages";
import { useMe } from "../state/deskStore";
import { AskedRow } from "./AskedRow";
import { WishForm } from "./WishForm";

/** No frame of the live link tells of them. */
const UNDER_WAY_EVERY_MS = 2_000;
const OPEN_EVERY_MS = 15_000;

export function AskedPanel({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const me = useMe();
  const card = useResidentCard(incident);
  const handset = incident.handset ?? card.data?.handset ?? null;
  if (!isAtDesk(me) || incident.unsaved || handset === null) return null;
  return (
    <section className="panel area-asked" aria-labelledby="asked-title" data-testid="asked">
      <div className="notices-head"><h3 id="asked-title">{t("asked.title")}</h3> <span className="muted">{t("asked.to", { handset })}</span></div>
      {incident.state === "closed" ? <p className="muted">{t("asked.closed")}</p> : <Wishes handset={handset} incident={incident} contacts={card.data?.contacts ?? []} />}
      <List incident={incident} />
    </section>
  );
}

interface WishesProps {
  handset: string;
  incident: Incident;
  contacts: readonly { name: string; telephone: string }[];
}

/** Some need no more words than their name. */
const isPlain = (kind: Kind): boolean => kind === "locate" || kind === "ring";

function Wishes({ handset, incident, contacts }: WishesProps) {
  const { t } = useTranslation();
  const act = useAct();
  const asked = useAsked(incident);
  const [opened, setOpened] = useState<Kind | null>(null);
  const send = (command: NewCommand) => {
    const done = () => {
      setOpened(null);
      void asked.refetch();
    };
    void act.run(askHandset(handset, command), done, t("asked.done", { what: t(`asked.kind.${command.kind}`) }));
  };
  return (
    <>
      <p className="row-acts">
        {KINDS.map((kind) => (
          <button
            key={kind} type="button" className={kind === "locate" ? "button primary" : "button"} disabled={act.busy} aria-expanded={isPlain(kind) ? undefined : opened === kind}
            onClick={() => (isPlain(kind) ? send({ kind }) : setOpened(opened === kind ? null : kind))}
          >
            {t(`asked.do.${kind}`)}
          </button>
        ))}
      </p>
      {opened !== null && <WishForm key={opened} kind={opened} contacts={contacts} busy={act.busy} onSend={send} onCancel={() => setOpened(null)} />}
      <Outcome news={act.news} />
      <p className="field-hint">{t("asked.explain")}</p>
    </>
  );
}

function useAsked(incident: Incident) {
  const isOpen = incident.state !== "closed";
  return useQuery({
    ...ONLY_WHEN_ASKED,
    queryKey: askedOf(incident.id),
    queryFn: () => readAsked(incident.id),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.items.some((each) => isUnderWay(each, serverClock.nowMs())) ? UNDER_WAY_EVERY_MS : isOpen && OPEN_EVERY_MS),
  });
}

function List({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const asked = useAsked(incident);
  const rows = asked.data ? rowsOf(asked.data) : [];
  return (
    <>
      <ListState of={asked} empty={rows.length === 0 && t("asked.none")} />
      {rows.length > 0 && <ul className="notices" aria-label={t("asked.list")}>{rows.map((row) => <AskedRow key={row.asked.id} row={row} />)}</ul>}
    </>
  );
}
