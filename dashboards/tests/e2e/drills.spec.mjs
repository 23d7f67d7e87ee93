/** A button is tried from the work list: the window, the press, its end, and what the person's card says afterwards. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertGood, manage, openDesk, press, residentOf, startBrowser, startPlatform } from "./harness.mjs";

let platform, browser;
before(async () => { platform = await startPlatform(); browser = await startBrowser(); });
after(async () => { await browser?.close(); await platform?.stop(); });

const HANDSET = "demo-0074";
const named = (scope, name) => scope.getByRole("button", { name });

async function look(desk, name, at = null) {
  for (const [width, height] of [[412, 915], [1400, 900]]) {
    await desk.page.setViewportSize({ width, height });
    await at?.scrollIntoViewIfNeeded();
    await assertGood(desk.page, `${name} at ${width}`);
    await desk.picture(`drills-${width}-${name}`);
  }
}

async function sought(page, words) {
  const field = page.locator("input[name=drills_of]");
  await field.fill(words);
  await field.press("Enter");
}

async function ended(request, id) {
  const act = async (path, data) => {
    const { version } = await (await request.get(`/api/incidents/${id}`)).json();
    const answer = await request.post(`/api/incidents/${id}/${path}`, { data: { expected_version: version, ...data } });
    assert.equal(answer.status(), 200, `${path}: ${await answer.text()}`);
  };
  await act("claim", {});
  await act("close", { cause: "test_press", outcome: "resolved_by_phone", note: "" });
}

test("a drill that was gone through to its end stands on the card and leaves the work list", async () => {
  const desk = await openDesk(browser, platform, { username: "supervisor" });
  const { page } = desk;
  const { request } = desk.context;
  const { name } = await residentOf(desk, HANDSET);
  await manage(page, /^演练$/);
  await page.getByText(/^\d{2,} 位待试$/).waitFor();
  await sought(page, HANDSET);
  await page.getByText("1 位待试", { exact: true }).waitFor();
  const rows = page.getByTestId("drills").locator(".due-row");
  const row = rows.filter({ hasText: HANDSET });
  await row.getByText("从未试过").waitFor();
  assert.equal(await rows.count(), 1);
  await named(row, /打开演练窗口/).click();
  await row.getByText(/演练窗口开着/).waitFor();
  await look(desk, "window");
  await press(platform, HANDSET);
  await page.keyboard.press("Escape");
  await desk.row(name).getByText("演练", { exact: true }).waitFor();
  await ended(request, await desk.row(name).getAttribute("data-incident"));
  await desk.row(name).waitFor({ state: "detached" });
  await manage(page, /^演练$/);
  await sought(page, HANDSET);
  await page.getByText("没有符合的。").waitFor();
  await page.keyboard.press("Escape");
  assert.equal((await request.delete(`/api/handsets/${HANDSET}/drill`)).status(), 204);

  // From here on it is real, and whoever is in need is not asked for a try.
  await press(platform, HANDSET);
  await desk.row(name).locator(".row-main").click();
  await page.getByTestId("last-drill").getByText(/^上次 .+，\d+(秒|分钟)前$/).waitFor();
  await look(desk, "card", page.getByTestId("last-drill"));
  const other = await residentOf(desk, "demo-0075");
  await press(platform, "demo-0075");
  await desk.row(other.name).waitFor();
  await manage(page, /^演练$/);
  await sought(page, "demo-0075");
  await page.getByTestId("drills").getByText("有未结警情，先处理").waitFor();
  assert.equal(await named(page.getByTestId("drills"), /打开演练窗口/).count(), 0);
  assert.deepEqual(desk.faults, []);
  await desk.context.close();

  const admin = await openDesk(browser, platform, { username: "admin" });
  await manage(admin.page, /^老人档案$/);
  await admin.page.locator("input[name=q]").fill("demo-0076");
  await admin.page.keyboard.press("Enter");
  await admin.page.locator(".record-entry").first().click();
  await named(admin.page, "打开档案").click();
  await admin.page.getByTestId("last-drill").getByText("从未试过").waitFor();
  await named(admin.page.getByTestId("record-drill"), /打开演练窗口/).click();
  await admin.page.getByTestId("record-drill").getByText(/演练窗口开着/).first().waitFor();
  await look(admin, "record", admin.page.getByTestId("record-drill"));
  assert.deepEqual(admin.faults, []);
  await admin.context.close();
});
