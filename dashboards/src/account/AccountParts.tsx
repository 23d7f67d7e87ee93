/** What everybody may do about their own account, whatever their role and page: where it is logged in, its password, its second factor. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Session } from "../api/types";
import type { Picture } from "./FactorSetUp";
import { type Ask, OWN_SESSIONS, OwnSessions } from "./OwnSessions";
import { PasswordForm } from "./PasswordForm";
import { SecondFactor } from "./SecondFactor";

interface AccountPartsProps {
  me: Session;
  ask: Ask;
  picture?: Picture;
  /** Who is in is to be asked anew. */
  onChanged(): void;
}

export function AccountParts({ me, ask, picture, onChanged }: AccountPartsProps) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [isChanged, setChanged] = useState(false);
  const changed = () => {
    setChanged(true);
    void queries.invalidateQueries({ queryKey: OWN_SESSIONS });
  };
  return (
    <>
      <OwnSessions ask={ask} />
      <section aria-labelledby="own-password">
        <h3 id="own-password">{t("account.password")}</h3>
        <p role="status" className={isChanged ? "notice good" : "empty"}>{isChanged ? t("account.changed") : ""}</p>
        <PasswordForm me={me} onDone={changed} />
      </section>
      <SecondFactor me={me} picture={picture} onChanged={onChanged} />
    </>
  );
}
