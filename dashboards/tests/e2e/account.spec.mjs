/**
 * An account's life: invited, with a second factor, ended from afar, its screen locked and unlocked.
 * It wants a platform on which the handsets it presses have nothing open.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertGood, logIn, openDesk, PASSWORD as DEMO, press, residentOf, startBrowser, startPlatform, until } from "./harness.mjs";
import { codeOf, invite, newName, newOperator } from "./people.mjs";

let platform, browser;
before(async () => { platform = await startPlatform(); browser = await startBrowser(); });
after(async () => { await browser?.close(); await platform?.stop(); });

const PASSWORD = "六点换班 带上钥匙和水壶";
const SIZES = [["zh-Hans", 412, 915], ["en", 1400, 900]];
const fill = async (page, fields) => {
  for (const [name, value] of Object.entries(fields)) await page.locator(`input[name=${name}]`).fill(value);
  await page.keyboard.press("Enter");
};
const typeNew = (page, password, again = password) => fill(page, { new: password, again });
const told = (page, words) => page.getByRole("alert").getByText(words).waitFor();
const openAccount = async (page) => {
  await page.locator("button.person").click();
  await page.getByRole("dialog").locator(".own-sessions li").first().waitFor();
};
for (const [language, width, height] of SIZES) {
  test(`an invitation opens once, ${language} at ${width}×${height}`, async () => {
    const { path } = await invite(platform);
    const desk = await openDesk(browser, platform, { width, height, language, path });
    const { page } = desk;
    await page.getByText(/新接线员/).waitFor();
    await page.getByText(language === "en" ? /as operator/i : /担任接线员/).waitFor();
    await assertGood(page, "invitation");
    await desk.picture(`account-${width}-join`);

    await page.locator("input[name=username]").fill("operator");
    await typeNew(page, "too short");
    await told(page, /12/);
    await typeNew(page, PASSWORD, `${PASSWORD}!`);
    await told(page, /not the same|不一样/);
    await typeNew(page, PASSWORD);
    await told(page, /Take another one|请换一个/);
    await page.getByRole("checkbox").check();
    assert.equal(await page.locator("input[name=new]").getAttribute("type"), "text");
    await assertGood(page, "invitation refused");
    await desk.picture(`account-${width}-join-taken`);
    await fill(page, { username: newName() });
    await page.locator(".link-up").waitFor();
    await page.locator(".person", { hasText: "新接线员" }).waitFor();
    assert.equal(new URL(page.url()).hash, "#/");

    const late = await openDesk(browser, platform, { width, height, language, path });
    await told(late.page, /void|失效/);
    await assertGood(late.page, "void invitation");
    await late.picture(`account-${width}-join-void`);
    await late.page.getByRole("link").click();
    await late.page.locator("input[name=password]").waitFor();
    assert.deepEqual([...desk.faults, ...late.faults], []);
    await Promise.all([desk.context.close(), late.context.close()]);
  });

  test(`a second factor, ${language} at ${width}×${height}`, async () => {
    const username = await newOperator(platform, PASSWORD);
    const desk = await openDesk(browser, platform, { width, height, language });
    const { page } = desk;
    await logIn(page, username, { password: PASSWORD });
    await openAccount(page);
    await assertGood(page, "account");
    await desk.picture(`account-${width}-account`);
    await page.locator("section[aria-labelledby=second-factor] input[name=password]").fill(PASSWORD);
    await page.getByRole("button", { name: /Set up a code|开启动态验证码/ }).click();
    await page.locator(".factor-picture svg").waitFor();
    await assertGood(page, "second factor");
    await page.locator(".factor").scrollIntoViewIfNeeded();
    await desk.picture(`account-${width}-factor`);
    const secret = await page.getByTestId("secret").innerText();
    await fill(page, { code: "000 000" });
    await told(page, /telephone's clock|手机时间/);
    // A code counts once: the one before now leaves the present one for the log-in.
    await fill(page, { code: codeOf(secret, -1) });
    await page.getByText(/^(On|已开启)/).waitFor();
    await page.keyboard.press("Escape");

    await page.getByRole("button", { name: /Log out|退出登录/ }).click();
    await page.locator(".ant-modal-confirm").getByRole("button", { name: /OK|确定/ }).click();
    const code = page.locator("input[name=code]");
    await logIn(page, username, { password: PASSWORD, shows: "input[name=code]" });
    await until("the focus", () => code.evaluate((field) => field === document.activeElement));
    assert.deepEqual([await code.getAttribute("inputmode"), await code.getAttribute("autocomplete")], ["numeric", "one-time-code"]);
    await assertGood(page, "log-in with a code");
    await desk.picture(`account-${width}-log-in-code`);
    await fill(page, { code: "000000" });
    await told(page, /was used before|已经用过/);
    await fill(page, { code: codeOf(secret) });
    await page.locator(".link-up").waitFor();

    await openAccount(page);
    await assertGood(page, "account with a second factor");
    await desk.picture(`account-${width}-factor-on`);
    for (const [name, typed] of [["password", PASSWORD], ["code", codeOf(secret, 1)]])
      await page.locator(`section[aria-labelledby=second-factor] input[name=${name}]`).fill(typed);
    await page.keyboard.press("Enter");
    await page.getByText(/^(Off|未开启)/).waitFor();
    assert.deepEqual(desk.faults, []);
    await desk.context.close();
  });

  test(`the screen is locked while the queue goes on, ${language} at ${width}×${height}`, async () => {
    const handsets = width === 412 ? ["demo-0031", "demo-0032"] : ["demo-0033", "demo-0034"];
    const desk = await openDesk(browser, platform, { username: "operator", width, height, language });
    const { page } = desk;
    await page.getByRole("button", { name: /开始值班|Start shift/ }).click();
    const names = [];
    for (const handset of handsets) names.push((await residentOf(desk, handset)).name);
    const counted = async () => (await page.getByTestId("queue-count").innerText()).match(/\d+/g).map(Number);
    const [open, unclaimed] = await counted();
    await press(platform, handsets[0]);
    await desk.row(names[0]).first().waitFor();
    await desk.row(names[0]).first().locator(".row-main").click();
    await page.getByTestId("resident-card").locator("dl").waitFor();
    const beside = await desk.context.newPage();
    await beside.goto("/");
    await beside.locator(".row", { hasText: names[0] }).first().waitFor();

    await page.getByRole("button", { name: /^(锁屏|Lock)$/ }).click();
    await page.getByTestId("lock-count").waitFor();
    await beside.getByTestId("lock-count").waitFor();
    await desk.sound("running/1");
    await press(platform, handsets[1]);
    const count = new RegExp(`\\b${open + 2}\\b[^]*\\b${unclaimed + 2}\\b`);
    await until("both presses to be counted", async () => count.test(await page.getByTestId("lock-count").innerText()));
    await desk.sound("running/1");
    for (const each of [page, beside]) {
      const shown = await each.content();
      for (const word of [...names, "33.96"]) assert.ok(!shown.includes(word), `${word} behind the lock`);
      assert.equal(await each.locator(".desk").count(), 0);
    }
    await assertGood(page, "lock panel");
    await desk.picture(`account-${width}-lock`);

    await page.reload();
    await page.getByTestId("lock-count").waitFor();
    await fill(page, { password: "a wrong password" });
    await told(page, /密码不对|not right/);
    await page.getByRole("button", { name: /由班长解锁|A supervisor unlocks/ }).click();
    await fill(page, { supervisor: "operator2", password: DEMO });
    await told(page, /无权解锁|may not unlock/);
    await assertGood(page, "lock panel, a supervisor unlocks");
    await desk.picture(`account-${width}-lock-supervisor`);
    await fill(page, { supervisor: "supervisor", password: DEMO });
    for (const name of names) for (const each of [page, beside]) await each.locator(".row", { hasText: name }).first().waitFor();

    await page.getByRole("button", { name: /^(锁屏|Lock)$/ }).click();
    await page.getByTestId("lock-count").waitFor();
    await fill(page, { password: DEMO });
    await desk.row(names[1]).first().waitFor();
    assert.deepEqual(desk.faults, []);
    await desk.context.close();
  });
}

test("a session is ended from another desk; a changed password ends the rest", async () => {
  const username = await newOperator(platform, PASSWORD);
  const here = await openDesk(browser, platform);
  const there = await openDesk(browser, platform, { language: "en" });
  for (const desk of [here, there]) await logIn(desk.page, username, { password: PASSWORD });
  const { name } = await residentOf(there, "demo-0035");
  await press(platform, "demo-0035");
  await there.row(name).first().locator(".row-main").click();
  await there.page.getByTestId("resident-card").locator("dl").waitFor();
  const card = (await there.page.getByTestId("resident-card").locator("dd").allInnerTexts()).flatMap((text) => text.split("\n")).filter((text) => /\p{Script=Han}{2}|\d{4}/u.test(text));
  await openAccount(here.page);
  const rows = here.page.locator(".own-sessions li");
  // The invitation was used by a program, which has a session too.
  assert.equal(await rows.count(), 3);
  assert.match(await here.page.locator('li[data-own="true"]').innerText(), /Chrome · Linux[^]*本次登录/);
  await here.page.locator('li[data-own="false"]', { hasText: "Chrome · Linux" }).getByRole("button").click();
  await here.page.locator(".ant-modal-confirm-title", { hasText: "让这个登录退出吗" }).waitFor();
  await assertGood(here.page, "asked before a session is ended");
  await here.picture("account-1400-end-session");
  await here.page.getByRole("button", { name: "让它退出", exact: true }).last().click();
  await there.page.getByText("Your session has ended").waitFor();
  // Whoever holds that device now reads nothing of what stood there.
  const left = await there.page.content();
  for (const word of [name, "33.96", "118.27", ...card]) assert.ok(!left.includes(word), `the desk that was left holds ${word}`);
  await assertGood(there.page, "a session that has ended");
  await there.picture("account-1400-session-ended");
  await until("the list to be shorter", async () => (await rows.count()) === 2);

  await logIn(there.page, username, { password: PASSWORD });
  await there.row(name).first().waitFor();
  await there.page.getByTestId("resident-card").locator("dl").waitFor();
  await here.page.locator("input[name=old]").fill(PASSWORD);
  await typeNew(here.page, "六点换班 带上钥匙和雨伞");
  await here.page.getByText("密码已更换").waitFor();
  await there.page.getByText("Your session has ended").waitFor();
  await until("the list to hold this one alone", async () => (await rows.count()) === 1);
  assert.deepEqual([...here.faults, ...there.faults], []);
  await Promise.all([here.context.close(), there.context.close()]);
});

test("a password that somebody else chose is changed before anything else", async () => {
  const username = await newOperator(platform, PASSWORD);
  const asked = [];
  let mustChange = true;
  const desk = await openDesk(browser, platform, {
    width: 412, height: 915,
    onPage: async (page) => {
      page.on("request", (request) => asked.push(new URL(request.url()).pathname));
      page.on("websocket", (socket) => asked.push(new URL(socket.url()).pathname));
      await page.route(/\/api\/(me|session)$/, async (route) => {
        const answer = await route.fetch();
        const body = answer.status() === 200 ? JSON.stringify({ ...(await answer.json()), must_change_password: mustChange }) : await answer.text();
        await route.fulfill({ response: answer, body });
      });
      page.on("response", (answer) => { if (answer.url().endsWith("/api/me/password") && answer.ok()) mustChange = false; });
    },
  });
  const { page } = desk;
  await logIn(page, username, { password: PASSWORD, shows: "input[name=old]" });
  await assertGood(page, "a new password is asked for");
  await desk.picture("account-412-must-change");
  await page.locator("input[name=old]").fill(PASSWORD);
  await typeNew(page, PASSWORD);
  await told(page, "the new password is the old one");
  assert.deepEqual(asked.filter((path) => path.startsWith("/api/") && !["/api/me", "/api/session", "/api/me/password"].includes(path)), []);
  await typeNew(page, "六点换班 带上钥匙和手电");
  await page.locator(".link-up").waitFor();
  assert.ok(asked.includes("/api/live"));
  assert.deepEqual(desk.faults, []);
  await desk.context.close();
});

test("an auditor has an account too", async () => {
  const desk = await openDesk(browser, platform, { width: 412, height: 915 });
  await logIn(desk.page, "auditor", { shows: ".audit" });
  await openAccount(desk.page);
  await assertGood(desk.page, "an auditor's account");
  await desk.picture("account-412-auditor");
  assert.deepEqual(desk.faults, []);
  await desk.context.close();
});
