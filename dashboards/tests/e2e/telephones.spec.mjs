/** Telephones that stand in for a handset: bound, set up by what is shown once, and taken away again; and seen on the map where they are. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import mqtt from "mqtt";
import { asked, assertGood, confirm, manage, openDesk, shownOnce, startBrowser, startPlatform, until } from "./harness.mjs";
import { callAs, newName } from "./people.mjs";

let platform;
let browser;
before(async () => { platform = await startPlatform(); browser = await startBrowser(); });
after(async () => { await browser?.close(); await platform?.stop(); });

const named = (scope, name) => scope.getByRole("button", { name });

for (const [language, width, height] of [["zh-Hans", 1400, 900], ["en", 412, 915]]) {
  test(`a handset's telephones, ${language} at ${width}×${height}`, async () => {
    const id = newName().replace("xin", "tel");
    const desk = await openDesk(browser, platform, { width, height, language, username: "admin" });
    const { page } = desk;
    assert.equal((await desk.context.request.post(`/api/handsets/${id}/claim`)).status(), 201);
    await manage(page, /终端|Handsets/);
    await page.locator("input[name=q]").fill(id);
    await page.keyboard.press("Enter");
    const row = page.getByTestId("handsets").locator(".fold", { hasText: id });
    await row.locator(".fold-head").click();
    const phones = row.getByTestId("phones");
    await phones.getByText(/没有绑定手机|No telephone is bound/).waitFor();

    await named(phones, /^(添加手机|Add a telephone)…$/).click();
    await assertGood(page, "adding a telephone");
    await phones.locator("input[name=user]").fill("a/b");
    assert.ok(await named(phones, /^(绑定|Add)$/).isDisabled());
    await phones.locator("input[name=user]").fill("wang");
    await named(phones, /^(绑定|Add)$/).click();
    await phones.getByText(new RegExp(`/owntracks\\?u=wang&d=phone$`)).waitFor();
    await named(phones, /^(换发密钥，用二维码设置|Give it a new secret, as a QR code)$/).click();
    const settings = new URL((await shownOnce(page)).replace("owntracks:///", "https://x/")).searchParams.get("inline");
    const { username, password, url } = JSON.parse(Buffer.from(settings, "base64").toString());
    await assertGood(page, "the settings of a telephone");
    const location = { _type: "location", lat: 33.961, lon: 118.281, acc: 12, tst: Math.floor(Date.now() / 1_000) };
    const post = () => fetch(url, { method: "POST", body: JSON.stringify(location), headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}` } });
    assert.equal((await post()).status, 200);
    await named(phones, /收起|put away/).click();

    await named(phones, /^(添加手机|Add a telephone)…$/).click();
    await phones.locator("select[name=kind]").selectOption("osmand");
    await named(phones, /^(绑定|Add)$/).click();
    assert.match(await shownOnce(page), /^[0-9a-f]{32}$/);
    await assertGood(page, "an OsmAnd id");
    await named(phones, /收起|put away/).click();
    assert.equal(await phones.locator(".bindings li").count(), 2);

    await named(phones, /^(解绑|Remove) OwnTracks/).click();
    await asked(page).getByText(/wang/).last().waitFor();
    await confirm(page);
    await phones.locator(".bindings li", { hasText: "wang" }).waitFor({ state: "detached" });
    assert.equal((await post()).status, 403);
    assert.deepEqual(desk.faults, []);
    await desk.context.close();
  });
}

/**
 * Where the person's mark stands on the map, in pixels of a picture of it: the middle of all that has its colour (`src/map/style.ts`).
 * `eye` is a page that takes the picture apart; null while there is no mark.
 */
async function markOn(map, eye) {
  const picture = await map.screenshot();
  return eye.evaluate(async (png) => {
    const bytes = Uint8Array.from(atob(png), (sign) => sign.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const drawing = new OffscreenCanvas(image.width, image.height).getContext("2d");
    drawing.drawImage(image, 0, 0);
    const { data } = drawing.getImageData(0, 0, image.width, image.height);
    const sum = { x: 0, y: 0, count: 0 };
    for (let at = 0; at < data.length; at += 4) {
      const isOff = Math.abs(data[at] - 0xb0) + data[at + 1] + Math.abs(data[at + 2] - 0x20);
      if (isOff > 24) continue;
      sum.x += (at / 4) % image.width;
      sum.y += Math.floor(at / 4 / image.width);
      sum.count += 1;
    }
    // A mark is a disc of sixteen pixels across; a few pixels of that colour are none.
    return sum.count > 50 ? { x: sum.x / sum.count, y: sum.y / sum.count } : null;
  }, picture.toString("base64"));
}

test("an app's location moves its resident on the map", async () => {
  const call = await callAs(platform, "operator");
  const { items: [resident] } = await (await call.get("/api/residents?q=demo-phone")).json();
  const opened = await call.post("/api/incidents", { data: { kind: "call", resident: resident.id, caller: "女儿", words: "电话没人接" } });
  assert.ok(opened.ok(), await opened.text());
  const { id } = await opened.json();
  const { home } = await (await call.get(`/api/residents/${resident.id}`)).json();
  await call.dispose();

  const app = await mqtt.connectAsync(`mqtt://${platform.mqtt}`, { username: "demo-phone", password: "demo-phone", clientId: `app-${process.pid}`, reconnectPeriod: 0 });
  const tell = (lat, ago_s) => {
    const location = { _type: "location", lat, lon: home.lon, acc: 12, batt: 71, tst: Math.floor(Date.now() / 1_000) - ago_s };
    return app.publishAsync("owntracks/demo/phone", JSON.stringify(location), { qos: 1 });
  };
  // Some 220 m north of home, then half of that: both lie on the map as it is first fitted, whose sides are 350 m away at least.
  const [far, near] = [0.002, 0.001].map((north) => Number((home.lat + north).toFixed(4)));
  await tell(far, 20);
  const desk = await openDesk(browser, platform, { username: "operator", path: `/#/incidents/${id}` });
  const position = desk.page.getByTestId("position");
  const map = desk.page.locator(".map canvas.maplibregl-canvas");
  const eye = await (await browser.newContext()).newPage();
  await position.getByText(far.toFixed(5)).waitFor();
  await desk.page.locator('.map[data-ready="true"]').waitFor();
  const first = await until("the mark on the map", () => markOn(map, eye));

  await tell(near, 0);
  await position.getByText(near.toFixed(5)).waitFor();
  const moved = await until("the mark to move south", async () => {
    const now = await markOn(map, eye);
    return now && now.y > first.y + 20 ? now : null;
  });
  assert.ok(Math.abs(moved.x - first.x) < 5, `${JSON.stringify(first)} to ${JSON.stringify(moved)}: it went south alone`);
  await desk.picture("telephones-moved");
  assert.deepEqual(desk.faults, []);
  await app.endAsync();
  await eye.context().close();
  await desk.context.close();
});
