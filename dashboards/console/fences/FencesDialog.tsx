/** How a resident is watched: found, opened for a reason where no incident is open, shown and put right. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { readFences, readPolicy } from "../../src/api/fences";
import { readRecord } from "../../src/api/residents";
import type { Named } from "../../src/api/types";
import { readAgainAfter } from "../../src/fence/watched";
import { ResidentSearch } from "../call/ResidentSearch";
import { InlineForm } from "../manage/InlineForm";
import { watchingOf } from "../manage/keys";
import { ManageDialog } from "../manage/ManageDialog";
import { mayDraw } from "../manage/rights";
import { failedWords } from "../manage/useAct";
import { ONLY_WHEN_ASKED } from "../manage/usePages";
import { TextField } from "../residents/TextField";
import { useMe } from "../state/deskStore";
import { PolicyForm } from "./PolicyForm";
import { ResidentFences } from "./ResidentFences";

export default function FencesDialog({ resident }: { resident: Named | null }) {
  const { t } = useTranslation();
  const [about, setAbout] = useState(resident);
  return (
    <ManageDialog title={about ? t("fences.title_of", { name: about.name }) : t("fences.title")} width={1240}>
      <p className="muted">{t("fences.explain")}</p>
      {!resident && <ResidentSearch chosen={about} onChoose={setAbout} hint={t("manage.search.hint")} failed={t("manage.search.failed")} />}
      {about && <Watched key={about.id} resident={about} />}
    </ManageDialog>
  );
}

function Watched({ resident }: { resident: Named }) {
  const { t } = useTranslation();
  const me = useMe();
  const queries = useQueryClient();
  const [reason, setReason] = useState("");
  const watched = useWatched(resident.id, reason);
  const fences = watched.fences.data;
  if (fences?.kind === "refused" && fences.code === "reason_required") return <WhyForm onSaid={setReason} />;
  if (fences && fences.kind !== "done") return <p role="alert" className="notice bad">{failedWords(fences, t)}</p>;
  if (!fences || !watched.rest.data) return <p role="status" className="muted" aria-busy="true">{t("incident.loading")}</p>;
  const { policy, card } = watched.rest.data;
  if (policy.kind !== "done") return <p role="alert" className="notice bad">{failedWords(policy, t)}</p>;
  const home = card.kind === "done" ? (card.value.home ?? null) : null;
  const own = card.kind === "done" ? (card.value.handset ?? null) : null;
  const again = () => {
    void watched.fences.refetch();
    void watched.rest.refetch();
    // The card behind it may say that nobody watches.
    void queries.invalidateQueries({ queryKey: watchingOf(resident.id) });
  };
  return (
    <>
      <ResidentFences resident={resident.id} reason={reason} fences={fences.value.items} home={home} mayChange={mayDraw(me?.role)} onDone={again} />
      <PolicyForm key={policy.value.version} resident={resident.id} own={own} policy={policy.value} mayChange={mayDraw(me?.role)} onDone={again} />
    </>
  );
}

/** Where they stand to each fence is read again as they walk; how they are watched and their card only once something was changed here. */
function useWatched(resident: string, reason: string) {
  const key = ["watched", resident, reason];
  const fences = useQuery({
    ...ONLY_WHEN_ASKED,
    queryKey: [...key, "fences"],
    refetchInterval: ({ state }) => readAgainAfter(reason, state.data?.kind === "done"),
    queryFn: () => readFences(resident, reason),
  });
  const rest = useQuery({
    ...ONLY_WHEN_ASKED,
    queryKey: [...key, "rest"],
    // What is refused of the fences would be refused of these.
    enabled: fences.data?.kind === "done",
    queryFn: async () => {
      const [policy, card] = await Promise.all([readPolicy(resident, reason), readRecord(resident, reason)]);
      return { policy, card };
    },
  });
  return { fences, rest };
}

/** Without an open incident a look has its reason. */
function WhyForm({ onSaid }: { onSaid(reason: string): void }) {
  const { t } = useTranslation();
  const [words, setWords] = useState(t("fences.why_usual"));
  const submit = () => {
    if (words.trim() !== "") onSaid(words.trim());
  };
  return (
    <InlineForm label={t("fences.why")} onSubmit={submit} onCancel={() => undefined}>
      <p className="muted">{t("manage.residents.open_explain")}</p>
      <TextField name="why" label={t("fences.why")} value={words} isNeeded onChange={setWords} />
      <div className="dialog-foot"><button type="submit" className="button primary" disabled={words.trim() === ""}>{t("manage.residents.open_it")}</button></div>
    </InlineForm>
  );
}
