/** A link that is down is said in red, with how long it has been so. */
import { useTranslation } from "react-i18next";
import { durationWords } from "../time/format";
import { useNow } from "../time/useNow";
import type { LinkFacts } from "./linkFacts";

export function LinkBanner({ link, wasUp, lostAtMs }: LinkFacts) {
  const { t } = useTranslation();
  useNow();
  if (link.kind === "up") return null;
  if (!wasUp && link.kind !== "down") return <p className="banner wait" role="status">{t("banner.connecting")}</p>;
  const seconds = lostAtMs === null ? 0 : Math.floor((performance.now() - lostAtMs) / 1000);
  return (
    <p className="banner bad" data-testid="link-down">
      <span role="alert" className="hidden">{t("link.down")}</span>
      {t("banner.down", { duration: durationWords(seconds, t) })}
      {link.kind === "down" && link.crowded && ` ${t("link.crowded")}`}
    </p>
  );
}
