/** A closed incident is a record: whoever had no part in it lately says why they open it. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { assertGood, openDesk, press, startBrowser, startPlatform, until } from "./harness.mjs";
import { callAs } from "./people.mjs";

let platform, browser;
before(async () => { platform = await startPlatform(); browser = await startBrowser(); });
after(async () => { await browser?.close(); await platform?.stop(); });

/** Pressed, claimed and closed by the supervisor, who needs no contact for it. */
async function closedCase(handset) {
  await press(platform, handset);
  const call = await callAs(platform, "supervisor");
  const found = async () => (await (await call.get("/api/incidents?state=open")).json()).items.find((one) => one.handset === handset);
  await until("an incident", async () => (await found()) !== undefined);
  const { id, version } = await found();
  const claimed = await call.post(`/api/incidents/${id}/claim`, { data: { expected_version: version } });
  const data = { expected_version: (await claimed.json()).version, cause: "fall", outcome: "family_attended", note: "" };
  const answer = await call.post(`/api/incidents/${id}/close`, { data });
  assert.equal(answer.status(), 200, await answer.text());
  await call.dispose();
  return id;
}

for (const [language, width, height, handset] of [["zh-Hans", 1400, 900, "demo-0061"], ["en", 412, 915, "demo-0062"]]) {
  test(`a closed incident is opened for a reason, ${language} at ${width}×${height}`, async () => {
    const id = await closedCase(handset);
    const desk = await openDesk(browser, platform, { username: "operator", language, width, height, path: `/#/incidents/${id}` });
    const { page } = desk;
    const open = page.getByRole("button", { name: language === "en" ? "Open it" : "打开", exact: true });
    await page.getByTestId("case-reason").waitFor();
    assert.equal(await page.getByTestId("closed").count(), 0, "nothing of it is shown before");
    await assertGood(page, "the reason for a closed incident");
    await desk.picture(`closed-${width}-reason`);
    await open.click();
    await page.getByTestId("closed").waitFor();
    await desk.picture(`closed-${width}-opened`);
    assert.deepEqual(desk.faults, []);
    await desk.context.close();
  });
}
