//! Messages to people outside outlive whatever dies meanwhile: the platform, a row of its records, or who is to be told.

use crate::{
    reached::{Gateway, Says, quick_ladder},
    station_story::tell,
};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::time::Duration;
use tests::{Account, PATIENCE, Platform, Setup, tools, until};

/// Longer than the last step of the quick ladder takes to come.
const TOLD_WITHIN: Duration = Duration::from_mins(1);
const RELATIVE: &str = "13900000003";
const HOUR_US: i64 = 3_600_000_000;

fn to<'a>(number: &str, messages: &'a [Value]) -> Vec<&'a Value> {
    messages.iter().filter(|one| one["mobile"] == number).collect()
}

/// A relative with a telephone, and a ladder that calls them soon.
async fn with_a_relative(platform: &Platform) -> Result<(Account, Account)> {
    let (supervisor, operator) = (platform.log_in("supervisor").await?, platform.log_in("operator").await?);
    let admin = platform.log_in("admin").await?;
    admin.put("/api/users/relative", &json!({ "telephone": RELATIVE })).await?.ok()?;
    quick_ladder(&supervisor, "[\"everyone\", \"roster\", \"relatives\"]").await?;
    Ok((supervisor, operator))
}

#[tokio::test]
async fn what_the_platform_died_over_is_sent_at_its_restart_by_the_same_id() -> Result<()> {
    let gateway = Gateway::open().await?;
    let mut platform = Platform::start_with(gateway.setup()).await?;
    with_a_relative(&platform).await?;
    gateway.say(Says::Nothing);
    platform.handset("demo-0001").await?.press("p-1", "b", 1).await?;
    let asked = until("the attempt", TOLD_WITHIN, async || {
        Ok(to(RELATIVE, &gateway.asked()).first().map(|one| (*one).clone()))
    })
    .await?;
    platform.kill()?;
    ensure!(gateway.taken().is_empty(), "nothing was answered");
    gateway.say(Says::Yes);
    platform.restart().await?;
    // Much sooner than the time for which an attempt is one process's.
    let is_it = |one: &Value| one["id"] == asked["id"];
    until("the same message again", Duration::from_secs(15), async || {
        Ok(gateway.taken().iter().any(is_it).then_some(()))
    })
    .await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let taken = gateway.taken();
    ensure!(taken.iter().filter(|one| is_it(one)).count() == 1, "taken twice: {taken:?}");
    Ok(())
}

#[tokio::test]
async fn a_row_that_cannot_be_read_keeps_nobody_else_from_hearing() -> Result<()> {
    let gateway = Gateway::open().await?;
    let mut platform = Platform::start_with(gateway.setup()).await?;
    let (supervisor, _) = with_a_relative(&platform).await?;
    let every_day = json!(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);
    for (name, address) in [("李强", "13900000001"), ("赵敏", "13900000002")] {
        let entry = json!({ "name": name, "days": every_day, "from": "00:00", "to": "00:00", "channel": "sms",
            "address": address });
        supervisor.post("/api/roster", &entry).await?.ok()?;
    }
    platform.stop().await?;
    // What is sealed opens for its own row alone.
    tools::sqlite(&platform.data(), "UPDATE roster SET entry_id = 'roster-moved' WHERE name = '李强'")?;
    platform.restart().await?;
    until("the health says so", Duration::from_secs(30), async || {
        Ok(platform.has_problem("row_unreadable").await?.then_some(()))
    })
    .await?;
    platform.handset("demo-0001").await?.press("p-1", "b", 1).await?;
    until("the others are told", TOLD_WITHIN, async || {
        let taken = gateway.taken();
        Ok((!to("13900000002", &taken).is_empty() && !to(RELATIVE, &taken).is_empty()).then_some(()))
    })
    .await?;
    ensure!(to("13900000001", &gateway.asked()).is_empty(), "whose number cannot be opened is not guessed");
    Ok(())
}

/// A station is told of its task although nothing can be read of the incident before it.
#[tokio::test]
async fn a_task_that_cannot_be_read_keeps_no_other_station_from_hearing() -> Result<()> {
    let gateway = Gateway::open().await?;
    let mut platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let mut tasks = Vec::new();
    for (handset, station) in [("demo-0001", "s-xingfu"), ("demo-0002", "s-hebin")] {
        platform.handset(handset).await?.press("p-1", "b", 1).await?;
        let incident = until("the incident", PATIENCE, async || {
            Ok(operator.incidents("open").await?.into_iter().find(|one| one["handset"] == handset))
        })
        .await?;
        let claimed = operator.claim(&incident).await?.ok()?;
        let asked = operator.act("dispatch", &claimed, json!({ "stations": [station] })).await?.ok()?;
        tasks.push((asked["id"].as_str().context("an id")?.to_owned(), asked["tasks"][0]["id"].clone()));
    }
    platform.stop().await?;
    let [(lost, _), (_, told)] = &tasks[..] else { anyhow::bail!("two tasks") };
    for damage in [
        format!("UPDATE incidents SET snapshot = '{{' WHERE incident_id = '{lost}'"),
        format!("UPDATE incident_events SET body = '{{' WHERE incident_id = '{lost}'"),
    ] {
        tools::sqlite(&platform.data(), &damage)?;
    }
    // Until now there was no way to tell anybody.
    platform.setup().env.extend(gateway.setup().env);
    let link = ("JJL_HTTP__PUBLIC_URL".to_owned(), "https://jjl.example".to_owned());
    platform.setup().env.push(link);
    platform.restart().await?;
    let told = format!("task:{}", told.as_str().context("a task")?);
    until("the other station is told", TOLD_WITHIN, async || {
        Ok(gateway.taken().iter().any(|one| one["id"] == told).then_some(()))
    })
    .await?;
    until("it is named", PATIENCE, async || {
        Ok(platform.health().await?.to_string().contains("tasks that were offered").then_some(()))
    })
    .await
}

/// What is read by a cursor is read once: behind a row that cannot be read the others are placed.
#[tokio::test]
async fn a_row_of_a_log_that_cannot_be_read_is_stepped_over() -> Result<()> {
    let mut platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    platform.handset("demo-0001").await?.press("p-1", "b", 1).await?;
    let incident = open(&operator).await?;
    platform.stop().await?;
    let back = json!({ "id": "back-1", "fence": "f-1", "since": tests::clock::ago(0), "why": "回到「家」" });
    let now = "CAST(strftime('%s', 'now') AS INTEGER) * 1000000";
    for (nth, (body, reply)) in [("{", "?"), (&*back.to_string(), "well"), ("{", "?")].into_iter().enumerate()
    {
        let told = format!(
            "INSERT INTO fence_returns (signal_id, resident_id, at_us, body) VALUES ('b-{nth}', 'r-0001', {now}, '{body}')"
        );
        tools::sqlite(&platform.data(), &told)?;
        let answered = format!(
            "INSERT INTO fall_answers (signal_id, resident_id, handset_id, at_us, reply)
             VALUES ('s-{nth}', 'r-0001', 'demo-0001', {now}, '{reply}')"
        );
        tools::sqlite(&platform.data(), &answered)?;
    }
    platform.restart().await?;
    let operator = platform.log_in("operator").await?;
    until("both stand on the timeline", Duration::from_secs(15), async || {
        let events = operator.events(&incident["id"]).await?;
        let has = |kind: &str| events.iter().any(|event| event["kind"] == kind);
        Ok((has("returned") && has("noted")).then_some(()))
    })
    .await?;
    let said = until("both logs are named", PATIENCE, async || {
        let health = platform.health().await?.to_string();
        Ok((health.contains("returns within fences") && health.contains("answers about falls"))
            .then_some(health))
    })
    .await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    ensure!(
        platform.has_problem("row_unreadable").await?,
        "nobody reads them again, and it is still said: {said}"
    );
    Ok(())
}

/// Messages by this gateway, events to this receiver.
fn with_a_receiver(gateway: &Gateway, receiver: &Gateway) -> Setup {
    with_receivers(gateway, receiver, 1)
}

/// The same with so many names that all lead there.
fn with_receivers(gateway: &Gateway, receiver: &Gateway, names: usize) -> Setup {
    let one = |nth: usize| {
        let url = &receiver.url;
        format!(r#"township{nth}={{url="{url}",secrets=["whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"]}}"#)
    };
    let receivers = format!("{{{}}}", (0..names).map(one).collect::<Vec<_>>().join(","));
    let further = [
        ("JJL_NOTIFY__WEBHOOK__ALLOW_HTTP", "true"),
        ("JJL_NOTIFY__WEBHOOK__ALLOW_NETWORKS", r#"["127.0.0.0/8"]"#),
        ("JJL_NOTIFY__WEBHOOK__RECEIVERS", &receivers),
    ];
    let mut setup = gateway.setup();
    setup.env.extend(further.map(|(key, value)| (key.to_owned(), value.to_owned())));
    setup
}

async fn open(operator: &Account) -> Result<Value> {
    until("the incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await
}

/// What the receiver was told of the incident's beginning, as the desk sees it.
async fn first_notice(operator: &Account, incident: &Value) -> Result<Option<Value>> {
    let path = format!("/api/incidents/{}/notices?", incident["id"].as_str().context("an id")?);
    Ok(operator.list(&path).await?.into_iter().find(|one| one["channel"] == "webhook"))
}

#[tokio::test]
async fn a_receiver_that_hangs_holds_up_no_message() -> Result<()> {
    let (gateway, receiver) = (Gateway::open().await?, Gateway::open().await?);
    let platform = Platform::start_with(with_a_receiver(&gateway, &receiver)).await?;
    let (_, operator) = with_a_relative(&platform).await?;
    receiver.say(Says::Nothing);
    platform.handset("demo-0001").await?.press("p-1", "b", 1).await?;
    let incident = open(&operator).await?;
    until("the receiver was asked", PATIENCE, async || Ok((!receiver.asked().is_empty()).then_some(())))
        .await?;
    until("the family is told meanwhile", TOLD_WITHIN, async || {
        Ok((!to(RELATIVE, &gateway.taken()).is_empty()).then_some(()))
    })
    .await?;
    ensure!(receiver.taken().is_empty(), "it answered nothing");
    let failed = until("the end of its time", TOLD_WITHIN, async || {
        Ok(first_notice(&operator, &incident).await?.filter(|one| one["state"] == "failed"))
    })
    .await?;
    ensure!(failed["next_at"].is_string() && failed["why"].is_string(), "it is tried again: {failed}");
    Ok(())
}

/// More events wait for receivers that hang than are under way at once; what is told to people waits for none of them, whatever it
/// is about. That a task was taken back is about no life.
#[tokio::test]
async fn receivers_that_hang_by_hundreds_hold_up_no_word_to_people() -> Result<()> {
    let (gateway, receiver) = (Gateway::open().await?, Gateway::open().await?);
    let mut setup = with_receivers(&gateway, &receiver, 20);
    setup.env.push(("JJL_HTTP__PUBLIC_URL".to_owned(), "https://jjl.example".to_owned()));
    let platform = Platform::start_with(setup).await?;
    let operator = platform.log_in("operator").await?;
    platform.handset("demo-0001").await?.press("p-1", "b", 1).await?;
    let claimed = operator.claim(&open(&operator).await?).await?.ok()?;
    let mut incident = operator.act("dispatch", &claimed, json!({ "stations": ["s-xingfu"] })).await?.ok()?;
    let task = format!("task:{}", incident["tasks"][0]["id"].as_str().context("a task")?);
    let told = |id: String| gateway.taken().iter().any(|one| one["id"] == id).then_some(());
    until("the station is told", TOLD_WITHIN, async || Ok(told(task.clone()))).await?;
    let before = receiver.asked().len();
    receiver.say(Says::Nothing);
    for nth in 0..30 {
        incident = operator.act("note", &incident, json!({ "text": format!("第{nth}次") })).await?.ok()?;
    }
    until("as many as may hang do", TOLD_WITHIN, async || {
        Ok((receiver.asked().len() >= before + 200).then_some(()))
    })
    .await?;
    let asked = operator.list("/api/tasks?").await?.pop().context("the task")?;
    tell(&operator, &asked, "withdraw", json!({ "reason": "家属已到" })).await?.ok()?;
    // Sooner than any of the receivers is given up.
    let within = Duration::from_secs(10);
    until("it is taken back", within, async || Ok(told(format!("{task}:over")))).await
}

#[tokio::test]
async fn a_receiver_that_points_elsewhere_is_not_followed_and_one_that_is_back_is_told_once() -> Result<()> {
    let (gateway, receiver) = (Gateway::open().await?, Gateway::open().await?);
    let mut platform = Platform::start_with(with_a_receiver(&gateway, &receiver)).await?;
    let operator = platform.log_in("operator").await?;
    receiver.say(Says::Elsewhere);
    platform.handset("demo-0001").await?.press("p-1", "b", 1).await?;
    let incident = open(&operator).await?;
    let failed = until("the refusal", PATIENCE, async || {
        Ok(first_notice(&operator, &incident).await?.filter(|one| one["state"] == "failed"))
    })
    .await?;
    let why = failed["why"].as_str().context("why")?;
    ensure!(why.contains("302") && why.contains("not followed"), "{failed}");
    operator.claim(&incident).await?.ok()?;
    platform.stop().await?;
    // An hour goes by, and it is back.
    let an_hour_later = format!(
        "UPDATE notices SET due_at_us = due_at_us - {HOUR_US}, next_at_us = next_at_us - {HOUR_US} WHERE channel = 'webhook'"
    );
    tools::sqlite(&platform.data(), &an_hour_later)?;
    receiver.say(Says::Yes);
    platform.restart().await?;
    let told = || -> Vec<String> {
        let mut told: Vec<String> =
            receiver.taken().iter().map(|one| one["data"]["version"].to_string()).collect();
        told.sort();
        told
    };
    until("it is told", Duration::from_secs(20), async || Ok((told().len() >= 2).then_some(()))).await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let once = told();
    ensure!(!once.windows(2).any(|pair| pair[0] == pair[1]), "told twice: {once:?}");
    until("the desk sees it", PATIENCE, async || {
        Ok(first_notice(&operator, &incident).await?.filter(|one| one["state"] == "sent"))
    })
    .await?;
    Ok(())
}

#[tokio::test]
async fn a_receiver_that_wants_nothing_more_is_left_alone_until_the_next_start() -> Result<()> {
    let (gateway, receiver) = (Gateway::open().await?, Gateway::open().await?);
    let mut platform = Platform::start_with(with_a_receiver(&gateway, &receiver)).await?;
    let operator = platform.log_in("operator").await?;
    receiver.say(Says::Gone);
    platform.handset("demo-0001").await?.press("p-1", "b", 1).await?;
    let incident = open(&operator).await?;
    until("it is said by name", PATIENCE, async || {
        let is_named = platform.health().await?.to_string().contains("township0");
        Ok((is_named && platform.has_problem("receiver_gone").await?).then_some(()))
    })
    .await?;
    let asked = receiver.asked().len();
    let path = format!("/api/incidents/{}/notices?", incident["id"].as_str().context("an id")?);
    let left_out = async || -> Result<Option<()>> {
        let unsent = |one: &Value| one["state"] == "ended" && one["why"] == "the receiver wants nothing more";
        Ok(operator.list(&path).await?.iter().any(unsent).then_some(()))
    };
    operator.claim(&incident).await?.ok()?;
    until("the next event is not sent", PATIENCE, left_out).await?;
    ensure!(receiver.asked().len() == asked, "it was asked again: {:?}", receiver.asked());
    receiver.say(Says::Yes);
    platform.stop().await?;
    platform.restart().await?;
    ensure!(!platform.has_problem("receiver_gone").await?);
    let now = operator.incident(&incident["id"]).await?;
    operator.act("note", &now, json!({ "text": "又设置好了" })).await?.ok()?;
    until("it is told again", PATIENCE, async || {
        Ok(receiver.taken().iter().any(|one| one["type"] == "incident.noted").then_some(()))
    })
    .await
}
