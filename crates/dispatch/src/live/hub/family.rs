//! The family hears a moment after those on duty: of thousands of screens the ones where somebody acts come first.

use super::Hub;
use crate::live::Frame;
use std::time::Duration;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

/// Longer than a frame takes to a thousand screens, and nothing to somebody who waits for news.
const AFTER: Duration = Duration::from_millis(40);

impl Hub {
    /// Tells the family what was told; ends with the frames. Those who would have missed some begin anew.
    pub(super) async fn follow_for_family(&self) {
        let mut frames = self.frames.subscribe();
        loop {
            let first = match frames.recv().await {
                Ok(first) => first,
                Err(RecvError::Lagged(_)) => self.gap(),
                Err(RecvError::Closed) => return,
            };
            tokio::time::sleep(AFTER).await;
            self.tell_family(first);
            loop {
                match frames.try_recv() {
                    Ok(next) => self.tell_family(next),
                    Err(TryRecvError::Lagged(_)) => self.tell_family(self.gap()),
                    Err(TryRecvError::Empty | TryRecvError::Closed) => break,
                }
            }
        }
    }

    fn tell_family(&self, frame: Frame) {
        self.to_family.send(frame).unwrap_or_default();
    }

    fn gap(&self) -> Frame {
        tracing::error!(event = "family_not_told", "too much at once; their screens begin anew");
        Frame::gap(&self.cursor(self.locked().row))
    }
}
