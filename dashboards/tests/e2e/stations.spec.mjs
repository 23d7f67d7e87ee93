/** The hours and skills of a station: kept by an administrator, and seen by the desk when somebody has to be sent. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertGood, manage, openDesk, press, residentOf, startBrowser, startPlatform } from "./harness.mjs";
import { callAs } from "./people.mjs";

let platform, browser;
before(async () => { platform = await startPlatform(); browser = await startBrowser(); });
after(async () => { await browser?.close(); await platform?.stop(); });

const [NEAR, OTHER] = ["s-xingfu", "s-hebin"];
const named = (scope, name) => scope.getByRole("button", { name });
const stationOf = async (call, id) => (await (await call.get("/api/stations")).json()).items.find((each) => each.id === id);

async function look(desk, name) {
  for (const [width, height] of [[412, 915], [1400, 900]]) {
    await desk.page.setViewportSize({ width, height });
    await assertGood(desk.page, `${name} at ${width}`);
    await desk.picture(`stations-${width}-${name}`);
  }
}

test("an administrator says when somebody works at a station, and what it can do", async () => {
  const desk = await openDesk(browser, platform, { username: "admin" });
  const { page } = desk;
  await manage(page, /^服务站$/);
  const row = page.getByTestId("stations").locator(".fold", { hasText: OTHER });
  await row.locator(".fold-head").click();
  await row.getByText(/服务时间: 全天 · 认知症照护、车辆/).waitFor();
  await named(row, "更正…").click();
  await named(row, "加一段时间").click();
  const hours = row.getByTestId("station-hours");
  await hours.locator("input[name=from-0]").fill("25");
  await named(row, "保存更正").click();
  await hours.getByText(/第 1 段服务时间：没有这样的时间/).waitFor();
  // As people type it.
  await hours.locator("input[name=from-0]").fill("9");
  await hours.locator("input[name=to-0]").fill("17：30");
  await row.getByLabel("急救").check();
  await look(desk, "form");
  await named(row, "保存更正").click();
  await row.getByText(/周一至周五 09:00–17:30 · 急救、认知症照护、车辆/).waitFor();
  await row.getByRole("switch").click();
  await row.locator(".badge", { hasText: "不在岗" }).waitFor();
  const { hours: kept, skills, on_duty: isOnDuty } = await stationOf(desk.context.request, OTHER);
  assert.deepEqual([kept, skills, isOnDuty], [[{ days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "17:30" }], ["first_aid", "dementia", "vehicle"], false]);
  await look(desk, "row");
  assert.deepEqual(desk.faults, []);
  await desk.context.close();
});

test("the desk sees who works at no such hour, and why each is not the one to ask", async () => {
  const admin = await callAs(platform, "admin");
  const clock = (hours) => new Date(Date.now() + (8 + hours) * 3_600_000).toISOString().slice(11, 16);
  const later = [{ days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], from: clock(2), to: clock(3) }];
  const { name, place, telephone, skills } = await stationOf(admin, NEAR);
  const answer = await admin.put(`/api/stations/${NEAR}`, { data: { name, place, telephone, on_duty: true, hours: later, skills } });
  assert.equal(answer.status(), 200, await answer.text());
  await admin.dispose();

  const desk = await openDesk(browser, platform, { username: "operator" });
  const { page } = desk;
  const { name: who } = await residentOf(desk, "demo-0064");
  await press(platform, "demo-0064");
  await desk.row(who).locator(".row-main").click();
  await page.keyboard.press("c");
  await page.getByTestId("holder").getByText("您已接警").waitFor();
  await page.keyboard.press("d");
  const candidate = (id) => page.locator(`.candidate[data-station=${id}]`);
  await candidate(NEAR).getByText("不在服务时间").waitFor();
  await candidate(NEAR).getByText("急救、搬抬").waitFor();
  await candidate(OTHER).getByText("不在岗").waitFor();
  await page.getByRole("dialog").getByText(/距离从老人现在的位置算起（直线），误差约 \d+ 米/).waitFor();
  const said = await page.locator(".candidate", { hasNotText: "推荐" }).evaluateAll((all) => all.map((each) => each.querySelectorAll("[data-against]").length));
  assert.ok(said.every((reasons) => reasons > 0), said.join());
  await look(desk, "candidates");
  assert.deepEqual(desk.faults, []);
  await desk.context.close();
});
