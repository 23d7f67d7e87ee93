//! Planned absences, and windows for drills that are open.

use crate::fences::{RESIDENT, WHO, home, walk_out};
use anyhow::{Context as _, Result, ensure};
use model::SignedDuration;
use serde_json::{Value, json};
use std::time::Duration;
use tests::{PATIENCE, Platform, clock, until};
use tokio::time::sleep;

const ABSENCES: &str = "/api/residents/r-0001/absences";

fn in_hours(hours: i64) -> Value {
    json!(
        clock::now()
            .checked_add(SignedDuration::from_hours(hours))
            .map(|at| at.to_string())
            .unwrap_or_default()
    )
}

#[tokio::test]
async fn an_absence_has_an_end_and_never_silences_a_press() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, family) = (platform.log_in("operator").await?, platform.log_in("relative").await?);
    for wrong in [
        json!({ "reason": "hospital", "to": in_hours(-1) }),
        json!({ "reason": "hospital", "from": in_hours(3), "to": in_hours(2) }),
        json!({ "reason": "hospital", "to": in_hours(24 * 93) }),
        json!({ "reason": "for ever", "to": in_hours(5) }),
    ] {
        ensure!(operator.post(ABSENCES, &wrong).await?.is_problem(422), "{wrong}");
    }
    let whole = json!({ "reason": "hospital", "to": in_hours(48) });
    ensure!(family.post(ABSENCES, &whole).await?.is_problem(403));
    ensure!(operator.post("/api/residents/nobody/absences", &whole).await?.is_problem(404));
    let entered = operator.post(ABSENCES, &whole).await?;
    ensure!(entered.status == 201 && entered.body["by"] == "operator", "{entered:?}");
    let card = operator.get("/api/residents/r-0001?reason=check").await?.ok()?;
    ensure!(card["absences"][0] == entered.body, "{card}");

    platform.handset("demo-0001").await?.press("p-1", "b", 1).await?;
    let incident =
        until("an incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    ensure!(incident["severity"] == "life" && incident["sounding"] == true, "{incident}");

    let path = format!("{ABSENCES}/{}", entered.body["id"].as_str().context("an id")?);
    ensure!(operator.delete(&path).await?.status == 204);
    ensure!(operator.delete(&path).await?.is_problem(404), "it has ended");
    ensure!(operator.list(&format!("{ABSENCES}?")).await?.is_empty());
    Ok(())
}

/// What the watch raises: of her who is away it stands in the list of the day, of her who is at home it is an incident.
#[tokio::test]
async fn what_she_does_not_do_at_home_is_no_news_while_she_is_away() -> Result<()> {
    let mut platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let whole = json!({ "reason": "holiday", "to": in_hours(48) });
    operator.post(ABSENCES, &whole).await?.ok()?;
    platform.stop().await?;
    let at = clock::now();
    for resident in ["r-0001", "r-0002"] {
        let handset = resident.replace("r-", "demo-");
        let body = json!({ "id": format!("quiet-{resident}"), "kind": "inactivity", "handset": handset,
            "resident": resident, "cancel": false, "at": at.to_string(), "received_at": at.to_string(),
            "late_by_s": 0, "remarks": [] });
        let statement = format!(
            "INSERT INTO signals (signal_id, kind, handset_id, resident_id, received_at_us, body)
             VALUES ('quiet-{resident}', 'inactivity', '{handset}', '{resident}', {}, '{body}')",
            at.as_microsecond()
        );
        tests::tools::sqlite(&platform.data(), &statement)?;
    }
    platform.restart().await?;
    let operator = platform.log_in("operator").await?;
    let incident =
        until("her who is at home", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    ensure!(incident["resident"]["id"] == "r-0002", "{incident}");
    ensure!(operator.incidents("open").await?.len() == 1, "she is away");
    let quiet = operator.list("/api/technical?").await?;
    ensure!(
        quiet.iter().any(|one| one["kind"] == "inactivity" && one["resident"]["id"] == "r-0001"),
        "{quiet:?}"
    );
    Ok(())
}

/// Outside of her fence with a battery that is nearly empty: nobody is asked to look while she is on holiday, and somebody is once she
/// should be back, however often the platform starts.
#[tokio::test]
async fn what_still_holds_when_an_absence_ends_is_told_once() -> Result<()> {
    let mut platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let absences = format!("/api/residents/{RESIDENT}/absences");
    let whole = json!({ "reason": "holiday", "to": in_hours(48) });
    let entered = operator.post(&absences, &whole).await?.ok()?;
    let handset = platform.handset(WHO).await?;
    walk_out(&handset, home(&platform.log_in("supervisor").await?).await?).await?;
    let low = json!({ "online": true, "battery_pct": 8, "charging": false, "at": clock::now().to_string() });
    handset.publish("status", low.to_string()).await?;
    until("the line of the day", PATIENCE, async || {
        let lines = operator.list("/api/technical?").await?;
        Ok(lines.iter().any(|line| line["kind"] == "low_battery").then_some(()))
    })
    .await?;
    ensure!(operator.incidents("open").await?.is_empty(), "she is away");
    // That it was told is on disk with the signal; the end of the absence is heard after a crash as well.
    let path = format!("{absences}/{}", entered["id"].as_str().context("an id")?);
    ensure!(operator.delete(&path).await?.status == 204);
    platform.kill()?;
    platform.restart().await?;
    let operator = platform.log_in("operator").await?;
    let opened =
        until("her incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    ensure!(opened["resident"]["id"] == RESIDENT, "{opened:#}");
    let told = |incident: &Value| tests::live::signals(incident).len();
    ensure!(tests::live::signals(&opened).iter().all(|one| one["kind"] == "low_battery"), "{opened:#}");
    platform.kill()?;
    platform.restart().await?;
    let operator = platform.log_in("operator").await?;
    sleep(Duration::from_secs(4)).await;
    let open = operator.incidents("open").await?;
    ensure!(open.len() == 1 && told(&open[0]) == told(&opened), "{open:#?}");
    platform.is_whole().await
}

#[tokio::test]
async fn windows_for_drills_are_seen_while_they_are_open() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let windows = async || operator.list("/api/drills/windows?").await;
    ensure!(windows().await?.is_empty());
    let drill = "/api/handsets/demo-0001/drill";
    let opened = operator.post(drill, &json!({ "minutes": 5 })).await?.ok()?;
    ensure!(windows().await? == [opened], "it is shown as it was opened");
    ensure!(operator.delete(drill).await?.status == 204);
    ensure!(windows().await?.is_empty());
    Ok(())
}
