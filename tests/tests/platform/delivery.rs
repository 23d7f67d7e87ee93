//! A provider tells later what became of a message: it moves the notice, and nothing else that anybody sends there does.

use crate::reached::Gateway;
use anyhow::{Context as _, Result, ensure};
use reqwest::Client;
use serde_json::{Value, json};
use std::time::Duration;
use tests::{Account, Answer, PATIENCE, Platform, until};

const SECRET: &str = "0123456789abcdef-test";
const REPORT: &str = r#"{secret="0123456789abcdef-test",each="/reports",id_at="/id",state_at="/state",delivered=["DELIVRD"],seen=["READ"],failed=["UNDELIV"],reason_at="/why"}"#;

async fn report(platform: &Platform, channel: &str, secret: &str, body: String) -> Result<Answer> {
    let address = format!("{}/api/delivery/{channel}/{secret}", platform.at.http);
    Answer::of(Client::new().post(address).body(body)).await
}

fn reports(id: &Value, state: &str) -> String {
    json!({ "reports": [{ "id": id, "state": state, "why": "号码停机" }] }).to_string()
}

async fn notice(operator: &Account, incident: &Value) -> Result<Value> {
    let path = format!("/api/incidents/{}/notices?", incident["id"].as_str().context("an id")?);
    let notices = operator.list(&path).await?;
    notices.into_iter().find(|one| one["recipient"] == "relative").context("the family's notice")
}

#[tokio::test]
async fn what_a_provider_reports_moves_the_notice() -> Result<()> {
    let gateway = Gateway::open().await?;
    let mut setup = gateway.setup();
    setup.env.push(("JJL_NOTIFY__SMS__REPORT".to_owned(), REPORT.to_owned()));
    let platform = Platform::start_with(setup).await?;
    let (supervisor, admin) = (platform.log_in("supervisor").await?, platform.log_in("admin").await?);
    let operator = platform.log_in("operator").await?;
    admin.put("/api/users/relative", &json!({ "telephone": "13900000003" })).await?.ok()?;
    let ladder = supervisor.get("/api/ladder").await?.ok()?;
    let quick = ladder["text"].as_str().context("a text")?.replace("after_s = 30", "after_s = 5");
    supervisor.put("/api/ladder", &json!({ "text": quick })).await?.ok()?;
    platform.handset("demo-0001").await?.press("p-1", "b", 1).await?;
    let incident =
        until("the incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    let sent = until("the family is told", Duration::from_mins(1), async || {
        Ok(notice(&operator, &incident).await.ok().filter(|one| one["state"] == "sent"))
    })
    .await?;
    let id = &sent["id"];

    for (channel, secret, body, status) in [
        ("sms", "0123456789abcdef-tesT", reports(id, "READ"), 404),
        ("voice", SECRET, reports(id, "READ"), 404),
        ("webhook", SECRET, reports(id, "READ"), 404),
        ("pigeon", SECRET, reports(id, "READ"), 404),
        ("sms", SECRET, reports(&json!("nobody's"), "READ"), 404),
        ("sms", SECRET, reports(&json!("x' OR 1=1 --"), "READ"), 404),
        ("sms", SECRET, "<xml/>".to_owned(), 422),
        ("sms", SECRET, String::new(), 422),
        ("sms", SECRET, "{\"reports\":[{}]}".to_owned(), 422),
        ("sms", SECRET, format!("{{\"reports\":[{}1]}}", "1,".repeat(500)), 422),
        ("sms", SECRET, "[".repeat(60_000), 422),
        ("sms", SECRET, "x".repeat(70_000), 413),
        ("sms", SECRET, reports(id, "ON ITS WAY"), 200),
    ] {
        let answer = report(&platform, channel, secret, body.clone()).await?;
        ensure!(answer.status == status, "{channel} {secret} {body:.80}: {answer:?}");
    }
    ensure!(notice(&operator, &incident).await?["state"] == "sent", "nothing of that was a report");

    let told_before = gateway.taken().len();
    let failed = report(&platform, "sms", SECRET, reports(id, "UNDELIV")).await?.ok()?;
    ensure!(failed == json!({ "noted": 1, "unknown": 0 }), "{failed}");
    let known = notice(&operator, &incident).await?;
    ensure!(known["state"] == "failed" && known["why"] == "号码停机", "{known}");
    until("a life alarm goes out again", Duration::from_mins(1), async || {
        let again = gateway.taken().iter().skip(told_before).any(|one| one["id"] == *id);
        let known = notice(&operator, &incident).await?;
        Ok((again && known["state"] == "sent").then_some(()))
    })
    .await?;
    report(&platform, "sms", SECRET, reports(id, "DELIVRD")).await?.ok()?;
    let known = notice(&operator, &incident).await?;
    ensure!(known["state"] == "delivered" && known["delivered_at"].is_string(), "{known}");
    report(&platform, "sms", SECRET, reports(id, "READ")).await?.ok()?;
    report(&platform, "sms", SECRET, reports(id, "UNDELIV")).await?.ok()?;
    let known = notice(&operator, &incident).await?;
    ensure!(known["state"] == "seen" && known["seen_at"].is_string(), "what arrived stays arrived: {known}");
    Ok(())
}
