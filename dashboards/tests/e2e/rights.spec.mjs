/** What a person may ask for, as an administrator does it: a copy of what is held, who looked, and to be forgotten. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { assertGood, manage, openDesk, startBrowser, startPlatform } from "./harness.mjs";
import { callAs, newName } from "./people.mjs";

let platform;
let browser;
before(async () => { platform = await startPlatform(); browser = await startBrowser(); });
after(async () => { await browser?.close(); await platform?.stop(); });

const named = (scope, name) => scope.getByRole("button", { name });
const fill = (page, name, value) => page.locator(`input[name=${name}]`).fill(value);

/** Somebody of whom no other test knows. */
async function entered() {
  const admin = await callAs(platform, "admin");
  const record = { name: `赵守田${newName()}`, sex: "male", birth_date: "1938-05-06", lives_alone: true, cognitive_impairment: false, self_care: "full", telephone: "0527-88550123" };
  const answer = await admin.post("/api/residents", { data: record });
  assert.ok(answer.ok(), await answer.text());
  const { id } = await answer.json();
  await admin.dispose();
  return { id, name: record.name };
}

async function opened(page, id) {
  await manage(page, /老人档案|Residents' records/);
  await fill(page, "q", id);
  await page.keyboard.press("Enter");
  await page.getByTestId("residents").getByRole("button").first().click();
  await named(page, /^(打开档案|Open the record)$/).click();
  return page.getByTestId("rights");
}

for (const [language, width, height] of [["zh-Hans", 1400, 900], ["en", 412, 915]]) {
  test(`a copy, who looked, and to be forgotten, ${language} at ${width}×${height}`, async () => {
    const { id, name } = await entered();
    const desk = await openDesk(browser, platform, { width, height, language, username: "admin" });
    const { page } = desk;
    const rights = await opened(page, id);
    const [copy, looks, erase] = [/个人信息副本|the copy/, /谁看过我|who looked at me/, /^(删除个人信息|Erase)…$/].map((words) => named(rights, words));
    await copy.waitFor();
    assert.deepEqual(await Promise.all([copy, looks, erase].map((button) => button.isDisabled())), [true, true, true], "a reason comes first");
    await fill(page, "rights_reason", "本人到场申请");
    const downloaded = async (button, file) => {
      const download = page.waitForEvent("download");
      await button.click();
      const saved = await download;
      assert.equal(saved.suggestedFilename(), file);
      await rights.getByText(new RegExp(`(已下载|Downloaded) ${file}`)).waitFor();
      return readFileSync(await saved.path(), "utf8");
    };
    const masked = await downloaded(copy, `resident-${id}.json`);
    assert.match(masked, /\*\*\*\*0123/);
    assert.doesNotMatch(masked, /0527-88550123/, "masked unless whole ones are asked for");
    await page.locator("input[name=rights_whole]").check();
    assert.match(await downloaded(copy, `resident-${id}.json`), /0527-88550123/);
    await rights.getByText(/里面的电话和证件号是完整的|are whole/).waitFor();
    const log = await downloaded(looks, `looks-${id}.csv`);
    assert.match(log, /read_resident/);
    assert.match(log, /all, whole: 本人到场申请/, "that whole ones were asked for is on record");

    await erase.click();
    const last = named(rights, /^(永久删除|Erase for good)$/);
    await fill(page, "erase_confirm", `${id}0`);
    assert.equal(await last.isDisabled(), true, "the id is typed as it is");
    await fill(page, "erase_confirm", id);
    await last.scrollIntoViewIfNeeded();
    await assertGood(page, "asked before somebody is erased");
    await desk.picture(`rights-${width}-asked`);
    await last.click();
    const erased = page.getByTestId("erased");
    await erased.getByText(/^(审计日志|The audit log)/).waitFor();
    await assertGood(page, "what stays");
    await desk.picture(`rights-${width}-erased`);
    await named(page, /返回查找|Back to the search/).click();
    await page.locator("input[name=q]").waitFor();
    assert.equal(await page.getByText(name).count(), 0, "what was found names them no more");
    assert.deepEqual(desk.faults, []);
    await desk.context.close();
  });
}

test("nobody is erased while an incident is open", async () => {
  const { id } = await entered();
  const operator = await callAs(platform, "operator");
  assert.equal((await operator.post("/api/incidents", { data: { kind: "call", resident: id, caller: "邻居", words: "请来看看" } })).status(), 201);
  await operator.dispose();
  const desk = await openDesk(browser, platform, { username: "admin" });
  const { page } = desk;
  const rights = await opened(page, id);
  await fill(page, "rights_reason", "女儿来电要求");
  await named(rights, /^删除个人信息…$/).click();
  await fill(page, "erase_confirm", id);
  await page.keyboard.press("Enter");
  await rights.getByRole("alert").getByText("没有完成：有未结警情，请先结案，再删除一次。").waitFor();
  assert.equal(await page.getByTestId("record").count(), 1);
  assert.deepEqual(desk.faults, []);
  await desk.context.close();
});

test("which handsets somebody carried is asked when it is wanted", async () => {
  const desk = await openDesk(browser, platform, { username: "admin" });
  const { page } = desk;
  const asked = [];
  page.on("request", (request) => { if (/\/api\/residents\/r-0044\/handsets/.test(request.url())) asked.push(request); });
  await opened(page, "r-0044");
  const carried = page.getByTestId("carried");
  await carried.waitFor();
  assert.equal(asked.length, 0, "each look goes on record");
  await carried.getByText("携带过的终端").click();
  await carried.getByText("demo-0044").waitFor();
  await assertGood(page, "what somebody carried");
  await desk.picture("rights-carried");
  assert.deepEqual(desk.faults, []);
  await desk.context.close();
});
