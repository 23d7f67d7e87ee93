//! Telephones in place of a handset: an OwnTracks app by real MQTT clients and over HTTP, Traccar Client over HTTP.

use anyhow::{Context as _, Result, ensure};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use std::process::{Output, Stdio};
use tests::{
    Account, Answer, Live, PATIENCE, Platform, clock, live, tools, until,
    wire::{Version, Wire},
};
use tokio::process::Command;

mod kept;

const PHONE: &str = "demo-phone";
const TOPIC: &str = "owntracks/demo/phone";
const OSMAND_ID: &str = "demo-osmand-4f7c2a9e51d803b6";
/// A location at 33.9655, 118.2855, sealed with the passphrase `demo-phone`.
const SEALED: &str = "bm9uY2Utb2YtMjQtYnl0ZXMtbmV2ZXIhck7VWm9xZBP9ulfYxvV7merccyuA5HsTGjTqX4i0V5DSFJ76KEnz9C6/AY4mk/tG5Urec9m+At1N50W9wfDnyYpCiEH6jVQoqRXFou2jaZ6EtVmf5u5JqVB5/T06n9t93NHCGA==";

/// Taken so many seconds ago: the app counts in whole ones, and of two at one time the second moves nobody.
fn location(lat: f64, ago_s: i64) -> String {
    let tst = clock::now().as_second() - ago_s;
    json!({ "_type": "location", "lat": lat, "lon": 118.281, "acc": 12, "batt": 71, "vel": 4, "tst": tst })
        .to_string()
}

/// One of mosquitto's clients, logged in as a handset with its own name.
fn mosquitto(platform: &Platform, program: &str, user: &str) -> Result<Command> {
    tools::need(program, "mosquitto-clients")?;
    let port = platform.mqtt_port()?.to_string();
    let mut command = Command::new(program);
    command.args(["-h", "127.0.0.1", "-p", &port, "-u", user, "-P", user, "-q", "1"]).kill_on_drop(true);
    Ok(command)
}

async fn publish(platform: &Platform, user: &str, topic: &str, payload: &str) -> Result<Output> {
    Ok(mosquitto(platform, "mosquitto_pub", user)?.args(["-t", topic, "-m", payload]).output().await?)
}

/// A call about whoever carries the phone, so that there is an open incident with its position.
async fn call_about_the_phone(operator: &Account) -> Result<Value> {
    let found = operator.list(&format!("/api/residents?q={PHONE}")).await?;
    let resident = found.first().context("nobody carries the demo's phone")?;
    ensure!(found.len() == 1 && resident["handset"] == PHONE, "{found:?}");
    let call = json!({ "kind": "call", "resident": resident["id"], "caller": "女儿", "words": "电话没人接" });
    operator.post("/api/incidents", &call).await?.ok()
}

async fn position(screen: &Live, lat: f64) -> Result<Value> {
    let is_there = |frame: &live::Frame| {
        frame.value["type"] == "position" && frame.value["position"]["lat"].as_f64() == Some(lat)
    };
    let frame = screen.frames.find(&format!("the position {lat}"), PATIENCE, is_there).await?;
    Ok(frame.value["position"].clone())
}

fn post(platform: &Platform, password: &str, payload: &str) -> Result<RequestBuilder> {
    let client = Client::builder().no_proxy().build()?;
    let request = client.post(format!("{}/owntracks", platform.at.http)).body(payload.to_owned());
    Ok(request.basic_auth(PHONE, Some(password)).header("X-Limit-U", "demo").header("X-Limit-D", "phone"))
}

async fn osmand(platform: &Platform, query: &str) -> Result<StatusCode> {
    let client = Client::builder().no_proxy().build()?;
    Ok(client.get(format!("{}/osmand?{query}", platform.at.http)).send().await?.status())
}

#[tokio::test]
async fn an_apps_location_moves_the_resident_on_the_live_map() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, screen) = platform.operator().await?;
    let incident = call_about_the_phone(&operator).await?;
    let sent = publish(&platform, PHONE, TOPIC, &location(33.961, 20)).await?;
    ensure!(sent.status.success(), "{sent:?}");
    let shown = position(&screen, 33.961).await?;
    ensure!(shown["handset"] == PHONE && shown["resident"] == incident["resident"]["id"], "{shown}");
    ensure!(shown["accuracy_m"] == 12.0 && shown["method"] == "gps", "{shown}");

    let sealed = json!({ "_type": "encrypted", "data": SEALED }).to_string();
    let before = publish(&platform, PHONE, TOPIC, &sealed).await?;
    ensure!(before.status.success(), "{before:?}");
    let after = publish(&platform, PHONE, TOPIC, &location(33.962, 10)).await?;
    ensure!(after.status.success(), "{after:?}");
    position(&screen, 33.962).await?;
    Ok(())
}

#[tokio::test]
async fn a_sealed_location_is_opened_and_a_broken_one_kept_aside() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, screen) = platform.operator().await?;
    call_about_the_phone(&operator).await?;
    let broken = json!({ "_type": "encrypted", "data": SEALED.replace("ck7VWm9x", "ck7VWm9y") }).to_string();
    ensure!(
        publish(&platform, PHONE, TOPIC, &broken).await?.status.success(),
        "it is kept, so it is acknowledged"
    );
    let sealed = json!({ "_type": "encrypted", "data": SEALED }).to_string();
    ensure!(publish(&platform, PHONE, TOPIC, &sealed).await?.status.success());
    let shown = position(&screen, 33.9655).await?;
    ensure!(shown["accuracy_m"] == 9.0 && shown["lon"] == 118.2855, "{shown}");
    let kept = quarantined(&platform, PHONE).await?;
    ensure!(kept.len() == 1 && kept[0]["topic"] == TOPIC && kept[0]["payload_text"] == broken, "{kept:?}");
    Ok(())
}

async fn quarantined(platform: &Platform, handset: &str) -> Result<Vec<Value>> {
    let mut all = platform.log_in("admin").await?.list("/api/quarantine?reason=x").await?;
    all.retain(|item| item["handset"] == handset);
    Ok(all)
}

/// Until somebody says what for there is no digit in what was kept; then it is a look at whoever carried the handset.
async fn no_place_is_seen_without_a_reason(platform: &Platform) -> Result<()> {
    let hidden = platform.log_in("admin").await?.list("/api/quarantine").await?;
    let says = |item: &Value| {
        let texts = [&item["payload_text"], &item["reason"]];
        texts
            .iter()
            .any(|text| text.as_str().is_none_or(|text| text.contains(|sign: char| sign.is_ascii_digit())))
    };
    ensure!(!hidden.is_empty() && !hidden.iter().any(says), "{hidden:?}");
    ensure!(hidden.iter().all(|item| item["masked"] == true), "{hidden:?}");
    let looks = platform.log_in("supervisor").await?.list("/api/looks").await?;
    let is_it = |look: &Value| look["action"] == "read_quarantine" && look["username"] == "admin";
    ensure!(looks.iter().any(|look| is_it(look) && look["resident"] == "r-0001"), "{looks:?}");
    Ok(())
}

#[tokio::test]
async fn somebody_elses_topic_is_refused_and_kept_aside() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, screen) = platform.operator().await?;
    call_about_the_phone(&operator).await?;
    let lie = location(33.111, 15);
    for (user, topic) in
        [("demo-0001", TOPIC), ("demo-0001", "owntracks/demo/phone/event"), (PHONE, "owntracks/demo/x")]
    {
        let sent = publish(&platform, user, topic, &lie).await?;
        ensure!(!sent.status.success(), "{user} on {topic}: {sent:?}");
        let kept = until("it is in quarantine", PATIENCE, async || {
            Ok(quarantined(&platform, user).await?.into_iter().find(|item| item["topic"] == topic))
        });
        ensure!(kept.await?["payload_text"] == lie);
    }
    no_place_is_seen_without_a_reason(&platform).await?;
    let will = mosquitto(&platform, "mosquitto_sub", "demo-0001")?
        .args(["-t", "jjl/demo-0001/down/#", "--will-topic", TOPIC, "--will-payload", r#"{"_type":"lwt"}"#])
        .output()
        .await?;
    ensure!(!will.status.success(), "a will obeys the same rule: {will:?}");
    let eavesdropper = mosquitto(&platform, "mosquitto_sub", "demo-0001")?
        .args(["-t", "owntracks/demo/phone/cmd", "-E", "-d"])
        .output()
        .await?;
    let said = String::from_utf8_lossy(&eavesdropper.stdout).into_owned();
    ensure!(said.contains("Subscribed (mid: 1): 128"), "not refused: {said}");
    ensure!(publish(&platform, PHONE, TOPIC, &location(33.962, 10)).await?.status.success());
    position(&screen, 33.962).await?;
    let moved = |frame: &live::Frame| frame.value["position"]["lat"].as_f64() == Some(33.111);
    ensure!(screen.frames.count(moved) == 0, "somebody else moved the resident");
    Ok(())
}

#[tokio::test]
async fn an_app_in_http_mode_is_heard_and_asked() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, screen) = platform.operator().await?;
    let refused = post(&platform, "wrong", &location(33.961, 20))?.send().await?;
    ensure!(refused.status() == StatusCode::UNAUTHORIZED, "{refused:?}");
    let taken = post(&platform, PHONE, &location(33.961, 20))?.send().await?;
    ensure!(taken.status() == StatusCode::OK && taken.text().await? == "[]");

    let path = format!("/api/handsets/{PHONE}/locate");
    let early = operator.post(&path, &json!({})).await?;
    ensure!(early.is_problem(403), "nobody is in need yet: {early:?}");
    call_about_the_phone(&operator).await?;
    position(&screen, 33.961).await?;
    for username in ["relative", "admin", "station"] {
        let refused = platform.log_in(username).await?.post(&path, &json!({})).await?;
        ensure!(refused.is_problem(403), "{username}: {refused:?}");
    }
    let asked = operator.request(Method::POST, &path).send().await?;
    ensure!(asked.status() == StatusCode::ACCEPTED, "{asked:?}");
    ensure!(asked.json::<Value>().await?["topics"] == json!(["owntracks/demo/phone/cmd"]));
    let answer = post(&platform, PHONE, &location(33.962, 10))?.send().await?.json::<Value>().await?;
    ensure!(answer == json!([{ "_type": "cmd", "action": "reportLocation" }]), "{answer}");
    let again = post(&platform, PHONE, &location(33.963, 0))?.send().await?.json::<Value>().await?;
    ensure!(again == json!([]), "asked once: {again}");
    Ok(())
}

#[tokio::test]
async fn each_is_asked_where_it_is_in_its_own_words() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, _screen) = platform.operator().await?;
    call_about_the_phone(&operator).await?;
    let mut app = mosquitto(&platform, "mosquitto_sub", PHONE)?;
    app.args(["-t", "owntracks/demo/phone/cmd", "-C", "1", "-W", "20"]).stdout(Stdio::piped());
    let heard = app.spawn()?;
    operator.post(&format!("/api/handsets/{PHONE}/locate"), &json!({})).await?.ok()?;
    let heard = heard.wait_with_output().await?;
    let command: Value = serde_json::from_slice(&heard.stdout)?;
    ensure!(command == json!({ "_type": "cmd", "action": "reportLocation" }), "{command}");

    let handset = platform.handset("demo-0031").await?;
    handset.press("p", "b", 1).await?;
    handset.stage("received").await?;
    operator.post("/api/handsets/demo-0031/locate", &json!({})).await?.ok()?;
    let asked = handset.down.find("the question", PATIENCE, |down| down.kind == "command").await?;
    ensure!(asked.payload["kind"] == "locate" && asked.payload["command_id"].is_string(), "{asked:?}");
    Ok(())
}

#[tokio::test]
async fn an_sos_of_traccar_client_opens_an_incident() -> Result<()> {
    let platform = Platform::start().await?;
    let (_, screen) = platform.operator().await?;
    let now = clock::now().as_second();
    let sos = format!("id={OSMAND_ID}&timestamp={now}&lat=33.9611&lon=118.2811&accuracy=7&batt=50&alarm=sos");
    ensure!(osmand(&platform, &sos).await? == StatusCode::OK);
    let of_phone = |shown: &Value| shown["handset"] == PHONE && !live::unsaved(shown);
    let (incident, _) = screen.next_incident("its incident", PATIENCE, of_phone).await?;
    ensure!(incident["severity"] == "life" && incident["resident"]["name"].is_string(), "{incident}");
    ensure!(
        incident["signals"][0]["kind"] == "press" && incident["position"]["lat"] == 33.9611,
        "{incident}"
    );
    let moved = format!("id={OSMAND_ID}&timestamp={}&lat=33.9622&lon=118.2811", now + 1);
    ensure!(osmand(&platform, &moved).await? == StatusCode::OK);
    position(&screen, 33.9622).await?;
    for unknown in ["lat=1&lon=2&alarm=sos", "id=demo-phone&lat=1&lon=2"] {
        ensure!(osmand(&platform, unknown).await? == StatusCode::BAD_REQUEST, "{unknown}");
    }
    Ok(())
}

/// The secret of a new handset, as a telephone's app needs it.
async fn provision(platform: &Platform, admin: &Account, handset: &str) -> Result<String> {
    let claim = admin.post(&format!("/api/handsets/{handset}/claim"), &json!({})).await?.ok()?;
    let client = Client::builder().no_proxy().build()?;
    let request = client.post(format!("{}/api/provision", platform.at.http));
    let given = Answer::of(request.json(&json!({ "code": claim["code"] }))).await?.ok()?;
    Ok(given["secret"].as_str().context("a secret")?.to_owned())
}

/// What an OwnTracks app in HTTP mode with these names is answered.
async fn post_as(
    platform: &Platform,
    log_in: (&str, &str),
    user: &str,
    payload: String,
) -> Result<StatusCode> {
    let client = Client::builder().no_proxy().build()?;
    let request = client.post(format!("{}/owntracks?u={user}&d=phone", platform.at.http)).body(payload);
    Ok(request.basic_auth(log_in.0, Some(log_in.1)).send().await?.status())
}

#[tokio::test]
async fn a_phone_that_an_administrator_binds_moves_its_resident_until_it_is_unbound() -> Result<()> {
    let platform = Platform::start().await?;
    let admin = platform.log_in("admin").await?;
    let secret = provision(&platform, &admin, "tel-0001").await?;
    let log_in = ("tel-0001", secret.as_str());
    ensure!(admin.put("/api/handsets/demo-0051", &json!({ "unbound": true })).await?.status == 200);
    ensure!(admin.put("/api/handsets/tel-0001", &json!({ "resident": "r-0051" })).await?.status == 200);
    ensure!(
        post_as(&platform, log_in, "wang", location(33.9, 90)).await? == StatusCode::FORBIDDEN,
        "not yet"
    );

    let phones = "/api/handsets/tel-0001/phones";
    let app = json!({ "kind": "owntracks", "user": "wang", "device": "phone" });
    let bound = admin.post(phones, &app).await?;
    ensure!(bound.status == 201 && bound.body["phone"] == "owntracks/wang/phone", "{bound:?}");
    let shown = admin.post(phones, &json!({ "kind": "osmand" })).await?.ok()?;
    let id = shown["id"].as_str().context("an id, told this once")?.to_owned();
    let listed = admin.list(&format!("{phones}?")).await?;
    ensure!(listed.len() == 2 && listed.iter().all(|phone| phone["id"].is_null()), "{listed:?}");

    let (operator, screen) = platform.operator().await?;
    let call = json!({ "kind": "call", "resident": "r-0051", "caller": "女儿", "words": "电话没人接" });
    operator.post("/api/incidents", &call).await?.ok()?;
    ensure!(post_as(&platform, log_in, "wang", location(33.961, 20)).await? == StatusCode::OK);
    let moved = position(&screen, 33.961).await?;
    ensure!(moved["handset"] == "tel-0001" && moved["resident"] == "r-0051", "{moved}");
    let report = format!("id={id}&timestamp={}&lat=33.962&lon=118.281&accuracy=8", clock::now().as_second());
    ensure!(osmand(&platform, &report).await? == StatusCode::OK);
    position(&screen, 33.962).await?;

    for phone in ["owntracks%2Fwang%2Fphone", "osmand"] {
        let path = format!("{phones}/{phone}");
        ensure!(admin.delete(&path).await?.status == 204, "{phone}");
        ensure!(admin.delete(&path).await?.is_problem(404), "{phone}: there is none any more");
    }
    ensure!(post_as(&platform, log_in, "wang", location(33.963, 0)).await? == StatusCode::FORBIDDEN);
    ensure!(osmand(&platform, &report).await? == StatusCode::BAD_REQUEST);
    ensure!(admin.list(&format!("{phones}?")).await?.is_empty());
    let auditor = platform.log_in("auditor").await?;
    for action in ["bind_phone", "unbind_phone"] {
        let rows = auditor.list(&format!("/api/audit?subject=tel-0001&action={action}")).await?;
        ensure!(rows.len() == 2 && rows.iter().all(|row| row["username"] == "admin"), "{rows:?}");
    }
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_bound_is_refused_with_the_reason() -> Result<()> {
    let platform = Platform::start().await?;
    let admin = platform.log_in("admin").await?;
    let phones = "/api/handsets/demo-0051/phones";
    for (wrong, status) in [
        (json!({ "kind": "x" }), 422),
        (json!({ "kind": "owntracks", "user": "wang" }), 422),
        (json!({ "kind": "owntracks", "user": "a/b", "device": "phone" }), 422),
        (
            json!({ "kind": "owntracks", "user": "wang", "device": "phone", "passphrase": "x".repeat(33) }),
            422,
        ),
        (json!({ "kind": "owntracks", "user": "demo", "device": "phone" }), 409),
    ] {
        let answer = admin.post(phones, &wrong).await?;
        ensure!(answer.is_problem(status), "{wrong}: {answer:?}");
    }
    ensure!(admin.post("/api/handsets/none/phones", &json!({ "kind": "osmand" })).await?.is_problem(404));
    ensure!(admin.put("/api/handsets/demo-0051", &json!({ "state": "retired" })).await?.status == 200);
    ensure!(admin.post(phones, &json!({ "kind": "osmand" })).await?.is_problem(409), "nobody carries it");
    Ok(())
}

/// Whatever a phone's app can say, its positions say how full its battery is.
#[tokio::test]
async fn a_phones_battery_is_watched() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let low = location(33.961, 0).replace("\"batt\":71", "\"batt\":15");
    ensure!(post(&platform, PHONE, &low)?.send().await?.status() == StatusCode::OK);
    let told = async || {
        let items = operator.list("/api/technical?").await?;
        Ok(items.into_iter().find(|item| item["kind"] == "low_battery"))
    };
    let told = until("the battery is in the list of the day", PATIENCE, told).await?;
    ensure!(told["handsets"] == json!([PHONE]), "{told}");
    Ok(())
}

/// An iPhone asks for its tours; nobody here has any, and that is no reason to cut it off.
#[tokio::test]
async fn an_app_that_asks_for_more_than_there_is_stays_connected() -> Result<()> {
    let platform = Platform::start().await?;
    for version in [Version::V3, Version::V5] {
        let mut app = Wire::connect(platform.mqtt_port()?, version, PHONE).await?;
        let ask = json!({ "_type": "request", "request": "tours" }).to_string();
        app.publish(&format!("{TOPIC}/request"), 1, 1, ask.as_bytes()).await?;
        app.publish(TOPIC, 1, 2, location(33.9631, 5).as_bytes()).await?;
    }
    ensure!(quarantined(&platform, PHONE).await?.is_empty(), "nothing of it is a misfit");
    Ok(())
}

/// Nobody is on the map without an incident; whoever may look finds the position on the card.
#[tokio::test]
async fn without_an_incident_a_position_is_on_the_card() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let found = operator.list(&format!("/api/residents?q={PHONE}")).await?;
    let id = found.first().and_then(|one| one["id"].as_str()).context("nobody carries the demo's phone")?;
    ensure!(publish(&platform, PHONE, TOPIC, &location(33.9641, 5)).await?.status.success());
    let card = operator.get(&format!("/api/residents/{id}?reason=test")).await?.ok()?;
    ensure!(card["position"]["lat"] == 33.9641, "{card}");
    Ok(())
}
