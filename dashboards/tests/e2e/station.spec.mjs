/** A station's telephone: a task is heard, taken, gone through, refused, taken back, and never thought done before it is. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { logIn, openDesk, startBrowser, startPlatform, until } from "./harness.mjs";
import { callAs } from "./people.mjs";
import { assertGood, openOperator, openStation, PHONE, WITHIN_MS } from "./phones.mjs";

let platform;
let browser;
let operator;
before(async () => { platform = await startPlatform(); browser = await startBrowser(); operator = await openOperator(platform); });
after(async () => { await operator?.dispose(); await browser?.close(); await platform?.stop(); });

test("a task is heard, taken and gone through to its end", async () => {
  const phone = await openStation(browser, platform);
  const { page } = phone;
  await page.getByText("现在没有任务").waitFor();
  // The click that logged in allowed the sound.
  await phone.sound("running/0");
  await assertGood(page, "no task");
  await phone.picture("station-412-empty");

  const { task, name } = await operator.dispatch("demo-0007", "敲门要久一点，邻居有钥匙");
  const card = phone.card(name);
  await card.waitFor({ timeout: WITHIN_MS });
  await phone.sound("running/1");
  await page.getByRole("alert").filter({ hasText: `新任务：${name}` }).waitFor({ state: "attached" });
  assert.match(await page.title(), /新任务/);
  await card.getByText("敲门要久一点，邻居有钥匙").waitFor();
  assert.match(await card.getByTestId("left").innerText(), /请在 \d+:\d\d 内答复/);
  await card.getByTestId("person").getByRole("link").first().waitFor();
  assert.match(await card.getByRole("link", { name: /打电话给老人/ }).getAttribute("href"), /^tel:\d{5,}$/);
  await card.getByTestId("place").getByText("误差约 ±18 米").waitFor();
  assert.match(await card.getByRole("link", { name: "在地图中打开：老人位置" }).getAttribute("href"), /^geo:33\.963100,118\.276900/);
  for (const act of ["接单", "不能去"]) {
    const { height } = await card.getByRole("button", { name: act }).boundingBox();
    assert.ok(height >= 48, `${act} is ${height} px high`);
  }
  assert.equal(await card.getByRole("button", { name: "出发" }).count(), 0);
  await assertGood(page, "offered");
  await phone.picture("station-412-offered");

  await card.getByRole("button", { name: "接单" }).click();
  await phone.state(name, "acknowledged");
  await phone.sound("running/0");
  assert.equal((await operator.task(task.id)).state, "acknowledged");
  await card.getByRole("button", { name: "出发" }).click();
  await phone.state(name, "en_route");
  await phone.picture("station-412-en-route");

  // A telephone that was away learns the times from the incident's own account.
  await page.reload();
  await phone.state(name, "en_route");
  await until("all times", async () => (await card.getByTestId("steps").locator("time").count()) === 3);
  await page.getByText("还没有声音").waitFor();
  await page.getByRole("button", { name: "开启声音" }).click();
  await phone.sound("running/0");

  await card.getByRole("button", { name: "还在路上" }).click();
  await card.getByTestId("said").getByText("已告诉呼叫中心：还在路上").waitFor();
  await card.getByRole("button", { name: "到达" }).click();
  await phone.state(name, "on_scene");
  await page.setViewportSize({ width: 1400, height: 900 });
  await assertGood(page, "on scene, wide");
  await phone.picture("station-1400-on-scene");
  await page.setViewportSize(PHONE);
  await card.getByRole("button", { name: "完成", exact: true }).click();
  await page.getByRole("button", { name: "确定完成" }).click();
  await page.getByText("请选一项").waitFor();
  await page.getByLabel("已扶起或安顿好，没有受伤").check();
  await page.getByLabel("补充说明").fill("血压正常");
  await assertGood(page, "finishing");
  await phone.picture("station-412-finishing");
  await page.getByRole("button", { name: "确定完成" }).click();
  await page.getByTestId("ended-notice").getByText("已确认：任务完成").waitFor();
  assert.equal((await operator.task(task.id)).words, "已扶起或安顿好，没有受伤；血压正常");
  await page.getByRole("button", { name: "知道了" }).click();
  await page.getByText("现在没有任务").waitFor();

  await page.getByRole("button", { name: "今天已结束" }).click();
  await page.locator(".ended-row[data-state=finished]").getByText("血压正常").waitFor();
  assert.equal(await page.getByText(name).count(), 0, "whom it was about is over too");
  await assertGood(page, "ended");
  await phone.picture("station-412-ended");
  assert.deepEqual(phone.faults, []);
  await phone.context.close();
});

test("nobody can go: the desk is told why", async () => {
  const phone = await openStation(browser, platform);
  const { page } = phone;
  const { task, name } = await operator.dispatch("demo-0012", "");
  await phone.card(name).getByRole("button", { name: "不能去" }).click();
  await page.getByLabel("其他").check();
  await page.getByRole("button", { name: "确定不能去" }).click();
  await page.getByText("请写明").waitFor();
  await page.getByLabel("补充说明").fill("车坏了");
  await assertGood(page, "declining");
  await phone.picture("station-412-declining");
  await page.getByRole("button", { name: "确定不能去" }).click();
  await page.getByTestId("ended-notice").getByText("已确认：不能去").waitFor();
  await phone.sound("running/0");
  const now = await operator.task(task.id);
  assert.deepEqual([now.state, now.words], ["declined", "车坏了"]);
  await phone.context.close();
});

test("what is taken back is said aloud and stays, also if the link was down meanwhile", async () => {
  const phone = await openStation(browser, platform);
  const { page } = phone;
  const first = await operator.dispatch("demo-0015", "");
  await phone.card(first.name).getByRole("button", { name: "接单" }).click();
  await phone.state(first.name, "acknowledged");
  await operator.withdraw(first.task.id, "家属已到家");
  const notice = page.getByTestId("ended-notice").filter({ hasText: first.name });
  await notice.getByText("已被撤回：家属已到家").waitFor({ timeout: WITHIN_MS });
  // Whoever drives hears that something has changed; then it is quiet.
  await phone.sound("running/1");
  await phone.sound("running/0");
  assert.equal(await phone.card(first.name).count(), 0);
  await assertGood(page, "withdrawn");
  await phone.picture("station-412-withdrawn");

  const second = await operator.dispatch("demo-0016", "");
  await phone.state(second.name, "offered");
  await notice.waitFor();
  await phone.line.cut();
  await page.getByTestId("link-down").waitFor();
  await operator.withdraw(second.task.id, "已有人在场");
  phone.line.mend();
  await page.getByTestId("ended-notice").filter({ hasText: second.name }).getByText("已被撤回：已有人在场").waitFor();
  await phone.sound("running/0");
  await notice.getByRole("button", { name: "知道了" }).click();
  assert.equal(await notice.count(), 0);
  assert.deepEqual(phone.faults, []);
  await phone.context.close();
});

test("without a connection nothing is pretended", async () => {
  const phone = await openStation(browser, platform);
  const { page } = phone;
  const { task, name } = await operator.dispatch("demo-0018", "轮椅在楼道");
  const card = phone.card(name);
  await card.getByRole("button", { name: "接单" }).waitFor();
  await phone.line.cut();
  await page.getByTestId("link-down").getByText(/显示已确认之前都不算数/).waitFor();
  await card.getByRole("button", { name: "接单" }).click();
  await card.getByTestId("sent").getByText(/没有得到服务器的确认/).waitFor();
  assert.equal((await operator.task(task.id)).state, "offered");
  await phone.sound("running/1");
  await assertGood(page, "lost");
  await phone.picture("station-412-lost");
  await page.setViewportSize({ width: 1400, height: 900 });
  await phone.picture("station-1400-lost");
  await card.getByRole("button", { name: "再试一次" }).click();
  await card.getByTestId("sent").getByText(/没有得到服务器的确认/).waitFor();
  phone.line.mend();
  await card.getByRole("button", { name: "再试一次" }).click();
  await phone.state(name, "acknowledged");
  await page.getByTestId("link-down").waitFor({ state: "detached" });

  // The word arrives and its answer does not: the server's news settles it. Until then it is being confirmed.
  let answer;
  await page.route("**/en-route", async (route) => { await route.fetch(); await new Promise((done) => { answer = done; }); await route.abort(); }, { times: 1 });
  await phone.line.close();
  phone.line.live = false;
  await card.getByRole("button", { name: "出发" }).click();
  await card.getByText("“出发”正在确认…").waitFor();
  await until("the server to know", async () => (await operator.task(task.id)).state === "en_route" && answer);
  await phone.picture("station-1400-confirming");
  answer();
  await phone.state(name, "en_route");
  assert.equal(await card.getByTestId("sent").count(), 0);
  phone.line.mend();
  await operator.withdraw(task.id, "测试结束");
  await page.getByTestId("ended-notice").waitFor();
  await phone.context.close();
});

test("English, and other people's accounts", async () => {
  const { task, name } = await operator.dispatch("demo-0019", "The key is with the neighbour");
  const phone = await openStation(browser, platform, { language: "en" });
  await phone.card(name).getByRole("button", { name: "Take it" }).waitFor();
  await phone.card(name).getByTestId("person").getByRole("link").first().waitFor();
  await assertGood(phone.page, "English");
  await phone.picture("station-412-english");
  await phone.page.setViewportSize({ width: 320, height: 700 });
  await assertGood(phone.page, "narrow");
  await operator.withdraw(task.id, "测试结束");
  await phone.context.close();

  const stranger = await openDesk(browser, platform, { path: "/station/", ...PHONE });
  await assertGood(stranger.page, "log-in");
  await stranger.picture("station-412-log-in");
  await logIn(stranger.page, "operator", { shows: "[data-testid=hindrance]" });
  await stranger.page.getByText("只给服务站站员用").waitFor();
  assert.equal(await stranger.page.getByRole("link", { name: "去接警台" }).getAttribute("href"), "/");
  await assertGood(stranger.page, "a stranger");
  await stranger.context.close();
});

test("a session that is ended, and a password that must be changed, are said", async () => {
  const { task, name } = await operator.dispatch("demo-0021", "");
  const phone = await openStation(browser, platform);
  const { page } = phone;
  await phone.state(name, "offered");
  const admin = await callAs(platform, "admin");
  assert.equal((await admin.delete("/api/users/station/sessions")).status(), 204);
  await page.getByText(/登录已失效/).waitFor();
  const left = await page.content();
  for (const word of [name, "geo:", "tel:"]) assert.ok(!left.includes(word), `the page that was left holds ${word}`);
  await phone.sound("running/1");
  await phone.picture("station-412-session-ended");
  await logIn(page, "station");
  await phone.card(name).getByRole("button", { name: "不能去" }).click();
  await page.getByLabel("人手都在外面").check();
  await page.getByRole("button", { name: "确定不能去" }).click();
  await page.getByTestId("ended-notice").getByText("已确认：不能去").waitFor();
  assert.equal((await operator.task(task.id)).words, "人手都在外面");

  await page.route("**/api/me", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), must_change_password: true } });
  });
  await page.reload();
  await page.getByTestId("hindrance").getByText(/先换成只有您知道的密码/).waitFor();
  assert.equal(await page.getByRole("link", { name: "去更换密码" }).getAttribute("href"), "/");
  await phone.picture("station-412-password");
  await page.unroute("**/api/me");
  await page.getByRole("button", { name: "办好了，继续" }).click();
  await page.locator(".link-up").waitFor();
  page.on("dialog", (dialog) => void dialog.accept());
  await page.getByRole("button", { name: "退出登录" }).click();
  await page.locator("input[name=username]").waitFor();
  assert.equal((await page.context().request.get("/api/me")).status(), 401);
  await admin.dispose();
  await phone.context.close();
});
