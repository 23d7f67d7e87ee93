/** Opens the window within which a press is a try, and ends it. */
import { useTranslation } from "react-i18next";
import { endDrill, openDrill } from "../../src/api/desk";
import type { DrillWindow } from "../../src/api/types";
import { isEnded } from "../../src/resident/drill";
import { stopwatch } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import type { useAct } from "../manage/useAct";
import { useLive } from "../state/liveStore";
import { dropWindow, keepWindow, useWindows } from "./windows";

interface ActsProps {
  resident: { id: string; name: string };
  handset: string;
  minutes: number;
  act: ReturnType<typeof useAct>;
}

export function DrillActs({ resident: { id: resident, name }, handset, minutes, act }: ActsProps) {
  const { t } = useTranslation();
  const opened = useWindows(({ byHandset }) => byHandset[handset]);
  const hasEnded = useLive(({ closed }) => opened !== undefined && isEnded(opened, Object.values(closed)));
  const window = hasEnded ? undefined : opened;
  // Whoever is in need now may press again, and that press is no try.
  const isInNeed = useLive(({ incidents }) => Object.values(incidents).some((incident) => incident.resident?.id === resident && !incident.drill));
  const open = () => act.run(openDrill(handset, minutes), keepWindow, t("drills.opened", { name }));
  const end = () => act.run(endDrill(handset), () => dropWindow(handset), t("drills.ended", { name }));
  if (window) {
    return (
      <>
        <Running window={window} />
        <button type="button" className="button" disabled={act.busy} aria-label={t("drills.end_of", { name })} onClick={() => void end()}>{t("drills.end")}</button>
      </>
    );
  }
  if (isInNeed) return <span className="badge bad">{t("drills.in_need")}</span>;
  return <button type="button" className="button" disabled={act.busy} aria-label={t("drills.open_of", { name })} onClick={() => void open()}>{t("drills.open")}</button>;
}

function Running({ window }: { window: DrillWindow }) {
  const { t } = useTranslation();
  const left = Math.ceil((Date.parse(window.to) - useNow()) / 1000);
  return <span className={left > 0 ? "badge drill" : "badge"}>{left > 0 ? t("drills.running", { time: stopwatch(left) }) : t("drills.over")}</span>;
}
