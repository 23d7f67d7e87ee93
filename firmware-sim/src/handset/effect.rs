//! What a handset asks of its shell, and what it tells about itself.

use super::Answers;
use model::{SignedDuration, Timestamp};
use protocol::Progress;

/// Names one publish until it is acknowledged or its connection is lost.
pub type Token = u64;

/// A message to publish with QoS 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publish {
    /// Given back by [`Handset::acked`].
    pub token: Token,
    /// Where to.
    pub topic: String,
    /// The bytes.
    pub payload: Vec<u8>,
}

/// What the shell is to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Connect, and connect again whenever the connection is lost.
    Dial,
    /// Drop the connection without a word, as a dead zone does.
    HangUp,
    /// Send this.
    Publish(Publish),
    /// Something worth counting or showing happened.
    Notice(Notice),
}

/// What an observer hears about a handset.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// The connection stands.
    Connected,
    /// The connection is gone.
    Disconnected,
    /// The button was pressed (or the press taken back).
    Pressed(PressKey),
    /// A press went out, for the n-th time.
    PressSent { press: PressKey, sends: u32 },
    /// A publish of the press was acknowledged by MQTT.
    PressAcked(PressKey),
    /// The platform says that the press is on its disk.
    PressReceipted { press: PressKey, received_at: Timestamp, waited: SignedDuration },
    /// The accelerometer saw what may be a fall.
    Fell(String),
    /// The report of a fall went out.
    FallSent(String),
    /// The report of a fall was acknowledged by MQTT.
    FallAcked(String),
    /// Somebody tells a story about this handset, and this happens now.
    Told(String),
    /// How far help has come.
    Progress(Progress),
    /// The person was asked something.
    Asked(String),
    /// The person said something to it.
    Replied(Answers),
    /// That many fixes went out.
    FixesSent(usize),
    /// That many fixes were acknowledged.
    FixesAcked(usize),
    /// The handset's store was full: that many fixes were thinned out of the past.
    FixesThinned(usize),
    /// The handset started again under this boot id.
    Rebooted(String),
    /// No connection came about, or it ended, and why.
    Unreachable { reason: String },
    /// Something came down that could not be read.
    Unreadable { topic: String },
}

/// Which press: its identity as the platform compares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PressKey {
    /// The id the handset gave it.
    pub press_id: String,
    /// The boot in which it was made.
    pub boot: String,
    /// Its number in that boot.
    pub seq: u64,
    /// By the handset's own clock.
    pub pressed_at: Timestamp,
    /// Whether it takes a press back.
    pub cancel: bool,
}
