/** Which of the few whole-page states is shown: invited, asking, not reached, log-in, a new password, a second factor, locked, the desk, an auditor's log, or a word to whoever came with a program's account. */
import { ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { Session } from "../src/api/types";
import { homeOf } from "../src/session/home";
import { SessionGate } from "../src/session/SessionGate";
import { NewPasswordPage } from "./account/NewPasswordPage";
import { ProgramPage } from "./account/ProgramPage";
import { SecondFactorPage } from "./account/SecondFactorPage";
import { AuditPage } from "./audit/AuditPage";
import { JoinPage } from "./join/JoinPage";
import { LockPanel } from "./lock/LockPanel";
import { session } from "./session/session";
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
  const state = useDesk((desk) => desk.session);
  const joining = useDesk((desk) => desk.joining);
  if (joining !== null) return <JoinPage key={joining} code={joining} />;
  return <SessionGate state={state} session={session} button="wide" asking={t("incident.loading")} again={t("incident.retry")} page={(me) => <PageOf me={me} />} />;
}

function PageOf({ me }: { me: Session }) {
  if (me.must_change_password) return <NewPasswordPage />;
  if (me.must_add_second_factor) return <SecondFactorPage />;
  if (me.locked) return <LockPanel />;
  const home = homeOf(me.role);
  if (home !== "/") return <Elsewhere page={home} />;
  if (me.role === "service") return <ProgramPage />;
  return me.role === "auditor" ? <AuditPage /> : <Desk />;
}

/** Stations and relatives have pages of their own; Back does not lead here again. */
function Elsewhere({ page }: { page: string }) {
  const { t } = useTranslation();
  useEffect(() => window.location.replace(page), [page]);
  return <main className="splash" aria-busy="true">{t("incident.loading")}</main>;
}
