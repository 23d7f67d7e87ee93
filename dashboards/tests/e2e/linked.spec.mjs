/** The link in a station's message, on a telephone on which nobody has logged in: one task, from its offer to its end. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import mqtt from "mqtt";
import { openGateway } from "./gateway.mjs";
import { openDesk, startBrowser, startPlatform, until } from "./harness.mjs";
import { assertGood, openOperator, PHONE } from "./phones.mjs";

let platform, browser, gateway, operator;
before(async () => {
  gateway = await openGateway();
  platform = await startPlatform({ ...gateway.settings, JJL_HTTP__PUBLIC_URL: "https://jjl.example" });
  browser = await startBrowser();
  operator = await openOperator(platform);
});
after(async () => { await operator?.dispose(); await browser?.close(); await platform?.stop(); await gateway?.stop(); });

const LINK = "https://jjl.example";

/** What the message of a new task opens. */
async function linkOf(nth) {
  const links = () => gateway.taken.map(({ link }) => link).filter((link) => link?.startsWith(`${LINK}/task/`));
  await until("the message", async () => links().length > nth);
  return links()[nth].slice(LINK.length);
}

/** A position of now. */
async function move(handset, lat, lon) {
  const client = await mqtt.connectAsync(`mqtt://${platform.mqtt}`, { username: handset, password: handset, clientId: `linked-${handset}`, reconnectPeriod: 0 });
  const fix = { boot: "linked", seq: 1, fix_time: new Date().toISOString(), lat, lon, accuracy_m: 9, method: "gps" };
  await client.publishAsync(`jjl/${handset}/fix`, JSON.stringify(fix), { qos: 1 });
  await client.endAsync();
}

const open = (path, size = PHONE, options = {}) => openDesk(browser, platform, { path, ...size, ...options });

test("a task is taken and gone through by its link alone", async () => {
  const { task, name } = await operator.dispatch("demo-0008", "三楼，门铃坏了");
  const phone = await open(await linkOf(0));
  const { page } = phone;
  const card = page.getByTestId("task").filter({ hasText: name });
  await card.getByText("三楼，门铃坏了").waitFor();
  await card.getByTestId("person").getByRole("link").first().waitFor();
  await page.getByText("请不要转发").waitFor();
  await assertGood(page, "linked");
  await phone.picture("linked-412-offered");
  // Nobody logs in here, so the first touch is asked for; then it rings until somebody answers.
  await page.getByText("还没有声音").waitFor();
  await page.getByRole("button", { name: "开启声音" }).click();
  await phone.sound("running/1");
  const wide = await open(await linkOf(0), { width: 1400, height: 900 });
  await wide.page.getByTestId("task").waitFor();
  await assertGood(wide.page, "linked at 1400");
  await wide.picture("linked-1400-offered");
  await wide.context.close();

  // Nobody asks for it: the place on the screen moves with the person.
  await page.getByText("位置每几秒自动更新。").waitFor();
  assert.equal(await page.getByRole("button", { name: "更新位置" }).count(), 0);
  await move("demo-0008", 33.97123, 118.28456);
  await card.getByText("北纬 33.97123，东经 118.28456").waitFor();

  await card.getByRole("button", { name: "接单" }).click();
  await page.locator("[data-testid=task][data-state=acknowledged]").waitFor();
  assert.equal((await operator.task(task.id)).state, "acknowledged");
  await phone.sound("running/0");
  await card.getByRole("button", { name: "出发" }).click();
  await card.getByRole("button", { name: "到达" }).click();
  await page.locator("[data-testid=task][data-state=on_scene]").waitFor();
  await card.getByRole("button", { name: "完成", exact: true }).click();
  const form = page.getByTestId("words-form");
  await form.getByRole("radio").first().check();
  await form.locator("button[type=submit]").click();
  await page.getByTestId("ended-notice").waitFor();
  assert.equal((await operator.task(task.id)).state, "finished");
  await page.getByText("这个任务已经结束").waitFor();
  await assertGood(page, "linked and over");
  assert.deepEqual(phone.faults, []);
  await phone.context.close();
});

test("a task that is taken back leaves the screen and says so; a link that is none opens nothing", async () => {
  const { task, name } = await operator.dispatch("demo-0009", "");
  const phone = await open(await linkOf(1), PHONE, { language: "en" });
  await phone.page.getByTestId("task").filter({ hasText: name }).waitFor();
  await operator.withdraw(task.id, "女儿已到家");
  await phone.page.getByRole("alert").filter({ hasText: name }).waitFor();
  await phone.page.getByText("This task is over").waitFor();
  await phone.picture("linked-412-withdrawn");
  // Another link in the same window is another task.
  await phone.page.goto("/task/#0123456789abcdef0123456789abcdef");
  await phone.page.getByRole("alert").filter({ hasText: name }).waitFor({ state: "detached" });
  await phone.page.getByText("This task is over").waitFor();
  await phone.page.route("**/api/**", (route) => route.abort());
  await phone.page.reload();
  await phone.page.getByRole("alert").filter({ hasText: "cannot be reached" }).waitFor();
  assert.deepEqual(phone.faults, []);
  await phone.context.close();
});
