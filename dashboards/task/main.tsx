/** Entry of the page that a link in a message opens. Nobody logs in here. */
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { startLanguage } from "../src/i18n/language";
import { enterBy } from "../station/door";
import { watchBell } from "../station/shift/bell";
import { en } from "../station/i18n/en";
import { zh } from "../station/i18n/zh";
import { queries } from "../station/state/store";
import { App } from "./App";
import { doorOf, tokenIn } from "./link";
import "../src/styles/base.css";
import "../src/styles/phone.css";
import "../station/styles/shell.css";
import "../station/styles/task.css";

await startLanguage({ zh, en });
enterBy(doorOf(tokenIn(window.location.hash)));
watchBell();
// Another message's link in the same window is another task.
window.addEventListener("hashchange", () => window.location.reload());

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
