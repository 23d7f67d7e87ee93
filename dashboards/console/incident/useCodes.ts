/** The lists an operator chooses from, with labels in the language of the screen. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "../../src/api/client";
import type { Code, Codes } from "../../src/api/types";

export function useCodes() {
  const { i18n } = useTranslation();
  const codes = useQuery({
    queryKey: ["codes"],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const { data } = await api.GET("/api/codes");
      if (!data) throw new Error("the codes could not be read");
      return data;
    },
  });
  const label = (code: Code): string => (i18n.language === "en" ? code.label_en : code.label);
  const labelOf = (list: keyof Codes, value: string): string => {
    const code = codes.data?.[list].find((each) => each.code === value);
    return code ? label(code) : value;
  };
  return { codes: codes.data ?? null, isError: codes.isError, label, labelOf };
}
