//! What people at screens cost: log-ins by the thousand, and looks that go on record.

use crate::pressing::Pressing;
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::{fs::File, time::Duration};
use tests::{
    Platform,
    account::{PASSWORD, try_log_in},
    figures::{append, ms, percentile},
};
use tokio::{
    task::JoinSet,
    time::{Instant, interval},
};

/// A minute's log-ins, one in four with a wrong password.
const LOG_INS: u32 = 1_000;
const LOOKS: usize = 500;

/// Presses on their way to a screen while a thousand people a minute log in.
pub(crate) async fn presses_beside_log_ins(platform: &Platform) -> Result<Value> {
    let handsets = Pressing::connect(platform).await?;
    let base = platform.at.http.clone();
    let mut logging_in = JoinSet::new();
    logging_in.spawn(async move {
        let mut turn = interval(Duration::from_mins(1) / LOG_INS);
        let (mut asked, mut answers) = (0_u64, JoinSet::new());
        loop {
            turn.tick().await;
            let (base, wrong) = (base.clone(), asked % 4 == 0);
            asked += 1;
            // Each from another account's point of view: a wrong one is slowed down only under its own name.
            let username = if wrong { format!("nobody-{asked}") } else { "operator2".to_owned() };
            answers.spawn(
                async move { try_log_in(&base, &username, PASSWORD).await.map(|answer| answer.status) },
            );
            while answers.try_join_next().is_some() {}
        }
    });
    let presses = handsets.press(platform, "1,000 log-ins/min").await?;
    logging_in.abort_all();
    Ok(presses)
}

/// What it costs a look to be on record before it is answered.
pub(crate) async fn looks(platform: &Platform) -> Result<Value> {
    platform.handset("demo-0060").await?.press("looked at", "b", 1).await?;
    let operator = platform.log_in("operator").await?;
    let incident = operator.incidents("open").await?.pop().context("an incident")?;
    let path = format!("/api/incidents/{}", incident["id"].as_str().context("an id")?);
    let mut disk = File::create(platform.data().join("fdatasync"))?;
    let (mut plain, mut recorded, mut syncs) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..LOOKS {
        for (path, times) in [("/api/codes", &mut plain), (path.as_str(), &mut recorded)] {
            let begun = Instant::now();
            ensure!(operator.get(path).await?.status == 200, "{path}");
            times.push(ms(begun.elapsed()));
        }
        syncs.push(append(&mut disk)?);
    }
    let [plain, recorded, sync] = [&plain, &recorded, &syncs].map(|times| percentile(times, 500));
    say!("a look on record, an answer that is not, p50 {recorded:>27.2}, {plain:.2} ms");
    say!("  limit: fdatasync append in between {sync:>32.2} ms");
    Ok(json!({"recorded_ms": recorded, "plain_ms": plain, "fdatasync_ms": sync}))
}
