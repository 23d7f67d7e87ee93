/** Which of the few whole-page states is shown: asking, not reached, log-in, something that stands before the work, or the tasks. */
import { useTranslation } from "react-i18next";
import { AccountPage } from "../src/account/AccountPage";
import type { Session } from "../src/api/types";
import { Hindered } from "../src/session/Hindered";
import { hindranceOf } from "../src/session/hindrance";
import { SessionGate } from "../src/session/SessionGate";
import { askWhoIsIn, logOut, session } from "./session/session";
import { Banners } from "./shell/Banners";
import { Cover } from "./shell/Cover";
import { Header } from "./shell/Header";
import { useStation } from "./state/store";
import { EndedList } from "./task/EndedList";
import { LiveList } from "./task/LiveList";
import { Tabs } from "./shell/Tabs";

export function App() {
  const { t } = useTranslation();
  const state = useStation((station) => station.session);
  return <SessionGate state={state} session={session} button="big" asking={<h1>{t("app.title")}</h1>} again={t("ended.retry")} page={(me) => <PageOf me={me} />} />;
}

function PageOf({ me }: { me: Session }) {
  const hindrance = hindranceOf(me, "station");
  return hindrance === null ? <Station me={me} /> : <Hindered by={hindrance} onDone={() => void askWhoIsIn()} onLogOut={() => void logOut()} />;
}

function Station({ me }: { me: Session }) {
  const { t } = useTranslation();
  const tab = useStation((station) => station.tab);
  const covered = useStation((station) => station.covered);
  return (
    <div className="station">
      <a className="skip" href="#tasks">{t("app.skip")}</a>
      <Header me={me} />
      <Banners />
      {me.station == null && <p className="banner bad" role="alert">{t("hindrance.no_station")}</p>}
      {covered ? <Cover me={me} /> : (
        <>
          <Tabs />
          <main id="tasks" className="tasks" tabIndex={-1}>
            {tab === "live" && <LiveList />}
            {tab === "ended" && <EndedList />}
            {tab === "account" && <AccountPage me={me} onChanged={() => void askWhoIsIn()} />}
          </main>
        </>
      )}
    </div>
  );
}
