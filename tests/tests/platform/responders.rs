//! The desk sees where somebody is who is on the way, if they agreed, while their task is open; nobody else does, and
//! afterwards nothing of it is left.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use tests::{Account, Answer, Live, PATIENCE, Platform, live::Frame, tools, until};

const EAST: &str = "s-xingfu";

fn here(lat: f64) -> Value {
    json!({ "lat": lat, "lon": 118.2757, "accuracy_m": 12.0, "at": now() })
}

fn now() -> String {
    tests::clock::now().to_string()
}

async fn tell(staff: &Account, task: &Value, act: &str, more: Value) -> Result<Answer> {
    let mut body = json!({ "expected_version": task["version"] });
    for (key, value) in more.as_object().into_iter().flatten() {
        body[key] = value.clone();
    }
    staff.post(&format!("/api/tasks/{}/{act}", task["id"].as_str().context("an id")?), &body).await
}

fn is_at(frame: &Frame, lat: Option<f64>) -> bool {
    let responder = &frame.value["responder"];
    frame.value["type"] == "responder" && responder["position"]["lat"].as_f64() == lat
}

fn rows(platform: &Platform) -> Result<String> {
    tools::need("sqlite3", "sqlite3")?;
    let asked = std::process::Command::new("sqlite3")
        .arg(platform.database()?)
        .arg("SELECT COUNT(*) FROM responder_positions")
        .output()?;
    Ok(String::from_utf8(asked.stdout)?.trim().to_owned())
}

#[tokio::test]
async fn the_desk_sees_who_agreed_while_they_are_on_the_way() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, desk) = platform.operator().await?;
    let (staff, family) = (platform.log_in("station").await?, platform.log_in("relative").await?);
    let (own, phone) = (Live::open(&staff, None).await?, Live::open(&family, None).await?);
    let handset = platform.handset("demo-0001").await?;
    handset.publish("fix", tests::handset::fix("b", 1).to_string()).await?;
    handset.press("p-1", "b", 2).await?;
    let incident =
        until("an incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    let claimed = operator.claim(&incident).await?.ok()?;
    operator.act("dispatch", &claimed, json!({ "stations": [EAST], "note": "" })).await?.ok()?;
    let task = until("a task", PATIENCE, async || Ok(staff.list("/api/tasks?").await?.pop())).await?;
    let path = format!("/api/tasks/{}/position", task["id"].as_str().context("an id")?);
    let put = async |lat: f64| staff.post(&path, &here(lat)).await;

    ensure!(put(33.95).await?.body["code"] == "not_under_way", "offered is not on the way");
    let task = tell(&staff, &task, "acknowledge", json!({})).await?.ok()?;
    ensure!(put(33.95).await?.body["code"] == "not_agreed", "nobody has asked them");
    ensure!(staff.get("/api/me/position").await?.ok()? == json!({ "agreed": false, "since": null }));
    ensure!(operator.put("/api/me/position", &json!({ "agreed": true })).await?.is_problem(422));
    let agreed = staff.put("/api/me/position", &json!({ "agreed": true })).await?.ok()?;
    ensure!(agreed["agreed"] == true && agreed["since"].is_string(), "{agreed}");
    for wrong in [
        json!({ "lat": 91.0, "lon": 118.2, "accuracy_m": 5.0, "at": now() }),
        json!({ "lat": 33.9, "lon": 118.2, "accuracy_m": 0.0, "at": now() }),
        json!({ "lat": 33.9, "lon": 118.2, "accuracy_m": 5.0, "at": "2026-01-01T00:00:00Z" }),
    ] {
        ensure!(staff.post(&path, &wrong).await?.is_problem(422), "{wrong}");
    }
    ensure!(operator.post(&path, &here(33.95)).await?.is_problem(404), "it is not the operator's task");
    ensure!(put(33.95).await?.status == 204);
    let seen = desk.frames.find("them on the way", PATIENCE, |frame| is_at(frame, Some(33.95))).await?;
    let seen = &seen.value["responder"];
    ensure!(seen["station"]["id"] == EAST && seen["responder"] == "station", "{seen}");
    let far = seen["position"]["distance_m"].as_f64().context("a distance")?;
    let eta = seen["position"]["eta_s"].as_f64().context("an estimate")?;
    ensure!((1_000.0..3_000.0).contains(&far) && eta > far / 4.0, "{seen}");
    let list = format!("/api/incidents/{}/responders", incident["id"].as_str().context("an id")?);
    ensure!(operator.list(&format!("{list}?")).await?.len() == 1);
    ensure!(family.get(&list).await?.is_problem(403) && staff.get(&list).await?.is_problem(403));
    let newcomer = Live::open(&platform.log_in("operator2").await?, None).await?.snapshot().await?;
    ensure!(newcomer["responders"].as_array().map(Vec::len) == Some(1), "{newcomer}");
    for (screen, whose) in [(&own, "the station's"), (&phone, "the family's")] {
        let has = screen.frames.count(|frame| frame.value["type"] == "responder");
        ensure!(has == 0, "{whose} screen heard where they are");
    }

    staff.put("/api/me/position", &json!({ "agreed": false })).await?.ok()?;
    desk.frames.find("them no more", PATIENCE, |frame| is_at(frame, None)).await?;
    ensure!(rows(&platform)? == "0" && put(33.955).await?.body["code"] == "not_agreed");
    staff.put("/api/me/position", &json!({ "agreed": true })).await?.ok()?;
    ensure!(put(33.96).await?.status == 204);
    desk.frames.find("them again", PATIENCE, |frame| is_at(frame, Some(33.96))).await?;
    let task = tell(&staff, &task, "on-scene", json!({})).await?.ok()?;
    tell(&staff, &task, "finish", json!({ "result": "扶起来了" })).await?.ok()?;
    ensure!(rows(&platform)? == "0", "nothing is left of it");
    ensure!(put(33.96).await?.status == 404 || put(33.96).await?.status == 409);
    ensure!(operator.list(&format!("{list}?")).await?.is_empty());
    let supervisor = platform.log_in("supervisor").await?;
    for action in ["agree_to_position", "withdraw_position", "list_responders"] {
        ensure!(!supervisor.list(&format!("/api/audit?action={action}")).await?.is_empty(), "{action}");
    }
    Ok(())
}
