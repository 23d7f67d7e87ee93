//! What could not be understood is kept whole, with the reason, for an administrator.

use super::Accept;
use crate::hall::Message;
use model::{HandsetId, SignedDuration, Timestamp};
use protocol::Defect;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use store::Quarantine;

/// Messages of one handset kept in an hour. A handset gone mad would fill the disk with the same fault; what
/// it is shows in the first few, and how many more there were is kept with the last.
const KEPT_AN_HOUR: u64 = 200;
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// Reasons named of one message.
const REASONS: usize = 8;

/// How many each sender has had kept in its present hour.
#[derive(Debug, Default)]
pub(super) struct Misfits(Mutex<HashMap<Option<HandsetId>, Hour>>);

#[derive(Debug)]
struct Hour {
    since: Timestamp,
    count: u64,
}

impl Misfits {
    /// The place of this message within its sender's hour, counted from 1, and how many the hour before had.
    fn count(&self, handset: Option<&HandsetId>, now: Timestamp) -> (u64, u64) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let hour = all.entry(handset.cloned()).or_insert(Hour { since: now, count: 0 });
        let mut before = 0;
        if now.duration_since(hour.since) > HOUR {
            before = hour.count;
            *hour = Hour { since: now, count: 0 };
        }
        hour.count = hour.count.saturating_add(1);
        (hour.count, before)
    }
}

impl Accept {
    /// Keeps a message of which parts could not be read.
    pub(super) async fn misread(&self, message: &Message, defects: &[Defect]) {
        let mut reason: Vec<String> = defects.iter().take(REASONS).map(ToString::to_string).collect();
        if let Some(more) = defects.len().checked_sub(REASONS).filter(|more| *more > 0) {
            reason.push(format!("and {more} more"));
        }
        self.keep_misfit(Some(&message.handset), &message.topic, &message.payload, reason.join("; ")).await;
    }

    pub(super) async fn keep_misfit(
        &self,
        handset: Option<&HandsetId>,
        topic: &str,
        payload: &[u8],
        mut reason: String,
    ) {
        metrics::counter!("jujiale_quarantine_total").increment(1);
        let now = self.now();
        let (place, before) = self.misfits.count(handset, now);
        if before > KEPT_AN_HOUR {
            let left_out = before - KEPT_AN_HOUR;
            reason = format!("{reason} (in the hour before, {left_out} more of this sender were not kept)");
        }
        if place > KEPT_AN_HOUR {
            return;
        }
        if place == KEPT_AN_HOUR {
            tracing::warn!(event = "quarantine_full", handset = ?handset.map(HandsetId::as_str));
            reason.push_str(" (no more of this sender are kept within the hour; they are counted)");
        }
        let job = || Quarantine {
            handset: handset.cloned(),
            topic: topic.to_owned(),
            received_at: now,
            reason: reason.clone(),
            payload: payload.to_vec(),
        };
        if let Err(error) = self.write(job).await {
            tracing::error!(event = "quarantine_refused_by_store", %error, topic, bytes = payload.len());
        }
    }
}
