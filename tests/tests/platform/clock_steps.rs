//! Somebody sets the wall clock, while the platform runs and between two runs: deadlines come when they would have
//! come, and presses are receipted.

use crate::sessions::code;
use anyhow::{Context as _, Result, ensure};
use futures_util::future::try_join_all;
use serde_json::{Value, json};
use std::{path::PathBuf, time::Duration};
use tests::{Account, Live, PATIENCE, Platform, Setup, account::PASSWORD, clock::parse, tools, until};
use tokio::time::{Instant, sleep_until};

const HOUR_S: i64 = 3600;
const DAY_S: i64 = 86_400;
/// The ladder's first wait, and how early or late it may come on a busy machine.
const STEP_AFTER: Duration = Duration::from_secs(30);
const EARLY: Duration = Duration::from_millis(500);
const LATE: Duration = Duration::from_secs(4);

/// A wall clock that can be set.
pub(crate) struct WallClock {
    _folder: tempfile::TempDir,
    file: PathBuf,
}

impl WallClock {
    pub(crate) fn right() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let clock = Self { file: folder.path().join("offset"), _folder: folder };
        clock.set(0)?;
        Ok(clock)
    }

    /// Sets it so many seconds off.
    pub(crate) fn set(&self, offset_s: i64) -> Result<()> {
        // Replaced in one go: the platform reads it at every look at the clock.
        let next = self.file.with_extension("next");
        std::fs::write(&next, format!("{offset_s:+}\n"))?;
        Ok(std::fs::rename(next, &self.file)?)
    }

    pub(crate) fn setup(&self) -> Result<Setup> {
        let library = tools::faketime_library()?.display().to_string();
        let file = self.file.display().to_string();
        let env = [
            ("LD_PRELOAD", library.as_str()),
            ("FAKETIME_TIMESTAMP_FILE", &file),
            ("FAKETIME_NO_CACHE", "1"),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
            ("DONT_FAKE_MONOTONIC", "1"),
            ("NO_FAKE_STAT", "1"),
        ];
        let env = env.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Ok(Setup { env, ..Setup::default() })
    }
}

async fn first_step(screen: &Live, press_id: &str) -> Result<Instant> {
    let is_it = |shown: &Value| tests::live::shows(shown, press_id) && shown["ladder_step"] == 1;
    let what = format!("the first step of {press_id}");
    Ok(screen.next_incident(&what, STEP_AFTER + LATE * 2, is_it).await?.1)
}

#[tokio::test]
async fn set_while_running_no_deadline_moves() -> Result<()> {
    let wall = WallClock::right()?;
    let platform = Platform::start_with(wall.setup()?).await?;
    let (_, screen) = platform.operator().await?;
    let mut pressed = Vec::new();
    for (nth, offset_s) in [HOUR_S, -HOUR_S, DAY_S, -DAY_S].into_iter().enumerate() {
        let handset = platform.handset(&format!("demo-{:04}", 70 + nth)).await?;
        handset.press(&handset.id, "b", 1).await?;
        pressed.push((handset.id.clone(), offset_s, Instant::now()));
        wall.set(offset_s)?;
        until("the step is noticed", PATIENCE, async || {
            // The detail names the offset, to the second or so: the step before must not do.
            let health = platform.health().await?.to_string();
            let mut near = offset_s - 2..=offset_s + 2;
            Ok(near.any(|by_s| health.contains(&format!("by {by_s} s"))).then_some(()))
        })
        .await?;
        handset.press(&format!("{}-after", handset.id), "b", 2).await?;
    }
    for (id, offset_s, at) in pressed {
        let waited = first_step(&screen, &id).await?.duration_since(at);
        eprintln!("clock set by {offset_s} s: first step after {waited:?}");
        ensure!(waited + EARLY > STEP_AFTER && waited < STEP_AFTER + LATE, "{waited:?}");
    }
    wall.set(0)?;
    until("the right clock is noticed", PATIENCE, async || {
        Ok((!platform.has_problem("wall_clock_stepped").await?).then_some(()))
    })
    .await
}

#[tokio::test]
async fn set_between_two_runs_what_was_left_of_a_deadline_is_left() -> Result<()> {
    let runs = [-HOUR_S, -DAY_S].map(set_back_between_runs);
    try_join_all(runs).await?;
    Ok(())
}

async fn set_back_between_runs(offset_s: i64) -> Result<()> {
    let wall = WallClock::right()?;
    let mut platform = Platform::start_with(wall.setup()?).await?;
    let handset = platform.handset("demo-0075").await?;
    handset.press("before", "b", 1).await?;
    let at = Instant::now();
    // Part of the wait passes, so that what is left differs from a whole one.
    sleep_until(at + STEP_AFTER / 5).await;
    let killed = Instant::now();
    platform.kill()?;
    wall.set(offset_s)?;
    platform.restart().await?;
    let down = killed.elapsed();

    let (operator, screen) = platform.operator().await?;
    let open = operator.incidents("open").await?;
    let incident = open.first().context("the incident is there")?;
    let health = platform.health().await?;
    let left = parse(&incident["deadline_at"])?.duration_since(parse(&health["now"])?);
    eprintln!("clock set by {offset_s} s: {:.1} s left, health {health}", left.as_secs_f64());
    ensure!(left.as_secs_f64() <= STEP_AFTER.as_secs_f64(), "{incident} {health}");
    let events = operator.events(&incident["id"]).await?;
    ensure!(events.iter().any(|event| event["kind"] == "clock_went_back"), "{events:?}");

    let other = platform.handset("demo-0076").await?;
    other.press("on-the-new-clock", "b", 1).await?;
    screen.press("on-the-new-clock").await?;
    let waited = first_step(&screen, "before").await?.duration_since(at);
    eprintln!("first step after {waited:?}, {down:?} of it down");
    ensure!(waited + EARLY > STEP_AFTER && waited < STEP_AFTER + down + LATE, "{waited:?}");
    // What the earlier clock stamped is still in the logs, and must not be taken for another step back.
    platform.kill()?;
    platform.restart().await?;
    let operator = platform.log_in("operator").await?;
    let events = operator.events(&incident["id"]).await?;
    let corrections = events.iter().filter(|event| event["kind"] == "clock_went_back").count();
    ensure!(corrections == 1 && !platform.has_problem("wall_clock_went_back").await?, "{events:?}");
    Ok(())
}

/// In the hour that comes twice nobody's press is a test for a window that was over, nor is one that runs an hour longer.
#[tokio::test]
async fn set_back_between_two_runs_no_window_for_drills_opens_again() -> Result<()> {
    let wall = WallClock::right()?;
    let mut platform = Platform::start_with(wall.setup()?).await?;
    let operator = platform.log_in("operator").await?;
    let drill = |handset: &str| format!("/api/handsets/{handset}/drill");
    for handset in ["demo-0079", "demo-0080"] {
        operator.post(&drill(handset), &json!({ "minutes": 10 })).await?.ok()?;
    }
    ensure!(operator.delete(&drill("demo-0079")).await?.status == 204);
    platform.kill()?;
    wall.set(-HOUR_S)?;
    platform.restart().await?;
    let operator = platform.log_in("operator").await?;
    let windows = operator.list("/api/drills/windows").await?;
    let health = platform.health().await?;
    ensure!(windows.len() == 1, "{windows:?}");
    let window = windows.first().context("a window")?;
    ensure!(window["handset"] == "demo-0080", "{window}");
    let left = parse(&window["to"])?.duration_since(parse(&health["now"])?);
    ensure!((1..=610).contains(&left.as_secs()), "{left:?} left: {window} {health}");
    Ok(())
}

#[tokio::test]
async fn set_ahead_between_two_runs_what_was_said_is_still_heard() -> Result<()> {
    let wall = WallClock::right()?;
    let mut platform = Platform::start_with(wall.setup()?).await?;
    let operator = platform.log_in("operator").await?;
    let handset = platform.handset("demo-0078").await?;
    handset.press("before", "b", 1).await?;
    drop(handset);
    let incident =
        until("the incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    let claimed = operator.claim(&incident).await?.ok()?;
    operator.close(&claimed).await?.ok()?;
    platform.kill()?;
    wall.set(2 * HOUR_S)?;
    platform.restart().await?;
    let handset = platform.handset("demo-0078").await?;
    handset.stage("closed").await.map(drop)
}

/// Whether what was set aside long ago is still there.
async fn is_old_kept(admin: &Account) -> Result<bool> {
    let kept = admin.list("/api/quarantine").await?;
    Ok(kept.iter().any(|one| one["topic"] == "old"))
}

/// A machine whose battery was empty starts before anybody has told it the time: what is on record stays.
#[tokio::test]
async fn years_ahead_at_a_start_nothing_is_removed() -> Result<()> {
    let wall = WallClock::right()?;
    let mut platform = Platform::start_with(wall.setup()?).await?;
    platform.log_in("operator").await?;
    // What is not sealed yet would stay in any case.
    tokio::time::sleep(Duration::from_secs(3)).await;
    platform.kill()?;
    // Old by either clock: whoever removes anything removes this too.
    let old =
        "INSERT INTO quarantine (topic, received_at_us, reason, payload) VALUES ('old', 0, 'old', x'00')";
    tools::sqlite(&platform.data(), old)?;
    wall.set(3 * 365 * DAY_S)?;
    platform.restart().await?;
    until("the health says so", PATIENCE, async || {
        Ok(platform.has_problem("removals_held").await?.then_some(()))
    })
    .await?;
    let auditor = platform.log_in("auditor").await?;
    let by_operator = "/api/audit?action=log_in&username=operator";
    ensure!(auditor.list(by_operator).await?.len() == 1, "the log is as it was");
    ensure!(is_old_kept(&platform.log_in("admin").await?).await?, "so is what was old before");
    platform.kill()?;
    wall.set(60)?;
    platform.restart().await?;
    let admin = platform.log_in("admin").await?;
    until("the clock is believed, and what is old goes", PATIENCE, async || {
        Ok((!is_old_kept(&admin).await?).then_some(()))
    })
    .await?;
    ensure!(!platform.has_problem("removals_held").await?);
    ensure!(platform.log_in("auditor").await?.list(by_operator).await?.len() == 1);
    Ok(())
}

/// Telephones go by the right time, whatever this machine was told at its start.
#[tokio::test]
async fn started_with_a_wrong_clock_codes_are_right_once_it_is_set() -> Result<()> {
    let wall = WallClock::right()?;
    wall.set(-DAY_S)?;
    let platform = Platform::start_with(wall.setup()?).await?;
    let operator = platform.log_in("operator").await?;
    let offer = operator.post("/api/me/totp", &json!({ "password": PASSWORD })).await?.ok()?;
    let secret = offer["secret"].as_str().context("a secret")?;
    let confirm = async |code: &str| operator.put("/api/me/totp", &json!({ "code": code })).await;
    ensure!(confirm(&code(secret, 0).await?).await?.is_problem(403), "of another day");
    wall.set(0)?;
    let right = code(secret, 0).await?;
    ensure!(confirm(&right).await?.status == 204);
    let again = json!({ "username": "operator", "password": PASSWORD, "code": right });
    let client = reqwest::Client::new().post(format!("{}/api/session", platform.at.http));
    let replayed = tests::Answer::of(client.json(&again)).await?;
    ensure!(replayed.is_problem(401) && replayed.body["code"] == "bad_code", "{replayed:?}");
    Ok(())
}

#[tokio::test]
async fn set_ahead_between_two_runs_the_doubtful_deadline_fires() -> Result<()> {
    let wall = WallClock::right()?;
    let mut platform = Platform::start_with(wall.setup()?).await?;
    let handset = platform.handset("demo-0077").await?;
    let (_, screen) = platform.operator().await?;
    handset.press("before", "b", 1).await?;
    // Receipted is not yet placed: the deadline begins with the incident.
    screen.press("before").await?;
    platform.kill()?;
    wall.set(HOUR_S)?;
    platform.restart().await?;
    let restarted = Instant::now();
    let (operator, _) = platform.operator().await?;
    until("the ladder's step", LATE, async || {
        let open = operator.incidents("open").await?;
        Ok(open.iter().any(|incident| incident["ladder_step"] == 1).then_some(()))
    })
    .await?;
    eprintln!("fired {:?} after the restart", restarted.elapsed());
    handset.press("after", "b", 2).await?;
    Ok(())
}
