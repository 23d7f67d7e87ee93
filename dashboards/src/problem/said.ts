/**
 * What the server says about something it did not take, in the words of this page.
 *
 * The server speaks English to programs; each of its sentences that somebody at a desk can bring about has one here. One that is
 * not known is null, and whoever asks decides whether to show it as it came. Pure.
 */
import type { Translate } from "../time/format";

type Values = Record<string, string | number>;
type Rule = readonly [sentence: RegExp, key: string, names?: readonly string[]];

/** In the order in which they are tried; what stands in brackets is named in order. `rest` is a sentence of its own. */
const RULES: readonly Rule[] = [
  [/^shape: (.+)$/s, "", ["rest"]],
  [/^its shape cannot be used: (.+)$/s, "", ["rest"]],
  [/^schedule, entry (\d+), cannot be used: (.+)$/s, "entry", ["n", "rest"]],
  [/^home_by, time (\d+), cannot be used: (.+)$/s, "home_by", ["n", "rest"]],
  [/^"(.*)" is no time of day from 00:00 to 24:00$/s, "time", ["words"]],
  [/^"(.*)" is no day; /s, "day", ["words"]],
  [/^"(.*)" is no date like /s, "date", ["words"]],
  [/^an entry names either days or a date$/, "neither"],
  [/^an entry from (\S+) to \S+ is empty; /, "nothing", ["from"]],
  [/^([a-z_]+) must say something$/, "needed", ["field"]],
  [/^([a-z_]+) has at most (\d+) characters$/, "long", ["field", "n"]],
  [/^([a-z_]+) holds a control character$/, "sign", ["field"]],
  [/^([a-z_]+) is one of: /, "one_of", ["field"]],
  [/^([a-z_]+) must be (\d+) to (\d+)$/, "range", ["field", "least", "most"]],
  [/^([a-z_]+) is \S+?; it is (?:a number of seconds )?from (\d+(?:\.\d+)?) to (\d+(?:\.\d+)?)(?: seconds)?$/, "range", ["field", "least", "most"]],
  [/^a resident has at most (\d+) fences$/, "many_fences", ["n"]],
  [/^there are at most (\d+) zones$/, "many_zones", ["n"]],
  [/^schedule and home_by have at most (\d+) entries each$/, "many_entries", ["n"]],
  [/^position (\d+) cannot be one /, "coordinate", ["n"]],
  [/^somebody else was faster; /, "faster"],
  [/^there is nothing in it$/, "empty"],
  [/^a (?:ring|corridor's line) needs at least \w+ \w+.*; this has (\d+)$/, "few_positions", ["n"]],
  [/^ring (\d+) is open: /, "open", ["n"]],
  [/^ring (\d+) encloses no surface$/, "flat", ["n"]],
  [/^it crosses itself near (\S+), (\S+)$/, "crosses", ["lat", "lon"]],
  [/^ring (\d+) is a hole and must lie within ring (\d+), /, "hole_outside", ["n", "outer"]],
  [/^ring (\d+) lies within ring (\d+), /, "hole_within", ["n", "other"]],
  [/^polygon (\d+) lies within polygon (\d+) /, "polygon_within", ["n", "other"]],
  [/^it has (\d+) positions, (\d+) are the most; /, "many_positions", ["n", "most"]],
  [/^a (?:fence|zone) has at most (\d+) positions in (\d+) bytes; /, "too_large", ["most", "bytes"]],
  [/^it is (\d+) km wide, (\d+) km are the most; /, "large", ["n", "most"]],
  [/^it reaches over half of the earth; /, "date_line"],
  [/^(\w+) is (\S+) m; it must be a number from (\S+) m on$/, "small", ["field", "n", "least"]],
  [/^coordinates must be WGS-84, /, "wgs84"],
  [/^these look like (GCJ-02|BD-09): /, "datum", ["name"]],
  [/^this is no Circle, Polygon, /, "not_a_shape"],
  [/^an absence ends after it begins, later than now and within (\d+) days$/, "absence", ["n"]],
  [/^this telephone cannot be asked that; /, "cannot_be_asked"],
  [/^a handset is asked where it is only while an incident about its resident is open$/, "only_in_need"],
  [/^given_at is in the future$/, "given_at"],
  [/^quarter is a year and one of four quarters, /, "quarter"],
  [/^there is no such handset$/, "no_handset"],
  [/^too many requests; ask again in (\d+) s$/, "too_fast", ["n"]],
  [/^this account is no relative's; /, "no_relative"],
  [/^this invitation is for an account of its own$/, "own_account"],
  // What stays of somebody who was erased, and why.
  [/^incidents without the person: /, "stays_incidents"],
  [/^the audit log: /, "stays_audit"],
  [/^consents without names: /, "stays_consents"],
  [/^what handsets said of themselves /, "stays_handsets"],
  [/^positions of the last hours /, "stays_positions"],
];

function valuesOf(found: RegExpExecArray, names: readonly string[]): Values {
  return Object.fromEntries(names.map((name, n) => [name, found[n + 1] ?? ""]));
}

/** Null: a sentence that is not known here. */
export function saidWords(detail: string, t: Translate): string | null {
  for (const [sentence, key, names = []] of RULES) {
    const found = sentence.exec(detail);
    if (!found) continue;
    const { rest = null, field = null, ...values } = valuesOf(found, names);
    const after = rest === null ? "" : saidWords(String(rest), t);
    if (key === "") return after;
    const own = t(`said.${key}`, { ...values, ...(field === null ? {} : { field: t(`said.field.${field}`, { defaultValue: field }) }) });
    return after ? own + t("said.and") + after : own;
  }
  return null;
}
