/** What is set in a telephone's app so that it stands in for a handset. Pure. */

/** A level of a topic; the server has the last word. */
const NAME_BYTES = 100;
/** The key that a message is sealed with. */
const PASSPHRASE_BYTES = 32;

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Whether an OwnTracks app can have this as its user or its device. */
export function isPhoneName(text: string): boolean {
  const { length } = bytesOf(text);
  return length > 0 && length <= NAME_BYTES && !/[/+#\p{Cc}]/u.test(text);
}

/** Whether an OwnTracks app can seal with this; nothing is no key, and the messages stay open. */
export const isPassphrase = (text: string): boolean => bytesOf(text).length <= PASSPHRASE_BYTES;

/** Where OsmAnd and Traccar Client report to. */
export const osmandServer = (origin: string): string => `${origin}/osmand`;

/** Traccar Client reads this as a QR code, and has its server and its id from it. */
export const traccarLink = (origin: string, id: string): string => `${osmandServer(origin)}?id=${encodeURIComponent(id)}`;

/** The address for OsmAnd. The number 3 is its accuracy in metres; its speed would be in another unit than the server takes. */
export const osmandAddress = (origin: string, id: string): string => `${traccarLink(origin, id)}&lat={0}&lon={1}&timestamp={2}&accuracy={3}`;

export interface OwnTracksSetup {
  origin: string;
  handset: string;
  /** Absent: it is typed into the app. */
  secret?: string;
  user: string;
  device: string;
}

/** Where an OwnTracks app in HTTP mode posts to. */
export function ownTracksAddress({ origin, user, device }: OwnTracksSetup): string {
  return `${origin}/owntracks?u=${encodeURIComponent(user)}&d=${encodeURIComponent(device)}`;
}

/** Its settings, as a file it imports. */
export function ownTracksSettings(setup: OwnTracksSetup): Record<string, unknown> {
  return {
    _type: "configuration", mode: 3, url: ownTracksAddress(setup),
    auth: true, username: setup.handset, ...(setup.secret === undefined ? {} : { password: setup.secret }),
    deviceId: setup.device, tid: trackerId(setup.device), cmd: true, monitoring: 1,
  };
}

/** The same as a link that the app opens, also out of a QR code. */
export function ownTracksLink(setup: OwnTracksSetup): string {
  const base64 = btoa(Array.from(bytesOf(JSON.stringify(ownTracksSettings(setup))), (byte) => String.fromCharCode(byte)).join(""));
  return `owntracks:///config?inline=${encodeURIComponent(base64)}`;
}

/** Two signs on the app's own map. */
const trackerId = (device: string): string => Array.from(device).slice(-2).join("");
