/**
 * One press from the button to the report, at every screen at once: the desk, two stations, the family, the handset. Both stations are
 * asked at once; the first stays silent, the second goes. Only the time a station has to answer is shorter than as delivered.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { logIn, manage, openDesk, press, residentOf, startBrowser, startPlatform, until } from "./harness.mjs";
import { callAs, newStaff } from "./people.mjs";
import { openHandset, openRelative, openStation } from "./phones.mjs";

const HANDSET = "demo-0001";
const [NEAR, NEXT, NEXT_ID] = ["幸福服务站", "河滨服务站", "s-hebin"];
const STAFF_PASSWORD = "河滨服务站的人都很勤快的";
/** A station is reminded after so many seconds; after as many again yet another one would be asked. */
const ANSWER_S = 20;
const REMINDED_WITHIN_MS = 45_000;
/** Whoever need not go is told at once. */
const FREED_WITHIN_MS = 5_000;

let platform, browser;
before(async () => { platform = await startPlatform(); browser = await startBrowser(); });
after(async () => { await browser?.close(); await platform?.stop(); });

const named = (scope, name) => scope.getByRole("button", { name });

async function answersSoon() {
  const supervisor = await callAs(platform, "supervisor");
  const { text } = await (await supervisor.get("/api/ladder")).json();
  const quick = text.replace(/task_answer_s = \d+/, `task_answer_s = ${ANSWER_S}`);
  assert.notEqual(quick, text);
  assert.equal((await supervisor.put("/api/ladder", { data: { text: quick } })).status(), 200);
  await supervisor.dispose();
}

/** A telephone on which somebody of the next station has logged in. */
async function openNext() {
  const username = await newStaff(platform, STAFF_PASSWORD, NEXT_ID);
  const phone = await openStation(browser, platform, { username: null });
  await logIn(phone.page, username, { password: STAFF_PASSWORD });
  return phone;
}

/** When each step was taken, in ms: never before the first of the two, never after the second. */
const times = {};
async function timed(step, act) {
  const from = Date.now();
  await act();
  times[step] = { from, to: Date.now() };
}

/** In the order in which the handset heard them, each once in a row. */
function stagesOf(heard) {
  const stages = heard.flatMap(({ stage }) => (stage === undefined ? [] : [stage]));
  return stages.filter((stage, n) => stage !== stages[n - 1]);
}

/** The report's seconds since the press are those that were noted here, but for the second in which each began. */
function assertNoted(step, { cases, max_s: seconds }) {
  const least = Math.floor((times[step].from - times.pressed.to) / 1_000) - 1;
  const most = Math.ceil((times[step].to - times.pressed.from) / 1_000) + 1;
  assert.equal(cases, 1, step);
  assert.ok(seconds >= least && seconds <= most, `${step}: ${seconds} s, noted ${least} to ${most} s`);
}

test("of two stations that are asked the first stays silent, the second goes, and everybody sees each stage", async (t) => {
  await answersSoon();
  const desk = await openDesk(browser, platform, { username: "operator" });
  const silent = await openStation(browser, platform);
  const next = await openNext();
  const family = await openRelative(browser, platform);
  const handset = await openHandset(platform, HANDSET, "#");
  const { page } = desk;
  const { name } = await residentOf(desk, HANDSET);
  await named(page, /开始值班|继续值班/).click();
  await family.page.getByText("现在没有求助消息").waitFor();

  await timed("pressed", () => press(platform, HANDSET));
  await desk.sound("running/1");
  await family.now("received");
  await until("the receipt", () => handset.heard.some(({ press_id: id }) => id !== undefined));

  await desk.row(name).locator(".row-main").click();
  await timed("answered", async () => {
    await page.keyboard.press("c");
    await page.getByTestId("holder").getByText("您已接警").waitFor();
  });
  await family.stage("claimed", "now");

  const candidate = (station) => page.locator(".candidate", { hasText: station });
  const tasks = page.getByTestId("tasks");
  const taskOf = (state, station) => tasks.locator(`[data-task="${state}"]`, { hasText: station });
  await page.keyboard.press("d");
  await candidate(NEAR).getByText("推荐", { exact: true }).waitFor();
  await candidate(NEXT).locator("[data-against=farther]").waitFor();
  await candidate(NEXT).locator("input").check();
  await timed("sent", async () => {
    await page.locator("input[name=note]").fill("敲门要久一点");
    await page.keyboard.press("Enter");
    for (const station of [NEAR, NEXT]) await taskOf("offered", station).waitFor();
  });
  for (const station of [silent, next]) {
    await station.state(name, "offered");
    await station.sound("running/1");
  }
  await family.now("station_asked");

  await t.test("who says nothing is reminded", async () => {
    await taskOf("offered", NEAR).getByText(/没有按时回音，已提醒一次/).waitFor({ timeout: REMINDED_WITHIN_MS });
    assert.ok(Date.now() - times.sent.from >= 1_000 * ANSWER_S, "not before its time");
    await desk.picture("whole-1-silent");
  });

  const card = next.card(name);
  await timed("acknowledged", async () => {
    await named(card, "接单").click();
    await next.state(name, "acknowledged");
  });
  await silent.page.getByTestId("ended-notice").filter({ hasText: name }).waitFor({ timeout: FREED_WITHIN_MS });
  await silent.sound("running/0");
  await taskOf("withdrawn", NEAR).waitFor();
  await named(card, "出发").click();
  await next.state(name, "en_route");
  await taskOf("en_route", NEXT).waitFor();
  await family.stage("on_the_way", "now");
  await timed("arrived", async () => {
    await named(card, "到达").click();
    await next.state(name, "on_scene");
  });
  await desk.row(name).getByText(/已到场/).waitFor();
  await family.stage("on_scene", "now");
  await desk.picture("whole-2-on-scene");
  await card.getByRole("button", { name: "完成", exact: true }).click();
  await next.page.getByLabel("已扶起或安顿好，没有受伤").check();
  await named(next.page, "确定完成").click();
  await next.page.getByTestId("ended-notice").getByText("已确认：任务完成").waitFor();
  await taskOf("finished", NEXT).waitFor();

  await timed("closed", async () => {
    await named(page, "结案").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("跌倒").check();
    await dialog.getByLabel("服务站到场").check();
    await named(dialog, "结案").click();
    await page.getByTestId("closed").waitFor();
  });
  await family.now("closed");
  await until("the handset to hear the end", () => handset.heard.some(({ stage }) => stage === "closed"));
  assert.deepEqual(stagesOf(handset.heard), ["received", "claimed", "on_the_way", "on_scene", "claimed", "closed"]);
  assert.deepEqual([desk, silent, next, family].flatMap(({ faults }) => faults), []);
  await handset.end();
  for (const { context } of [desk, silent, next, family]) await context.close();
});

test("the report has the times of the story", async () => {
  const supervisor = await callAs(platform, "supervisor");
  const report = async (by) => (await (await supervisor.get(`/api/reports/response?by=${by}`)).json()).groups;
  const [all, ...more] = await report("all");
  assert.deepEqual([more.length, all.cases, all.unanswered, all.false_alarms], [0, 1, 0, 0]);
  for (const step of ["answered", "sent", "acknowledged", "arrived", "closed"]) assertNoted(step, all[step]);
  assert.deepEqual((await report("station")).map(({ group }) => group), [NEXT_ID]);
  await supervisor.dispose();

  const desk = await openDesk(browser, platform, { username: "supervisor" });
  await manage(desk.page, /^应答报表$/);
  await desk.page.getByTestId("report").getByText("1 起警情").waitFor();
  await desk.page.getByRole("dialog").getByLabel("服务站", { exact: true }).check();
  await desk.page.getByTestId("report").getByRole("rowheader", { name: NEXT }).waitFor();
  await desk.picture("whole-3-report");
  assert.deepEqual(desk.faults, []);
  await desk.context.close();
});
