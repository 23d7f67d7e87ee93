//! The ways that end at this platform's own doors: handsets and screens. Each is tested there and back, and what a handset was told
//! about an incident stands among its notices.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::time::Duration;
use tests::{Live, PATIENCE, Platform, handset::Down, until};

const HANDSET: &str = "/api/channels/handset/test";
const SCREEN: &str = "/api/channels/screen/test";

#[tokio::test]
async fn a_handset_that_answers_and_a_screen_that_is_up_pass_their_test() -> Result<()> {
    let platform = Platform::start().await?;
    let supervisor = platform.log_in("supervisor").await?;
    let handset = platform.handset("demo-0002").await?;
    let asked = async { supervisor.post(HANDSET, &json!({ "to": "demo-0002" })).await?.ok() };
    let answered = async {
        let is_it = |down: &Down| down.kind == "command" && down.payload["kind"] == "say";
        let words = handset.down.find("the words", PATIENCE, is_it).await?;
        let answer = json!({ "command_id": words.payload["command_id"], "ok": true });
        handset.publish("answer", answer.to_string()).await
    };
    let (tested, ()) = tokio::try_join!(asked, answered)?;
    ensure!(tested["ok"] == true && tested["took_ms"].as_i64().is_some_and(|took| took < 10_000), "{tested}");
    let away = supervisor.post(HANDSET, &json!({ "to": "demo-0003" })).await?.ok()?;
    let why = away["detail"].as_str().context("why")?;
    ensure!(away["ok"] == false && why.contains("not connected"), "{away}");
    ensure!(supervisor.post(HANDSET, &json!({ "to": "nobodys" })).await?.is_problem(404));
    ensure!(supervisor.post(HANDSET, &json!({})).await?.is_problem(422));

    let dark = supervisor.post(SCREEN, &json!({})).await?.ok()?;
    ensure!(dark["ok"] == false, "no screen is up: {dark}");
    let screen = Live::open(&supervisor, None).await?;
    let seen = supervisor.post(SCREEN, &json!({})).await?.ok()?;
    ensure!(seen["ok"] == true && seen["detail"] == "1 of 1 screens answered", "{seen}");
    drop(screen);
    let channels = supervisor.list("/api/channels?").await?;
    let counts =
        |name: &str| channels.iter().find(|one| one["channel"] == name).map(|one| one["counts"].clone());
    ensure!(counts("screen") == Some(json!(true)) && counts("handset") == Some(json!(false)), "{channels:?}");
    Ok(())
}

#[tokio::test]
async fn what_a_handset_was_told_stands_among_the_notices() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let handset = platform.handset("demo-0001").await?;
    handset.press("p-1", "b", 1).await?;
    handset.stage("received").await?;
    let incident =
        until("the incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    let path = format!("/api/incidents/{}/notices?", incident["id"].as_str().context("an id")?);
    let words = async || -> Result<Vec<Value>> {
        let notices = operator.list(&path).await?.into_iter();
        Ok(notices.filter(|one| one["channel"] == "handset").collect())
    };
    let heard = until("the first word is acknowledged", PATIENCE, async || {
        Ok(words().await?.into_iter().find(|one| one["state"] == "delivered"))
    })
    .await?;
    ensure!(heard["recipient"] == "demo-0001" && heard["delivered_at"].is_string(), "{heard}");
    ensure!(supervisor.post(HANDSET, &json!({ "to": "demo-0001" })).await?.is_problem(409), "she is in need");
    drop(handset);
    tokio::time::sleep(Duration::from_millis(500)).await;
    let claimed = operator.claim(&incident).await?.ok()?;
    let waiting = words().await?.into_iter().next_back().context("a word")?;
    ensure!(
        waiting["state"] == "waiting" && waiting["delivered_at"].is_null(),
        "never more than is true: {waiting}"
    );
    operator.act("release", &claimed, json!({ "reason": "交班" })).await?.ok()?;
    let replaced = |one: &Value| one["state"] == "ended" && one["id"] == waiting["id"];
    ensure!(words().await?.iter().any(replaced), "a newer word has its place: {:?}", words().await?);
    Ok(())
}
