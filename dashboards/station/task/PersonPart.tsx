/** Who it is: what a helper must know, and whom to ring. Address and telephone stand at the top of the task. */
import { useTranslation } from "react-i18next";
import type { ResidentCard } from "../../src/api/types";
import { Telephone } from "./Telephone";
import type { CardQuery } from "./useCard";

export function PersonPart({ card }: { card: CardQuery }) {
  const { t } = useTranslation();
  return (
    <section className="part" data-testid="person">
      <h4>{t("person.title")}</h4>
      {card.isLoading && <p role="status" className="muted">{t("person.loading")}</p>}
      {card.isError && <p role="alert">{t("person.failed")} <button type="button" className="button big" onClick={() => void card.refetch()}>{t("person.retry")}</button></p>}
      {card.data && <Card card={card.data} />}
    </section>
  );
}

function Card({ card }: { card: ResidentCard }) {
  const { t } = useTranslation();
  const inOrder = [...card.contacts].sort((left, right) => left.order - right.order);
  return (
    <>
      <p>{[t(`person.${card.sex}`), card.age != null && t("person.age", { n: card.age })].filter(Boolean).join(" · ")}</p>
      <p className="tags">
        {card.cognitive_impairment && <span className="badge bad">{t("person.cognitive")}</span>}
        <span className={card.lives_alone ? "badge warn" : "badge"}>{t(card.lives_alone ? "person.lives_alone" : "person.with_others")}</span>
        <span className={card.self_care === "full" ? "badge" : "badge warn"}>{t("person.self_care", { words: t(`person.${card.self_care}`) })}</span>
      </p>
      <dl className="pairs">
        <dt>{t("person.allergies")}</dt><dd className={card.allergies.length > 0 ? "allergy" : ""}>{card.allergies.join("、") || t("person.unknown")}</dd>
        <dt>{t("person.conditions")}</dt><dd>{card.conditions.join("、") || t("person.unknown")}</dd>
        {!card.telephone && <><dt>{t("person.telephone")}</dt><dd>{t("person.no_telephone")}</dd></>}
      </dl>
      <h4>{t("person.contacts")}</h4>
      {inOrder.length === 0 && <p className="muted">{t("person.no_contacts")}</p>}
      <ol className="contacts">
        {inOrder.map((contact) => (
          <li key={`${contact.order}${contact.telephone}`}>
            <span>{contact.name} <small className="muted">{contact.relation}</small></span> <Telephone number={contact.telephone} who={contact.name} />
          </li>
        ))}
      </ol>
    </>
  );
}
