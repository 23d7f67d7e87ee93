//! One claim wins, however close the other.

use anyhow::{Result, ensure};
use futures_util::future::{try_join, try_join_all};
use serde_json::Value;
use tests::{Account, Platform, clock, until};

const INCIDENTS: usize = 100;
/// A thousand races in all.
const ROUNDS: usize = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_claims_at_once_one_wins_and_the_other_learns_who() -> Result<()> {
    let platform = Platform::start().await?;
    let (first, second) = (platform.log_in("operator").await?, platform.log_in("operator2").await?);
    for round in 0..clock::soak(ROUNDS, 2 * ROUNDS) {
        raise(&platform, round).await?;
        let incidents = until("all presses in the queue", tests::PATIENCE, async || {
            let open = first.incidents("open").await?;
            Ok((open.len() == INCIDENTS).then_some(open))
        })
        .await?;
        let mut won = 0;
        for (nth, incident) in incidents.iter().enumerate() {
            let (one, other) = if nth % 2 == 0 { (&first, &second) } else { (&second, &first) };
            won += usize::from(race(one, other, incident).await?);
        }
        eprintln!("of {INCIDENTS} races the one that was asked first won {won}");
        for incident in first.incidents("open").await? {
            let holder = if incident["holder"]["username"] == "operator" { &first } else { &second };
            holder.close(&incident).await?.ok()?;
        }
    }
    Ok(())
}

async fn raise(platform: &Platform, round: usize) -> Result<()> {
    let connecting = (1..=INCIDENTS).map(async |nth| platform.handset(&format!("demo-{nth:04}")).await);
    let handsets = try_join_all(connecting).await?;
    let id = format!("round-{round}");
    try_join_all(handsets.iter().map(|handset| handset.press(&id, "b", 1))).await?;
    Ok(())
}

/// Both at once; says whether the first one won.
async fn race(one: &Account, other: &Account, incident: &Value) -> Result<bool> {
    let (mine, theirs) = try_join(one.claim(incident), other.claim(incident)).await?;
    let (won, lost, winner) =
        if mine.status == 200 { (&mine, &theirs, one) } else { (&theirs, &mine, other) };
    ensure!(won.status == 200 && won.body["holder"]["username"] == winner.username.as_str(), "{won:?}");
    ensure!(lost.is_problem(409) && lost.body["holder"]["username"] == winner.username.as_str(), "{lost:?}");
    let now = one.incident(&incident["id"]).await?;
    ensure!(now["holder"]["username"] == winner.username.as_str(), "{now}");
    Ok(mine.status == 200)
}
