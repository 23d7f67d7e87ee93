/**
 * A resident's record as it is typed. Pure.
 *
 * What is sealed (numbers, telephones, the address) comes masked. A mask is never sent back: such a field starts empty, and
 * empty means that what is on record stays.
 */
import type { ContactRecord, ResidentCard, ResidentRecord } from "../api/types";
import { divisionCode } from "./division";
import { allOf, type Tags } from "./lists";

export const SEXES = ["female", "male"] as const;
export const HOUSEHOLDS = ["alone", "with_others"] as const;
export const ANSWERS = ["yes", "no"] as const;
export const SELF_CARE = ["full", "partial", "none"] as const;
export const SEALED = ["identity_number", "telephone", "address"] as const;

type OneOf<Words extends readonly string[]> = Words[number] | "";

export interface Sealed {
  typed: string;
  /** What is on record is to go. */
  isRemoved: boolean;
}

export interface ContactDraft {
  /** Tells rows apart while they change places. */
  key: number;
  name: string;
  relation: string;
  telephone: string;
  /** The telephone on record, as far as it is shown. */
  shown: string;
}

export interface Draft extends Record<(typeof SEALED)[number], Sealed> {
  id: string;
  name: string;
  sex: OneOf<typeof SEXES>;
  birth_date: string;
  household: OneOf<typeof HOUSEHOLDS>;
  cognitive: OneOf<typeof ANSWERS>;
  self_care: OneOf<typeof SELF_CARE>;
  conditions: Tags;
  allergies: Tags;
  division: string;
  lat: string;
  lon: string;
  /** Null: those on record stay as they are. */
  contacts: readonly ContactDraft[] | null;
}

const EMPTY: Sealed = { typed: "", isRemoved: false };

export const isMasked = (text: string): boolean => text.includes("***");

export const emptyContact = (key: number): ContactDraft => ({ key, name: "", relation: "", telephone: "", shown: "" });

/** A new record. Whoever keeps a part of the district enters people there. */
export function emptyDraft(scope: string | null): Draft {
  return {
    id: "", name: "", sex: "", birth_date: "", household: "", cognitive: "", self_care: "", conditions: { list: [], typed: "" }, allergies: { list: [], typed: "" },
    division: scope ?? "", lat: "", lon: "", identity_number: EMPTY, telephone: EMPTY, address: EMPTY, contacts: [emptyContact(0)],
  };
}

/** One of the words that are known here; of a later server's word nothing, so that somebody chooses. */
const known = <Words extends readonly string[]>(words: Words, word: string): OneOf<Words> => (words.includes(word) ? (word as Words[number]) : "");

export function draftOf(card: ResidentCard): Draft {
  return {
    ...emptyDraft(null), name: card.name, sex: known(SEXES, card.sex), birth_date: card.birth_date, household: card.lives_alone ? "alone" : "with_others",
    cognitive: card.cognitive_impairment ? "yes" : "no", self_care: known(SELF_CARE, card.self_care), conditions: { list: card.conditions, typed: "" },
    allergies: { list: card.allergies, typed: "" }, division: card.division ?? "", contacts: null,
  };
}

/** The contacts on record, to be changed: a telephone that is masked is to be typed again. */
export function contactsOf(card: ResidentCard): ContactDraft[] {
  const inOrder = [...card.contacts].sort((left, right) => left.order - right.order);
  return inOrder.map(({ name, relation, telephone }, key) => ({ key, name, relation, telephone: isMasked(telephone) ? "" : telephone, shown: telephone }));
}

/** A row in which nothing stands says nothing. */
export const isEmptyContact = ({ name, relation, telephone }: ContactDraft): boolean => [name, relation, telephone].every((words) => words.trim() === "");

/** A number as it was typed, in the wide digits of a Chinese keyboard too; null where none stands. */
export function numberOf(typed: string): number | null {
  const text = typed.normalize("NFKC").replace("。", ".").trim();
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

function sealedOf({ typed, isRemoved }: Sealed): string | null {
  if (isRemoved) return "";
  return typed.trim() === "" ? null : typed.trim();
}

const contactOf = ({ name, relation, telephone }: ContactDraft): ContactRecord => ({ name: name.trim(), relation: relation.trim(), telephone: telephone.trim() });

/** As it is sent, once nothing is wrong with it. Null leaves what is on record as it is. */
export function recordOf(draft: Draft): ResidentRecord {
  const [lat, lon] = [numberOf(draft.lat), numberOf(draft.lon)];
  const division = divisionCode(draft.division);
  return {
    id: draft.id.trim() || null,
    name: draft.name.trim(),
    sex: draft.sex,
    birth_date: draft.birth_date,
    lives_alone: draft.household === "alone",
    cognitive_impairment: draft.cognitive === "yes",
    self_care: draft.self_care,
    conditions: allOf(draft.conditions),
    allergies: allOf(draft.allergies),
    home: lat === null || lon === null ? null : { lat, lon },
    division: division === "" ? null : division,
    identity_number: sealedOf(draft.identity_number),
    telephone: sealedOf(draft.telephone),
    address: sealedOf(draft.address),
    contacts: draft.contacts?.filter((contact) => !isEmptyContact(contact)).map(contactOf) ?? null,
  };
}
