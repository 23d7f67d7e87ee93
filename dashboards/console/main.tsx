/** Entry of the operator console. */
import { QueryClientProvider } from "@tanstack/react-query";
import i18next from "i18next";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { startLanguage } from "../src/i18n/language";
import { en } from "./i18n/en";
import { zh } from "./i18n/zh";
import { startAnswering } from "./call/answering";
import { startLink } from "./live/link";
import { startIdleWatch } from "./lock/idleWatch";
import { startLock } from "./lock/lock";
import { startSession } from "./session/session";
import { startAlarm } from "./shift/alarm";
import { startShiftWatch } from "./shift/shift";
import { queries } from "./state/queries";
import { startRoute } from "./state/route";
import "../src/styles/base.css";
import "../src/styles/account.css";
import "./styles/shell.css";
import "./styles/queue.css";
import "./styles/incident.css";
import "../src/map/map.css";
import "./styles/dispatch.css";
import "./styles/case.css";
import "./styles/audit.css";
import "./styles/account.css";
import "./styles/manage.css";
import "./styles/fences.css";
import "./styles/residents.css";
import "./styles/reach.css";
import "./styles/reports.css";
import "./styles/asked.css";

await startLanguage({ zh, en }, () => { document.title = i18next.t("app.title"); });
startRoute();
startLink();
startShiftWatch();
// Before whatever else hears of incidents: a desk that is covered veils them first, or a notification would name somebody.
startLock();
startAlarm();
startAnswering();
startIdleWatch();
startSession();

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
}
