//! One session as a machine without sockets: packets go in, effects come out.
//!
//! The connection performs the effects and reports back with [`Session::done`] and [`Session::found`]. Nothing here
//! waits, so every rule of the door about publishes and subscriptions can be tested with a list of packets.

use std::num::NonZeroU16;

use bytes::Bytes;
use protocol::{Rights, UpKind};
use rmqtt_codec::types::QoS;

use super::aliases::Aliases;
use super::config::{IN_FLIGHT_MAX, UNRELEASED_MAX};
use super::ending::Ending;
use super::outlet::{Look, Outlet};
use super::uplink::{Answer, Ticket, Uplink};
use super::wire::{Grant, Inbound, Outbound, Publish};
use crate::hall::{Down, Message};

/// What the connection has to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Give this to the hall and report its ticket when it is on disk.
    HandOn {
        ticket: Ticket,
        work: Work,
    },
    Send(Outbound),
    Settle(i64),
    End(Ending),
}

/// What the hall is to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Work {
    Accept(Message),
    Quarantine { why: Refusal, topic: String, payload: Bytes, reason: String },
}

impl Work {
    pub(super) fn payload(&self) -> &Bytes {
        match self {
            Self::Accept(message) => &message.payload,
            Self::Quarantine { payload, .. } => payload,
        }
    }
}

/// Why a publish is refused; the label in metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    NotItsTopic,
    TooLarge,
    NoTopic,
}

impl Refusal {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::NotItsTopic => "not_its_topic",
            Self::TooLarge => "too_large",
            Self::NoTopic => "no_topic",
        }
    }
}

/// What to do about a publish of which only the beginning has been read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    ReadWhole,
    /// It has been dealt with; the connection ends.
    Ends,
}

/// The state of one session.
#[derive(Debug)]
pub(super) struct Session {
    rights: Rights,
    v5: bool,
    message_bytes_max: usize,
    packet_bytes_max: usize,
    aliases: Aliases,
    uplink: Uplink,
    pub(super) outlet: Outlet,
}

impl Session {
    pub(super) fn new(rights: Rights, v5: bool, config: &super::Config, outlet: Outlet) -> Self {
        Self {
            rights,
            v5,
            message_bytes_max: config.max_message_bytes,
            packet_bytes_max: config.max_packet_bytes,
            aliases: Aliases::default(),
            uplink: Uplink::default(),
            outlet,
        }
    }

    /// Whether the next packet may be looked at, of a connection that may have so many bytes on their way.
    pub(super) fn has_room(&self, share: usize) -> bool {
        self.uplink.has_room(share)
    }

    /// One packet from the client.
    pub(super) fn receive(&mut self, packet: Inbound, effects: &mut Vec<Effect>) {
        match packet {
            Inbound::Publish(publish) => self.publish(publish, effects),
            Inbound::PublishAck { packet_id, failed } => self.acknowledged(packet_id, failed, effects),
            Inbound::PublishRelease { packet_id } => {
                let known = self.uplink.release(packet_id);
                effects.push(Effect::Send(Outbound::PublishComplete { packet_id, known }));
            }
            Inbound::Subscribe { packet_id, filters } => self.subscribe(packet_id, &filters, effects),
            Inbound::SubscribeWithId => effects.push(Effect::End(Ending::SubscriptionIdUnsupported)),
            Inbound::Unsubscribe { packet_id, filters } => {
                let existed = filters.iter().map(|filter| self.outlet.unsubscribe(filter)).collect();
                effects.push(Effect::Send(Outbound::UnsubscribeAck { packet_id, existed }));
            }
            Inbound::Ping => effects.push(Effect::Send(Outbound::Pong)),
            Inbound::Disconnect { with_will: false } => effects.push(Effect::End(Ending::Disconnected)),
            Inbound::Disconnect { with_will: true } => {
                effects.push(Effect::End(Ending::DisconnectedWithWill));
            }
            Inbound::Authenticate if self.v5 => effects.push(Effect::End(Ending::AuthenticationUnsupported)),
            Inbound::Authenticate | Inbound::Unexpected => effects.push(Effect::End(Ending::ProtocolError)),
        }
    }

    /// The hall is done with a publish; `taken` is false if it died over it.
    pub(super) fn done(&mut self, ticket: Ticket, taken: bool, effects: &mut Vec<Effect>) {
        self.uplink.done(ticket, taken, effects);
    }

    /// The hall's answer to a look into the outbox.
    pub(super) fn found(&mut self, look: Look, rows: Vec<Down>, effects: &mut Vec<Effect>) {
        effects.extend(self.outlet.found(look, rows).into_iter().map(Effect::Send));
    }

    /// A publish larger than an ordinary message, of which `beginning.payload` is the first part. A press is read whole
    /// up to the packet limit; beyond that its beginning is taken, because it is still a press. Anything else is not
    /// waited for.
    pub(super) fn judge_beginning(
        &mut self,
        beginning: Publish,
        full_bytes: usize,
        packet_bytes: usize,
        effects: &mut Vec<Effect>,
    ) -> Verdict {
        if full_bytes <= self.message_bytes_max {
            return Verdict::ReadWhole;
        }
        let topic = self.aliases.peek(&beginning).unwrap_or_default();
        let payload = beginning.payload;
        let work = match self.whose(&topic) {
            Ok(UpKind::Press) if packet_bytes <= self.packet_bytes_max => return Verdict::ReadWhole,
            Ok(kind @ UpKind::Press) => {
                let oversized = u64::try_from(full_bytes).ok();
                Work::Accept(Message {
                    handset: self.rights.handset().clone(),
                    kind,
                    topic,
                    payload,
                    oversized,
                })
            }
            Ok(_) => self.too_large(topic, &payload, full_bytes),
            Err(reason) => Work::Quarantine { why: Refusal::NotItsTopic, topic, payload, reason },
        };
        self.hand_on(work, Answer::End(Ending::TooLarge), effects);
        Verdict::Ends
    }

    fn publish(&mut self, publish: Publish, effects: &mut Vec<Effect>) {
        if let Some(packet_id) = publish.packet_id
            && publish.exactly_once
            && publish.duplicate
            && self.uplink.awaits_release(packet_id)
        {
            let answer = Answer::Send(Outbound::PublishReceived { packet_id, refused: false });
            return self.uplink.enter_done(answer, effects);
        }
        let topic = match self.aliases.resolve(&publish) {
            Ok(topic) => topic,
            Err(ending) => return self.without_topic(publish.payload, ending, effects),
        };
        match self.whose(&topic) {
            Err(reason) => {
                let answer = self.refusal(&publish);
                let payload = publish.payload;
                self.hand_on(
                    Work::Quarantine { why: Refusal::NotItsTopic, topic, payload, reason },
                    answer,
                    effects,
                );
            }
            Ok(kind) if kind != UpKind::Press && publish.payload.len() > self.message_bytes_max => {
                let full_bytes = publish.payload.len();
                let work = self.too_large(topic, &publish.payload, full_bytes);
                self.hand_on(work, Answer::End(Ending::TooLarge), effects);
            }
            Ok(kind) => {
                let answer = self.acknowledgement(&publish);
                let payload = publish.payload;
                let message =
                    Message { handset: self.rights.handset().clone(), kind, topic, payload, oversized: None };
                self.hand_on(Work::Accept(message), answer, effects);
            }
        }
    }

    /// The kind of message if the topic is this handset's own, the reason if it is not.
    fn whose(&self, topic: &str) -> Result<UpKind, String> {
        self.rights.publishes(topic)
    }

    fn too_large(&self, topic: String, payload: &Bytes, full_bytes: usize) -> Work {
        let reason =
            format!("payload of {full_bytes} bytes, at most {} are taken here", self.message_bytes_max);
        let kept = payload.slice(..payload.len().min(super::config::KEPT_BEGINNING_BYTES));
        Work::Quarantine { why: Refusal::TooLarge, topic, payload: kept, reason }
    }

    fn without_topic(&mut self, payload: Bytes, ending: Ending, effects: &mut Vec<Effect>) {
        let reason = "no topic, and no alias that stands for one".to_owned();
        let work = Work::Quarantine { why: Refusal::NoTopic, topic: String::new(), payload, reason };
        self.hand_on(work, Answer::End(ending), effects);
    }

    fn hand_on(&mut self, work: Work, answer: Answer, effects: &mut Vec<Effect>) {
        let ticket = self.uplink.enter(work.payload().len(), answer);
        effects.push(Effect::HandOn { ticket, work });
    }

    /// What a publish that is taken gets once it is on disk. A packet id that comes again without the duplicate flag
    /// before its release is another message of a client that lost count: it is taken like any other.
    fn acknowledgement(&mut self, publish: &Publish) -> Answer {
        let Some(packet_id) = publish.packet_id else { return Answer::Nothing };
        if !publish.exactly_once {
            return Answer::Send(Outbound::PublishAck { packet_id, refused: false });
        }
        self.uplink.await_release(packet_id);
        let most = if self.v5 { IN_FLIGHT_MAX } else { UNRELEASED_MAX };
        if self.uplink.unreleased_count() > most {
            return Answer::End(Ending::ReceiveMaximumExceeded);
        }
        Answer::Send(Outbound::PublishReceived { packet_id, refused: false })
    }

    fn refusal(&self, publish: &Publish) -> Answer {
        match publish.packet_id {
            _ if !self.v5 => Answer::End(Ending::PublishRefused),
            None => Answer::Nothing,
            Some(packet_id) if publish.exactly_once => {
                Answer::Send(Outbound::PublishReceived { packet_id, refused: true })
            }
            Some(packet_id) => Answer::Send(Outbound::PublishAck { packet_id, refused: true }),
        }
    }

    /// A PUBACK settles its row. One with a failure code (MQTT 5) only frees its place: the row comes again in the next
    /// session. One that is nobody's is an echo of an earlier connection and changes nothing.
    fn acknowledged(&mut self, packet_id: NonZeroU16, failed: bool, effects: &mut Vec<Effect>) {
        if let Some(row) = self.outlet.acknowledged(packet_id)
            && !failed
        {
            effects.push(Effect::Settle(row));
        }
    }

    fn subscribe(&mut self, packet_id: NonZeroU16, filters: &[(String, QoS)], effects: &mut Vec<Effect>) {
        let mut grants = Vec::with_capacity(filters.len());
        for (filter, qos) in filters {
            let allowed = self.rights.reads(filter);
            grants.push(if allowed { self.outlet.subscribe(filter, *qos) } else { Grant::NotAuthorized });
        }
        effects.push(Effect::Send(Outbound::SubscribeAck { packet_id, grants }));
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
