/** An auditor finds who looked at whom, and sees nothing of the desk; a supervisor has the same beside it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, logIn, manage, openDesk, startBrowser, startPlatform } from "./harness.mjs";

let platform;
let browser;
before(async () => { platform = await startPlatform(); browser = await startBrowser(); });
after(async () => { await browser?.close(); await platform?.stop(); });

async function assertGood(page, where) {
  await assertAccessible(page, where);
  await assertFits(page, where);
}

for (const [language, width, height] of [["zh-Hans", 1400, 900], ["en", 412, 915]]) {
  test(`an auditor's search, ${language} at ${width}×${height}`, async () => {
    const operator = await openDesk(browser, platform, { width, height, language });
    await logIn(operator.page, "operator");
    await operator.page.locator(".header").waitFor();
    const answer = await operator.page.evaluate(async () => (await fetch("/api/residents/r-0007?reason=rang%20twice")).status);
    assert.equal(answer, 200);

    const desk = await openDesk(browser, platform, { width, height, language });
    const { page } = desk;
    await logIn(page, "auditor", { shows: ".audit" });
    await page.locator(".audit-rows tbody tr").first().waitFor();
    assert.equal(await page.locator(".link").count(), 0, "nothing of the desk");
    await page.locator("input[name=resident]").fill("r-0007");
    await page.keyboard.press("Enter");
    const found = page.locator(".audit-rows tbody tr", { hasText: "rang twice" });
    await found.first().waitFor();
    assert.match(await found.first().innerText(), language === "en" ? /operator[\s\S]*read a resident's card/ : /operator[\s\S]*看老人资料/);
    const subjects = await page.locator(".audit-rows tbody code").allInnerTexts();
    // Whoever searched the log for them looked at them too.
    assert.ok(subjects.includes("r-0007") && subjects.every((subject) => ["r-0007", "audit"].includes(subject)), String(subjects));
    await assertGood(page, "audit log");
    await desk.picture(`${language}-${width}-audit`);
    // By day: those before have it not, today has, as the last day too.
    const day = (ago) => new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" }).format(Date.now() - ago * 86_400_000);
    for (const [from, to, has] of [[day(9), day(2), false], [day(1), day(0), true]]) {
      await page.locator("input[name=from]").fill(from);
      await page.locator("input[name=to]").fill(to);
      await page.locator(".audit-form button[type=submit]").click();
      if (has) await found.first().waitFor();
      else await page.getByText(language === "en" ? "Nothing fits." : "没有符合的记录。").waitFor();
    }
    await assertGood(page, "audit log by day");
    for (const name of ["from", "to"]) await page.locator(`input[name=${name}]`).fill("");
    // Whoever searched for somebody before is found with them.
    await page.locator("input[name=resident]").fill(`nobody-at-all-${language}`);
    await page.keyboard.press("Enter");
    await page.getByText(language === "en" ? "Nothing fits." : "没有符合的记录。").waitFor();
    assert.deepEqual(desk.faults, []);
    await desk.context.close();
    await operator.context.close();
  });
}

test("a supervisor opens it beside the desk", async () => {
  const desk = await openDesk(browser, platform, { width: 1400, height: 900, language: "zh-Hans" });
  const { page } = desk;
  await logIn(page, "supervisor");
  await manage(page, "审计");
  await page.getByRole("dialog").locator(".audit-rows tbody tr").first().waitFor();
  await assertGood(page, "audit dialog");
  await desk.picture("zh-Hans-1400-audit-dialog");
  assert.deepEqual(desk.faults, []);
  await desk.context.close();
});
