//! Fences, zones and policies from outside: drawn over HTTP, left over MQTT, told with their sentence, snoozed, taken away.

use crate::clock_steps::WallClock;
use anyhow::{Context as _, Result, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;
use tests::{Account, Answer, Handset, PATIENCE, Platform, Setup, clock, until};
use tokio::time::sleep;

/// Somebody whose fence of the demo is shown and does not alarm.
pub(crate) const WHO: &str = "demo-0150";
pub(crate) const RESIDENT: &str = "r-0150";
const WHY: &str = "?reason=fences";
/// Metres of a degree of latitude.
const DEGREE_M: f64 = 111_195.0;
/// How far GCJ-02 lies beside WGS-84 at Suqian, in degrees of latitude and longitude.
const GCJ02: (f64, f64) = (-0.001_347, 0.005_506);

pub(crate) fn fences() -> String {
    format!("/api/residents/{RESIDENT}/fences")
}

/// The middle of the fence that the demo drew round the home.
pub(crate) async fn home(account: &Account) -> Result<(f64, f64)> {
    let drawn = account.list(&format!("{}{WHY}", fences())).await?;
    let center = &drawn.first().context("the demo's own fence")?["shape"]["center"];
    center[1].as_f64().zip(center[0].as_f64()).context("a middle")
}

pub(crate) fn circle((lat, lon): (f64, f64)) -> Value {
    json!({ "type": "Circle", "center": [lon, lat], "radius_m": 200 })
}

pub(crate) fn fence(shape: &Value) -> Value {
    json!({ "name": "家门口", "kind": "safe", "shape": shape })
}

/// A fix so many metres north of home, as it was so many seconds ago by the right clock.
async fn stand(handset: &Handset, home: (f64, f64), north_m: f64, ago_s: i64) -> Result<()> {
    let fix = json!({
        "boot": "fences", "seq": 1_000_000 - ago_s, "fix_time": clock::ago(ago_s), "lat": home.0 + north_m / DEGREE_M,
        "lon": home.1, "accuracy_m": 8, "method": "gps",
    });
    handset.publish("fix", fix.to_string()).await
}

/// At home, and then out of the fence until now.
pub(crate) async fn walk_out(handset: &Handset, home: (f64, f64)) -> Result<()> {
    for (north_m, ago_s) in [(5.0, 570), (5.0, 530), (5.0, 490), (420.0, 300), (420.0, 200), (420.0, 100)] {
        stand(handset, home, north_m, ago_s).await?;
    }
    Ok(())
}

/// The features of a list, for programs that read GeoJSON.
async fn as_geojson(account: &Account, path: &str) -> Result<Vec<Value>> {
    let answer =
        Answer::of(account.request(Method::GET, path).header("Accept", "application/geo+json")).await?;
    ensure!(answer.header("content-type") == "application/geo+json", "{answer:?}");
    let collection = answer.ok()?;
    ensure!(collection["type"] == "FeatureCollection", "{collection:#}");
    collection["features"].as_array().cloned().context("features")
}

/// The fence as it is listed, once this holds of it.
async fn listed(account: &Account, id: &Value, holds: impl Fn(&Value) -> bool) -> Result<Value> {
    until("the fence as it should be", PATIENCE, async || {
        let listed = account.list(&format!("{}{WHY}", fences())).await?;
        Ok(listed.into_iter().find(|fence| fence["id"] == *id && holds(fence)))
    })
    .await
}

/// The open incident about a fence.
pub(crate) async fn left(account: &Account, fence: &Value) -> Result<Value> {
    let is_about = |incident: &Value| {
        let signals = incident["signals"].as_array().cloned().unwrap_or_default();
        signals.iter().any(|signal| signal["kind"] == "fence_exit" && signal["evidence"]["fence"] == *fence)
    };
    until("an incident about the fence", PATIENCE, async || {
        Ok(account.incidents("open").await?.into_iter().find(is_about))
    })
    .await
}

async fn return_of(account: &Account, incident: &Value) -> Result<Value> {
    until("the return on the timeline", PATIENCE, async || {
        let events = account.events(&incident["id"]).await?;
        Ok(events.into_iter().find(|event| event["kind"] == "returned"))
    })
    .await
}

async fn close(account: &Account, id: &Value, snooze_until: &str) -> Result<tests::Answer> {
    let incident = account.incident(id).await?;
    let ending = json!({
        "cause": "other", "outcome": "resolved_by_phone", "note": "with her daughter", "snooze_until": snooze_until,
    });
    account.act("close", &incident, ending).await
}

#[tokio::test]
async fn drawn_left_told_returned_and_left_again() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let home = home(&supervisor).await?;
    ensure!(operator.post(&fences(), &fence(&circle(home))).await?.is_problem(403), "operators draw none");
    ensure!(operator.get(&fences()).await?.body["code"] == "reason_required", "a look needs its reason");
    let drawn = supervisor.post(&fences(), &fence(&circle(home))).await?;
    ensure!(drawn.status == 201 && drawn.body["standing"]["side"] == "unknown", "{drawn:?}");
    let id = drawn.body["id"].clone();
    let unarmed = |fence: &&Value| fence["armed"] == false && fence["standing"]["armed"] == false;
    let all = operator.list(&format!("{}{WHY}", fences())).await?;
    ensure!(all.iter().filter(unarmed).count() == 1, "the demo's own, which is shown: {all:#?}");

    let handset = platform.handset(WHO).await?;
    for ago_s in [570, 530, 490, 460] {
        stand(&handset, home, 5.0, ago_s).await?;
    }
    let inside = listed(&operator, &id, |fence| fence["standing"]["side"] == "inside").await?;
    ensure!(inside["standing"]["armed"] == true && inside["standing"]["raised"] == false, "{inside:#}");
    for ago_s in [420, 380, 340] {
        stand(&handset, home, 420.0, ago_s).await?;
    }
    let incident = left(&operator, &id).await?;
    let why = incident["signals"][0]["evidence"]["why"].as_str().unwrap_or_default().to_owned();
    ensure!(why.contains("离开「家门口」"), "{why}");
    let outside = listed(&operator, &id, |fence| fence["standing"]["side"] == "outside").await?;
    ensure!(outside["standing"]["raised"] == true && outside["standing"]["age_s"].is_i64(), "{outside:#}");

    operator.claim(&incident).await?.ok()?;
    for ago_s in [300, 260, 220, 190] {
        stand(&handset, home, 5.0, ago_s).await?;
    }
    let returned = return_of(&operator, &incident).await?;
    ensure!(returned["text"].as_str().is_some_and(|text| text.contains("家门口")), "{returned:#}");
    let still = operator.incident(&incident["id"]).await?;
    ensure!(
        still["state"] == "claimed" && still["signals"] == incident["signals"],
        "nothing ends: {still:#}"
    );
    for until in [clock::ago(60), clock::ago(-25 * 3_600)] {
        let refused = close(&operator, &incident["id"], &until).await?;
        ensure!(refused.is_problem(422) && refused.body["code"] == "snooze_end", "{refused:?}");
    }
    let closed = close(&operator, &incident["id"], &clock::ago(-3_600)).await?.ok()?;
    ensure!(closed["closed"]["snooze_until"].is_string(), "{closed:#}");

    // What was snoozed is the leaving that was told; another one is news.
    for ago_s in [150, 110, 70] {
        stand(&handset, home, 420.0, ago_s).await?;
    }
    let again = left(&operator, &id).await?;
    ensure!(again["id"] != incident["id"], "{again:#}");
    ensure!(
        supervisor.delete(&format!("{}/{}", fences(), id.as_str().unwrap_or_default())).await?.status == 204
    );
    platform.is_whole().await
}

#[tokio::test]
async fn a_snooze_holds_over_restarts_to_its_end_and_no_longer() -> Result<()> {
    let wall = WallClock::right()?;
    let mut platform = Platform::start_with(wall.setup()?).await?;
    let supervisor = platform.log_in("supervisor").await?;
    let home = home(&supervisor).await?;
    let id = supervisor.post(&fences(), &fence(&circle(home))).await?.ok()?["id"].clone();
    let handset = platform.handset(WHO).await?;
    walk_out(&handset, home).await?;
    let incident = left(&supervisor, &id).await?;
    supervisor.claim(&incident).await?.ok()?;
    close(&supervisor, &incident["id"], &clock::ago(-2 * 3_600)).await?.ok()?;
    drop(handset);

    // Still outside an hour later: a repeat was due after half an hour, and was not wanted.
    platform.stop().await?;
    wall.set(3_600)?;
    platform.restart().await?;
    let supervisor = platform.log_in("supervisor").await?;
    let outside = listed(&supervisor, &id, |fence| fence["standing"]["raised"] == true).await?;
    sleep(Duration::from_secs(5)).await;
    ensure!(supervisor.incidents("open").await?.is_empty(), "snoozed: {outside:#}");

    // And when the snooze is over it is told again.
    platform.stop().await?;
    wall.set(2 * 3_600 + 60)?;
    platform.restart().await?;
    let supervisor = platform.log_in("supervisor").await?;
    let again = left(&supervisor, &id).await?;
    let evidence = &again["signals"][0]["evidence"];
    ensure!(evidence["rule"] == "fence/still_outside" && evidence["again"] == 1, "{again:#}");
    platform.is_whole().await
}

/// A repeat joins the incident that somebody has, and asks for nothing. What the handset says of itself is told beside it.
#[tokio::test]
async fn a_repeat_joins_the_open_incident_quietly() -> Result<()> {
    let wall = WallClock::right()?;
    let mut platform = Platform::start_with(wall.setup()?).await?;
    let supervisor = platform.log_in("supervisor").await?;
    let home = home(&supervisor).await?;
    let id = supervisor.post(&fences(), &fence(&circle(home))).await?.ok()?["id"].clone();
    let policy = format!("/api/residents/{RESIDENT}/policy");
    let watched =
        json!({ "expected_version": 0, "dementia": false, "lives_alone": false, "heartbeat_s": 7_200 });
    supervisor.put(&policy, &watched).await?.ok()?;
    let handset = platform.handset(WHO).await?;
    let status = json!({ "online": true, "battery_pct": 80, "at": clock::now().to_string() });
    handset.publish("status", status.to_string()).await?;
    walk_out(&handset, home).await?;
    let incident = left(&supervisor, &id).await?;
    supervisor.claim(&incident).await?.ok()?;
    drop(handset);

    platform.stop().await?;
    wall.set(1_900)?;
    platform.restart().await?;
    let supervisor = platform.log_in("supervisor").await?;
    let joined = until("the repeat in the incident", PATIENCE, async || {
        let incident = supervisor.incident(&incident["id"]).await?;
        let is_there = incident["signals"].as_array().is_some_and(|signals| signals.len() == 2);
        Ok(is_there.then_some(incident))
    })
    .await?;
    let evidence = &joined["signals"][1]["evidence"];
    ensure!(evidence["rule"] == "fence/still_outside" && evidence["again"] == 1, "{joined:#}");
    ensure!(
        joined["state"] == "claimed" && joined["awaiting"] == json!([]) && joined["answer_by"].is_null(),
        "nobody is asked to confirm it: {joined:#}"
    );
    ensure!(supervisor.incidents("open").await?.len() == 1, "and no other is opened");
    let link = supervisor.get(&format!("{policy}{WHY}")).await?.ok()?;
    ensure!(link["link"] == "ok" && link["link_since"].is_string(), "within its two hours: {link:#}");
    platform.is_whole().await
}

/// Who took the consent to tracking back is looked for no more, although they were last seen outside.
#[tokio::test]
async fn without_consent_nobody_is_still_outside() -> Result<()> {
    let wall = WallClock::right()?;
    let mut platform = Platform::start_with(wall.setup()?).await?;
    let supervisor = platform.log_in("supervisor").await?;
    let home = home(&supervisor).await?;
    let given = json!({ "purpose": "tracking", "given_by": "guardian", "giver": "王小红", "data": "位置",
        "text_version": "2026-11", "channel": "telephone" });
    let given = supervisor.post(&format!("/api/residents/{RESIDENT}/consents"), &given).await?.ok()?;
    let id = supervisor.post(&fences(), &fence(&circle(home))).await?.ok()?["id"].clone();
    let handset = platform.handset(WHO).await?;
    walk_out(&handset, home).await?;
    let incident = left(&supervisor, &id).await?;
    let withdraw = format!("/api/consents/{}/withdraw", given["id"].as_str().context("an id")?);
    supervisor.post(&withdraw, &json!({})).await?.ok()?;
    listed(&supervisor, &id, |fence| {
        fence["standing"]["side"] == "unknown" && fence["standing"]["raised"] == false
    })
    .await?;
    let claimed = supervisor.claim(&incident).await?.ok()?;
    ensure!(supervisor.close_at_once(&claimed).await?.status == 200);
    drop(handset);

    // A repeat would have been due after half an hour.
    platform.stop().await?;
    wall.set(3_600)?;
    platform.restart().await?;
    let supervisor = platform.log_in("supervisor").await?;
    sleep(Duration::from_secs(5)).await;
    ensure!(supervisor.incidents("open").await?.is_empty());
    platform.is_whole().await
}

#[tokio::test]
async fn what_cannot_be_drawn_is_refused_with_its_place() -> Result<()> {
    let platform = Platform::start().await?;
    let supervisor = platform.log_in("supervisor").await?;
    let home = home(&supervisor).await?;
    // Where she is known to be, a fence is held against.
    let handset = platform.handset(WHO).await?;
    for ago_s in [900, 800, 700] {
        stand(&handset, home, 5.0, ago_s).await?;
    }
    listed(&supervisor, &json!("f-home-0150"), |fence| fence["standing"]["side"] == "inside").await?;
    let polygon = |ring: Value| fence(&json!({ "type": "Polygon", "coordinates": [ring] }));
    let (lat, lon) = home;
    let bow = json!([[lon, lat], [lon + 0.01, lat + 0.01], [lon + 0.01, lat], [lon, lat + 0.01], [lon, lat]]);
    let with = |key: &str, value: Value| {
        let mut fence = fence(&circle(home));
        fence[key] = value;
        fence
    };
    let cases = [
        (polygon(bow), "shape_crosses", "/shape", "crosses itself near"),
        (
            polygon(json!([[lon, lat], [lon + 0.01, lat], [lon, lat]])),
            "shape_few_positions",
            "/shape",
            "three corners",
        ),
        (
            polygon(json!([[117.5, 33.5], [118.9, 33.5], [118.9, 34.4], [117.5, 33.5]])),
            "shape_large",
            "/shape",
            "a fence is no district",
        ),
        (
            with(
                "schedule",
                json!([{ "days": ["mon"], "from": "22:00", "to": "06:00" }, { "days": ["mon"], "from": "26:00", "to": "06:00" }]),
            ),
            "schedule",
            "/schedule/1",
            "26:00",
        ),
        (with("home_by", json!(["tonight"])), "home_by", "/home_by/0", "tonight"),
        (with("dwell_s", json!(-5)), "dwell", "/dwell_s", "dwell_s is -5"),
        (fence(&circle((lat + GCJ02.0, lon + GCJ02.1))), "datum_unclear", "/datum", "these look like GCJ-02"),
    ];
    for (body, code, pointer, says) in cases {
        let refused = supervisor.post(&fences(), &body).await?;
        let (problem, detail) = (&refused.body, refused.body["detail"].as_str().unwrap_or_default());
        ensure!(
            refused.is_problem(422) && problem["code"] == code && problem["pointer"] == pointer,
            "{refused:?}"
        );
        ensure!(detail.contains(says), "{detail}");
        ensure!(problem["place"].is_object() == (code == "shape_crosses"), "{problem:#}");
    }
    // A fence that says its datum is converted once.
    let mut chinese = fence(&circle((lat + GCJ02.0, lon + GCJ02.1)));
    chinese["datum"] = json!("gcj02");
    let drawn = supervisor.post(&fences(), &chinese).await?.ok()?;
    let center = |number: usize| drawn["shape"]["center"][number].as_f64().unwrap_or_default();
    ensure!(
        (center(1) - lat).abs() * DEGREE_M < 20.0 && (center(0) - lon).abs() * DEGREE_M < 25.0,
        "{drawn:#}"
    );
    let path = format!("{}/{}", fences(), drawn["id"].as_str().unwrap_or_default());
    let mut change = with("name", json!("院子"));
    ensure!(
        supervisor.put(&path, &change).await?.is_problem(422),
        "a change names the version that was seen"
    );
    change["expected_version"] = json!(1);
    ensure!(supervisor.put(&path, &change).await?.ok()?["version"] == 2);
    ensure!(supervisor.put(&path, &change).await?.is_problem(409), "somebody else was faster");
    ensure!(supervisor.delete(&path).await?.status == 204 && supervisor.delete(&path).await?.is_problem(404));
    // Five thousand positions are a large body, and allowed.
    let angle = |step: i32| f64::from(step % 4_990) / 4_990.0 * std::f64::consts::TAU;
    let ring: Vec<_> = (0..=4_990)
        .map(|step| json!([lon + 0.01 * angle(step).cos(), lat + 0.01 * angle(step).sin()]))
        .collect();
    ensure!(supervisor.post(&fences(), &polygon(json!(ring))).await?.status == 201);
    Ok(())
}

#[tokio::test]
async fn zones_policies_and_what_was_learned() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let line = json!({ "type": "Corridor", "line": [[118.30, 33.95], [118.31, 33.95]], "width_m": 40 });
    let zone = json!({ "id": "z-road", "name": "国道", "shape": line });
    ensure!(operator.post("/api/zones", &zone).await?.is_problem(403));
    ensure!(supervisor.post("/api/zones", &zone).await?.status == 201);
    ensure!(supervisor.post("/api/zones", &zone).await?.is_problem(409), "its id is taken");
    let zones = operator.list("/api/zones").await?;
    ensure!(zones.iter().any(|zone| zone["id"] == "z-road") && zones.len() == 2, "{zones:#?}");
    let plain = as_geojson(&operator, "/api/zones").await?;
    let road = plain.iter().find(|feature| feature["id"] == "z-road").context("the road")?;
    ensure!(
        road["geometry"]["type"] == "LineString" && road["properties"]["width_m"].is_number(),
        "{road:#}"
    );
    ensure!(plain.len() == 2 && road["properties"]["name"] == "国道", "{plain:#?}");
    let plain = as_geojson(&operator, &format!("{}{WHY}", fences())).await?;
    ensure!(plain.iter().any(|feature| feature["geometry"]["type"] == "Point"), "{plain:#?}");
    let unknown = operator.request(Method::GET, &fences()).header("Accept", "application/geo+json");
    ensure!(Answer::of(unknown).await?.is_problem(403), "a look needs its reason in any form");
    ensure!(supervisor.delete("/api/zones/z-road").await?.status == 204);

    let path = format!("/api/residents/{RESIDENT}/policy");
    let before = operator.get(&format!("{path}{WHY}")).await?.ok()?;
    ensure!(
        before["version"] == 0 && before["watched"] == true && before["in_force"]["zones"] == true,
        "by the record: {before:#}"
    );
    ensure!(before["in_force"]["wandering"] == false && before["link"] == "unknown", "{before:#}");
    let change = json!({
        "expected_version": 0, "dementia": true, "lives_alone": false, "zones": false, "heartbeat_s": 300,
        "companions": ["demo-0151", "demo-0152"],
    });
    ensure!(operator.put(&path, &change).await?.is_problem(403));
    for companions in [
        json!(["demo-0151", "demo-0151"]),
        json!([WHO]),
        json!(["nobody"]),
        json!(["demo-0151", "demo-0152", "demo-0153", "demo-0154", "demo-0155"]),
    ] {
        let mut wrong = change.clone();
        wrong["companions"] = companions;
        ensure!(supervisor.put(&path, &wrong).await?.is_problem(422), "{wrong}");
    }
    let after = supervisor.put(&path, &change).await?.ok()?;
    ensure!(after["in_force"]["zones"] == false && after["in_force"]["silence"] == true, "{after:#}");
    ensure!(after["in_force"]["no_movement"] == "off", "not asked for: {after:#}");
    ensure!(after["companions"] == change["companions"], "{after:#}");
    ensure!(supervisor.put(&path, &change).await?.is_problem(409));
    let nonsense = json!({ "expected_version": 1, "dementia": true, "lives_alone": false, "heartbeat_s": 1 });
    ensure!(supervisor.put(&path, &nonsense).await?.is_problem(422));

    let path = format!("/api/residents/{RESIDENT}/habits");
    let learned = operator.get(&format!("{path}{WHY}")).await?.ok()?;
    ensure!(learned["ready"] == false && learned["days_least"] == 28, "{learned:#}");
    ensure!(operator.delete(&path).await?.is_problem(403));
    ensure!(supervisor.delete(&format!("{path}?lat=33.9")).await?.is_problem(422));
    ensure!(supervisor.delete(&path).await?.status == 204);
    Ok(())
}

/// Two processes on one database: one watches, and the other takes over when it dies.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_processes_on_one_store_one_watches() -> Result<()> {
    let mut one = Platform::start().await?;
    let (database, keys) = (one.database()?, one.data().join("keys.json"));
    let env = vec![
        ("JJL_STORE__URL".to_owned(), format!("sqlite://{}", database.display())),
        ("JJL_KEYS__FILE".to_owned(), keys.display().to_string()),
    ];
    let other = Platform::start_with(Setup { env, ..Setup::default() }).await?;
    let supervisor = other.log_in("supervisor").await?;
    let home = home(&supervisor).await?;
    let id = supervisor.post(&fences(), &fence(&circle(home))).await?.ok()?["id"].clone();
    ensure!(other.log_text()?.contains("watch_stands_by"), "the second one waits");
    let handset = other.handset(WHO).await?;
    for ago_s in [570, 530, 490] {
        stand(&handset, home, 5.0, ago_s).await?;
    }
    listed(&supervisor, &id, |fence| fence["standing"]["side"] == "inside").await?;
    one.kill()?;
    for ago_s in [300, 200, 100] {
        stand(&handset, home, 420.0, ago_s).await?;
    }
    until("the other one watches", PATIENCE * 2, async || {
        Ok(other.log_text()?.contains("watch_lease_taken").then_some(()))
    })
    .await?;
    let incident = left(&supervisor, &id).await?;
    ensure!(incident["signals"].as_array().is_some_and(|signals| signals.len() == 1), "{incident:#}");
    Ok(())
}
