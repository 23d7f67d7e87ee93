/** Fences: drawn by clicking and typing, refused with the place of the fault, left, explained; what was learned; zones, also out of a file; how somebody is watched. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import mqtt from "mqtt";
import { asked, assertGood, manage, openDesk, startBrowser, startPlatform, until } from "./harness.mjs";
import { callAs } from "./people.mjs";

let platform;
let browser;
before(async () => { platform = await startPlatform(); browser = await startBrowser(); });
after(async () => { await browser?.close(); await platform?.stop(); });

const SIZES = [["zh-Hans", 1400, 900, "0150"], ["en", 412, 915, "0151"]];
const DEGREE_M = 111_195;

const named = (scope, name) => scope.getByRole("button", { name });
const pick = (page, name, value) => page.locator(`input[name=${name}][value="${value}"]`).check();

/** The middle of the fence that the demo drew round the home. */
async function homeOf(resident) {
  const admin = await callAs(platform, "admin");
  const { items: [{ shape: { center: [lon, lat] } }] } = await (await admin.get(`/api/residents/${resident}/fences?reason=fences`)).json();
  await admin.dispose();
  return { lat, lon };
}

/** Walks: metres north of home, each so many seconds ago. */
async function walk(handset, home, way) {
  const client = await mqtt.connectAsync(`mqtt://${platform.mqtt}`, { username: handset, password: handset, clientId: `walk-${handset}`, reconnectPeriod: 0 });
  for (const [north_m, ago_s] of way) {
    const fix = { boot: "walk", seq: 100_000 - ago_s, fix_time: new Date(Date.now() - ago_s * 1_000).toISOString(), lat: home.lat + north_m / DEGREE_M, lon: home.lon, accuracy_m: 8, method: "gps" };
    await client.publishAsync(`jjl/${handset}/fix`, JSON.stringify(fix), { qos: 1 });
  }
  await client.endAsync();
}

for (const [language, width, height, number] of SIZES) {
  const look = { width, height, language };
  const name = (page) => `fences-${width}-${page}`;
  const [resident, handset] = [`r-${number}`, `demo-${number}`];

  test(`a fence is drawn, left and explained, ${language} at ${width}×${height}`, async () => {
    const home = await homeOf(resident);
    const desk = await openDesk(browser, platform, { ...look, username: "supervisor" });
    const { page } = desk;
    await manage(page, /^围栏$|^Fences$/);
    await page.locator(".ant-modal input[type=search], .ant-modal input[role=combobox], .ant-modal .field input").first().fill(handset);
    await page.getByRole("button", { name: new RegExp(resident) }).or(page.getByRole("option", { name: new RegExp(resident) })).or(page.locator(".ant-modal li button", { hasText: handset })).first().click();
    await named(page, /^打开|^Open/).last().click();
    await page.getByTestId("fence-list").getByText(/未布防|Not armed/).waitFor();
    await page.locator(".fence-map[data-ready=true]").waitFor();
    await assertGood(page, "the fences of a resident");
    await desk.picture(name("list"));

    // A corner at a time, by clicking; too few are told.
    await named(page, /画围栏|Draw a fence/).click();
    await page.locator("input[name=name]").fill("菜场");
    await pick(page, "how", "polygon");
    await page.locator(".fence-map[data-drawing=true]").waitFor();
    const map = page.locator(".fence-map canvas");
    const { width: wide, height: high } = await map.boundingBox();
    for (const [x, y] of [[0.3, 0.3], [0.7, 0.3]]) await map.click({ position: { x: wide * x, y: high * y } });
    const save = page.locator(".inline-form button[type=submit]").last();
    await save.click();
    await page.locator(".field-fault", { hasText: /三个角|Three corners/ }).waitFor();
    // The third and fourth make it cross itself, which the server sees.
    for (const [x, y] of [[0.3, 0.7], [0.7, 0.7]]) await map.click({ position: { x: wide * x, y: high * y } });
    await save.click();
    await page.getByRole("alert").getByText(/自己相交。相交处在北纬|crosses itself\. It crosses near/).first().waitFor();
    await assertGood(page, "a fence that crosses itself");
    await desk.picture(name("crossing"));

    // A circle by its middle, with hours.
    await pick(page, "how", "circle");
    await page.locator("input[name=name]").fill("家门口");
    await page.locator("input[name=lat]").fill((home.lat + 0.0001).toFixed(6));
    await page.locator("input[name=lon]").fill((home.lon + 0.0001).toFixed(6));
    // What was typed says nothing of the map it was read off.
    await save.click();
    await page.locator(".field-fault", { hasText: /请选坐标系|Choose the datum/ }).waitFor();
    await pick(page, "datum", "wgs84");
    await named(page, /加某日例外|Add a date/).click();
    await page.locator("input[name=to-0]").fill("nonsense");
    await save.click();
    await page.getByRole("alert").getByText(/布防时间有误。第 1 个时段不对。“nonsense”|hours are wrong\. Hours 1 are wrong\. “nonsense”/).first().waitFor();
    await named(page, /删除时段 1|Remove hours 1/).click();
    await desk.picture(name("circle"));
    await save.click();
    await page.getByTestId("fence-list").getByText("家门口").first().waitFor();
    await page.getByTestId("fence-list").getByText(/布防中|^Armed$/).first().waitFor();
    const [file] = await Promise.all([page.waitForEvent("download"), named(page, /导出 GeoJSON|Export GeoJSON/).click()]);
    const { features } = JSON.parse(readFileSync(await file.path(), "utf8"));
    assert.deepEqual(features.map(({ properties }) => properties.name).sort(), ["家", "家门口"].sort());
    assert.deepEqual(features.map(({ geometry, properties }) => [geometry.type, properties.radius_m > 0]), [["Point", true], ["Point", true]]);

    // A route by its points and its width, opened again as it was drawn.
    await named(page, /画围栏|Draw a fence/).click();
    await page.locator("input[name=name]").fill("河边");
    await pick(page, "how", "corridor");
    await page.locator(".fence-map[data-drawing=true]").waitFor();
    for (const [x, y] of [[0.3, 0.4], [0.7, 0.4]]) await map.click({ position: { x: wide * x, y: high * y } });
    await page.locator("input[name=width]").fill("40");
    await page.locator("input[name=armed]").uncheck();
    await assertGood(page, "a route");
    await desk.picture(name("route"));
    await save.click();
    await page.getByTestId("fence-list").getByText("河边").first().waitFor();
    await named(page.getByTestId("fences"), /^(修改|Correct)…$/).click();
    await page.locator("input[name=how][value=corridor]:checked").waitFor();
    assert.equal(await page.locator("input[name=width]").inputValue(), "40");
    await page.locator(".inline-form").getByRole("button", { name: /^(取消|Cancel)$/ }).click();

    // What was learned: nothing is read before somebody wants to see it.
    const learned = { days: 34, days_least: 28, ready: true, places: [{ middle: home, days: 31 }, { middle: { lat: home.lat + 400 / DEGREE_M, lon: home.lon }, days: 4 }], up_by: "09:30" };
    const looks = [];
    await page.route(/\/api\/residents\/[^/]+\/habits/, (route) => {
      looks.push(`${route.request().method()} ${new URL(route.request().url()).search}`);
      return route.request().method() === "GET" ? route.fulfill({ json: learned }) : route.continue();
    });
    const habits = page.getByTestId("habits");
    await named(habits, /平常走动的地方|Usual ground/).click();
    await page.locator(".fence-map[data-habits='2']").waitFor();
    await habits.getByText(/平常 09:30 之前已经出门|they are out by 09:30/).waitFor();
    await named(habits, /^(忘掉一处|Forget a place)…$/).click();
    await page.locator(".fence-map[data-drawing=true]").waitFor();
    await map.click({ position: { x: wide * 0.5, y: high * 0.5 } });
    await page.locator("input[name=forget_lat]").fill(home.lat.toFixed(6));
    await page.locator("input[name=forget_lon]").fill(home.lon.toFixed(6));
    await habits.getByText(/这里有 1 格|1 squares here/).waitFor();
    await assertGood(page, "what was learned");
    await desk.picture(name("habits"));
    await named(habits, /^(忘掉|Forget)$/).click();
    await asked(page).getByText(/不能恢复|cannot be undone/).waitFor();
    learned.places.shift();
    await asked(page).getByRole("button").last().click();
    await page.locator(".fence-map[data-habits='1']").waitFor();
    assert.deepEqual(looks.map((look) => look.split(" ")[0]), ["GET", "DELETE", "GET"]);
    assert.match(looks[1], /within_m=0/);
    await named(habits, /平常走动的地方|Usual ground/).click();

    // How she is watched.
    const policy = page.getByTestId("policy");
    await policy.locator("input[name=dementia]").check();
    await policy.locator("input[name=heartbeat]").fill("300");
    if ((await policy.getByTestId("companions").count()) > 0) {
      await policy.locator("input[name=companion-handset]").fill(handset);
      await named(policy, /^(添加|Add)$/).click();
      await policy.locator(".field-fault", { hasText: /老人自己的终端|own handset/ }).waitFor();
      await policy.locator("input[name=companion-handset]").fill("demo-0002");
      await policy.locator("input[name=companion-handset]").press("Enter");
      await policy.locator(".chips li", { hasText: "demo-0002" }).waitFor();
    }
    await named(policy, /保存守护方式|Save how they are watched/).click();
    await policy.getByText(/^已设置。$|^Set\.$/).waitFor();
    await assertGood(page, "how she is watched");
    await policy.scrollIntoViewIfNeeded();
    await desk.picture(name("policy"));
    await page.keyboard.press("Escape");
    if (await asked(page).isVisible().catch(() => false)) await asked(page).getByRole("button").last().click();

    await walk(handset, home, [[5, 570], [5, 530], [5, 490], [430, 300], [430, 200], [430, 100]]);
    const supervisor = await callAs(platform, "supervisor");
    const incident = await until("the incident", async () => {
      const { items } = await (await supervisor.get("/api/incidents?state=open")).json();
      return items.find((each) => each.resident?.id === resident);
    });
    await page.locator(`.row`, { hasText: incident.resident.name }).first().click();
    const why = page.getByTestId("why").first();
    await why.getByText("离开「家门口」").waitFor();
    await why.locator("svg").waitFor();
    await why.scrollIntoViewIfNeeded();
    await assertGood(page, "why it was raised");
    await desk.picture(name("why"));
    await supervisor.post(`/api/incidents/${incident.id}/claim`, { data: { expected_version: incident.version } });
    await walk(handset, home, [[5, 60], [5, 40], [5, 20], [5, 1]]);
    await page.getByText(/回到围栏内|Back within the fence/).first().waitFor();
    await supervisor.dispose();
    assert.deepEqual(desk.faults, []);
    await desk.context.close();
  });
}

test("zones are drawn by corners that are typed", async () => {
  const desk = await openDesk(browser, platform, { username: "admin" });
  const { page } = desk;
  await manage(page, /^公共区域$|^Zones$/);
  await page.getByTestId("zones").getByText("北运河").first().waitFor();
  await named(page, /画公共区域|Draw a zone/).click();
  await page.locator("input[name=name]").fill("水塘");
  await page.locator("textarea[name=corners]").fill("33.960, 118.270\n33.960, 118.272\n33.962, 118.271");
  await pick(page, "datum", "wgs84");
  await assertGood(page, "a zone that is drawn");
  await page.locator(".inline-form button[type=submit]").click();
  await page.locator(".zone-list").getByText("水塘").waitFor();
  await desk.picture("zones-1400");
  assert.deepEqual(desk.faults, []);
  await desk.context.close();
});

test("zones come out of a file one by one, and what was not taken is told", async () => {
  const desk = await openDesk(browser, platform, { username: "admin" });
  const { page } = desk;
  await manage(page, /^公共区域$|^Zones$/);
  await page.getByTestId("zones").getByText("北运河").first().waitFor();
  await named(page, /^导入文件…$/).click();
  const corner = [118.3, 33.95];
  const at = (east, north) => [corner[0] + east, corner[1] + north];
  const area = { type: "Polygon", coordinates: [[at(0, 0), at(0.004, 0), at(0.004, 0.004), at(0, 0)]] };
  const crossed = { type: "Polygon", coordinates: [[at(0, 0), at(0.004, 0.004), at(0.004, 0), at(0, 0.003), at(0, 0)]] };
  const features = [["鱼塘", area], ["交叉", crossed], ["小路", { type: "LineString", coordinates: [at(0, 0), at(0.01, 0)] }], ["北运河", area]].map(([name, geometry]) => ({ type: "Feature", properties: { name }, geometry }));
  await page.locator("input[name=zones]").setInputFiles({ name: "zones.geojson", mimeType: "application/geo+json", buffer: Buffer.from(JSON.stringify({ type: "FeatureCollection", features })) });
  const file = page.getByTestId("zone-import");
  await file.getByText("文件里有 4 个，已选 2 个，1 个不能用。").waitFor();
  await file.getByText("不是面：点和线不能作区域").waitFor();
  await file.getByText("已有同名区域").waitFor();
  const send = named(file, /^加入 2 个$/);
  assert.equal(await send.isDisabled(), true, "the datum is chosen by somebody");
  await pick(page, "datum", "wgs84");
  await assertGood(page, "a file that is looked through");
  await desk.picture("zones-1400-file");
  await send.click();
  const summary = file.getByTestId("import-summary");
  await summary.getByText("已加入 1 个，没有加入 1 个，没有发出 0 个。").waitFor();
  await summary.getByText(/边线自己相交/).waitFor();
  await assertGood(page, "what became of a file");
  await desk.picture("zones-1400-sent");
  await named(file, /^关闭$/).click();
  await page.locator(".zone-list").getByText("鱼塘").waitFor();
  assert.equal(await page.locator(".zone-list").getByText("交叉").count(), 0);
  assert.deepEqual(desk.faults, []);
  await desk.context.close();
});
