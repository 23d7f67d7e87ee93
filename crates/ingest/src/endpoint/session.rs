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
use super::lenient::Broken;
use super::outlet::{Look, Outlet};
use super::uplink::{Answer, Ticket, Uplink};
use super::wire::{Grant, Inbound, Outbound, Publish, Rejection};
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
    /// Its beginning has been dealt with. The rest goes by, and then it is answered: see [`Session::passed`].
    PassBy,
}

/// The state of one session.
#[derive(Debug)]
pub(super) struct Session {
    rights: Rights,
    v5: bool,
    message_bytes_max: usize,
    fixes_bytes_max: usize,
    packet_bytes_max: usize,
    aliases: Aliases,
    uplink: Uplink,
    /// The place of the answer to a publish whose rest is going by.
    passing: Option<Ticket>,
    pub(super) outlet: Outlet,
}

impl Session {
    pub(super) fn new(rights: Rights, v5: bool, config: &super::Config, outlet: Outlet) -> Self {
        Self {
            rights,
            v5,
            message_bytes_max: config.max_message_bytes,
            fixes_bytes_max: config.max_fixes_bytes,
            packet_bytes_max: config.max_packet_bytes,
            aliases: Aliases::default(),
            uplink: Uplink::default(),
            passing: None,
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
            Inbound::Broken(broken) => self.take_broken(broken, effects),
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
    /// up to the packet limit; beyond that its beginning is taken, because it is still a press. Positions are read whole up to a
    /// limit of their own; beyond that those of the beginning are taken. Of anything else the beginning is kept aside. It is answered all the same: otherwise it would come
    /// again, before whatever is behind it.
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
        if let Some(answer) = self.answer_to_repeated(&beginning) {
            self.passing = Some(self.uplink.enter(0, answer));
            return Verdict::PassBy;
        }
        let topic = match self.aliases.resolve(&beginning) {
            Ok(topic) => topic,
            Err(ending) => {
                return self.keep_beginning(without_topic(beginning.payload), Answer::End(ending), effects);
            }
        };
        let answer = match self.whose(&topic) {
            Ok(UpKind::Press) if packet_bytes <= self.packet_bytes_max => return Verdict::ReadWhole,
            Ok(UpKind::Fix) if full_bytes <= self.fixes_bytes_max => return Verdict::ReadWhole,
            Ok(UpKind::Press) => self.acknowledgement(&beginning),
            Ok(_) => self.answer_to_too_large(&beginning),
            Err(_) => self.refusal(&beginning),
        };
        let work = self.work_of(topic, beginning.payload, u64::try_from(full_bytes).ok());
        self.keep_beginning(work, answer, effects)
    }

    /// The rest of a publish that was judged by its beginning has gone by.
    pub(super) fn passed(&mut self, effects: &mut Vec<Effect>) {
        if let Some(ticket) = self.passing.take() {
            self.uplink.done(ticket, true, effects);
        }
    }

    /// The answer has a place of its own behind the work: it is due when the beginning is on disk and the rest is gone.
    fn keep_beginning(&mut self, work: Work, answer: Answer, effects: &mut Vec<Effect>) -> Verdict {
        self.hand_on(work, Answer::Nothing, effects);
        self.passing = Some(self.uplink.enter(0, answer));
        Verdict::PassBy
    }

    fn publish(&mut self, publish: Publish, effects: &mut Vec<Effect>) {
        if let Some(answer) = self.answer_to_repeated(&publish) {
            return self.uplink.enter_done(answer, effects);
        }
        let topic = match self.aliases.resolve(&publish) {
            Ok(topic) => topic,
            Err(ending) => {
                return self.hand_on(without_topic(publish.payload), Answer::End(ending), effects);
            }
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
            Ok(kind) => {
                let answer = self.acknowledgement(&publish);
                let payload = publish.payload;
                let message =
                    Message { handset: self.rights.handset().clone(), kind, topic, payload, oversized: None };
                self.hand_on(Work::Accept(message), answer, effects);
            }
        }
    }

    /// A publish against the rules is taken for what could be read of it, for it may be a press. Then its connection ends. What was
    /// taken is acknowledged before: the client would send the same in each connection to come, before whatever is behind it.
    fn take_broken(&mut self, broken: Broken, effects: &mut Vec<Effect>) {
        let Broken { publish, ending, oversized } = broken;
        let work = match self.aliases.peek(&publish) {
            Err(_) => without_topic(publish.payload.clone()),
            Ok(topic) => self.work_of(topic, publish.payload.clone(), oversized),
        };
        let answer = match &work {
            Work::Accept(_) => answered(&publish, None),
            Work::Quarantine { why: Refusal::TooLarge, .. } => {
                answered(&publish, self.v5.then_some(Rejection::TooLarge))
            }
            Work::Quarantine { why: Refusal::NotItsTopic | Refusal::NoTopic, .. } => Answer::Nothing,
        };
        self.hand_on(work, answer, effects);
        self.uplink.enter_done(Answer::End(ending), effects);
    }

    /// What is to be done with a payload, or with the beginning of one that was so large: a press is one all the same, and the
    /// positions in it are positions.
    fn work_of(&self, topic: String, payload: Bytes, oversized: Option<u64>) -> Work {
        match (self.whose(&topic), oversized) {
            (Err(reason), _) => Work::Quarantine { why: Refusal::NotItsTopic, topic, payload, reason },
            (Ok(kind), Some(full_bytes)) if !matches!(kind, UpKind::Press | UpKind::Fix) => {
                self.too_large(topic, payload, full_bytes)
            }
            (Ok(kind), oversized) => {
                let handset = self.rights.handset().clone();
                Work::Accept(Message { handset, kind, topic, payload, oversized })
            }
        }
    }

    /// The kind of message if the topic is this handset's own, the reason if it is not.
    fn whose(&self, topic: &str) -> Result<UpKind, String> {
        self.rights.publishes(topic)
    }

    fn too_large(&self, topic: String, payload: Bytes, full_bytes: u64) -> Work {
        let most = self.message_bytes_max;
        let reason = format!("payload of {full_bytes} bytes, at most {most} are taken here");
        Work::Quarantine { why: Refusal::TooLarge, topic, payload, reason }
    }

    fn hand_on(&mut self, work: Work, answer: Answer, effects: &mut Vec<Effect>) {
        let ticket = self.uplink.enter(work.payload().len(), answer);
        effects.push(Effect::HandOn { ticket, work });
    }

    /// What a publish that is taken gets once it is on disk. A packet id that comes again without the duplicate flag
    /// before its release is another message of a client that lost count: it is taken like any other.
    fn acknowledgement(&mut self, publish: &Publish) -> Answer {
        let Some(packet_id) = publish.packet_id.filter(|_| publish.exactly_once) else {
            return answered(publish, None);
        };
        self.uplink.await_release(packet_id);
        let most = if self.v5 { IN_FLIGHT_MAX } else { UNRELEASED_MAX };
        if self.uplink.unreleased_count() > most {
            return Answer::End(Ending::ReceiveMaximumExceeded);
        }
        answered(publish, None)
    }

    /// What a QoS 2 publish gets that comes again before its release: it is not handed on again.
    fn answer_to_repeated(&self, publish: &Publish) -> Option<Answer> {
        let is_repeated = publish.exactly_once && publish.duplicate;
        let packet_id = publish.packet_id.filter(|id| is_repeated && self.uplink.awaits_release(*id))?;
        Some(Answer::Send(Outbound::PublishReceived { packet_id, refused: None }))
    }

    /// What a publish gets of which no more than the beginning is kept.
    fn answer_to_too_large(&mut self, publish: &Publish) -> Answer {
        if self.v5 { answered(publish, Some(Rejection::TooLarge)) } else { self.acknowledgement(publish) }
    }

    fn refusal(&self, publish: &Publish) -> Answer {
        if self.v5 {
            answered(publish, Some(Rejection::NotItsTopic))
        } else {
            Answer::End(Ending::PublishRefused)
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

/// The word about a publish, by its quality of service. 5 alone says why not.
fn answered(publish: &Publish, refused: Option<Rejection>) -> Answer {
    let Some(packet_id) = publish.packet_id else { return Answer::Nothing };
    Answer::Send(if publish.exactly_once {
        Outbound::PublishReceived { packet_id, refused }
    } else {
        Outbound::PublishAck { packet_id, refused }
    })
}

fn without_topic(payload: Bytes) -> Work {
    let reason = "no topic, and no alias that stands for one".to_owned();
    Work::Quarantine { why: Refusal::NoTopic, topic: String::new(), payload, reason }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
