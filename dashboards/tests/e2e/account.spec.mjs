/** An account's life: invited, with a second factor, ended from afar, its screen locked and unlocked. */
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, callAs, logIn, openDesk, press, residentOf, startBrowser, startPlatform, until } from "./harness.mjs";

let platform;
let browser;
before(async () => { platform = await startPlatform(); browser = await startBrowser(); });
after(async () => { await browser?.close(); await platform?.stop(); });

const PASSWORD = "六点换班 带上钥匙和水壶";
const SIZES = [["zh-Hans", 412, 915], ["en", 1400, 900]];
const STEP_MS = 30_000;
let accounts = 0;
const newName = () => `xin-${Date.now().toString(36)}${(accounts += 1)}`;

async function invite() {
  const admin = await callAs(platform, "admin");
  const answer = await admin.post("/api/invitations", { data: { role: "operator", display_name: "新接线员" } });
  assert.equal(answer.status(), 201);
  const { code, path } = await answer.json();
  await admin.dispose();
  return { code, path };
}

async function newOperator() {
  const { code } = await invite();
  const username = newName();
  const admin = await callAs(platform, "admin");
  assert.equal((await admin.post(`/api/join/${code}`, { data: { username, password: PASSWORD } })).status(), 200);
  await admin.dispose();
  return username;
}

/** RFC 6238 over the secret in base 32, for the step that many steps from now. */
function codeOf(secret, steps = 0) {
  const bits = [...secret].map((sign) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(sign).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / STEP_MS) + steps));
  const hash = createHmac("sha1", key).update(counter).digest();
  return String((hash.readUInt32BE(hash[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

async function assertGood(page, where) {
  await assertAccessible(page, where);
  await assertFits(page, where);
}

const typeNew = async (page, password, again = password) => {
  await page.locator("input[name=new]").fill(password);
  await page.locator("input[name=again]").fill(again);
  await page.locator("form button[type=submit]").click();
};
const openAccount = async (page) => {
  await page.locator("button.person").click();
  await page.getByRole("dialog").locator(".own-sessions li").first().waitFor();
};

for (const [language, width, height] of SIZES) {
  test(`an invitation opens once, ${language} at ${width}×${height}`, async () => {
    const { path } = await invite();
    const look = { width, height, language };
    const desk = await openDesk(browser, platform, { ...look, path });
    const { page } = desk;
    await page.getByText(/新接线员/).waitFor();
    await page.getByText(language === "en" ? /as operator/i : /担任接线员/).waitFor();
    await assertGood(page, "invitation");
    await desk.picture(`account-${width}-join`);

    await page.locator("input[name=username]").fill("operator");
    await typeNew(page, "too short");
    await page.getByRole("alert").getByText(/12/).waitFor();
    await typeNew(page, PASSWORD, `${PASSWORD}!`);
    await page.getByRole("alert").getByText(/not the same|不一样/).waitFor();
    await typeNew(page, PASSWORD);
    await page.getByRole("alert").getByText(/Take another one|请换一个/).waitFor();
    await page.getByRole("checkbox").check();
    assert.equal(await page.locator("input[name=new]").getAttribute("type"), "text");
    await assertGood(page, "invitation refused");
    await desk.picture(`account-${width}-join-taken`);
    await page.locator("input[name=username]").fill(newName());
    await page.locator("form button[type=submit]").click();
    await page.locator(".link-up").waitFor();
    await page.locator(".person", { hasText: "新接线员" }).waitFor();
    assert.equal(new URL(page.url()).hash, "#/");

    const late = await openDesk(browser, platform, { ...look, path });
    await late.page.getByRole("alert").getByText(/void|失效/).waitFor();
    await assertGood(late.page, "void invitation");
    await late.picture(`account-${width}-join-void`);
    await late.page.getByRole("link").click();
    await late.page.locator("input[name=password]").waitFor();
    assert.deepEqual([...desk.faults, ...late.faults], []);
    await late.context.close();
    await desk.context.close();
  });

  test(`a second factor, ${language} at ${width}×${height}`, async () => {
    const username = await newOperator();
    const desk = await openDesk(browser, platform, { width, height, language });
    const { page } = desk;
    await logIn(page, username, { password: PASSWORD });
    await openAccount(page);
    await assertGood(page, "account");
    await desk.picture(`account-${width}-account`);
    await page.getByRole("button", { name: /Set up a code|开启动态验证码/ }).click();
    await page.locator(".factor-picture svg").waitFor();
    await assertGood(page, "second factor");
    await page.locator(".factor").scrollIntoViewIfNeeded();
    await desk.picture(`account-${width}-factor`);
    const secret = await page.getByTestId("secret").innerText();
    await page.locator("input[name=code]").fill("000 000");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText(/telephone's clock|手机时间/).waitFor();
    // A code counts once: the one before now leaves the present one for the log-in.
    await page.locator("input[name=code]").fill(codeOf(secret, -1));
    await page.keyboard.press("Enter");
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
    await code.fill("000000");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText(/was used before|已经用过/).waitFor();
    await code.fill(codeOf(secret));
    await page.keyboard.press("Enter");
    await page.locator(".link-up").waitFor();

    await openAccount(page);
    await page.locator("section[aria-labelledby=second-factor] input[name=password]").fill(PASSWORD);
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
      for (const name of names) assert.ok(!shown.includes(name), "no name behind the lock");
      assert.equal(await each.locator(".desk").count(), 0);
    }
    await assertGood(page, "lock panel");
    await desk.picture(`account-${width}-lock`);

    await page.reload();
    await page.getByTestId("lock-count").waitFor();
    await page.locator("input[name=password]").fill("a wrong password");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText(/密码不对|not right/).waitFor();
    await page.getByRole("button", { name: /由班长解锁|A supervisor unlocks/ }).click();
    await page.locator("input[name=supervisor]").fill("operator2");
    await page.locator("input[name=password]").fill("jujiale-demo");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText(/无权解锁|may not unlock/).waitFor();
    await assertGood(page, "lock panel, a supervisor unlocks");
    await desk.picture(`account-${width}-lock-supervisor`);
    await page.locator("input[name=supervisor]").fill("supervisor");
    await page.locator("input[name=password]").fill("jujiale-demo");
    await page.keyboard.press("Enter");
    for (const name of names) for (const each of [page, beside]) await each.locator(".row", { hasText: name }).first().waitFor();

    await page.getByRole("button", { name: /^(锁屏|Lock)$/ }).click();
    await page.getByTestId("lock-count").waitFor();
    await page.locator("input[name=password]").fill("jujiale-demo");
    await page.keyboard.press("Enter");
    await desk.row(names[1]).first().waitFor();
    assert.deepEqual(desk.faults, []);
    await desk.context.close();
  });
}
