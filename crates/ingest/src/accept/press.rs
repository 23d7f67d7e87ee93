//! The way of a press to disk.

use super::{Accept, RETRY_AFTER, handset::LOOK_UP_WITHIN};
use crate::hall::Message;
use bus::Hint;
use model::{HandsetId, Remark, Signal, Timestamp};
use protocol::{Context, Press, decode_press};
use std::{sync::Arc, time::Duration};
use store::{TakePress, TakenPress};

/// After this without a commit, operators see the press unsaved.
const UNSAVED_AFTER: Duration = Duration::from_secs(2);

impl Accept {
    pub(super) async fn take_press(&self, message: Message) {
        let received_at = self.clock.now();
        let decoded = decode_press(&message.payload, received_at);
        let defects = decoded.defects.iter().map(ToString::to_string).collect();
        self.keep_press(&message, decoded.message, defects, received_at).await;
    }

    /// Returns when the press is on disk, whatever that takes.
    pub(super) async fn keep_press(
        &self,
        message: &Message,
        press: Press,
        defects: Vec<String>,
        received_at: Timestamp,
    ) {
        let known = self.handsets.known(&message.handset).await;
        let payload = self.large.kept(&message.handset, &message.payload, received_at);
        let job = |press: Press, defects: Vec<String>| TakePress {
            handset: message.handset.clone(),
            press,
            payload: payload.to_vec(),
            full_size: message
                .oversized
                .unwrap_or_else(|| u64::try_from(message.payload.len()).unwrap_or(u64::MAX)),
            defects,
            clock_ahead: known.clock_ahead,
            last_known: known.last_known.clone(),
            received_at,
        };
        let mut wanted = job(press, defects);
        loop {
            match self.commit_or_show(&wanted).await {
                Ok(taken) => return self.press_is_on_disk(&message.handset, &taken),
                Err(error) => {
                    // Something in it cannot be stored as it was read: a press it is all the same. Its
                    // bytes, with nothing read of them, always can.
                    tracing::error!(event = "press_refused_by_store", %error, handset = %message.handset);
                    tokio::time::sleep(RETRY_AFTER / 10).await;
                    wanted = job(decode_press(b"\xff", received_at).message, vec![error.to_string()]);
                }
            }
        }
    }

    /// Commits the press; while that takes too long, operators see it unsaved.
    async fn commit_or_show(&self, press: &TakePress) -> Result<TakenPress, store::JobError> {
        let write = self.write(|| TakePress {
            handset: press.handset.clone(),
            press: press.press.clone(),
            payload: press.payload.clone(),
            full_size: press.full_size,
            defects: press.defects.clone(),
            clock_ahead: press.clock_ahead,
            last_known: press.last_known.clone(),
            received_at: press.received_at,
        });
        tokio::pin!(write);
        if let Ok(done) = tokio::time::timeout(UNSAVED_AFTER, &mut write).await {
            return done;
        }
        let shown = self.unsaved_signal(press).await;
        tracing::error!(event = "press_unsaved", handset = %press.handset, signal = %shown.id,
            "a press is not on disk after 2 s; operators see it unsaved, its handset gets no receipt");
        metrics::counter!("jujiale_presses_unsaved_total").increment(1);
        let id = shown.id.clone();
        self.bus.put_unsaved(Arc::new(shown));
        let done = write.await;
        self.bus.hint(Hint::Signals);
        self.bus.drop_unsaved(&id);
        done
    }

    /// The press as operators see it before it is on disk: who and where come from what can be read.
    async fn unsaved_signal(&self, press: &TakePress) -> Signal {
        let resident = self.store.resident_of(&press.handset, press.received_at);
        let resident =
            tokio::time::timeout(LOOK_UP_WITHIN, resident).await.ok().and_then(Result::ok).flatten();
        let last_known = match &press.last_known {
            Some(fix) => {
                let own = self.store.is_own_position(&press.handset, resident.as_ref(), fix);
                let own = tokio::time::timeout(LOOK_UP_WITHIN, own).await;
                own.ok().and_then(Result::ok).unwrap_or(true).then(|| fix.clone())
            }
            None => None,
        };
        let mut signal = press.signal(&Context {
            handset: press.handset.clone(),
            resident,
            last_known,
            clock_ahead: press.clock_ahead,
            id_reused: false,
            press_known: press.press.cancel,
            cancelled_earlier: false,
            oversized: press.full_size > u64::try_from(press.payload.len()).unwrap_or(u64::MAX),
        });
        signal.remarks.push(Remark::Unsaved);
        signal
    }

    fn press_is_on_disk(&self, handset: &HandsetId, taken: &TakenPress) {
        self.bus.hint(Hint::Signals);
        self.bus.hint(Hint::Down(handset.clone()));
        match taken {
            TakenPress::New(signal) => {
                // It may stand unsaved on the board of a process that died before it could be written.
                self.bus.drop_unsaved(&signal.id);
                if let Some(fix) =
                    signal.fix.as_ref().filter(|_| !signal.remarks.contains(&Remark::LastKnown))
                {
                    let fix_time = fix.fix_time.min(signal.received_at);
                    self.handsets.located(handset, &model::Fix { fix_time, ..fix.clone() });
                }
                metrics::counter!("jujiale_presses_total", "what" => "new").increment(1);
                tracing::info!(event = "press_taken", %handset, signal = %signal.id, remarks = ?signal.remarks);
            }
            TakenPress::Repeat => {
                metrics::counter!("jujiale_presses_total", "what" => "repeat").increment(1);
                tracing::debug!(event = "press_repeated", %handset);
            }
        }
    }

    /// The time now; everything that comes in is stamped with it.
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
