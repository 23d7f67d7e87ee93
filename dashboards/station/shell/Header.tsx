/** Always visible: which station, the server's clock, the state of the link, the way out. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Session } from "../../src/api/types";
import { LinkMark } from "../../src/live/LinkMark";
import { timeOfDay } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { LanguageButton } from "../../src/i18n/LanguageButton";
import { logOut } from "../session/session";
import { useStation } from "../state/store";

export function Header({ me }: { me: Session }) {
  const { t } = useTranslation();
  const now = useNow();
  const kind = useStation((station) => station.link.kind);
  const live = useStation((station) => Object.keys(station.board.tasks).length);
  const name = useStation(({ board }) => Object.values({ ...board.ended, ...board.tasks }).find((task) => task.station.id === me.station)?.station.name ?? null);
  const [failed, setFailed] = useState(false);
  const leave = async () => {
    if (live > 0 && !window.confirm(t("header.confirm", { n: live }))) return;
    setFailed(!(await logOut()));
  };
  return (
    <header className="header">
      <div className="header-who">
        <h1 className="brand">{name ?? t("app.title")}</h1>
        <span className="header-name">{me.display_name}</span>
      </div>
      <LinkMark kind={kind} />
      <span className="clock"><span className="hidden">{t("header.clock")}</span> <time>{timeOfDay(now)}</time></span>
      <div className="header-actions">
        <LanguageButton className="on-dark" />
        <button type="button" className="button on-dark" onClick={() => void leave()}>{t("header.log_out")}</button>
      </div>
      {failed && <p role="alert" className="header-failed">{t("header.log_out_failed")}</p>}
    </header>
  );
}
