//! What is counted while a load runs, and how long things took.

use super::message::{Kind, Message};
use hdrhistogram::Histogram;
use std::time::Duration;

/// Latencies are kept in microseconds with three digits, up to an hour; what takes longer counts as an hour.
const LONGEST_US: u64 = 3_600_000_000;
const DIGITS: u8 = 3;
const NS_A_SECOND: u64 = 1_000_000_000;
/// The rate is kept second by second for a day at most; a longer run keeps its totals.
const SECONDS_AT_MOST: u64 = 86_400;

/// A distribution of waiting times.
#[derive(Debug, Clone)]
pub struct Waits(Histogram<u64>);

impl Default for Waits {
    fn default() -> Self {
        Self(
            Histogram::new_with_bounds(1, LONGEST_US, DIGITS)
                .expect("bounds and digits are constants in range"),
        )
    }
}

impl Waits {
    /// Counts what was intended at one time and done at another.
    pub(super) fn record(&mut self, intended_ns: u64, done_ns: u64) {
        self.0.saturating_record((done_ns.saturating_sub(intended_ns) / 1_000).max(1));
    }

    /// How many were counted.
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// The time within which that share was done, in milliseconds.
    pub fn within_ms(&self, share: f64) -> f64 {
        super::schedule::float(self.0.value_at_quantile(share)) / 1e3
    }

    /// The longest, in milliseconds.
    pub fn max_ms(&self) -> f64 {
        super::schedule::float(self.0.max()) / 1e3
    }

    /// The mean, in milliseconds.
    pub fn mean_ms(&self) -> f64 {
        if self.0.is_empty() { 0.0 } else { self.0.mean() / 1e3 }
    }
}

/// So many are outstanding, and when one was last settled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Owed {
    /// How many.
    pub outstanding: u64,
    /// Nanoseconds since the start.
    pub settled_ns: Option<u64>,
}

impl Owed {
    fn settle(&mut self, now_ns: u64) {
        self.outstanding -= 1;
        self.settled_ns = Some(now_ns);
    }

    /// When everything was settled, if there was something and it is.
    pub fn done_ns(self) -> Option<u64> {
        self.settled_ns.filter(|_| self.outstanding == 0)
    }
}

/// Counters and distributions of one run. All times are nanoseconds since its start.
#[derive(Debug, Clone, Default)]
pub struct Book {
    /// When the load began: connections are made before.
    pub begin_ns: u64,
    /// What this process had used of the processors then.
    pub begin_cpu: Duration,
    /// Handsets logged in now, and the most there were.
    pub up: usize,
    /// Log-ins that came about.
    pub log_ins: u64,
    /// Connections that were lost or did not come about.
    pub lost: u64,
    /// Fix messages whose time has come, and the positions in them.
    pub fix_messages_due: u64,
    pub fixes_due: u64,
    /// Fix messages sent for the first time, and again after a lost connection.
    pub fix_messages_sent: u64,
    pub fix_messages_sent_again: u64,
    /// The positions that were sent at least once.
    pub fixes_sent: u64,
    /// Fix messages acknowledged, and the positions in them.
    pub fix_messages_acked: u64,
    pub fixes_acked: u64,
    /// Publishes the door acknowledged with a refusal (MQTT 5).
    pub refused: u64,
    /// Presses made, sends of them (repeats included), sent, acknowledged at least once, receipted.
    pub presses_made: u64,
    pub press_sends: u64,
    pub presses_sent: u64,
    pub presses_acked: u64,
    pub presses_receipted: u64,
    /// Receipts of presses that had theirs: answers to repeats.
    pub receipts_again: u64,
    /// Acknowledgements and receipts of what was never sent.
    pub strangers: u64,
    /// Other messages that came down.
    pub stages: u64,
    /// Fixes, from their intended time to the PUBACK.
    pub fix_waits: Waits,
    /// The same for what was kept during an outage, from the return.
    pub late_fix_waits: Waits,
    /// Presses, from their intended time to the first PUBACK and to the receipt.
    pub press_ack_waits: Waits,
    pub press_waits: Waits,
    /// The same for what was pressed during an outage, from the return to the receipt.
    pub late_press_waits: Waits,
    /// Fix messages without a PUBACK and presses without a receipt at the end, from their intended time to then. They are in none of
    /// the distributions above, which tell of what came.
    pub owed_fixes: Waits,
    pub owed_presses: Waits,
    /// From dialling to the answer to the log-in.
    pub log_in_waits: Waits,
    /// How late the generator itself was with a message.
    pub behind: Waits,
    /// Fixes acknowledged in each second of the load.
    pub seconds: Vec<u64>,
    /// What an outage left to be done, and when the last of it was.
    pub newest_owed: Owed,
    pub presses_owed: Owed,
    pub all_owed: Owed,
}

impl Book {
    /// A message of the plan is due.
    pub(super) fn due(&mut self, message: &Message) {
        match message.kind {
            Kind::Press => self.presses_made += 1,
            Kind::Fixes | Kind::Newest => {
                self.fix_messages_due += 1;
                self.fixes_due += u64::from(message.count);
            }
        }
        self.all_owed.outstanding += u64::from(message.late);
        self.newest_owed.outstanding += u64::from(message.kind == Kind::Newest);
        self.presses_owed.outstanding += u64::from(message.late && message.kind == Kind::Press);
    }

    /// A fix message was acknowledged.
    pub(super) fn fixes_acknowledged(&mut self, message: &Message, now_ns: u64) {
        self.fix_messages_acked += 1;
        self.fixes_acked += u64::from(message.count);
        if message.late {
            self.late_fix_waits.record(message.intended_ns, now_ns);
            self.all_owed.settle(now_ns);
        } else {
            self.fix_waits.record(message.intended_ns, now_ns);
        }
        if message.kind == Kind::Newest {
            self.newest_owed.settle(now_ns);
        }
        let second = now_ns.saturating_sub(self.begin_ns) / NS_A_SECOND;
        if second < SECONDS_AT_MOST {
            let index = usize::try_from(second).unwrap_or(usize::MAX);
            if self.seconds.len() <= index {
                self.seconds.resize(index + 1, 0);
            }
            if let Some(count) = self.seconds.get_mut(index) {
                *count += u64::from(message.count);
            }
        }
    }

    /// A press was receipted.
    pub(super) fn press_receipted(&mut self, message: &Message, now_ns: u64) {
        self.presses_receipted += 1;
        if message.late {
            self.late_press_waits.record(message.intended_ns, now_ns);
            self.presses_owed.settle(now_ns);
            self.all_owed.settle(now_ns);
        } else {
            self.press_waits.record(message.intended_ns, now_ns);
        }
    }

    /// Fixes without an acknowledgement.
    pub fn fixes_missing(&self) -> u64 {
        self.fixes_due - self.fixes_acked
    }

    /// Presses without a receipt.
    pub fn presses_missing(&self) -> u64 {
        self.presses_made - self.presses_receipted
    }

    /// Whether everything that was due has arrived.
    pub fn complete(&self) -> bool {
        self.fixes_missing() == 0 && self.presses_missing() == 0
    }
}
