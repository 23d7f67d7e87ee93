/** Entry of the page of service stations. */
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { startLanguage } from "../src/i18n/language";
import { en } from "./i18n/en";
import { zh } from "./i18n/zh";
import { startLink } from "./live/link";
import { startSession } from "./session/session";
import { watchSharing } from "./sharing/share";
import { watchBell } from "./shift/bell";
import { startIdleWatch } from "./shift/idleWatch";
import { queries } from "./state/store";
import "../src/styles/base.css";
import "../src/styles/account.css";
import "../src/styles/phone.css";
import "./styles/shell.css";
import "./styles/task.css";

await startLanguage({ zh, en });
startLink();
watchBell();
watchSharing();
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
