/**
 * Stations asked to go, as the desk sees it: chosen, sent, heard of, taken back; and what else is done with an incident once
 * somebody has it. It wants a platform on which nothing is open and the station 幸福服务站 has an account.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertGood, manage, openDesk, press, residentOf, shownOnce, startBrowser, startPlatform } from "./harness.mjs";
import { callAs, join, newName } from "./people.mjs";

let platform, browser;
before(async () => { platform = await startPlatform(); browser = await startBrowser(); });
after(async () => { await browser?.close(); await platform?.stop(); });

const SIZES = [["zh-Hans", 1400, 900, "demo-0061"], ["en", 412, 915, "demo-0062"]];
const [NEAR, FAR] = ["幸福服务站", "河滨服务站"];

const named = (scope, name) => scope.getByRole("button", { name });
const dialog = (page) => page.getByRole("dialog");
const candidate = (page, name) => page.locator(".candidate", { hasText: name });

const desksOf = (look, ...usernames) => Promise.all(usernames.map((username) => openDesk(browser, platform, { ...look, username })));

/** Leaves desks on whose pages nothing went wrong. */
async function leave(...desks) {
  assert.deepEqual(desks.flatMap(({ faults }) => faults), []);
  for (const { context } of desks) await context.close();
}

/** Types the words a dialog asks for, and presses its button. */
async function words(page, text, button) {
  await dialog(page).locator("textarea").fill(text);
  await named(dialog(page), button).click();
}

/** Ticks one station and no other. */
async function only(page, name) {
  await candidate(page, name).locator("input").check();
  for (const box of await page.locator(".candidate", { hasNotText: name }).locator("input:checked").all()) await box.uncheck();
}

/** Opens the incident of whoever wears the handset, and claims it. */
async function claimed(desk, handset) {
  const { name } = await residentOf(desk, handset);
  await press(platform, handset);
  await desk.row(name).locator(".row-main").click();
  await desk.page.keyboard.press("c");
  await desk.page.getByTestId("holder").getByText(/您已接警|You have claimed it/).waitFor();
  return { name, id: await desk.row(name).getAttribute("data-incident") };
}

/** What a station says from its own screen. */
async function says(station, act, more = {}) {
  const [task] = (await (await station.get("/api/tasks")).json()).items;
  const answer = await station.post(`/api/tasks/${task.id}/${act}`, { data: { expected_version: task.version, ...more } });
  assert.equal(answer.status(), 200, `${act}: ${await answer.text()}`);
}

async function closes(desk, id) {
  const call = desk.context.request;
  const { version } = await (await call.get(`/api/incidents/${id}`)).json();
  const answer = await call.post(`/api/incidents/${id}/close`, { data: { expected_version: version, cause: "fall", outcome: "family_attended", note: "" } });
  assert.ok(answer.ok(), await answer.text());
}

for (const [language, width, height, handset] of SIZES) {
  const look = { width, height, language };
  const picture = (desk, name) => desk.picture(`dispatch-${width}-${name}`);

  test(`a station is chosen, goes, and is seen going, ${language} at ${width}×${height}`, async () => {
    const [desk, other] = await desksOf(look, "operator", "operator2");
    const screen = await openDesk(browser, platform, { username: "station" });
    const station = await callAs(platform, "station");
    const { page } = desk;
    const { name, id } = await claimed(desk, handset);
    await page.keyboard.press("d");
    await candidate(page, NEAR).getByText(/推荐|Recommended/).waitFor();
    await candidate(page, NEAR).getByText(/在线|online/).waitFor();
    assert.equal(await candidate(page, NEAR).locator("input").isChecked(), true);
    assert.equal(await page.locator(".candidate input:checked").count(), 1);
    // A station where nobody would see it is said to be so before anything is sent.
    await candidate(page, FAR).locator("input").check();
    await dialog(page).locator(".ring", { hasText: FAR }).getByRole("link").waitFor();
    assert.equal(await dialog(page).locator(".ring a").getAttribute("href"), "tel:052788110002");
    await assertGood(page, "choosing stations");
    await picture(desk, "choosing");
    await candidate(page, FAR).locator("input").uncheck();
    await page.locator("input[name=note]").fill("敲门要久一点");
    await page.keyboard.press("Enter");
    const tasks = page.getByTestId("tasks");
    await tasks.locator('[data-task="offered"]', { hasText: NEAR }).waitFor();
    await tasks.getByText(/敲门要久一点/).waitFor();
    await desk.row(name).getByText(/已派单 · 1 家服务站|Dispatched · 1 station/).waitFor();
    await other.row(name).getByText(/已派单|Dispatched/).waitFor();
    for (const [act, state] of [["acknowledge", "acknowledged"], ["en-route", "en_route"], ["on-scene", "on_scene"]]) {
      await says(station, act);
      await tasks.locator(`[data-task="${state}"]`).waitFor();
    }
    await other.row(name).getByText(/已到场|On scene/).waitFor();
    assert.equal(await tasks.locator(".step-done").count(), 3);
    await assertGood(page, "an incident with a station on scene");
    await tasks.scrollIntoViewIfNeeded();
    await picture(desk, "on-scene");
    await named(page, /^(已解除|Need is over)$/).click();
    await page.getByTestId("news").getByText(/还有服务站没有办完|still at it/).waitFor();
    await says(station, "finish", { result: "扶起来了", note: "没有受伤" });
    await tasks.locator('[data-task="finished"]').getByText(/扶起来了；没有受伤/).waitFor();
    await named(page, /^(已解除|Need is over)$/).click();
    await desk.row(name).getByText(/已解除|Resolved/).waitFor();
    await page.getByTestId("timeline").getByText(/险情已解除|Need is over/).waitFor();
    await picture(desk, "resolved");
    await closes(desk, id);
    await page.getByTestId("closed").waitFor();
    await named(page, /^(重新受理|Reopen)$/).click();
    await words(page, "老人又来电话", /^(重新受理|Reopen)$/);
    await page.getByTestId("holder").getByText(/您已接警|You have claimed it/).waitFor();
    await page.getByTestId("timeline").getByText("老人又来电话").waitFor();
    await closes(desk, id);
    await station.dispose();
    await leave(desk, other, screen);
  });

  test(`a station that cannot go is red and heard; the desk writes down, takes back, hands over and gives away, ${language} at ${width}×${height}`, async () => {
    const [desk, other] = await desksOf(look, "operator", "operator2");
    const station = await callAs(platform, "station");
    const { page } = desk;
    await named(page, /开始值班|继续值班|Start shift|Resume shift/).click();
    const { name, id } = await claimed(desk, handset);
    await desk.sound("running/0");
    // Nobody of the nearest station is at a screen now.
    await page.keyboard.press("d");
    await only(page, NEAR);
    await dialog(page).locator(".ring", { hasText: NEAR }).waitFor();
    await named(dialog(page), /^(派出|Send)$/).click();
    const tasks = page.getByTestId("tasks");
    await tasks.locator('[data-task="offered"]').getByText(/没有人在线|Nobody at/).waitFor();
    await says(station, "decline", { reason: "两个人都在外面" });
    const declined = tasks.locator('[data-task="declined"]');
    await declined.getByRole("alert").getByText(/不能去|cannot go/).waitFor();
    await declined.getByText(/两个人都在外面/).waitFor();
    await desk.sound("running/1");
    await desk.row(name).getByText(/婉拒|declined/).waitFor();
    await other.row(name).getByText(/婉拒|declined/).waitFor();
    await assertGood(page, "a station that declined");
    await picture(desk, "declined");

    // Another one, by telephone.
    await named(declined, /另派服务站|Send another/).click();
    await candidate(page, NEAR).getByText(/这次没能去|could not go/).waitFor();
    await only(page, FAR);
    await page.keyboard.press("Enter");
    const going = tasks.locator(".task:not(.ended)", { hasText: FAR });
    await desk.sound("running/0");
    await declined.getByText(/不能去|cannot go/).waitFor({ state: "detached" });
    await named(going, /^(代记|Write down for)/).click();
    assert.equal(await named(dialog(page), /^(记下|Write down)$/).isDisabled(), true);
    await dialog(page).getByLabel(/^(接了|taken)$/).check();
    await dialog(page).locator("textarea").fill("李师傅来电：接了，五分钟后出发");
    await assertGood(page, "writing down for a station");
    await picture(desk, "behalf");
    await named(dialog(page), /^(记下|Write down)$/).click();
    await tasks.locator('[data-task="acknowledged"]', { hasText: FAR }).getByText(/李师傅来电/).waitFor();
    await named(going, /^(撤回|Take back)/).click();
    await words(page, "家属已经到了", /撤回任务|Take it back/);
    await tasks.locator('[data-task="withdrawn"]').getByText(/家属已经到了/).waitFor();
    await named(page, /^(移交 120|Hand over)/).first().click();
    await words(page, "已报地址，救护车 8 分钟到", /记下移交|Write it down/);
    await page.getByTestId("timeline").getByText(/移交 120|Handed over to 120/).waitFor();
    for (const entry of [/^(更多|More)/, /^(转交|Transfer)$/]) await named(page, entry).click();
    await dialog(page).locator("input[name=to]").fill("nobody-here");
    await page.keyboard.press("Enter");
    await dialog(page).getByText(/没有这个接线员|no operator or supervisor/).waitFor();
    await dialog(page).locator("input[name=to]").fill("operator2");
    await assertGood(page, "giving it away");
    await page.keyboard.press("Enter");
    await page.getByTestId("holder").getByText(/operator2/).waitFor();
    await other.row(name).locator(".badge", { hasText: /转交给您|Given to you/ }).waitFor();
    await picture(other, "received");
    assert.equal(await named(page, /派服务站|Send a station/).count(), 0);
    await closes(other, id);
    await station.dispose();
    await leave(desk, other);
  });

  test(`who it is, found out after the call, ${language} at ${width}×${height}`, async () => {
    const desk = await openDesk(browser, platform, { ...look, username: "operator" });
    const { page } = desk;
    const { name } = await residentOf(desk, handset);
    const call = { kind: "call", resident: null, caller: "邻居", words: "有个老人坐在地上" };
    const { id } = await (await desk.context.request.post("/api/incidents", { data: call })).json();
    await page.locator(`.row[data-incident="${id}"] .row-main`).click();
    await page.keyboard.press("c");
    await named(page.getByTestId("resident-card"), /这是谁|Who is it/).click();
    await dialog(page).locator("input[type=search]").fill(name);
    await dialog(page).locator(".found .button", { hasText: handset }).click();
    await assertGood(page, "saying who it is");
    await named(dialog(page), /确认是|^It is/).click();
    await page.getByTestId("resident-card").locator(".card-name", { hasText: name }).waitFor();
    await closes(desk, id);
    await leave(desk);
  });

  test(`stations and who works there, ${language} at ${width}×${height}`, async () => {
    const desk = await openDesk(browser, platform, { ...look, username: "admin" });
    const { page } = desk;
    const id = `s-${newName()}`;
    await manage(page, /^(服务站|Stations)$/);
    await named(page, /登记服务站|Enter a station/).click();
    await named(dialog(page), /^(登记|Enter)$/).click();
    assert.ok((await dialog(page).locator(".field-fault").count()) >= 3);
    await page.locator("input[name=name]").fill(`运河站 ${width}`);
    await page.locator("input[name=telephone]").fill("0527-88110009");
    await page.locator("input[name=lat]").fill("33.9702, 118.2650");
    await page.locator("input[name=id]").fill("s-hebin");
    await dialog(page).getByText(/已有服务站使用|a station of this id/).waitFor();
    await page.locator("input[name=id]").fill(id);
    await assertGood(page, "entering a station");
    await page.keyboard.press("Enter");
    const row = page.getByTestId("stations").locator(".fold", { hasText: id });
    await row.getByRole("switch").click();
    await row.locator(".badge", { hasText: /不在岗|off duty/ }).waitFor();
    await named(row, /更正…|Put right…/).click();
    assert.equal(await row.locator("input[name=lon]").inputValue(), "118.265");
    await row.locator("input[name=telephone]").fill("0527-88110010");
    await page.keyboard.press("Enter");
    await row.locator(".fold-head", { hasText: "0527-88110010" }).waitFor();
    await assertGood(page, "stations");
    await picture(desk, "stations");
    await page.keyboard.press("Escape");
    await manage(page, /账号|Accounts/);
    await named(page, /邀请人员|Invite staff/).click();
    await page.getByLabel(/^(站员|station staff)$/).check();
    await page.locator("input[name=display_name]").fill("站员 小赵");
    await page.locator("select[name=station]").selectOption(id);
    await assertGood(page, "inviting station staff");
    await page.keyboard.press("Enter");
    const { username, call } = await join(await shownOnce(page), "六点换班 带上钥匙和水壶");
    await call.dispose();
    const again = await openDesk(browser, platform, { ...look, username: "admin" });
    await manage(again.page, /账号|Accounts/);
    const account = again.page.getByTestId("users").locator(".fold", { hasText: username });
    await account.getByText(new RegExp(`运河站 ${width}`)).waitFor();
    await account.locator(".fold-head").click();
    await named(account, /所在服务站…|Where they work…/).click();
    await account.locator("select[name=station]").selectOption("s-hebin");
    await named(account, /^(设定|Set)$/).click();
    await account.getByTestId("works").getByText(new RegExp(FAR)).waitFor();
    await again.picture(`dispatch-${width}-works`);
    await leave(desk, again);
  });
}
