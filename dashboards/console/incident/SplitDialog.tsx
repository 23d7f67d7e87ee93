/** Signals that are about somebody else get an incident of their own, which sounds until somebody takes it. */
import { Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { split } from "../../src/api/dispatch";
import type { Incident, ResidentListItem, Signal } from "../../src/api/types";
import { separable } from "../../src/incident/matters";
import { timeText } from "../../src/time/format";
import { useNow } from "../../src/time/useNow";
import { ResidentSearch } from "../call/ResidentSearch";
import { actApart } from "../commands/act";
import { useCommand } from "../commands/useCommand";
import { showDialog } from "../state/deskStore";
import { CommandDialogFooter } from "./CommandDialogFooter";

export function SplitDialog({ incident }: { incident: Incident }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [whom, setWhom] = useState<ResidentListItem | null>(null);
  const { busy, run } = useCommand();
  const signals = separable(incident);
  const ids = signals.map(({ id }) => id).filter((id) => chosen.has(id));
  // Nobody known is somebody else only where this one is known.
  const isElse = whom !== null || incident.resident != null;
  const hint = ids.length === 0 ? t("split.choose") : isElse ? "" : t("split.choose_whom");
  const toggle = (id: string) => setChosen((before) => new Set(before.has(id) ? [...before].filter((each) => each !== id) : [...before, id]));
  const submit = () =>
    void run(() => actApart(incident, `split|${ids.join()}|${whom?.id ?? ""}`, () => split(incident, ids, whom?.id ?? null), t("split.done")));
  return (
    <Modal open width={640} title={t("split.title")} onCancel={() => showDialog(null)} footer={
      <CommandDialogFooter incident={incident} busy={busy} canSubmit={hint === ""} submitWords={t("split.submit")} hint={hint} onSubmit={submit} />
    }>
      <p className="muted">{t("split.explain")}</p>
      <fieldset className="candidates">
        <legend>{t("split.list")}</legend>
        {signals.map((signal) => <Separable key={signal.id} signal={signal} isChosen={chosen.has(signal.id)} onToggle={() => toggle(signal.id)} />)}
      </fieldset>
      <h4>{t("split.whom")}</h4>
      <ResidentSearch chosen={whom} onChoose={setWhom} hint={t("split.hint")} failed={t("manage.search.failed")} />
    </Modal>
  );
}

function Separable({ signal, isChosen, onToggle }: { signal: Signal; isChosen: boolean; onToggle(): void }) {
  const { t } = useTranslation();
  const now = useNow();
  return (
    <label className={isChosen ? "candidate chosen" : "candidate"}>
      <input type="checkbox" checked={isChosen} onChange={onToggle} />
      <span className="candidate-words">
        <strong>{t(`kind.${signal.kind}`)}{signal.cancel && ` · ${t("signals.cancel")}`}</strong>
        <span className="candidate-facts">
          <span>{t("signals.received", { time: timeText(signal.received_at, now) })}</span>
          {signal.caller && <span>{signal.caller}</span>}
          {signal.words && <span>{signal.words}</span>}
        </span>
      </span>
    </label>
  );
}
