/** Whatever stops this telephone from hearing of a task is said in red. */
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/react/shallow";
import { LinkBanner } from "../../src/live/LinkBanner";
import { SoundBanner } from "../../src/sound/SoundBanner";
import { startBell } from "../shift/bell";
import { useStation } from "../state/store";

export function Banners() {
  const { t } = useTranslation();
  const facts = useStation(useShallow(({ link, wasUp, lostAtMs }) => ({ link, wasUp, lostAtMs })));
  const sound = useStation((station) => station.sound);
  return (
    <section className="banners" aria-label={t("banner.label")}>
      <LinkBanner {...facts} />
      <SoundBanner sound={sound} onStart={() => void startBell()} />
    </section>
  );
}
