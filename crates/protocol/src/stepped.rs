//! A handset's clock that is set back while it runs, as its numbered fixes show it.
//!
//! The numbers of one boot rise with what is lived, whatever the clock says. Where they rise and the time falls far, the clock was set
//! back; what was kept and comes later brings its own, older numbers and is no such thing. By how much is known only of a fix that is
//! sent as it is taken: so it is waited for a second one, and their times must pass as ours do. A queue that comes in passes
//! many times as fast, and an old place that is told again does not pass at all.

use model::{Fix, SignedDuration, Timestamp};

/// Fixes of several sources that are numbered out of their order, and a clock that a network sets, fall by less.
const FALLS_BY: SignedDuration = SignedDuration::from_mins(5);
/// A pace is measured over so long at least: a message may be some seconds on its way.
const PACED_AFTER_S: f64 = 10.0;
/// The time told for each second of ours, of fixes that are sent as they are taken.
const PACE: std::ops::Range<f64> = 0.5..2.0;

/// What is remembered of a handset's numbers and times.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stepped {
    newest: Option<Numbered>,
    fallen: Option<Fallen>,
}

/// The fix with the highest number of the boot that was heard last.
#[derive(Debug, Clone)]
struct Numbered {
    boot: String,
    seq: u64,
    told: Timestamp,
}

/// A fix told far earlier than one before it.
#[derive(Debug, Clone, Copy)]
struct Fallen {
    from: Timestamp,
    told: Timestamp,
    received_at: Timestamp,
}

impl Stepped {
    /// Takes the fixes of a message, at the times told. Says how far the clock is ahead once it is sure that it was set back.
    pub(crate) fn take(&mut self, fixes: &[Fix], received_at: Timestamp) -> Option<SignedDuration> {
        let known = self.newest.as_ref();
        let is_known = |boot: &str| known.is_some_and(|known| known.boot == boot);
        let numbered = fixes.iter().filter_map(|fix| Some((fix.boot.as_deref()?, fix.seq?, fix.fix_time)));
        let (boot, seq, told) = numbered.max_by_key(|(boot, seq, _)| (is_known(boot), *seq))?;
        let Some(known) = self.newest.as_mut().filter(|known| known.boot == boot) else {
            (self.newest, self.fallen) = (Some(Numbered { boot: boot.to_owned(), seq, told }), None);
            return None;
        };
        if seq <= known.seq {
            return None;
        }
        let last = std::mem::replace(&mut known.told, told);
        known.seq = seq;
        self.follow(last, told, received_at)
    }

    /// After a fix of a higher number than the one that was told for `last`.
    fn follow(&mut self, last: Timestamp, told: Timestamp, received_at: Timestamp) -> Option<SignedDuration> {
        if last.duration_since(told) > FALLS_BY {
            self.fallen = Some(Fallen { from: last, told, received_at });
            return None;
        }
        let fallen = self.fallen.take().filter(|fallen| fallen.from.duration_since(told) > FALLS_BY)?;
        let ours_s = received_at.duration_since(fallen.received_at).as_secs_f64();
        if ours_s < PACED_AFTER_S {
            self.fallen = Some(fallen);
            return None;
        }
        let pace = told.duration_since(fallen.told).as_secs_f64() / ours_s;
        if PACE.contains(&pace) {
            return Some(told.duration_since(received_at));
        }
        self.fallen = Some(Fallen { told, received_at, ..fallen });
        None
    }
}
