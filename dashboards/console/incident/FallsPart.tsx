/** Every report of a fall of somebody, also what was not raised. Read when it is wanted and never by itself: each page is a look. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { readFalls } from "../../src/api/falls";
import type { FallReport } from "../../src/api/types";
import { askedWords, cameLate, likelihoodWords } from "../../src/resident/falls";
import { timeText } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { ListState } from "../manage/ListState";
import { fallsOf } from "../manage/keys";
import { usePages } from "../manage/usePages";
import { incidentAddress } from "../state/route";
import type { TrackOf } from "./useTrack";

export function FallsPart({ of }: { of: TrackOf }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <section className="falls" aria-label={t("falls.title")} data-testid="falls">
      <p className="row-acts"><button type="button" className="button small" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>{t(isOpen ? "falls.hide" : "falls.show")}</button></p>
      {isOpen && <FallList of={of} />}
    </section>
  );
}

function FallList({ of: { resident, reason } }: { of: TrackOf }) {
  const { t } = useTranslation();
  const { pages, items } = usePages(fallsOf(resident, reason), (cursor) => readFalls(resident, reason, cursor));
  return (
    <>
      <ListState of={pages} empty={items.length === 0 && t("falls.none")} />
      {items.length > 0 && <p className="field-hint">{t("falls.explain")}</p>}
      <ul className="fall-list">{items.map((fall) => <FallRow key={fall.id} fall={fall} />)}</ul>
      {pages.hasNextPage && <button type="button" className="button small" disabled={pages.isFetching} onClick={() => void pages.fetchNextPage()}>{t("quarantine.more")}</button>}
    </>
  );
}

function FallRow({ fall }: { fall: FallReport }) {
  const { t } = useTranslation();
  const now = useNow();
  return (
    <li data-raised={fall.raised}>
      <p>
        <time dateTime={fall.at}>{timeText(fall.at, now)}</time> <strong>{likelihoodWords(fall, t)}</strong>{" "}
        <span className={fall.raised ? "badge bad" : "badge"}>{t(fall.raised ? "falls.raised" : "falls.not_raised")}</span>
        {fall.incident != null && <> <a href={incidentAddress(fall.incident)}>{t("falls.to_incident")}</a></>}
      </p>
      {cameLate(fall) && <p className="muted">{t("falls.came_late", { time: timeText(fall.received_at, now) })}</p>}
      {fall.findings.length > 0 && <p>{fall.findings.join(t("falls.between"))}</p>}
      <p className="muted">{askedWords(fall, now, t)}</p>
    </li>
  );
}
