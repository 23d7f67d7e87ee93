/** Entry of the operator console. */
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { startLanguage } from "./i18n";
import { startLink } from "./live/link";
import { startIdleWatch } from "./lock/idleWatch";
import { startLock } from "./lock/lock";
import { startSession } from "./session/session";
import { startAlarm } from "./shift/alarm";
import { startShiftWatch } from "./shift/shift";
import { queries } from "./state/queries";
import { startRoute } from "./state/route";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/queue.css";
import "./styles/incident.css";
import "./styles/dispatch.css";
import "./styles/audit.css";
import "./styles/account.css";
import "./styles/manage.css";
import "./styles/residents.css";

await startLanguage();
startRoute();
startLink();
startShiftWatch();
startAlarm();
startLock();
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
