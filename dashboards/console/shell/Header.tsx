/** Always visible: who is on shift, the server's clock, the state of the link, the mute. */
import { useTranslation } from "react-i18next";
import { LinkMark } from "../../src/live/LinkMark";
import { timeOfDay } from "../../src/time/format";
import { serverClock, useNow } from "../../src/time/useNow";
import { AccountButton } from "../account/AccountButton";
import { LanguageButton } from "../../src/i18n/LanguageButton";
import { isAtDesk } from "../commands/rights";
import { LockButton } from "../lock/LockButton";
import { ManageMenu } from "../manage/ManageMenu";
import { logOut } from "../session/session";
import { endShift } from "../shift/shift";
import { showDialog, useDesk, useMe } from "../state/deskStore";
import { useLive } from "../state/liveStore";
import { confirmLeaving } from "./confirmLeaving";
import { MuteButton } from "./MuteButton";

export function Header() {
  const { t } = useTranslation();
  const me = useMe();
  const kind = useLive((live) => live.link.kind);
  return (
    <header className="header">
      <h1 className="brand">{t("app.title")}</h1>
      <Clock />
      <LinkMark kind={kind} />
      <div className="header-actions">
        <MuteButton />
        {isAtDesk(me) && <button type="button" className="button on-dark" onClick={() => showDialog("call")}>{t("header.new_call")}</button>}
        <ManageMenu />
        <button type="button" className="button on-dark" onClick={() => showDialog("help")}>{t("header.help")}</button>
        <LanguageButton className="on-dark" />
        <AccountButton />
        <LockButton />
        <EndShiftButton />
        <button type="button" className="button on-dark" onClick={() => confirmLeaving("log_out", () => void logOut())}>{t("header.log_out")}</button>
      </div>
    </header>
  );
}

function Clock() {
  const { t } = useTranslation();
  const now = useNow();
  return (
    <span className="clock">
      <small>{t(serverClock.isAnchored() ? "header.clock" : "header.desk_clock")}</small>
      <time>{timeOfDay(now)}</time>
    </span>
  );
}

function EndShiftButton() {
  const { t } = useTranslation();
  const since = useDesk((desk) => desk.shiftSince);
  // Before the shift the red banner has the one button that starts it.
  if (since === null) return null;
  return (
    <button type="button" className="button on-dark" title={t("header.shift_since", { time: timeOfDay(since) })} onClick={() => confirmLeaving("end", () => void endShift())}>
      {t("shift.end")}
    </button>
  );
}
