import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { RosterItem } from "../../src/api/types";
import { isOnCall, minuteOfWeek } from "../../src/roster/week";
import { shiftWords } from "../../src/roster/words";
import { useNow } from "../../src/time/useNow";

interface RowProps {
  item: RosterItem;
  counts: boolean;
  leaving: boolean;
  onEdit(): void;
  onTakeOff(): void;
  /** The form, while it is changed. */
  children: ReactNode;
}

export function RosterRow({ item, counts, leaving, onEdit, onTakeOff, children }: RowProps) {
  const { t } = useTranslation();
  const now = useNow();
  const { name } = item;
  const isOn = isOnCall(item, minuteOfWeek(now));
  return (
    <li className={leaving ? "due-row is-leaving" : "due-row"} data-roster={item.id}>
      <span className="due-who"><strong>{name}</strong> <span>{shiftWords(item, t)}</span></span>
      <span>{t(`channel.${item.channel}`)} <span className="telephone">{item.address}</span></span>
      {isOn && counts && !leaving && <span className="badge good">{t("roster.on_now")}</span>}
      {!counts && <span className="badge warn" title={t(item.channel === "email" ? "roster.email_hint" : "roster.untested")}>{t("roster.uncounted")}</span>}
      <span className="due-acts">
        {leaving ? <span className="muted">{t("roster.leaving_now")}</span> : (
          <>
            <button type="button" className="button small" aria-label={t("roster.edit_whose", { name })} onClick={onEdit}>{t("roster.edit")}…</button>
            <button type="button" className="button small danger" aria-label={t("roster.take_off_whose", { name })} onClick={onTakeOff}>{t("roster.take_off")}</button>
          </>
        )}
      </span>
      {children && <div className="due-form">{children}</div>}
    </li>
  );
}
