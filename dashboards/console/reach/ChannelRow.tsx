import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { testChannel } from "../../src/api/reach";
import type { ChannelState, ChannelTest } from "../../src/api/types";
import { causeOf, countsUntil, hasProvider, type Standing, standingOf } from "../../src/reach/reach";
import { isWay } from "../../src/roster/draft";
import { ageSeconds, agoWords, dateOf, timeText, type Translate } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { CHANNELS } from "../manage/keys";
import { Outcome } from "../manage/Outcome";
import { failedWords, type News } from "../manage/useAct";
import { TextField } from "../residents/TextField";

interface RowProps {
  channel: ChannelState;
  /** Who on the roster is reached by it; null: not known. */
  serves: readonly string[] | null;
}

const TYPES: Readonly<Record<string, "tel" | "email">> = { sms: "tel", voice: "tel", email: "email" };
/** The screens asked are one's own. */
const OWN = "screen";

const LOOKS: Record<Standing, string> = { counts: "badge good", failed: "badge bad", old: "badge warn", untested: "badge warn", not_set_up: "badge" };

export const tookWords = (ms: number, t: Translate): string => (ms < 1_000 ? t("channels.took", { n: ms }) : t("channels.long_took", { n: (ms / 1_000).toFixed(1) }));

export function ChannelRow({ channel, serves }: RowProps) {
  const { t } = useTranslation();
  const now = useNow();
  const id = useId();
  const standing = standingOf(channel, now);
  const until = countsUntil(channel);
  const isForPeople = isWay(channel.channel);
  return (
    <li className="channel-row" data-channel={channel.channel} aria-labelledby={id}>
      <div className="channel-head">
        <h3 id={id}>{t(`channel.${channel.channel}`)}</h3>
        <span className={LOOKS[standing]}>{t(`channels.standing.${standing}`)}</span>
        <span className="muted">{t(`channels.what.${standing}`, { time: until === null ? "" : dateOf(until) })} {standing === "not_set_up" && t("channels.set_up_in")}</span>
      </div>
      <dl className="pairs">
        {channel.test && <><dt>{t("channels.last")}</dt><dd><LastTest test={channel.test} isProviders={hasProvider(channel.channel)} /></dd></>}
        {isForPeople && serves !== null && <><dt>{t("roster.menu")}</dt><dd>{serves.length > 0 ? t("channels.needs", { names: serves.join("、") }) : t("channels.serves_nobody")}</dd></>}
      </dl>
      {channel.set_up && <TestForm channel={channel.channel} />}
    </li>
  );
}

function LastTest({ test, isProviders }: { test: ChannelTest; isProviders: boolean }) {
  const { t } = useTranslation();
  const now = useNow();
  return (
    <>
      <p>
        {test.ok ? "✓" : "✗"} {t("channels.last_at", { time: timeText(test.at, now), age: agoWords(ageSeconds(test.at, now), t), by: test.by })} · {tookWords(test.took_ms, t)}
        {test.ok && isProviders && test.detail !== "" && <span className="muted"> · {t("channels.provider", { id: test.detail })}</span>}
      </p>
      {!test.ok && <Why why={test.detail} />}
    </>
  );
}

/** What it means, and below it what the other side said, which is what a provider wants to hear. */
export function Why({ why }: { why: string }) {
  const { t } = useTranslation();
  const { cause, status } = causeOf(why);
  return (
    <>
      <p><strong>{t(`channels.cause.${cause}`, { status })}</strong></p>
      <p className="muted">{t("channels.said")}<q lang="en">{why}</q></p>
    </>
  );
}

function TestForm({ channel }: { channel: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [to, setTo] = useState("");
  const [busy, setBusy] = useState(false);
  const [news, setNews] = useState<News | null>(null);
  const name = t(`channel.${channel}`);
  const isUnnamed = channel !== OWN && to.trim() === "";
  const test = async (event: FormEvent) => {
    event.preventDefault();
    if (isUnnamed) return;
    setBusy(true);
    setNews(null);
    const answer = await testChannel(channel, to.trim());
    setBusy(false);
    if (answer.kind === "done") setNews(answer.value.ok ? { tone: "good", words: t("channels.passed", { channel: name, took: tookWords(answer.value.took_ms, t) }) } : { tone: "bad", words: t("channels.not_passed", { channel: name }) });
    else setNews({ tone: "bad", words: answer.kind === "unreached" || answer.status === 503 ? t("channels.unanswered") : failedWords(answer, t) });
    void queries.invalidateQueries({ queryKey: CHANNELS });
  };
  return (
    <>
      <form className="search-line" onSubmit={(event) => void test(event)}>
        {channel !== OWN && <div className="field"><TextField name={`to-${channel}`} type={TYPES[channel] ?? "text"} label={t(`channels.to.${channel}`)} value={to} onChange={setTo} /></div>}
        <button type="submit" className="button" aria-label={t("channels.test_of", { channel: name })} disabled={busy || isUnnamed}>{t("channels.test")}</button>
      </form>
      <p role="status" className={busy ? "muted" : "hidden"}>{busy ? t("channels.testing") : ""}</p>
      <Outcome news={news} />
    </>
  );
}
