//! What a message asks for: from a press or a fall to the signal that opens or joins an incident.
//!
//! Nothing here may drop a press or hide a doubt: every doubt is a [`Remark`]. What must be looked up (whose
//! handset, the last position, the skew of its clock) comes in as a [`Context`].

use crate::gps_one::{Fall, Press, Reading};
use model::{Fix, HandsetId, Remark, ResidentId, Signal, SignalId, SignalKind, SignedDuration, Timestamp};

/// Clocks and networks differ by this much without a fault (section 4 of the architecture).
const AHEAD_AT_MOST: SignedDuration = SignedDuration::from_mins(5);
/// A measured skew below this is the way of the message, not the clock.
const SKEW_FROM: SignedDuration = SignedDuration::from_mins(2);
/// How old a corrected time may come out; older, the skew explains nothing, for no handset keeps a press for longer.
const CORRECTED_AT_MOST: SignedDuration = SignedDuration::from_hours(24 * 7);
/// Later than this on arrival is said.
const LATE_FROM: SignedDuration = SignedDuration::from_mins(10);
/// So much of a payload without identity goes into its signal's id; its length and time of arrival go in too.
const TOLD_BYTES: usize = 4096;

/// What is known round a message when it arrives.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "five independent findings, each looked up apart")]
pub struct Context {
    /// The handset of the topic.
    pub handset: HandsetId,
    /// Whom it was bound to.
    pub resident: Option<ResidentId>,
    /// The newest position held of it.
    pub last_known: Option<Fix>,
    /// How far its clock was last measured to be ahead of ours; negative is behind.
    pub clock_ahead: Option<SignedDuration>,
    /// Another press of this handset has the same press id.
    pub id_reused: bool,
    /// For a cancel: a press of this id is on file.
    pub press_known: bool,
    /// For a press: a cancel of this id is on file.
    pub cancelled_earlier: bool,
    /// Only the beginning of the payload was kept.
    pub oversized: bool,
}

impl Context {
    /// A handset of which nothing is known.
    pub fn of(handset: HandsetId) -> Self {
        Self {
            handset,
            resident: None,
            last_known: None,
            clock_ahead: None,
            id_reused: false,
            press_known: false,
            cancelled_earlier: false,
            oversized: false,
        }
    }
}

/// The signal of a press: always one, whatever could be read.
pub fn press_signal(press: &Press, payload: &[u8], context: &Context, received_at: Timestamp) -> Signal {
    let cause = Cause {
        kind: SignalKind::Press,
        identity: press.identity(&context.handset),
        press_id: press.press_id.as_deref(),
        cancel: press.cancel,
        device_time: press.pressed_at,
        is_time_unbelieved: press.pressed_at_text.is_some(),
        fix: press.fix.as_ref(),
        reading: press.reading,
    };
    let mut signal = cause.signal(payload, context, received_at);
    if press.cancel && !context.press_known {
        signal.remarks.push(Remark::CancelBeforePress);
    }
    if !press.cancel && context.cancelled_earlier {
        signal.remarks.push(Remark::CancelledEarlier);
    }
    signal.remarks.sort_unstable();
    signal
}

/// The signal of a fall report: the handset's own judgement, and marked as that.
pub fn fall_signal(fall: &Fall, payload: &[u8], context: &Context, received_at: Timestamp) -> Signal {
    let cause = Cause {
        kind: SignalKind::Fall,
        identity: fall.identity(&context.handset),
        press_id: fall.fall_id.as_deref(),
        cancel: false,
        device_time: fall.at,
        is_time_unbelieved: fall.at_text.is_some(),
        fix: fall.fix.as_ref(),
        reading: fall.reading,
    };
    let mut signal = cause.signal(payload, context, received_at);
    signal.remarks.push(Remark::Unjudged);
    signal.remarks.sort_unstable();
    signal
}

/// What a press and a fall have in common.
struct Cause<'a> {
    kind: SignalKind,
    identity: Option<String>,
    press_id: Option<&'a str>,
    cancel: bool,
    device_time: Option<Timestamp>,
    is_time_unbelieved: bool,
    fix: Option<&'a Fix>,
    reading: Reading,
}

impl Cause<'_> {
    fn signal(&self, payload: &[u8], context: &Context, received_at: Timestamp) -> Signal {
        let (at, is_corrected) = event_time(self.device_time, received_at, context.clock_ahead);
        let late_by = received_at.duration_since(at);
        let is_late = late_by > LATE_FROM;
        let own_fix = self.fix.map(|fix| dated(fix, received_at, context.clock_ahead));
        let is_fix_corrected = own_fix.as_ref().is_some_and(|(_, corrected)| *corrected);

        let mut remarks = self.plain_remarks(context);
        if is_late {
            remarks.push(Remark::Late);
        }
        if is_corrected || is_fix_corrected || self.is_time_unbelieved {
            remarks.push(Remark::Clock);
        }
        Signal {
            id: self.id(payload, context, received_at),
            kind: self.kind,
            handset: Some(context.handset.clone()),
            resident: context.resident.clone(),
            press_id: self.press_id.map(str::to_owned),
            cancel: self.cancel,
            at,
            received_at,
            late_by_s: if is_late { late_by.unsigned_abs().as_secs() } else { 0 },
            remarks,
            fix: own_fix.map(|(fix, _)| fix).or_else(|| context.last_known.clone()),
            caller: None,
            words: None,
            graver: None,
            evidence: None,
        }
    }

    /// The remarks that need no reckoning.
    fn plain_remarks(&self, context: &Context) -> Vec<Remark> {
        let has_fix = self.fix.is_some();
        let findings = [
            (context.id_reused, Remark::IdReused),
            (!has_fix, Remark::NoFix),
            (!has_fix && context.last_known.is_some(), Remark::LastKnown),
            (!has_fix && context.last_known.is_none(), Remark::NoPosition),
            (context.resident.is_none(), Remark::Unbound),
            (self.reading == Reading::Empty, Remark::Empty),
            (self.reading == Reading::Unreadable, Remark::Unreadable),
            (self.reading == Reading::Partly, Remark::PartlyReadable),
            (context.oversized, Remark::Oversized),
            (self.cancel, Remark::Cancel),
        ];
        findings.into_iter().filter(|(found, _)| *found).map(|(_, remark)| remark).collect()
    }

    /// The same message gives the same id; without an identity every arrival is its own signal.
    fn id(&self, payload: &[u8], context: &Context, received_at: Timestamp) -> SignalId {
        if let Some(identity) = &self.identity {
            return SignalId::from_cause(self.kind.as_str(), &[identity]);
        }
        let arrival = received_at.as_microsecond().to_string();
        let length = payload.len().to_string();
        let parts = [context.handset.as_str(), &arrival, &length, &hex(payload)];
        SignalId::from_cause(self.kind.as_str(), &parts)
    }
}

/// The beginning of a payload as text that no other bytes give.
fn hex(payload: &[u8]) -> String {
    let digits = payload.iter().take(TOLD_BYTES).flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect()
}

/// When something happened, and whether the handset's clock had to be corrected for that (remark `clock`).
///
/// A measured skew of more than 2 minutes is taken off, ahead or behind, if it explains the time told: the result
/// lies in the last week and not in the future. If it lies ahead the clock was set right meanwhile, if it lies
/// further back the skew was not of this clock. What is more than 5 minutes ahead and not explained happened
/// when it arrived. A corrected time is never after its arrival.
pub fn event_time(
    device_time: Option<Timestamp>,
    received_at: Timestamp,
    clock_ahead: Option<SignedDuration>,
) -> (Timestamp, bool) {
    let Some(told) = device_time else { return (received_at, false) };
    let explained = clock_ahead
        .filter(|ahead| ahead.unsigned_abs() > SKEW_FROM.unsigned_abs())
        .and_then(|ahead| told.checked_sub(ahead).ok())
        .filter(|time| time.duration_since(received_at) <= AHEAD_AT_MOST)
        .filter(|time| received_at.duration_since(*time) <= CORRECTED_AT_MOST);
    match explained {
        Some(time) => (time.min(received_at), true),
        None if told.duration_since(received_at) > AHEAD_AT_MOST => (received_at, true),
        None => (told, false),
    }
}

/// The fix with its event time. One dated close to its arrival is right as it is: its time may come from the
/// satellites while the press was dated by the handset's own clock.
fn dated(fix: &Fix, received_at: Timestamp, clock_ahead: Option<SignedDuration>) -> (Fix, bool) {
    if fix.fix_time.duration_since(received_at).unsigned_abs() <= AHEAD_AT_MOST.unsigned_abs() {
        return (fix.clone(), false);
    }
    let (fix_time, corrected) = event_time(Some(fix.fix_time), received_at, clock_ahead);
    (Fix { fix_time, ..fix.clone() }, corrected)
}
