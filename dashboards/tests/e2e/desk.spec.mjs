/**
 * What the desk does with an incident besides sending a station: signals that wait, the plan, what is said at the door, a
 * contact before the end, two incidents that are one, and one that is two; then drills, the technical list and the ladder.
 * It wants a platform on which nothing is open.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertGood, manage, openDesk, press, residentOf, startBrowser, startPlatform, until } from "./harness.mjs";
import { callAs } from "./people.mjs";
import { openStation } from "./phones.mjs";

let platform, browser;
before(async () => { platform = await startPlatform(); browser = await startBrowser(); });
after(async () => { await browser?.close(); await platform?.stop(); });

/** The demo's relative has a grant for whoever wears it. */
const HANDSET = "demo-0001";
const WIDE = [1400, 900];
const NARROW = [412, 915];
const named = (scope, name) => scope.getByRole("button", { name });
const dialog = (page) => page.getByRole("dialog");

async function look(desk, name, [width, height] = WIDE) {
  await desk.page.setViewportSize({ width, height });
  await assertGood(desk.page, `${name} at ${width}`);
  await desk.picture(`desk-${width}-${name}`);
}

async function claimed(desk, handset) {
  const { name } = await residentOf(desk, handset);
  await press(platform, handset);
  await desk.row(name).locator(".row-main").click();
  await desk.page.keyboard.press("c");
  await desk.page.getByTestId("holder").getByText("您已接警").waitFor();
  return { name, id: await desk.row(name).getAttribute("data-incident") };
}

const step = (page, which, state) => page.locator(`.plan-step[data-step=${which}][data-state=${state}]`);

async function leave(...desks) {
  assert.deepEqual(desks.flatMap(({ faults }) => faults), []);
  for (const { context } of desks) await context.close();
}

test("presses that join are confirmed one by one, the plan leads on, the door is heard, and the end wants a contact", async () => {
  const desk = await openDesk(browser, platform, { username: "operator" });
  const phone = await openStation(browser, platform);
  const relative = await callAs(platform, "relative");
  const { page } = desk;
  await named(page, /开始值班|继续值班/).click();
  const { name, id } = await claimed(desk, HANDSET);
  await desk.sound("running/0");
  await press(platform, HANDSET);
  await press(platform, HANDSET);
  const answer = page.getByTestId("answer");
  await answer.getByText(/^第3次求助，\d+秒前$/).waitFor();
  await desk.sound("running/1");
  await look(desk, "awaiting", NARROW);
  await named(answer, "已知悉：第3次求助").click();
  await until("one signal less", async () => (await answer.locator("li").count()) === 1);
  // The other one sounds on until it is seen too.
  await desk.sound("running/1");
  await named(answer, "已知悉：第2次求助").click();
  await answer.waitFor({ state: "detached" });
  await desk.sound("running/0");

  await step(page, "ring_resident", "current").getByRole("link").waitFor();
  await named(step(page, "ring_resident", "current"), /无人应答/).click();
  await step(page, "ring_resident", "done").getByText("无人应答").waitFor();
  await step(page, "send_station", "current").getByText("无人应答：请派人上门").waitFor();
  assert.equal(await step(page, "send_station", "current").getAttribute("aria-current"), "step");
  await look(desk, "must-send");
  await named(step(page, "ring_contacts", "current"), /不需要/).click();
  await page.locator("input[name=why]").fill("已在派人");
  await page.keyboard.press("Enter");
  await step(page, "ring_contacts", "done").getByText("不需要").waitFor();
  await named(page, "派人上门").click();
  await dialog(page).locator(".candidate input:checked").waitFor();
  await page.keyboard.press("Enter");
  await step(page, "send_station", "done").waitFor();

  // A wrong tap is taken back; then three quick words.
  const card = phone.card(name);
  await named(card, "接单").click();
  await named(card, "出发").click();
  await phone.state(name, "en_route");
  await named(card, /撤销上一步（\d+ 秒）/).click();
  await phone.state(name, "acknowledged");
  assert.equal(await named(card, /撤销/).count(), 0);
  await page.getByTestId("timeline").getByText(/撤销上一步，回到“已接单”/).waitFor();
  await named(card, "出发").click();
  await named(card, "到达").click();
  await phone.state(name, "on_scene");
  await phone.picture("desk-412-undo");
  await named(card, "需要 120").click();
  await card.getByTestId("said").getByText("已告诉呼叫中心：需要 120").waitFor();
  await look(phone, "said", NARROW);
  await page.locator(".needs.is-loud").getByText(/：需要 120/).waitFor();
  await desk.row(name).getByText(/：需要 120/).waitFor();
  await desk.sound("running/1");
  assert.equal((await relative.post(`/api/incidents/${id}/answer`, { data: { answer: "coming" } })).status(), 200);
  await page.getByTestId("timeline").locator(".event-answered").getByText("我在路上").waitFor();
  await look(desk, "needs");
  await named(page.locator(".needs"), "已知悉").click();
  await desk.sound("running/0");

  // Nobody has spoken with her yet.
  await named(page, /^结案$/).click();
  const end = dialog(page);
  await end.getByText("结案前须先与本人、目击者通话").waitFor();
  await end.getByLabel("跌倒").check();
  await end.getByLabel("家属到场").check();
  assert.equal(await named(end, "记下通话并结案").isDisabled(), true);
  await end.getByLabel("目击者").check();
  await end.locator("textarea[name=said]").fill("邻居开了门，老人坐着，没有受伤");
  await look(desk, "contact", NARROW);
  await named(end, "记下通话并结案").click();
  await page.getByTestId("closed").waitFor();
  await page.getByTestId("timeline").getByText("邻居开了门，老人坐着，没有受伤").waitFor();
  await relative.dispose();
  await leave(desk, phone);
});

test("a supervisor may end it without a contact, warned; two are put together and one is taken apart", async () => {
  const desk = await openDesk(browser, platform, { username: "supervisor" });
  const { page } = desk;
  const { id } = await claimed(desk, "demo-0072");
  const call = await (await desk.context.request.post("/api/incidents", { data: { kind: "call", resident: null, caller: "邻居", words: "楼上有人喊" } })).json();
  await page.locator(`.row[data-incident="${call.id}"]`).waitFor();
  await named(page, /^更多/).click();
  await named(page, "并入另一起…").click();
  await dialog(page).locator(".candidate", { hasText: "身份不明" }).locator("input").check();
  await look(desk, "merge", NARROW);
  await named(dialog(page), "并进来").click();
  await page.locator(`.row[data-incident="${call.id}"]`).waitFor({ state: "detached" });
  await page.getByTestId("timeline").getByRole("link", { name: "打开那一起" }).waitFor();

  // The handset was somebody else's hand that time.
  await press(platform, "demo-0072");
  await page.getByTestId("answer").locator("li").waitFor();
  await named(page, /^更多/).click();
  await named(page, "拆分信号…").click();
  await dialog(page).locator(".candidate", { hasText: "求助" }).last().locator("input").check();
  await look(desk, "split");
  await named(dialog(page), "拆出").click();
  await page.getByTestId("news").getByText("已拆出").waitFor();
  await until("two incidents", async () => (await page.locator(".row").count()) === 2);

  await named(page, /^结案$/).click();
  await dialog(page).getByText(/您是班长，可以照样结案/).waitFor();
  await dialog(page).getByLabel("误按").check();
  await dialog(page).getByLabel("家属到场").check();
  await named(dialog(page), "不经通话直接结案").click();
  await page.locator(`.row[data-incident="${id}"]`).waitFor({ state: "detached" });
  await leave(desk);
});

test("drills are opened and ended, the technical list is read, a bad ladder is refused by its line", async () => {
  const desk = await openDesk(browser, platform, { username: "supervisor" });
  const { page } = desk;
  await manage(page, /^演练$/);
  const due = page.getByTestId("drills").locator(".due-row", { hasText: "demo-0073" });
  await named(due, /打开演练窗口/).click();
  await due.getByText(/演练窗口开着，还剩 \d+:\d\d/).waitFor();
  await due.scrollIntoViewIfNeeded();
  await look(desk, "drills");
  await page.keyboard.press("Escape");
  const { name } = await claimed(desk, "demo-0073");
  await desk.row(name).getByText("演练", { exact: true }).waitFor();
  await page.getByTestId("position").getByText("演练", { exact: true }).waitFor();
  await manage(page, /^演练$/);
  await named(due, /结束演练窗口|结束窗口/).click();
  await page.getByText(/此后的求助都是真的/).waitFor();
  await page.keyboard.press("Escape");

  await manage(page, /技术日清单/);
  await dialog(page).getByText("没有技术信号").waitFor();
  await page.keyboard.press("Escape");

  await manage(page, /升级阶梯/);
  await page.getByTestId("ladder-running").getByText(/内置阶梯/).waitFor();
  const text = page.locator("textarea[name=ladder]");
  const good = await text.inputValue();
  await text.fill(good.replace("answer_s = 60", "answer_s = 1").replace("repeat_s = 60", "repeat_s = 90"));
  await named(dialog(page), "保存并运行").click();
  await page.getByTestId("ladder-problems").getByText(/^第 5 行：/).waitFor();
  assert.equal(await page.locator(".ladder-numbers .is-wrong").count(), 2);
  await look(desk, "ladder", NARROW);
  await text.fill(good.replace("answer_s = 60", "answer_s = 45"));
  await named(dialog(page), "保存并运行").click();
  await page.getByTestId("ladder-running").getByText(/supervisor 于 .+ 保存/).waitFor();
  await leave(desk);
});
