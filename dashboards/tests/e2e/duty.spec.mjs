/**
 * What the desk owes beside the queue: somebody looked up for a reason, a stolen telephone put out, an incident taken over or given
 * and heard, a call that an exchange announces. It wants a platform on which nothing is open.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asked, assertGood, confirm, manage, openDesk, press, residentOf, startBrowser, startPlatform, until, walk } from "./harness.mjs";
import { callAs, join, newOperator } from "./people.mjs";

let platform, browser;
before(async () => { platform = await startPlatform(); browser = await startBrowser(); await Promise.all(["demo-0091", "demo-0092"].map((handset) => walk(platform, handset))); });
after(async () => { await browser?.close(); await platform?.stop(); });

const JOINS_WITH = "六点换班 带上钥匙和水壶";
const SIZES = [["zh-Hans", 1400, 900, "demo-0091"], ["en", 412, 915, "demo-0092"]];
const named = (scope, name) => scope.getByRole("button", { name });
const dialog = (page) => page.getByRole("dialog");

async function leave(...desks) {
  assert.deepEqual(desks.flatMap(({ faults }) => faults), []);
  for (const { context } of desks) await context.close();
}

async function claimed(desk, handset) {
  const { name, id } = await residentOf(desk, handset);
  await press(platform, handset);
  await desk.row(name).locator(".row-main").click();
  await desk.page.keyboard.press("c");
  await desk.page.getByTestId("holder").getByText("您已接警").waitFor();
  return { name, resident: id, incident: await desk.row(name).getAttribute("data-incident") };
}

/** Posts what is decided about an incident on its present version. */
async function act(call, incident, what, body) {
  const { version } = await (await call.get(`/api/incidents/${incident}`)).json();
  const answer = await call.post(`/api/incidents/${incident}/${what}`, { data: { expected_version: version, ...body } });
  assert.ok(answer.ok(), `${what}: ${await answer.text()}`);
}

/** A supervisor needs nobody to have been spoken with. */
async function closes(incident) {
  const supervisor = await callAs(platform, "supervisor");
  await act(supervisor, incident, "close", { cause: "fall", outcome: "family_attended", note: "" });
  await supervisor.dispose();
}

for (const [language, width, height, handset] of SIZES) {
  test(`somebody without an incident is looked up for a reason, ${language} at ${width}×${height}`, async () => {
    const looks = [];
    const onPage = (page) => page.on("request", (request) => { if (/\/api\/residents\/[^/?]+(\/track)?\?/.test(request.url())) looks.push(decodeURIComponent(request.url())); });
    const desk = await openDesk(browser, platform, { width, height, language, username: "operator", onPage });
    const { page } = desk;
    const { id, name } = await residentOf(desk, handset);
    await manage(page, /^(查询老人|Look somebody up)$/);
    assert.equal(await named(dialog(page), /录入新老人|Enter a resident/).count(), 0);
    await page.locator("input[name=q]").fill(id);
    await page.keyboard.press("Enter");
    await page.getByTestId("residents").getByRole("button", { name }).first().click();
    assert.equal(looks.length, 0, "nothing is shown before there is a reason");
    await page.getByLabel(/^(协助寻人|to help find them)$/).check();
    await assertGood(page, "asked why somebody is looked up");
    await desk.picture(`duty-${width}-why`);
    await named(page, /^(查看|Look)$/).click();
    const shown = page.getByTestId("looked-up");
    await shown.locator(".card-name", { hasText: name }).waitFor();
    await shown.getByText(/不会自动更新|is not renewed/).waitFor();
    assert.equal(await shown.locator("a[href^='tel:']").count(), 0, "telephones are masked");
    await named(shown, /^(轨迹 24 h|Track 24 h)$/).click();
    await shown.locator(".track-words p").first().waitFor();
    await shown.locator('.map[data-ready="true"]').waitFor();
    await assertGood(page, "somebody who was looked up");
    await desk.picture(`duty-${width}-looked-up`);
    assert.equal(looks.length, 2);
    for (const look of looks) assert.match(look, /reason=(协助寻人|to[ +]help[ +]find[ +]them)/);

    // Once she presses, there is a better way to look.
    await press(platform, handset);
    await named(shown, /^(打开警情|Open the incident)$/).click();
    await page.getByTestId("incident-page").locator("h2", { hasText: name }).waitFor();
    assert.equal(await dialog(page).count(), 0);
    const incident = await desk.row(name).getAttribute("data-incident");
    await page.keyboard.press("c");
    await page.getByTestId("holder").getByText(/您已接警|You have claimed it/).waitFor();
    await closes(incident);
    await leave(desk);
  });

  test(`a stolen telephone is put out by a supervisor, ${language} at ${width}×${height}`, async () => {
    const username = await newOperator(platform, JOINS_WITH);
    const [stolen, other] = [await callAs(platform, username, JOINS_WITH), await callAs(platform, username, JOINS_WITH)];
    const desk = await openDesk(browser, platform, { width, height, language, username: "supervisor" });
    const { page } = desk;
    await manage(page, /^(登录设备|Log-ins)$/);
    const running = page.getByTestId("running");
    await running.locator("[data-username=supervisor]").waitFor();
    await page.locator("input[name=q]").fill(username);
    await until("the one account", async () => (await running.locator("> li").count()) === 1);
    // Joining logged in as well.
    assert.equal(await running.locator(".own-sessions li").count(), 3);
    await assertGood(page, "log-ins of all");
    await desk.picture(`duty-${width}-log-ins`);
    await running.locator(".own-sessions li").first().getByRole("button").click();
    await confirm(page);
    await until("two left", async () => (await running.locator(".own-sessions li").count()) === 2);
    const answers = await Promise.all([stolen, other].map((call) => call.get("/api/me")));
    assert.deepEqual(answers.map((answer) => answer.status()), [200, 401], "the newest stands first");
    await named(running, /退出全部登录|End all sessions/).click();
    await asked(page).getByText(new RegExp(username)).last().waitFor();
    await confirm(page);
    await page.getByText(/没有符合的登录|Nobody fits/).waitFor();
    for (const call of [stolen, other]) {
      assert.equal((await call.get("/api/me")).status(), 401);
      await call.dispose();
    }
    assert.equal((await desk.context.request.get("/api/me")).status(), 200, "whoever ends them stays");
    await leave(desk);
  });
}

test("an incident that is given sounds until it is opened; a supervisor takes over what a colleague holds", async () => {
  const [giver, receiver, supervisor] = await Promise.all(["operator", "operator2", "supervisor"].map((username) => openDesk(browser, platform, { username })));
  for (const { page } of [giver, receiver, supervisor]) await named(page, /开始值班|继续值班/).click();
  const { name, incident } = await claimed(giver, "demo-0093");
  for (const desk of [receiver, supervisor]) await desk.sound("running/0");
  await act(giver.context.request, incident, "transfer", { to: "operator2" });
  await receiver.row(name).locator(".badge", { hasText: "转交给您" }).waitFor();
  await receiver.sound("running/1");
  await giver.sound("running/0");
  await receiver.picture("duty-1400-given");
  // A reload forgets neither.
  await receiver.page.reload();
  await receiver.row(name).locator(".badge", { hasText: "转交给您" }).waitFor();
  await named(receiver.page, /开始值班|继续值班/).click();
  await receiver.sound("running/1");
  await receiver.row(name).locator(".row-main").click();
  await receiver.row(name).locator(".badge", { hasText: "转交给您" }).waitFor({ state: "detached" });
  await receiver.sound("running/0");

  await supervisor.row(name).locator(".row-main").click();
  const { page } = supervisor;
  await named(page, /^接手$/).click();
  await asked(page).getByText(/operator2 不再是接警人/).waitFor();
  await assertGood(page, "asked before it is taken over");
  await supervisor.picture("duty-1400-take-over");
  await asked(page).getByRole("button").first().click();
  await asked(page).waitFor({ state: "detached" });
  await page.getByTestId("holder").getByText("operator2 已接警").waitFor();
  await named(page, /^接手$/).click();
  await confirm(page);
  await page.getByTestId("holder").getByText("您已接警").waitFor();
  await page.getByTestId("news").getByText("已从 operator2 手里接手").waitFor();
  await receiver.page.getByTestId("holder").getByText("supervisor 已接警").waitFor();
  assert.equal(await supervisor.row(name).locator(".badge", { hasText: "转交给您" }).count(), 0);
  await supervisor.sound("running/0");
  assert.equal(await named(receiver.page, /^接手$/).count(), 0);
  await closes(incident);
  await leave(giver, receiver, supervisor);
});

test("a call that an exchange announces opens at the desk that is free, and at no other", async () => {
  const admin = await callAs(platform, "admin");
  const copy = await (await admin.get("/api/residents/r-0095/export?reason=test&whole=true")).json();
  const invited = await admin.post("/api/invitations", { data: { role: "service", display_name: "电话交换机" } });
  const { path } = await invited.json();
  await admin.dispose();
  const exchange = await join(new URL(path, platform.http).href, JOINS_WITH);
  const [free, busy] = [await openDesk(browser, platform, { username: "operator" }), await openDesk(browser, platform, { username: "operator2" })];
  const other = await claimed(busy, "demo-0094");
  const announce = (number, call_id) => exchange.call.post("/api/calls", { data: { number, call_id } });

  const began = Date.now();
  const answer = await announce(copy.resident.telephone, `c-${began}`);
  assert.deepEqual([answer.status(), (await answer.json()).known], [201, true]);
  await free.page.getByTestId("resident-card").locator(".card-name", { hasText: copy.resident.name }).waitFor();
  process.stdout.write(`# the caller's card after ${Date.now() - began} ms\n`);
  await free.picture("duty-1400-announced");
  await busy.row(copy.resident.name).waitFor();
  await busy.page.locator("#incident-title", { hasText: other.name }).waitFor();

  // The next one rings, and leaves the first on the screen.
  assert.equal((await announce("99999999", `d-${began}`)).status(), 201);
  await free.row("身份不明").waitFor();
  await free.page.locator("#incident-title", { hasText: copy.resident.name }).waitFor();

  // A person who logs in as the program is told what it is for.
  const page = await openDesk(browser, platform, {});
  await page.context.addCookies((await exchange.call.storageState()).cookies);
  await page.page.reload();
  await page.page.getByRole("heading", { name: "接口账号" }).waitFor();
  await assertGood(page.page, "a program's account");
  await closes(other.incident);
  await exchange.call.dispose();
  await leave(free, busy, page);
});
