import { useTranslation } from "react-i18next";
import type { HandsetClaim } from "../../src/api/types";
import { ShownOnce } from "./ShownOnce";

export function ClaimShown({ claim, onDone }: { claim: HandsetClaim; onDone(): void }) {
  const { t } = useTranslation();
  return (
    <ShownOnce title={t("manage.handsets.code_for", { handset: claim.handset })} picture={claim.qr} text={claim.code} label={t("manage.handsets.code")} until={claim.expires_at} onDone={onDone}>
      <p>{t("manage.handsets.code_explain")}</p>
    </ShownOnce>
  );
}
