//! What handsets are asked to do: where they are while a life may depend on it, and what the desk asks by hand.

use crate::fences;
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::time::Duration;
use tests::{Account, Handset, PATIENCE, Platform, handset::Down, until};

const HANDSET: &str = "demo-0001";
const COMMANDS: &str = "/api/handsets/demo-0001/commands";

async fn asked(operator: &Account, id: &str) -> Result<Value> {
    let all = operator.list(&format!("{COMMANDS}?")).await?;
    all.into_iter().find(|line| line["id"] == id).with_context(|| format!("{id} is listed"))
}

async fn heard(handset: &Handset, nth: usize, within: Duration, kind: &str) -> Result<Down> {
    let is_it = |down: &Down| down.kind == "command" && down.payload["kind"] == kind;
    handset.down.find_nth(nth, &format!("command {nth}: {kind}"), within, is_it).await
}

fn id(down: &Down) -> Result<&str> {
    down.payload["command_id"].as_str().context("a name")
}

#[tokio::test]
async fn a_life_alarm_asks_where_she_is_until_it_is_over() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let handset = platform.handset(HANDSET).await?;
    handset.press("p-1", "b", 1).await?;
    let first = heard(&handset, 1, PATIENCE, "locate").await?;
    let line = until("it to be sent", PATIENCE, async || {
        Ok(Some(asked(&operator, id(&first)?).await?).filter(|line| line["state"] == "sent"))
    })
    .await?;
    ensure!(line["by"].is_null() && line["expires_at"] == first.payload["expires_at"], "{line}");
    let answer = json!({ "command_id": id(&first)?, "ok": true, "detail": "gps" });
    handset.publish("answer", answer.to_string()).await?;
    let line = asked(&operator, id(&first)?).await?;
    ensure!(line["state"] == "answered" && line["ok"] == true && line["detail"] == "gps", "{line}");

    let second = heard(&handset, 2, Duration::from_secs(35), "locate").await?;
    let apart = second.at.duration_since(first.at);
    ensure!(apart > Duration::from_secs(26) && apart < Duration::from_secs(34), "{apart:?}");
    let incident = operator.incidents("open").await?.pop().context("an incident")?;
    ensure!(line["incident"] == incident["id"], "{line}");
    let path = format!("/api/incidents/{}/commands?", incident["id"].as_str().unwrap_or_default());
    ensure!(operator.list(&path).await?.len() == 2, "both stand with the incident");
    let located = operator.get(&path).await?.ok()?["located"].clone();
    ensure!(located["count"] == 2 && located["first_at"] == line["asked_at"], "{located}");
    let file = path.replace("/commands?", "/file");
    let page = operator.request(reqwest::Method::GET, &file).send().await?.text().await?;
    ensure!(page.contains("平台自动询问定位 2 次"), "{page}");

    let claimed = operator.claim(&incident).await?.ok()?;
    operator.close(&claimed).await?.ok()?;
    tokio::time::sleep(Duration::from_secs(32)).await;
    let questions = handset.down.count(|down| down.kind == "command");
    ensure!(questions == 2, "asked {questions} times, although it is over");
    Ok(())
}

/// Who left a safe area is looked for like who pressed, as long as they may be.
#[tokio::test]
async fn who_is_out_is_asked_too_until_they_may_not_be() -> Result<()> {
    let platform = Platform::start().await?;
    let supervisor = platform.log_in("supervisor").await?;
    let home = fences::home(&supervisor).await?;
    let given = json!({ "purpose": "tracking", "given_by": "guardian", "giver": "王小红", "data": "位置",
        "text_version": "2026-11", "channel": "telephone" });
    let consents = format!("/api/residents/{}/consents", fences::RESIDENT);
    let given = supervisor.post(&consents, &given).await?.ok()?;
    let drawn = supervisor.post(&fences::fences(), &fences::fence(&fences::circle(home))).await?.ok()?;
    let handset = platform.handset(fences::WHO).await?;
    fences::walk_out(&handset, home).await?;
    let incident = fences::left(&supervisor, &drawn["id"]).await?;
    ensure!(incident["severity"] != "life", "nobody pressed: {incident}");
    heard(&handset, 1, PATIENCE, "locate").await?;
    heard(&handset, 2, Duration::from_secs(35), "locate").await?;
    let withdraw = format!("/api/consents/{}/withdraw", given["id"].as_str().context("an id")?);
    supervisor.post(&withdraw, &json!({})).await?.ok()?;
    tokio::time::sleep(Duration::from_secs(33)).await;
    let questions = handset.down.count(|down| down.kind == "command");
    ensure!(questions == 2, "asked {questions} times, although the consent was taken back");
    Ok(())
}

#[tokio::test]
async fn a_battery_that_is_nearly_empty_is_spared() -> Result<()> {
    let platform = Platform::start().await?;
    let handset = platform.handset(HANDSET).await?;
    let status = json!({ "online": true, "battery_pct": 9, "charging": false, "worn": true,
        "at": tests::clock::now().to_string() });
    handset.publish("status", status.to_string()).await?;
    handset.press("p-1", "b", 1).await?;
    heard(&handset, 1, PATIENCE, "locate").await?;
    tokio::time::sleep(Duration::from_secs(33)).await;
    let questions = handset.down.count(|down| down.kind == "command");
    ensure!(questions == 1, "asked {questions} times with 9 % left");
    Ok(())
}

#[tokio::test]
async fn what_the_desk_asks_is_heard_in_time_or_never() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let ring = json!({ "kind": "ring" });
    ensure!(operator.post(COMMANDS, &ring).await?.is_problem(403), "nothing is open about her");
    let handset = platform.handset(HANDSET).await?;
    handset.press("p-1", "b", 1).await?;
    until("the incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    for wrong in [
        json!({ "kind": "ask" }),
        json!({ "kind": "say" }),
        json!({ "kind": "interval", "interval_s": 1 }),
        json!({ "kind": "ring", "within_s": 7200 }),
    ] {
        ensure!(operator.post(COMMANDS, &wrong).await?.is_problem(422), "{wrong}");
    }
    let say = json!({ "kind": "say", "say": "社工已在路上" });
    let put = operator.post(COMMANDS, &say).await?;
    ensure!(put.status == 202 && put.body["state"] == "queued" && put.body["by"] == "operator", "{put:?}");
    let said = heard(&handset, 1, PATIENCE, "say").await?;
    ensure!(
        said.payload["say"] == "社工已在路上" && said.payload["command_id"] == put.body["id"],
        "{said:?}"
    );

    drop(handset);
    let short = operator.post(COMMANDS, &json!({ "kind": "ring", "within_s": 10 })).await?.ok()?;
    let name = short["id"].as_str().context("a name")?;
    tokio::time::sleep(Duration::from_secs(11)).await;
    ensure!(asked(&operator, name).await?["state"] == "expired");
    let back = platform.handset(HANDSET).await?;
    back.press("p-2", "b", 2).await?;
    ensure!(back.down.count(|down| down.payload["kind"] == "ring") == 0, "nothing wakes her later");
    Ok(())
}
