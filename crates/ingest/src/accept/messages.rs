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
        // Until it is on disk: a cancel right behind it has no samples to be judged, and would not find the fall that it takes back.
        let _turn = self.handsets.turn_of_fall(&message.handset).await;
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

#[cfg(test)]
mod tests {
    use super::*;
    use bus::InProcess;
    use futures_util::FutureExt as _;
    use model::HandsetId;
    use protocol::UpKind;
    use serde_json::{Value, json};
    use std::sync::Arc;
    use store::{Clock, Database, Keys, Store};
    use tokio_util::{sync::CancellationToken, task::TaskTracker};

    fn fall(said: &Value) -> Message {
        Message {
            handset: HandsetId::new("h1").unwrap(),
            kind: UpKind::Fall,
            topic: "jjl/h1/fall".to_owned(),
            payload: said.to_string().into_bytes().into(),
            oversized: None,
        }
    }

    #[tokio::test]
    async fn a_cancel_right_behind_its_fall_finds_it() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::load_or_create(&folder.path().join("keys.json")).unwrap();
        let database =
            Database::from_url(&format!("sqlite://{}", folder.path().join("jujiale.db").display())).unwrap();
        let (store, writer) = Store::open(&database, keys, None).await.unwrap();
        let (stop, tasks, clock) = (CancellationToken::new(), TaskTracker::new(), Clock::start());
        tasks.spawn(writer.run(stop.clone()));
        let accept = Accept::new(store.clone(), Arc::new(InProcess::default()), clock, &tasks, &stop);
        let xyz: Vec<[f64; 3]> =
            (0..500).map(|tick| [0.0, 30.0 * f64::from(tick % 7), 1_000.0 + f64::from(tick % 5)]).collect();
        let samples = json!({ "hz": 50, "unit": "mg", "xyz": xyz });
        let report = fall(&json!({ "fall_id": "f", "boot": "b", "seq": 1, "samples": samples }));
        let cancel = fall(&json!({ "fall_id": "f", "boot": "b", "seq": 2, "cancel": true }));
        let (mut first, mut second) =
            (Box::pin(accept.take_fall(report)), Box::pin(accept.take_fall(cancel)));
        assert!(first.as_mut().now_or_never().is_none() && second.as_mut().now_or_never().is_none());
        tokio::join!(second, first);

        // Taken for a fall the cancel would be raised as one that cannot be judged.
        let raised = store.signals_after(0, 8).await.unwrap();
        assert!(raised.is_empty(), "{raised:?}");
        stop.cancel();
        tasks.close();
        tasks.wait().await;
    }
}
