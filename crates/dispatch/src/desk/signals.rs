//! Signals join the open incident of their resident, or open one.

use super::{Desk, change::Working};
use bus::Hint;
use incident::{Command, Refusal, decide};
use model::{IncidentId, Signal};
use std::{collections::HashMap, sync::Arc, time::Duration};
use store::{CommitDesk, CursorMove, JobError, LoggedSignal, StoreError, Subject};
use tokio_util::sync::CancellationToken;

const CURSOR: &str = "desk";
/// Signals decided on in one transaction. After an outage this is how fast the pile goes down; alone, a
/// press is a transaction of its own.
const AT_ONCE: u32 = 64;
/// Pause when the store cannot be read or written.
const RETRY_AFTER: Duration = Duration::from_millis(100);

/// Why signals could not be placed.
#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    Read(#[from] StoreError),
    #[error(transparent)]
    Write(#[from] JobError),
    #[error("the engine refuses a signal")]
    Refused(#[from] Refusal),
}

/// Follows the log of signals until stopped.
pub async fn follow(desk: Desk, stop: CancellationToken) {
    let mut listener = desk.shared.bus.listen();
    let mut at_once = AT_ONCE;
    while !stop.is_cancelled() {
        match desk.place_next(at_once).await {
            Ok(true) => at_once = AT_ONCE,
            Ok(false) => {
                let news = listener.hear_or_poll(|hint| *hint == Hint::Signals);
                stop.run_until_cancelled(news).await;
            }
            // Somebody acted on one of these incidents meanwhile: decide again on what is there now.
            Err(Trouble::Write(JobError::Conflict)) if at_once > 1 => at_once = 1,
            Err(trouble) => {
                tracing::error!(event = "signals_not_placed", %trouble, at_once);
                if at_once == 1 {
                    desk.step_over_the_stuck(&trouble).await;
                }
                at_once = 1;
                tokio::time::sleep(RETRY_AFTER).await;
            }
        }
    }
}

impl Desk {
    /// Places the next signals of the log; false if there are none.
    async fn place_next(&self, at_once: u32) -> Result<bool, Trouble> {
        let from = self.shared.store.cursor(CURSOR).await?;
        let signals = self.shared.store.signals_after(from, at_once).await?;
        let Some(to) = signals.last().map(|last| last.row) else { return Ok(false) };
        let mut working: HashMap<Subject, Working> = HashMap::new();
        for LoggedSignal { signal, .. } in signals {
            self.place(signal, &mut working).await?;
        }
        let changes = working.into_values().filter_map(Working::into_change).collect();
        let cursor = Some(CursorMove { name: CURSOR, from, to });
        self.commit(CommitDesk { changes, cursor, ..CommitDesk::default() }).await?;
        Ok(true)
    }

    async fn place(&self, signal: Signal, working: &mut HashMap<Subject, Working>) -> Result<(), Trouble> {
        let subject = subject_of(&signal);
        if !working.contains_key(&subject) {
            let open = self.shared.store.open_incident(&subject, false).await?;
            working.insert(subject.clone(), Working::on(open));
        }
        let Some(case) = working.get_mut(&subject) else { return Ok(()) };
        let now = self.shared.clock.now();
        let command = Command::Signal(Box::new(signal));
        let decision = decide(case.incident.as_ref(), &command, None, &self.ladder, now)?;
        Ok(case.take(decision, now).map_err(JobError::from)?)
    }

    /// One signal that cannot be placed must not hide those behind it. It is shown to everybody on duty as
    /// it is, and the log goes on. A store that is away is not the signal's fault: then nothing is stepped over.
    async fn step_over_the_stuck(&self, trouble: &Trouble) {
        let is_the_signals_fault = match trouble {
            Trouble::Refused(_) | Trouble::Write(JobError::Document(_) | JobError::Broken(_)) => true,
            Trouble::Write(error) => !store::is_writer_gone(error) && !matches!(error, JobError::Conflict),
            Trouble::Read(_) => false,
        };
        if !is_the_signals_fault {
            return;
        }
        let Ok(from) = self.shared.store.cursor(CURSOR).await else { return };
        let Ok(signals) = self.shared.store.signals_after(from, 1).await else { return };
        let Some(LoggedSignal { row, signal }) = signals.into_iter().next() else { return };
        let detail = format!("signal {} could not be placed in an incident: {trouble}", signal.id);
        self.shared.health.raise("signal_stuck", detail, self.shared.clock.now());
        self.shared.bus.put_unsaved(Arc::new(signal));
        let cursor = Some(CursorMove { name: CURSOR, from, to: row });
        if let Err(error) = self.commit(CommitDesk { cursor, ..CommitDesk::default() }).await {
            tracing::error!(event = "signal_stuck_for_good", %error, row);
        }
    }
}

fn subject_of(signal: &Signal) -> Subject {
    match (&signal.resident, &signal.handset) {
        (Some(resident), _) => Subject::Resident(resident.clone()),
        (None, Some(handset)) => Subject::Handset(handset.clone()),
        (None, None) => Subject::Unknown(IncidentId::opened_by(&signal.id)),
    }
}
