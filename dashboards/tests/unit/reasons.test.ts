import { describe, expect, it } from "vitest";
import { addressWithReason, giveReason } from "../../src/incident/reasons";

describe("the reason for looking at a closed incident", () => {
  giveReason("i-1", "复核 & 投诉");
  const reason = `reason=${encodeURIComponent("复核 & 投诉")}`;
  it.each([
    ["the incident", "GET", "/api/incidents/{id}", "http://x/api/incidents/i-1", "i-1", `http://x/api/incidents/i-1?${reason}`],
    ["a part of it", "GET", "/api/incidents/{id}/events", "http://x/e", "i-1", `http://x/e?${reason}`],
    ["a page that says what it wants", "GET", "/api/incidents/{id}/file", "http://x/f?part=file", "i-1", `http://x/f?part=file&${reason}`],
    ["one for which none was said", "GET", "/api/incidents/{id}", "http://x/api/incidents/i-2", "i-2", null],
    ["an act", "POST", "/api/incidents/{id}/reopen", "http://x/r", "i-1", null],
    ["a list", "GET", "/api/incidents", "http://x/l", "i-1", null],
    ["something else of that name", "GET", "/api/residents/{id}", "http://x/r", "i-1", null],
  ])("%s", (_what, method, route, url, incident, expected) => {
    expect(addressWithReason(method, route, url, incident)).toBe(expected);
  });
});
