//! Last wills: a message a handset leaves for the case that it can no longer speak.
//!
//! A will obeys the rule of every publish: a topic of its own, or the connection is refused. It is published when the
//! connection ends without a good-bye, through the same way as any message. MQTT 5 lets a client ask for a delay; it is
//! honoured up to a minute, and a session that comes back within it (same handset, same client id) cancels the will, as does a
//! new secret of its handset or the report that it was stolen. A
//! will without delay is published at a take-over too, as both versions ask; the newcomer's CONNACK waits for it, so
//! that it never arrives after what the newcomer says.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use model::HandsetId;
use protocol::{Rights, UpKind};

use super::Shared;
use super::config::WILL_DELAY_MAX;
use super::ending::Ending;
use super::errand;
use super::session::Work;
use super::sessions::Seat;
use crate::hall::Message;

/// A will that may be published.
#[derive(Debug, Clone)]
pub(super) struct Will {
    kind: UpKind,
    topic: String,
    payload: Bytes,
    delay: Duration,
}

impl Will {
    /// Checks the topic; the reason if it is not the handset's own.
    pub(super) fn check(rights: &Rights, topic: &str, payload: Bytes, delay_s: u32) -> Result<Self, String> {
        let delay = Duration::from_secs(delay_s.into()).min(WILL_DELAY_MAX);
        match rights.publishes(topic) {
            Ok(kind) => Ok(Self { kind, topic: topic.to_owned(), payload, delay }),
            Err(reason) => Err(format!("will: {reason}")),
        }
    }

    /// The connection has ended: publishes the will if it should be, now or after its delay.
    pub(super) fn execute(self, shared: &Arc<Shared>, seat: &Arc<Seat>, ending: Ending) {
        // Who is gone before it heard that it is sent away was sent away all the same.
        if !ending.publishes_will() || seat.must_log_in_again() {
            return;
        }
        if self.delay.is_zero() {
            return self.publish(shared, &seat.handset);
        }
        let Some(called_off) = shared.sessions.keep_will(seat) else { return };
        let (shared, seat) = (Arc::clone(shared), Arc::clone(seat));
        let tasks = shared.tasks.clone();
        tasks.spawn(async move {
            let due = tokio::select! {
                () = called_off.cancelled() => false,
                () = tokio::time::sleep(self.delay) => true,
                // The connection had ended before we stopped, so its will stands.
                () = shared.stop.cancelled() => true,
            };
            shared.sessions.drop_will(&seat);
            if due {
                self.publish(&shared, &seat.handset);
            }
        });
    }

    fn publish(self, shared: &Arc<Shared>, handset: &HandsetId) {
        let message = Message {
            handset: handset.clone(),
            kind: self.kind,
            topic: self.topic,
            payload: self.payload,
            oversized: None,
        };
        tracing::info!(event = "mqtt_will_published", %handset);
        // Nobody waits for a will; the errand logs it if the hall dies over it.
        errand::begin(shared, handset, Work::Accept(message), drop);
    }
}
