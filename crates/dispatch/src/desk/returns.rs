//! Who came back within a fence stands on the timeline of their open incident.

use super::{Desk, change::Working};
use crate::trouble::{Trouble, pass_over};
use bus::Hint;
use incident::{Command, decide};
use std::time::Duration;
use store::{CommitDesk, CursorMove, JobError, LoggedReturn, Sifted, Subject};
use tokio_util::sync::CancellationToken;

const CURSOR: &str = "desk:returns";
/// Returns read at a time.
const AT_ONCE: u32 = 64;
/// Pause when one cannot be placed.
const RETRY_AFTER: Duration = Duration::from_millis(500);

/// Follows the log of returns until stopped. The watch says that there are any as it says that there are signals.
pub async fn follow(desk: Desk, stop: CancellationToken) {
    let mut listener = desk.shared.bus.listen();
    while !stop.is_cancelled() {
        match desk.place_returns().await {
            Ok(true) | Err(Trouble::Write(JobError::Conflict)) => {}
            Ok(false) => {
                let news = listener.hear_or_poll(|hint| *hint == Hint::Signals);
                stop.run_until_cancelled(news).await;
            }
            Err(trouble) => {
                tracing::error!(event = "return_not_placed", %trouble);
                stop.run_until_cancelled(tokio::time::sleep(RETRY_AFTER)).await;
            }
        }
    }
}

impl Desk {
    /// Places the next ones; false if there are none.
    async fn place_returns(&self) -> Result<bool, Trouble> {
        let mut from = self.shared.store.cursor(CURSOR).await?;
        let (end, returns) = self.shared.store.returns_after(from, AT_ONCE).await?;
        let Sifted { whole, broken: mut passed_over } = returns;
        for one in whole {
            let row = one.row;
            let placed = self.place_return(one, from).await;
            if pass_over(&mut passed_over, row, placed)?.is_some() {
                from = row;
            }
        }
        self.step_over((CURSOR, "returns within fences"), (from, end), &passed_over).await?;
        Ok(end.is_some())
    }

    /// With the cursor in the same transaction, so that it is told once. Who came back with no incident open is no news.
    async fn place_return(
        &self,
        LoggedReturn { row, resident, of }: LoggedReturn,
        from: i64,
    ) -> Result<(), Trouble> {
        let subject = Subject::Resident(resident);
        let mut working = Working::on(self.shared.store.open_incident(&subject, false).await?);
        if let Some(incident) = &working.incident {
            let now = self.shared.clock.now();
            // What the engine refuses would be refused again.
            if let Ok(decision) =
                decide(Some(incident), &Command::Returned(Box::new(of)), None, &self.ladder(), now)
            {
                working.take(decision, now).map_err(JobError::from)?;
            }
        }
        let changes = working.into_change().into_iter().collect();
        let cursor = Some(CursorMove { name: CURSOR, from, to: row });
        Ok(self.commit(CommitDesk { changes, cursor, ..CommitDesk::default() }).await?)
    }
}
