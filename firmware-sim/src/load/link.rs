//! One handset's session as a state machine without a socket: bytes in, bytes out.

use super::book::Book;
use super::message::{Kind, Message, Sender};
use super::mqtt::{self, LogIn, Packet, Version};
use crate::handset::{pause_after, will};
use protocol::{DownKind, Receipt};
use std::collections::VecDeque;

/// Packet ids are 16 bits; some stay free, so that a new one is never that of a message in flight.
const IN_FLIGHT_MAX: usize = 60_000;
/// So much is put together for one write.
const WRITE_BYTES: usize = 64 * 1024;
const NS_A_SECOND: u64 = 1_000_000_000;

/// Where the session stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// No connection.
    Away,
    /// The connection is being made.
    Dialling,
    /// The log-in is sent.
    LoggingIn,
    /// Logged in.
    Up,
}

/// Why a session ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Ending {
    #[error("the door knows no such handset or not this password (code {0})")]
    Unknown(u8),
    #[error("the door refused the log-in with code {0}")]
    Refused(u8),
    #[error("the door refused the subscription to the handset's own down topics")]
    NotSubscribed,
    #[error("the door hung up with code {0}")]
    HungUp(u8),
    #[error("the door sent what is not MQTT")]
    Malformed,
}

/// A press without its receipt.
#[derive(Debug, Clone)]
struct Pressed {
    message: Message,
    press_id: String,
    sends: u32,
    due_ns: u64,
    /// To be sent as soon as there is room.
    queued: bool,
    acked: bool,
}

/// What every handset of a load has in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Habits {
    pub(super) version: Version,
    /// So many fix messages may wait for their PUBACK at once.
    pub(super) window: usize,
    pub(super) keep_alive_s: u16,
}

/// One handset.
#[derive(Debug)]
pub(super) struct Link {
    sender: Sender,
    habits: Habits,
    pub(super) phase: Phase,
    /// How many publishes the door wants in flight at most.
    door_max: usize,
    waiting: VecDeque<(Message, bool)>,
    presses: Vec<Pressed>,
    flying: VecDeque<(u16, Message)>,
    last_packet_id: u16,
    last_seq: u32,
    /// The beginning of a packet that is not whole yet.
    input: Vec<u8>,
    pub(super) sent_ns: u64,
}

impl Link {
    pub(super) fn new(sender: Sender, habits: Habits) -> Self {
        Self {
            sender,
            habits,
            phase: Phase::Away,
            door_max: IN_FLIGHT_MAX,
            waiting: VecDeque::new(),
            presses: Vec::new(),
            flying: VecDeque::new(),
            last_packet_id: 0,
            last_seq: 0,
            input: Vec::new(),
            sent_ns: 0,
        }
    }

    pub(super) fn sender(&self) -> &Sender {
        &self.sender
    }

    /// Takes the next numbers of this boot and gives the first of them.
    pub(super) fn numbers(&mut self, count: u32) -> u32 {
        let first = self.last_seq + 1;
        self.last_seq += count;
        first
    }

    /// A message's time has come. It waits here until the connection takes it.
    pub(super) fn give(&mut self, message: Message, book: &mut Book) {
        book.due(&message);
        match message.kind {
            Kind::Fixes | Kind::Newest => self.waiting.push_back((message, false)),
            Kind::Press => {
                let press_id = self.sender.press_id(&message);
                let pressed =
                    Pressed { message, press_id, sends: 0, due_ns: u64::MAX, queued: true, acked: false };
                self.presses.push(pressed);
            }
        }
    }

    /// The connection stands: says who it is.
    pub(super) fn log_in(&mut self, out: &mut Vec<u8>) {
        self.phase = Phase::LoggingIn;
        let id = self.sender.id();
        let log_in = LogIn {
            client_id: &format!("load-{id}"),
            user: id.as_str(),
            password: id.as_str(),
            keep_alive_s: self.habits.keep_alive_s,
            will: (&format!("jjl/{id}/status"), &will()),
        };
        mqtt::connect(out, self.habits.version, &log_in);
    }

    /// The connection is gone: what was in flight waits again at its old place, and presses go out first.
    pub(super) fn lost(&mut self) {
        self.phase = Phase::Away;
        self.input = Vec::new();
        while let Some((_, message)) = self.flying.pop_back() {
            if message.kind != Kind::Press {
                self.waiting.push_front((message, true));
            }
        }
        for pressed in &mut self.presses {
            pressed.queued = true;
        }
    }

    /// Sends what may go out now; notes when the presses among it are due again.
    pub(super) fn pump(&mut self, now_ns: u64, out: &mut Vec<u8>, book: &mut Book, due: &mut Vec<u64>) {
        if self.phase != Phase::Up {
            return;
        }
        let before = out.len();
        for index in 0..self.presses.len() {
            let most = self.door_max;
            let Some(pressed) = self.presses.get_mut(index) else { break };
            if pressed.queued && self.flying.len() < most {
                pressed.queued = false;
                pressed.sends += 1;
                pressed.due_ns = now_ns + pause_after(pressed.sends).as_secs() * NS_A_SECOND;
                due.push(pressed.due_ns);
                let message = pressed.message;
                book.press_sends += 1;
                book.presses_sent += u64::from(pressed.sends == 1);
                self.publish(message, out);
            }
        }
        let most = self.fixes_at_most();
        while self.flying.len() < most
            && out.len() - before < WRITE_BYTES
            && !self.ids_are_used_up()
            && let Some((message, again)) = self.waiting.pop_front()
        {
            if again {
                book.fix_messages_sent_again += 1;
            } else {
                book.fix_messages_sent += 1;
                book.fixes_sent += u64::from(message.count);
            }
            self.publish(message, out);
        }
        if out.len() > before {
            self.sent_ns = now_ns;
        }
    }

    /// Whether there is something [`Link::pump`] stopped short of for want of room in one write.
    pub(super) fn has_more(&self) -> bool {
        self.phase == Phase::Up
            && !self.waiting.is_empty()
            && self.flying.len() < self.fixes_at_most()
            && !self.ids_are_used_up()
    }

    /// Where the door takes few at once, two places are kept for presses.
    fn fixes_at_most(&self) -> usize {
        self.habits.window.min(self.door_max.saturating_sub(2).max(1))
    }

    /// Presses whose pause is over go out again.
    pub(super) fn repeat(&mut self, now_ns: u64) {
        for pressed in self.presses.iter_mut().filter(|pressed| pressed.due_ns <= now_ns) {
            pressed.queued = true;
            pressed.due_ns = u64::MAX;
        }
    }

    /// Notes at the end what had no answer until then.
    pub(super) fn still_owes(&self, now_ns: u64, book: &mut Book) {
        let flying = self.flying.iter().map(|(_, message)| message);
        let fixes = flying.chain(self.waiting.iter().map(|(message, _)| message));
        for message in fixes.filter(|message| message.kind != Kind::Press) {
            book.owed_fixes.record(message.intended_ns, now_ns);
        }
        for pressed in &self.presses {
            book.owed_presses.record(pressed.message.intended_ns, now_ns);
        }
    }

    /// Reads what came in and answers it.
    pub(super) fn received(
        &mut self,
        bytes: &[u8],
        now_ns: u64,
        out: &mut Vec<u8>,
        book: &mut Book,
    ) -> Result<(), Ending> {
        if self.input.is_empty() {
            let taken = self.read(bytes, now_ns, out, book)?;
            self.input.extend(bytes.iter().skip(taken));
        } else {
            let mut input = std::mem::take(&mut self.input);
            input.extend(bytes);
            let taken = self.read(&input, now_ns, out, book)?;
            input.drain(..taken);
            self.input = input;
        }
        Ok(())
    }

    fn read(
        &mut self,
        bytes: &[u8],
        now_ns: u64,
        out: &mut Vec<u8>,
        book: &mut Book,
    ) -> Result<usize, Ending> {
        let mut taken = 0;
        while let Some(rest) = bytes.get(taken..)
            && let Some((packet, count)) =
                mqtt::read(rest, self.habits.version).map_err(|_malformed| Ending::Malformed)?
        {
            taken += count;
            self.heard(packet, now_ns, out, book)?;
        }
        Ok(taken)
    }

    fn heard(
        &mut self,
        packet: Packet<'_>,
        now_ns: u64,
        out: &mut Vec<u8>,
        book: &mut Book,
    ) -> Result<(), Ending> {
        match packet {
            Packet::ConnAck { code: 0, receive_max } => {
                self.phase = Phase::Up;
                self.door_max = receive_max.map_or(IN_FLIGHT_MAX, usize::from);
                let packet_id = self.packet_id();
                let filter = format!("jjl/{}/down/#", self.sender.id());
                mqtt::subscribe(out, self.habits.version, packet_id, &filter);
            }
            Packet::ConnAck { code: code @ (4 | 5 | 0x86 | 0x87), .. } => return Err(Ending::Unknown(code)),
            Packet::ConnAck { code, .. } => return Err(Ending::Refused(code)),
            Packet::SubAck { refused: true } => return Err(Ending::NotSubscribed),
            Packet::Disconnect { code } => return Err(Ending::HungUp(code)),
            Packet::PubAck { packet_id, refused } => self.acknowledged(packet_id, refused, now_ns, book),
            Packet::Publish { topic, payload, packet_id } => {
                if let Some(packet_id) = packet_id {
                    mqtt::puback(out, packet_id);
                }
                self.came_down(topic, payload, now_ns, book);
            }
            Packet::SubAck { refused: false } | Packet::Other => {}
        }
        Ok(())
    }

    fn acknowledged(&mut self, packet_id: u16, refused: bool, now_ns: u64, book: &mut Book) {
        let Some(index) = self.flying.iter().position(|(flying, _)| *flying == packet_id) else {
            book.strangers += 1;
            return;
        };
        let Some((_, message)) = self.flying.remove(index) else { return };
        if refused {
            book.refused += 1;
        } else if message.kind != Kind::Press {
            book.fixes_acknowledged(&message, now_ns);
        } else if let Some(pressed) = self.presses.iter_mut().find(|p| p.message.seq == message.seq)
            && !pressed.acked
        {
            pressed.acked = true;
            book.presses_acked += 1;
            if !message.late {
                book.press_ack_waits.record(message.intended_ns, now_ns);
            }
        }
    }

    fn came_down(&mut self, topic: &[u8], payload: &[u8], now_ns: u64, book: &mut Book) {
        if !topic.ends_with(DownKind::Receipt.as_str().as_bytes()) {
            book.stages += 1;
            return;
        }
        let receipt = Receipt::from_json(payload).ok().and_then(|receipt| receipt.press_id);
        let Some(press_id) = receipt else {
            book.strangers += 1;
            return;
        };
        if let Some(index) = self.presses.iter().position(|pressed| pressed.press_id == press_id) {
            let pressed = self.presses.swap_remove(index);
            if !pressed.acked {
                // The receipt does not wait for the PUBACKs before it; it says all that a PUBACK says.
                book.presses_acked += 1;
                if !pressed.message.late {
                    book.press_ack_waits.record(pressed.message.intended_ns, now_ns);
                }
            }
            book.press_receipted(&pressed.message, now_ns);
        } else if press_id.starts_with(&self.sender.press_prefix()) {
            book.receipts_again += 1;
        } else {
            book.strangers += 1;
        }
    }

    fn publish(&mut self, message: Message, out: &mut Vec<u8>) {
        let packet_id = self.packet_id();
        let mut payload = Vec::with_capacity(256 + usize::from(message.count) * 192);
        self.sender.write(&mut payload, &message);
        mqtt::publish(out, self.habits.version, packet_id, &self.sender.topic(message.kind), &payload);
        self.flying.push_back((packet_id, message));
    }

    /// The oldest in flight has the id that would be next: sixty thousand were acknowledged before it.
    fn ids_are_used_up(&self) -> bool {
        self.flying.front().is_some_and(|(oldest, _)| *oldest == next_id(self.last_packet_id))
    }

    fn packet_id(&mut self) -> u16 {
        self.last_packet_id = next_id(self.last_packet_id);
        self.last_packet_id
    }
}

/// Zero is no packet id.
fn next_id(last: u16) -> u16 {
    last.checked_add(1).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: Kind, seq: u32) -> Message {
        Message {
            kind,
            late: false,
            intended_ns: 0,
            count: 1,
            seq,
            at_ms: 1_795_421_704_123,
            apart_ms: 10_000,
        }
    }

    #[test]
    fn a_press_has_a_place_however_many_fixes_wait() {
        let id = model::HandsetId::new("demo-0001").unwrap();
        let sender = Sender::new(id, "2026-11-23T08:00:00Z".parse().unwrap());
        let habits = Habits { version: Version::V5, window: 10_000, keep_alive_s: 60 };
        for door_max in [1, 2, 3, 64] {
            let mut link = Link::new(sender.clone(), habits);
            (link.phase, link.door_max) = (Phase::Up, door_max);
            let (mut out, mut book, mut due) = (Vec::new(), Book::default(), Vec::new());
            for seq in 1..=200 {
                link.give(message(Kind::Fixes, seq), &mut book);
            }
            link.pump(0, &mut out, &mut book, &mut due);
            let fixes = link.flying.len();
            assert!(fixes >= 1, "fixes go out too");
            link.give(message(Kind::Press, 201), &mut book);
            link.pump(0, &mut out, &mut book, &mut due);
            assert_eq!(
                book.press_sends,
                u64::from(door_max > 1),
                "a door of {door_max} with {fixes} fixes in flight"
            );
            assert!(link.flying.len() <= door_max);
        }
    }
}
