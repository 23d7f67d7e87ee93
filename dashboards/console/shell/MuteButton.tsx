import { useTranslation } from "react-i18next";
import { useNow } from "../../src/time/useNow";
import { decide, mute, mutedSecondsLeft, unmute } from "../shift/alarm";
import { useDesk } from "../state/deskStore";
import { useLive } from "../state/liveStore";

export function MuteButton() {
  const { t } = useTranslation();
  const muted = useDesk((desk) => desk.mute);
  useNow();
  useLive((live) => live.incidents);
  if (muted) {
    return (
      <button type="button" className="button muted-now" title={t("mute.note")} onClick={unmute}>
        {t("mute.left", { n: mutedSecondsLeft(muted.until_ms) })} · {t("mute.cancel")}
      </button>
    );
  }
  const isSounding = decide().pattern !== null;
  return (
    <button type="button" className="button on-dark" aria-keyshortcuts="M" disabled={!isSounding} title={t(isSounding ? "mute.note" : "mute.nothing")} onClick={mute}>
      {t("mute.button")} <kbd aria-hidden="true">M</kbd>
    </button>
  );
}
