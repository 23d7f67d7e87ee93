/**
 * What takes minutes: an operator whose link is lost while somebody waits, and an answer that comes after three minutes
 * and is looked into. Nothing is shortened: a lease is a minute and late is 180 s.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { openCable } from "./cable.mjs";
import { assertGood, manage, openDesk, press, residentOf, startBrowser, startPlatform, until } from "./harness.mjs";

let platform, browser, latePressedMs;
before(async () => { platform = await startPlatform(); browser = await startBrowser(); });
after(async () => { await browser?.close(); await platform?.stop(); });

const NARROW = [412, 915];
const WIDE = [1400, 900];
const LATE_MS = 182_000;
const named = (scope, name) => scope.getByRole("button", { name });
const dialog = (page) => page.getByRole("dialog");

async function look(desk, name, [width, height] = WIDE) {
  await desk.page.setViewportSize({ width, height });
  await assertGood(desk.page, `${name} at ${width}`);
  await desk.picture(`waits-${width}-${name}`);
}

/** A screen that says nothing is gone within 20 s, and then the lease's minute begins. */
const MISSED_WITHIN_MS = 95_000;

/** Takes an incident of its own, so that there is somebody to be missed. */
async function holding(desk, handset) {
  await named(desk.page, /开始值班|继续值班/).click();
  const { name } = await residentOf(desk, handset);
  await press(platform, handset);
  await desk.row(name).locator(".row-main").click();
  await desk.page.keyboard.press("c");
  await desk.page.getByTestId("holder").getByText("您已接警").waitFor();
  return name;
}

test("an operator whose link is gone for a minute is named as lost, and another takes over with one key", async (t) => {
  // Nobody takes this one until it is late.
  await press(platform, "demo-0052");
  latePressedMs = Date.now();
  const cable = await openCable(platform);
  const lost = await openDesk(browser, platform, { username: "operator" });
  const pulled = await openDesk(browser, cable, { username: "supervisor" });
  const other = await openDesk(browser, platform, { username: "operator2" });
  await named(other.page, /开始值班|继续值班/).click();
  const [name, second] = [await holding(lost, "demo-0051"), await holding(pulled, "demo-0053")];
  await other.row(name).getByText("operator 已接警").waitFor();
  await other.row(second).getByText("supervisor 已接警").waitFor();
  await other.row(name).locator(".row-main").click();

  await lost.context.setOffline(true);
  cable.pull();
  const goneMs = Date.now();
  for (const { page } of [lost, pulled]) await page.locator(".banner.bad", { hasText: "链路已中断" }).waitFor({ timeout: 30_000 });
  await lost.page.getByText(/您手里有 1 起警情。断线满 60 秒，别人就可以接手/).waitFor();
  // Until the minute is over the holder stays named, and nobody is offered it.
  await new Promise((done) => setTimeout(done, 45_000 - (Date.now() - goneMs)));
  assert.equal(await other.page.locator(".row").getByText("接线员失联").count(), 0);
  assert.equal(await named(other.row(name), /接手/).count(), 0);
  await other.page.getByTestId("holder").getByText("operator 已接警").waitFor();
  await look(lost, "link-gone");

  await other.row(name).getByText("接线员失联").waitFor({ timeout: MISSED_WITHIN_MS - (Date.now() - goneMs) });
  assert.ok(Date.now() - goneMs > 55_000, `missed after ${Date.now() - goneMs} ms`);
  await other.page.getByTestId("holder").getByText("operator 失联").waitFor();
  await other.page.getByTestId("timeline").getByText("接线员失联").waitFor();
  await other.sound("running/1");
  await look(other, "lost", NARROW);
  await look(other, "lost");
  await other.page.keyboard.press("c");
  await other.page.getByTestId("holder").getByText("您已接警").waitFor();
  await other.page.getByTestId("timeline").getByText("operator2 从 operator 接手").waitFor();
  assert.equal(await other.row(name).getByText("接线员失联").count(), 0);

  // Back on line, the one who was lost sees at once who has it now.
  await lost.context.setOffline(false);
  await lost.page.locator(".link-up").waitFor({ timeout: 60_000 });
  await lost.page.getByTestId("holder").getByText("operator2 已接警").waitFor();
  await look(lost, "back");

  await t.test("also where the cable is pulled, and nobody's end is told", async () => {
    await other.row(second).getByText("接线员失联").waitFor({ timeout: Math.max(1_000, MISSED_WITHIN_MS + 15_000 - (Date.now() - goneMs)) });
  });
  cable.plug();
  for (const desk of [lost, pulled, other]) {
    assert.deepEqual(desk.faults, []);
    await desk.context.close();
  }
  await cable.remove();
});

test("an answer after more than 180 s stands in the report until a supervisor has looked into it", async () => {
  const desk = await openDesk(browser, platform, { username: "supervisor" });
  const { page } = desk;
  const { name } = await residentOf(desk, "demo-0052");
  await new Promise((done) => setTimeout(done, Math.max(0, LATE_MS - (Date.now() - latePressedMs))));
  await manage(page, /^应答报表$/);
  const [report, late] = [page.getByTestId("report"), page.getByTestId("late")];
  await late.getByText(/还没有人接警，已过 3:\d\d/).waitFor();
  assert.equal(await named(late, /^写下原因/).count(), 0);
  await page.keyboard.press("Escape");
  await desk.row(name).locator(".row-main").click();
  await page.keyboard.press("c");
  await page.getByTestId("holder").getByText("您已接警").waitFor();

  await manage(page, /^应答报表$/);
  await report.locator("[data-within='60'][data-met=false]").getByText("没有达标").waitFor();
  await late.getByText(/3:\d\d 后接警 · supervisor 接警/).waitFor();
  await late.getByText("1 起待查明").waitFor();
  await look(desk, "report", NARROW);
  await look(desk, "report");
  await page.getByLabel("钟点").check();
  await page.getByTestId("waits").locator("svg").waitFor();
  await look(desk, "report-hours", NARROW);
  await look(desk, "report-hours");
  await page.getByLabel("接线员").check();
  await report.getByRole("rowheader", { name: "supervisor" }).waitFor();
  await look(desk, "report-operators");

  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "下载 CSV" }).click();
  const file = await download;
  const lines = readFileSync(await file.path(), "utf8").trim().split(/\r?\n/);
  assert.match(lines[0], /group,cases,unanswered/);
  assert.ok(lines.some((line) => line.startsWith("supervisor,2,")), lines.join("\n"));
  assert.match(file.suggestedFilename(), /\.csv$/);

  await named(late, /^写下原因/).click();
  await late.locator("textarea").fill("夜班只有一人，正在处理另一起；已加一个班");
  await look(desk, "late-form", NARROW);
  await named(late, "记下").click();
  await late.getByText("夜班只有一人，正在处理另一起；已加一个班").waitFor();
  await until("none waits", async () => (await late.getByText(/起待查明/).count()) === 0);
  await late.scrollIntoViewIfNeeded();
  await look(desk, "late-reviewed");
  await named(late, /^打开警情/).click();
  await page.getByTestId("incident-page").waitFor();
  assert.equal(await dialog(page).count(), 0);
  assert.deepEqual(desk.faults, []);
  await desk.context.close();
});
