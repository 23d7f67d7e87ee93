/** Asks before a desk falls silent, and says what its operator still holds. */
import { Modal } from "antd";
import i18next from "i18next";
import { currentUser } from "../state/deskStore";
import { useLive } from "../state/liveStore";

export function confirmLeaving(how: "end" | "log_out", leave: () => void): void {
  const me = currentUser();
  const held = Object.values(useLive.getState().incidents).filter((incident) => incident.holder?.username === me?.username);
  Modal.confirm({
    title: i18next.t(`shift.confirm_${how}`),
    content: held.length > 0 ? i18next.t("shift.still_holding", { n: held.length }) : null,
    okText: i18next.t("common.ok"),
    cancelText: i18next.t("common.cancel"),
    autoFocusButton: "cancel",
    onOk: leave,
  });
}
