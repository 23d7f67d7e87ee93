//! That an alarm was on a screen is on record: for each account when it was told, had it, looked at it and took it.

use crate::{
    reached::quick_ladder,
    station_story::{claimed, tell},
};
use anyhow::{Context as _, Result, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use std::time::Duration;
use tests::{Account, Live, PATIENCE, Platform, clock, live, until};

/// What the page says of an incident.
fn shown(incident: &str, visible: bool) -> String {
    json!({ "type": "shown", "incident": incident, "visible": visible }).to_string()
}

/// What a station's page says of a task.
fn shown_task(incident: &str, task: &str, visible: bool) -> String {
    json!({ "type": "shown", "incident": incident, "task": task, "visible": visible }).to_string()
}

/// What an operator's page says of its shift.
fn duty(on: bool) -> String {
    json!({ "type": "duty", "on": on }).to_string()
}

/// A page is heard in order: once it is on record that it has this incident, what it said before was read.
async fn heard(asking: &Account, screen: &Live, incident: &str, words: String) -> Result<()> {
    screen.say(words).await?;
    screen.say(shown(incident, false)).await?;
    row(asking, incident, "operator", "delivered").await.map(drop)
}

/// What this screen is told of an incident in its first step that calls supervisors, or spares them.
async fn told(screen: &Live, press_id: &str, calls_supervisors: bool) -> Result<Value> {
    let what = format!("{press_id} that calls supervisors: {calls_supervisors}");
    let is_it = |incident: &Value| {
        let is_first = incident["ladder_step"] == 0 && incident["attention"] == "operators";
        is_first && live::shows(incident, press_id) && incident["calls_supervisors"] == calls_supervisors
    };
    Ok(screen.next_incident(&what, PATIENCE, is_it).await?.0)
}

/// The rows of screens, by their accounts.
async fn rows(asking: &Account, incident: &str) -> Result<Vec<Value>> {
    let mut rows = asking.list(&format!("/api/incidents/{incident}/notices?")).await?;
    rows.retain(|row| row["channel"] == "websocket");
    rows.sort_by_key(|row| row["recipient"].to_string());
    Ok(rows)
}

/// The row of this account, once it stands so.
async fn row(asking: &Account, incident: &str, recipient: &str, state: &str) -> Result<Value> {
    until(&format!("{recipient}'s row to be {state}"), PATIENCE, async || {
        let mut rows = rows(asking, incident).await?.into_iter();
        Ok(rows.find(|row| row["recipient"] == recipient && row["state"] == state))
    })
    .await
}

#[tokio::test]
async fn an_alarm_is_on_record_from_the_frame_to_the_claim() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, screen) = platform.operator().await?;
    // At work by a program: no screen of hers is up.
    let supervisor = platform.log_in("supervisor").await?;
    ensure!(supervisor.get("/api/me").await?.status == 200);
    platform.handset("demo-0001").await?.press("p-1", "b", 1).await?;
    let (incident, _) = screen.press("p-1").await?;
    let id = incident["id"].as_str().context("an id")?;
    let missed = row(&supervisor, id, "supervisor", "failed").await?;
    ensure!(missed["why"] == "no_screen" && missed["sent_at"].is_null(), "{missed}");
    let sent = row(&supervisor, id, "operator", "sent").await?;
    ensure!(
        sent["recipient_kind"] == "desk" && sent["address"] == "" && sent["delivered_at"].is_null(),
        "{sent}"
    );

    // What is no answer, or is about what this account was not sent, changes nothing and ends nothing. Then the page, which stands
    // behind another, has it, and nobody looks.
    let later = json!({ "type": "later", "incident": id, "visible": true }).to_string();
    let long = format!("{}{}", shown(id, true), " ".repeat(600));
    for words in [shown("nothing", true), shown("", true), "[]".to_owned(), later, long, shown(id, false)] {
        screen.say(words).await?;
    }
    let delivered = row(&supervisor, id, "operator", "delivered").await?;
    ensure!(delivered["seen_at"].is_null() && delivered["took_ms"].is_null(), "{delivered}");
    ensure!(rows(&supervisor, "nothing").await.is_err(), "there is no such incident");
    // She looks.
    for visible in [true, false, true] {
        screen.say(shown(id, visible)).await?;
    }
    let seen = row(&supervisor, id, "operator", "seen").await?;
    ensure!(seen["delivered_at"] == delivered["delivered_at"] && seen["took_ms"].is_u64(), "{seen}");

    operator.claim(&incident).await?.ok()?;
    let taken = row(&supervisor, id, "operator", "acknowledged").await?;
    let stages = ["due_at", "sent_at", "delivered_at", "seen_at", "acknowledged_at"];
    let times = stages.into_iter().map(|stage| clock::parse(&taken[stage])).collect::<Result<Vec<_>>>()?;
    ensure!(times.is_sorted(), "{taken}");
    let names: Vec<Value> = rows(&supervisor, id).await?.iter().map(|row| row["recipient"].clone()).collect();
    ensure!(names == [json!("operator"), json!("supervisor")], "{names:?}");

    let report = supervisor.get("/api/reports/notices").await?.ok()?;
    let channel =
        report["channels"].as_array().into_iter().flatten().find(|one| one["channel"] == "websocket");
    let channel = channel.context("the way to screens")?;
    ensure!(channel["sent"] == 1 && channel["given_up"] == 1 && channel["acknowledged"] == 1, "{report}");
    let file = supervisor.request(Method::GET, &format!("/api/incidents/{id}/file")).send().await?;
    let file = file.text().await?;
    ensure!(file.contains("值班，但没有打开屏幕"), "{file}");
    Ok(())
}

#[tokio::test]
async fn what_screens_had_at_a_stop_is_on_record_after_it() -> Result<()> {
    let mut platform = Platform::start().await?;
    let supervisor = platform.log_in("supervisor").await?;
    let screen = Live::open(&supervisor, None).await?;
    platform.handset("demo-0001").await?.press("p-1", "b", 1).await?;
    let (incident, _) = screen.press("p-1").await?;
    let id = incident["id"].as_str().context("an id")?;
    screen.say(shown(id, true)).await?;
    // A page is heard in order: once it has answered this, the platform has read what it said before.
    let asked = supervisor.post("/api/channels/screen/test", &json!({})).await?.ok()?;
    ensure!(asked["ok"] == true, "{asked}");
    platform.stop().await?;
    platform.restart().await?;
    row(&supervisor, id, "supervisor", "seen").await.map(drop)
}

#[tokio::test]
async fn a_task_is_on_record_from_the_frame_to_the_stations_answer() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, east) = (platform.log_in("operator").await?, platform.log_in("station").await?);
    let screen = Live::open(&east, None).await?;
    platform.handset("demo-0001").await?.press("p-1", "b", 1).await?;
    let incident = claimed(&operator).await?;
    let id = incident["id"].as_str().context("an id")?;
    let sent = operator.act("dispatch", &incident, json!({ "stations": ["s-xingfu"] })).await?.ok()?;
    let task = sent["tasks"][0]["id"].as_str().context("a task")?;
    let told = row(&operator, id, "station", "sent").await?;
    ensure!(
        told["recipient_kind"] == "station" && told["id"] == format!("task:{task}:screen:station"),
        "{told}"
    );
    ensure!(told["next_at"].is_null() && told["delivered_at"].is_null(), "{told}");

    // An answer about the incident alone, or about another task, is about nothing that was sent. Then the page has it, behind its cover.
    for words in [shown(id, true), shown_task(id, "t-other", true), shown_task(id, task, false)] {
        screen.say(words).await?;
    }
    let delivered = row(&operator, id, "station", "delivered").await?;
    ensure!(delivered["seen_at"].is_null(), "{delivered}");
    screen.say(shown_task(id, task, true)).await?;
    row(&operator, id, "station", "seen").await?;
    let offered = east.list("/api/tasks?").await?.pop().context("the task")?;
    tell(&east, &offered, "acknowledge", json!({})).await?.ok()?;
    let taken = row(&operator, id, "station", "acknowledged").await?;
    ensure!(taken["due_at"].is_string() && taken["seen_at"].is_string(), "{taken}");
    let supervisor = platform.log_in("supervisor").await?;
    let file = supervisor.request(Method::GET, &format!("/api/incidents/{id}/file")).send().await?;
    ensure!(file.text().await?.contains("服务站屏幕"), "the file says whose screen it was");
    Ok(())
}

#[tokio::test]
async fn what_the_family_saw_is_on_record_and_what_it_may_not_see_has_no_row() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, family) = (platform.log_in("operator").await?, platform.log_in("relative").await?);
    let phone = Live::open(&family, None).await?;
    let handset = platform.handset("demo-0001").await?;
    handset.press("p-1", "b", 1).await?;
    let (incident, _) = phone.press("p-1").await?;
    let id = incident["id"].as_str().context("an id")?;
    let told = row(&operator, id, "relative", "sent").await?;
    ensure!(told["recipient_kind"] == "relative" && told["id"] == format!("family:{id}:relative"), "{told}");
    phone.say(shown(id, false)).await?;
    row(&operator, id, "relative", "delivered").await?;
    phone.say(shown(id, true)).await?;
    row(&operator, id, "relative", "seen").await?;
    let path = format!("/api/incidents/{id}/answer");
    family.post(&path, &json!({ "answer": "coming" })).await?.ok()?;
    row(&operator, id, "relative", "acknowledged").await?;

    // Somebody else's case is told to nobody of this family; a forged answer makes no row of it.
    platform.handset("demo-0021").await?.press("p-2", "b", 1).await?;
    let other = until("the other incident", PATIENCE, async || {
        let open = operator.incidents("open").await?;
        Ok(open.into_iter().find(|one| one["id"] != incident["id"]))
    })
    .await?;
    let other = other["id"].as_str().context("an id")?;
    phone.say(shown(other, true)).await?;
    operator.claim(&operator.incident(&json!(other)).await?).await?.ok()?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let rows = rows(&operator, other).await?;
    ensure!(rows.iter().all(|row| row["recipient_kind"] == "desk"), "{rows:?}");
    Ok(())
}

#[tokio::test]
async fn while_an_operator_is_on_duty_a_press_calls_supervisors_with_the_next_step() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, screen) = platform.operator().await?;
    let supervisor = platform.log_in("supervisor").await?;
    let hers = Live::open(&supervisor, None).await?;
    // A page that is up is no shift yet.
    platform.handset("demo-0001").await?.press("p-1", "b", 1).await?;
    let first = told(&hers, "p-1", true).await?;
    let first = first["id"].as_str().context("an id")?;
    row(&supervisor, first, "supervisor", "sent").await?;
    screen.press("p-1").await?;
    heard(&supervisor, &screen, first, duty(true)).await?;

    platform.handset("demo-0021").await?.press("p-2", "b", 1).await?;
    let second = told(&hers, "p-2", false).await?;
    let second = second["id"].as_str().context("an id")?;
    row(&operator, second, "operator", "sent").await?;
    let names: Vec<Value> =
        rows(&operator, second).await?.iter().map(|row| row["recipient"].clone()).collect();
    ensure!(names == [json!("operator")], "{names:?}");
    ensure!(supervisor.incident(&json!(second)).await?["calls_supervisors"] == false);
    // Whom it called before it goes on calling.
    ensure!(supervisor.incident(&json!(first)).await?["calls_supervisors"] == true);

    // The shift ends while her link is down: no event tells it, and she is called as she comes back.
    let cursor = hers.cursor()?;
    hers.vanish();
    let left_at = clock::now();
    screen.say(duty(false)).await?;
    told(&screen, "p-2", true).await?;
    let back = Live::open(&supervisor, Some(&cursor)).await?;
    told(&back, "p-2", true).await?;
    let called = row(&operator, second, "supervisor", "sent").await?;
    ensure!(clock::parse(&called["due_at"])? >= left_at, "{called}");

    // With the next step supervisors are called whoever is on duty.
    heard(&supervisor, &screen, second, duty(true)).await?;
    quick_ladder(&supervisor, "[\"everyone\", \"roster\"]").await?;
    platform.handset("demo-0041").await?.press("p-3", "b", 1).await?;
    let third = told(&back, "p-3", false).await?;
    let called = |incident: &Value| {
        let is_next = incident["ladder_step"] == 1 && incident["attention"] == "everyone";
        incident["id"] == third["id"] && is_next && incident["calls_supervisors"] == true
    };
    back.next_incident("the next step", Duration::from_secs(20), called).await?;
    row(&operator, third["id"].as_str().context("an id")?, "supervisor", "sent").await.map(drop)
}

#[tokio::test]
async fn where_no_operator_is_on_duty_a_press_calls_supervisors_at_once() -> Result<()> {
    let platform = Platform::start().await?;
    let supervisor = platform.log_in("supervisor").await?;
    let hers = Live::open(&supervisor, None).await?;
    hers.say(duty(true)).await?;
    platform.handset("demo-0001").await?.press("p-1", "b", 1).await?;
    let first = told(&hers, "p-1", true).await?;
    let first = first["id"].as_str().context("an id")?;
    row(&supervisor, first, "supervisor", "sent").await?;

    // Behind a lock nobody may sit; a screen that goes says nothing.
    let (operator, screen) = platform.operator().await?;
    heard(&supervisor, &screen, first, duty(true)).await?;
    platform.handset("demo-0021").await?.press("p-2", "b", 1).await?;
    told(&hers, "p-2", false).await?;
    ensure!(operator.post("/api/session/lock", &json!({})).await?.status == 204);
    told(&hers, "p-2", true).await?;
    let other = platform.log_in("operator2").await?;
    let theirs = Live::open(&other, None).await?;
    for words in [duty(true), shown(first, false)] {
        theirs.say(words).await?;
    }
    row(&supervisor, first, "operator2", "delivered").await?;
    platform.handset("demo-0041").await?.press("p-3", "b", 1).await?;
    told(&hers, "p-3", false).await?;
    theirs.vanish();
    told(&hers, "p-3", true).await.map(drop)
}
