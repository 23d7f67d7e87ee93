/** Sends what a dialog was opened for, once at a time; what went well closes it. */
import { useState } from "react";
import { showDialog } from "../state/deskStore";

export function useCommand() {
  const [busy, setBusy] = useState(false);
  const run = async (command: () => Promise<boolean>): Promise<void> => {
    if (busy) return;
    setBusy(true);
    const done = await command();
    setBusy(false);
    if (done) showDialog(null);
  };
  return { busy, run };
}
