/** What was done to somebody's record, and what stays of it and why. It stands in the place of the record. */
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Erased } from "../../src/api/types";
import { saidWords } from "../../src/problem/said";
import { timeText } from "../../src/time/format";
import { serverClock } from "../../src/time/useNow";

export function ErasedWords({ erased, onBack }: { erased: Erased; onBack(): void }) {
  const { t } = useTranslation();
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), []);
  const { resident, at, incidents, stays } = erased;
  return (
    <section aria-labelledby="erased-title" data-testid="erased">
      <h3 id="erased-title" ref={head} tabIndex={-1}>{t("rights.erased", { id: resident, time: timeText(at, serverClock.nowMs()), n: incidents })}</h3>
      <p>{t("rights.stays")}</p>
      <ul className="stays">{stays.map((each) => <li key={each}>{saidWords(each, t) ?? each}</li>)}</ul>
      <p className="row-acts"><button type="button" className="button" onClick={onBack}>{t("manage.residents.back")}</button></p>
    </section>
  );
}
