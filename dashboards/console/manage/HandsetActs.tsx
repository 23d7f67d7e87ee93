import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { changeHandset, claimHandset } from "../../src/api/manage";
import type { Handset, HandsetClaim, HandsetUpdate } from "../../src/api/types";
import { ask } from "./ask";
import { BindForm } from "./BindForm";
import { ClaimShown } from "./ClaimShown";
import { HeartbeatForm } from "./HeartbeatForm";
import { bindingsOf, HANDSETS } from "./keys";
import { Outcome } from "./Outcome";
import { useAct } from "./useAct";

export function HandsetActs({ handset }: { handset: Handset }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const act = useAct();
  const [isBinding, setBinding] = useState(false);
  const [isTiming, setTiming] = useState(false);
  const [claim, setClaim] = useState<HandsetClaim | null>(null);
  const { id, state, resident } = handset;
  const isActive = state === "active";
  const renew = () => {
    void queries.invalidateQueries({ queryKey: HANDSETS });
    void queries.invalidateQueries({ queryKey: bindingsOf(id) });
  };
  const change = (body: HandsetUpdate, doneWords: string) =>
    act.run(changeHandset(id, body), () => { setBinding(false); setTiming(false); renew(); }, doneWords);
  /** What is felt at once, by whoever carries it, is asked about first. */
  const askFor = (name: "unbind" | "retired" | "stolen", body: HandsetUpdate) => {
    const who = resident ? t("manage.handsets.carried", { name: resident.name }) : "";
    ask(t(`manage.handsets.ask.${name}`, { id }), `${who}${t(`manage.handsets.ask.${name}_what`)}`, t(`manage.handsets.acts.${name}`), () => change(body, t(`manage.handsets.done.${name}`, { id })));
  };
  const offer = () => act.run(claimHandset(id), (made) => { setClaim(made); renew(); });
  const use = () => change({ state: "active" }, t("manage.handsets.done.active", { id }));
  return (
    <>
      <p className="row-acts">
        {isActive && !isBinding && <button type="button" className="button" onClick={() => setBinding(true)}>{t(resident ? "manage.handsets.acts.rebind" : "manage.handsets.acts.bind")}…</button>}
        {resident && <button type="button" className="button" disabled={act.busy} onClick={() => askFor("unbind", { unbound: true })}>{t("manage.handsets.acts.unbind")}</button>}
        {!isTiming && <button type="button" className="button" onClick={() => setTiming(true)}>{t("manage.handsets.acts.heartbeat")}…</button>}
        {!claim && <button type="button" className="button" disabled={act.busy} onClick={() => void offer()}>{t("manage.handsets.acts.claim")}</button>}
        {!isActive && <button type="button" className="button" disabled={act.busy} onClick={() => void use()}>{t("manage.handsets.acts.active")}</button>}
        {isActive && <button type="button" className="button" disabled={act.busy} onClick={() => askFor("retired", { state: "retired" })}>{t("manage.handsets.acts.retired")}</button>}
        {state !== "stolen" && <button type="button" className="button danger" disabled={act.busy} onClick={() => askFor("stolen", { state: "stolen" })}>{t("manage.handsets.acts.stolen")}</button>}
      </p>
      {isBinding && (
        <BindForm
          handset={handset}
          busy={act.busy}
          onBind={(who) => void change({ resident: who.id }, t("manage.handsets.done.bind", { id, name: who.name }))}
          onCancel={() => setBinding(false)}
        />
      )}
      {isTiming && <HeartbeatForm handset={handset} busy={act.busy} onSave={(body) => void change(body, t("manage.handsets.done.heartbeat", { id }))} onCancel={() => setTiming(false)} />}
      <Outcome news={act.news} />
      {claim && <ClaimShown claim={claim} onDone={() => setClaim(null)} />}
    </>
  );
}
