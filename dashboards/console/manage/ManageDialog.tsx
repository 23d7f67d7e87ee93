import { Modal } from "antd";
import type { ReactNode } from "react";
import { showDialog } from "../state/deskStore";

/** A tap beside it closes nothing: there may be words half typed in it, or a code that is shown once. */
export function ManageDialog({ title, width = 960, children }: { title: string; width?: number; children: ReactNode }) {
  return (
    <Modal open width={width} title={title} footer={null} mask={{ closable: false }} onCancel={() => showDialog(null)}>
      <div className="manage">{children}</div>
    </Modal>
  );
}
