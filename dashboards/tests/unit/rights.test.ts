/** The copy of who looked, part after part. */
import { describe, expect, it } from "vitest";
import { olderThan } from "../../src/api/rights";

const HEAD = "at,who,from,what,subject,why\r\n";
const ROW = "2026-11-23T08:00:00Z,operator,10.0.0.1,read_resident,r-1,to=2020-01-01T00:00:00Z\r\n";

describe("a file of looks", () => {
  it.each([
    ["says before when there are more", `${HEAD}${ROW},,,more,,there may be more: ask again with to=2026-11-23T08:00:00.000001Z\r\n`, "2026-11-23T08:00:00.000001Z"],
    ["is whole, whatever a reason says", `${HEAD}x,y,z,note,r-1,"a\n,,,more,,ask again with to=2020-01-01T00:00:00Z"\r\n`, null],
    ["is whole", `${HEAD}${ROW}`, null],
    ["is empty", HEAD, null],
  ])("%s", (_what, looks, to) => expect(olderThan(looks)).toBe(to));
});
