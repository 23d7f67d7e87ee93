//! What the platform does for itself: its pulse, the seals of the audit log, a walk along them each day and the notes of whom it
//! names, and order in the journal of fixes.

use crate::seals::SealsFile;
use dispatch::Shared;
use metrics_exporter_prometheus::PrometheusHandle;
use model::SignedDuration;
use std::{sync::Arc, time::Duration};
use store::{AuditWalk, Compactor, Kept, NoteNamed, Pulse, SealAudit, Step, StoreError, TakeLease, Walked};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How often the platform notes that it lives: what a restart may at most misjudge of a deadline.
const PULSE_EVERY: Duration = Duration::from_secs(5);
/// How long an audit row may stand unsealed.
const SEAL_EVERY: Duration = Duration::from_secs(1);
/// After a start the audit log is verified once the doors have been open for so long: while it stood still somebody may have had
/// the file.
const VERIFIED_FIRST_AFTER: Duration = Duration::from_secs(3);
const VERIFIED_EVERY: Duration = Duration::from_hours(24);
/// Pause after it could not be read, or was not whole: what was put right is said soon.
const VERIFIED_AGAIN_AFTER: Duration = Duration::from_mins(10);
/// Between two pages it rests for so many times what a page took: a tenth of one core at most.
const VERIFY_RESTS: u32 = 9;
/// How often the journal is looked at when there was nothing to do: by then ten thousand fixes a second are a step.
const SORT_EVERY: Duration = Duration::from_secs(1);
/// After a step it rests as long as the step took, but no longer than this: half of one core is everybody else's.
const REST_AT_MOST: Duration = Duration::from_millis(50);
/// Pause after a step that failed.
const SORT_AGAIN_AFTER: Duration = Duration::from_secs(5);
/// After so long without a word from whoever notes old rows of the audit log another process goes on with it.
const NOTES_HELD_FOR: SignedDuration = SignedDuration::from_secs(60);
/// When the holder renews that.
const NOTES_RENEWED_AFTER: Duration = Duration::from_secs(20);
/// How often another process asks for it, and when it is tried again after a failure.
const NOTES_ASKED_EVERY: Duration = Duration::from_secs(10);

pub(crate) async fn pulse(shared: Shared, stop: CancellationToken) {
    while stop.run_until_cancelled(tokio::time::sleep(PULSE_EVERY)).await.is_some() {
        let online = u32::try_from(shared.bus.online().len()).unwrap_or(u32::MAX);
        metrics::gauge!("jujiale_handsets_online").set(f64::from(online));
        if let Err(error) = shared.store.write(Pulse(shared.clock.now())).await {
            tracing::warn!(event = "pulse_failed", %error);
        }
    }
}

/// What is measured is kept one by one until it is summed up: by whoever asks for the metrics, and else here, or it grows
/// for ever.
pub(crate) async fn sum_up_metrics(metrics: PrometheusHandle, stop: CancellationToken) {
    while stop.run_until_cancelled(tokio::time::sleep(PULSE_EVERY)).await.is_some() {
        metrics.run_upkeep();
    }
}

/// Seals what was written since the last seal, and notes each seal beside the database. A log that somebody has tampered with is
/// said to be so, and sealed on: what is done now stays on record.
pub(crate) async fn seal_audit(shared: Shared, kept: SealsFile, stop: CancellationToken) {
    while stop.run_until_cancelled(tokio::time::sleep(SEAL_EVERY)).await.is_some() {
        match shared.store.next_audit_seal(shared.clock.now()).await {
            Ok(None) => {}
            Ok(Some(seal)) => seal_next(&shared, &kept, seal).await,
            Err(error) => tracing::warn!(event = "audit_unreadable", %error),
        }
    }
}

async fn seal_next(shared: &Shared, kept: &SealsFile, seal: SealAudit) {
    let noted = seal.noted();
    match shared.store.write(seal).await {
        Ok(true) => match kept.note(&shared.store, noted).await {
            Ok(lost) if lost.is_empty() => {}
            Ok(lost) => {
                let problems: Vec<String> = lost.iter().map(|seal| kept.tells_lost(seal)).collect();
                say_broken(shared, &problems);
            }
            Err(error) => tracing::warn!(event = "audit_seal_not_noted", error = format!("{error:#}")),
        },
        // Another process that shares the store has sealed these rows meanwhile, and noted that.
        Ok(false) => {}
        Err(error) => tracing::warn!(event = "audit_seal_failed", %error),
    }
}

/// The trouble that the audit log is not as it was written.
const AUDIT_BROKEN: &str = "audit_broken";

fn say_broken(shared: &Shared, problems: &[String]) {
    let detail = format!(
        "the audit log is not as it was written: {}. Keep a copy of the data folder as it is before anything else; `jujiale audit \
         verify` looks again",
        problems.join("; ")
    );
    shared.health.raise(AUDIT_BROKEN, detail, shared.clock.now());
}

/// Walks the chain of the audit log after a start and once a day: that somebody asks for it is not to be waited for.
pub(crate) async fn verify_audit(shared: Shared, kept: SealsFile, stop: CancellationToken) {
    let mut pause = VERIFIED_FIRST_AFTER;
    while stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_some() {
        pause = match stop.run_until_cancelled(verify(&shared, &kept)).await {
            None => return,
            Some(Ok(problems)) if problems.is_empty() => {
                shared.health.clear(AUDIT_BROKEN);
                VERIFIED_EVERY
            }
            Some(Ok(problems)) => {
                say_broken(&shared, &problems);
                VERIFIED_AGAIN_AFTER
            }
            Some(Err(error)) => {
                tracing::warn!(event = "audit_not_verified", error = format!("{error:#}"));
                VERIFIED_AGAIN_AFTER
            }
        };
    }
}

/// What is wrong, if anything. It rests long between pages: nobody waits for it, and others for the disk.
async fn verify(shared: &Shared, kept: &SealsFile) -> anyhow::Result<Vec<String>> {
    let mut walk = AuditWalk::default();
    let broken = loop {
        let started = Instant::now();
        match walk.step(&shared.store).await? {
            Walked::Further => {}
            Walked::Whole(_) => break None,
            Walked::Broken(broken) => break Some(broken.to_string()),
        }
        tokio::time::sleep(started.elapsed().saturating_mul(VERIFY_RESTS)).await;
    };
    let lost = kept.lost(&shared.store).await?;
    Ok(broken.into_iter().chain(lost.iter().map(|seal| kept.tells_lost(seal))).collect())
}

/// How far the notes of old rows of the audit log have come.
enum Noted {
    /// To the beginning of the log.
    All,
    /// Some way further.
    Further,
    /// Another process that shares the store goes on with them.
    ByAnother,
}

/// Notes whom old rows of the audit log name, a small step at a time, until that is done. An upgrade leaves it for later, so that
/// presses get in at once; until then a search by person reads those rows one by one.
pub(crate) async fn note_named(shared: Shared, holder: Arc<str>, stop: CancellationToken) {
    let mut pause = SORT_EVERY;
    while stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_some() {
        pause = match stop.run_until_cancelled(note_for_a_while(&shared, &holder)).await {
            None | Some(Ok(Noted::All)) => return,
            Some(Ok(Noted::Further)) => REST_AT_MOST,
            Some(Ok(Noted::ByAnother)) => NOTES_ASKED_EVERY,
            Some(Err(error)) => {
                tracing::warn!(event = "audit_not_noted", error = &error as &dyn std::error::Error);
                NOTES_ASKED_EVERY
            }
        };
    }
}

/// Until the lease is to be renewed.
async fn note_for_a_while(shared: &Shared, holder: &str) -> Result<Noted, StoreError> {
    let store = &shared.store;
    if store.is_all_noted().await? {
        return Ok(Noted::All);
    }
    let now = shared.clock.now();
    let until = now.checked_add(NOTES_HELD_FOR).unwrap_or(now);
    let take = TakeLease { name: NoteNamed::LEASE, holder: holder.to_owned(), now, until };
    let answer = store.write(take).await;
    let lease = answer.map_err(|source| StoreError::Write { what: "whose turn it is", source })?;
    let Some(lease) = lease else { return Ok(Noted::ByAnother) };
    let begun = Instant::now();
    while begun.elapsed() < NOTES_RENEWED_AFTER {
        let started = Instant::now();
        let Some(piece) = NoteNamed::next(store, lease).await? else {
            tracing::info!(event = "audit_noted", "old rows of the audit log are found by whom they name");
            return Ok(Noted::All);
        };
        let written = store.write(piece).await;
        written.map_err(|source| StoreError::Write { what: "whom old audit rows name", source })?;
        tokio::time::sleep(started.elapsed().min(REST_AT_MOST)).await;
    }
    Ok(Noted::Further)
}

/// Sorts, compacts and removes fixes, a small step at a time.
pub(crate) async fn journal(shared: Shared, kept: Kept, stop: CancellationToken) {
    let mut compactor = Compactor::new(shared.store.clone(), kept);
    let mut pause = SORT_EVERY;
    while stop.run_until_cancelled(tokio::time::sleep(pause)).await.is_some() {
        let started = Instant::now();
        let work = compactor.step(shared.clock.now());
        pause = match stop.run_until_cancelled(work).await {
            None => return,
            Some(Ok(done)) => {
                shared.health.clear("journal_stuck");
                if done == Step::Nothing {
                    look_for_broken_blocks(&shared).await;
                    SORT_EVERY
                } else {
                    started.elapsed().min(REST_AT_MOST)
                }
            }
            Some(Err(error)) if error.is_conflict() => REST_AT_MOST,
            Some(Err(error)) => {
                let detail =
                    format!("fixes are kept but not sorted: tracks are slow and the disk fills ({error})");
                shared.health.raise("journal_stuck", detail, shared.clock.now());
                tracing::warn!(event = "journal_step_failed", error = &error as &dyn std::error::Error);
                SORT_AGAIN_AFTER
            }
        };
    }
}

/// Says that fixes were lost for as long as their blocks can still be looked at; `jujiale check` says it for good.
async fn look_for_broken_blocks(shared: &Shared) {
    match shared.store.blocks_in_quarantine().await {
        Ok(blocks) => shared.health.set(
            "fixes_unreadable",
            (blocks > 0).then(|| {
                format!(
                    "{blocks} blocks of positions could not be read and are in quarantine: tracks have gaps; look at the \
                     disk, and at a backup for what is missing"
                )
            }),
            shared.clock.now(),
        ),
        Err(error) => tracing::warn!(event = "quarantine_unreadable", %error),
    }
}
