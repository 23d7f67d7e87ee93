/** Markup in what people type is shown as text on every page, and nothing of it runs. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openDesk, startBrowser, startPlatform, until } from "./harness.mjs";
import { callAs, join } from "./people.mjs";
import { openOperator, openRelative, openStation, PHONE } from "./phones.mjs";

const HANDSET = "demo-unbound";
const OWN = "correct horse battery";
const STATION = "s-xingfu";
const evil = (what) => `${what}<img src=x onerror=alert(1)>`;
const [NAME, ADDRESS, CONTACT, ALLERGY] = ["钱桂珍", "幸福路", "钱敏", "青霉素"].map(evil);
const [AT_STATION, RELATIVE, NOTE, TO_STATION, CALLER, WORDS] = ["幸福站", "钱小红", "已通话", "敲门久一点", "邻居", "有人喊"].map(evil);

let platform, browser, operator, relative;

async function sent(answer) {
  assert.ok(answer.ok(), await answer.text());
  return answer.status() === 204 ? null : answer.json();
}

/** A resident, a station and a relative, entered as people enter them. */
async function entered() {
  const [admin, supervisor] = [await callAs(platform, "admin"), await callAs(platform, "supervisor")];
  const { id } = await sent(await admin.post("/api/residents", {
    data: {
      name: NAME, sex: "female", birth_date: "1939-05-06", lives_alone: true, cognitive_impairment: true, self_care: "partial", conditions: [evil("高血压")], allergies: [ALLERGY],
      home: { lat: 33.961, lon: 118.281 }, division: "321302901001", telephone: "0527-88001234", address: ADDRESS, contacts: [{ name: CONTACT, relation: "女儿", telephone: "13912345678" }],
    },
  }));
  await sent(await admin.put(`/api/handsets/${HANDSET}`, { data: { resident: id } }));
  const { place, telephone, hours, skills, on_duty } = (await sent(await admin.get("/api/stations"))).items.find((each) => each.id === STATION);
  await sent(await admin.put(`/api/stations/${STATION}`, { data: { name: AT_STATION, place, telephone, hours, skills, on_duty } }));
  const consent = await sent(await supervisor.post(`/api/residents/${id}/consents`, {
    data: { purpose: "family", given_by: "resident", giver: NAME, data: "位置、轨迹、警情", text_version: "2026-11", channel: "paper" },
  }));
  const { path } = await sent(await supervisor.post("/api/invitations", { data: { consent: consent.id, display_name: RELATIVE, relation: "女儿" } }));
  relative = await join(new URL(path, platform.http).href, OWN);
  await Promise.all([admin.dispose(), supervisor.dispose()]);
  return id;
}

before(async () => {
  platform = await startPlatform();
  browser = await startBrowser();
  operator = await openOperator(platform);
  const resident = await entered();
  await operator.dispatch(HANDSET, TO_STATION, STATION);
  await operator.act(HANDSET, "note", { text: NOTE });
  const call = await callAs(platform, "operator");
  await sent(await call.post("/api/incidents", { data: { kind: "call", resident, caller: CALLER, words: WORDS } }));
  await call.dispose();
});
after(async () => { await relative?.call.dispose(); await operator?.dispose(); await browser?.close(); await platform?.stop(); });

/** Each text as it was typed, and neither an element nor a handler made of it. */
async function isShownAsText({ page, faults }, dialogs, words) {
  for (const each of words) await page.getByText(each).first().waitFor({ state: "attached" });
  assert.equal(await page.locator('img[src="x"]').count(), 0);
  assert.deepEqual([...faults, ...dialogs], []);
}

function heard() {
  const dialogs = [];
  const onPage = (page) => page.on("dialog", (dialog) => { dialogs.push(dialog.message()); void dialog.dismiss(); });
  return { dialogs, onPage };
}

test("on the dispatch page, whose policy would stop it besides", async () => {
  const { dialogs, onPage } = heard();
  const desk = await openDesk(browser, platform, { username: "operator", onPage });
  await desk.row(NAME).first().locator(".row-main").click();
  await isShownAsText(desk, dialogs, [NAME, ADDRESS, CONTACT, ALLERGY, AT_STATION, RELATIVE, NOTE, CALLER, WORDS]);
  await desk.picture("markup-1400-desk");
  // What would have been seen, had a page made an element of it.
  await desk.page.evaluate((markup) => document.body.insertAdjacentHTML("beforeend", markup), NAME);
  assert.equal(await desk.page.locator('img[src="x"]').count(), 1);
  await until("the policy to stop the handler", async () => desk.faults.some((fault) => /inline event handler/i.test(fault)));
  assert.deepEqual(dialogs, []);
  await desk.context.close();
});

test("on a station's page", async () => {
  const { dialogs, onPage } = heard();
  const phone = await openStation(browser, platform, { onPage });
  await phone.card(NAME).getByTestId("person").getByRole("link").first().waitFor();
  await isShownAsText(phone, dialogs, [NAME, ADDRESS, CONTACT, ALLERGY, AT_STATION, TO_STATION]);
  await phone.picture(`markup-${PHONE.width}-station`);
  await phone.context.close();
});

test("on a relative's page", async () => {
  const { dialogs, onPage } = heard();
  const phone = await openRelative(browser, platform, { username: relative.username, password: OWN, onPage });
  await phone.sentence.getByText(NAME).waitFor();
  await phone.page.getByTestId("family").locator("summary").click();
  await isShownAsText(phone, dialogs, [NAME, RELATIVE]);
  await phone.picture(`markup-${PHONE.width}-family`);
  await phone.context.close();
});
