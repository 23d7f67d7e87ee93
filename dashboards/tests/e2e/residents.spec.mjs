/** Residents' records: entered, found, opened for a reason, put right. What is masked stays as it is; accounts are for a part of the district. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { asked, assertGood, manage, openDesk, shownOnce, startBrowser, startPlatform, until } from "./harness.mjs";
import { callAs, join, newName, newOperator } from "./people.mjs";

let platform;
let browser;
before(async () => { platform = await startPlatform(); browser = await startBrowser(); });
after(async () => { await browser?.close(); await platform?.stop(); });

const JOINS_WITH = "六点换班 带上钥匙和水壶";
const SIZES = [["zh-Hans", 1400, 900], ["en", 412, 915]];
const HERE = "321302901001";
const NUMBER = "32130219410302002X";

const named = (scope, name) => scope.getByRole("button", { name });
const fill = async (page, fields) => {
  for (const [name, value] of Object.entries(fields)) await page.locator(`[name=${name}]`).fill(value);
};
const choose = (page, name, value) => page.locator(`input[name=${name}][value=${value}]`).check();

/** Asked whether what was typed may be lost: no. */
async function stay(page) {
  await asked(page).getByText(/不会保存|is not saved/).waitFor();
  await asked(page).getByRole("button").first().click();
  await asked(page).waitFor({ state: "detached" });
}

/** The whole card, as whoever handles an incident sees it. */
async function wholeCard(id) {
  const operator = await callAs(platform, "operator");
  const opened = await operator.post("/api/incidents", { data: { kind: "call", resident: id, caller: "邻居", words: "请来看看" } });
  assert.equal(opened.status(), 201);
  const card = await (await operator.get(`/api/residents/${id}`)).json();
  await operator.dispose();
  return card;
}

for (const [language, width, height] of SIZES) {
  const look = { width, height, language };
  const name = (page) => `residents-${width}-${page}`;

  test(`a record, entered and put right, ${language} at ${width}×${height}`, async () => {
    const searches = [];
    const desk = await openDesk(browser, platform, {
      ...look, username: "admin", onPage: (page) => page.on("request", (request) => { if (/\/api\/residents\b/.test(request.url())) searches.push(request); }),
    });
    const { page } = desk;
    const who = `王秀英${newName()}`;
    await manage(page, /老人档案|Residents' records/);
    await assertGood(page, "the search for a record");
    await desk.picture(name("search"));
    assert.equal(searches.length, 0, "nobody is listed who was not looked for");

    await named(page, /录入新老人|Enter a resident/).click();
    const form = page.locator(".record-form");
    const save = form.locator("button[type=submit]");
    await save.click();
    await form.getByRole("alert").getByText(/有 6 处|6 to be put right/).waitFor();
    await until("the focus at the first fault", () => page.locator("input[name=name]").evaluate((field) => field === document.activeElement));
    await assertGood(page, "a record with faults");
    await desk.picture(name("faults"));
    assert.equal(searches.length, 0, "nothing is sent that is known to be wrong");

    await fill(page, { name: who, birth_date: "1941-03-02", division: "3213", lat: "33.9631, 118.2769", identity_number: NUMBER, telephone: "0527-88556266", address: "幸福路1号2单元301室", conditions: "高血压、糖尿病" });
    await choose(page, "sex", "female");
    await choose(page, "household", "alone");
    await choose(page, "cognitive", "no");
    await choose(page, "self_care", "partial");
    assert.equal(await page.locator("input[name=lon]").inputValue(), "118.2769");
    await page.locator("input[name=conditions]").press("Enter");
    assert.equal(await form.locator(".chips li").count(), 2);
    await page.locator("input[name=allergies]").fill("青霉素");
    await fill(page, { contact_name_0: "李强", contact_relation_0: "儿子", contact_telephone_0: "13911112222" });
    await named(form, /添加联系人|Add a contact/).click();
    await fill(page, { contact_name_1: "李敏", contact_relation_1: "女儿", contact_telephone_1: "13912345678" });
    // What leaving a field brings up or takes away moves the buttons under it: not between the two halves of a click.
    await page.locator("input[name=contact_telephone_1]").blur();
    await named(form, /上移 李敏|Move 李敏 up/).click();
    await until("the order", async () => (await page.locator("input[name=contact_name_0]").inputValue()) === "李敏");
    await save.click();
    await form.locator(".field-fault", { hasText: /6、9 或 12|6, 9 or 12/ }).waitFor();
    await page.locator("input[name=division]").fill(HERE);
    await form.getByText(/社区\/村。|is a community or village/).waitFor();
    await page.locator("input[name=id]").fill("r-0001");
    await save.click();
    await form.locator(".field-fault", { hasText: /已有老人使用|is a resident of this id/ }).waitFor();
    await page.locator("input[name=id]").fill("");
    await assertGood(page, "a record that is entered");
    await desk.picture(name("entered"));
    await form.locator("fieldset").last().scrollIntoViewIfNeeded();
    await desk.picture(name("entered-below"));
    await save.click();
    const record = page.getByTestId("record");
    await record.getByText(new RegExp(`(已录入：|Entered: )${who}`)).waitFor();
    await record.getByText("****6266").waitFor();
    await record.getByText(HERE).waitFor();
    await record.getByText(/未设置围栏与看护策略|Neither fences nor a policy/).waitFor();
    await assertGood(page, "a new record");
    await desk.picture(name("new"));
    const id = await record.locator("h3 code").innerText();

    await named(record, /返回查找|Back to the search/).click();
    await fill(page, { q: who });
    await page.keyboard.press("Enter");
    const found = page.getByTestId("residents").getByRole("button");
    await until("the one record", async () => (await found.count()) === 1);
    await assertGood(page, "a record that was found");
    await desk.picture(name("found"));
    await found.first().click();
    await page.getByLabel(/^(其他|another one)$/).check();
    assert.equal(await named(page, /^(打开档案|Open the record)$/).isDisabled(), true);
    await page.getByLabel(/^(更正档案|to put the record right)$/).check();
    await assertGood(page, "asked for a reason");
    await desk.picture(name("reason"));
    await named(page, /^(打开档案|Open the record)$/).click();
    await record.waitFor();
    await record.getByText(/未设置围栏与看护策略|Neither fences nor a policy/).waitFor();
    assert.match(decodeURIComponent(searches.at(-1).url()), /reason=(更正档案|to.put.the.record.right)/);

    await named(record, /^(更正档案|Put right)$/).click();
    assert.deepEqual(await Promise.all(["telephone", "address", "identity_number"].map((field) => page.locator(`input[name=${field}]`).getAttribute("placeholder"))), ["****6266", "****", ""]);
    await fill(page, { telephone: "****6266" });
    await save.click();
    await form.locator(".field-fault", { hasText: /星号|asterisks/ }).waitFor();
    await fill(page, { telephone: "", name: `${who}改` });
    await form.locator("fieldset").nth(2).scrollIntoViewIfNeeded();
    await assertGood(page, "a record that is put right");
    await desk.picture(name("correct"));
    const sent = page.waitForRequest((request) => request.method() === "PUT");
    await save.click();
    const body = (await sent).postData();
    assert.ok(!body.includes("*"), body);
    await record.getByText(/已保存：|Saved: /).waitFor();
    await assertGood(page, "a record that was put right");
    await desk.picture(name("corrected"));

    await named(record, /^(更正档案|Put right)$/).click();
    await named(form, /更改联系人|Change the contacts/).click();
    await fill(page, { contact_telephone_0: "13912345678" });
    await page.locator("input[name=remove_address]").check();
    await save.click();
    await form.locator(".field-fault", { hasText: /重新填写|whole telephone again/ }).waitFor();
    await assertGood(page, "contacts that change");
    await desk.picture(name("contacts"));
    await named(form, /去掉 李强|Remove 李强/).click();
    await page.getByRole("dialog").locator(".ant-modal-close").click();
    await stay(page);
    await page.locator("input[name=name]").focus();
    await page.keyboard.press("Escape");
    await stay(page);
    await save.click();
    await record.getByText(/已保存：|Saved: /).waitFor();

    const card = await wholeCard(id);
    assert.deepEqual([card.name, card.telephone, card.address, card.division], [`${who}改`, "0527-88556266", null, HERE]);
    assert.deepEqual([card.home, card.conditions, card.allergies], [{ lat: 33.9631, lon: 118.2769 }, ["高血压", "糖尿病"], ["青霉素"]]);
    assert.deepEqual(card.contacts.map((contact) => [contact.name, contact.telephone]), [["李敏", "13912345678"]]);

    await named(record, /去绑定终端|Bind a handset/).click();
    await page.getByTestId("handsets").locator(".fold").first().waitFor();
    await page.keyboard.press("Escape");
    await until("the focus back at the menu", () => page.locator(".manage-menu > button").evaluate((button) => button === document.activeElement));
    assert.deepEqual(desk.faults, []);
    await desk.context.close();
  });

  test(`an account is for a part of the district, ${language} at ${width}×${height}`, async () => {
    const username = await newOperator(platform, JOINS_WITH);
    const theirs = await callAs(platform, username, JOINS_WITH);
    const seen = async () => (await (await theirs.get("/api/residents?limit=200&reason=count")).json()).items.length;
    const everybody = await seen();
    const desk = await openDesk(browser, platform, { ...look, username: "admin" });
    const { page } = desk;
    await manage(page, /^(账号|Accounts)/);
    const row = page.getByTestId("users").locator(".fold", { hasText: username });
    const more = named(page, /^(更多|More)$/);
    await page.getByTestId("users").locator(".fold").first().waitFor();
    while ((await row.count()) === 0) await more.click();
    await row.getByTestId("scope").getByText(/全部|everywhere/).waitFor();
    await row.locator(".fold-head").click();
    await named(row, /^(负责区域|Area)…$/).click();
    await page.getByLabel(/^(一个区域|one division)$/).check();
    await row.locator("input[name=division]").fill("32130");
    await page.keyboard.press("Enter");
    await row.locator(".field-fault").waitFor();
    await row.scrollIntoViewIfNeeded();
    await assertGood(page, "an area that is no division");
    await desk.picture(name("scope-fault"));
    await row.locator("input[name=division]").fill("321302901");
    await row.getByText(/现在填的是街道|is a street or township/).waitFor();
    await page.keyboard.press("Enter");
    await row.getByTestId("scope").getByText(/321302901/).waitFor();
    await row.getByText(/负责区域已设为|area is now/).waitFor();
    await assertGood(page, "an account with an area");
    await desk.picture(name("scope"));
    const some = await seen();
    assert.ok(some > 0 && some < everybody, `${some} of ${everybody}`);
    await named(row, /^(负责区域|Area)…$/).click();
    await page.getByLabel(/^(全部|everywhere)$/).check();
    await named(row, /^(设定|Set)$/).click();
    await row.getByTestId("scope").getByText(/全部|everywhere/).waitFor();
    assert.equal(await seen(), everybody);

    await named(page, /邀请人员|Invite staff/).click();
    await page.getByLabel(/^(接线员|operator)$/).check();
    await page.locator("input[name=display_name]").fill("街道接线员");
    await page.locator("input[name=division]").fill("32130290");
    await page.keyboard.press("Enter");
    await page.locator(".inline-form .field-fault").waitFor();
    await page.locator("input[name=division]").fill("321302");
    await assertGood(page, "inviting for an area");
    await desk.picture(name("scope-invite"));
    await page.keyboard.press("Enter");
    const invited = await join(await shownOnce(page), JOINS_WITH);
    assert.equal((await (await invited.call.get("/api/me")).json()).scope, "321302");
    assert.deepEqual(desk.faults, []);
    await desk.context.close();
    await Promise.all([theirs.dispose(), invited.call.dispose()]);
  });
}
