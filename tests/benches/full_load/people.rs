//! What people at screens cost: log-ins by the thousand, and looks that go on record.

use crate::pressing::Pressing;
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tests::{
    Goals, Platform,
    account::{PASSWORD, try_log_in},
    figures::{Disk, ms, percentile},
};
use tokio::{
    task::JoinSet,
    time::{Instant, interval},
};

/// A minute's log-ins, one in four with a wrong password.
const LOG_INS: u32 = 1_000;
const LOOKS: usize = 500;
/// As a multiple of the same without log-ins.
const SLOWER_AT_MOST: f64 = 1.2;
/// A look on record waits for a group commit at most.
const SYNCS_OF_A_LOOK: f64 = 2.0;

/// How many log-ins were answered how.
type Answers = Arc<Mutex<BTreeMap<String, u64>>>;

/// Presses on their way to a screen while nobody logs in, and while a thousand people a minute do.
pub(crate) async fn presses_beside_log_ins(platform: &Platform, goals: &mut Goals) -> Result<Value> {
    let handsets = Pressing::connect(platform).await?;
    let alone = handsets.press(platform, "no log-ins").await?;
    let answers: Answers = Arc::default();
    let mut logging_in = JoinSet::new();
    logging_in.spawn(log_in_again_and_again(platform.at.http.clone(), Arc::clone(&answers)));
    let beside = handsets.press(platform, "1,000 log-ins/min").await?;
    logging_in.abort_all();
    let answers = answers.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let said: Vec<String> = answers.iter().map(|(status, count)| format!("{count} x {status}")).collect();
    let otherwise = answers.iter().filter(|(status, _)| !matches!(status.as_str(), "200" | "401"));
    let otherwise = u32::try_from(otherwise.map(|(_, count)| count).sum::<u64>())?;
    let goal = goals.at_most("log-ins answered neither 200 nor 401", f64::from(otherwise), 0.0, "");
    say!("  log-ins were answered {} (three to one were asked); otherwise: {goal}", said.join(", "));
    ensure!(answers.contains_key("200"), "nobody was let in, so nothing was measured: {answers:?}");
    // The first presses of handsets find nothing in memory, and all of them fall into the first round.
    let times_as_long = |at: &str| beside.pointer(at).zip(alone.pointer(at)).map_or(f64::NAN, ratio);
    let (p50, p99) = (times_as_long("/frame_ms/0"), times_as_long("/later_p99_ms"));
    let what = "presses beside log-ins, as a multiple of those without";
    let half = goals.at_most(&format!("{what}, p50"), p50, SLOWER_AT_MOST, "x");
    let most = goals.at_most(&format!("{what}, p99"), p99, SLOWER_AT_MOST, "x");
    say!("  p50 of {what} {p50:.2} x   {half}");
    say!("  p99 of later {what} {p99:.2} x   {most}");
    Ok(
        json!({"alone": alone, "beside": beside, "answers": answers, "p50_ratio": p50, "later_p99_ratio": p99}),
    )
}

fn ratio((one, other): (&Value, &Value)) -> f64 {
    one.as_f64().unwrap_or(f64::NAN) / other.as_f64().unwrap_or(f64::NAN)
}

async fn log_in_again_and_again(base: String, answers: Answers) {
    let mut turn = interval(Duration::from_mins(1) / LOG_INS);
    let mut trying = JoinSet::new();
    for asked in 0_u64.. {
        turn.tick().await;
        let (base, answers) = (base.clone(), Arc::clone(&answers));
        // Each from another account's point of view: a wrong one is slowed down only under its own name.
        let username =
            if asked.is_multiple_of(4) { format!("nobody-{asked}") } else { "operator2".to_owned() };
        trying.spawn(async move {
            let answer = try_log_in(&base, &username, PASSWORD).await;
            let status = answer.map_or_else(|_| "no answer".to_owned(), |answer| answer.status.to_string());
            *answers.lock().unwrap_or_else(PoisonError::into_inner).entry(status).or_default() += 1;
        });
        while trying.try_join_next().is_some() {}
    }
}

/// What it costs a look to be on record before it is answered.
pub(crate) async fn looks(platform: &Platform, goals: &mut Goals) -> Result<Value> {
    platform.handset("demo-0060").await?.press("looked at", "b", 1).await?;
    let operator = platform.log_in("operator").await?;
    let incident = operator.incidents("open").await?.pop().context("an incident")?;
    let path = format!("/api/incidents/{}", incident["id"].as_str().context("an id")?);
    let disk = Disk::beside(platform)?;
    let (mut plain, mut recorded, mut syncs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..LOOKS {
        for (path, times) in [("/api/codes", &mut plain), (path.as_str(), &mut recorded)] {
            let begun = Instant::now();
            ensure!(operator.get(path).await?.status == 200, "{path}");
            times.push(ms(begun.elapsed()));
        }
        syncs.push(disk.append().await?);
    }
    let [plain, recorded, sync] = [&plain, &recorded, &syncs].map(|times| percentile(times, 500));
    say!("a look on record, an answer that is not, p50 {recorded:>27.2}, {plain:.2} ms");
    say!("  limit: fdatasync append in between {sync:>32.2} ms");
    // A group commit is one sync and the writing of a page or two; what it costs the throughput of fixes is measured by
    // `cargo bench -p store --bench audit`.
    let (costs, syncs) = (recorded - plain, (recorded - plain) / sync);
    let goal = goals.at_most("a look on record, as a multiple of fdatasync", syncs, SYNCS_OF_A_LOOK, "x");
    say!("  being on record costs {costs:>45.2} ms, {syncs:.1} x the limit   {goal}: one group commit");
    Ok(json!({"recorded_ms": recorded, "plain_ms": plain, "fdatasync_ms": sync, "costs_syncs": syncs}))
}
