//! Which station is asked: by its hours and its skills, and the next one when it stays silent.

use crate::station_story::{claimed, staff, tell};
use anyhow::{Context as _, Result, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;
use tests::{Account, Answer, Live, PATIENCE, Platform, clock, until};
use tokio::time::Instant;

const HANDSET: &str = "demo-0001";
const EAST: &str = "s-xingfu";
const WEST: &str = "s-hebin";
const FAR: &str = "s-gucheng";

/// Changes something of a station, as an administrator does.
async fn put_right(admin: &Account, station: &str, change: Value) -> Result<Answer> {
    let all = admin.list("/api/stations?").await?;
    let known = all.iter().find(|one| one["id"] == station).context("a station")?;
    let mut record = json!({});
    for field in ["name", "place", "telephone", "on_duty", "hours", "skills"] {
        record[field] = known[field].clone();
    }
    for (field, value) in change.as_object().into_iter().flatten() {
        record[field] = value.clone();
    }
    admin.put(&format!("/api/stations/{station}"), &record).await
}

/// An hour of every day that begins two hours from now.
fn later() -> Value {
    let minute = (clock::now().as_second() + 8 * 3_600).rem_euclid(86_400) / 60;
    let at = |minute: i64| format!("{:02}:{:02}", minute / 60 % 24, minute % 60);
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    json!([{ "days": days, "from": at(minute + 120), "to": at(minute + 180) }])
}

/// The stations in order with what is said of each; the recommended one stands with `!`.
async fn order(operator: &Account, incident: &Value) -> Result<Value> {
    let id = incident["id"].as_str().context("an id")?;
    let found = operator.get(&format!("/api/incidents/{id}/candidates")).await?.ok()?;
    ensure!(found["from"] == "position" && found["accuracy_m"].as_f64() >= Some(18.0), "{found}");
    let line = |one: &Value| {
        let mark = if one["recommended"] == true { "!" } else { "" };
        json!([format!("{}{mark}", one["station"]["id"].as_str().unwrap_or_default()), one["against"]])
    };
    Ok(found["items"].as_array().into_iter().flatten().map(line).collect())
}

#[tokio::test]
async fn who_works_at_this_hour_and_can_help_is_asked_first() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, admin) = (platform.log_in("operator").await?, platform.log_in("admin").await?);
    let (east, west) = (platform.log_in("station").await?, staff(&platform, WEST, "west").await?);
    let _screens = (Live::open(&east, None).await?, Live::open(&west, None).await?);
    for wrong in [
        json!({ "hours": [{ "days": [], "from": "08:00", "to": "18:00" }] }),
        json!({ "hours": [{ "days": ["mon"], "from": "24:00", "to": "18:00" }] }),
        json!({ "hours": vec![later()[0].clone(); 22] }),
        json!({ "skills": ["magic"] }),
    ] {
        ensure!(put_right(&admin, EAST, wrong.clone()).await?.status == 422, "{wrong}");
    }
    let handset = platform.handset(HANDSET).await?;
    handset.publish("fix", tests::handset::fix("b", 1).to_string()).await?;
    handset.press("p-1", "b", 2).await?;
    let incident = claimed(&operator).await?;
    let by_distance = json!([[format!("{EAST}!"), []], [WEST, ["farther"]], [FAR, ["no_account"]]]);
    ensure!(order(&operator, &incident).await? == by_distance, "{}", order(&operator, &incident).await?);

    let kept = put_right(&admin, EAST, json!({ "hours": later() })).await?.ok()?;
    ensure!(kept["hours"][0]["days"].as_array().map(Vec::len) == Some(7), "{kept}");
    let at_this_hour = json!([[format!("{WEST}!"), []], [FAR, ["no_account"]], [EAST, ["out_of_hours"]]]);
    ensure!(order(&operator, &incident).await? == at_this_hour, "{}", order(&operator, &incident).await?);

    put_right(&admin, EAST, json!({ "hours": [], "skills": ["vehicle"] })).await?.ok()?;
    let kept =
        put_right(&admin, WEST, json!({ "skills": ["lifting", "first_aid", "lifting"] })).await?.ok()?;
    ensure!(kept["skills"] == json!(["first_aid", "lifting"]), "{kept}");
    ensure!(order(&operator, &incident).await? == by_distance, "a press wants none of it");
    // She has fallen, too: what helps is another matter than who is a little nearer.
    let fall = json!({ "fall_id": "f-1", "boot": "b", "seq": 3, "at": clock::now().to_string(), "fix": null,
        "samples": null });
    handset.publish("fall", fall.to_string()).await?;
    let fallen = until("the fall", PATIENCE, async || {
        let now = operator.incident(&incident["id"]).await?;
        Ok(tests::live::signals(&now).iter().any(|signal| signal["kind"] == "fall").then_some(now))
    })
    .await?;
    let by_skill =
        json!([[format!("{WEST}!"), []], [EAST, ["lacks_skill"]], [FAR, ["no_account", "lacks_skill"]]]);
    ensure!(order(&operator, &fallen).await? == by_skill, "{}", order(&operator, &fallen).await?);
    let sent = operator.act("dispatch", &fallen, json!({ "recommended": true })).await?.ok()?;
    ensure!(sent["tasks"][0]["station"]["id"] == WEST, "{sent}");
    Ok(())
}

#[tokio::test]
async fn when_a_station_stays_silent_the_next_one_is_asked_and_goes() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let (east, west) = (platform.log_in("station").await?, staff(&platform, WEST, "west").await?);
    let (silent, screen) = (Live::open(&east, None).await?, Live::open(&west, None).await?);
    let ladder = supervisor.get("/api/ladder").await?.ok()?;
    let quick = ladder["text"].as_str().context("a text")?.replace("task_answer_s = 60", "task_answer_s = 5");
    supervisor.put("/api/ladder", &json!({ "text": quick })).await?.ok()?;
    let handset = platform.handset(HANDSET).await?;
    handset.press("p-1", "b", 1).await?;
    let incident = claimed(&operator).await?;
    let began = Instant::now();
    operator.act("dispatch", &incident, json!({ "stations": [EAST] })).await?.ok()?;
    let offer = screen
        .frames
        .find("the next one is asked", Duration::from_secs(30), |frame| {
            frame.value["type"] == "task" && frame.value["task"]["state"] == "offered"
        })
        .await?;
    ensure!(began.elapsed() > Duration::from_secs(9), "reminded first: {:?}", began.elapsed());
    let now = operator.incident(&incident["id"]).await?;
    ensure!(
        now["sounding"] == true && now["holder"]["username"] == "operator",
        "the desk hears of it: {now}"
    );
    ensure!(
        now["tasks"][0]["state"] == "offered" && now["tasks"][0]["overdue"] == 2,
        "who is silent may still answer: {now}"
    );
    ensure!(now["tasks"][1]["station"]["id"] == WEST, "{now}");
    let mut task = tell(&west, &offer.value["task"], "acknowledge", json!({})).await?.ok()?;
    silent
        .frames
        .find("that it is taken", PATIENCE, |frame| {
            frame.value["type"] == "task" && frame.value["task"]["state"] == "withdrawn"
        })
        .await?;
    for (act, stage) in [("en-route", "on_the_way"), ("on-scene", "on_scene"), ("finish", "claimed")] {
        task = tell(&west, &task, act, json!({ "result": "扶起来了" })).await?.ok()?;
        handset.stage(stage).await?;
    }
    let kinds: Vec<Value> =
        operator.events(&incident["id"]).await?.into_iter().map(|event| event["kind"].clone()).collect();
    let asked = kinds.iter().filter(|kind| **kind == "dispatched").count();
    let overdue = kinds.iter().filter(|kind| **kind == "task_overdue").count();
    ensure!((asked, overdue) == (2, 2), "{kinds:?}");
    ensure!(operator.close(&operator.incident(&incident["id"]).await?).await?.status == 200);
    platform.is_whole().await
}

/// Once the recommended station is asked another one is; whoever asks again because the answer was lost means the first.
#[tokio::test]
async fn the_recommended_station_is_asked_once_however_often_the_request_comes() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let (east, west) = (platform.log_in("station").await?, staff(&platform, WEST, "west").await?);
    let _screens = (Live::open(&east, None).await?, Live::open(&west, None).await?);
    platform.handset(HANDSET).await?.press("p-1", "b", 1).await?;
    let incident = claimed(&operator).await?;
    let path = format!("/api/incidents/{}/dispatch", incident["id"].as_str().context("an id")?);
    let ask = |note: &str| {
        let body = json!({ "expected_version": incident["version"], "recommended": true, "note": note });
        Answer::of(operator.request(Method::POST, &path).json(&body).header("Idempotency-Key", "k1"))
    };
    let first = ask("三楼").await?.ok()?;
    ensure!(first["tasks"].as_array().map(Vec::len) == Some(1), "{first}");
    let again = ask("三楼").await?.ok()?;
    ensure!(again["version"] == first["version"] && again["tasks"] == first["tasks"], "{again}");
    ensure!(ask("四楼").await?.is_problem(422), "another request under the same key");
    Ok(())
}
