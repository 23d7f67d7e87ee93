/** What there is to do, what is over, and the own account. */
import { useTranslation } from "react-i18next";
import { useStation } from "../state/store";

export function Tabs() {
  const { t } = useTranslation();
  const tab = useStation((station) => station.tab);
  const live = useStation((station) => Object.keys(station.board.tasks).length);
  return (
    <nav className="tabs" aria-label={t("tab.label")}>
      {(["live", "ended", "account"] as const).map((each) => (
        <button key={each} type="button" className="tab" aria-current={tab === each ? "page" : undefined} onClick={() => useStation.setState({ tab: each })}>
          {t(`tab.${each}`)}{each === "live" && live > 0 && <span className="tab-count"> {live}</span>}
        </button>
      ))}
    </nav>
  );
}
