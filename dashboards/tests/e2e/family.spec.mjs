/** A relative's telephone: how she is and how sure that is, a call for help as it moves, and nothing that is not true. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { logIn, openDesk, press, startBrowser, startPlatform, until, walk } from "./harness.mjs";
import { callAs } from "./people.mjs";
import { assertGood, openOperator, openRelative, PHONE, WITHIN_MS } from "./phones.mjs";

const HANDSET = "demo-0001";
const RESIDENT = "r-0001";
const STATION = "s-xingfu";
/** The longest pause between two attempts, and a little. */
const RECONNECTS_WITHIN_MS = 15_000;
const DESKTOP = { width: 1400, height: 900 };

let platform, browser, operator, name;
const opened = () => until("the incident", () => operator.incidentOf(HANDSET));

before(async () => {
  platform = await startPlatform();
  browser = await startBrowser();
  operator = await openOperator(platform);
  await walk(platform, HANDSET);
  // Something happened before, and is over.
  await press(platform, HANDSET);
  name = (await opened()).resident.name;
  await operator.close(HANDSET);
});
after(async () => { await operator?.dispose(); await browser?.close(); await platform?.stop(); });

test("how she is, with age and accuracy; the map, today's way, who else can see", async () => {
  const phone = await openRelative(browser, platform);
  const { page } = phone;
  await phone.sentence.getByText(new RegExp(`^${name} (刚刚|\\d+分钟前)在.+（±18 米）$`)).waitFor();
  await page.getByText("现在没有求助消息").waitFor();
  await phone.sound("running/0");
  await page.locator('.map[data-ready="true"]').waitFor();
  await assertGood(page, "calm");
  await phone.picture("family-412-calm");
  await page.setViewportSize(DESKTOP);
  await assertGood(page, "calm, wide");
  await phone.picture("family-1400-calm");
  await page.setViewportSize(PHONE);
  await page.getByRole("button", { name: "看今天的足迹" }).click();
  await page.getByTestId("trail").getByText(/个定位/).waitFor();
  await page.getByTestId("family").locator("summary").click();
  await page.getByTestId("family").getByText(/王芳 女儿/).waitFor();
  await assertGood(page, "the way and who can see");
  await page.getByTestId("family").scrollIntoViewIfNeeded();
  await phone.picture("family-412-more");
  assert.deepEqual(phone.faults, []);
  await phone.context.close();
});

test("a press is heard and seen, goes forward, goes back with why, and ends", async () => {
  const phone = await openRelative(browser, platform);
  const { page } = phone;
  await page.getByText("现在没有求助消息").waitFor();
  await press(platform, HANDSET, { pressed_at: new Date().toISOString() });
  await phone.now("received");
  await phone.sound("running/1");
  await phone.incident.getByRole("heading", { name: `${name} 刚刚按了求助键` }).waitFor();
  await page.getByRole("alert").filter({ hasText: `${name} 刚刚按了求助键` }).waitFor({ state: "attached" });
  assert.match(await page.title(), /求助/);
  assert.equal(await page.getByText("现在没有求助消息").count(), 0);
  await assertGood(page, "a press");
  await phone.picture("family-412-press");
  await page.getByRole("button", { name: "我看到了，停止响铃" }).click();
  await phone.sound("running/0");

  await operator.act(HANDSET, "claim");
  await phone.stage("claimed", "now");
  const { tasks: [task] } = await operator.act(HANDSET, "dispatch", { stations: [STATION], note: "只给服务站的话" });
  await phone.now("station_asked");
  await operator.tell(task.id, "acknowledge");
  await operator.tell(task.id, "en-route");
  await phone.stage("on_the_way", "now");
  await page.setViewportSize(DESKTOP);
  await assertGood(page, "on the way, wide");
  await phone.picture("family-1400-on-the-way");
  await page.setViewportSize(PHONE);
  await phone.picture("family-412-on-the-way");

  await operator.tell(task.id, "fail", { reason: "只给接线员的原因" });
  await phone.stage("on_the_way", "undone");
  await phone.stage("claimed", "now");
  await phone.now("station_lost");
  await phone.incident.getByTestId("back").getByText(/没去成，接线员正在另行安排/).waitFor();
  await assertGood(page, "a step back");
  await phone.picture("family-412-back");
  await operator.act(HANDSET, "release", { reason: "只给同事的原因" });
  await phone.now("released");
  await phone.stage("claimed", "undone");

  // A second press is a call of its own.
  await press(platform, HANDSET);
  await phone.incident.getByText(/共 2 次/).waitFor();
  await phone.sound("running/1");
  await operator.close(HANDSET);
  await phone.now("closed");
  await phone.sound("running/0");
  const ended = page.locator(".incident-ended").first();
  await ended.getByText("结果：家属到场").waitFor();
  await ended.getByText("详细经过").click();
  await ended.getByText("接线员已与老人通话").waitFor();
  await page.getByText("现在没有求助消息").waitFor();
  assert.doesNotMatch(await page.locator("body").innerText(), /只给|女儿已到家|operator/, "no words of staff");
  await assertGood(page, "ended");
  await phone.picture("family-412-ended");
  assert.deepEqual(phone.faults, []);
  await phone.context.close();
});

test("what a relative answers is not said to have arrived before it has", async () => {
  const heard = [];
  const replies = ["abort", 503, 204];
  const phone = await openRelative(browser, platform);
  const { page } = phone;
  await page.route("**/api/incidents/*/answer", async (route) => {
    heard.push({ key: route.request().headers()["idempotency-key"], body: route.request().postDataJSON() });
    const reply = replies.shift();
    if (reply === "abort") await route.abort();
    else await route.fulfill({ status: reply, ...(reply === 204 ? {} : { contentType: "application/problem+json", body: "{}" }) });
  });
  await press(platform, HANDSET);
  await phone.now("received");
  const sent = (kind) => page.locator(`[data-testid=sent][data-kind=${kind}]`);
  await page.getByRole("button", { name: "正在打给她" }).click();
  await sent("unreached").getByText(/不知道是否送达/).waitFor();
  await phone.sound("running/0");
  await assertGood(page, "an answer without an answer");
  await page.getByTestId("answers").scrollIntoViewIfNeeded();
  await phone.picture("family-412-answer-lost");
  await page.getByRole("button", { name: "再发一次" }).click();
  await sent("refused").getByText(/服务器暂时存不下/).waitFor();
  await page.getByRole("button", { name: "再发一次" }).click();
  await sent("sent").getByText(/“正在打给她”.+已送达接线员/).waitFor();
  assert.equal(new Set(heard.map(({ key }) => key)).size, 1, "one key for one word");
  assert.deepEqual(heard.map(({ body }) => body), Array(3).fill({ answer: "calling" }));

  replies.push(204);
  await page.getByRole("button", { name: "其他" }).click();
  await page.getByRole("button", { name: "发送" }).click();
  await page.getByText("请写几个字").waitFor();
  await page.getByLabel("想告诉接线员什么").fill("钥匙在邻居家");
  await assertGood(page, "writing");
  await page.getByRole("button", { name: "发送" }).click();
  await sent("sent").getByText(/“钥匙在邻居家”/).waitFor();
  assert.deepEqual(heard.at(-1).body, { answer: "other", text: "钥匙在邻居家" });
  // It closes nothing.
  assert.equal((await operator.incidentOf(HANDSET)).state, "raised");
  await operator.close(HANDSET);
  await phone.now("closed");
  await page.getByTestId("answers").waitFor({ state: "detached" });
  await phone.context.close();
});

test("a lost link is said aloud and heals with what happened meanwhile", async () => {
  const phone = await openRelative(browser, platform);
  const { page } = phone;
  await page.getByText("现在没有求助消息").waitFor();
  await phone.line.cut();
  await page.getByTestId("link-down").getByText(/链路已中断.*收不到新消息/).waitFor();
  await page.getByText("链路中断，不知道现在有没有求助").waitFor();
  await assertGood(page, "lost");
  await phone.picture("family-412-lost");
  await press(platform, HANDSET);
  await opened();
  phone.line.mend();
  await phone.now("received", RECONNECTS_WITHIN_MS);
  await phone.sound("running/1");
  await phone.line.cut();
  await page.getByTestId("link-down").waitFor();
  await operator.close(HANDSET);
  phone.line.mend();
  await phone.now("closed", RECONNECTS_WITHIN_MS);
  await phone.sound("running/0");
  assert.deepEqual(phone.faults, []);
  await phone.context.close();
});

test("a page that was opened anew is silent and says so until it is touched", async () => {
  const phone = await openRelative(browser, platform);
  const { page } = phone;
  await page.reload();
  await page.getByText("声音还没有打开：有求助时不会响铃").waitFor();
  await page.getByText("现在没有求助消息").waitFor();
  await press(platform, HANDSET);
  await phone.now("received");
  await phone.sound("none/0");
  await page.getByRole("button", { name: "打开声音" }).click();
  await phone.sound("running/1");
  await operator.close(HANDSET);
  await phone.now("closed");
  await phone.context.close();
});

test("what staff withhold is not there, without a hint; an ended session, a lock and an ended grant each say what to do", async () => {
  const phone = await openRelative(browser, platform);
  const { page } = phone;
  await phone.sentence.getByText(/±18 米/).waitFor();
  await press(platform, HANDSET);
  await phone.now("received");
  const kept = await callAs(platform, "operator");
  const answer = await kept.post(`/api/residents/${RESIDENT}/withholdings`, { data: { username: "relative", incident: null, reason: "只给值班人员的原因" } });
  assert.equal(answer.status(), 201);
  await page.getByText("现在没有求助消息").waitFor({ timeout: WITHIN_MS });
  await phone.sound("running/0");
  // Where she was before stays, as of a handset out of reach: a place that goes away would be the hint.
  await phone.sentence.getByText(/±18 米/).waitFor();
  await page.locator(".map-frame").first().waitFor({ state: "attached" });
  await page.locator(".incident").first().waitFor({ state: "detached" });
  assert.doesNotMatch(await page.locator("body").innerText(), /保密|隐藏|只给/);
  await assertGood(page, "withheld");
  await phone.picture("family-412-withheld");
  assert.equal((await kept.delete(`/api/withholdings/${(await answer.json()).id}`)).status(), 204);
  await phone.now("received");
  await operator.close(HANDSET);

  await page.context().request.post("/api/session/lock");
  await page.getByTestId("hindrance").getByText(/画面已锁定/).waitFor();
  await page.context().request.post("/api/session/unlock", { data: { password: "jujiale-demo" } });
  await page.getByRole("button", { name: "办好了，继续" }).click();
  await phone.sentence.waitFor();

  const admin = await callAs(platform, "admin");
  assert.equal((await admin.delete("/api/users/relative/sessions")).status(), 204);
  await page.getByText(/登录已失效/).waitFor();
  await until("nobody to be named", async () => !(await page.content()).includes(name));
  await phone.picture("family-412-session-ended");
  await logIn(page, "relative");

  const supervisor = await callAs(platform, "supervisor");
  assert.equal((await supervisor.delete(`/api/residents/${RESIDENT}/relatives/relative`)).status(), 204);
  await page.locator("[data-access=ended]").getByText(/没有查看权限/).waitFor();
  assert.equal(await page.getByText(name).count(), 0);
  await assertGood(page, "the grant has ended");
  await phone.picture("family-412-no-grant");
  for (const each of [kept, admin, supervisor, phone.context]) await (each.dispose ?? each.close).call(each);
  assert.deepEqual(phone.faults, []);
});

test("whoever logs in at the console is led to their own page", async () => {
  for (const [username, path] of [["relative", "/family/"], ["station", "/station/"]]) {
    const desk = await openDesk(browser, platform, { ...PHONE });
    await logIn(desk.page, username, { shows: ".header" });
    await until(path, () => new URL(desk.page.url()).pathname === path);
    await desk.context.close();
  }
});
