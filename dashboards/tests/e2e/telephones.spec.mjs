/** Telephones that stand in for a handset: bound, set up by what is shown once, and taken away again. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asked, assertGood, confirm, manage, openDesk, shownOnce, startBrowser, startPlatform } from "./harness.mjs";
import { newName } from "./people.mjs";

let platform;
let browser;
before(async () => { platform = await startPlatform(); browser = await startBrowser(); });
after(async () => { await browser?.close(); await platform?.stop(); });

const named = (scope, name) => scope.getByRole("button", { name });

for (const [language, width, height] of [["zh-Hans", 1400, 900], ["en", 412, 915]]) {
  test(`a handset's telephones, ${language} at ${width}×${height}`, async () => {
    const id = newName().replace("xin", "tel");
    const desk = await openDesk(browser, platform, { width, height, language, username: "admin" });
    const { page } = desk;
    assert.equal((await desk.context.request.post(`/api/handsets/${id}/claim`)).status(), 201);
    await manage(page, /终端|Handsets/);
    await page.locator("input[name=q]").fill(id);
    await page.keyboard.press("Enter");
    const row = page.getByTestId("handsets").locator(".fold", { hasText: id });
    await row.locator(".fold-head").click();
    const phones = row.getByTestId("phones");
    await phones.getByText(/没有绑定手机|No telephone is bound/).waitFor();

    await named(phones, /^(添加手机|Add a telephone)…$/).click();
    await assertGood(page, "adding a telephone");
    await phones.locator("input[name=user]").fill("a/b");
    assert.ok(await named(phones, /^(绑定|Add)$/).isDisabled());
    await phones.locator("input[name=user]").fill("wang");
    await named(phones, /^(绑定|Add)$/).click();
    await phones.getByText(new RegExp(`/owntracks\\?u=wang&d=phone$`)).waitFor();
    await named(phones, /^(换发密钥，用二维码设置|Give it a new secret, as a QR code)$/).click();
    const settings = new URL((await shownOnce(page)).replace("owntracks:///", "https://x/")).searchParams.get("inline");
    const { username, password, url } = JSON.parse(Buffer.from(settings, "base64").toString());
    await assertGood(page, "the settings of a telephone");
    const location = { _type: "location", lat: 33.961, lon: 118.281, acc: 12, tst: Math.floor(Date.now() / 1_000) };
    const post = () => fetch(url, { method: "POST", body: JSON.stringify(location), headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` } });
    assert.equal((await post()).status, 200);
    await named(phones, /收起|put away/).click();

    await named(phones, /^(添加手机|Add a telephone)…$/).click();
    await phones.locator("select[name=kind]").selectOption("osmand");
    await named(phones, /^(绑定|Add)$/).click();
    assert.match(await shownOnce(page), /^[0-9a-f]{32}$/);
    await assertGood(page, "an OsmAnd id");
    await named(phones, /收起|put away/).click();
    assert.equal(await phones.locator(".bindings li").count(), 2);

    await named(phones, /^(解绑|Remove) OwnTracks/).click();
    await asked(page).getByText(/wang/).last().waitFor();
    await confirm(page);
    await phones.locator(".bindings li", { hasText: "wang" }).waitFor({ state: "detached" });
    assert.equal((await post()).status, 403);
    assert.deepEqual(desk.faults, []);
    await desk.context.close();
  });
}
