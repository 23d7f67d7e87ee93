/** Whatever stops this desk from hearing or seeing is said in red; what the server lacks is said in amber. */
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/react/shallow";
import { LinkBanner } from "../../src/live/LinkBanner";
import { timeText } from "../../src/time/format";
import { problemWords } from "../../src/incident/words";
import { restoreAudio, startShift, wasOnShift } from "../shift/shift";
import { isHolder } from "../commands/rights";
import { mayKeepLadder } from "../manage/rights";
import { showDialog, useDesk, useMe } from "../state/deskStore";
import { useLive } from "../state/liveStore";

export function Banners() {
  const facts = useLive(useShallow(({ link, wasUp, lostAtMs }) => ({ link, wasUp, lostAtMs })));
  return (
    <div className="banners">
      <LinkBanner {...facts} />
      <HeldWords isDown={facts.wasUp && facts.link.kind !== "up"} />
      <SoundBanner />
      <DegradedBanner />
    </div>
  );
}

/** After a minute without a link others are told to take over: whoever is cut off should know, and say so by telephone. */
function HeldWords({ isDown }: { isDown: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const held = useLive(({ incidents }) => Object.values(incidents).filter((incident) => incident.state !== "closed" && isHolder(incident, me)).length);
  if (!isDown || held === 0) return null;
  return <div className="banner bad" role="alert"><strong>{t("lost.self", { n: held })}</strong></div>;
}

function SoundBanner() {
  const { t } = useTranslation();
  const audio = useDesk((desk) => desk.audio);
  const isOnShift = useDesk((desk) => desk.shiftSince !== null);
  const ended = useDesk((desk) => desk.shiftEnded);
  if (!isOnShift) {
    const why = ended ? t("shift.ended") : wasOnShift() ? t("shift.was_reloaded") : "";
    return (
      <div className="banner bad" role="alert">
        <span><strong>{t("shift.not_started")}</strong> {why} {t("shift.explain")}</span>
        <button type="button" className="button on-bad" onClick={() => void startShift()}>{t(wasOnShift() ? "shift.resume" : "shift.start")}</button>
      </div>
    );
  }
  if (audio === "running") return null;
  return (
    <div className="banner bad" role="alert">
      <span>{t(audio === "stalled" ? "banner.audio_stalled" : "banner.audio_suspended")}</span>
      <button type="button" className="button on-bad" onClick={() => void restoreAudio()}>{t("banner.restore")}</button>
    </div>
  );
}

/** Where a trouble is put right, by those who may. */
const MENDED_IN: Readonly<Record<string, "channels" | "roster">> = { no_channel_tested: "channels", roster_gaps: "roster", step_not_tested: "channels" };

function DegradedBanner() {
  const { t } = useTranslation();
  const mayMend = mayKeepLadder(useMe()?.role);
  const health = useLive((live) => live.health);
  if (!health || health.status === "ok") return null;
  return (
    <div className="banner warn" role="status">
      <strong>{t("banner.degraded")}</strong>
      <ul>
        {health.problems.map((problem) => {
          const mend = mayMend ? MENDED_IN[problem.code] : undefined;
          return (
            <li key={problem.code} title={problem.detail}>
              {problemWords(problem, t)} <small>({t("banner.since", { time: timeText(problem.since, Date.parse(health.now)) })})</small>{" "}
              {mend && <button type="button" className="button small" aria-haspopup="dialog" onClick={() => showDialog(mend)}>{t(`reach.to_${mend}`)}</button>}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
