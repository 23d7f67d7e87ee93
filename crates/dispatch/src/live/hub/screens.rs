//! Who had an incident on their screens is written down behind the frames; and who is at the desk without one.

use super::Hub;
use std::time::Duration;
use store::{NoteOnScreens, ScreenOf};
use tokio::{
    sync::broadcast::error::RecvError,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

/// Often enough for whoever asks who has seen it, and seldom enough that what becomes of a press on a thousand screens is a few jobs.
const EVERY: Duration = Duration::from_secs(1);
/// So many are written within the milliseconds that what is not urgent may hold up the writer for; a press passes between two jobs.
const ROWS_AT_ONCE: usize = 200;
/// What is left at a stop has so long: the store may be away.
const LEFT_WITHIN: Duration = Duration::from_secs(2);

impl Hub {
    /// Notes and writes until stopped.
    pub(super) async fn follow_screens(&self, stop: &CancellationToken) {
        tokio::join!(self.note_without_screen(stop), self.write_on_screens(stop));
    }

    /// Whoever is on duty by what they ask alone has nothing that sounds. Of frames that were missed here the next ones about the same
    /// incident tell.
    async fn note_without_screen(&self, stop: &CancellationToken) {
        let mut frames = self.frames.subscribe();
        loop {
            let frame = match stop.run_until_cancelled(frames.recv()).await {
                Some(Ok(frame)) => frame,
                Some(Err(RecvError::Lagged(_))) => continue,
                Some(Err(RecvError::Closed)) | None => return,
            };
            let Some(sounding) = frame.sounding().filter(|sounding| sounding.is_at_desk()) else { continue };
            for (username, role) in self.attendance.without_screen(self.now()) {
                if sounding.is_for(&username, role) {
                    self.on_screens.due(sounding, &(ScreenOf::Desk, username), false);
                }
            }
        }
    }

    async fn write_on_screens(&self, stop: &CancellationToken) {
        while stop.run_until_cancelled(sleep(EVERY)).await.is_some() {
            self.write_what_is_new().await;
        }
        if timeout(LEFT_WITHIN, self.write_what_is_new()).await.is_err() {
            tracing::warn!(event = "screens_not_written", "the store takes nothing");
        }
    }

    async fn write_what_is_new(&self) {
        loop {
            let rows = self.on_screens.take(ROWS_AT_ONCE);
            let is_all = rows.len() < ROWS_AT_ONCE;
            if !rows.is_empty()
                && let Err(error) = self.shared.store.write(NoteOnScreens(rows.clone())).await
            {
                self.on_screens.put_back(&rows);
                return tracing::warn!(event = "screens_not_written", %error);
            }
            if is_all {
                return;
            }
        }
    }
}
