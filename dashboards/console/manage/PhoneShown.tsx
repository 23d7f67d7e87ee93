/** How the app of a telephone is set up that was just bound. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { fetchSecret } from "../../src/api/manage";
import type { Phone } from "../../src/api/types";
import { osmandAddress, osmandServer, ownTracksAddress, ownTracksLink, traccarLink } from "../../src/phone/setup";
import { Outcome } from "./Outcome";
import { CopyField, ShownOnce } from "./ShownOnce";
import { useAct } from "./useAct";

interface ShownProps {
  handset: string;
  phone: Phone;
  /** Its messages are sealed with a key, which the server tells nobody. */
  isSealed: boolean;
  onDone(): void;
}

export function PhoneShown(shown: ShownProps) {
  return shown.phone.kind === "osmand" ? <OsmAndShown {...shown} /> : <OwnTracksShown {...shown} />;
}

function OsmAndShown({ handset, phone, onDone }: ShownProps) {
  const { t } = useTranslation();
  const { origin } = window.location;
  const id = phone.id ?? "";
  return (
    <ShownOnce title={t("phones.code_for", { handset })} picture={traccarLink(origin, id)} text={id} label={t("phones.id")} onDone={onDone}>
      <p>{t("phones.osmand_explain", { server: osmandServer(origin) })}</p>
      <CopyField name="phone-address" label={t("phones.osmand_address")} text={osmandAddress(origin, id)} />
    </ShownOnce>
  );
}

/** It logs in with the handset's secret, which nobody has to type: a new one goes into the picture. */
function OwnTracksShown({ handset, phone, isSealed, onDone }: ShownProps) {
  const { t } = useTranslation();
  const act = useAct();
  const [secret, setSecret] = useState<string | null>(null);
  const setup = { origin: window.location.origin, handset, user: phone.user ?? "", device: phone.device ?? "" };
  const sealedWords = isSealed && <p className="notice warn">{t("phones.sealed_explain")}</p>;
  if (secret !== null) {
    const link = ownTracksLink({ ...setup, secret });
    return (
      <ShownOnce title={t("phones.code_for", { handset })} picture={link} text={link} label={t("phones.link")} onDone={onDone}>
        <p>{t("phones.scan_explain")}</p>
        {sealedWords}
      </ShownOnce>
    );
  }
  return (
    <section className="inline-form" aria-label={t("phones.code_for", { handset })}>
      <p>{t("phones.owntracks_explain")} <code className="secret">{ownTracksAddress(setup)}</code></p>
      <p>{t("phones.owntracks_log_in", { handset })}</p>
      {sealedWords}
      <p>{t("phones.make_explain")}</p>
      <Outcome news={act.news} />
      <div className="dialog-foot">
        <button type="button" className="button" onClick={onDone}>{t("phones.later")}</button>
        <button type="button" className="button primary" disabled={act.busy} onClick={() => void act.run(fetchSecret(handset), (made) => setSecret(made.secret))}>{t("phones.make")}</button>
      </div>
    </section>
  );
}
