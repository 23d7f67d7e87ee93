//! How long each step waits before more people are called.

use model::{SignedDuration, Timestamp};

/// The waits of the ladder, in seconds.
///
/// Sized by what alarm centres hold themselves to: nearly every call answered within 60 s, and every one
/// that took longer looked into; an unanswered press goes wider at 30 s and reaches the supervisor by
/// 60 s. Each step of an unclaimed incident also tells the handset that it is being tried, which must
/// happen at least every 60 s: no wait of an unclaimed incident may be longer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ladder {
    /// How long only the operators are called: time to finish a sentence and reach for the mouse.
    pub operators_s: u32,
    /// From the first call to everybody to the second, so that a supervisor has heard it twice by 60 s.
    pub everyone_s: u32,
    /// From then on, for as long as it takes; the longest the person may go without a word.
    pub repeat_s: u32,
    /// How long a holder has to act upon a life signal that joins: the time a new call may take to be
    /// answered, since the holder may be on the telephone with somebody else.
    pub answer_s: u32,
    /// How long a holder may leave an incident without a note before it rings again: longer than a
    /// telephone call or an ambulance's way, shorter than forgetting a person.
    pub follow_up_s: u32,
}

impl Default for Ladder {
    fn default() -> Self {
        Self { operators_s: 30, everyone_s: 30, repeat_s: 60, answer_s: 60, follow_up_s: 600 }
    }
}

impl Ladder {
    /// How long a raised incident waits once it has taken this step.
    pub(crate) fn wait_after_s(&self, step: u32) -> u32 {
        match step {
            0 => self.operators_s,
            1 => self.everyone_s,
            _ => self.repeat_s,
        }
    }
}

/// The moment so many seconds after another.
pub(crate) fn after(moment: Timestamp, wait_s: u32) -> Timestamp {
    moment.checked_add(SignedDuration::from_secs(wait_s.into())).unwrap_or(Timestamp::MAX)
}

/// The moment so much before another.
pub(crate) fn before(moment: Timestamp, by: SignedDuration) -> Timestamp {
    moment.checked_sub(by).unwrap_or(Timestamp::MIN)
}
