//! A signal: anything that asks for attention.

use crate::{Evidence, Fix, HandsetId, ResidentId, SignalId, Timestamp};
use serde::{Deserialize, Serialize};

/// What kind of attention a signal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum SignalKind {
    /// The emergency button; a cancel is a press that says so.
    Press,
    /// A telephone call about a resident.
    Call,
    /// The handset or the detector saw a fall.
    Fall,
    /// Pacing, lapping or random travel.
    Wandering,
    /// Left a safe fence.
    FenceExit,
    /// Entered a forbidden fence or zone.
    ZoneEntry,
    /// Not home by the hour.
    Overdue,
    /// No movement where some was expected.
    Inactivity,
    /// Nothing heard of the handset.
    Silence,
    /// The battery will not last.
    LowBattery,
    /// The handset was taken off.
    TakenOff,
    /// Somebody tried to log in as the handset with a wrong secret.
    LoginRefused,
    /// The handset speaks from two places at once: its secret may have been copied.
    TwoPlaces,
}

impl SignalKind {
    /// How grave a signal of this kind is by itself.
    pub fn severity(self) -> Severity {
        match self {
            Self::Press | Self::Call | Self::Fall => Severity::Life,
            Self::Wandering | Self::ZoneEntry => Severity::Urgent,
            Self::FenceExit | Self::Overdue | Self::Inactivity => Severity::Notice,
            Self::Silence | Self::LowBattery | Self::TakenOff | Self::LoginRefused | Self::TwoPlaces => {
                Severity::Technical
            }
        }
    }

    /// The kind's name on the wire and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Press => "press",
            Self::Call => "call",
            Self::Fall => "fall",
            Self::Wandering => "wandering",
            Self::FenceExit => "fence_exit",
            Self::ZoneEntry => "zone_entry",
            Self::Overdue => "overdue",
            Self::Inactivity => "inactivity",
            Self::Silence => "silence",
            Self::LowBattery => "low_battery",
            Self::TakenOff => "taken_off",
            Self::LoginRefused => "login_refused",
            Self::TwoPlaces => "two_places",
        }
    }
}

/// How grave an incident is; it only grows while the incident is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// A device wants care, nobody is known to be in need.
    Technical,
    /// Worth a look.
    Notice,
    /// May become a danger soon.
    Urgent,
    /// A life may depend on it.
    Life,
}

/// What an operator must know about how a signal came in, so that nothing is taken for more than it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Remark {
    /// Arrived more than ten minutes after it happened; `late_by_s` says by how much.
    Late,
    /// The handset's date cannot be right; the time shown is corrected or ours.
    Clock,
    /// The same press id was used before for another press, or the exchange's name of a call for another call of this number.
    IdReused,
    /// The press carried no usable position.
    NoFix,
    /// The position shown is the last one known before it.
    LastKnown,
    /// Nothing is known of where the handset is.
    NoPosition,
    /// The handset is bound to nobody.
    Unbound,
    /// The payload was empty.
    Empty,
    /// The payload could not be read; its bytes are kept.
    Unreadable,
    /// Parts of the payload could not be read; the rest was used and its bytes are kept.
    PartlyReadable,
    /// The payload was larger than is kept; its beginning is kept.
    Oversized,
    /// The resident pressed cancel; a human decides what that means.
    Cancel,
    /// This cancel came before the press it cancels.
    CancelBeforePress,
    /// A cancel of this press had arrived before it.
    CancelledEarlier,
    /// Not on disk yet; the handset has no receipt.
    Unsaved,
    /// The handset's own judgement; no detector of ours has looked at it.
    Unjudged,
    /// A call from a number that is nobody's on record.
    UnknownCaller,
    /// A call from a number that several people have.
    SharedNumber,
}

/// One cause for attention, with where and when as far as they are known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Signal {
    /// Derived from the cause: the same cause is the same signal.
    pub id: SignalId,
    /// What it is.
    pub kind: SignalKind,
    /// The handset it came from; a call has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handset: Option<HandsetId>,
    /// The resident it is about, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resident: Option<ResidentId>,
    /// The id the handset gave to a press (or a fall report).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub press_id: Option<String>,
    /// A press that takes back an earlier one.
    #[serde(default)]
    pub cancel: bool,
    /// When it happened, as well as is known.
    pub at: Timestamp,
    /// When it reached us.
    pub received_at: Timestamp,
    /// How long it took to reach us, when that matters; else 0.
    #[serde(default)]
    pub late_by_s: u64,
    /// What to know about how it came in.
    #[serde(default)]
    pub remarks: Vec<Remark>,
    /// Its own position, or the last one known before it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
    /// For a call: who rang.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<String>,
    /// For a call: what was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// How grave it is, where that differs from its kind's: who loses the way is in more danger outside than others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub graver: Option<Severity>,
    /// Why it was raised, where a rule of ours decided that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Box<Evidence>>,
}

impl Signal {
    /// How grave it is: never less than its kind.
    pub fn severity(&self) -> Severity {
        self.graver.map_or(self.kind.severity(), |graver| graver.max(self.kind.severity()))
    }

    /// Whether it is a life signal: a person may be in need, and not a device alone. While such a signal is open and nobody has it,
    /// people are tried without end, and the handset is asked where it is. How grave it is decides who comes first.
    pub fn is_about_a_life(&self) -> bool {
        match self.kind {
            SignalKind::Press
            | SignalKind::Call
            | SignalKind::Fall
            | SignalKind::Wandering
            | SignalKind::FenceExit
            | SignalKind::ZoneEntry
            | SignalKind::Overdue
            | SignalKind::Inactivity => true,
            // At home it is the handset's affair.
            SignalKind::Silence => self.severity() > Severity::Technical,
            SignalKind::LowBattery
            | SignalKind::TakenOff
            | SignalKind::LoginRefused
            | SignalKind::TwoPlaces => false,
        }
    }
}
