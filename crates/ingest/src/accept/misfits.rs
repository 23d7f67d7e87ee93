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
/// Bytes after which no more of it are kept in that hour: as many as 200 of the largest messages that are no batch of positions. Of
/// those a few already say what the fault is.
const KEPT_BYTES_AN_HOUR: usize = 200 * 1024 * 1024;
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// Reasons named of one message.
const REASONS: usize = 8;

/// How many each sender has had kept in its present hour.
#[derive(Debug, Default)]
pub(super) struct Misfits(Mutex<HashMap<Option<HandsetId>, Hour>>);

#[derive(Debug)]
struct Hour {
    since: Timestamp,
    kept: u64,
    kept_bytes: usize,
    left_out: u64,
}

impl Hour {
    fn is_full(&self) -> bool {
        self.kept >= KEPT_AN_HOUR || self.kept_bytes >= KEPT_BYTES_AN_HOUR
    }
}

/// What becomes of one message.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    is_kept: bool,
    /// No more are kept within this hour.
    is_last: bool,
    /// How many of the sender's hour before were not kept, if this message begins one.
    left_out_before: u64,
}

impl Misfits {
    /// Whether a message of so many bytes has a place in its sender's hour.
    fn count(&self, handset: Option<&HandsetId>, bytes: usize, now: Timestamp) -> Place {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let begins = || Hour { since: now, kept: 0, kept_bytes: 0, left_out: 0 };
        let hour = all.entry(handset.cloned()).or_insert_with(begins);
        let mut left_out_before = 0;
        if now.duration_since(hour.since) > HOUR {
            left_out_before = hour.left_out;
            *hour = begins();
        }
        if hour.is_full() {
            hour.left_out = hour.left_out.saturating_add(1);
            return Place { is_kept: false, is_last: false, left_out_before };
        }
        hour.kept = hour.kept.saturating_add(1);
        hour.kept_bytes = hour.kept_bytes.saturating_add(bytes);
        Place { is_kept: true, is_last: hour.is_full(), left_out_before }
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
        let place = self.misfits.count(handset, payload.len(), now);
        if !place.is_kept {
            return;
        }
        if place.left_out_before > 0 {
            let left_out = place.left_out_before;
            reason = format!("{reason} (in the hour before, {left_out} more of this sender were not kept)");
        }
        if place.is_last {
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

#[cfg(test)]
mod tests {
    use super::*;

    const LARGEST: usize = 4 * 1024 * 1024;

    #[test]
    fn of_a_sender_so_many_are_kept_in_an_hour_and_of_large_ones_fewer() {
        for (bytes, kept) in [(100, KEPT_AN_HOUR), (1024 * 1024, KEPT_AN_HOUR), (LARGEST, KEPT_AN_HOUR / 4)] {
            let misfits = Misfits::default();
            let now = Timestamp::from_second(1_795_000_000).unwrap();
            for nth in 1..=kept {
                let place = misfits.count(None, bytes, now);
                assert_eq!((place.is_kept, place.is_last), (true, nth == kept), "{bytes} {nth}");
            }
            for _left_out in 0..3 {
                assert!(!misfits.count(None, bytes, now).is_kept, "{bytes}");
            }
            let handset = HandsetId::new("h1").unwrap();
            assert!(misfits.count(Some(&handset), bytes, now).is_kept, "another's");
            let later = now.checked_add(SignedDuration::from_mins(61)).unwrap();
            let first = Place { is_kept: true, is_last: false, left_out_before: 3 };
            assert_eq!(misfits.count(None, bytes, later), first, "an hour later");
        }
    }
}
