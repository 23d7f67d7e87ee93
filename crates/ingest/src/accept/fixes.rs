//! The way of a fix: is it new, when was it, is it on disk, is it where the resident is now?

use super::Accept;
use super::handset::Memory;
use crate::endpoint::FIXES_BYTES_MAX;
use crate::hall::Message;
use model::{Fix, HandsetId, SignedDuration, Timestamp};
use protocol::{Decoded, decode_fixes};
use serde_json::json;
use store::{JournalFix, TakeMessage};
use tokio::{sync::OwnedMutexGuard, task::spawn_blocking};

/// Payload of positions that may be decoded and not yet on disk, over all handsets.
pub(super) const ROWS_OF_BYTES: u32 = 8 * 1024 * 1024;

/// From so many bytes on a payload is read beside the threads that answer handsets: it takes longer than a press may wait.
const READ_ASIDE_FROM: usize = 1024 * 1024;

/// What an older position says of the battery is history.
const NOW_WITHIN: SignedDuration = SignedDuration::from_mins(10);

impl Accept {
    pub(super) async fn take_fixes(&self, message: Message) {
        let received_at = self.now();
        // Before any other wait: what a handset tells is taken in the order in which it came, however long each part of it waits.
        let memory = self.handsets.memory(&message.handset).await;
        // As rows they are several times as large: so many at once are rows.
        let bytes = u32::try_from(message.payload.len()).unwrap_or(u32::MAX).min(ROWS_OF_BYTES);
        let _turn = self.as_rows.acquire_many(bytes).await;
        let decoded = decoded(&message, received_at).await;
        if let Some(full_bytes) = message.oversized {
            let found = decoded.message.len();
            let reason = format!(
                "payload of {full_bytes} bytes, at most {FIXES_BYTES_MAX} are taken here; of its beginning {found} positions are"
            );
            Box::pin(self.put_positions_aside(&message, reason)).await;
        } else if !decoded.defects.is_empty() {
            Box::pin(self.misread(&message, &decoded.defects)).await;
        }
        self.keep_in_turn(memory, &message.handset, decoded.message, received_at).await;
    }

    /// Returns when those of the fixes that are new, and may be kept, are on disk.
    pub(super) async fn keep_fixes(&self, handset: &HandsetId, fixes: Vec<Fix>, received_at: Timestamp) {
        let memory = self.handsets.memory(handset).await;
        self.keep_in_turn(memory, handset, fixes, received_at).await;
    }

    async fn keep_in_turn(
        &self,
        mut memory: OwnedMutexGuard<Memory>,
        handset: &HandsetId,
        fixes: Vec<Fix>,
        received_at: Timestamp,
    ) {
        let untracked = self.untracked.of(handset).await;
        let mut rows = self.new_rows(&mut memory, handset, fixes, received_at);
        let mut dropped = Vec::new();
        if let Some(spans) = untracked {
            (dropped, rows) = rows.into_iter().partition(|row| spans.hold(row.fix.fix_time));
        }
        let newest = rows.iter().max_by_key(|row| row.fix.fix_time).map(|row| row.fix.clone());
        // Also when nothing is new: the batch that holds the first of two equal messages goes to disk
        // before this one's turn, so the second is never acknowledged earlier than the first.
        let on_disk = self.batcher.hand_in(rows).await;
        drop(memory);
        if !dropped.is_empty() {
            Box::pin(self.drop_fixes(handset, dropped, received_at)).await;
        }
        on_disk.await;
        if let Some(fix) = newest {
            self.handsets.located(handset, &fix);
        }
    }

    /// Of positions that are not kept, and acknowledged, so that the handset does not keep them either: that it is alive, and how full
    /// its battery is now. Nothing of where it was.
    async fn drop_fixes(&self, handset: &HandsetId, dropped: Vec<JournalFix>, received_at: Timestamp) {
        metrics::counter!("jujiale_fixes_untracked_total")
            .increment(u64::try_from(dropped.len()).unwrap_or_default());
        let Some(newest) = dropped.iter().map(|row| &row.fix).max_by_key(|fix| fix.fix_time) else { return };
        if !self.untracked.is_due(handset, received_at) {
            return;
        }
        let is_now = received_at.duration_since(newest.fix_time) <= NOW_WITHIN;
        let said = match newest.battery_pct.filter(|_| is_now) {
            Some(battery_pct) => json!({ "battery_pct": battery_pct }),
            None => json!({}),
        };
        let job = || TakeMessage {
            handset: handset.clone(),
            kind: "status",
            identity: None,
            payload: said.to_string().into_bytes(),
            received_at,
        };
        if let Err(error) = self.write(job).await {
            tracing::warn!(event = "sign_of_life_not_kept", %error, %handset);
        }
    }

    fn new_rows(
        &self,
        memory: &mut Memory,
        handset: &HandsetId,
        fixes: Vec<Fix>,
        received_at: Timestamp,
    ) -> Vec<JournalFix> {
        let believed = memory.track.take(fixes, received_at);
        self.keep_clock(handset, memory);
        let row = |(fix, told_time)| JournalFix { handset: handset.clone(), fix, told_time, received_at };
        believed.into_iter().map(|believed| row((believed.fix, believed.told_time))).collect()
    }
}

async fn decoded(message: &Message, received_at: Timestamp) -> Decoded<Vec<Fix>> {
    if message.payload.len() < READ_ASIDE_FROM {
        return decode_fixes(&message.payload, received_at);
    }
    let payload = message.payload.clone();
    let read = spawn_blocking(move || decode_fixes(&payload, received_at)).await;
    read.unwrap_or_else(|error| {
        tracing::error!(event = "fixes_not_read_aside", %error);
        decode_fixes(&message.payload, received_at)
    })
}

#[cfg(test)]
#[path = "fixes_tests.rs"]
mod tests;
