/** Whoever goes on through everybody says what for; it goes on record. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { InlineForm } from "../manage/InlineForm";
import { TextField } from "../residents/TextField";

export function WhyMore({ onSaid }: { onSaid(reason: string): void }) {
  const { t } = useTranslation();
  const [words, setWords] = useState("");
  const submit = () => {
    if (words.trim() !== "") onSaid(words.trim());
  };
  return (
    <InlineForm label={t("drills.why")} onSubmit={submit} onCancel={() => setWords("")}>
      <TextField name="why_more" label={t("drills.why")} value={words} isNeeded onChange={setWords} />
      <div className="dialog-foot"><button type="submit" className="button" disabled={words.trim() === ""}>{t("drills.go_on")}</button></div>
    </InlineForm>
  );
}
