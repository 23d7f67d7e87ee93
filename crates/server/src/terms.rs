//! What is kept for a term and no longer: the person in old incidents and signals, what is left of those who were erased, old rows
//! of the audit log, what is sealed with a key of before. Tracks have a keeper of their own (the journal's). By a clock that is
//! not believed yet nothing is old.

use dispatch::Shared;
use model::{IncidentId, SignedDuration, Timestamp};
use std::time::Duration;
use store::{
    AuditRow, ForgetSignals, JobError, MakeNameless, RemoveErasedTracks, RemoveHeard, RemoveOldAudit,
    RemoveOldMessages, Reseal, ResealPlace, SealCallers, Store, StoreError, Whose, is_writer_gone,
};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How often it is looked for something whose time has come: nobody waits for it.
const EVERY: Duration = Duration::from_mins(10);
/// How long it is not looked for what is sealed with a key of before once there was nothing: such a look goes through whole tables, and
/// only another process that has not been restarted yet seals with that key.
const SEALED_FOR: Duration = Duration::from_hours(24);
/// Incidents made nameless in one go.
const AT_ONCE: u32 = 50;
/// Between two steps everybody else is served.
const REST: Duration = Duration::from_millis(50);

/// How long people stand in what is kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Terms {
    /// In incidents, in signals that stand in none, and in the hours in which handsets were heard: reports are made of all of them.
    pub(crate) incidents: SignedDuration,
    /// In the audit log.
    pub(crate) audit: SignedDuration,
    /// In what handsets said beside positions and presses, and in quarantine.
    pub(crate) messages: SignedDuration,
}

pub(crate) async fn keep(shared: Shared, terms: Terms, stop: CancellationToken) {
    let mut all_sealed = None;
    loop {
        if stop.run_until_cancelled(step(&shared, terms, &mut all_sealed)).await.is_none()
            || stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_none()
        {
            return;
        }
    }
}

/// Everything whose time has come; what cannot be done holds up nothing else.
async fn step(shared: &Shared, terms: Terms, all_sealed: &mut Option<Instant>) {
    let now = shared.clock.now();
    let mut done = match is_held(shared, now).await {
        Ok(true) => Vec::new(),
        Ok(false) => remove_old(shared, terms, now).await,
        Err(error) => vec![("whether the clock is believed", Err(error))],
    };
    done.extend([
        ("incidents of the erased", make_nameless(shared, Due::Erased).await),
        ("signals of the erased", forget_signals(shared, Whose::Erased).await),
        ("tracks of the erased", remove_tracks(shared).await),
        ("callers of before", seal_callers(shared).await),
        ("what is sealed with a key of before", reseal(shared, all_sealed).await),
    ]);
    let failed: Vec<String> =
        done.iter().filter_map(|(what, done)| Some(format!("{what}: {}", done.as_ref().err()?))).collect();
    if failed.is_empty() {
        shared.health.clear(NOT_KEPT);
    } else {
        tracing::warn!(event = NOT_KEPT, failed = failed.join("; "));
        shared.health.raise(NOT_KEPT, failed.join("; "), now);
    }
}

/// The troubles that the health names.
const NOT_KEPT: &str = "terms_not_kept";
const HELD: &str = "removals_held";

type Done = (&'static str, Result<(), StoreError>);

/// What is old by the clock.
async fn remove_old(shared: &Shared, terms: Terms, now: Timestamp) -> Vec<Done> {
    let before = |term: SignedDuration| now.checked_sub(term).unwrap_or_default();
    vec![
        ("old incidents", make_nameless(shared, Due::Before(before(terms.incidents))).await),
        ("old signals in no incident", forget_signals(shared, Whose::Before(before(terms.incidents))).await),
        ("old hours of handsets", remove_heard(shared, before(terms.incidents)).await),
        ("old rows of the audit log", remove_audit(shared, before(terms.audit)).await),
        ("old messages of handsets", remove_messages(shared, before(terms.messages)).await),
    ]
}

/// Whether the clock was so far ahead at a start that nothing is removed by it yet.
async fn is_held(shared: &Shared, now: Timestamp) -> Result<bool, StoreError> {
    let until = shared.store.removals_held_until().await?.filter(|until| now < *until);
    let detail = until.map(|until| {
        format!(
            "at a start this machine's clock was more than 7 days after the platform last ran, so nothing old is removed \
             before {until}. Is the clock right? If not, set it and restart the platform; if it is, there is nothing to do"
        )
    });
    shared.health.set(HELD, detail, now);
    Ok(until.is_some())
}

fn written(what: &'static str) -> impl Fn(JobError) -> StoreError {
    move |source| StoreError::Write { what, source }
}

/// Out of which closed incidents the person is taken.
#[derive(Debug, Clone, Copy)]
enum Due {
    /// Those that were opened before a moment.
    Before(Timestamp),
    /// Those about somebody who was erased: a handset that was out of reach may bring a press after that.
    Erased,
}

impl Due {
    async fn find(self, store: &Store, limit: u32) -> Result<Vec<IncidentId>, StoreError> {
        match self {
            Self::Before(before) => store.incidents_with_names(before, limit).await,
            Self::Erased => store.incidents_of_the_erased(limit).await,
        }
    }

    /// Why, as it goes on record.
    fn why(self) -> &'static str {
        match self {
            Self::Before(_) => "retention.incidents_days",
            Self::Erased => "erased",
        }
    }
}

/// One that cannot be done keeps none of the others back.
async fn make_nameless(shared: &Shared, due: Due) -> Result<(), StoreError> {
    let (mut failed, mut last) = (Vec::new(), Ok(()));
    loop {
        // Those that cannot be done come again first: the look reaches further by as many.
        let found = due.find(&shared.store, further(failed.len())).await?;
        let left: Vec<IncidentId> = found.into_iter().filter(|id| !failed.contains(id)).collect();
        if left.is_empty() {
            return last;
        }
        for incident in left {
            let audit = vec![AuditRow {
                at: shared.clock.now(),
                username: "system".to_owned(),
                source: "system".to_owned(),
                action: "make_nameless".to_owned(),
                subject: incident.to_string(),
                detail: due.why().to_owned(),
            }];
            match shared.store.write(MakeNameless { incident: incident.clone(), audit }).await {
                Ok(()) => {}
                Err(error) if is_writer_gone(&error) => return Err(written("an old incident")(error)),
                Err(error) => {
                    last = Err(written("an old incident")(error));
                    failed.push(incident);
                }
            }
            tokio::time::sleep(REST).await;
        }
    }
}

/// How many are looked for where so many were passed over.
fn further(passed_over: usize) -> u32 {
    AT_ONCE.saturating_add(u32::try_from(passed_over).unwrap_or(u32::MAX))
}

async fn forget_signals(shared: &Shared, whose: Whose) -> Result<(), StoreError> {
    while shared.store.write(ForgetSignals(whose.clone())).await.map_err(written("signals"))? > 0 {
        tokio::time::sleep(REST).await;
    }
    Ok(())
}

async fn remove_tracks(shared: &Shared) -> Result<(), StoreError> {
    while shared.store.write(RemoveErasedTracks).await.map_err(written("tracks"))? {
        tokio::time::sleep(REST).await;
    }
    Ok(())
}

async fn remove_audit(shared: &Shared, before: Timestamp) -> Result<(), StoreError> {
    while let Some(job) = RemoveOldAudit::due(&shared.store, before, shared.clock.now()).await? {
        shared.store.write(job).await.map_err(written("the audit log"))?;
        tokio::time::sleep(REST).await;
    }
    Ok(())
}

async fn remove_messages(shared: &Shared, before: Timestamp) -> Result<(), StoreError> {
    while shared.store.write(RemoveOldMessages { before }).await.map_err(written("old messages"))? > 0 {
        tokio::time::sleep(REST).await;
    }
    Ok(())
}

async fn remove_heard(shared: &Shared, before: Timestamp) -> Result<(), StoreError> {
    while shared.store.write(RemoveHeard { before }).await.map_err(written("hours of handsets"))? > 0 {
        tokio::time::sleep(REST).await;
    }
    Ok(())
}

/// Numbers that were written down before they were sealed. An incident that somebody has opened again meanwhile waits for its end.
async fn seal_callers(shared: &Shared) -> Result<(), StoreError> {
    let (mut left_out, mut broken) = (Vec::new(), Vec::new());
    loop {
        let due = shared.store.callers_in_plain(further(left_out.len())).await?;
        let left: Vec<IncidentId> = due.into_iter().filter(|id| !left_out.contains(id)).collect();
        if left.is_empty() {
            shared.health.rows_unreadable("callers of before", &broken, shared.clock.now());
            return Ok(());
        }
        for incident in left {
            let job = SealCallers { incident: incident.clone(), keys: shared.store.keys().clone() };
            match shared.store.write(job).await {
                Ok(()) => {}
                Err(JobError::Conflict) => left_out.push(incident),
                Err(error) if is_writer_gone(&error) => return Err(written("a caller")(error)),
                Err(error) => {
                    broken.push(format!("{incident}: {error}"));
                    left_out.push(incident);
                }
            }
            tokio::time::sleep(REST).await;
        }
    }
}

/// What cannot be opened is passed over. The health says of which kind it is; `jujiale keys retire` names the rows, for they name
/// people, and the health is open to everybody.
async fn reseal(shared: &Shared, all_sealed: &mut Option<Instant>) -> Result<(), StoreError> {
    let keys = shared.store.keys();
    // Without a key of before there is nothing to look for.
    if keys.older().next().is_none() || all_sealed.is_some_and(|since| since.elapsed() < SEALED_FOR) {
        return Ok(());
    }
    let (mut from, mut broken, mut sealed) = (Some(ResealPlace::default()), Vec::new(), 0_usize);
    while let Some(after) = from {
        let job = Reseal { keys: keys.clone(), after };
        let done = shared.store.write(job).await.map_err(written("sealed records"))?;
        sealed = sealed.saturating_add(done.done);
        broken.extend(done.broken.into_iter().map(|row| format!("{}: {}", row.table, row.problem)));
        from = done.next;
        tokio::time::sleep(REST).await;
    }
    *all_sealed = (sealed == 0 && broken.is_empty()).then(Instant::now);
    shared.health.rows_unreadable("sealed records", &broken, shared.clock.now());
    Ok(())
}
