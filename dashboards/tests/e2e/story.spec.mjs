/** The story of a press, from the button to the closed incident, seen at two desks. It wants a platform with nothing open. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { logIn, openDesk, press, residentOf, startBrowser, startPlatform, until } from "./harness.mjs";

let platform;
let browser;
before(async () => { platform = await startPlatform(); browser = await startBrowser(); });
after(async () => { await browser?.close(); await platform?.stop(); });

test("a press is heard, seen, claimed, answered and closed", async () => {
  const desk = await openDesk(browser, platform, { username: "operator" });
  const { page } = desk;
  await page.getByText("尚未开始值班").waitFor();
  await page.getByRole("button", { name: /开始值班|继续值班/ }).click();
  await desk.sound("running/0");
  assert.equal(await page.getByText("尚未开始值班").count(), 0);

  const { name } = await residentOf(desk, "demo-0007");
  const other = await openDesk(browser, platform, { username: "operator2" });
  await press(platform, "demo-0007");
  await desk.row(name).waitFor();
  await desk.sound("running/1");
  await other.row(name).getByText("待接警").waitFor();
  await desk.picture("story-1-heard");

  // Opening claims nothing.
  await desk.row(name).locator(".row-main").click();
  await page.getByTestId("resident-card").getByRole("link").first().waitFor();
  await page.getByTestId("position").getByText("±18 米").waitFor();
  await page.locator('.map[data-ready="true"]').waitFor();
  assert.equal(await other.row(name).getByText("待接警").count(), 1);
  await desk.picture("story-2-opened");

  await page.keyboard.press("c");
  await page.getByTestId("holder").getByText("您已接警").waitFor();
  await other.row(name).getByText("operator 已接警").waitFor();
  await desk.sound("running/0");

  // The other desk comes too late and is told who was first.
  const id = await desk.row(name).getAttribute("data-incident");
  const { version } = await (await other.context.request.get(`/api/incidents/${id}`)).json();
  const late = await other.context.request.post(`/api/incidents/${id}/claim`, { data: { expected_version: version } });
  assert.equal(late.status(), 409);
  assert.equal((await late.json()).holder.username, "operator");

  await page.getByRole("button", { name: "记录", exact: true }).click();
  await page.getByLabel("老人本人").check();
  await page.getByLabel("内容", { exact: true }).fill("已与老人通话，在家门口摔倒");
  await page.getByRole("button", { name: "保存记录" }).click();
  await page.getByTestId("timeline").getByText("已与老人通话，在家门口摔倒").waitFor();

  // A second press joins the same row and waits for the holder.
  await press(platform, "demo-0007");
  await desk.row(name).getByText("第2次求助").waitFor();
  await desk.sound("running/1");
  await page.getByRole("button", { name: "已与老人通话" }).click();
  await desk.sound("running/0");
  await desk.picture("story-3-answered");

  await page.getByRole("button", { name: "结案" }).click();
  const dialog = page.getByRole("dialog");
  assert.equal(await dialog.getByRole("button", { name: "结案" }).isDisabled(), true);
  await dialog.getByLabel("跌倒").check();
  await dialog.getByLabel("家属到场").check();
  await dialog.getByLabel("说明").fill("儿子已到家");
  await desk.picture("story-4-closing");
  await dialog.getByRole("button", { name: "结案" }).click();
  await page.getByTestId("closed").getByText("儿子已到家").waitFor();
  await until("the row to leave both queues", async () => (await desk.row(name).count()) + (await other.row(name).count()) === 0);
  await desk.picture("story-5-closed");
  assert.deepEqual([...desk.faults, ...other.faults], []);
  await desk.context.close();
  await other.context.close();
});

test("a telephone call about nobody known opens an incident", async () => {
  const desk = await openDesk(browser, platform, { username: "operator" });
  await desk.page.getByRole("button", { name: "登记来电" }).click();
  await desk.page.getByLabel(/来电人/).fill("邻居 周女士");
  await desk.page.getByLabel(/来电内容/).fill("楼下听见有人喊救命");
  await desk.page.getByRole("button", { name: "开立警情" }).click();
  await desk.page.getByTestId("incident-page").getByText("楼下听见有人喊救命").waitFor();
  await desk.row("身份不明").first().waitFor();
  await desk.context.close();
});

test("keys move, open and mute; help tells them", async () => {
  const desk = await openDesk(browser, platform, { username: "operator2" });
  const { page } = desk;
  await page.getByRole("button", { name: /开始值班|继续值班/ }).click();
  await press(platform, "demo-0011");
  const { name } = await residentOf(desk, "demo-0011");
  await desk.row(name).waitFor();
  await desk.sound("running/1");
  await page.keyboard.press("m");
  await page.getByText(/静音中 \d+ 秒/).waitFor();
  await desk.sound("running/0");
  await press(platform, "demo-0012");
  await desk.sound("running/1");
  await page.keyboard.press("Shift+?");
  await page.getByRole("dialog").getByText("键盘与用法").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByTestId("incident-page").waitFor();
  await page.keyboard.press("Escape");
  await page.getByTestId("incident-page").waitFor({ state: "detached" });
  assert.deepEqual(desk.faults, []);
  await desk.context.close();
});

test("a lost link is said in red and heals; an ended session keeps the words of a call", async () => {
  let link;
  const desk = await openDesk(browser, platform, {
    username: "operator",
    onPage: (page) => page.routeWebSocket(/\/api\/live$/, (socket) => { link = socket; socket.connectToServer(); }),
  });
  const { page } = desk;
  await link.close({ code: 1011, reason: "cut" });
  await page.locator(".banner.bad", { hasText: "链路已中断" }).waitFor();
  await page.locator(".link-up").waitFor();
  await page.locator(".banner.bad", { hasText: "链路已中断" }).waitFor({ state: "detached" });

  await page.getByRole("button", { name: "登记来电" }).click();
  await page.getByLabel(/来电内容/).fill("写到一半的话");
  await link.close({ code: 4001, reason: "session ended" });
  await page.getByText("登录已失效").waitFor();
  assert.equal(await page.locator(".desk, .ant-modal").count(), 0);
  await logIn(page, "operator");
  assert.equal(await page.getByLabel(/来电内容/).inputValue(), "写到一半的话");
  assert.deepEqual(desk.faults, []);
  await desk.context.close();
});
