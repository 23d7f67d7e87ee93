/** Who looks, and the state of the link. What is rarely wanted stands at the foot of the page. */
import { useTranslation } from "react-i18next";
import type { Session } from "../../src/api/types";
import { LinkMark } from "../../src/live/LinkMark";
import { useFamily } from "../state/store";

export function Header({ me }: { me: Session }) {
  const { t } = useTranslation();
  const kind = useFamily((family) => family.link.kind);
  return (
    <header className="header">
      <div className="header-who">
        <h1 className="brand">{t("app.title")}</h1>
        <span className="header-name">{me.display_name}</span>
      </div>
      <LinkMark kind={kind} />
    </header>
  );
}
