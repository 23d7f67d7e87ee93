//! The end of the platform's own drill: its press has come this far, and there is nobody to be found behind it.

use super::{Desk, PLATFORM, change::Working};
use crate::trouble::Trouble;
use incident::{Command, decide};
use store::{CommitDesk, ForgetProbes, JobError};

impl Desk {
    /// Takes and closes the drill that is open, by the rules by which everybody does, and forgets the one before.
    pub async fn end_probe(&self) -> Result<(), ProbeError> {
        Ok(self.try_end_probe().await?)
    }

    async fn try_end_probe(&self) -> Result<(), Trouble> {
        let Some(incident) = self.shared.store.open_probe().await? else { return Ok(()) };
        let (keep, now) = (incident.id.clone(), self.shared.clock.now());
        let mut working = Working::on(Some(incident));
        for command in [claim(), close()] {
            let decision = decide(working.incident.as_ref(), &command, None, &self.ladder(), now).map_err(
                |refusal| JobError::Broken(format!("the platform's drill is not ended: {refusal}")),
            )?;
            working.take(decision, now).map_err(JobError::from)?;
        }
        let changes = working.into_change().into_iter().collect();
        self.commit(CommitDesk { changes, ..CommitDesk::default() }).await?;
        Ok(self.shared.store.write(ForgetProbes { keep }).await?)
    }
}

/// Why the platform's own drill could not be ended.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct ProbeError(#[from] Trouble);

fn claim() -> Command {
    Command::Claim { by: PLATFORM.to_owned() }
}

fn close() -> Command {
    Command::Close {
        by: PLATFORM.to_owned(),
        role_may_override: false,
        cause: "test_press".to_owned(),
        outcome: "other".to_owned(),
        note: String::new(),
        snooze_until: None,
    }
}
