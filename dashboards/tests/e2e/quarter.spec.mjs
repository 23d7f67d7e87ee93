/** The quarter's review, whether messages and handsets came through, and what can be taken away as a file. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { assertGood, manage, openDesk, startBrowser, startPlatform } from "./harness.mjs";
import { openOperator } from "./phones.mjs";

let platform, browser;
before(async () => { platform = await startPlatform(); browser = await startBrowser(); });
after(async () => { await browser?.close(); await platform?.stop(); });

async function look(desk, name) {
  for (const [width, height] of [[412, 915], [1400, 900]]) {
    await desk.page.setViewportSize({ width, height });
    await assertGood(desk.page, `${name} at ${width}`);
    await desk.picture(`quarter-${width}-${name}`);
  }
}

/** A file that a link saves: its name and what is in it. */
async function saved(scope, page, name) {
  const [file] = await Promise.all([page.waitForEvent("download"), scope.getByRole("link", { name, exact: true }).click()]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

/** In China, where its days begin. */
const QUARTER = (([year, month]) => `${year}Q${Math.ceil(month / 3)}`)(new Date(Date.now() + 8 * 3_600_000).toISOString().split("-").map(Number));
const STATION = "s-xingfu";

test("stations are ranked by what they did, and the review goes home as a file", async () => {
  const operator = await openOperator(platform);
  for (const n of [36, 37, 38, 39, 40]) {
    const { task } = await operator.dispatch(`demo-00${n}`, "");
    if (n === 40) { await operator.tell(task.id, "decline", { reason: "人手都在外面" }); continue; }
    for (const said of ["acknowledge", "en-route", "on-scene"]) await operator.tell(task.id, said);
    await operator.tell(task.id, "finish", { reason: "老人平安" });
  }
  const desk = await openDesk(browser, platform, { username: "supervisor" });
  const { page } = desk;
  await manage(page, /^每季一评$/);
  const report = page.getByTestId("quarter");
  const station = report.locator(`[data-station=${STATION}]`);
  await station.getByText("第 1 名").waitFor();
  await station.getByRole("cell", { name: "80%" }).first().waitFor();
  await report.getByText("5 起警情").waitFor();
  await report.getByText(/得分 = 接受率×40%/).waitFor();
  await look(desk, "review");

  const dialog = page.getByRole("dialog");
  const csv = await saved(dialog, page, "下载 CSV");
  assert.equal(csv.name, `quarter-${QUARTER}.csv`);
  const [head, first] = csv.bytes.toString("utf8").trim().split(/\r?\n/);
  assert.match(head, /place,station,name,score/);
  assert.match(first, new RegExp(`^1,${STATION},`));
  const why = await saved(dialog, page, "评分依据 CSV");
  assert.match(why.bytes.toString("utf8"), /得分 = 接受率×40%/);
  const xlsx = await saved(dialog, page, "Excel");
  assert.match(xlsx.name, /\.xlsx$/);
  assert.equal(xlsx.bytes.subarray(0, 2).toString(), "PK");
  const json = await saved(dialog, page, "JSON");
  assert.equal(json.name, "quarter.json");
  assert.equal(JSON.parse(json.bytes.toString()).stations[0].taken, 4);

  // A quarter in which nothing was done says so.
  const [, before] = await page.locator("select[name=quarter] option").evaluateAll((options) => options.map(({ value }) => value));
  await page.locator("select[name=quarter]").selectOption(before);
  await report.getByText("这一季没有警情。").waitFor();
  await report.getByText("这一季没有派过服务站。").waitFor();
  await page.keyboard.press("Escape");

  await manage(page, /^送达与在线$/);
  await page.getByTestId("heard-notices").getByRole("rowheader", { name: "屏幕", exact: true }).waitFor();
  await page.getByTestId("heard-notices").getByRole("rowheader", { name: "终端", exact: true }).waitFor();
  assert.equal(await page.getByTestId("heard-notices").locator("tbody tr").count(), 2, "nobody was told outside the screens and the handsets");
  await page.getByTestId("heard-handsets").getByText(/没有人携带终端|^全部终端$/).waitFor();
  await look(desk, "heard");
  await page.keyboard.press("Escape");
  await manage(page, /^应答报表$/);
  await page.getByLabel("乡镇街道").check();
  await page.getByTestId("report").getByRole("rowheader", { name: /区划/ }).first().waitFor();
  assert.match((await saved(page.getByRole("dialog"), page, "Excel")).name, /^response\.xlsx$/);
  await look(desk, "townships");
  assert.deepEqual(desk.faults, []);
  await desk.context.close();
  await operator.dispose();

  const other = await openDesk(browser, platform, { username: "operator" });
  await other.page.locator(".manage-menu > button").click();
  assert.equal(await other.page.getByRole("button", { name: "每季一评" }).count(), 0);
  await other.context.close();
});
