/** Numbers that ring when they are tapped. */
import { useTranslation } from "react-i18next";
import { isMasked } from "../../src/resident/draft";

const linkOf = (number: string): string => `tel:${number.replace(/[^+\d]/g, "")}`;

export function CallButton({ number, name }: { number: string; name: string }) {
  const { t } = useTranslation();
  // What is left of a masked one rings somebody else.
  if (isMasked(number)) return null;
  return <a className="button big call" href={linkOf(number)} aria-label={`${t("person.call_person")} ${name} ${number}`}><span aria-hidden="true">☎</span> {t("person.call_person")} <span className="number">{number}</span></a>;
}

export function Telephone({ number, who }: { number: string; who: string }) {
  const { t } = useTranslation();
  if (isMasked(number)) return <span className="number">{number}</span>;
  return <a className="button big number" href={linkOf(number)} aria-label={`${t("person.call")} ${who} ${number}`}><span aria-hidden="true">☎</span> {number}</a>;
}
