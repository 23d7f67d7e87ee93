/** A file of many areas, such as a map office gives: read feature by feature, and sent one by one. Pure but for what it is given. */
import type { Answered } from "../api/account";
import type { LonLat } from "../geo/metres";
import { type Drawn, namesOther, saysOther, type Shape, shapesIn } from "./shapes";

/** Why a feature cannot become a zone, as far as can be seen without asking the server. */
export type FeatureFault = "nothing" | "no_area" | "several" | "coordinates" | "datum";

export interface Candidate {
  key: number;
  name: string;
  shape: Shape | null;
  fault: FeatureFault | null;
  /** There is a zone of this name already, or one before it in the file. */
  isKnown: boolean;
  /** Seconds inside before it is told, where the file says it. */
  dwell_s: number | null;
}

/** Where a name may stand, in the order in which it is looked for. */
const NAMES = ["name", "name:zh", "名称", "NAME", "Name"];

/** Each feature of a file. One without a name is called by the file and its place in it. */
export function candidatesOf(text: string, file: string, known: readonly string[]): Candidate[] | "unreadable" | "none" {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "unreadable";
  }
  const features = featuresIn(value);
  const taken = new Set(known);
  // What a whole file says of its datum it says of each of its features.
  const isOther = saysOther(value);
  const found = features.map((feature, n): Candidate => {
    const name = nameOf(feature) ?? `${file.replace(/\.\w+$/, "")} ${n + 1}`;
    const isKnown = taken.has(name);
    taken.add(name);
    const ofShape = isOther || namesOther(feature) ? { shape: null, fault: "datum" as const } : shapeOf(feature);
    return { key: n, name, isKnown, dwell_s: dwellOf(feature), ...ofShape };
  });
  return found.length === 0 ? "none" : found;
}

const isThing = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function featuresIn(value: unknown): unknown[] {
  if (!isThing(value)) return [];
  if (value["type"] === "FeatureCollection") return Array.isArray(value["features"]) ? value["features"] : [];
  return typeof value["type"] === "string" ? [value] : [];
}

const propertiesOf = (feature: unknown): Record<string, unknown> => (isThing(feature) && isThing(feature["properties"]) ? feature["properties"] : {});

function dwellOf(feature: unknown): number | null {
  const { dwell_s } = propertiesOf(feature);
  return typeof dwell_s === "number" ? dwell_s : null;
}

function nameOf(feature: unknown): string | null {
  const properties = propertiesOf(feature);
  const names = NAMES.map((key) => properties[key]).filter((name) => typeof name === "string");
  return names.map((name) => name.trim()).find((name) => name !== "") ?? null;
}

function shapeOf(feature: unknown): Pick<Candidate, "shape" | "fault"> {
  const [shape, more] = shapesIn(feature);
  if (shape === undefined) return { shape: null, fault: isThing(feature) && (isThing(feature["geometry"]) || "coordinates" in feature) ? "no_area" : "nothing" };
  if (more !== undefined) return { shape: null, fault: "several" };
  return isDrawable(shape) ? { shape, fault: null } : { shape: null, fault: "coordinates" };
}

const isPosition = (value: unknown): value is LonLat => {
  const [lon, lat]: unknown[] = Array.isArray(value) ? value : [];
  return typeof lon === "number" && typeof lat === "number" && Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
};
const isListOf = (each: (value: unknown) => boolean) => (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(each);
const isLine = isListOf(isPosition);
const isRings = isListOf(isLine);

/** What is drawn on the map must have positions that are some; whether it can be a zone the server says. */
export function isDrawable(shape: Shape): boolean {
  switch (shape.type) {
    case "Circle": return isPosition(shape.center) && Number.isFinite(shape.radius_m);
    case "Corridor": return isLine(shape.line) && Number.isFinite(shape.width_m);
    case "Polygon": return isRings(shape.coordinates);
    case "MultiPolygon": return isListOf(isRings)(shape.coordinates);
  }
}

/** What is sent if nobody says otherwise: all that can be, but for what there is already. */
export const chosenAtFirst = (candidates: readonly Candidate[]): Set<number> =>
  new Set(candidates.filter(({ fault, isKnown }) => fault === null && !isKnown).map(({ key }) => key));

/** On the map beside the zones there are: grey, for they do not alarm yet. */
export const candidatesDrawn = (candidates: readonly Candidate[]): Drawn[] =>
  candidates.flatMap(({ key, name, shape }) => (shape ? [{ id: `file-${key}`, name, kind: "forbidden" as const, armed: false, shape }] : []));

/** What became of one that was sent: taken, or not, or nobody knows. */
export type Fate = "added" | "unsure" | "failed";

/** Whoever counts what nobody knows as not taken adds it twice. */
export function tallyOf(sent: number, fates: readonly Fate[]): Record<Fate | "left", number> {
  const of = (fate: Fate) => fates.filter((each) => each === fate).length;
  return { added: of("added"), unsure: of("unsure"), failed: of("failed"), left: sent - fates.length };
}

/** How the sending ended: to its end, as somebody wanted, or since nothing more could come of it. */
export type Ending = "done" | "stopped" | "unreached" | "shut_out";

interface Sending {
  post(candidate: Candidate): Promise<Answered<unknown>>;
  told(candidate: Candidate, answer: Answered<unknown>): void;
  isStopped(): boolean;
  pause(ms: number): Promise<void>;
}

/** Without a session, or the right, or an unlocked screen, the next is refused too. */
const SHUT_OUT: ReadonlySet<number> = new Set([401, 403, 423]);
/** So often one is sent again that came too fast. */
const TURNS_AT_MOST = 5;

/** One after the other: whoever sends hundreds at once is told to wait, and an answer belongs to its feature. */
export async function sendEach(candidates: readonly Candidate[], { post, told, isStopped, pause }: Sending): Promise<Ending> {
  for (const candidate of candidates) {
    if (isStopped()) return "stopped";
    let answer = await post(candidate);
    for (let turn = 1; turn < TURNS_AT_MOST && answer.kind === "refused" && answer.status === 429; turn += 1) {
      await pause((answer.retry_after_s ?? 1) * 1_000);
      if (isStopped()) return "stopped";
      answer = await post(candidate);
    }
    told(candidate, answer);
    if (answer.kind === "unreached") return "unreached";
    if (answer.kind === "refused" && SHUT_OUT.has(answer.status)) return "shut_out";
  }
  return "done";
}
