/** Whatever stops this telephone from hearing of a call for help is said in red. */
import { useTranslation } from "react-i18next";
import { useShallow } from "zustand/react/shallow";
import { LinkBanner } from "../../src/live/LinkBanner";
import { SoundBanner } from "../../src/sound/SoundBanner";
import { startBell } from "../alarm/bell";
import { useFamily } from "../state/store";

export function Banners() {
  const { t } = useTranslation();
  const access = useFamily((family) => family.access);
  const facts = useFamily(useShallow(({ link, wasUp, lostAtMs }) => ({ link, wasUp, lostAtMs })));
  const sound = useFamily((family) => family.sound);
  // Nothing comes and nothing rings for whoever may see nothing; the page itself says why.
  if (access === "ended") return null;
  return (
    <section className="banners" aria-label={t("banner.label")}>
      <LinkBanner {...facts} />
      <SoundBanner sound={sound} onStart={() => void startBell()} />
    </section>
  );
}
