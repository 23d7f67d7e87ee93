/** Which of the few whole-page states is shown: invited, asking, not reached, log-in, a new password, a second factor, locked, the desk, or an auditor's log. */
import { ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Session } from "../src/api/types";
import { NewPasswordPage } from "./account/NewPasswordPage";
import { SecondFactorPage } from "./account/SecondFactorPage";
import { AuditPage } from "./audit/AuditPage";
import { JoinPage } from "./join/JoinPage";
import { LockPanel } from "./lock/LockPanel";
import { LogInPage } from "./session/LogInPage";
import { askWhoIsIn } from "./session/session";
import { Desk } from "./shell/Desk";
import { useDesk } from "./state/deskStore";

const theme = {
  token: {
    colorPrimary: "#0b5394",
    colorText: "#14222e",
    colorTextPlaceholder: "#5b6975",
    colorBorder: "#75838f",
    borderRadius: 4,
    controlHeight: 36,
    fontFamily: "inherit",
    motion: false,
  },
};

/** What antd shows beside the tree, such as a question before leaving, looks and moves the same. */
ConfigProvider.config({ holderRender: (children) => <Themed>{children}</Themed> });

export function App() {
  return <Themed><Page /></Themed>;
}

function Themed({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation();
  return (
    <ConfigProvider
      theme={theme}
      locale={i18n.language === "en" ? enUS : zhCN}
      button={{ autoInsertSpace: false }}
    >
      {children}
    </ConfigProvider>
  );
}

function Page() {
  const { t } = useTranslation();
  const session = useDesk((desk) => desk.session);
  const joining = useDesk((desk) => desk.joining);
  if (joining !== null) return <JoinPage key={joining} code={joining} />;
  switch (session.kind) {
    case "asking":
      return <main className="splash" aria-busy="true">{t("incident.loading")}</main>;
    case "unreached":
      return (
        <main className="splash">
          <h1>{t("app.title")}</h1>
          <p role="alert">{t("login.unreached")}</p>
          <button type="button" className="button primary" onClick={() => void askWhoIsIn()}>{t("incident.retry")}</button>
        </main>
      );
    case "nobody":
      return <LogInPage ended={false} />;
    case "in":
    case "ended":
      return (
        <>
          <div inert={session.kind === "ended"}>
            <PageOf me={session.me} />
          </div>
          {session.kind === "ended" && <LogInPage ended username={session.me.username} />}
        </>
      );
  }
}

function PageOf({ me }: { me: Session }) {
  if (me.must_change_password) return <NewPasswordPage />;
  if (me.must_add_second_factor) return <SecondFactorPage />;
  if (me.locked) return <LockPanel />;
  return me.role === "auditor" ? <AuditPage /> : <Desk />;
}
