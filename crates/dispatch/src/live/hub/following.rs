//! Follows the log and the unsaved presses, and puts what is new on the board.

use super::{AT_ONCE, HEALTH_EVERY, Hub, is_own};
use crate::{live::Frame, view::IncidentView};
use bus::{Heard, Hint, POLL_EVERY};
use model::SignalId;
use store::{MovedIncident, StoreError};
use tokio_util::sync::CancellationToken;

impl Hub {
    /// Follows until stopped.
    pub async fn run(self, stop: CancellationToken) {
        // Side by side: whose a position is, is asked of the store, and no press waits for the answer; nor does the family
        // wait for the store, nor a frame for what is written of screens.
        let family = stop.run_until_cancelled(self.follow_for_family());
        tokio::join!(self.follow(&stop), self.follow_positions(&stop), family, self.follow_screens(&stop));
    }

    async fn follow(&self, stop: &CancellationToken) {
        let mut listener = self.shared.bus.listen();
        let (mut poll, mut health) = (tokio::time::interval(POLL_EVERY), tokio::time::interval(HEALTH_EVERY));
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                heard = listener.hear() => match heard {
                    Heard::Hint(Hint::Incidents) => self.follow_log().await,
                    Heard::Hint(Hint::Unsaved) => self.follow_unsaved().await,
                    Heard::Hint(Hint::Signals | Hint::Down(_)) => {}
                    Heard::Gap => { self.follow_log().await; self.follow_unsaved().await; }
                    Heard::Ended => return,
                },
                _ = poll.tick() => { self.follow_log().await; self.follow_unsaved().await; }
                _ = health.tick() => self.tell_health(),
            }
        }
    }

    /// What is wrong, to everybody, now.
    pub fn tell_health(&self) {
        self.shared.health.look(&self.shared.store, &*self.shared.bus, &self.shared.clock);
        let cursor = self.cursor(self.locked().row);
        self.tell(Frame::health(&cursor, &self.shared.health.view(self.now())));
    }

    async fn follow_log(&self) {
        loop {
            let row = self.locked().row;
            match self.follow_some(row).await {
                Ok(false) => return,
                Ok(true) => {}
                Err(error) => {
                    tracing::error!(event = "incident_log_unreadable", %error);
                    return;
                }
            }
        }
    }

    /// Takes up what moved; false if nothing did.
    async fn follow_some(&self, after: i64) -> Result<bool, StoreError> {
        let (end, moved) = self.shared.store.moved_after(after, AT_ONCE).await?;
        for MovedIncident { row, incident, resident_name } in moved {
            let view = self.view_of(&self.locked(), &incident, resident_name);
            self.put(row, incident.id, view);
        }
        let Some(end) = end else { return Ok(false) };
        let mut board = self.locked();
        board.row = board.row.max(end);
        Ok(true)
    }

    async fn follow_unsaved(&self) {
        let now = self.now();
        let mut unsaved = self.shared.bus.unsaved();
        unsaved.retain(|signal| !is_own(signal.handset.as_ref()));
        let known: Vec<SignalId> = self.locked().unsaved.keys().cloned().collect();
        for signal in unsaved.iter().filter(|signal| !known.contains(&signal.id)) {
            let name = match &signal.resident {
                Some(id) => self.shared.store.resident_name(id).await.ok().flatten(),
                None => None,
            };
            let view = IncidentView::unsaved(signal, name, now);
            let mut board = self.locked();
            self.tell(Frame::incident(&self.cursor(board.row), &view, now));
            board.unsaved.insert(signal.id.clone(), view);
            drop(board);
            self.tell_health();
        }
        for id in known.iter().filter(|id| !unsaved.iter().any(|signal| signal.id == **id)) {
            let mut board = self.locked();
            if let Some(view) = board.unsaved.remove(id) {
                self.tell(Frame::incident(&self.cursor(board.row), &view.saved(), now));
            }
        }
    }
}
