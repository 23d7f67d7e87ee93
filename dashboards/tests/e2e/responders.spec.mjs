/** Who goes lets the desk see where they are: only when they say so, only while the task lasts, and the desk sees it on the map and in words. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertGood as assertDeskGood, openDesk, startBrowser, startPlatform, until } from "./harness.mjs";
import { assertGood, openOperator, openStation, PHONE, WITHIN_MS } from "./phones.mjs";

const FAR_AWAY = { latitude: 33.9750, longitude: 118.2769, accuracy: 15 };
const NEARER = { latitude: 33.9660, longitude: 118.2769, accuracy: 9 };
/** The page sends at most every ten seconds. */
const NEXT_MS = 15_000;

let platform;
let browser;
let operator;
before(async () => { platform = await startPlatform(); browser = await startBrowser(); operator = await openOperator(platform); });
after(async () => { await operator?.dispose(); await browser?.close(); await platform?.stop(); });

const agreed = async (phone) => (await (await phone.context.request.get("/api/me/position")).json()).agreed;

test("a responder is seen on the way, by their own consent, until they take it back or the task ends", async () => {
  const phone = await openStation(browser, platform);
  const { incident, task, name } = await operator.dispatch("demo-0007", "");
  const desk = await openDesk(browser, platform, { username: "operator", path: `/#/incidents/${incident.id}` });
  const row = desk.page.getByTestId("tasks").getByTestId("responder");
  const beside = desk.page.getByTestId("position").getByTestId("responder");
  const card = phone.card(name);
  const share = card.getByTestId("share");
  const toggle = share.getByRole("switch", { name: "向接警中心共享我的位置（仅本任务进行期间）" });
  await card.getByRole("button", { name: "接单" }).waitFor();
  assert.equal(await share.count(), 0, "nobody is asked before they took the task");
  await card.getByRole("button", { name: "接单" }).click();
  await phone.state(name, "acknowledged");
  assert.equal(await toggle.getAttribute("aria-checked"), "false");
  assert.equal(await agreed(phone), false);

  // The browser says no: that is said, and nothing stays agreed to.
  await toggle.click();
  await share.getByRole("alert").getByText(/浏览器不允许本页使用位置/).waitFor();
  await until("the consent to be taken back", async () => !(await agreed(phone)));
  await phone.page.locator("[data-testid=share][data-state=off]").waitFor();
  assert.equal(await toggle.getAttribute("aria-checked"), "false");
  await assertGood(phone.page, "refused by the browser");
  await share.scrollIntoViewIfNeeded();
  await phone.picture("responders-412-denied");

  await phone.context.grantPermissions(["geolocation"]);
  await phone.context.setGeolocation(FAR_AWAY);
  await toggle.click();
  await share.getByText("正在共享。").waitFor({ timeout: NEXT_MS });
  assert.equal(await toggle.getAttribute("aria-checked"), "true");
  assert.equal(await share.getByRole("alert").innerText(), "");
  await row.getByText(/幸福服务站（station） · 距老人直线约 1\.3 公里 · ±15 米 · \d+ ?秒前 · 粗估还要 \d+ ?分钟/).waitFor({ timeout: WITHIN_MS });
  await beside.getByText(/距老人直线约 1\.3 公里/).waitFor();
  await desk.page.locator('.map[data-ready="true"]').waitFor();
  assert.match(await desk.page.locator(".map").getAttribute("aria-label"), /幸福服务站 \d+ ?秒前/);
  await assertGood(phone.page, "sharing");
  await share.scrollIntoViewIfNeeded();
  await phone.picture("responders-412-sharing");
  await phone.page.setViewportSize({ width: 1400, height: 900 });
  await assertGood(phone.page, "sharing, wide");
  await phone.picture("responders-1400-sharing");
  await phone.page.setViewportSize(PHONE);
  await assertDeskGood(desk.page, "a responder under way");
  await row.scrollIntoViewIfNeeded();
  await desk.picture("responders-1400-row");
  await beside.scrollIntoViewIfNeeded();
  await desk.page.locator(".map").scrollIntoViewIfNeeded();
  await desk.picture("responders-1400-map");
  await desk.page.setViewportSize(PHONE);
  await desk.page.getByRole("button", { name: "老人和站员一起看" }).click();
  await assertDeskGood(desk.page, "a responder under way, narrow");
  await desk.page.locator(".map").scrollIntoViewIfNeeded();
  await desk.picture("responders-412-map");
  await desk.page.setViewportSize({ width: 1400, height: 900 });

  await card.getByRole("button", { name: "出发" }).click();
  await phone.state(name, "en_route");
  await phone.context.setGeolocation(NEARER);
  await row.getByText(/直线约 320 米 · ±9 米/).waitFor({ timeout: NEXT_MS });

  // A page that is loaded again goes on; one that is switched off stops at once, and the desk sees them no more.
  await phone.page.reload();
  await phone.page.locator("[data-testid=share][data-state=on]").waitFor({ timeout: NEXT_MS });
  await toggle.click();
  await phone.page.locator("[data-testid=share][data-state=off]").waitFor();
  await row.waitFor({ state: "detached", timeout: WITHIN_MS });
  assert.equal(await beside.count(), 0);
  assert.equal(await agreed(phone), false);

  await toggle.click();
  await row.waitFor({ timeout: NEXT_MS });
  await operator.tell(task.id, "on-scene");
  await operator.tell(task.id, "finish", { result: "扶起来了" });
  await row.waitFor({ state: "detached", timeout: WITHIN_MS });
  await until("the consent to end with the task", async () => !(await agreed(phone)));

  // What was agreed to for one task says nothing about the next.
  const next = await operator.dispatch("demo-0008", "");
  await phone.card(next.name).getByRole("button", { name: "接单" }).click();
  await phone.card(next.name).getByTestId("share").waitFor();
  assert.equal(await phone.card(next.name).getByRole("switch").getAttribute("aria-checked"), "false");
  assert.equal(await agreed(phone), false);
  assert.deepEqual([phone.faults, desk.faults], [[], []]);
  await phone.context.close();
  await desk.context.close();
});

test("what stands in the way is said, and off is off also where the server cannot hear it", async () => {
  const phone = await openStation(browser, platform);
  await phone.context.grantPermissions(["geolocation"]);
  await phone.context.setGeolocation(NEARER);
  const { task, name } = await operator.dispatch("demo-0009", "");
  const share = phone.card(name).getByTestId("share");
  const toggle = share.getByRole("switch");
  const is = (state, timeout = WITHIN_MS) => phone.card(name).locator(`[data-testid=share][data-state=${state}]`).waitFor({ timeout });
  await phone.card(name).getByRole("button", { name: "接单" }).click();
  await toggle.click();
  await is("on", NEXT_MS);
  phone.line.calls = false;
  await phone.context.setGeolocation(FAR_AWAY);
  await share.getByRole("alert").getByText("服务器没有应答，位置没有发出，会再试。").waitFor({ timeout: NEXT_MS });
  await assertGood(phone.page, "not sent");
  phone.line.calls = true;
  await until("the same to be sent again", async () => (await share.getByRole("alert").innerText()) === "", NEXT_MS);

  phone.line.calls = false;
  await toggle.click();
  await is("owed");
  assert.equal(await toggle.getAttribute("aria-checked"), "false");
  assert.equal(await agreed(phone), true, "the server could not hear it");
  phone.line.calls = true;
  await is("off", NEXT_MS);
  assert.equal(await agreed(phone), false);

  await phone.page.addInitScript(() => Object.defineProperty(window, "isSecureContext", { value: false }));
  await phone.page.reload();
  await share.getByRole("alert").getByText(/不是用 https 打开的/).waitFor();
  assert.equal(await toggle.isDisabled(), true);
  await assertGood(phone.page, "not secure");
  await operator.withdraw(task.id, "测试结束");
  await phone.context.close();
});
