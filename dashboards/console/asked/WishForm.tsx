/** What a handset is to say, whom it is to call, or how often it is to tell where it is. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { NewCommand } from "../../src/api/types";
import { commandOf, INTERVALS, type Interval, type Kind, noWish, type Wish } from "../../src/incident/asked";
import { isMasked } from "../../src/resident/draft";
import { Choice } from "../incident/Choice";
import { InlineForm } from "../manage/InlineForm";
import { TextField } from "../residents/TextField";

interface FormProps {
  kind: Kind;
  contacts: readonly { name: string; telephone: string }[];
  busy: boolean;
  onSend(command: NewCommand): void;
  onCancel(): void;
}

const USUAL = [0, 1, 2];

export function WishForm({ kind, contacts, busy, onSend, onCancel }: FormProps) {
  const { t } = useTranslation();
  const [wish, setWish] = useState(noWish);
  const change = (part: Partial<Wish>) => setWish((before) => ({ ...before, ...part }));
  const command = commandOf(kind, wish);
  // What is left of a masked one rings somebody else.
  const callable = contacts.filter(({ telephone }) => !isMasked(telephone));
  return (
    <InlineForm label={t(`asked.kind.${kind}`)} onSubmit={() => command && onSend(command)} onCancel={onCancel}>
      {kind === "say" && (
        <>
          <label className="field"><span>{t("asked.say")}</span><textarea name="say" rows={2} autoFocus value={wish.say} maxLength={1_000} placeholder={t("asked.say_hint")} onChange={(event) => change({ say: event.target.value })} /></label>
          <p className="row-acts">{USUAL.map((n) => <button key={n} type="button" className="button small" onClick={() => change({ say: t(`asked.say_usual.${n}`) })}>{t(`asked.say_usual.${n}`)}</button>)}</p>
        </>
      )}
      {kind === "call" && (
        <>
          <TextField name="number" inputMode="tel" label={t("asked.number")} hint={t("asked.number_hint")} value={wish.number} onChange={(number) => change({ number })} />
          <p className="row-acts">{callable.map(({ name, telephone }) => <button key={telephone} type="button" className="button small" onClick={() => change({ number: telephone })}>{name} {telephone}</button>)}</p>
        </>
      )}
      {kind === "interval" && (
        <>
          <Choice<Interval> name="interval" legend={t("asked.interval")} value={wish.interval} onChange={(interval) => change({ interval })} options={INTERVALS.map((value) => ({ value, label: t(`asked.intervals.${value}`) }))} />
          <p className="field-hint">{t("asked.interval_hint")}</p>
        </>
      )}
      <div className="dialog-foot">
        <button type="button" className="button" onClick={onCancel}>{t("common.cancel")}</button>
        <button type="submit" className="button primary" disabled={busy || command === null}>{t("asked.send")}</button>
      </div>
    </InlineForm>
  );
}
