/** Prints a page of the server's without leaving this one. What was printed stays nowhere on the screen. */

/** Longer than anybody looks at the browser's question about the printer. */
const KEPT_MS = 120_000;

/** Names stand on it: it goes when the screen is locked. */
export function dropPaper(): void {
  document.querySelectorAll("iframe.paper").forEach((frame) => frame.remove());
}

/** No script runs in the page; the browser asks about the printer. */
export function printPage(html: string, title: string): void {
  dropPaper();
  const frame = document.createElement("iframe");
  frame.className = "hidden paper";
  frame.title = title;
  frame.setAttribute("sandbox", "allow-same-origin allow-modals");
  frame.addEventListener("load", () => {
    const page = frame.contentWindow;
    page?.addEventListener("afterprint", () => frame.remove());
    page?.focus();
    page?.print();
  });
  window.setTimeout(() => frame.remove(), KEPT_MS);
  frame.srcdoc = html;
  document.body.append(frame);
}
