import { Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { SeverityMark } from "../queue/SeverityMark";
import { showDialog } from "../state/deskStore";
import { singleKeysAreOn, switchSingleKeys } from "./useKeys";

export function HelpDialog() {
  const { t } = useTranslation();
  const [isOn, setOn] = useState(singleKeysAreOn);
  const keys: [string, string][] = [
    ["J / K", t("help.next")], [t("help.enter"), t("help.open")], ["C", t("help.claim")], ["D", t("help.dispatch")],
    ["M", t("help.mute")], ["?", t("help.help")], ["Esc", t("help.back")],
  ];
  const toggle = (on: boolean) => {
    setOn(on);
    switchSingleKeys(on);
  };
  return (
    <Modal open title={t("help.title")} footer={null} onCancel={() => showDialog(null)}>
      <dl className="keys">
        {keys.map(([key, words]) => (
          <div key={key}><dt><kbd>{key}</kbd></dt><dd>{words}</dd></div>
        ))}
      </dl>
      <label className="check">
        <input type="checkbox" checked={isOn} onChange={(event) => toggle(event.target.checked)} /> {t("help.single_keys")}
      </label>
      <h3>{t("help.severity")}</h3>
      <p className="legend">
        {(["life", "urgent", "notice", "technical"] as const).map((severity) => <SeverityMark key={severity} severity={severity} />)}
      </p>
      <p>{t("help.ages")}</p>
      <p>{t("help.stale")}</p>
    </Modal>
  );
}
