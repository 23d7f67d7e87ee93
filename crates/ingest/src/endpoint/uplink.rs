//! Publishes on their way to the disk, in order of arrival.
//!
//! The hall may finish them in any order; the client hears of them in the order in which it sent them, because some
//! clients take a PUBACK for everything before it. Each publish gets a ticket, a place in the queue and an answer that
//! is given when everything before it is done too.

use std::collections::{HashSet, VecDeque};
use std::num::NonZeroU16;

use super::config::IN_FLIGHT_MAX;
use super::ending::Ending;
use super::session::Effect;
use super::wire::Outbound;

/// Names a publish while it is on its way.
pub(super) type Ticket = u64;

/// What the client gets once its publish is on disk.
#[derive(Debug)]
pub(super) enum Answer {
    /// QoS 0, or a quarantined publish that was not to be acknowledged.
    Nothing,
    Send(Outbound),
    /// The connection ends here, after everything before it has been answered.
    End(Ending),
}

#[derive(Debug)]
struct Entry {
    payload_bytes: usize,
    done: bool,
    answer: Answer,
}

/// The queue of publishes in flight, and the QoS 2 publishes that wait for their release.
#[derive(Debug, Default)]
pub(super) struct Uplink {
    /// The ticket of the entry at the front.
    front: Ticket,
    entries: VecDeque<Entry>,
    payload_bytes: usize,
    ends: bool,
    unreleased: HashSet<NonZeroU16>,
}

impl Uplink {
    /// Whether another publish may be taken off the socket. One that is larger than the whole share of bytes is, as long
    /// as the share is not already used up.
    pub(super) fn has_room(&self, share: usize) -> bool {
        !self.ends && self.entries.len() < IN_FLIGHT_MAX && self.payload_bytes < share
    }

    /// A publish enters the queue; its ticket is due when it is on disk.
    pub(super) fn enter(&mut self, payload_bytes: usize, answer: Answer) -> Ticket {
        let ticket = self.front + self.entries.len() as u64;
        self.payload_bytes += payload_bytes;
        self.ends |= matches!(answer, Answer::End(_));
        self.entries.push_back(Entry { payload_bytes, done: false, answer });
        ticket
    }

    /// Something without work of its own is answered in its turn.
    pub(super) fn enter_done(&mut self, answer: Answer, effects: &mut Vec<Effect>) {
        let ticket = self.enter(0, answer);
        self.done(ticket, true, effects);
    }

    /// The hall is done with a publish. `taken` is false if it died over it; then nothing may be acknowledged any more.
    pub(super) fn done(&mut self, ticket: Ticket, taken: bool, effects: &mut Vec<Effect>) {
        let place = ticket.checked_sub(self.front).and_then(|place| usize::try_from(place).ok());
        let Some(entry) = place.and_then(|place| self.entries.get_mut(place)) else { return };
        entry.done = true;
        if !taken {
            entry.answer = Answer::End(Ending::HallFailed);
            self.ends = true;
        }
        while self.entries.front().is_some_and(|entry| entry.done) {
            let Some(entry) = self.entries.pop_front() else { break };
            self.front += 1;
            self.payload_bytes -= entry.payload_bytes;
            match entry.answer {
                Answer::Nothing => {}
                Answer::Send(packet) => effects.push(Effect::Send(packet)),
                Answer::End(ending) => effects.push(Effect::End(ending)),
            }
        }
    }

    /// Notes a QoS 2 publish until its release; false if it was noted before.
    pub(super) fn await_release(&mut self, packet_id: NonZeroU16) -> bool {
        self.unreleased.insert(packet_id)
    }

    pub(super) fn awaits_release(&self, packet_id: NonZeroU16) -> bool {
        self.unreleased.contains(&packet_id)
    }

    pub(super) fn unreleased_count(&self) -> usize {
        self.unreleased.len()
    }

    /// PUBREL: the packet id is free again; false if it was not held.
    pub(super) fn release(&mut self, packet_id: NonZeroU16) -> bool {
        let held = self.unreleased.remove(&packet_id);
        if self.unreleased.is_empty() {
            self.unreleased.shrink_to_fit();
        }
        held
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::config::IN_FLIGHT_BYTES_MAX;

    fn ack(id: u16) -> Outbound {
        Outbound::PublishAck { packet_id: NonZeroU16::new(id).unwrap(), refused: None }
    }

    #[test]
    fn answers_keep_the_order_of_arrival_whatever_finishes_first() {
        let mut uplink = Uplink::default();
        let mut effects = Vec::new();
        let tickets: Vec<Ticket> = (1..=3).map(|id| uplink.enter(10, Answer::Send(ack(id)))).collect();
        uplink.done(tickets[2], true, &mut effects);
        uplink.done(tickets[1], true, &mut effects);
        assert!(effects.is_empty());
        uplink.done(tickets[0], true, &mut effects);
        assert_eq!(effects, [1, 2, 3].map(|id| Effect::Send(ack(id))));
        assert_eq!(uplink.payload_bytes, 0);
    }

    #[test]
    fn there_is_room_for_64_publishes_or_one_that_is_larger_than_a_mebibyte() {
        let mut uplink = Uplink::default();
        for _ in 0..IN_FLIGHT_MAX {
            assert!(uplink.has_room(IN_FLIGHT_BYTES_MAX));
            uplink.enter(1, Answer::Nothing);
        }
        assert!(!uplink.has_room(IN_FLIGHT_BYTES_MAX));

        let mut uplink = Uplink::default();
        uplink.enter(IN_FLIGHT_BYTES_MAX - 1, Answer::Nothing);
        assert!(uplink.has_room(IN_FLIGHT_BYTES_MAX), "one more is read, however large");
        let large = uplink.enter(10 * IN_FLIGHT_BYTES_MAX, Answer::Nothing);
        assert!(!uplink.has_room(IN_FLIGHT_BYTES_MAX));
        uplink.done(0, true, &mut Vec::new());
        assert!(!uplink.has_room(IN_FLIGHT_BYTES_MAX));
        uplink.done(large, true, &mut Vec::new());
        assert!(uplink.has_room(IN_FLIGHT_BYTES_MAX));
    }

    #[test]
    fn a_publish_over_which_the_hall_died_ends_the_connection_unacknowledged() {
        let mut uplink = Uplink::default();
        let mut effects = Vec::new();
        let first = uplink.enter(1, Answer::Send(ack(1)));
        let second = uplink.enter(1, Answer::Send(ack(2)));
        uplink.done(second, false, &mut effects);
        uplink.done(first, true, &mut effects);
        assert_eq!(effects, [Effect::Send(ack(1)), Effect::End(Ending::HallFailed)]);
        assert!(!uplink.has_room(IN_FLIGHT_BYTES_MAX));
    }
}
