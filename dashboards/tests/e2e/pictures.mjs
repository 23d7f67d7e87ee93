/**
 * The pictures of the README, made anew: `node tests/e2e/pictures.mjs [folder]`, with JJL_BIN and JJL_PAGES as for the tests.
 * Those of the station, the family, an invitation and a lost operator are what their tests leave in `test-results`.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openGateway } from "./gateway.mjs";
import { manage, openDesk, press, residentOf, startBrowser, startPlatform, until, walk } from "./harness.mjs";
import { callAs } from "./people.mjs";
import { openHandset, openOperator, openStation } from "./phones.mjs";

const folder = process.argv[2] ?? "test-results/pictures";
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const keep = (desk, name) => desk.page.screenshot({ path: join(folder, `${name}.png`) });
/** A dialog or a panel alone: no more bytes than it takes to show it. */
const keepPart = (part, name) => part.screenshot({ path: join(folder, `${name}.png`) });
const named = (scope, name) => scope.getByRole("button", { name });
const STATIONS = ["s-xingfu", "s-hebin", "s-gucheng"];
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** How long each of these waits for an answer, and who gives it. */
const ANSWERS = [[2, "operator"], [4, "operator2"], [6, "operator"], [9, "operator2"], [11, "operator"], [15, "supervisor"], [18, "operator2"], [26, "operator"], [41, "operator2"], [64, "supervisor"]];

/** Cases that are over, so that a report has something to tell. */
async function pastCases(platform, people) {
  const pressed = ANSWERS.map(async ([after_s, who], n) => {
    const handset = `demo-01${String(n + 10)}`;
    await press(platform, handset);
    const desk = people[who];
    const mine = await until(handset, async () => (await (await desk.get("/api/incidents?state=open&limit=200")).json()).items.find((each) => each.handset === handset));
    await pause(after_s * 1_000);
    const act = async (path, data) => {
      const { version } = await (await desk.get(`/api/incidents/${mine.id}`)).json();
      return desk.post(`/api/incidents/${mine.id}/${path}`, { data: { expected_version: version, ...data } });
    };
    await act("claim", {});
    await act("note", { text: "已与老人通话，没有受伤", contact: "resident" });
    await act("close", { cause: n % 3 === 0 ? "fall" : "accidental_press", outcome: "resolved_by_phone", note: "" });
  });
  await Promise.all(pressed);
}

/** Stations that were asked, of which each did what it could. */
async function pastTasks(platform) {
  const operator = await openOperator(platform);
  const tell = async (task, ...said) => { for (const one of said) await operator.tell(task, one, { reason: one === "decline" ? "人手都在外面" : "老人平安" }); };
  for (let n = 0; n < 14; n += 1) {
    const station = STATIONS[n % STATIONS.length];
    const { task } = await operator.dispatch(`demo-01${n + 30}`, "", station);
    await pause(n * 120);
    if (n % 7 === 1) await tell(task.id, "decline");
    else await tell(task.id, "acknowledge", "en-route", "on-scene", "finish");
    await operator.act(`demo-01${n + 30}`, "note", { text: "已与老人通话", contact: "resident" });
    await operator.act(`demo-01${n + 30}`, "close", { cause: "fall", outcome: "family_attended", note: "" });
  }
  await operator.dispose();
}

async function theFences(desk) {
  const { page } = desk;
  await manage(page, /^围栏$/);
  await page.locator(".ant-modal input[type=search]").fill("demo-0150");
  await page.locator(".ant-modal li button", { hasText: "demo-0150" }).click();
  await named(page, /^打开/).last().click();
  await page.locator(".fence-map[data-ready=true]").waitFor();
  await named(page, "画围栏").click();
  await page.locator("input[name=name]").fill("菜场");
  await page.locator("input[name=how][value=polygon]").check();
  const map = page.locator(".fence-map canvas");
  const { width, height } = await map.boundingBox();
  for (const [x, y] of [[0.25, 0.25], [0.6, 0.2], [0.7, 0.45], [0.35, 0.6]]) await map.click({ position: { x: width * x, y: height * y } });
  await named(page, "加每周时段").click();
  await page.getByTestId("fences").evaluate((fences) => fences.scrollIntoView());
  await keep(desk, "fences");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
}

async function supervisorsPages(browser, platform, supervisor) {
  const desk = await openDesk(browser, platform, { username: "supervisor" });
  const { page } = desk;
  await named(page, /开始值班|继续值班/).click();
  const on = (name, days, from, to, address) => supervisor.post("/api/roster", { data: { name, days, from, to, channel: "sms", address } });
  await on("值班主任 李强", DAYS, "20:00", "08:00", "13900000002");
  await on("赵敏", DAYS.slice(0, 5), "08:00", "20:00", "13900000003");
  await on("孙丽", ["wed"], "12:00", "18:00", "13900000005");
  await manage(page, /^值班与联络$/);
  await page.getByTestId("reach").getByText("没有人值班：周六、周日 08:00–20:00。").waitFor();
  await keep(desk, "roster");
  await page.keyboard.press("Escape");
  await on("陈刚", DAYS.slice(5), "08:00", "20:00", "13900000004");

  await manage(page, /^应答报表$/);
  await page.getByLabel("接线员").check();
  await page.getByTestId("waits").waitFor();
  await keep(desk, "report");
  await page.keyboard.press("Escape");

  await manage(page, /^每季一评$/);
  await page.getByTestId("quarter").locator("tbody tr").first().waitFor();
  await keepPart(page.locator(".ant-modal").first(), "quarter");
  await page.keyboard.press("Escape");
  await theFences(desk);

  const operator = await callAs(platform, "operator");
  await operator.get(`/api/residents/r-0077?reason=${encodeURIComponent("家属来电，问有没有带终端")}`);
  await operator.get(`/api/residents/r-0078?reason=${encodeURIComponent("随便看看")}`);
  await operator.dispose();
  await manage(page, /^查看复核/);
  await page.locator(".look").first().waitFor();
  await named(page.locator(".look", { hasText: "随便看看" }), /存疑/).click();
  await page.locator(".look textarea").fill("没有说明是谁要求的");
  await keep(desk, "looks");
  await desk.context.close();
}

async function theDesk(browser, platform, others) {
  const phone = await openStation(browser, platform);
  const desk = await openDesk(browser, platform, { username: "operator" });
  const { page } = desk;
  await named(page, /开始值班|继续值班/).click();
  await page.locator(".banner").first().waitFor({ state: "detached", timeout: 40_000 });
  const handset = await openHandset(platform, "demo-0077");
  await walk(platform, "demo-0077");
  await press(platform, "demo-0062");
  await press(platform, "demo-0077");
  const { name } = await residentOf(desk, "demo-0077");
  await desk.row(name).locator(".row-main").click();
  await page.keyboard.press("c");
  await page.getByTestId("holder").getByText("您已接警").waitFor();
  const second = await until("the other", async () => (await (await others.get("/api/incidents?state=open")).json()).items.find((each) => each.handset === "demo-0062"));
  await others.post(`/api/incidents/${second.id}/claim`, { data: { expected_version: second.version } });
  await press(platform, "demo-0063");
  await named(page.locator(".plan-step[data-step=ring_resident]"), /无人应答/).click();
  await page.locator(".plan-step[data-step=ring_resident][data-state=done]").waitFor();
  await pause(2_000);
  await keep(desk, "console");
  const asked = page.getByTestId("asked");
  await named(asked, "让终端响铃").click();
  await asked.locator("[data-kind=ring][data-stage=sent]").waitFor();
  const rung = await until("the ring", () => handset.heard.find(({ kind }) => kind === "ring"));
  await handset.answer(rung, { ok: true });
  await asked.locator("[data-kind=ring][data-stage=answered]").waitFor();
  await named(asked, "播报一句话…").click();
  await named(asked, "请您待在原地，不要走动。").click();
  await asked.scrollIntoViewIfNeeded();
  await keepPart(asked, "commands");
  await named(asked, "取消").click();
  await page.keyboard.press("d");
  const choice = page.getByRole("dialog");
  await choice.locator(".candidate input:checked").waitFor();
  await choice.locator(".candidate input").nth(1).check();
  await keep(desk, "dispatch");
  await desk.context.close();
  await phone.context.close();
  await handset.end();
}

mkdirSync(folder, { recursive: true });
const gateway = await openGateway();
const platform = await startPlatform(gateway.settings);
const browser = await startBrowser();
try {
  const people = Object.fromEntries(await Promise.all(["operator", "operator2", "supervisor"].map(async (who) => [who, await callAs(platform, who)])));
  await people.supervisor.post("/api/channels/sms/test", { data: { to: "13900000001" } });
  await pastCases(platform, people);
  await pastTasks(platform);
  await supervisorsPages(browser, platform, people.supervisor);
  await theDesk(browser, platform, people.operator2);
  for (const call of Object.values(people)) await call.dispose();
} finally {
  await browser.close();
  await platform.stop();
  await gateway.stop();
}
