/** The incident on paper: its whole file, and the one page for whoever takes over. */
import { useTranslation } from "react-i18next";
import { type Part, readPaper } from "../../src/api/paper";
import type { Incident } from "../../src/api/types";
import { printPage } from "../../src/paper/print";
import { isAtDesk } from "../commands/rights";
import { Outcome } from "../manage/Outcome";
import { useAct } from "../manage/useAct";
import { useMe } from "../state/deskStore";

const PARTS: readonly Part[] = ["file", "handover"];

export function PrintButtons({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const me = useMe();
  const act = useAct();
  if (!isAtDesk(me) || incident.unsaved) return null;
  const print = (part: Part) => void act.run(readPaper(incident.id, part), (html) => printPage(html, t(`print.${part}`)));
  return (
    <div className="print-acts">
      {PARTS.map((part) => <button key={part} type="button" className="button small" disabled={act.busy} title={part === "handover" ? t("print.handover_hint") : undefined} onClick={() => print(part)}>{t(`print.${part}`)}</button>)}
      <Outcome news={act.news} />
    </div>
  );
}
