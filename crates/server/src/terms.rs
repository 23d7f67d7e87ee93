//! What is kept for a term and no longer: the person in old incidents, what is left of those who were erased, old rows
//! of the audit log, what is sealed with a key of before. Tracks have a keeper of their own (the journal's).

use dispatch::Shared;
use model::SignedDuration;
use std::time::Duration;
use store::{AuditRow, MakeNameless, RemoveErasedTracks, RemoveOldAudit, Reseal, StoreError};
use tokio_util::sync::CancellationToken;

/// How often it is looked for something whose time has come: nobody waits for it.
const EVERY: Duration = Duration::from_mins(10);
/// Incidents made nameless in one go.
const AT_ONCE: u32 = 50;
/// Between two steps everybody else is served.
const REST: Duration = Duration::from_millis(50);

/// How long people stand in what is kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    /// In incidents.
    pub(crate) incidents: SignedDuration,
    /// In the audit log.
    pub(crate) audit: SignedDuration,
}

pub(crate) async fn keep(shared: Shared, terms: Terms, stop: CancellationToken) {
    loop {
        let work = step(&shared, terms);
        match stop.run_until_cancelled(work).await {
            None => return,
            Some(Ok(())) => {}
            Some(Err(error)) => {
                tracing::warn!(event = "terms_not_kept", error = &error as &dyn std::error::Error);
            }
        }
        if stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_none() {
            return;
        }
    }
}

/// Everything whose time has come.
async fn step(shared: &Shared, terms: Terms) -> Result<(), StoreError> {
    let now = shared.clock.now();
    let before = |term: SignedDuration| now.checked_sub(term).unwrap_or_default();
    let written = |what: &'static str| move |source| StoreError::Write { what, source };
    loop {
        let due = shared.store.incidents_with_names(before(terms.incidents), AT_ONCE).await?;
        for incident in &due {
            let audit = vec![AuditRow {
                at: now,
                username: "system".to_owned(),
                source: "system".to_owned(),
                action: "make_nameless".to_owned(),
                subject: incident.to_string(),
                detail: "retention.incidents_days".to_owned(),
            }];
            let job = MakeNameless { incident: incident.clone(), audit };
            shared.store.write(job).await.map_err(written("an old incident"))?;
            tokio::time::sleep(REST).await;
        }
        if due.len() < usize::try_from(AT_ONCE).unwrap_or(usize::MAX) {
            break;
        }
    }
    while shared.store.write(RemoveErasedTracks).await.map_err(written("tracks of the erased"))? {
        tokio::time::sleep(REST).await;
    }
    while shared.store.write(Reseal(shared.store.keys().clone())).await.map_err(written("sealed records"))?
        > 0
    {
        tokio::time::sleep(REST).await;
    }
    if let Some(job) = RemoveOldAudit::due(&shared.store, before(terms.audit), now).await? {
        shared.store.write(job).await.map_err(written("the audit log"))?;
    }
    Ok(())
}
