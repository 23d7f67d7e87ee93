/** What is looked for and looked after beside the desk. */
import { describe, expect, it } from "vitest";
import { byAccount, withAccount } from "../../src/account/sessions";
import type { OwnSession } from "../../src/api/types";
import { searchOf } from "../../src/audit/search";
import { READ_AGAIN_MS, readAgainAfter } from "../../src/fence/watched";
import { hasDesk } from "../../src/session/home";
import { at } from "./make";

describe("a search in the audit log", () => {
  it("has whole days of the district, the last one among them", () => {
    expect(searchOf({ from: "2026-11-22", to: "2026-11-23" })).toEqual({ from: "2026-11-21T16:00:00.000Z", to: "2026-11-23T16:00:00.000Z" });
  });
  it("leaves out what was not typed", () => {
    expect(searchOf({ resident: " r-0007 ", username: "", from: "", to: " " })).toEqual({ resident: "r-0007" });
  });
  it("takes no day that is none", () => {
    expect(["2026-02-30", "23.11.2026", "yesterday"].map((from) => searchOf({ from }))).toEqual([null, null, null]);
  });
});

describe("log-ins by account", () => {
  const session = (id: string, username: string, source = "127.0.0.1"): OwnSession => ({ id, username, since: at(0), source, agent: "", locked: false, own: false });
  const all = [session("3", "station"), session("2", "limin", "10.0.0.7"), session("1", "station", "10.0.0.9")];
  const found = (words: string) => byAccount(all, words).map(({ username, sessions }) => [username, sessions.map(({ id }) => id).join("")]);
  it("are in the order of the names, and as they came", () => expect(found("")).toEqual([["limin", "2"], ["station", "31"]]));
  it("are found by name or address", () => {
    expect(found(" STA ")).toEqual([["station", "31"]]);
    expect(found("10.0")).toEqual([["limin", "2"], ["station", "1"]]);
    expect(found("nobody")).toEqual([]);
  });
  it("of an account that was asked for by name are the whole of it, however old, and none where it has none", () => {
    const asked = (username: string, ...theirs: OwnSession[]) => byAccount(withAccount(all, username, theirs), "").map(({ username: name, sessions }) => [name, sessions.map(({ id }) => id).join("")]);
    expect(asked("wang", session("0", "wang"))).toEqual([["limin", "2"], ["station", "31"], ["wang", "0"]]);
    expect(asked("station", session("3", "station"), session("0", "station"))).toEqual([["limin", "2"], ["station", "30"]]);
    expect(asked("station")).toEqual([["limin", "2"]]);
    expect(asked("sta")).toEqual([["limin", "2"], ["station", "31"]]);
  });
});

describe("fences on a screen", () => {
  it("are read again while an incident is the reason, and never where somebody gave one or was refused", () => {
    expect([readAgainAfter("", true), readAgainAfter("核对", true), readAgainAfter("", false)]).toEqual([READ_AGAIN_MS, false, false]);
  });
});

describe("a desk", () => {
  it("is for those who follow what happens now", () => {
    expect((["operator", "supervisor", "admin", "auditor", "service", "station", "relative"] as const).filter(hasDesk)).toEqual(["operator", "supervisor", "admin"]);
  });
});
