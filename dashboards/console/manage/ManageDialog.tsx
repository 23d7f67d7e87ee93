import { Modal } from "antd";
import { type ReactNode, useEffect, useState } from "react";
import { showDialog } from "../state/deskStore";

/** A tap beside it closes nothing: there may be words half typed in it, or a code that is shown once. */
export function ManageDialog({ title, width = 960, children }: { title: string; width?: number; children: ReactNode }) {
  const [before] = useState(() => document.activeElement);
  // The dialog leaves the page all at once, before antd can give the focus back.
  useEffect(() => () => { if (before instanceof HTMLElement) before.focus(); }, [before]);
  return (
    <Modal open width={width} title={title} footer={null} mask={{ closable: false }} onCancel={() => showDialog(null)}>
      <div className="manage">{children}</div>
    </Modal>
  );
}
