/** What is wrong with a record, by its field: before it is sent, and in the words of a server that refused it. Pure. */
import { divisionCode, divisionLevel, liesIn } from "./division";
import { type ContactDraft, type Draft, isEmptyContact, isMasked, numberOf, SEALED } from "./draft";
import { allOf } from "./lists";

/** Characters of a short and of a long field, and how many of a list: the server's own figures, and it has the last word. */
const SHORT = 100;
const LONG = 1_000;
const SOME = 20;
const FIRST_YEAR = "1900-01-01";

/** A field has a name of the API's, of a contact with its place: `contacts.0.telephone`. */
export type Field = string;

export interface Fault {
  kind: "needed" | "again" | "long" | "many" | "sign" | "date" | "division" | "elsewhere" | "home" | "masked" | "id" | "taken" | "other";
  values?: Record<string, unknown>;
}

export type Faults = Readonly<Record<Field, Fault>>;

const charactersOf = (text: string) => [...text.trim()].length;

/** A home in China, so that north and east cannot change places unseen. */
const isPlace = (lat: number | null, lon: number | null) => lat !== null && lon !== null && lat >= 3 && lat <= 54 && lon >= 73 && lon <= 136;

function contactFaults(contacts: readonly ContactDraft[]): Record<Field, Fault> {
  const faults: Record<Field, Fault> = {};
  contacts.forEach((contact, n) => {
    if (isEmptyContact(contact)) return;
    for (const part of ["name", "relation", "telephone"] as const) {
      const [words, field] = [contact[part], `contacts.${n}.${part}`];
      if (words.trim() === "") faults[field] = { kind: part === "telephone" && contact.shown !== "" ? "again" : "needed" };
      else if (charactersOf(words) > SHORT) faults[field] = { kind: "long", values: { n: SHORT } };
      else if (part === "telephone" && isMasked(words)) faults[field] = { kind: "masked" };
    }
  });
  if (contacts.length > SOME) faults.contacts = { kind: "many", values: { n: SOME } };
  return faults;
}

/** `today` as `YYYY-MM-DD`; `scope` is that of whoever enters it. */
export function faultsOf(draft: Draft, scope: string | null, today: string): Faults {
  const faults: Record<Field, Fault> = {};
  if (draft.id.trim() !== "" && !/^[A-Za-z0-9._:-]{1,64}$/.test(draft.id.trim())) faults.id = { kind: "id" };
  if (draft.name.trim() === "") faults.name = { kind: "needed" };
  if (charactersOf(draft.name) > SHORT) faults.name = { kind: "long", values: { n: SHORT } };
  if (draft.birth_date === "") faults.birth_date = { kind: "needed" };
  else if (draft.birth_date < FIRST_YEAR || draft.birth_date > today) faults.birth_date = { kind: "date" };
  for (const field of ["sex", "household", "cognitive", "self_care"] as const) if (draft[field] === "") faults[field] = { kind: "needed" };
  for (const field of ["conditions", "allergies"] as const) {
    const words = allOf(draft[field]);
    if (words.length > SOME) faults[field] = { kind: "many", values: { n: SOME } };
    else if (words.some((each) => charactersOf(each) > SHORT)) faults[field] = { kind: "long", values: { n: SHORT } };
  }
  const division = divisionCode(draft.division);
  if (division !== "" && divisionLevel(division) === null) faults.division = { kind: "division" };
  else if (scope !== null && !liesIn(scope, division)) faults.division = { kind: "elsewhere", values: { scope } };
  const hasPlace = draft.lat.trim() !== "" || draft.lon.trim() !== "";
  if (hasPlace && !isPlace(numberOf(draft.lat), numberOf(draft.lon))) faults.home = { kind: "home" };
  for (const field of SEALED) {
    const { typed, isRemoved } = draft[field];
    const n = field === "address" ? LONG : SHORT;
    if (isRemoved) continue;
    if (isMasked(typed)) faults[field] = { kind: "masked" };
    else if (charactersOf(typed) > n) faults[field] = { kind: "long", values: { n } };
  }
  return { ...faults, ...contactFaults(draft.contacts ?? []) };
}

/** What is left once these parts of the draft were typed anew. */
export function withoutThose(faults: Faults, changed: readonly string[]): Faults {
  const fields = changed.map((name) => (name === "lat" || name === "lon" ? "home" : name));
  return Object.fromEntries(Object.entries(faults).filter(([field]) => !fields.includes(field.split(".")[0] ?? field)));
}

/** The names the server calls fields by, and where they stand in the form. */
const SERVER_FIELDS: Readonly<Record<string, Field>> = {
  id: "id", name: "name", sex: "sex", birth_date: "birth_date", lives_alone: "household", cognitive_impairment: "cognitive", self_care: "self_care", conditions: "conditions",
  allergies: "allergies", home: "home", division: "division", identity_number: "identity_number", telephone: "telephone", address: "address", contacts: "contacts",
  "contacts.name": "contacts", "contacts.relation": "contacts", "contacts.telephone": "contacts",
};

/** Which field a refusal is about; null where it names none that is known here. */
function fieldIn(detail: string): Field | null {
  const first = /^([a-z_]+(?:\.[a-z_]+)?)\b/.exec(detail)?.[1] ?? "";
  if (first in SERVER_FIELDS) return SERVER_FIELDS[first] ?? null;
  return /\bdivision\b/.test(detail) ? "division" : null;
}

/** A refusal by the server, at the field it is about. Words that are not known are shown as they are. */
export function faultSaid(code: string, detail: string): Faults | null {
  if (code === "id_taken") return { id: { kind: "taken" } };
  const field = fieldIn(detail);
  if (code !== "unprocessable" || field === null) return null;
  const n = Number(/at most (\d+)/.exec(detail)?.[1] ?? Number.NaN);
  if (detail.includes("must say something")) return { [field]: { kind: "needed" } };
  if (/at most \d+ characters/.test(detail)) return { [field]: { kind: "long", values: { n } } };
  if (/at most \d+$/.test(detail)) return { [field]: { kind: "many", values: { n } } };
  if (detail.includes("control character")) return { [field]: { kind: "sign" } };
  const scope = /account is for (\d+)/.exec(detail)?.[1];
  if (scope !== undefined) return { [field]: { kind: "elsewhere", values: { scope } } };
  if (field === "birth_date") return { [field]: { kind: "date" } };
  if (field === "home") return { [field]: { kind: "home" } };
  if (field === "division") return { [field]: { kind: "division" } };
  if (field === "id") return { [field]: { kind: "id" } };
  return { [field]: { kind: "other", values: { detail } } };
}
