/** Fences in some pasted GeoJSON: where each is, and what else is said of it, as the server writes it for other programs. Pure. */
import { isDrawable } from "./collection";
import { DAYS, draftOf, type FenceDraft, type Known, typedIn } from "./draft";
import { namesOther, shapesIn } from "./shapes";

type Thing = Record<string, unknown>;
const isThing = (value: unknown): value is Thing => typeof value === "object" && value !== null;
const isDay = (value: unknown): boolean => DAYS.some((day) => day === value);
const isWords = (value: unknown): value is string => typeof value === "string";

/** Hours as the form has them; of others it would save something else than was read. */
function isHours(value: unknown): boolean {
  if (!isThing(value)) return false;
  const { days, date, from, to, armed = true } = value;
  const isWhen = isWords(date) ? days === undefined : Array.isArray(days) && days.every(isDay);
  return isWhen && isWords(from) && isWords(to) && typeof armed === "boolean";
}

/** One feature that says that it is a fence; null where it says anything that the form cannot hold. */
function fenceIn(feature: unknown): Known | null {
  const properties = isThing(feature) ? feature["properties"] : null;
  if (!isThing(properties)) return null;
  const { name = "", kind, schedule = [], home_by = [], dwell_s = null, armed = true } = properties;
  const [shape, more] = shapesIn(feature);
  if (shape === undefined || more !== undefined || !isDrawable(shape)) return null;
  if (!isWords(name) || !(kind === "safe" || kind === "forbidden") || typeof armed !== "boolean" || !(dwell_s === null || typeof dwell_s === "number")) return null;
  if (!Array.isArray(schedule) || !schedule.every(isHours) || !Array.isArray(home_by) || !home_by.every(isWords)) return null;
  return { name, kind, shape, schedule, home_by, dwell_s, armed };
}

/** All fences in it; none where it is not read or names another datum, which is said of it as of any shape. */
export function fencesIn(text: string): Known[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  if (!isThing(value) || namesOther(value)) return [];
  const features: unknown[] = value["type"] === "FeatureCollection" && Array.isArray(value["features"]) ? value["features"] : [value];
  return features.flatMap((feature) => fenceIn(feature) ?? []);
}

/** A fence out of a file, drawn in its own way, with all that was said of it. A name that somebody gave stays; the datum of a file is chosen. */
export function takenFrom(draft: FenceDraft, fence: Known): Partial<FenceDraft> {
  const read = draftOf(fence);
  // What was pasted stays, for the next one in it.
  const text = read.how === "text" ? read.text : draft.text;
  return { ...read, text, name: draft.name.trim() === "" ? read.name : draft.name, typed: [...draft.typed.filter((how) => how !== read.how), read.how], drawn: draft.drawn, datum: "" };
}

/** What was pasted, or is in a file: a fence and nothing else is taken at once. */
export function pasted(draft: FenceDraft, text: string): Partial<FenceDraft> {
  const [fence, more] = fencesIn(text);
  return fence && more === undefined && !isSeveral(text) ? takenFrom(draft, fence) : typedIn(draft, { text });
}

const isSeveral = (text: string): boolean => shapesIn(JSON.parse(text)).length > 1;
