/** One task, opened by the link in a message: the same card as on the station's page, and nothing beside it. */
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { LanguageButton } from "../src/i18n/LanguageButton";
import { SoundBanner } from "../src/sound/SoundBanner";
import { door } from "../station/door";
import { startBell } from "../station/shift/bell";
import { useStation } from "../station/state/store";
import { EndedNotice } from "../station/task/EndedNotice";
import { TaskCard } from "../station/task/TaskCard";
import { lookAgain, type Opened } from "./link";

/** There is no live link without a log-in. */
const LOOK_EVERY_MS = 5_000;

function useOpened(): Opened {
  const [opened, setOpened] = useState<Opened>("asking");
  useEffect(() => {
    const look = () => void lookAgain(door()).then(setOpened);
    look();
    const timer = window.setInterval(look, LOOK_EVERY_MS);
    window.addEventListener("online", look);
    return () => { window.clearInterval(timer); window.removeEventListener("online", look); };
  }, []);
  return opened;
}

export function App() {
  const { t } = useTranslation();
  const opened = useOpened();
  const task = useStation((station) => Object.values(station.board.tasks).at(0));
  const notices = useStation((station) => station.board.notices);
  const sound = useStation((station) => station.sound);
  useEffect(() => { document.title = t("linked.title"); }, [t]);
  return (
    <div className="station">
      <header className="header">
        <div className="header-who"><h1 className="brand">{t("linked.title")}</h1></div>
        <div className="header-actions"><LanguageButton className="on-dark" /></div>
      </header>
      {task && <section className="banners" aria-label={t("banner.label")}><SoundBanner sound={sound} onStart={() => void startBell()} /></section>}
      <main id="tasks" className="tasks" tabIndex={-1}>
        <h2 className="hidden">{t("tab.live")}</h2>
        {opened === "unreached" && <p className="banner bad" role="alert">{t("linked.unreached")}</p>}
        {notices.map((notice) => <EndedNotice key={notice.task.id} notice={notice} />)}
        {task && <TaskCard task={task} alone />}
        {!task && opened !== "unreached" && <div className="nothing"><p role="status"><strong>{t(opened === "over" ? "linked.over" : "linked.asking")}</strong></p></div>}
        <p className="muted">{t("linked.alone")}</p>
      </main>
    </div>
  );
}
