//! What somebody answered to the question about a fall, or that nobody did, stands on the timeline of their open incident: it helps
//! those who set out. It ends nothing.

use super::{Desk, PLATFORM, change::Working};
use crate::trouble::{Trouble, pass_over};
use bus::Hint;
use geofence::falls::episode::{QUESTION, Reply};
use incident::{Command, Incident, decide};
use std::time::Duration;
use store::{CommitDesk, CursorMove, JobError, LoggedAnswer, Sifted, Subject};
use tokio_util::sync::CancellationToken;

const CURSOR: &str = "desk:answers";
/// Answers read at a time.
const AT_ONCE: u32 = 64;
/// Pause when one cannot be placed.
const RETRY_AFTER: Duration = Duration::from_millis(500);

/// Follows the log of answers until stopped. Whoever brings one says that there are signals, or it is found by the poll.
pub async fn follow(desk: Desk, stop: CancellationToken) {
    let mut listener = desk.shared.bus.listen();
    while !stop.is_cancelled() {
        match desk.place_answers().await {
            Ok(true) | Err(Trouble::Write(JobError::Conflict)) => {}
            Ok(false) => {
                let news = listener.hear_or_poll(|hint| *hint == Hint::Signals);
                stop.run_until_cancelled(news).await;
            }
            Err(trouble) => {
                tracing::error!(event = "fall_answer_not_placed", %trouble);
                stop.run_until_cancelled(tokio::time::sleep(RETRY_AFTER)).await;
            }
        }
    }
}

/// As the desk reads it.
fn in_words(reply: Reply) -> String {
    format!("询问“{QUESTION}”：{}", reply.sentence_zh())
}

impl Desk {
    /// Places the next ones; false if there are none.
    async fn place_answers(&self) -> Result<bool, Trouble> {
        let mut from = self.shared.store.cursor(CURSOR).await?;
        let (end, answers) = self.shared.store.fall_answers_after(from, AT_ONCE).await?;
        let Sifted { whole, broken: mut passed_over } = answers;
        for answer in whole {
            let placed = self.place_answer(&answer, from).await;
            if pass_over(&mut passed_over, answer.row, placed)?.is_some() {
                from = answer.row;
            }
        }
        self.step_over((CURSOR, "answers about falls"), (from, end), &passed_over).await?;
        Ok(end.is_some())
    }

    /// With the cursor in the same transaction, so that it is told once. Where no incident is open nobody waits for it.
    async fn place_answer(&self, answer: &LoggedAnswer, from: i64) -> Result<(), Trouble> {
        let mut working = Working::on(self.asked_for(answer).await?);
        if let Some(incident) = &working.incident {
            let now = self.shared.clock.now();
            let (by, text) = (PLATFORM.to_owned(), in_words(answer.reply));
            let note = Command::Note { by, text, contact: None };
            // What the engine refuses would be refused again.
            if let Ok(decision) = decide(Some(incident), &note, None, &self.ladder(), now) {
                working.take(decision, now).map_err(JobError::from)?;
            }
        }
        let changes = working.into_change().into_iter().collect();
        let cursor = Some(CursorMove { name: CURSOR, from, to: answer.row });
        Ok(self.commit(CommitDesk { changes, cursor, ..CommitDesk::default() }).await?)
    }

    /// The incident of the fall, whoever it is about by now; of one that raised nothing the open incident of whoever was asked.
    async fn asked_for(&self, answer: &LoggedAnswer) -> Result<Option<Incident>, Trouble> {
        let store = &self.shared.store;
        if let Some(id) = store.incident_of_signal(&answer.signal).await? {
            return Ok(store.incident(&id).await?.filter(Incident::is_open));
        }
        let subject = match (&answer.resident, &answer.handset) {
            (Some(resident), _) => Subject::Resident(resident.clone()),
            (None, Some(handset)) => Subject::Handset(handset.clone()),
            (None, None) => return Ok(None),
        };
        Ok(store.open_incident(&subject, false).await?)
    }
}
