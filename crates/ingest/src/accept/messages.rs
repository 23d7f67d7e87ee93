//! Falls, status and answers.

use super::Accept;
use crate::hall::Message;
use bus::Hint;
use model::Timestamp;
use protocol::{decode_answer, decode_fall, decode_status};
use store::{PutStatus, TakeFall, TakeMessage};

impl Accept {
    pub(super) async fn take_fall(&self, message: Message) {
        let received_at = self.now();
        let decoded = decode_fall(&message.payload, received_at);
        if !decoded.defects.is_empty() {
            self.misread(&message, &decoded.defects).await;
        }
        let known = self.handsets.known(&message.handset).await;
        let job = || TakeFall {
            handset: message.handset.clone(),
            fall: decoded.message.clone(),
            payload: message.payload.to_vec(),
            clock_ahead: known.clock_ahead,
            last_known: known.last_known.clone(),
            received_at,
        };
        match self.write(job).await {
            Ok(_) => self.bus.hint(Hint::Signals),
            Err(error) => self.refused(&message, &error).await,
        }
    }

    pub(super) async fn take_status(&self, message: Message) {
        let received_at = self.now();
        let decoded = decode_status(&message.payload, received_at);
        if !decoded.defects.is_empty() {
            self.misread(&message, &decoded.defects).await;
        }
        let mut memory = self.handsets.memory(&message.handset).await;
        memory.track.take_status(&decoded.message, received_at);
        self.keep_clock(&message.handset, &mut memory);
        drop(memory);
        self.keep(&message, "status", received_at).await;
        let status = std::str::from_utf8(&message.payload).ok().map(|text| text.replace('\0', ""));
        self.batcher.aside(PutStatus {
            handset: message.handset,
            clock_ahead: None,
            status,
            at: received_at,
        });
    }

    pub(super) async fn take_answer(&self, message: Message) {
        let received_at = self.now();
        let decoded = decode_answer(&message.payload);
        if !decoded.defects.is_empty() {
            self.misread(&message, &decoded.defects).await;
        }
        self.keep(&message, "answer", received_at).await;
    }

    pub(super) async fn keep(&self, message: &Message, kind: &'static str, received_at: Timestamp) {
        let job = || TakeMessage {
            handset: message.handset.clone(),
            kind,
            identity: None,
            payload: message.payload.to_vec(),
            received_at,
        };
        if let Err(error) = self.write(job).await {
            self.refused(message, &error).await;
        }
    }

    /// Kept whole in quarantine, because the store would not have it where it belongs.
    async fn refused(&self, message: &Message, error: &store::JobError) {
        let reason = format!("the store refuses this message: {error}");
        self.keep_misfit(Some(&message.handset), &message.topic, &message.payload, reason).await;
    }
}
