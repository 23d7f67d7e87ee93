import { useTranslation } from "react-i18next";

export function StationTelephone({ station, number }: { station: string; number: string }) {
  const { t } = useTranslation();
  return <a className="telephone" href={`tel:${number.replace(/[^+\d]/g, "")}`} aria-label={t("task.call", { station, telephone: number })}>{number}</a>;
}
