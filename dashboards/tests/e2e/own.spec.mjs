/** The own account on the telephones of a station and of a relative: where it is logged in, its password, its second factor. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { logIn, openDesk, press, startBrowser, startPlatform, until } from "./harness.mjs";
import { callAs, codeOf, join, newStaff } from "./people.mjs";
import { assertGood, openOperator, PHONE, WITHIN_MS } from "./phones.mjs";

const PASSWORD = "六点换班 带上钥匙和水壶";
const OTHER_PASSWORD = "六点换班 带上钥匙和雨伞";
const HANDSET = "demo-0052";
const RESIDENT = "r-0052";

let platform, browser;
before(async () => { platform = await startPlatform(); browser = await startBrowser(); });
after(async () => { await browser?.close(); await platform?.stop(); });

/** A relative who came by a link made on a consent, as every relative does. */
async function newRelative() {
  const supervisor = await callAs(platform, "supervisor");
  const post = async (path, data) => {
    const answer = await supervisor.post(path, { data });
    assert.ok(answer.ok(), `${path}: ${await answer.text()}`);
    return answer.json();
  };
  const consent = await post(`/api/residents/${RESIDENT}/consents`, { purpose: "family", given_by: "resident", giver: "王秀英", data: "位置、轨迹、警情", text_version: "2026-11", channel: "paper" });
  const { path } = await post("/api/invitations", { consent: consent.id, display_name: "王小红", relation: "女儿" });
  await supervisor.dispose();
  const { username, call } = await join(new URL(path, platform.http), PASSWORD);
  await call.dispose();
  return username;
}

const PAGES = [
  ["station", "/station/", () => newStaff(platform, PASSWORD, "s-xingfu"), "zh-Hans"],
  ["family", "/family/", newRelative, "en"],
];

for (const [what, path, newcomer, language] of PAGES) {
  test(`${what}: a session is seen and ended, the password changed, a second factor set up`, async () => {
    const username = await newcomer();
    const lost = await openDesk(browser, platform, { path, ...PHONE });
    const phone = await openDesk(browser, platform, { path, ...PHONE, language });
    const { page } = phone;
    for (const each of [lost, phone]) await logIn(each.page, username, { password: PASSWORD });
    const open = page.getByRole("button", { name: /^(我的账号|My account)$/ });
    const { height } = await open.boundingBox();
    assert.ok(height >= 44, `the way to the account is ${height} px high`);
    await open.click();
    const account = page.getByTestId("own-account");
    const rows = account.locator(".own-sessions li");
    // The link was used by a program, which has a session too.
    await until("the sessions", async () => (await rows.count()) === 3);
    assert.match(await account.locator('li[data-own="true"]').innerText(), /Chrome · Linux[^]*(本次登录|this one)/);
    for (const button of await account.getByRole("button").all()) {
      const box = await button.boundingBox();
      assert.ok(box.height >= 44, `${await button.innerText()} is ${box.height} px high`);
    }
    await assertGood(page, `${what}: the own account`);
    await phone.picture(`${what}-412-account`);

    page.on("dialog", (dialog) => void dialog.accept());
    await account.locator('li[data-own="false"]', { hasText: "Chrome · Linux" }).getByRole("button").click();
    await lost.page.getByText(/登录已失效/).waitFor();
    await until("the list to be shorter", async () => (await rows.count()) === 2);

    const type = async (old, fresh, again = fresh) => {
      for (const [name, value] of [["old", old], ["new", fresh], ["again", again]]) await account.locator(`input[name=${name}]`).fill(value);
      await page.keyboard.press("Enter");
    };
    await type(PASSWORD, OTHER_PASSWORD, PASSWORD);
    await account.getByRole("alert").getByText(/两次输入的新密码不一样|not the same/).waitFor();
    await type("a wrong password", OTHER_PASSWORD);
    await account.getByRole("alert").getByText(/密码不对|not right/).waitFor();
    await type(PASSWORD, OTHER_PASSWORD);
    await account.getByRole("status").getByText(/密码已更换|is changed/).waitFor();
    await until("the list to hold this one alone", async () => (await rows.count()) === 1);

    const factor = account.locator("section[aria-labelledby=second-factor]");
    await factor.locator("input[name=password]").fill(OTHER_PASSWORD);
    await page.keyboard.press("Enter");
    assert.match(await factor.getByRole("link").getAttribute("href"), /^otpauth:\/\/totp\//);
    const secret = await page.getByTestId("secret").innerText();
    await assertGood(page, `${what}: a second factor is set up`);
    await factor.scrollIntoViewIfNeeded();
    await phone.picture(`${what}-412-factor`);
    await factor.locator("input[name=code]").fill(codeOf(secret));
    await page.keyboard.press("Enter");
    await factor.getByText(/^(已开启|On)/).waitFor();
    await page.setViewportSize({ width: 320, height: 700 });
    await assertGood(page, `${what}: the own account, narrow`);
    assert.deepEqual([...lost.faults, ...phone.faults], []);
    await Promise.all([lost.context.close(), phone.context.close()]);
  });
}

test("a call for help takes the page of a relative from their account", async () => {
  const username = await newRelative();
  const operator = await openOperator(platform);
  const phone = await openDesk(browser, platform, { path: "/family/", ...PHONE });
  const { page } = phone;
  await logIn(page, username, { password: PASSWORD });
  await page.getByRole("button", { name: "我的账号" }).click();
  await page.getByTestId("own-account").waitFor();
  await press(platform, HANDSET);
  await page.getByTestId("incident").first().waitFor({ timeout: WITHIN_MS });
  assert.equal(await page.getByTestId("own-account").count(), 0);
  await page.getByRole("button", { name: "我看到了，停止响铃" }).click();
  await page.getByRole("button", { name: "我的账号" }).click();
  await page.getByTestId("own-account").waitFor();
  await page.getByRole("button", { name: "返回" }).click();
  await page.getByTestId("incident").first().waitFor();
  await operator.close(HANDSET);
  await operator.dispose();
  await phone.context.close();
});
