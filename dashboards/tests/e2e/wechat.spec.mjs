/** Relatives come in inside WeChat's own browser, which has no service workers: by one link, in under a minute, and each sees the other. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openDesk, press, startBrowser, startPlatform } from "./harness.mjs";
import { callAs, newName } from "./people.mjs";
import { assertGood, PHONE, WITHIN_MS } from "./phones.mjs";

const HANDSET = "demo-0051";
const RESIDENT = "r-0051";
const JOINS_WITH = "六点换班 带上钥匙和水壶";
const JOINS_WITHIN_MS = 60_000;
/** As long as a thumb takes for a sign. */
const SIGN_MS = 100;
const IN_WECHAT = {
  userAgent: "Mozilla/5.0 (Linux; Android 14; V2309A Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/116.0.0.0 "
    + "Mobile Safari/537.36 MicroMessenger/8.0.49.2600(0x28003133) WeChat/arm64 Weixin NetType/4G Language/zh_CN ABI/arm64",
  serviceWorkers: "block", isMobile: true, hasTouch: true,
};
const RELATIVES = [["王小红", "女儿"], ["王小军", "儿子"]];

let platform, browser, supervisor;
before(async () => { platform = await startPlatform(); browser = await startBrowser(); supervisor = await callAs(platform, "supervisor"); });
after(async () => { await supervisor?.dispose(); await browser?.close(); await platform?.stop(); });

async function post(path, data) {
  const answer = await supervisor.post(path, { data });
  assert.ok(answer.ok(), `${path}: ${await answer.text()}`);
  return answer.json();
}

/** Where the link leads that a supervisor gives to a relative; the QR code holds the same. */
async function linkFor(display_name, relation) {
  const consent = await post(`/api/residents/${RESIDENT}/consents`, {
    purpose: "family", given_by: "resident", giver: "王秀英", data: "位置、轨迹、警情", text_version: "2026-11", channel: "paper",
  });
  return (await post("/api/invitations", { consent: consent.id, display_name, relation })).path;
}

async function joinInWeChat(display_name, relation) {
  const path = await linkFor(display_name, relation);
  const begunMs = performance.now();
  const phone = await openDesk(browser, platform, { path, ...PHONE, as: IN_WECHAT });
  const { page } = phone;
  const username = newName();
  await page.getByText(new RegExp(display_name)).waitFor();
  for (const [field, words] of [["username", username], ["new", JOINS_WITH], ["again", JOINS_WITH]]) {
    await page.locator(`input[name=${field}]`).pressSequentially(words, { delay: SIGN_MS });
  }
  await page.locator("form button[type=submit]").tap();
  await page.waitForURL("**/family/");
  await page.getByTestId("sentence").waitFor();
  await page.locator(".link-up").waitFor();
  const tookMs = performance.now() - begunMs;
  assert.ok(tookMs < JOINS_WITHIN_MS, `${display_name} joined in ${tookMs} ms`);
  assert.match(await page.evaluate(() => navigator.userAgent), /MicroMessenger/);
  assert.equal(phone.context.serviceWorkers().length, 0);
  return { ...phone, path, username, display_name, relation };
}

test("two relatives join in WeChat, hear of a press, and each sees who the other is", async () => {
  const phones = [];
  for (const [display_name, relation] of RELATIVES) phones.push(await joinInWeChat(display_name, relation));
  await press(platform, HANDSET);
  for (const [nth, { page, path, faults, context, picture }] of phones.entries()) {
    const other = phones[1 - nth];
    await page.locator("[data-testid=incident][data-now=received]").first().waitFor({ timeout: WITHIN_MS });
    await page.getByTestId("family").locator("summary").tap();
    await page.getByTestId("family").locator("li").filter({ hasText: `${other.display_name} ${other.relation}` }).waitFor();
    assert.ok(!(await page.content()).includes(other.username), "who somebody is, and not by which name they log in");
    await assertGood(page, "in WeChat");
    await picture(`family-412-wechat-${nth}`);
    const late = await openDesk(browser, platform, { path, ...PHONE, as: IN_WECHAT });
    await late.page.getByRole("alert").getByText(/失效/).waitFor();
    assert.deepEqual([...faults, ...late.faults], []);
    await Promise.all([context.close(), late.context.close()]);
  }
});
