/** Which of the few whole-page states is shown: asking, not reached, log-in, something that stands before the page, or how they are. */
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { AccountPage } from "../src/account/AccountPage";
import type { Session } from "../src/api/types";
import { calling } from "../src/family/board";
import { Hindered } from "../src/session/Hindered";
import { hindranceOf } from "../src/session/hindrance";
import { SessionGate } from "../src/session/SessionGate";
import { Person } from "./person/Person";
import { askWhoIsIn, logOut, session } from "./session/session";
import { AccessWords } from "./shell/AccessWords";
import { Banners } from "./shell/Banners";
import { Foot } from "./shell/Foot";
import { Header } from "./shell/Header";
import { News } from "./shell/News";
import { useFamily } from "./state/store";

export function App() {
  const { t } = useTranslation();
  const state = useFamily((family) => family.session);
  return <SessionGate state={state} session={session} button="big" asking={<h1>{t("app.title")}</h1>} again={t("access.retry")} page={(me) => <PageOf me={me} />} />;
}

function PageOf({ me }: { me: Session }) {
  const hindrance = hindranceOf(me, "relative");
  return hindrance === null ? <Family me={me} /> : <Hindered by={hindrance} onDone={() => void askWhoIsIn()} onLogOut={() => void logOut()} />;
}

function Family({ me }: { me: Session }) {
  const { t } = useTranslation();
  const people = useFamily((family) => family.people);
  const rings = useFamily((family) => calling(family.board).length > 0);
  const [isOwn, setOwn] = useState(false);
  const main = useRef<HTMLElement>(null);
  // A call for help takes the page: nothing about the own account is worth missing it.
  useEffect(() => {
    if (rings) setOwn(false);
  }, [rings]);
  const turn = (own: boolean) => {
    setOwn(own);
    main.current?.focus();
    window.scrollTo(0, 0);
  };
  return (
    <div className="family">
      <a className="skip" href="#people">{t("app.skip")}</a>
      <Header me={me} />
      <Banners />
      <News />
      <main id="people" className="people" tabIndex={-1} ref={main}>
        {isOwn && <AccountPage me={me} onChanged={() => void askWhoIsIn()} />}
        {!isOwn && (people.length === 0 ? <AccessWords /> : people.map((person) => <Person key={person.id} person={person} />))}
      </main>
      <Foot isOwn={isOwn} onTurn={turn} />
    </div>
  );
}
