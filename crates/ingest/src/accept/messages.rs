//! Falls, status and answers.

use super::{Accept, handset::LOOK_UP_WITHIN};
use crate::hall::Message;
use bus::Hint;
use geofence::falls::{Assessment, Window, Worn, assess};
use model::Timestamp;
use protocol::{Fall, Samples, decode_answer, decode_fall, decode_status};
use store::{AnswerCommand, AnswerFall, PutStatus, TakeFall, TakeMessage, asked_about};
use tokio::{task::spawn_blocking, time::timeout};

impl Accept {
    /// A fall is judged here and kept with what follows from it in one transaction: raised at once, or asked about first.
    pub(super) async fn take_fall(&self, message: Message) {
        let received_at = self.now();
        let decoded = decode_fall(&message.payload, received_at);
        if !decoded.defects.is_empty() {
            self.misread(&message, &decoded.defects).await;
        }
        let known = self.handsets.known(&message.handset).await;
        let worn = timeout(LOOK_UP_WITHIN, self.store.worn(&message.handset)).await;
        let worn = worn.ok().and_then(Result::ok).flatten().unwrap_or(Worn::Waist);
        let assessment = judged(decoded.message.samples.clone(), worn).await;
        let job = |fall: Fall, assessment: Assessment| TakeFall {
            handset: message.handset.clone(),
            fall,
            payload: message.payload.to_vec(),
            assessment,
            answer_within: self.answer_within,
            clock_ahead: known.clock_ahead,
            last_known: known.last_known.clone(),
            received_at,
        };
        let mut taken = self.write(|| job(decoded.message.clone(), assessment.clone())).await;
        if let Err(error) = taken {
            // Something in it cannot be stored as it was read: a fall it is all the same.
            tracing::error!(event = "fall_refused_by_store", %error, handset = %message.handset);
            let bare = decode_fall(b"\xff", received_at).message;
            taken = self.write(|| job(bare.clone(), Assessment::without(worn))).await;
        }
        match taken {
            Ok(_) => {
                self.bus.hint(Hint::Signals);
                self.bus.hint(Hint::Down(message.handset));
            }
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
        let Some(answer) = decoded.message else { return self.keep(&message, "answer", received_at).await };
        let Some(signal) = asked_about(&answer.command_id) else {
            let job = || AnswerCommand {
                message: as_it_came(&message, "answer", received_at),
                command: answer.command_id.clone(),
                ok: answer.ok,
                detail: answer.detail.clone(),
            };
            if let Err(error) = self.write(job).await {
                self.refused(&message, &error).await;
            }
            return;
        };
        let is_well = answer.is_yes();
        let job = || AnswerFall {
            message: as_it_came(&message, "answer", received_at),
            signal: signal.clone(),
            is_well,
        };
        match self.write(job).await {
            Ok(()) => self.bus.hint(Hint::Signals),
            Err(error) => self.refused(&message, &error).await,
        }
    }

    pub(super) async fn keep(&self, message: &Message, kind: &'static str, received_at: Timestamp) {
        let job = || as_it_came(message, kind, received_at);
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

fn as_it_came(message: &Message, kind: &'static str, received_at: Timestamp) -> TakeMessage {
    TakeMessage {
        handset: message.handset.clone(),
        kind,
        identity: None,
        payload: message.payload.to_vec(),
        received_at,
    }
}

/// What the detector says of the samples. It works beside the tasks that answer handsets; one that dies over them has not
/// judged.
async fn judged(samples: Option<Samples>, worn: Worn) -> Assessment {
    let Some(samples) = samples else { return Assessment::without(worn) };
    let judged = spawn_blocking(move || {
        assess(&Window { hz: samples.hz, unit: &samples.unit, xyz: &samples.xyz }, worn)
    });
    judged.await.unwrap_or_else(|error| {
        tracing::error!(event = "fall_not_judged", %error, "it is raised unjudged");
        Assessment::without(worn)
    })
}
