/** What stands before a page: asking who is in, a server that is not reached, the log-in; and that again in the place of a page whose session has ended. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Session } from "../api/types";
import { LogInPage } from "./LogInPage";
import type { PageSession } from "./session";
import type { SessionState } from "./state";

interface SessionGateProps {
  state: SessionState;
  session: PageSession;
  button: "wide" | "big";
  /** While it is asked who is in. */
  asking: ReactNode;
  /** The words for trying once more. */
  again: string;
  page(me: Session): ReactNode;
}

export function SessionGate({ state, session, button, asking, again, page }: SessionGateProps) {
  const { t } = useTranslation();
  switch (state.kind) {
    case "asking":
      return <main className="splash" aria-busy="true">{asking}</main>;
    case "unreached":
      return (
        <main className="splash">
          <h1>{t("app.title")}</h1>
          <p role="alert">{t("login.unreached")}</p>
          <button type="button" className={button === "big" ? "button primary big" : "button primary"} onClick={() => void session.askWhoIsIn()}>{again}</button>
        </main>
      );
    case "nobody":
      return <LogInPage logIn={session.logIn} button={button} ended={false} />;
    case "ended":
      // It may have been ended because the device is lost: nothing of what was shown stays, not even beneath.
      return <LogInPage logIn={session.logIn} button={button} ended username={state.me.username} />;
    case "in":
      return page(state.me);
  }
}
