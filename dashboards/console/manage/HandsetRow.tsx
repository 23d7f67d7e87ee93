import { useTranslation } from "react-i18next";
import type { Handset } from "../../src/api/types";
import { timeText } from "../../src/time/format";
import { serverClock } from "../../src/time/useNow";
import { Bindings } from "./Bindings";
import { Fold } from "./Fold";
import { HandsetActs } from "./HandsetActs";
import { Phones } from "./Phones";

const TONES: Record<string, string> = { active: "badge good", retired: "badge warn", stolen: "badge bad" };

interface RowProps {
  handset: Handset;
  opened: boolean;
  onToggle(): void;
}

export function HandsetRow({ handset, opened, onToggle }: RowProps) {
  const { t } = useTranslation();
  const { id, state, resident, online, claim_expires_at: claimUntil } = handset;
  return (
    <Fold name={id} opened={opened} onToggle={onToggle} head={
      <>
        <strong><code>{id}</code></strong> <span className={resident ? "" : "muted"}>{resident ? resident.name : t("manage.handsets.nobody")}</span>
        <span className="badges">
          {claimUntil != null && <span className="badge">{t("manage.handsets.claimable", { time: timeText(claimUntil, serverClock.nowMs()) })}</span>}
          <span className={online ? "online" : "offline"}>{online ? "●" : "○"} {t(online ? "manage.handsets.online" : "manage.handsets.offline")}</span>
          <span className={TONES[state] ?? "badge"}>{t(`manage.handsets.states.${state}`, { defaultValue: state })}</span>
        </span>
      </>
    }>
      <HandsetActs handset={handset} />
      <Phones handset={handset} />
      <Bindings handset={id} />
    </Fold>
  );
}
