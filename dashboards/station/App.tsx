/** Which of the few whole-page states is shown: asking, not reached, log-in, something that stands before the work, or the tasks. */
import { useTranslation } from "react-i18next";
import type { Session } from "../src/api/types";
import { type Hindrance, hindranceOf } from "../src/session/hindrance";
import { LogInPage } from "./session/LogInPage";
import { askWhoIsIn, logOut } from "./session/session";
import { Banners } from "./shell/Banners";
import { Header } from "./shell/Header";
import { useStation } from "./state/store";
import { EndedList } from "./task/EndedList";
import { LiveList } from "./task/LiveList";
import { Tabs } from "./shell/Tabs";

export function App() {
  const { t } = useTranslation();
  const session = useStation((station) => station.session);
  switch (session.kind) {
    case "asking":
      return <main className="splash" aria-busy="true"><h1>{t("app.title")}</h1></main>;
    case "unreached":
      return (
        <main className="splash">
          <h1>{t("app.title")}</h1>
          <p role="alert">{t("login.unreached")}</p>
          <button type="button" className="button primary big" onClick={() => void askWhoIsIn()}>{t("ended.retry")}</button>
        </main>
      );
    case "nobody":
      return <LogInPage ended={false} />;
    case "in":
    case "ended":
      return (
        <>
          <div inert={session.kind === "ended"}><PageOf me={session.me} /></div>
          {session.kind === "ended" && <LogInPage ended username={session.me.username} />}
        </>
      );
  }
}

function PageOf({ me }: { me: Session }) {
  const hindrance = hindranceOf(me);
  return hindrance === null ? <Station me={me} /> : <Hindered by={hindrance} />;
}

/** The console's pages do it; this page goes on once it is done. */
function Hindered({ by }: { by: Hindrance }) {
  const { t } = useTranslation();
  return (
    <main className="splash" data-testid="hindrance">
      <h1>{t("app.title")}</h1>
      <p role="alert">{t(`hindrance.${by}`)}</p>
      {by !== "role" && <p className="muted">{t("hindrance.warning")}</p>}
      <a className="button primary big" href="/">{t(`hindrance.go.${by}`)}</a>
      {by !== "role" && <button type="button" className="button big" onClick={() => void askWhoIsIn()}>{t("hindrance.again")}</button>}
      <button type="button" className="button big" onClick={() => void logOut()}>{t("header.log_out")}</button>
    </main>
  );
}

function Station({ me }: { me: Session }) {
  const { t } = useTranslation();
  const tab = useStation((station) => station.tab);
  return (
    <div className="station">
      <a className="skip" href="#tasks">{t("app.skip")}</a>
      <Header me={me} />
      <Banners />
      {me.station == null && <p className="banner bad" role="alert">{t("hindrance.no_station")}</p>}
      <Tabs />
      <main id="tasks" className="tasks" tabIndex={-1}>{tab === "live" ? <LiveList /> : <EndedList />}</main>
    </div>
  );
}
