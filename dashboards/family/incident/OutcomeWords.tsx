/** How it ended, in the words of the list that the desk chooses from. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "../../src/api/client";
import { read } from "../../src/api/read";

export function OutcomeWords({ outcome }: { outcome: string }) {
  const { t, i18n } = useTranslation();
  const codes = useQuery({ queryKey: ["codes"], staleTime: Infinity, queryFn: () => read(api.GET("/api/codes")) });
  const code = codes.data?.outcomes.find((each) => each.code === outcome);
  return code ? <> {t("incident.outcome", { outcome: i18n.language === "en" ? code.label_en : code.label })}</> : null;
}
