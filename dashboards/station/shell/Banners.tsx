/** Whatever stops this telephone from hearing of a task is said in red. */
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/react/shallow";
import { LinkBanner } from "../../src/live/LinkBanner";
import { startBell } from "../shift/bell";
import { useStation } from "../state/store";

export function Banners() {
  const { t } = useTranslation();
  const facts = useStation(useShallow(({ link, wasUp, lostAtMs }) => ({ link, wasUp, lostAtMs })));
  return (
    <section className="banners" aria-label={t("banner.label")}>
      <LinkBanner {...facts} />
      <SoundBanner />
    </section>
  );
}

function SoundBanner() {
  const { t } = useTranslation();
  const sound = useStation((station) => station.sound);
  if (sound === "running") return null;
  return (
    <div className="banner bad" role="alert">
      <span>{t(`banner.sound_${sound}`)}</span>
      <button type="button" className="button on-bad big" onClick={() => void startBell()}>{t("banner.sound_on")}</button>
    </div>
  );
}
