/** Whatever stops this telephone from hearing of a task is said in red. */
import { useTranslation } from "react-i18next";
import { durationWords } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { startBell } from "../shift/bell";
import { useStation } from "../state/store";

export function Banners() {
  const { t } = useTranslation();
  return (
    <section className="banners" aria-label={t("banner.label")}>
      <LinkBanner />
      <SoundBanner />
    </section>
  );
}

function LinkBanner() {
  const { t } = useTranslation();
  const link = useStation((station) => station.link.kind);
  const wasUp = useStation((station) => station.wasUp);
  const lostAtMs = useStation((station) => station.lostAtMs);
  useNow();
  if (link === "up") return null;
  if (!wasUp && link !== "down") return <p className="banner wait" role="status">{t("banner.connecting")}</p>;
  const seconds = lostAtMs === null ? 0 : Math.floor((performance.now() - lostAtMs) / 1000);
  return (
    <p className="banner bad" data-testid="link-down">
      <span role="alert" className="hidden">{t("link.down")}</span>
      {t("banner.down", { duration: durationWords(seconds, t) })}
    </p>
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
