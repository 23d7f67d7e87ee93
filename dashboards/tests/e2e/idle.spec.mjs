/** A desk or a station's telephone that nobody touches hides names and positions; queue, count and sound go on. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openDesk, PASSWORD, startBrowser, startPlatform, until } from "./harness.mjs";
import { assertGood, openOperator, openStation, PHONE } from "./phones.mjs";

let platform, browser;
before(async () => { platform = await startPlatform(); browser = await startBrowser(); });
after(async () => { await browser?.close(); await platform?.stop(); });

const unlock = async (page) => {
  await page.locator("input[name=password]").fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.locator(".desk").waitFor();
};

test("a desk that nobody touches is locked on duty and left off duty", async () => {
  const desk = await openDesk(browser, platform, { username: "operator2", onPage: (page) => page.clock.install() });
  const { page } = desk;
  await page.getByRole("button", { name: /开始值班|继续值班/ }).click();
  await page.clock.fastForward("09:00");
  await page.mouse.move(300, 300);
  await page.clock.fastForward("09:00");
  await page.locator(".desk").waitFor();
  await page.clock.fastForward("01:30");
  await page.getByTestId("lock-count").waitFor();
  await unlock(page);
  await page.getByRole("button", { name: "结束值班" }).click();
  await page.locator(".ant-modal-confirm").getByRole("button", { name: "确定" }).click();
  await page.getByText("已结束值班").waitFor();
  await page.clock.fastForward("31:00");
  await page.locator("input[name=username]").waitFor();
  await desk.context.close();
});

test("a desk that nobody touches is covered though the server is not reached, and stays so when it is loaded anew", async () => {
  const desk = await openDesk(browser, platform, { username: "operator2", onPage: (page) => page.clock.install() });
  const { page } = desk;
  await page.getByRole("button", { name: /开始值班|继续值班/ }).click();
  let asked = 0;
  await page.route("**/api/session/lock", (route) => {
    asked += 1;
    return asked === 1 ? route.abort() : route.continue();
  });
  await page.clock.fastForward("10:30");
  await page.getByTestId("lock-count").waitFor();
  await page.clock.fastForward("00:15");
  await until("the server to be told again", async () => asked === 2);
  await page.reload();
  await page.getByTestId("lock-count").waitFor();
  await unlock(page);
  await desk.context.close();
});

test("off duty a desk that is loaded anew has been idle for as long as before", async () => {
  const desk = await openDesk(browser, platform, { username: "operator2", onPage: (page) => page.clock.install() });
  const { page } = desk;
  await page.clock.fastForward("20:00");
  await page.reload();
  await page.locator(".desk").waitFor();
  await page.clock.fastForward("11:00");
  await page.locator("input[name=username]").waitFor();
  await desk.context.close();
});

test("on duty a desk that is loaded anew is on duty still, and is not logged out", async () => {
  const desk = await openDesk(browser, platform, { username: "operator2", onPage: (page) => page.clock.install() });
  const { page } = desk;
  await page.getByRole("button", { name: /开始值班|继续值班/ }).click();
  await page.clock.fastForward("20:00");
  await page.getByTestId("lock-count").waitFor();
  await page.reload();
  await page.getByTestId("lock-count").waitFor();
  await page.clock.fastForward("11:00");
  await unlock(page);
  await desk.context.close();
});

test("a station's telephone is covered, counts and rings; one touch opens it while a visit is to be made, the password else", async () => {
  const operator = await openOperator(platform);
  const phone = await openStation(browser, platform, { onPage: (page) => page.clock.install() });
  const { page } = phone;
  const cover = page.getByTestId("cover");
  const open = cover.getByRole("button", { name: "点一下看任务" });
  const namesNobody = async (...words) => {
    const html = await page.content();
    for (const word of [...words, "geo:", "tel:"]) assert.ok(!html.includes(word), `the covered page holds ${word}`);
  };
  const first = await operator.dispatch("demo-0007", "敲门要久一点");
  const card = phone.card(first.name);
  await card.getByRole("button", { name: "接单" }).click();
  await phone.state(first.name, "acknowledged");
  await card.getByTestId("person").getByRole("link").first().waitFor();
  const address = await card.locator(".task-where").innerText();
  await page.clock.fastForward("10:30");
  await cover.getByText("1 个任务，0 个等您答复").waitFor();
  await namesNobody(first.name, address, "敲门要久一点");
  await assertGood(page, "covered");
  await phone.picture("station-412-covered");

  const second = await operator.dispatch("demo-0012", "");
  await cover.getByText("2 个任务，1 个等您答复").waitFor();
  await phone.sound("running/1");
  await page.getByRole("alert").filter({ hasText: "有 1 个新任务" }).waitFor({ state: "attached" });
  await namesNobody(first.name, second.name);
  await page.reload();
  await open.waitFor();
  await namesNobody(first.name, second.name);
  // At the door there may be no network: what was read before is still there behind the next cover.
  await open.click();
  await phone.card(second.name).waitFor();
  await card.locator(".task-where").filter({ hasText: address }).waitFor();
  await page.clock.fastForward("31:00");
  await open.waitFor();
  await phone.line.cut();
  await open.click();
  await card.locator(".task-where").filter({ hasText: address }).waitFor();
  phone.line.mend();

  await page.locator(".link-up").waitFor();
  await page.clock.fastForward("10:30");
  await open.waitFor();
  for (const { task } of [first, second]) await operator.withdraw(task.id, "家属已到家");
  await cover.getByText(/现在没有任务/).waitFor();
  await cover.getByText(/2 个任务已经结束.*不用去了/).waitFor();
  const password = cover.locator("input[name=password]");
  await password.fill("not-the-password");
  await page.keyboard.press("Enter");
  await cover.getByText("密码不正确").waitFor();
  await assertGood(page, "covered, no task");
  await password.fill(PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByTestId("ended-notice").first().waitFor();
  assert.equal(await cover.count(), 0);
  assert.deepEqual(phone.faults, []);
  await phone.context.close();
  await operator.dispose();
});

test("a station's page that nobody ever touched would not ring, and is left", async () => {
  const desk = await openDesk(browser, platform, { path: "/station/", ...PHONE, onPage: (page) => page.clock.install() });
  const { page } = desk;
  assert.equal((await page.context().request.post("/api/session", { data: { username: "station", password: PASSWORD } })).status(), 200);
  await page.reload();
  await page.locator(".link-up").waitFor();
  await page.clock.fastForward("31:00");
  await page.locator("input[name=username]").waitFor();
  assert.equal((await page.context().request.get("/api/me")).status(), 401);
  await desk.context.close();
});
