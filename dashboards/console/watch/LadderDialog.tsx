/** The escalation ladder as a text: what runs, who saved it, and what is wrong with another one, line by line. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { readLadder, saveLadder } from "../../src/api/desk";
import type { Ladder, LadderProblem } from "../../src/api/types";
import { lineRange, problemsIn } from "../../src/incident/ladder";
import { timeText } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { ask } from "../manage/ask";
import { failedWords } from "../manage/useAct";
import { LADDER } from "../manage/keys";
import { ListState } from "../manage/ListState";
import { ManageDialog } from "../manage/ManageDialog";
import { ONLY_WHEN_ASKED } from "../manage/usePages";
import { ReachPanel } from "../reach/ReachPanel";
import { type Dialog, showDialog } from "../state/deskStore";
import { LadderProblems } from "./LadderProblems";
import { LadderText } from "./LadderText";

export default function LadderDialog() {
  const { t } = useTranslation();
  const ladder = useQuery({ ...ONLY_WHEN_ASKED, queryKey: LADDER, queryFn: readLadder, staleTime: 0 });
  const unsaved = useRef(false);
  const go = (dialog: Dialog) => {
    if (!unsaved.current) return showDialog(dialog);
    ask(t("manage.leave.ask"), t("manage.leave.what"), t("manage.leave.do"), async () => showDialog(dialog));
  };
  return (
    <ManageDialog title={t("ladder.title")} unsaved={unsaved} width={1080}>
      <ReachPanel on="ladder" onGo={go} />
      <ListState of={ladder} />
      {ladder.data && <Editor key={ladder.dataUpdatedAt} ladder={ladder.data} onUnsaved={(is) => { unsaved.current = is; }} />}
    </ManageDialog>
  );
}

function Editor({ ladder, onUnsaved }: { ladder: Ladder; onUnsaved(is: boolean): void }) {
  const { t } = useTranslation();
  const now = useNow();
  const queries = useQueryClient();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(ladder.text);
  const [wrong, setWrong] = useState<LadderProblem[]>([]);
  const [failure, setFailure] = useState("");
  const [busy, setBusy] = useState(false);
  const isSame = text === ladder.text;
  const type = (typed: string) => {
    setText(typed);
    setWrong([]);
    setFailure("");
    onUnsaved(typed !== ladder.text);
  };
  const save = async () => {
    setBusy(true);
    const answer = await saveLadder(text);
    setBusy(false);
    if (answer.kind === "done") {
      onUnsaved(false);
      queries.setQueryData(LADDER, answer.value);
    } else if (answer.kind === "refused" && answer.code === "bad_ladder") setWrong(problemsIn(answer.detail));
    else setFailure(failedWords(answer, t));
  };
  const show = (line: number) => {
    const [from, to] = lineRange(text, line);
    field.current?.focus();
    field.current?.setSelectionRange(from, to);
  };
  const { saved_at: at, saved_by: by, refused } = ladder;
  return (
    <>
      <p className="muted">{t("ladder.explain")}</p>
      <p role="status" className="notice good" data-testid="ladder-running">{at ? t("ladder.running", { by, time: timeText(at, now) }) : t("ladder.built_in")}</p>
      {refused.length > 0 && <LadderProblems words={t("ladder.refused")} problems={refused} />}
      <p role="alert" className={failure ? "notice bad" : "hidden"}>{failure}</p>
      {wrong.length > 0 && <LadderProblems words={t("ladder.bad", { n: wrong.length })} problems={wrong} onShow={show} />}
      <LadderText field={field} text={text} problems={wrong} onType={type} />
      <p className="dialog-foot">
        <span className="muted">{isSame ? t("ladder.same") : ""}</span>
        <button type="button" className="button" disabled={isSame || busy} onClick={() => type(ladder.text)}>{t("ladder.undo")}</button>
        <button type="button" className="button primary" disabled={isSame || busy} onClick={() => void save()}>{t("ladder.save")}</button>
      </p>
    </>
  );
}
