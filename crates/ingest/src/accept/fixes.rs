//! The way of a fix: is it new, when was it, is it on disk, is it where the resident is now?

use super::{Accept, handset::Memory};
use crate::hall::Message;
use model::{Fix, HandsetId, SignedDuration, Timestamp};
use protocol::{decode_fixes, event_time};
use store::{JournalFix, PutStatus};

/// A clock this far off is worth noting; below it is transport and rounding.
const NOTED_SKEW: SignedDuration = SignedDuration::from_secs(120);
/// A measured skew replaces the noted one when it differs by more than this.
const SKEW_MOVED: SignedDuration = SignedDuration::from_secs(30);

impl Accept {
    pub(super) async fn take_fixes(&self, message: Message) {
        let received_at = self.now();
        let decoded = decode_fixes(&message.payload, received_at);
        if !decoded.defects.is_empty() {
            self.misread(&message, &decoded.defects).await;
        }
        let rows = self.new_rows(&message.handset, decoded.message, received_at).await;
        let newest = rows.iter().max_by_key(|row| row.fix.fix_time).map(|row| row.fix.clone());
        // Also when nothing is new: the batch that holds the first of two equal messages goes to disk
        // before this one's turn, so the second is never acknowledged earlier than the first.
        self.batcher.append(rows).await;
        if let Some(fix) = newest {
            self.bus.put_position(&message.handset, &fix);
        }
    }

    async fn new_rows(&self, handset: &HandsetId, fixes: Vec<Fix>, received_at: Timestamp) -> Vec<JournalFix> {
        let mut memory = self.memory(handset).await;
        self.measure_clock(handset, &mut memory, &fixes, received_at);
        let clock_ahead = memory.clock_ahead;
        fixes
            .into_iter()
            .filter(|fix| match (&fix.boot, fix.seq) {
                (Some(boot), Some(seq)) => memory.seen.note(boot, seq),
                _ => true,
            })
            .map(|fix| {
                let (at, corrected) = event_time(Some(fix.fix_time), received_at, clock_ahead);
                JournalFix {
                    handset: handset.clone(),
                    told_time: corrected.then_some(fix.fix_time),
                    fix: Fix { fix_time: at, ..fix },
                    received_at,
                }
            })
            .collect()
    }

    /// The newest fix of a message can be old, but not from the future: what is ahead is the clock's fault.
    fn measure_clock(
        &self,
        handset: &HandsetId,
        memory: &mut Memory,
        fixes: &[Fix],
        received_at: Timestamp,
    ) {
        let Some(newest) = fixes.iter().map(|fix| fix.fix_time).max() else { return };
        let ahead = newest.duration_since(received_at);
        if ahead > NOTED_SKEW {
            self.note_skew(handset, memory, ahead, received_at);
        } else if ahead.abs() <= NOTED_SKEW && memory.clock_ahead.is_some_and(|known| known > NOTED_SKEW) {
            self.note_skew(handset, memory, SignedDuration::ZERO, received_at);
        }
    }

    pub(super) fn note_skew(
        &self,
        handset: &HandsetId,
        memory: &mut Memory,
        ahead: SignedDuration,
        at: Timestamp,
    ) {
        let moved = ahead.checked_sub(memory.clock_ahead.unwrap_or_default()).unwrap_or(SignedDuration::MAX);
        if moved.abs() <= SKEW_MOVED {
            return;
        }
        memory.clock_ahead = Some(ahead);
        tracing::info!(event = "handset_clock_off", %handset, ahead_s = ahead.as_secs());
        let job = PutStatus { handset: handset.clone(), clock_ahead: Some(ahead), status: None, at };
        self.batcher.aside(job);
    }
}
