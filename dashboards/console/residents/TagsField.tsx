/** Words in a list, added one by one. What is typed and not added yet is saved as well. */
import { type KeyboardEvent, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { allOf, type Tags, without } from "../../src/resident/lists";
import { TextField } from "./TextField";

interface TagsProps {
  name: string;
  label: string;
  tags: Tags;
  onChange(tags: Tags): void;
  fault: string;
}

export function TagsField({ name, label, tags, onChange, fault }: TagsProps) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const add = () => {
    onChange({ list: allOf(tags), typed: "" });
    field.current?.focus();
  };
  const addByEnter = (event: KeyboardEvent) => {
    // While a word is still being composed, Enter only chooses its signs.
    if (event.key !== "Enter" || event.nativeEvent.isComposing || tags.typed.trim() === "" || event.target !== field.current) return;
    event.preventDefault();
    add();
  };
  const remove = (at: number) => {
    onChange({ ...tags, list: without(tags.list, at) });
    field.current?.focus();
  };
  return (
    <div onKeyDown={addByEnter}>
      <div className="tags-line">
        <TextField ref={field} name={name} label={<span id={id}>{label}</span>} value={tags.typed} onChange={(typed) => onChange({ ...tags, typed })} fault={fault} hint={t("manage.residents.hints.tags")} />
        <button type="button" className="button" aria-label={`${t("manage.residents.add_tag")}: ${label}`} disabled={tags.typed.trim() === ""} onClick={add}>{t("manage.residents.add_tag")}</button>
      </div>
      {tags.list.length > 0 && (
        <ul className="chips" aria-labelledby={id}>
          {tags.list.map((words, at) => (
            <li key={words}>{words} <button type="button" aria-label={t("manage.residents.remove_tag", { words })} onClick={() => remove(at)}>✕</button></li>
          ))}
        </ul>
      )}
    </div>
  );
}
