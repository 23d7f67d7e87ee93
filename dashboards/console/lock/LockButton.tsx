import { Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { refusalWords } from "../../src/account/refusal";
import { lockScreen } from "./lock";

/** A screen that could not be locked is not shown as locked: its operator must know before leaving it. */
export function LockButton() {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const press = async () => {
    setBusy(true);
    const answer = await lockScreen();
    setBusy(false);
    if (answer.kind !== "done") Modal.error({ title: t("lock.failed"), content: refusalWords(answer, t), okText: t("common.ok") });
  };
  return (
    <button type="button" className="button on-dark" title={t("lock.hint")} disabled={busy} onClick={() => void press()}>{t("lock.button")}</button>
  );
}
