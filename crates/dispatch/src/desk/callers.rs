//! Whom the ladder calls beyond the screens: the nearest station, the family, whoever is on the roster.
//!
//! A step of the ladder leaves a row for each; here they are done, each once. What cannot be done is written into the row,
//! and the ladder goes on: its next step calls again.

use super::{Desk, change::Working};
use bus::POLL_EVERY;
use incident::{Command, Incident, ladder::Callee};
use store::{CommitDesk, JobError, StoreError, TakeDueCall, WaitingCall};
use tokio_util::sync::CancellationToken;

/// Calls done in one go.
const AT_ONCE: u32 = 50;

/// Does what is due until stopped.
pub async fn follow(desk: Desk, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match desk.shared.store.waiting_calls(AT_ONCE).await {
            Ok(waiting) => {
                for call in waiting {
                    desk.call_out(call).await;
                }
            }
            Err(error) => tracing::error!(event = "calls_unreadable", %error),
        }
        stop.run_until_cancelled(tokio::time::sleep(POLL_EVERY)).await;
    }
}

#[derive(Debug, thiserror::Error)]
enum Trouble {
    #[error(transparent)]
    Read(#[from] StoreError),
    #[error(transparent)]
    Write(#[from] JobError),
}

impl Desk {
    async fn call_out(&self, call: WaitingCall) {
        let row = call.row;
        let result = match self.try_call(&call).await {
            Ok(result) => result,
            Err(Trouble::Write(JobError::Conflict)) => return,
            Err(trouble) => {
                tracing::error!(event = "call_failed", incident = %call.incident, %trouble);
                return;
            }
        };
        let done = TakeDueCall { row, at: self.shared.clock.now(), result };
        if let Err(error) = self.shared.store.write(done).await {
            tracing::error!(event = "call_not_written", %error);
        }
    }

    /// What came of it, in words for those who look into it later.
    async fn try_call(&self, call: &WaitingCall) -> Result<String, Trouble> {
        let Some(incident) = self.shared.store.incident(&call.incident).await? else {
            return Ok("there is no such incident".to_owned());
        };
        if !incident.is_open() {
            return Ok("it was over already".to_owned());
        }
        match call.call.callee {
            Callee::Station => self.ask_a_station(incident).await,
            Callee::Relatives => match &self.outside {
                Some(outside) => Ok(outside.call_relatives(&incident, call.call.step).await?),
                None => Ok("no channel is set up".to_owned()),
            },
            Callee::Roster => match &self.outside {
                Some(outside) => Ok(outside.call_roster(&incident, call.call.step).await?),
                None => Ok("no channel is set up".to_owned()),
            },
            Callee::Operators | Callee::Everyone => Ok("on screens".to_owned()),
        }
    }

    /// The nearest that may be asked. One that has the task is enough.
    async fn ask_a_station(&self, incident: Incident) -> Result<String, Trouble> {
        let is_taken =
            |task: &incident::Task| task.state.is_live() && task.state != incident::TaskState::Offered;
        if incident.tasks.iter().any(is_taken) {
            return Ok("a station has it already".to_owned());
        }
        let ranked = crate::candidates::ranked(&self.shared, &self.hub, &incident).await?;
        let Some(best) = ranked.items.into_iter().find(|candidate| candidate.recommended) else {
            return Ok("no station can be asked now".to_owned());
        };
        let now = self.shared.clock.now();
        let (name, station) = (best.station.name.clone(), (best.station.id, best.station.name));
        let decision = match incident::decide(
            Some(&incident),
            &Command::DispatchByLadder { station },
            None,
            &self.ladder(),
            now,
        ) {
            Ok(decision) => decision,
            Err(refusal) => return Ok(refusal.to_string()),
        };
        let mut working = Working::on(Some(incident));
        working.take(decision, now).map_err(JobError::from)?;
        let changes = working.into_change().into_iter().collect();
        self.commit(CommitDesk { changes, ..CommitDesk::default() }).await?;
        Ok(format!("asked {name}"))
    }
}
