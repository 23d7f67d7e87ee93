//! The family hears a moment after those on duty: of thousands of screens the ones where somebody acts come first.

use super::Hub;
use crate::live::Frame;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// Longer than a frame takes to a thousand screens, and nothing to somebody who waits for news.
const AFTER: Duration = Duration::from_millis(40);

impl Hub {
    /// Tells the family what was told; ends with the frames. Those who would have missed some begin anew.
    pub(super) async fn follow_for_family(&self) {
        let mut frames = self.frames.subscribe();
        loop {
            let first = match frames.recv().await {
                Ok(first) => first,
                Err(RecvError::Lagged(_)) => {
                    tracing::error!(event = "family_not_told", "too much at once; their screens begin anew");
                    let gap = Frame::gap(&self.cursor(self.locked().row));
                    self.to_family.send(gap).unwrap_or_default();
                    continue;
                }
                Err(RecvError::Closed) => return,
            };
            tokio::time::sleep(AFTER).await;
            self.to_family.send(first).unwrap_or_default();
            while let Ok(frame) = frames.try_recv() {
                self.to_family.send(frame).unwrap_or_default();
            }
        }
    }
}
