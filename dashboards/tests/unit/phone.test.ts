/** Telephones in place of a handset: what is set in their apps. */
import { describe, expect, it } from "vitest";
import { isPassphrase, isPhoneName, osmandAddress, osmandServer, ownTracksAddress, ownTracksLink, ownTracksSettings, traccarLink } from "../../src/phone/setup";

const ORIGIN = "https://jujiale.example.org";
const setup = { origin: ORIGIN, handset: "gps-1", user: "奶奶", device: "小米 13" };

describe("an OwnTracks app", () => {
  it("has a user and a device that can stand in a topic", () => {
    for (const name of ["a", "gps-0001", "奶奶", "小米 13", "x".repeat(100)]) expect(isPhoneName(name)).toBe(true);
    for (const name of ["", "a/b", "a+", "#", "a\n", "x".repeat(101), "奶".repeat(34)]) expect(isPhoneName(name)).toBe(false);
  });

  it("seals with a key of at most 32 bytes, or not at all", () => {
    for (const key of ["", "x".repeat(32), "奶奶"]) expect(isPassphrase(key)).toBe(true);
    for (const key of ["x".repeat(33), "奶".repeat(11)]) expect(isPassphrase(key)).toBe(false);
  });

  it("posts to an address that says which phone it is", () => {
    expect(ownTracksAddress(setup)).toBe(`${ORIGIN}/owntracks?u=%E5%A5%B6%E5%A5%B6&d=%E5%B0%8F%E7%B1%B3%2013`);
  });

  it("is set up by a link, whatever letters its name has", () => {
    const link = ownTracksLink({ ...setup, secret: "s+/=" });
    expect(link).toMatch(/^owntracks:\/\/\/config\?inline=[A-Za-z0-9%]+$/);
    const base64 = new URL(link.replace("owntracks:///", "https://x/")).searchParams.get("inline") ?? "";
    const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
    expect(JSON.parse(new TextDecoder().decode(bytes))).toEqual({
      _type: "configuration", mode: 3, url: ownTracksAddress(setup), auth: true, username: "gps-1", password: "s+/=", deviceId: "小米 13", tid: "13", cmd: true, monitoring: 1,
    });
  });

  it("keeps its password where none is given", () => {
    expect(ownTracksSettings(setup)).not.toHaveProperty("password");
  });
});

describe("OsmAnd and Traccar Client", () => {
  it("show nothing but their id", () => {
    expect(osmandServer(ORIGIN)).toBe(`${ORIGIN}/osmand`);
    expect(traccarLink(ORIGIN, "0a1b")).toBe(`${ORIGIN}/osmand?id=0a1b`);
  });

  it("are told apart: OsmAnd says how exact it is in metres, and no speed", () => {
    expect(osmandAddress(ORIGIN, "0a1b")).toBe(`${ORIGIN}/osmand?id=0a1b&lat={0}&lon={1}&timestamp={2}&accuracy={3}`);
  });
});
