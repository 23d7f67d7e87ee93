import { Modal } from "antd";
import i18next from "i18next";
import type { ReactNode } from "react";

/** Asks before something that cannot be taken back, or that somebody else feels at once. */
export function ask(title: string, content: ReactNode, okText: string, act: () => Promise<void>): void {
  Modal.confirm({ title, content, okText, cancelText: i18next.t("common.cancel"), autoFocusButton: "cancel", onOk: act });
}
