/** Entry of the operator console. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { startLanguage } from "./i18n";
import { startLink } from "./live/link";
import { startSession } from "./session/session";
import { startAlarm } from "./shift/alarm";
import { startShiftWatch } from "./shift/shift";
import { startRoute } from "./state/route";
import "./styles/base.css";
import "./styles/shell.css";
import "./styles/queue.css";
import "./styles/incident.css";
import "./styles/audit.css";

const queries = new QueryClient({ defaultOptions: { queries: { retry: 1, staleTime: 15_000 } } });

await startLanguage();
startRoute();
startLink();
startShiftWatch();
startAlarm();
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
