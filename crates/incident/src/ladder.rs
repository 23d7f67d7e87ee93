//! How long each step waits before more people are called.

use crate::TaskState;
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
    /// How long a station has to take or decline a task before it is reminded, and as long again until the desk hears
    /// of it: the time it takes to reach for a telephone.
    pub task_answer_s: u32,
    /// How long a station may stay without setting out once it has taken a task.
    pub task_start_s: u32,
    /// How long the way may take, and how long somebody may be with the person without a word.
    pub task_way_s: u32,
}

impl Default for Ladder {
    fn default() -> Self {
        Self {
            operators_s: 30,
            everyone_s: 30,
            repeat_s: 60,
            answer_s: 60,
            follow_up_s: 600,
            task_answer_s: 60,
            task_start_s: 300,
            task_way_s: 1_800,
        }
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

impl Ladder {
    /// How long a station may be silent in this state of a task; for ever once it has ended.
    pub(crate) fn task_wait_s(&self, state: TaskState) -> Option<u32> {
        match state {
            TaskState::Offered => Some(self.task_answer_s),
            TaskState::Acknowledged => Some(self.task_start_s),
            TaskState::EnRoute | TaskState::OnScene => Some(self.task_way_s),
            TaskState::Declined | TaskState::Finished | TaskState::Failed | TaskState::Withdrawn => None,
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
