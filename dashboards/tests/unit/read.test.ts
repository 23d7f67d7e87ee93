/** Lists that come page after page. */
import { describe, expect, it } from "vitest";
import { readAll } from "../../src/api/read";

describe("all pages of a list", () => {
  it("are read up to the last", async () => {
    const asked: (string | undefined)[] = [];
    const pages: Record<string, { items: number[]; next?: string | null }> = {
      first: { items: [5, 4], next: "4" },
      "4": { items: [3, 2], next: "2" },
      "2": { items: [1], next: null },
    };
    const readPage = (cursor?: string) => {
      asked.push(cursor);
      return Promise.resolve(pages[cursor ?? "first"] ?? { items: [] });
    };
    expect(await readAll(readPage)).toEqual([5, 4, 3, 2, 1]);
    expect(asked).toEqual([undefined, "4", "2"]);
  });
});
