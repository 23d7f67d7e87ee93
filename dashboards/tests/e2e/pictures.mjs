/**
 * The pictures of the README, made anew: `node tests/e2e/pictures.mjs [folder]`, with JJL_BIN and JJL_PAGES as for the tests.
 * Those of the station, the family, an invitation and a lost operator are what their tests leave in `test-results`.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { openGateway } from "./gateway.mjs";
import { manage, openDesk, press, residentOf, startBrowser, startPlatform, until, walk } from "./harness.mjs";
import { callAs } from "./people.mjs";
import { openStation } from "./phones.mjs";

const folder = process.argv[2] ?? "test-results/pictures";
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const keep = (desk, name) => desk.page.screenshot({ path: join(folder, `${name}.png`) });
const named = (scope, name) => scope.getByRole("button", { name });
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
  await page.keyboard.press("d");
  const choice = page.getByRole("dialog");
  await choice.locator(".candidate input:checked").waitFor();
  await choice.locator(".candidate input").nth(1).check();
  await keep(desk, "dispatch");
  await desk.context.close();
  await phone.context.close();
}

mkdirSync(folder, { recursive: true });
const gateway = await openGateway();
const platform = await startPlatform(gateway.settings);
const browser = await startBrowser();
try {
  const people = Object.fromEntries(await Promise.all(["operator", "operator2", "supervisor"].map(async (who) => [who, await callAs(platform, who)])));
  await people.supervisor.post("/api/channels/sms/test", { data: { to: "13900000001" } });
  await pastCases(platform, people);
  await supervisorsPages(browser, platform, people.supervisor);
  await theDesk(browser, platform, people.operator2);
  for (const call of Object.values(people)) await call.dispose();
} finally {
  await browser.close();
  await platform.stop();
  await gateway.stop();
}
