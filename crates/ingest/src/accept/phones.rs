//! What telephones say: OwnTracks apps on their topics or over HTTP, OsmAnd and Traccar Client over HTTP.
//!
//! Each dialect ends in what a GPS-one handset would have sent: its positions take the way of every fix, its emergency
//! button the way of every press, the rest is kept as it came. What was sealed is opened first and kept opened.

use super::{Accept, RETRY_AFTER};
use crate::endpoint::{FIXES_BYTES_MAX, KEPT_BEGINNING_BYTES};
use crate::hall::Message;
use bytes::Bytes;
use model::{HandsetId, Timestamp};
use protocol::{
    Decoded, Location, OwnTracks, PhoneName, Press, Report, Rights, Status, decode_osmand, decode_owntracks,
    told_topic, without_place,
};
use serde_json::json;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};
use store::{PutStatus, Settle, StoreError};
use tokio::task::spawn_blocking;

/// Commands given over at once to a phone that asks over HTTP; more come with its next message.
const COMMANDS_AT_ONCE: u32 = 16;
/// From so many bytes on a report is read beside the threads that answer handsets: it takes longer than a press may wait.
const READ_ASIDE_FROM: usize = 1024 * 1024;
/// What is kept of a large list with each call for help in it but the first, with which all of it is kept.
const KEPT_BESIDE_BYTES: usize = 4096;
/// Presses that are taken out of one list: each waits for the disk, and the newest for all before it.
const PRESSES_OF_A_LIST: usize = 64;

/// What was last noted of each phone, so that it is noted again only when it has changed.
#[derive(Debug, Default)]
pub(super) struct Noted(Mutex<HashMap<HandsetId, String>>);

impl Noted {
    fn is_news(&self, handset: &HandsetId, status: &str) -> bool {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.get(handset).is_some_and(|known| known == status) {
            return false;
        }
        noted.insert(handset.clone(), status.to_owned());
        true
    }
}

impl Accept {
    pub(super) async fn take_owntracks(&self, mut message: Message) {
        let received_at = self.now();
        let Some(name) = PhoneName::of_topic(&message.topic) else {
            return self.put_aside(&message, "not a topic of an OwnTracks app".to_owned()).await;
        };
        if let Some(full_bytes) = message.oversized {
            return self.put_positions_aside(&message, too_large(full_bytes, "nothing of it is read")).await;
        }
        let mut decoded = decode_owntracks(&name, &message.payload, received_at);
        if let OwnTracks::Encrypted(data) = &decoded.message {
            match self.open(&name, data).await {
                Ok(opened) => message.payload = opened,
                Err(reason) => return self.put_aside(&message, reason).await,
            }
            decoded = decode_owntracks(&name, &message.payload, received_at);
        }
        metrics::counter!("jujiale_owntracks_total", "kind" => decoded.message.kind()).increment(1);
        self.take_opened(message, decoded, received_at).await;
    }

    async fn take_opened(&self, message: Message, decoded: Decoded<OwnTracks>, received_at: Timestamp) {
        if !decoded.defects.is_empty() {
            self.misread(&message, &decoded.defects).await;
        }
        let kind = decoded.message.kind();
        match decoded.message {
            // Nothing to keep, or kept already with what is wrong with it.
            OwnTracks::Nothing | OwnTracks::Unreadable => {}
            OwnTracks::Encrypted(_) => self.put_aside(&message, "it was sealed twice".to_owned()).await,
            OwnTracks::Location(Location { fix, charging, .. }) => {
                self.keep_fixes(&message.handset, fix.into_iter().collect(), received_at).await;
                let status = Status { online: Some(true), charging, ..Status::default() };
                self.note_status(message, &status, received_at).await;
            }
            OwnTracks::Gone(status) => {
                self.keep(&message, kind, received_at).await;
                self.note_status(message, &status, received_at).await;
            }
            OwnTracks::Transition(transition) => {
                let times = [transition.at.unwrap_or(received_at), received_at];
                self.keep_where_it_may(message, kind, &times, received_at).await;
            }
            OwnTracks::Waypoint(_) | OwnTracks::Waypoints(_) | OwnTracks::Other(_) => {
                self.keep_where_it_may(message, kind, &[received_at], received_at).await;
            }
            OwnTracks::Status | OwnTracks::Card { .. } => self.keep(&message, kind, received_at).await,
        }
    }

    pub(super) async fn take_osmand(&self, message: Message) {
        let received_at = self.now();
        let Decoded { message: report, defects } = read_osmand(&message, received_at).await;
        // What cannot be read of a press goes to quarantine with it.
        let is_pressed = !report.presses.is_empty();
        match message.oversized.filter(|_| !is_pressed) {
            Some(full_bytes) => {
                self.put_positions_aside(&message, too_large(full_bytes, "its beginning is read")).await;
            }
            None if !defects.is_empty() && !is_pressed => self.misread(&message, &defects).await,
            None => {}
        }
        let defects: Vec<String> = defects.iter().map(ToString::to_string).collect();
        let (presses, left_out) = newest(report.presses, received_at);
        for (nth, press) in presses.into_iter().enumerate() {
            let said = if nth == 0 { message.clone() } else { beside(&message) };
            let mut defects = defects.clone();
            if nth == 0 && left_out > 0 {
                defects.push(format!("{left_out} older calls for help in this list are not taken as such"));
            }
            self.keep_press(&said, press, defects, received_at).await;
        }
        let times: Vec<Timestamp> =
            report.fixes.iter().map(|fix| fix.fix_time).chain([received_at]).collect();
        self.keep_fixes(&message.handset, report.fixes, received_at).await;
        if report.says_more {
            self.keep_where_it_may(message.clone(), "osmand", &times, received_at).await;
        }
        let status = Status { online: Some(true), ..report.status };
        self.note_status(message, &status, received_at).await;
    }

    /// Keeps a message as it came, or without its place if one of these times is one of which no positions are kept.
    async fn keep_where_it_may(
        &self,
        mut message: Message,
        kind: &'static str,
        times: &[Timestamp],
        received_at: Timestamp,
    ) {
        let untracked = self.untracked.of(&message.handset).await;
        if untracked.is_some_and(|spans| times.iter().any(|at| spans.hold(*at))) {
            message.payload = Bytes::from(without_place(&message.payload));
        }
        self.keep(&message, kind, received_at).await;
    }

    /// What a phone's passphrase opens, or why it does not. A store that cannot be read now is waited for: whether the
    /// message is a misfit is not known until then.
    async fn open(&self, name: &PhoneName, data: &str) -> Result<Bytes, String> {
        loop {
            return match self.store.passphrase_of_phone(name).await {
                Ok(Some(passphrase)) => {
                    passphrase.open(data).map(Bytes::from).map_err(|error| error.to_string())
                }
                Ok(None) => Err("it is sealed, and this phone has no passphrase here".to_owned()),
                Err(StoreError::Read { what, source }) => {
                    tracing::warn!(event = "passphrase_unreadable", what, error = %source);
                    tokio::time::sleep(RETRY_AFTER).await;
                    continue;
                }
                Err(error) => Err(error.to_string()),
            };
        }
    }

    pub(super) async fn put_aside(&self, message: &Message, reason: String) {
        self.keep_misfit(Some(&message.handset), &message.topic, &message.payload, reason).await;
    }

    /// The same of one that is too large, and whose positions may be right. Where some of this handset's are not kept, none are
    /// kept here either: only that it came.
    pub(super) async fn put_positions_aside(&self, message: &Message, reason: String) {
        let is_all_kept = self.untracked.of(&message.handset).await.is_none();
        let payload: &[u8] = if is_all_kept { &message.payload } else { &[] };
        self.keep_misfit(Some(&message.handset), &message.topic, payload, reason).await;
    }

    /// The newest word of a phone about itself. Positions come often and say mostly the same. Whether it is on its charger is kept
    /// as the status that a handset would have sent, since a battery is watched by it; how full it is stands in each position.
    async fn note_status(&self, message: Message, status: &Status, at: Timestamp) {
        let text = json!({ "online": status.online, "charging": status.charging }).to_string();
        let handset = message.handset.clone();
        if !self.noted.is_news(&handset, &text) {
            return;
        }
        if status.charging.is_some() {
            let said = Message { payload: Bytes::from(text.clone()), ..message };
            self.keep(&said, "status", at).await;
        }
        self.batcher.aside(PutStatus { handset, clock_ahead: None, status: Some(text), at });
    }

    /// Whose handset the OsmAnd phone of this id is, and whether it was reported stolen. Its id is all its log-in, so that it
    /// goes on is told of as of a log-in that was refused.
    pub(crate) async fn handset_of_osmand(
        &self,
        id: &protocol::OsmAndId,
    ) -> Result<Option<(HandsetId, bool)>, StoreError> {
        let found = self.store.handset_of_osmand(id).await?;
        if let Some((handset, true)) = &found {
            self.tell_refused(&self.porter.turn_stolen_away(handset.clone()));
        }
        Ok(found)
    }

    /// The phone that a message names itself, as an iPhone's does; inside, if it is sealed. A sealed one that names
    /// nobody is that phone's whose passphrase opens it.
    pub(crate) async fn told_name(&self, rights: &Rights, payload: &[u8]) -> Option<PhoneName> {
        let named = |payload: &[u8]| told_topic(payload).and_then(|topic| PhoneName::of_topic(&topic));
        if let Some(name) = named(payload) {
            return Some(name);
        }
        for phone in rights.phones() {
            let decoded = decode_owntracks(phone, payload, self.now());
            let OwnTracks::Encrypted(data) = decoded.message else { return None };
            if let Ok(opened) = self.open(phone, &data).await {
                return named(&opened).or_else(|| Some(phone.clone()));
            }
        }
        None
    }

    /// The commands that wait for a phone that speaks HTTP. They are settled as they are given over: it cannot
    /// acknowledge, and would otherwise be asked again with every answer.
    pub(crate) async fn give_commands(
        &self,
        handset: &HandsetId,
        name: &PhoneName,
    ) -> Vec<serde_json::Value> {
        let now = self.now();
        let waiting = match self.store.waiting_on(handset, &name.command_topic(), COMMANDS_AT_ONCE, now).await
        {
            Ok(waiting) => waiting,
            Err(error) => {
                tracing::warn!(event = "outbox_unreadable", %error, %handset);
                return Vec::new();
            }
        };
        let mut given = Vec::new();
        for row in waiting {
            let settled = self.store.write(Settle { handset: handset.clone(), row: row.row, at: now }).await;
            match (settled, serde_json::from_str(&row.payload)) {
                (Ok(()), Ok(command)) => given.push(command),
                (Err(error), _) => tracing::warn!(event = "settle_failed", %error, %handset),
                (_, Err(error)) => tracing::warn!(event = "command_unreadable", %error, %handset),
            }
        }
        given
    }
}

fn too_large(full_bytes: u64, what_is_read: &str) -> String {
    format!("payload of {full_bytes} bytes, at most {FIXES_BYTES_MAX} are taken here; {what_is_read}")
}

/// The presses of a list that are taken, the newest last, and how many older ones are not. One without a time is of now.
fn newest(mut presses: Vec<Press>, received_at: Timestamp) -> (Vec<Press>, usize) {
    let left_out = presses.len().saturating_sub(PRESSES_OF_A_LIST);
    if left_out > 0 {
        presses.sort_by_key(|press| press.pressed_at.unwrap_or(received_at));
        presses.drain(..left_out);
    }
    (presses, left_out)
}

/// A large message for a press that is not its first one.
fn beside(message: &Message) -> Message {
    if message.payload.len() <= KEPT_BEGINNING_BYTES {
        return message.clone();
    }
    let full_bytes = u64::try_from(message.payload.len()).ok();
    let payload = message.payload.slice(..KEPT_BESIDE_BYTES);
    Message { payload, oversized: message.oversized.or(full_bytes), ..message.clone() }
}

async fn read_osmand(message: &Message, received_at: Timestamp) -> Decoded<Report> {
    if message.payload.len() < READ_ASIDE_FROM {
        return decode_osmand(&message.payload, received_at);
    }
    let payload = message.payload.clone();
    let read = spawn_blocking(move || decode_osmand(&payload, received_at)).await;
    read.unwrap_or_else(|error| {
        tracing::error!(event = "report_not_read_aside", %error);
        decode_osmand(&message.payload, received_at)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::SignedDuration;

    #[test]
    fn of_a_list_of_presses_the_newest_are_taken_whatever_their_order() {
        let now = Timestamp::from_second(1_795_000_000).unwrap();
        let press = |ago_s: i64| Press {
            pressed_at: Some(now - SignedDuration::from_secs(ago_s)),
            ..protocol::decode_press(b"{}", now).message
        };
        let (taken, left_out) = newest((0..1_000).map(press).collect(), now);
        assert_eq!((taken.len(), left_out), (PRESSES_OF_A_LIST, 1_000 - PRESSES_OF_A_LIST));
        assert_eq!(taken.last().and_then(|press| press.pressed_at), Some(now));
        let (few, left_out) = newest((0..3).map(press).collect(), now);
        assert_eq!((few.len(), left_out), (3, 0));
    }

    #[test]
    fn a_status_is_noted_when_it_is_news() {
        let noted = Noted::default();
        let (one, two) = (HandsetId::new("h1").unwrap(), HandsetId::new("h2").unwrap());
        assert!(noted.is_news(&one, "here"));
        assert!(!noted.is_news(&one, "here"));
        assert!(noted.is_news(&two, "here"));
        assert!(noted.is_news(&one, "gone") && noted.is_news(&one, "here"));
    }
}
