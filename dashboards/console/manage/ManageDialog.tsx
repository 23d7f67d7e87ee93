import { Modal } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import { showDialog } from "../state/deskStore";

/** A tap beside it closes nothing: there may be words half typed in it, or a code that is shown once. */
export function ManageDialog({ title, width = 960, children }: { title: string; width?: number; children: ReactNode }) {
  const [before] = useState(() => document.activeElement);
  // The dialog leaves the page all at once, before antd can give the focus back.
  useEffect(() => () => giveFocus(before), [before]);
  return (
    <Modal open width={width} title={title} footer={null} mask={{ closable: false }} onCancel={() => showDialog(null)}>
      <div className="manage">{children}</div>
    </Modal>
  );
}

/** What opened one dialog out of another is gone by then; the button of the menu is still there. */
function giveFocus(before: Element | null): void {
  const isThere = before !== null && before !== document.body && before.isConnected;
  const to = isThere ? before : document.querySelector(".manage-menu > button");
  if (to instanceof HTMLElement) to.focus();
}
