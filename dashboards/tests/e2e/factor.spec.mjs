/** A role that logs in with a second factor: nothing is shown or asked before one is there. It starts a platform of its own. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertGood, logIn, openDesk, PASSWORD, startBrowser, startPlatform } from "./harness.mjs";
import { codeOf } from "./people.mjs";

const skip = process.env.JJL_BASE_URL ? "the settings of a platform that already runs are its own" : false;
const LOOKS = [["zh-Hans", 1400, 900, "supervisor"], ["en", 412, 915, "auditor"]];

let platform;
let browser;
before(async () => {
  if (skip) return;
  platform = await startPlatform({ JJL_ACCOUNTS__SECOND_FACTOR_FOR: "[supervisor, auditor]" });
  browser = await startBrowser();
});
after(async () => { await browser?.close(); await platform?.stop(); });

for (const [language, width, height, username] of LOOKS) {
  test(`a second factor is asked of a role, ${language} at ${width}×${height}`, { skip }, async () => {
    const asked = [];
    const desk = await openDesk(browser, platform, {
      width, height, language,
      onPage: async (page) => {
        page.on("request", (request) => asked.push(new URL(request.url()).pathname));
        page.on("websocket", (socket) => asked.push(new URL(socket.url()).pathname));
      },
    });
    const { page } = desk;
    await logIn(page, username, { shows: "input[name=password][autocomplete=current-password] >> nth=0" });
    await page.getByRole("heading", { name: /请先开启动态验证码|Set up a code first/ }).waitFor();
    await assertGood(page, "a second factor is asked of the role");
    await desk.picture(`factor-${width}-asked`);
    const password = page.locator("input[name=password]");
    await password.fill("a wrong password");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText(/密码不对|not right/).waitFor();
    await password.fill(PASSWORD);
    await page.keyboard.press("Enter");
    await page.locator(".factor-picture svg").waitFor();
    await assertGood(page, "the picture of a second factor");
    await desk.picture(`factor-${width}-picture`);
    const secret = await page.getByTestId("secret").innerText();
    await page.locator("input[name=code]").fill("000 000");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText(/手机时间|telephone's clock/).waitFor();
    assert.deepEqual(asked.filter((path) => path.startsWith("/api/") && !["/api/me", "/api/session", "/api/me/totp"].includes(path)), []);
    await page.locator("input[name=code]").fill(codeOf(secret));
    await page.keyboard.press("Enter");
    await page.locator(username === "auditor" ? ".audit" : ".link-up").waitFor();
    assert.deepEqual(desk.faults, []);
    await desk.context.close();
  });
}
