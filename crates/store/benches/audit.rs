//! What the audit log costs: fixes a second alone, and beside looks that go on record and are sealed.
//!
//! `cargo bench -p store --bench audit`. The two take turns, so that what else the machine does falls on both. If the goal is missed
//! it ends with exit code 1.

#[path = "common/disk.rs"]
mod disk;

use model::{Fix, HandsetId, Method, Timestamp, Wgs84};
use std::{
    io::Write as _,
    path::Path,
    process::ExitCode,
    time::{Duration, Instant},
};
use store::{AddHandset, AppendFixes, AuditRow, Database, JournalFix, Keys, Store, WriteAudit};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

const ROUNDS: usize = 9;
const BATCHES: usize = 300;
const BATCH: usize = 1_000;
/// Looks a second: every screen of a district opens something every few seconds.
const LOOKS: u32 = 100;
/// What they may cost the fixes, in per cent.
const GOAL: f64 = 5.0;

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(measure())
}

async fn measure() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    disk::is_below(folder.path())?;
    let store = open(folder.path()).await?;
    let handset = HandsetId::new("h-1")?;
    store.write(AddHandset { handset: handset.clone(), secret_hash: "-".to_owned() }).await?;
    let (mut alone, mut beside, mut looks) = (Vec::new(), Vec::new(), 0);
    let mut seq = 0;
    for _ in 0..ROUNDS {
        alone.push(append(&store, &handset, &mut seq).await?);
        let (stop, looking) = (CancellationToken::new(), TaskTracker::new());
        let counted = looking.spawn(look(store.clone(), stop.clone()));
        beside.push(append(&store, &handset, &mut seq).await?);
        stop.cancel();
        looks += counted.await?;
    }
    let (alone, beside) = (median(alone), median(beside));
    let mut out = std::io::stdout();
    writeln!(out, "fixes alone, median of {ROUNDS} rounds               {alone:>12.0} /s")?;
    writeln!(
        out,
        "fixes beside {LOOKS} looks a second on record  {beside:>12.0} /s   ({looks} looks, sealed)"
    )?;
    let costs = 100.0 * (1.0 - beside / alone);
    writeln!(out, "the audit log costs                          {costs:>12.1} %    goal <= {GOAL} %")?;
    if costs <= GOAL {
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(out, "goal missed: what the audit log costs  {costs:.1} %   goal <= {GOAL} %")?;
    Ok(ExitCode::FAILURE)
}

async fn open(folder: &Path) -> Result<Store, Box<dyn std::error::Error>> {
    let database = Database::from_url(&format!("sqlite://{}", folder.join("jujiale.db").display()))?;
    let (store, writer) = Store::open(&database, Keys::fresh()?, None).await?;
    TaskTracker::new().spawn(writer.run(CancellationToken::new()));
    Ok(store)
}

/// Fixes a second, a batch after the other.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
async fn append(
    store: &Store,
    handset: &HandsetId,
    seq: &mut u64,
) -> Result<f64, Box<dyn std::error::Error>> {
    let batches: Vec<Vec<JournalFix>> = (0..BATCHES)
        .map(|_| (0..BATCH).map(|_| fix(handset, seq)).collect::<Result<_, _>>())
        .collect::<Result<_, _>>()?;
    let begun = Instant::now();
    for batch in batches {
        store.write(AppendFixes(batch)).await?;
    }
    Ok(f64::from(u32::try_from(BATCHES * BATCH)?) / begun.elapsed().as_secs_f64())
}

fn fix(handset: &HandsetId, seq: &mut u64) -> Result<JournalFix, Box<dyn std::error::Error>> {
    *seq += 1;
    let at = Timestamp::from_second(1_795_000_000 + i64::try_from(*seq)?)?;
    let fix = Fix {
        boot: Some("b".to_owned()),
        seq: Some(*seq),
        fix_time: at,
        position: Wgs84::new(33.96, 118.27)?,
        accuracy_m: 18.0,
        method: Method::Gps,
        speed_mps: None,
        bearing_deg: None,
        battery_pct: Some(71.0),
    };
    Ok(JournalFix { handset: handset.clone(), received_at: at, told_time: None, fix })
}

/// Looks until stopped, each a row of its own, and a seal each second; gives how many there were.
async fn look(store: Store, stop: CancellationToken) -> u32 {
    let mut turn = tokio::time::interval(Duration::from_secs(1) / LOOKS);
    let (mut looks, rows) = (0, TaskTracker::new());
    while stop.run_until_cancelled(turn.tick()).await.is_some() {
        let at = Timestamp::from_second(1_795_000_000 + i64::from(looks)).unwrap_or_default();
        let row = AuditRow {
            at,
            username: "operator".to_owned(),
            source: "10.0.0.1".to_owned(),
            action: "read_resident".to_owned(),
            subject: "r-0001".to_owned(),
            detail: "open incident".to_owned(),
        };
        let (store, is_due) = (store.clone(), looks % LOOKS == 0);
        rows.spawn(async move {
            store.write(WriteAudit(vec![row])).await.unwrap_or_default();
            if is_due && let Ok(Some(seal)) = store.next_audit_seal(at).await {
                store.write(seal).await.unwrap_or_default();
            }
        });
        looks += 1;
    }
    rows.close();
    rows.wait().await;
    looks
}

fn median(mut rounds: Vec<f64>) -> f64 {
    rounds.sort_by(f64::total_cmp);
    rounds.get(rounds.len() / 2).copied().unwrap_or_default()
}
