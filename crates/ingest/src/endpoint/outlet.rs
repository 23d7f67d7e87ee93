//! What goes down to one session: its subscriptions, what it has been sent, what it has not acknowledged.
//!
//! Messages wait in the hall's outbox and not here. The outlet only remembers how far it has looked, once for each
//! filter: rows up to a filter's mark have been considered for it and are not considered again in this session. A filter
//! that joins later starts from the beginning, and a row that an older filter has covered is not sent to it twice. A
//! filter that is given up keeps its mark, so that subscribing again repeats nothing.

use std::num::NonZeroU16;

use rmqtt_codec::types::QoS;

use super::config::{DOWN_WINDOW, FILTERS_MAX};
use super::wire::{Grant, Outbound};
use crate::hall::Down;

/// What a publish has beside topic and payload: a fixed header of at most five bytes, the topic's length, the packet id,
/// and properties with an expiry.
const PUBLISH_OWN_BYTES: usize = 5 + 2 + 2 + 6;

#[derive(Debug)]
struct Subscription {
    filter: String,
    at_least_once: bool,
    active: bool,
    /// Rows up to this one have been considered for this filter.
    mark: i64,
}

/// A question to the hall, and the proof that its answer still fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) after: i64,
    pub(super) limit: usize,
    generation: u64,
}

/// The way down to one session.
#[derive(Debug)]
pub(super) struct Outlet {
    subscriptions: Vec<Subscription>,
    /// Sent at QoS 1 and not acknowledged: packet id and row.
    unacknowledged: Vec<(NonZeroU16, i64)>,
    window: usize,
    packet_bytes_max: usize,
    last_packet_id: u16,
    /// There may be something in the outbox that has not been considered.
    news: bool,
    /// A row waits for a free place in the window.
    blocked: bool,
    /// Grows when a filter joins: an answer to an older question may lack its rows.
    generation: u64,
}

impl Outlet {
    /// `receive_max` and `packet_bytes_max` are the client's own limits, where it named them.
    pub(super) fn new(receive_max: Option<NonZeroU16>, packet_bytes_max: usize) -> Self {
        Self {
            subscriptions: Vec::new(),
            unacknowledged: Vec::new(),
            window: receive_max.map_or(DOWN_WINDOW, |max| usize::from(max.get()).min(DOWN_WINDOW)),
            packet_bytes_max,
            last_packet_id: 0,
            news: false,
            blocked: false,
            generation: 0,
        }
    }

    /// Takes a filter the handset may read.
    pub(super) fn subscribe(&mut self, filter: &str, qos: QoS) -> Grant {
        let at_least_once = qos != QoS::AtMostOnce;
        let full = self.subscriptions.len() >= FILTERS_MAX;
        match self.subscriptions.iter_mut().find(|known| known.filter == filter) {
            Some(known) => (known.active, known.at_least_once) = (true, at_least_once),
            None if full => return Grant::QuotaExceeded,
            None => {
                let filter = filter.to_owned();
                self.subscriptions.push(Subscription { filter, at_least_once, active: true, mark: 0 });
            }
        }
        self.generation += 1;
        self.news = true;
        Grant::Granted(if at_least_once { QoS::AtLeastOnce } else { QoS::AtMostOnce })
    }

    /// Gives a filter up; false if it was not held.
    pub(super) fn unsubscribe(&mut self, filter: &str) -> bool {
        let known = self.subscriptions.iter_mut().find(|known| known.active && known.filter == filter);
        known.is_some_and(|known| std::mem::replace(&mut known.active, false))
    }

    /// The outbox has something new.
    pub(super) fn wake(&mut self) {
        self.news = true;
    }

    /// The client acknowledged a publish; its row, if it was one of ours.
    pub(super) fn acknowledged(&mut self, packet_id: NonZeroU16) -> Option<i64> {
        let place = self.unacknowledged.iter().position(|(id, _)| *id == packet_id)?;
        let (_, row) = self.unacknowledged.remove(place);
        self.news |= std::mem::take(&mut self.blocked);
        Some(row)
    }

    /// What to ask the hall now, if anything.
    pub(super) fn look(&mut self) -> Option<Look> {
        if !self.news {
            return None;
        }
        let after = self.subscriptions.iter().filter(|known| known.active).map(|known| known.mark).min()?;
        self.news = false;
        Some(Look { after, limit: DOWN_WINDOW, generation: self.generation })
    }

    /// The hall's answer; what goes out of it.
    pub(super) fn found(&mut self, look: Look, rows: Vec<Down>) -> Vec<Outbound> {
        if look.generation != self.generation {
            self.news = true;
            return Vec::new();
        }
        self.news |= rows.len() >= look.limit;
        let mut packets = Vec::new();
        for down in rows {
            let row = down.row;
            match self.place(down) {
                Placed::Sent(packet) => packets.push(packet),
                Placed::Passed => {}
                Placed::Blocked => {
                    self.blocked = true;
                    self.news = false;
                    break;
                }
            }
            for known in self.subscriptions.iter_mut().filter(|known| known.active) {
                known.mark = known.mark.max(row);
            }
        }
        packets
    }

    fn place(&mut self, down: Down) -> Placed {
        let mut wanted = None;
        for known in &self.subscriptions {
            if !protocol::filter_matches(&known.filter, &down.topic) {
                continue;
            }
            if known.mark >= down.row {
                return Placed::Passed;
            }
            if known.active {
                wanted = Some(wanted.unwrap_or(false) || known.at_least_once);
            }
        }
        let Some(at_least_once) = wanted else { return Placed::Passed };
        if down.topic.len() + down.payload.len() + PUBLISH_OWN_BYTES > self.packet_bytes_max {
            tracing::warn!(event = "mqtt_down_too_large_for_client", topic = %down.topic, row = down.row);
            return Placed::Passed;
        }
        if at_least_once && self.unacknowledged.len() >= self.window {
            return Placed::Blocked;
        }
        let packet_id = at_least_once.then(|| self.next_packet_id());
        if let Some(packet_id) = packet_id {
            self.unacknowledged.push((packet_id, down.row));
        }
        let Down { topic, payload, expires_in_s, .. } = down;
        Placed::Sent(Outbound::Publish { packet_id, topic, payload, expires_in_s })
    }

    /// At most sixteen are in use, so a free one is near.
    fn next_packet_id(&mut self) -> NonZeroU16 {
        loop {
            self.last_packet_id = self.last_packet_id.wrapping_add(1);
            if let Some(id) = NonZeroU16::new(self.last_packet_id)
                && self.unacknowledged.iter().all(|(used, _)| *used != id)
            {
                return id;
            }
        }
    }
}

enum Placed {
    Sent(Outbound),
    /// No filter wants it, or it has been sent before.
    Passed,
    Blocked,
}

#[cfg(test)]
#[path = "outlet_tests.rs"]
mod tests;
