/** What is known of somebody beside the record: every fall that was reported, whether the handset speaks. Each look at it is somebody's. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import mqtt from "mqtt";
import { assertGood, openDesk, residentOf, startBrowser, startPlatform } from "./harness.mjs";

let platform;
let browser;
before(async () => { platform = await startPlatform(); browser = await startBrowser(); });
after(async () => { await browser?.close(); await platform?.stop(); });

/** The handset's own word that its wearer fell, without anything to judge it by: raised at once. */
async function falls(handset) {
  const client = await mqtt.connectAsync(`mqtt://${platform.mqtt}`, { username: handset, password: handset, clientId: `falls-${handset}`, reconnectPeriod: 0 });
  await client.publishAsync(`jjl/${handset}/fall`, JSON.stringify({ fall_id: `fall-${handset}`, boot: "fall", seq: 1, at: new Date().toISOString(), fix: null, samples: null }), { qos: 1 });
  await client.endAsync();
}

for (const [language, width, height, handset] of [["zh-Hans", 1400, 900, "demo-0160"], ["en", 412, 915, "demo-0161"]]) {
  test(`a fall stands in the list, and its list is read when somebody wants it, ${language} at ${width}×${height}`, async () => {
    const looks = [];
    const onPage = (page) => page.on("request", (request) => { if (/\/falls(\?|$)/.test(request.url())) looks.push(request.url()); });
    const desk = await openDesk(browser, platform, { width, height, language, username: "operator", onPage });
    const { page } = desk;
    const { name } = await residentOf(desk, handset);
    await falls(handset);
    await desk.row(name).locator(".row-main").click();
    const list = page.getByTestId("falls");
    await list.waitFor();
    assert.equal(looks.length, 0, "nobody looked yet");
    await list.getByRole("button", { name: /^(跌倒记录|Falls)$/ }).click();
    const fall = list.locator(".fall-list > li").first();
    await fall.getByText(/^(已报警|Raised)$/).waitFor();
    assert.equal(await fall.getAttribute("data-raised"), "true");
    await list.scrollIntoViewIfNeeded();
    await assertGood(page, "falls that were reported");
    await desk.picture(`falls-${width}`);
    assert.equal(looks.length, 1);
    assert.deepEqual(desk.faults, []);
    await desk.context.close();
  });

  test(`a handset that is silent is told of on the card, ${language} at ${width}×${height}`, async () => {
    const now = Date.now();
    const link = { link: "offline", link_since: new Date(now - 3 * 3_600_000).toISOString(), battery_empty_at: new Date(now + 3_600_000).toISOString() };
    const onPage = (page) => page.route(/\/api\/residents\/[^/]+\/policy(\?|$)/, async (route) => {
      const answer = await route.fetch();
      return route.fulfill({ response: answer, json: { ...(await answer.json()), ...link } });
    });
    const desk = await openDesk(browser, platform, { width, height, language, username: "operator", onPage });
    const { page } = desk;
    const { name } = await residentOf(desk, handset);
    await desk.row(name).locator(".row-main").click();
    const watching = page.getByTestId("watching");
    await watching.getByText(/终端离线，已 3小时|handset is offline, for 3/).waitFor();
    await watching.getByText(/电量预计 .*用完|battery empty at about/).waitFor();
    await assertGood(page, "a handset that is offline");
    await desk.picture(`falls-${width}-offline`);
    assert.deepEqual(desk.faults, []);
    await desk.context.close();
  });
}
