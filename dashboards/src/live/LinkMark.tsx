/** The state of the link in a word and a sign. */
import { useTranslation } from "react-i18next";
import type { LinkState } from "./liveClient";

export function LinkMark({ kind }: Pick<LinkState, "kind">) {
  const { t } = useTranslation();
  return (
    <span className={`link link-${kind}`} role="status">
      <span aria-hidden="true">{kind === "up" ? "●" : kind === "connecting" ? "◐" : "✕"}</span> {t(`link.${kind}`)}
    </span>
  );
}
