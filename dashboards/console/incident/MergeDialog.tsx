/** Another open incident that is the same matter ends in this one. */
import { Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { merge } from "../../src/api/dispatch";
import type { Incident } from "../../src/api/types";
import { isBusy, mergeable } from "../../src/incident/matters";
import { newestSignal, summaryWords, whoWords } from "../../src/incident/words";
import { useNow } from "../../src/time/useNow";
import { act } from "../commands/act";
import { useCommand } from "../commands/useCommand";
import { SeverityMark } from "../queue/SeverityMark";
import { showDialog } from "../state/deskStore";
import { useLive } from "../state/liveStore";
import { CommandDialogFooter } from "./CommandDialogFooter";

export function MergeDialog({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const all = useLive((live) => live.incidents);
  const others = mergeable(incident, Object.values(all));
  const [chosen, setChosen] = useState("");
  const { busy, run } = useCommand();
  // The one that was chosen may end meanwhile.
  const from = others.find(({ id }) => id === chosen && !isBusy(all[id] ?? incident))?.id ?? "";
  const submit = () => void run(() => act(incident, `merge|${from}`, () => merge(incident, from), t("merge.done")));
  return (
    <Modal open width={640} title={t("merge.title")} onCancel={() => showDialog(null)} footer={
      <CommandDialogFooter incident={incident} busy={busy} canSubmit={from !== ""} submitWords={t("merge.submit")} hint={from === "" ? t("merge.choose") : ""} onSubmit={submit} />
    }>
      <p className="muted">{t("merge.explain")}</p>
      <fieldset className="candidates">
        <legend>{t("merge.list")}</legend>
        {others.map((other) => <Other key={other.id} other={other} into={incident} isChosen={other.id === from} onChoose={() => setChosen(other.id)} />)}
      </fieldset>
    </Modal>
  );
}

function Other({ other, into, isChosen, onChoose }: { other: Incident; into: Incident; isChosen: boolean; onChoose(): void }) {
  const { t } = useTranslation();
  const now = useNow();
  const newest = newestSignal(other);
  const isSame = into.resident != null && other.resident?.id === into.resident.id;
  return (
    <label className={isChosen ? "candidate chosen" : "candidate"}>
      <input type="radio" name="from" checked={isChosen} disabled={isBusy(other)} onChange={onChoose} />
      <span className="candidate-words">
        <span className="candidate-top">
          <SeverityMark severity={other.severity} /> <strong>{whoWords(other, t)}</strong>
          {other.drill && <span className="badge drill">{t("queue.drill")}</span>}
          {isSame && <span className="badge good">{t("merge.same")}</span>}
          {isBusy(other) && <span className="badge warn">{t("merge.busy")}</span>}
        </span>
        <span className="candidate-facts">
          <span>{summaryWords(other, now, t)}</span>
          {newest?.caller && <span>{newest.caller}</span>}
          {newest?.words && <span>“{newest.words}”</span>}
          <span className="muted">{other.holder ? t("merge.held", { name: other.holder.username }) : t("merge.open")}</span>
        </span>
      </span>
    </label>
  );
}
