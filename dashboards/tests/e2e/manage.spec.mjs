/**
 * What is looked after beside the desk: the family's sight and its consents, looks and their reasons, accounts, handsets.
 * It wants a platform on which the handsets it names have nothing open.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asked, assertGood, confirm, manage, openDesk, press, residentOf, shownOnce, startBrowser, startPlatform, until } from "./harness.mjs";
import { callAs, join, newName, newOperator } from "./people.mjs";

let platform;
let browser;
before(async () => { platform = await startPlatform(); browser = await startBrowser(); });
after(async () => { await browser?.close(); await platform?.stop(); });

const JOINS_WITH = "六点换班 带上钥匙和水壶";
const SIZES = [["zh-Hans", 1400, 900, "demo-0041"], ["en", 412, 915, "demo-0042"]];

const named = (scope, name) => scope.getByRole("button", { name });

const sees = async (call) => {
  const answer = await call.get("/api/incidents?state=open");
  return answer.ok() ? (await answer.json()).items.length : `refused with ${answer.status()}`;
};

for (const [language, width, height, handset] of SIZES) {
  const look = { width, height, language };
  const name = (page) => `manage-${width}-${page}`;

  test(`a relative's sight, from the consent to its withdrawal, ${language} at ${width}×${height}`, async () => {
    const supervisor = await openDesk(browser, platform, { ...look, username: "supervisor" });
    const { page } = supervisor;
    const resident = await residentOf(supervisor, handset);
    await manage(page, /知情同意与家属|Consents and family/);
    await page.locator("input[type=search]").fill(handset);
    await page.locator(".found .button").first().click();
    await named(page, /^(登记同意|Enter a consent)$/).click();
    const save = named(page, /^(登记|Enter)$/);
    await page.getByLabel(/老人本人|^resident$/).check();
    await page.getByLabel(/书面|on paper/).check();
    for (const share of ["news", "position", "track"]) await page.locator(`input[name=share_${share}]`).check();
    await page.getByLabel(/照当时宣读|words that were read/).fill("求助警情、处置经过和当时的位置");
    assert.equal(await save.isDisabled(), true);
    await page.getByLabel(/文本版本|Version of the text/).fill("家属知情同意书 2026-11");
    await assertGood(page, "entering a consent");
    await supervisor.picture(name("consent"));
    await save.click();

    await named(page, /邀请家属|Invite a relative/).click();
    await page.locator("input[name=display_name]").fill("王建国");
    await page.locator("input[name=relation]").fill("儿子");
    await page.keyboard.press("Enter");
    const link = await shownOnce(page);
    assert.match(link, /\/#\/join\/[0-9a-f]{32}$/);
    await named(page, /^(复制|Copy)$/).click();
    await page.getByText(/^(已复制。|Copied\.)$/).waitFor();
    await assertGood(page, "a link that is shown once");
    await supervisor.picture(name("invitation"));
    assert.equal(await page.getByTestId("invitations").locator("li", { hasText: "王建国" }).count(), 1);
    await named(page, /收起|put away/).click();
    assert.ok(!(await page.content()).includes(link), "the link is not shown again");

    const relative = await join(link, JOINS_WITH);
    await named(page, /^(刷新|Refresh)$/).click();
    const family = page.getByTestId("family-of").locator(".relative", { hasText: relative.username });
    await family.getByText(/王建国 儿子/).waitFor();
    await until("the invitation to be used", async () => (await page.getByTestId("invitations").locator("li").count()) === 0);
    await assertGood(page, "consents and family");
    await supervisor.picture(name("family"));

    await press(platform, handset);
    await until("the relative to see it", async () => (await sees(relative.call)) === 1);
    const operator = await openDesk(browser, platform, { ...look, username: "operator" });
    await operator.row(resident.name).first().locator(".row-main").click();
    const here = operator.page.getByTestId("family");
    const row = here.locator(".relative", { hasText: relative.username });
    assert.equal(await named(here, /知情同意与家属|Consents and family/).count(), 0);
    await named(row, /对其保密|Withhold/).click();
    assert.equal(await named(row, /^(对其保密|Withhold)$/).isDisabled(), true);
    await row.locator("textarea").fill("正在现场与老人争执");
    await assertGood(operator.page, "withholding");
    await named(row, /^(对其保密|Withhold)$/).click();
    await row.locator(".withheld").getByText(/正在现场与老人争执[\s\S]*operator/).waitFor();
    await row.scrollIntoViewIfNeeded();
    await assertGood(operator.page, "withheld");
    await operator.picture(name("withheld"));
    assert.equal(await sees(relative.call), 0);
    await named(row, /恢复|Give back/).click();
    await asked(operator.page).getByText(/正在现场与老人争执/).waitFor();
    await confirm(operator.page);
    await row.locator(".withheld").waitFor({ state: "detached" });
    assert.equal(await sees(relative.call), 1);

    const theirs = await openDesk(browser, platform, look);
    await theirs.context.addCookies((await relative.call.storageState()).cookies);
    await theirs.page.reload();
    await theirs.page.locator(`[data-testid=person][aria-label="${resident.name}"]`).waitFor();
    await theirs.page.getByTestId("family").locator("summary").click();
    await theirs.page.getByTestId("family").getByText(/王建国 儿子/).waitFor();
    assert.equal(await theirs.page.getByTestId("family").getByRole("button").count(), 0);
    await assertGood(theirs.page, "a relative's view of the family");
    await theirs.page.getByTestId("family").scrollIntoViewIfNeeded();
    await theirs.picture(name("relative"));

    await named(page, /^(撤回同意|Withdraw): /).first().click();
    await asked(page).getByText(/王建国（儿子）|王建国 \(儿子\)/).waitFor();
    await assertGood(page, "asked before a consent is withdrawn");
    await supervisor.picture(name("withdraw"));
    await confirm(page);
    await family.waitFor({ state: "detached" });
    await until("the relative to see nothing", async () => (await sees(relative.call)) !== 1);
    for (const desk of [supervisor, operator, theirs]) {
      assert.deepEqual(desk.faults, []);
      await desk.context.close();
    }
    await relative.call.dispose();
  });

  test(`looks are reviewed, ${language} at ${width}×${height}`, async () => {
    const [fair, odd, own] = ["邻居问老人是否在家", "随便看看", "投诉回访"].map((why) => `${why} ${newName()}`);
    const operator = await callAs(platform, "operator");
    for (const why of [fair, odd]) assert.equal((await operator.get(`/api/residents/r-0077?reason=${encodeURIComponent(why)}`)).status(), 200);
    await operator.dispose();
    const desk = await openDesk(browser, platform, { ...look, username: "supervisor" });
    await desk.context.request.get(`/api/residents/r-0077?reason=${encodeURIComponent(own)}`);
    const { page } = desk;
    await page.locator(".manage-menu > button .count").waitFor();
    await page.locator(".manage-menu > button").click();
    await assertGood(page, "the menu");
    await desk.picture(name("menu"));
    await page.keyboard.press("Escape");
    await manage(page, /查看复核|Review of looks/);
    const row = (why) => page.locator(".look", { hasText: why });
    await named(row(fair), /^(合理|Justified): /).click();
    await row(fair).waitFor({ state: "detached" });
    await page.getByText(/已记为合理|Found justified/).waitFor();
    await named(row(odd), /^(存疑|Questioned): /).click();
    const question = named(row(odd), /记为存疑|Question it/);
    assert.equal(await question.isDisabled(), true);
    await row(odd).locator("textarea").fill("没有说明是谁要求的");
    await assertGood(page, "questioning a look");
    await desk.picture(name("looks"));
    await question.click();
    await row(odd).waitFor({ state: "detached" });
    assert.equal(await row(own).count(), 0);
    await page.getByLabel(/^(全部|all)$/).check();
    await row(own).getByText(/另一位班长|another supervisor/).waitFor();
    assert.equal(await row(own).getByRole("button").count(), 0);
    await row(odd).getByText(/没有说明是谁要求的[\s\S]*supervisor/).waitFor();
    await assertGood(page, "all looks");
    await desk.picture(name("looks-all"));
    assert.deepEqual(desk.faults, []);
    await desk.context.close();
  });

  test(`accounts, ${language} at ${width}×${height}`, async () => {
    const username = await newOperator(platform, JOINS_WITH);
    const theirs = await callAs(platform, username, JOINS_WITH);
    const desk = await openDesk(browser, platform, { ...look, username: "admin" });
    const { page } = desk;
    await manage(page, /账号|Accounts/);
    const invited = `站员 ${newName()}`;
    await named(page, /邀请人员|Invite staff/).click();
    await page.getByLabel(/^(站员|station staff)$/).check();
    await page.locator("input[name=display_name]").fill(invited);
    await assertGood(page, "inviting staff");
    await page.keyboard.press("Enter");
    assert.match(await shownOnce(page), /\/#\/join\//);
    await desk.picture(name("staff"));
    await named(page, /收起|put away/).click();
    await named(page.getByTestId("invitations").locator("li", { hasText: invited }), /收回|Take back/).click();
    await confirm(page);
    await page.getByTestId("invitations").locator("li", { hasText: invited }).waitFor({ state: "detached" });

    const row = page.getByTestId("users").locator(".fold", { hasText: username });
    const more = named(page, /^(更多|More)$/);
    while ((await row.count()) === 0) await more.click();
    await row.locator(".fold-head").click();
    await row.locator(".own-sessions li").first().waitFor();
    await assertGood(page, "an account");
    await row.scrollIntoViewIfNeeded();
    await desk.picture(name("account"));
    await named(row, /退出全部登录|End all sessions/).click();
    await confirm(page);
    await row.getByText(/没有登录。|Logged in nowhere\./).waitFor();
    assert.equal((await theirs.get("/api/me")).status(), 401);
    await named(row, /^(停用|Shut out)$/).click();
    await confirm(page);
    await row.locator(".badge.bad").waitFor();
    assert.equal((await theirs.post("/api/session", { data: { username, password: JOINS_WITH } })).status(), 403);
    await named(row, /恢复使用|Let in again/).click();
    await row.locator(".badge.bad").waitFor({ state: "detached" });
    await named(row, /重设密码|New password/).click();
    assert.match(await shownOnce(page), /\/#\/join\//);
    await assertGood(page, "a new password for an account");
    await page.getByTestId("users").locator(".fold-head", { hasText: /^管理员/ }).click();
    await page.getByText(/由另一位管理员停用|another administrator shuts it out/).waitFor();
    assert.deepEqual(desk.faults, []);
    await desk.context.close();
    await theirs.dispose();
  });

  test(`a handset's life, ${language} at ${width}×${height}`, async () => {
    const id = newName().replace("xin", "jjl");
    const desk = await openDesk(browser, platform, { ...look, username: "admin" });
    const { page } = desk;
    const resident = await residentOf(desk, handset.replace("demo-004", "demo-005"));
    await manage(page, /终端|Handsets/);
    await named(page, /添加终端|Add a handset/).click();
    await page.locator("input[name=handset]").fill(id);
    await page.keyboard.press("Enter");
    const code = await shownOnce(page);
    await assertGood(page, "a claim code");
    await desk.picture(name("claim"));
    const provisioned = await desk.context.request.post("/api/provision", { data: { code } });
    assert.equal(provisioned.status(), 200);
    const { secret } = await provisioned.json();
    await named(page, /收起|put away/).click();

    await page.locator("input[name=q]").fill(id);
    await page.keyboard.press("Enter");
    const row = page.getByTestId("handsets").locator(".fold", { hasText: id });
    await until("the one handset", async () => (await page.locator(".fold").count()) === 1 && (await row.count()) === 1);
    await row.locator(".fold-head").click();
    await named(row, /^(绑定老人|Bind)…$/).click();
    await row.locator("input[type=search]").fill(resident.id);
    await named(row.locator(".found"), resident.name).first().click();
    await assertGood(page, "binding a handset");
    await desk.picture(name("bind"));
    await named(row, /^(绑定给|Bind to) /).click();
    await row.locator(".bindings li", { hasText: resident.name }).waitFor();
    await press(platform, id, {}, secret);
    await desk.row(resident.name).first().waitFor();

    await named(row, /报失|Report stolen/).click();
    await asked(page).getByText(new RegExp(resident.name)).waitFor();
    await assertGood(page, "asked before a handset is cut off");
    await desk.picture(name("stolen-asked"));
    await confirm(page);
    await row.locator(".badge.bad").waitFor();
    await row.locator(".fold-head", { hasText: /无人携带|carried by nobody/ }).waitFor();
    await assert.rejects(press(platform, id, {}, secret), /refused|authori[sz]ed|closed/i);
    await row.scrollIntoViewIfNeeded();
    await assertGood(page, "a stolen handset");
    await desk.picture(name("stolen"));
    await named(row, /恢复使用|Take into use/).click();
    await row.locator(".badge.good").waitFor();
    assert.deepEqual(desk.faults, []);
    await desk.context.close();
  });
}
