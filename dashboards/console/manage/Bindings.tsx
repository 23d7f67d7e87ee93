/** Who carried a handset: whose the tracks and presses of a time are. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { readBindings } from "../../src/api/manage";
import { timeText } from "../../src/time/format";
import { serverClock } from "../../src/time/useNow";
import { bindingsOf } from "./keys";
import { ListState } from "./ListState";
import { ONLY_WHEN_ASKED } from "./usePages";

export function Bindings({ handset }: { handset: string }) {
  const { t } = useTranslation();
  const bindings = useQuery({ ...ONLY_WHEN_ASKED, queryKey: bindingsOf(handset), queryFn: () => readBindings(handset), staleTime: 0 });
  const items = bindings.data ?? [];
  const at = (iso: string) => timeText(iso, serverClock.nowMs());
  return (
    <section aria-label={t("manage.handsets.history")}>
      <h4>{t("manage.handsets.history")}</h4>
      <ListState of={bindings} empty={items.length === 0 && t("manage.handsets.never")} />
      <ul className="bindings">
        {items.map((binding) => (
          <li key={`${binding.from}${binding.resident}`}>
            <span>{binding.name} <code className="muted">{binding.resident}</code></span>
            <span className="muted">{t(binding.to == null ? "manage.handsets.since" : "manage.handsets.from_to", { from: at(binding.from), to: at(binding.to ?? "") })}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
