/** The log-ins of an account, a line each: any but the one that looks can be ended. */
import { useTranslation } from "react-i18next";
import type { OwnSession } from "../api/types";
import { timeText } from "../time/format";
import { serverClock } from "../time/useNow";
import { browserOf } from "./agent";

interface RowsProps {
  sessions: readonly OwnSession[];
  isBusy?: boolean;
  onEnd(session: OwnSession): void;
}

/** By what somebody knows which device it is. */
export function useBrowserWords(): (session: OwnSession) => string {
  const { t } = useTranslation();
  return (session) => browserOf(session.agent) ?? t("account.sessions.unknown");
}

export function SessionRows({ sessions, isBusy = false, onEnd }: RowsProps) {
  const { t } = useTranslation();
  const browserWords = useBrowserWords();
  return (
    <ul className="own-sessions">
      {sessions.map((session) => (
        <li key={session.id} data-own={session.own}>
          <span title={session.agent}>
            <strong>{browserWords(session)}</strong> {session.own && <em className="badge">{t("account.sessions.this")}</em>}
            {session.locked && <em className="badge warn">{t("account.sessions.locked")}</em>}
          </span>
          <span className="muted">{t("account.sessions.since", { time: timeText(session.since, serverClock.nowMs()), source: session.source })}</span>
          {!session.own && (
            <button type="button" className="button small" aria-label={`${t("account.sessions.end")}: ${browserWords(session)}, ${session.source}`} disabled={isBusy} onClick={() => onEnd(session)}>
              {t("account.sessions.end")}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
