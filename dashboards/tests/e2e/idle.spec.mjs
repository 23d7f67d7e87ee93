/** A desk that nobody touches hides names and positions; queue, count and sound go on. */
import { after, before, test } from "node:test";
import { openDesk, PASSWORD, startBrowser, startPlatform, until } from "./harness.mjs";

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
