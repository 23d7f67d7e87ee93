//! A press as it should go: receipt, screen, claim, note, close, and the same again from a recording.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::{
    io::Write as _,
    process::{Command, Stdio},
};
use tests::{Account, Handset, Live, PATIENCE, Platform, handset::press, live, platform};

#[tokio::test]
async fn a_press_is_receipted_seen_claimed_and_closed() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, screen) = platform.operator().await?;
    let operator2 = platform.log_in("operator2").await?;
    let handset = platform.handset("demo-0001").await?;
    let payload = press("p-1", "b", 1);

    let incident = pressed_twice(&handset, &screen, &operator, &payload).await?;
    let claimed = claimed_once(&handset, &screen, &operator, &operator2, &incident).await?;
    let closed = closed(&handset, &screen, &operator, &claimed).await?;
    events_tell_it(&operator, &closed).await?;
    replayed(&operator, &incident, &payload).await
}

/// Sent twice: receipted twice, one signal.
async fn pressed_twice(
    handset: &Handset,
    screen: &Live,
    operator: &Account,
    payload: &Value,
) -> Result<Value> {
    handset.publish("press", payload.to_string()).await?;
    let first = handset.receipt("p-1", 1).await?;
    let (incident, _) = screen.press("p-1").await?;
    ensure!(incident["state"] == "raised" && incident["severity"] == "life", "{incident}");
    ensure!(incident["resident"]["name"].is_string(), "no resident: {incident}");
    let heard = handset.stage("received").await?;
    ensure!(heard.payload["incident_id"] == incident["id"], "{heard:?}");

    handset.publish("press", payload.to_string()).await?;
    let second = handset.receipt("p-1", 2).await?;
    ensure!(first.payload["received_at"] == second.payload["received_at"], "{first:?} {second:?}");
    let now = operator.incident(&incident["id"]).await?;
    ensure!(live::signals(&now).len() == 1 && now["version"] == 1, "{now}");
    Ok(now)
}

async fn claimed_once(
    handset: &Handset,
    screen: &Live,
    operator: &Account,
    operator2: &Account,
    incident: &Value,
) -> Result<Value> {
    let claimed = operator.claim(incident).await?.ok()?;
    ensure!(claimed["state"] == "claimed" && claimed["holder"]["username"] == "operator", "{claimed}");
    let refused = operator2.claim(incident).await?;
    ensure!(refused.is_problem(409) && refused.body["holder"]["username"] == "operator", "{refused:?}");
    ensure!(refused.body["version"] == claimed["version"], "{refused:?}");
    handset.stage("claimed").await?;
    let is_claimed = |shown: &Value| shown["id"] == incident["id"] && shown["state"] == "claimed";
    screen.next_incident("the claim on the screen", PATIENCE, is_claimed).await?;
    let note = json!({ "text": "通话正常，已安抚", "contact": "resident" });
    operator.act("note", &claimed, note).await?.ok()
}

async fn closed(handset: &Handset, screen: &Live, operator: &Account, noted: &Value) -> Result<Value> {
    let unknown = json!({ "cause": "no_such_cause", "outcome": "resolved_by_phone", "note": "" });
    ensure!(operator.act("close", noted, unknown).await?.is_problem(422));
    let closed = operator.close_at_once(noted).await?.ok()?;
    ensure!(closed["state"] == "closed" && closed["closed"]["by"] == "operator", "{closed}");
    ensure!(closed["closed"]["cause"] == "test_press" && closed["deadline_at"].is_null(), "{closed}");
    handset.stage("closed").await?;
    let is_closed = |shown: &Value| shown["id"] == noted["id"] && shown["state"] == "closed";
    screen.next_incident("the end on the screen", PATIENCE, is_closed).await?;
    ensure!(operator.incidents("open").await?.is_empty());
    Ok(closed)
}

async fn events_tell_it(operator: &Account, closed: &Value) -> Result<()> {
    let events = operator.events(&closed["id"]).await?;
    let kinds: Vec<&str> = events.iter().filter_map(|event| event["kind"].as_str()).collect();
    assert_eq!(kinds, ["opened", "claimed", "noted", "closed"]);
    let versions: Vec<u64> = events.iter().filter_map(|event| event["version"].as_u64()).collect();
    assert_eq!(versions, [1, 2, 3, 4]);
    ensure!(events[2]["text"] == "通话正常，已安抚" && events[2]["contact"] == "resident", "{events:?}");
    ensure!(events[1]["by"] == "operator" && events[0]["by"].is_null(), "{events:?}");
    Ok(())
}

/// The pure engine over a recording of the same message names the same signal.
async fn replayed(operator: &Account, incident: &Value, payload: &Value) -> Result<()> {
    let signal = live::signal(incident, "p-1").context("the press is in its incident")?;
    let folder = tempfile::tempdir()?;
    let residents = folder.path().join("residents.json");
    std::fs::write(&residents, residents_file(operator, incident).await?.to_string())?;
    let line =
        json!({ "received_at": signal["received_at"], "topic": "jjl/demo-0001/press", "payload": payload });
    let mut replay = Command::new(platform::binary()?)
        .arg("replay")
        .arg("--residents")
        .arg(&residents)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut messages = replay.stdin.take().context("no way in")?;
    writeln!(messages, "{line}\n{line}")?;
    drop(messages);
    let output = replay.wait_with_output()?;
    ensure!(output.status.success(), "replay: {}", output.status);
    let text = String::from_utf8(output.stdout)?;
    let signals: Vec<Value> = text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    ensure!(signals.len() == 1, "one signal from a message and its repeat: {text}");
    ensure!(signals[0]["id"] == signal["id"], "{} is not {signal}", signals[0]);
    ensure!(signals[0]["resident"] == incident["resident"]["id"] && signals[0]["kind"] == "press");
    Ok(())
}

async fn residents_file(operator: &Account, incident: &Value) -> Result<Value> {
    let id = incident["resident"]["id"].as_str().context("a resident")?;
    let card = operator.get(&format!("/api/residents/{id}?reason=test")).await?.ok()?;
    ensure!(card["handset"] == "demo-0001" && card["contacts"].is_array(), "{card}");
    Ok(json!({ "residents": [{
        "id": id, "name": card["name"],
        "policy": { "dementia": card["cognitive_impairment"], "lives_alone": card["lives_alone"] },
        "handset": { "id": "demo-0001", "worn": "waist", "heartbeat_s": 300 },
        "fences": [],
    }], "zones": [] }))
}

#[tokio::test]
async fn a_call_opens_an_incident_like_a_press() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, screen) = platform.operator().await?;
    let residents = operator.list("/api/residents?q=r-").await?;
    let resident = residents.first().context("the demo has residents")?;
    let call = json!({ "kind": "call", "resident": resident["id"], "caller": "女儿", "words": "电话没人接" });
    let incident = operator.post("/api/incidents", &call).await?;
    ensure!(incident.status == 201, "{incident:?}");
    let signal = live::signals(&incident.body).first().cloned().unwrap_or_default();
    ensure!(signal["kind"] == "call" && signal["words"] == "电话没人接", "{signal}");
    let is_it = |shown: &Value| shown["id"] == incident.body["id"];
    screen.next_incident("the call on the screen", PATIENCE, is_it).await?;

    let unknown = json!({ "kind": "call", "resident": null, "caller": "路人", "words": "有老人摔倒" });
    let other = operator.post("/api/incidents", &unknown).await?.ok()?;
    ensure!(other["resident"].is_null() && other["id"] != incident.body["id"], "{other}");
    Ok(())
}

#[tokio::test]
async fn a_clean_stop_forgets_nothing_and_says_that_it_stopped() -> Result<()> {
    let mut platform = Platform::start().await?;
    let handset = platform.handset("demo-0002").await?;
    handset.press("before", "b", 1).await?;
    let status = platform.stop().await?;
    ensure!(status.success(), "{status}");
    ensure!(!platform.data().join("endpoints.json").exists(), "endpoints.json is still there");
    platform.restart().await?;
    let (operator, screen) = platform.operator().await?;
    let snapshot = screen.snapshot().await?;
    let shown = snapshot["incidents"].as_array().context("a queue")?;
    ensure!(shown.len() == 1 && live::shows(&shown[0], "before"), "{snapshot}");
    handset.press("after", "b", 2).await?;
    let (joined, _) = screen.press("after").await?;
    ensure!(joined["id"] == shown[0]["id"], "{joined}");
    ensure!(operator.incidents("all").await?.len() == 1);
    Ok(())
}
