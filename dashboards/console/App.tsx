/** Which of the few whole-page states is shown: asking, not reached, log-in, the desk, or an auditor's log. */
import { ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { useTranslation } from "react-i18next";
import { AuditPage } from "./audit/AuditPage";
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

export function App() {
  const { i18n } = useTranslation();
  return (
    <ConfigProvider
      theme={theme}
      locale={i18n.language === "en" ? enUS : zhCN}
      button={{ autoInsertSpace: false }}
    >
      <Page />
    </ConfigProvider>
  );
}

function Page() {
  const { t } = useTranslation();
  const session = useDesk((desk) => desk.session);
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
            {session.me.role === "auditor" ? <AuditPage /> : <Desk />}
          </div>
          {session.kind === "ended" && <LogInPage ended username={session.me.username} />}
        </>
      );
  }
}
