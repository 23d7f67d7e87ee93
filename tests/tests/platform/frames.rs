//! Every kind of frame, on the screen of every kind of account, against the table in the docs.

use crate::{
    access_table::table,
    routes::{HANDLER, HANDSET, Ids, Walker, everybody},
};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::time::Duration;
use tests::{Live, PATIENCE, Platform, live::Frame};

/// Time enough for a frame that somebody should not be told, once the others have theirs.
const A_WHILE: Duration = Duration::from_millis(500);

/// Something of every kind happens to the incident: it is noted in, its station goes, its person moves, and it is closed.
async fn happens(platform: &Platform, walkers: &[Walker], ids: &Ids) -> Result<()> {
    let staff = walkers.iter().find(|walker| walker.column == "station, task open").context("a station")?;
    let (staff, handler) = (&staff.account, platform.log_in(HANDLER).await?);
    let handset = platform.handset(HANDSET).await?;
    handset.publish("fix", tests::handset::fix("b", 2).to_string()).await?;
    let tasks = staff.list("/api/tasks?").await?;
    let task = tasks.iter().find(|task| task["id"] == ids.task.as_str()).context("their task")?;
    let path = |act: &str| format!("/api/tasks/{}/{act}", ids.task);
    staff.post(&path("acknowledge"), &json!({ "expected_version": task["version"] })).await?.ok()?;
    staff.put("/api/me/position", &json!({ "agreed": true })).await?.ok()?;
    let now = tests::clock::now().to_string();
    let here = json!({ "lat": 33.95, "lon": 118.2757, "accuracy_m": 12.0, "at": now });
    ensure!(staff.post(&path("position"), &here).await?.status == 204);
    // Looked at every second; what is closed is on its way no more.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let open = handler.incident(&json!(ids.incident)).await?;
    handler.close(&open).await?.ok()?;
    Ok(())
}

/// Whether the frame is of this line of the table.
fn is_of(frame: &Value, kind: &str, about: &str, ids: &Ids) -> bool {
    let incident = &frame["incident"];
    match kind {
        "snapshot, health" => frame["type"] == "snapshot",
        "incident" => {
            let is_its = frame["type"] == "incident" && incident["id"] == ids.incident.as_str();
            is_its && incident["closed"].is_null() == (about == "an open incident")
        }
        "task" => frame["type"] == "task" && frame["task"]["id"] == ids.task.as_str(),
        "responder" => frame["type"] == "responder" && frame["responder"]["position"].is_object(),
        kind => frame["type"] == kind,
    }
}

#[tokio::test]
async fn every_frame_comes_to_every_role_as_the_table_says() -> Result<()> {
    let platform = Platform::start().await?;
    let (walkers, ids) = everybody(&platform).await?;
    let mut screens = Vec::new();
    for walker in &walkers {
        let screen = Live::open(&walker.account, None).await.ok();
        if let Some(screen) = &screen {
            screen.snapshot().await?;
        }
        screens.push((walker.column, screen));
    }
    happens(&platform, &walkers, &ids).await?;
    let lines = table("frame")?;
    ensure!(lines.len() >= 6, "{lines:?}");
    let mut wrong = Vec::new();
    for expected in ["yes", "–"] {
        for ([kind, _, about], answers) in &lines {
            let fits = |frame: &Frame| is_of(&frame.value, kind, about, &ids);
            for (column, screen) in screens.iter().filter(|(column, _)| answers[*column] == expected) {
                let is_told = match screen {
                    Some(screen) if expected == "yes" => {
                        screen.frames.find(kind, PATIENCE, fits).await.is_ok()
                    }
                    Some(screen) => screen.frames.count(fits) > 0,
                    None => false,
                };
                if is_told != (expected == "yes") {
                    wrong.push(format!("{column}: {kind}, {about}: {expected}, told is {is_told}"));
                }
            }
        }
        tokio::time::sleep(A_WHILE).await;
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}
