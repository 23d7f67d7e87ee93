import { useTranslation } from "react-i18next";
import { stopwatch } from "../../src/time/format";

/** Seconds as a table shows them: 42 秒, 12:05. */
export function useSecondsWords() {
  const { t } = useTranslation();
  return (seconds: number | null | undefined): string => (seconds == null ? "–" : seconds < 60 ? t("reports.seconds", { n: seconds }) : stopwatch(seconds));
}
