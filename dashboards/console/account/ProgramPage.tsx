/** What a person sees who logs in with a program's account: that it is one, and nothing else. */
import { useTranslation } from "react-i18next";
import { BareFrame } from "../shell/BareFrame";
import { useMe } from "../state/deskStore";

export function ProgramPage() {
  const { t } = useTranslation();
  const me = useMe();
  return <BareFrame title={t("program.title")} explain={t("program.explain", { username: me?.username ?? "" })} />;
}
