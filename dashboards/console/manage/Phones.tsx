/** The telephones that stand in for a handset: which there are, binding one, ending that. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { readPhones, unbindPhone } from "../../src/api/manage";
import type { Handset, Phone } from "../../src/api/types";
import { AddPhone } from "./AddPhone";
import { ask } from "./ask";
import { phonesOf } from "./keys";
import { ListState } from "./ListState";
import { Outcome } from "./Outcome";
import { PhoneShown } from "./PhoneShown";
import { useAct } from "./useAct";
import { ONLY_WHEN_ASKED } from "./usePages";

export function Phones({ handset }: { handset: Handset }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const act = useAct();
  const [isAdding, setAdding] = useState(false);
  const [bound, setBound] = useState<{ phone: Phone; isSealed: boolean } | null>(null);
  const { id } = handset;
  const phones = useQuery({ ...ONLY_WHEN_ASKED, queryKey: phonesOf(id), queryFn: () => readPhones(id), staleTime: 0 });
  const items = phones.data ?? [];
  const renew = () => void queries.invalidateQueries({ queryKey: phonesOf(id) });
  const nameOf = (phone: Phone) => t(`phones.name.${phone.kind}`, { user: phone.user, device: phone.device, defaultValue: phone.phone });
  const show = (phone: Phone, isSealed: boolean) => {
    setAdding(false);
    setBound({ phone, isSealed });
    renew();
  };
  const remove = (phone: Phone) =>
    ask(t("phones.remove_ask", { phone: nameOf(phone) }), t("phones.remove_what"), t("phones.remove"), () =>
      act.run(unbindPhone(id, phone.phone), renew, t("phones.removed", { phone: nameOf(phone) })));
  return (
    <section aria-label={t("phones.title")} data-testid="phones">
      <h4>{t("phones.title")}</h4>
      <ListState of={phones} empty={items.length === 0 && t("phones.none")} />
      <ul className="bindings">
        {items.map((phone) => (
          <li key={phone.phone}>
            <span>{nameOf(phone)}</span>
            <button type="button" className="button small" disabled={act.busy} aria-label={t("phones.remove_of", { phone: nameOf(phone) })} onClick={() => remove(phone)}>{t("phones.remove")}</button>
          </li>
        ))}
      </ul>
      <Outcome news={act.news} />
      {handset.state === "active" && !isAdding && !bound && (
        <p className="row-acts"><button type="button" className="button" onClick={() => setAdding(true)}>{t("phones.add")}…</button></p>
      )}
      {isAdding && <AddPhone handset={id} bound={items} onDone={show} onCancel={() => setAdding(false)} />}
      {bound && <PhoneShown handset={id} {...bound} onDone={() => setBound(null)} />}
    </section>
  );
}
