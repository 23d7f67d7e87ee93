/** Entry of the page of relatives. */
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { startLanguage } from "../src/i18n/language";
import { watchBell } from "./alarm/bell";
import { App } from "./App";
import { en } from "./i18n/en";
import { zh } from "./i18n/zh";
import { startLink } from "./live/link";
import { startSession } from "./session/session";
import { queries } from "./state/store";
import "../src/styles/base.css";
import "../src/styles/account.css";
import "../src/styles/phone.css";
import "../src/map/map.css";
import "./styles/family.css";
import "./styles/incident.css";

await startLanguage({ zh, en });
startLink();
watchBell();
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
