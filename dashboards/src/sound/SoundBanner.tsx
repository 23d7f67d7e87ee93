/** A telephone that will not ring says so, with the one touch that a browser wants. */
import { useTranslation } from "react-i18next";
import type { Sound } from "./bell";

export function SoundBanner({ sound, onStart }: { sound: Sound; onStart(): void }) {
  const { t } = useTranslation();
  if (sound === "running") return null;
  return (
    <div className="banner bad" role="alert">
      <span>{t(`banner.sound_${sound}`)}</span>
      <button type="button" className="button on-bad big" onClick={onStart}>{t("banner.sound_on")}</button>
    </div>
  );
}
