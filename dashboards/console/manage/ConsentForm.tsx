/** A consent as it was given, on paper or by word of mouth. What is entered here cannot be changed, only withdrawn. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { addConsent } from "../../src/api/family";
import type { Named } from "../../src/api/types";
import type { Share } from "../../src/family/consent";
import { fieldTime } from "../../src/time/format";
import { Choice } from "../incident/Choice";
import { InlineForm } from "./InlineForm";
import { Outcome } from "./Outcome";
import { SharesField } from "./SharesField";
import { useAct } from "./useAct";

const PURPOSES = ["family", "tracking"] as const;
const GIVERS = ["resident", "guardian"] as const;
const CHANNELS = ["paper", "in_person", "telephone"] as const;

type Purpose = (typeof PURPOSES)[number];
type Giver = (typeof GIVERS)[number];
type Channel = (typeof CHANNELS)[number];

interface FormProps {
  resident: Named;
  onDone(): void;
  onCancel(): void;
}

export function ConsentForm({ resident, onDone, onCancel }: FormProps) {
  const { t } = useTranslation();
  const act = useAct();
  const [purpose, setPurpose] = useState<Purpose>("family");
  const [givenBy, setGivenBy] = useState<Giver | "">("");
  const [channel, setChannel] = useState<Channel | "">("");
  const [giver, setGiver] = useState("");
  const [data, setData] = useState("");
  const [version, setVersion] = useState("");
  const [givenAt, setGivenAt] = useState("");
  const [shares, setShares] = useState<readonly Share[]>([]);
  const isFamily = purpose === "family";
  const isComplete = givenBy !== "" && channel !== "" && [giver, data, version].every((words) => words.trim() !== "") && (!isFamily || shares.length > 0);
  const choose = (who: Giver | "") => {
    setGivenBy(who);
    if (who === "resident") setGiver(resident.name);
    else if (giver === resident.name) setGiver("");
  };
  const submit = () => {
    const said = { purpose, given_by: givenBy, giver: giver.trim(), data: data.trim(), text_version: version.trim(), channel, shares: isFamily ? [...shares] : null };
    void act.run(addConsent(resident.id, { ...said, given_at: givenAt === "" ? null : fieldTime(givenAt) }), onDone);
  };
  const options = <Value extends string>(group: string, values: readonly Value[]) => values.map((value) => ({ value, label: t(`manage.consents.${group}.${value}`) }));
  return (
    <InlineForm label={t("manage.consents.add")} onSubmit={submit} onCancel={onCancel}>
      <Choice<Purpose> name="purpose" legend={t("manage.consents.purpose")} value={purpose} onChange={setPurpose} options={options("purposes", PURPOSES)} />
      <Choice<Giver | ""> name="given_by" legend={t("manage.consents.given_by")} value={givenBy} onChange={choose} options={options("givers", GIVERS)} />
      <label className="field">
        <span>{t("manage.consents.giver")}</span>
        <input value={giver} maxLength={100} autoComplete="off" onChange={(event) => setGiver(event.target.value)} />
      </label>
      <Choice<Channel | ""> name="channel" legend={t("manage.consents.channel")} value={channel} onChange={setChannel} options={options("channels", CHANNELS)} />
      {isFamily && <SharesField shares={shares} onChange={setShares} />}
      <label className="field">
        <span>{t("manage.consents.data")}</span>
        <textarea rows={2} value={data} maxLength={1_000} placeholder={t("manage.consents.data_hint")} onChange={(event) => setData(event.target.value)} />
      </label>
      <label className="field">
        <span>{t("manage.consents.version")}</span>
        <input value={version} maxLength={100} placeholder={t("manage.consents.version_hint")} autoComplete="off" onChange={(event) => setVersion(event.target.value)} />
      </label>
      <label className="field">
        <span>{t("manage.consents.given_at")}</span>
        <input type="datetime-local" value={givenAt} onChange={(event) => setGivenAt(event.target.value)} />
      </label>
      <Outcome news={act.news} />
      <div className="dialog-foot">
        <p className="muted">{isComplete ? "" : t("manage.consents.missing")}</p>
        <button type="button" className="button" onClick={onCancel}>{t("common.cancel")}</button>
        <button type="submit" className="button primary" disabled={act.busy || !isComplete}>{t("manage.consents.save")}</button>
      </div>
    </InlineForm>
  );
}
