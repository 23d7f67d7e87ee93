import type { FormEvent } from "react";
import { useTranslation } from "react-i18next";

interface LineProps {
  name: string;
  label: string;
  first?: string;
  onSearch(q: string): void;
}

/** Words that the server looks for. Not while they are typed: each look goes on record. */
export function SearchLine({ name, label, first = "", onSearch }: LineProps) {
  const { t } = useTranslation();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSearch(String(new FormData(event.currentTarget).get(name) ?? "").trim());
  };
  return (
    <form className="search-line" role="search" onSubmit={submit}>
      <label className="field">
        <span>{label}</span>
        <input type="search" name={name} defaultValue={first} autoComplete="off" />
      </label>
      <button type="submit" className="button">{t("audit.search")}</button>
    </form>
  );
}
