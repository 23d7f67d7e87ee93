//! Fires what is due. The deadline in the store is the only copy, so a restart resumes them all. Every process looks; of two that
//! fire the same one the incident's version lets one win.

use super::{Desk, change::Working};
use futures_util::stream::{self, StreamExt as _};
use incident::{Command, Incident, decide};
use model::{SignedDuration, Timestamp};
use std::time::Duration;
use store::{CommitDesk, JobError, StoreError};
use tokio_util::sync::CancellationToken;

/// Due incidents taken in one go; the most overdue first.
const AT_ONCE: u32 = 200;
/// Of them fired side by side: the writer commits together what waits together, and of these a press, or somebody at the desk, waits for no
/// more than so many.
const SIDE_BY_SIDE: usize = 16;
/// How often it is looked: a deadline is to fire within 250 ms of its time, and firing takes some of that.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// The same where something was due and is done: where one is, more are.
const AGAIN_AFTER: Duration = Duration::from_millis(20);
/// The same while more was due than is taken in one go, as after an outage that rang for a whole district.
const GO_ON_AFTER: Duration = Duration::from_millis(5);

/// Looks for due deadlines until stopped.
pub async fn follow(desk: Desk, stop: CancellationToken) {
    // Those that cannot be read stay the most overdue, in front of all others.
    let mut passed_over = 0;
    while !stop.is_cancelled() {
        let now = desk.shared.clock.now();
        let mut pause = LOOK_EVERY;
        match desk.shared.store.due_incidents(now, AT_ONCE.saturating_add(passed_over)).await {
            Ok(due) => {
                passed_over = due.passed_over();
                desk.shared.health.rows_unreadable("due incidents", &due.broken, now);
                let is_full = u32::try_from(due.whole.len()).is_ok_and(|taken| taken >= AT_ONCE);
                let fire = |incident| desk.fire(incident, &Command::DeadlinePassed);
                let fired = stream::iter(due.whole).map(fire).buffer_unordered(SIDE_BY_SIDE);
                let is_any_done = fired.fold(false, async |any, is_done| any || is_done).await;
                pause = match (is_full, is_any_done) {
                    (true, _) => GO_ON_AFTER,
                    (false, true) => AGAIN_AFTER,
                    (false, false) => LOOK_EVERY,
                };
            }
            Err(error) => tracing::error!(event = "deadlines_unreadable", %error),
        }
        stop.run_until_cancelled(tokio::time::sleep(pause)).await;
    }
}

impl Desk {
    /// Does what is due; whether that is on disk, by this process or by whoever was first.
    pub(super) async fn fire(&self, incident: Incident, command: &Command) -> bool {
        let now = self.shared.clock.now();
        let id = incident.id.clone();
        let decision = match decide(Some(&incident), command, None, &self.ladder(), now) {
            Ok(decision) => decision,
            Err(refusal) => {
                tracing::error!(event = "deadline_refused", incident = %id, %refusal);
                return false;
            }
        };
        let mut working = Working::on(Some(incident));
        if let Err(error) = working.take(decision, now) {
            tracing::error!(event = "deadline_unwritable", incident = %id, %error);
            return false;
        }
        let changes = working.into_change().into_iter().collect();
        match self.commit(CommitDesk { changes, ..CommitDesk::default() }).await {
            // Somebody acted first; if the deadline still stands, it is due again at the next look.
            Ok(()) | Err(JobError::Conflict) => true,
            Err(error) => {
                tracing::error!(event = "deadline_not_committed", incident = %id, %error);
                false
            }
        }
    }

    /// At a start: what was left of everything when the platform was last alive is left of it now. If the wall clock is
    /// behind that moment, every deadline is moved with it, once.
    pub async fn keep_what_was_left(&self, last_alive: Timestamp) -> Result<(), StoreError> {
        let now = self.shared.clock.now();
        let by = last_alive.duration_since(now);
        if by > SignedDuration::from_secs(2) {
            tracing::error!(
                event = "wall_clock_went_back",
                by_s = by.as_secs(),
                "deadlines keep what was left of them"
            );
            let detail =
                format!("this machine's clock is {} s behind the last start's; check it", by.as_secs());
            self.shared.health.raise("wall_clock_went_back", detail, now);
            let moved = self.shared.store.moved_to_the_clock().await?;
            for incident in self.shared.store.open_incidents().await?.whole {
                if !moved.contains(&incident.id) {
                    self.fire(incident, &Command::ClockWentBack { by }).await;
                }
            }
        }
        self.shared
            .store
            .resume(last_alive, self.shared.clock.now())
            .await
            .map_err(|source| StoreError::Write { what: "the platform's pulse", source })
    }
}

#[cfg(test)]
#[path = "deadlines_tests.rs"]
mod tests;
