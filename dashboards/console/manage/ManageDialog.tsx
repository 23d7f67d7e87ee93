import { Modal } from "antd";
import { type ReactNode, type RefObject, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { showDialog } from "../state/deskStore";
import { ask } from "./ask";

interface DialogProps {
  title: string;
  width?: number;
  /** There are words in it that nobody would like to type twice: it asks before it is closed. */
  unsaved?: RefObject<boolean>;
  children: ReactNode;
}

/** A tap beside it closes nothing: there may be words half typed in it, or a code that is shown once. */
export function ManageDialog({ title, width = 960, unsaved, children }: DialogProps) {
  const { t } = useTranslation();
  const [before] = useState(() => document.activeElement);
  // The dialog leaves the page all at once, before antd can give the focus back.
  useEffect(() => () => giveFocus(before), [before]);
  const leave = () => {
    if (unsaved?.current !== true) return showDialog(null);
    ask(t("manage.leave.ask"), t("manage.leave.what"), t("manage.leave.do"), async () => showDialog(null));
  };
  return (
    <Modal open width={width} title={title} footer={null} mask={{ closable: false }} onCancel={leave}>
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
