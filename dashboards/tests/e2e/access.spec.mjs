/** Everybody can use it: axe finds nothing serious, and nothing runs out of a narrow screen. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertAccessible, assertFits, logIn, openDesk, press, residentOf, startBrowser, startPlatform, walk } from "./harness.mjs";

let platform;
let browser;
before(async () => { platform = await startPlatform(); browser = await startBrowser(); await walk(platform, "demo-0021"); });
after(async () => { await browser?.close(); await platform?.stop(); });

const SIZES = [[1400, 900], [412, 915], [320, 640]];

for (const language of ["zh-Hans", "en"]) {
  for (const [width, height] of SIZES) {
    test(`${language} at ${width}×${height}`, async () => {
      const name = `${language}-${width}`;
      const desk = await openDesk(browser, platform, { width, height, language });
      const { page } = desk;
      await page.locator("input[name=username]").waitFor();
      assert.equal(await page.locator("html").getAttribute("lang"), language);
      await assertAccessible(page, "log-in");
      await assertFits(page, "log-in");
      await desk.picture(`${name}-log-in`);

      await logIn(page, "operator");
      await press(platform, "demo-0021");
      await press(platform, "demo-unbound", { fix: null });
      const resident = await residentOf(desk, "demo-0021");
      await desk.row(resident.name).first().waitFor();
      await assertAccessible(page, "queue");
      await assertFits(page, "queue");
      await desk.picture(`${name}-queue`);

      await desk.row(resident.name).first().locator(".row-main").click();
      await page.getByTestId("resident-card").locator("dl").waitFor();
      await page.locator('.map[data-ready="true"]').waitFor();
      await assertAccessible(page, "incident page");
      await assertFits(page, "incident page");
      await desk.picture(`${name}-incident`);

      const track = page.getByRole("button", { name: language === "en" ? "Track 24 h" : "轨迹 24 h" });
      assert.equal(await track.getAttribute("aria-pressed"), "false");
      await track.focus();
      await page.keyboard.press("Enter");
      await page.locator(".track-words p").first().waitFor();
      assert.equal(await track.getAttribute("aria-pressed"), "true");
      assert.match(await page.locator(".track-words").innerText(), /480 .*[\s\S]*300/);
      await assertAccessible(page, "incident page with the track");
      await assertFits(page, "incident page with the track");
      await track.scrollIntoViewIfNeeded();
      await desk.picture(`${name}-track`);

      await page.keyboard.press("Shift+?");
      await page.getByRole("dialog").waitFor();
      await assertAccessible(page, "help");
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "hidden" });

      await page.getByRole("button", { name: language === "en" ? "New call" : "登记来电" }).click();
      await page.locator("input[type=search]").fill(resident.name.slice(0, 1));
      await page.locator(".found .button").first().waitFor();
      await assertAccessible(page, "new call");
      await assertFits(page, "new call");
      await desk.picture(`${name}-call`);
      assert.deepEqual(desk.faults, []);
      await desk.context.close();
    });
  }
}
