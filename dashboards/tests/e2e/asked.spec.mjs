/**
 * What the desk asks of a handset while somebody is in need, seen from queued to answered; planned absences, which silence no press;
 * and the incident on paper.
 */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { assertGood, confirm, manage, openDesk, press, residentOf, startBrowser, startPlatform, until } from "./harness.mjs";
import { openHandset, openOperator } from "./phones.mjs";

let platform, browser;
before(async () => { platform = await startPlatform(); browser = await startBrowser(); });
after(async () => { await browser?.close(); await platform?.stop(); });

const named = (scope, name) => scope.getByRole("button", { name });

async function look(desk, name, at = null) {
  for (const [width, height] of [[412, 915], [1400, 900]]) {
    await desk.page.setViewportSize({ width, height });
    await at?.scrollIntoViewIfNeeded();
    // The panes scroll, never the desk around them.
    if (width > 900) assert.ok(await desk.page.evaluate(() => document.documentElement.scrollHeight <= window.innerHeight), `${name} scrolls the desk`);
    await assertGood(desk.page, `${name} at ${width}`);
    await desk.picture(`asked-${width}-${name}`);
  }
}

test("a handset is asked, and each question is seen until it is answered or void", async () => {
  const handset = "demo-0033";
  const desk = await openDesk(browser, platform, { username: "operator" });
  const { page } = desk;
  const { name } = await residentOf(desk, handset);
  await press(platform, handset);
  await desk.row(name).locator(".row-main").click();
  await page.keyboard.press("c");
  await page.getByTestId("holder").getByText("您已接警").waitFor();
  const panel = page.getByTestId("asked");
  const row = (kind, stage) => panel.locator(`[data-kind=${kind}][data-stage=${stage}]`).first();
  await panel.getByText(`终端 ${handset}`).waitFor();

  // The handset is away: it waits for it, and says how long it is good for.
  await named(panel, "让终端响铃").click();
  await row("ring", "queued").getByText(/^[01]:\d\d 后作废$/).waitFor();
  await named(panel, "播报一句话…").click();
  const form = panel.getByRole("form", { name: "播报" });
  assert.equal(await named(form, "发给终端").isDisabled(), true);
  await named(form, "请您待在原地，不要走动。").click();
  await look(desk, "say", form);
  await named(form, "发给终端").click();
  await row("say", "queued").waitFor();
  const incident = await desk.row(name).getAttribute("data-incident");
  assert.equal((await desk.context.request.post(`/api/handsets/${handset}/commands`, { data: { kind: "call", number: "13900000001", within_s: 10 } })).status(), 202);

  // It comes up, hears both, and does one of them.
  await row("call", "queued").waitFor();
  await row("call", "unheard").getByText("已过期，没有送到").waitFor({ timeout: 20_000 });
  const phone = await openHandset(platform, handset);
  const answer = async (kind, said) => phone.answer(await until(`${kind} is heard`, () => phone.heard.findLast((each) => each.kind === kind)), said);
  await row("ring", "sent").getByText("已送达").waitFor();
  await answer("ring", { ok: true });
  await row("ring", "answered").getByText(/\d+ 秒后答复/).waitFor();
  await answer("say", { ok: false, detail: "喇叭坏了" });
  await row("say", "refused").getByText("答复：喇叭坏了").waitFor();
  assert.deepEqual(phone.heard.find((each) => each.kind === "say").say, "请您待在原地，不要走动。");
  assert.equal(phone.heard.some((each) => each.kind === "call"), false);

  await named(panel, "改定位间隔…").click();
  await panel.getByLabel("1 分钟").check();
  await named(panel, "发给终端").click();
  await answer("interval", { ok: true });
  await row("interval", "answered").waitFor();
  assert.equal(phone.heard.find((each) => each.kind === "interval").interval_s, 60);
  await named(panel, "立即定位").click();
  await answer("locate", { ok: true });
  await row("locate", "answered").waitFor();
  await look(desk, "panel", panel);

  await named(panel, "让终端拨号…").click();
  await look(desk, "call", panel);
  await phone.end();
  assert.ok(incident);
  assert.deepEqual(desk.faults, []);
  await desk.context.close();
});

/** As a date-and-time field takes it, so many days from now. */
const inDays = (days) => new Date(Date.now() + days * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 16);

test("a planned absence is entered, seen on the card, silences no press, and is ended early", async () => {
  const handset = "demo-0034";
  const desk = await openDesk(browser, platform, { username: "operator2" });
  const { page } = desk;
  const { id, name } = await residentOf(desk, handset);
  await manage(page, /^外出与住院$/);
  await page.locator(".ant-modal input[type=search]").fill(handset);
  await named(page, new RegExp(handset)).click();
  const absences = page.getByTestId("absences");
  await absences.getByText("没有登记外出或住院。").waitFor();
  await named(absences, "登记外出").click();
  await named(absences, "登记", { exact: true }).last().click();
  await absences.getByText("请填结束时间。").waitFor();
  await absences.locator("input[name=absence_to]").fill(inDays(-1));
  await absences.getByText("结束时间已经过了。").waitFor();
  await look(desk, "absence-form");
  await absences.locator("input[name=absence_to]").fill(inDays(5));
  await absences.locator(".inline-form button[type=submit]").click();
  await absences.getByText("已登记：住院，到期自动结束。").waitFor();
  await absences.getByText("现在不在家").waitFor();
  await look(desk, "absence");
  await page.keyboard.press("Escape");

  await press(platform, handset);
  await desk.row(name).locator(".row-main").click();
  const card = page.getByTestId("resident-card").getByTestId("absences");
  await card.getByText("operator2 登记").waitFor();
  await look(desk, "absence-card", card);
  await named(card, /^提前结束/).click();
  await confirm(page);
  await card.getByText("没有登记外出或住院。").waitFor();
  assert.deepEqual((await (await desk.context.request.get(`/api/residents/${id}/absences`)).json()).items, []);
  assert.deepEqual(desk.faults, []);
  await desk.context.close();
});

/** What the page hands to the printer, kept before it is gone. */
function watchPrinter() {
  window.printed = [];
  document.addEventListener("load", ({ target }) => {
    if (!(target instanceof HTMLIFrameElement) || !target.classList.contains("paper")) return;
    target.contentWindow.print = () => window.printed.push(target.contentDocument.body.innerText);
  }, true);
}

/** A page as it comes out of the printer. */
async function onPaper(address, cookies, name) {
  const context = await browser.newContext({ baseURL: platform.http });
  await context.addCookies(cookies);
  const page = await context.newPage();
  assert.equal((await page.goto(address)).status(), 200);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  const folder = new URL("../../test-results/", import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(`${name}.pdf`, folder), pdf);
  await context.close();
  return pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g).length;
}

test("one button prints the file, another the page for whoever takes over", async () => {
  const operator = await openOperator(platform);
  const { incident } = await operator.dispatch("demo-0035", "请带上急救包");
  await operator.act("demo-0035", "note", { text: "已与老人通话，左腿疼", contact: "resident" });
  const desk = await openDesk(browser, platform, { username: "operator", path: `/#/incidents/${incident.id}`, onPage: (page) => page.addInitScript(watchPrinter) });
  const { page } = desk;
  await named(page, "打印移交单").click();
  const handover = await until("the page", () => page.evaluate(() => window.printed[0]));
  for (const words of ["移交单", incident.resident.name, "WGS-84", "GCJ-02", "联系人", "operator", "已与老人通话，左腿疼"]) assert.ok(handover.includes(words), `${words}: ${handover}`);
  await named(page, "打印档案").click();
  const file = await until("the file", () => page.evaluate(() => window.printed[1]));
  for (const words of ["警情档案", "信号与回执", "已与老人通话，左腿疼", "幸福服务站", "用时"]) assert.ok(file.includes(words), `${words}: ${file}`);
  await assertGood(page, "an incident that is printed");
  const cookies = await desk.context.cookies();
  assert.equal(await onPaper(`/api/incidents/${incident.id}/file?part=handover`, cookies, "print-handover"), 1);
  // Also where there is more to tell than a page holds.
  for (let nth = 0; nth < 15; nth += 1) await press(platform, "demo-0035");
  for (let nth = 0; nth < 4; nth += 1) await operator.act("demo-0035", "note", { text: "邻居说她昨晚就没有出门。".repeat(40), contact: "witness" });
  const words = "邻居听见屋里有人呼救。".repeat(350);
  const called = await desk.context.request.post("/api/incidents", { data: { kind: "call", resident: incident.resident.id, caller: "邻居", words } });
  assert.ok(called.ok(), await called.text());
  await until("all of it", async () => (await operator.incidentOf("demo-0035")).signals.length >= 17);
  assert.equal(await onPaper(`/api/incidents/${incident.id}/file?part=handover`, cookies, "print-handover-long"), 1);
  await onPaper(`/api/incidents/${incident.id}/file`, cookies, "print-file");

  // What cannot be had is said.
  await page.route("**/api/incidents/*/file*", (route) => route.abort());
  await named(page, "打印档案").click();
  await page.locator(".print-acts").getByText("服务器没有应答，请检查网络后重试。").waitFor();
  await page.unroute("**/api/incidents/*/file*");
  assert.deepEqual(desk.faults, []);
  await desk.context.close();
  await operator.dispose();
  await press(platform, "demo-0036");
  const admin = await openDesk(browser, platform, { username: "admin", path: `/#/incidents/${incident.id}` });
  await admin.page.getByTestId("incident-page").waitFor();
  await admin.page.locator(".row").nth(1).waitFor();
  for (const act of ["打印档案", "记录", "登记来电", /^接警|^接手/]) assert.equal(await named(admin.page, act).count(), 0, String(act));
  assert.equal(await admin.page.getByTestId("asked").count(), 0);
  await admin.context.close();
});
