//! Questions about falls whose time is over. The stored deadline is the only one there is, so a restart resumes them all.

use crate::Watch;
use bus::{Hint, POLL_EVERY};
use model::{SignedDuration, Timestamp};
use store::{EndQuestions, JobError, KeepQuestions};
use tokio_util::sync::CancellationToken;

/// Looks for questions that are due until stopped.
pub async fn follow_questions(watch: Watch, stop: CancellationToken) {
    while stop.run_until_cancelled(tokio::time::sleep(POLL_EVERY)).await.is_some() {
        let now = watch.clock.now();
        match watch.store.are_questions_due(now).await {
            Ok(false) => {}
            Ok(true) => match watch.store.write(EndQuestions { now }).await {
                Ok(_) => watch.bus.hint(Hint::Signals),
                Err(error) => tracing::error!(event = "fall_questions_not_ended", %error),
            },
            Err(error) => tracing::error!(event = "fall_questions_unreadable", %error),
        }
    }
}

/// At a start whose wall clock is behind the last moment on record: what was left of the time to answer is left of it now.
pub async fn keep_what_was_left(watch: &Watch, last_alive: Timestamp) -> Result<(), JobError> {
    let by = last_alive.duration_since(watch.clock.now());
    if by <= SignedDuration::from_secs(2) {
        return Ok(());
    }
    watch.store.write(KeepQuestions { by }).await
}
