/**
 * Whether anybody is reached when nobody at a screen takes a press: the channels and their tests, the roster and its
 * gaps, and on the incident's page who was told, by which way, and what became of it.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openGateway } from "./gateway.mjs";
import { assertGood, manage, openDesk, press, residentOf, startBrowser, startPlatform, until } from "./harness.mjs";

let platform, browser, gateway;
before(async () => {
  gateway = await openGateway();
  platform = await startPlatform(gateway.settings);
  browser = await startBrowser();
});
after(async () => { await browser?.close(); await platform?.stop(); await gateway?.stop(); });

const WIDE = [1400, 900];
const NARROW = [412, 915];
const named = (scope, name) => scope.getByRole("button", { name });
const dialog = (page) => page.getByRole("dialog");

async function look(desk, name, at = null) {
  for (const [width, height] of [NARROW, WIDE]) {
    await desk.page.setViewportSize({ width, height });
    await at?.scrollIntoViewIfNeeded();
    await assertGood(desk.page, `${name} at ${width}`);
    await desk.picture(`reach-${width}-${name}`);
  }
}

async function leave(desk) {
  assert.deepEqual(desk.faults, []);
  await desk.context.close();
}

test("a channel is tested, and says in plain words why not", async () => {
  const desk = await openDesk(browser, platform, { username: "supervisor" });
  const { page } = desk;
  await named(page.locator(".banners"), "去测试渠道").click();
  const sms = page.locator("[data-channel=sms]");
  await sms.getByText("还没有测试", { exact: true }).waitFor();
  await page.locator("[data-channel=voice]").getByText("没有设置", { exact: true }).waitFor();
  await page.getByTestId("reach").getByText(/短信和语音都没有在 30 天内通过测试/).waitFor();
  gateway.isBroken = true;
  await sms.locator("input").fill("13900000001");
  await named(sms, "发送测试：短信").click();
  await sms.getByText("网关应答了错误 500：请联系服务商。").waitFor();
  await sms.getByText("最近一次没有通过", { exact: true }).waitFor();
  await look(desk, "channel-failed");
  gateway.isBroken = false;
  await named(sms, "发送测试：短信").click();
  await sms.getByText(/短信通过：往返 \d+ 毫秒/).waitFor();
  await sms.getByText("通过测试", { exact: true }).waitFor();
  await sms.getByText(/对方编号 s-1/).waitFor();
  assert.equal(gateway.taken.at(-1).mobile, "13900000001");
  await look(desk, "channels");
  await leave(desk);
});

test("people are put on the roster, the gaps are named, and what was done can be undone", async () => {
  const desk = await openDesk(browser, platform, { username: "supervisor" });
  const { page } = desk;
  await manage(page, /^值班与联络$/);
  const [reach, rows] = [page.getByTestId("reach"), page.getByTestId("roster").locator(".due-row")];
  await reach.getByText("没有人值班：整个星期。").waitFor();
  await named(page, "加一个班").click();
  await named(page, "加入值班表").click();
  await page.getByText("请填写。").first().waitFor();
  await look(desk, "roster-form");
  await page.locator("input[name=name]").fill("李强");
  await page.locator("input[name=from]").fill("2000");
  await page.locator("input[name=to]").fill("08:00");
  await page.locator("input[name=address]").fill("139 0000 0002");
  await page.keyboard.press("Enter");
  await rows.getByText("每天 20:00–次日 08:00").waitFor();
  await rows.getByText("****0002").waitFor();
  await reach.getByText("没有人值班：每天 08:00–20:00。").waitFor();

  await named(page, "加一个班").click();
  await page.locator("input[name=name]").fill("赵敏");
  await named(page, "工作日").click();
  await page.locator("input[name=address]").fill("13900000003");
  await page.keyboard.press("Enter");
  await reach.getByText("没有人值班：周六、周日 08:00–20:00。").waitFor();
  await named(page, "加一个班").click();
  await page.locator("input[name=name]").fill("孙丽");
  await named(page, "周末").click();
  await page.getByLabel("电子邮件").check();
  await page.getByText("邮件不会把人吵醒，这个班不作数：请用电话或短信。").waitFor();
  await page.locator("input[name=address]").fill("sunli@jjl.example");
  await page.keyboard.press("Enter");
  await reach.getByText("有人值班，但渠道没有通过测试，或只有邮件，不作数：周六、周日 08:00–20:00。").waitFor();
  await look(desk, "roster", page.getByTestId("week"));

  // What was added is taken back at once; what is taken off waits until nobody has undone it.
  await page.getByTestId("undo").click();
  await until("two are left", async () => (await rows.count()) === 2);
  await named(page, "去掉 赵敏 的班").click();
  await rows.filter({ hasText: "赵敏" }).getByText("即将去掉").waitFor();
  await look(desk, "roster-leaving");
  await named(page, /^撤销（\d+ 秒）$/).click();
  await named(page, "去掉 赵敏 的班").waitFor();

  // Changed: the number is not shown, so it is typed anew; the hours as they were go last.
  await named(page, "更改 赵敏 的班").click();
  assert.equal(await page.locator("input[name=address]").inputValue(), "");
  await named(page, "每天").click();
  await page.locator("input[name=address]").fill("13900000003");
  await named(page, "保存更改").click();
  await until("both stand for a while", async () => (await rows.count()) === 3);
  await reach.getByText(/每个小时都有人值班/).waitFor();
  await rows.filter({ hasText: "周一至周五" }).waitFor({ state: "detached", timeout: 15_000 });
  await page.getByText("已去掉：赵敏，周一至周五 08:00–20:00。").waitFor();
  const { items, uncovered } = await (await desk.context.request.get("/api/roster")).json();
  assert.deepEqual([items.length, uncovered], [2, []]);
  await until("the health says so too", async () => {
    const { problems } = await (await desk.context.request.get("/healthz")).json();
    return !problems.some(({ code }) => code === "roster_gaps" || code === "no_channel_tested");
  }, 30_000);

  // Closing the page means it.
  await named(page, "去掉 李强 的班").click();
  await page.keyboard.press("Escape");
  await until("he is gone", async () => (await (await desk.context.request.get("/api/roster")).json()).items.length === 1);
  await named(page.locator(".banners"), "去排值班").click({ timeout: 30_000 });
  await reach.getByText("没有人值班：每天 20:00–次日 08:00。").waitFor();
  await named(reach, "看升级阶梯").click();
  await page.getByTestId("ladder-running").waitFor();
  await page.getByTestId("reach").getByText(/文本里的 roster 就是/).waitFor();
  await look(desk, "ladder");
  await leave(desk);
});

test("the incident's page says who was told by which way, and why not", async () => {
  const desk = await openDesk(browser, platform, { username: "supervisor" });
  const { page } = desk;
  const { request } = desk.context;
  await request.post("/api/roster", { data: { name: "陈刚", days: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], from: "00:00", to: "00:00", channel: "sms", address: "13900000004" } });
  const { text } = await (await request.get("/api/ladder")).json();
  const quick = text.replaceAll("after_s = 30", "after_s = 5").replaceAll("after_s = 60", "after_s = 5");
  assert.equal((await request.put("/api/ladder", { data: { text: quick } })).status(), 200);
  gateway.isBroken = true;
  await press(platform, "demo-0031");
  const { name } = await residentOf(desk, "demo-0031");
  await desk.row(name).locator(".row-main").click();
  const panel = page.getByTestId("notices");
  await until("the ladder's last step", async () => (await page.getByTestId("timeline").getByText(/^升级到第 [3-9] 级$/).count()) > 0, 60_000);
  await named(panel, "看通知了谁").click();
  await panel.locator("[data-state=failed]", { hasText: "陈刚" }).getByText("网关应答了错误 500：请联系服务商。").waitFor({ timeout: 40_000 });
  await look(desk, "notices-failed", panel);
  gateway.isBroken = false;
  await panel.locator("[data-state=sent]", { hasText: "陈刚" }).getByText(/送出，往返 \d+ 毫秒/).waitFor({ timeout: 60_000 });
  assert.ok(gateway.taken.some(({ mobile, text: words }) => mobile === "13900000004" && words.includes(name)));
  const notice = panel.locator("ul > li", { hasText: "陈刚" });
  for (const [word, state, said] of [["DELIVRD", "delivered", /送出，往返 \d+ 毫秒 · [\d:]+ 到手机/], ["READ", "seen", /到手机 · [\d:]+ 接听或读过/]]) {
    await gateway.report(platform, "13900000004", word);
    await named(panel, "刷新").click();
    await panel.locator(`[data-state=${state}]`, { hasText: "陈刚" }).first().waitFor();
    await notice.getByText(said).first().waitFor();
  }
  await panel.getByText(/条已送出，其中 \d+ 条已到手机/).waitFor();
  await look(desk, "notices", panel);
  await leave(desk);
});
