//! How this process stands with Redis, in words for people.

use crate::BusHealth;
use model::SignedDuration;
use redis::{ErrorKind, RedisError, ServerErrorKind};
use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// Clocks further apart than this make one machine's "now" another's future. Machines that keep their time
/// by the network differ by milliseconds.
const CLOCK_ALARM: SignedDuration = SignedDuration::from_secs(5);
/// So many beats in a row come late before it is said that Redis is slow: one alone may be this machine's own doing. It is
/// taken back when as many came in time.
const LATE_BEATS: u8 = 3;
/// How often it is said that something could not be read: once tells enough, a flood would hide the rest.
const MISREAD_EVERY: Duration = Duration::from_mins(1);

/// Why talking to Redis ended.
#[derive(Debug)]
pub(super) enum Trouble {
    /// It said so, or the connection broke.
    Redis(RedisError),
    /// No answer in time.
    Silent(Duration),
    /// It ended the subscription.
    HungUp,
}

impl From<RedisError> for Trouble {
    fn from(error: RedisError) -> Self {
        Self::Redis(error)
    }
}

impl Trouble {
    /// What is wrong, with the address as it may be shown.
    pub(super) fn describe(&self, shown: &str) -> String {
        match self {
            Self::Silent(within) => format!("Redis at {shown} does not answer within {within:?}"),
            Self::HungUp => format!("Redis at {shown} ended the connection"),
            Self::Redis(error) if error.is_timeout() => format!("Redis at {shown} does not answer"),
            Self::Redis(error) => {
                let said = error.to_string();
                match error.kind() {
                    ErrorKind::AuthenticationFailed => {
                        format!("Redis at {shown} refuses the password or the user in bus.url")
                    }
                    ErrorKind::Server(ServerErrorKind::NoPerm) => {
                        format!("Redis at {shown} allows too little to the user in bus.url: {said}")
                    }
                    _ if said.contains("NOAUTH") => {
                        format!("Redis at {shown} wants a password, and bus.url has none")
                    }
                    _ if said.contains("WRONGTYPE") => format!(
                        "Redis at {shown} holds another program's keys under our names; choose another bus.prefix: {said}"
                    ),
                    _ => format!("Redis at {shown}: {said}"),
                }
            }
        }
    }
}

/// Which of the two connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line {
    /// The one that says.
    Voice,
    /// The one that hears.
    Ear,
}

#[derive(Debug, Default)]
struct State {
    voice: Option<String>,
    ear: Option<String>,
    slow: Option<String>,
    late_beats: u8,
    clock_off: Option<SignedDuration>,
    misread_said: Option<Instant>,
}

/// Noted by the connections, read by whoever asks how the bus is.
#[derive(Debug, Default)]
pub(super) struct Standing(Mutex<State>);

impl Standing {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn health(&self) -> BusHealth {
        let state = self.state();
        BusHealth {
            away: state.voice.clone().or_else(|| state.ear.clone()),
            slow: state.slow.clone(),
            clock_off: state.clock_off,
        }
    }

    pub(super) fn is_away(&self, line: Line, why: String) {
        let mut state = self.state();
        let slot = if line == Line::Voice { &mut state.voice } else { &mut state.ear };
        if slot.is_none() {
            tracing::warn!(event = "bus_away", ?line, %why);
        }
        *slot = Some(why);
        if line == Line::Voice {
            // That says more, and the next connection may be a quick one.
            (state.slow, state.late_beats) = (None, 0);
        }
    }

    /// A beat was answered: in time, or late by what is said here.
    pub(super) fn beat_came(&self, late: Option<String>) {
        let mut state = self.state();
        let Some(why) = late else {
            state.late_beats = state.late_beats.saturating_sub(1);
            if state.late_beats == 0 && state.slow.take().is_some() {
                tracing::info!(event = "bus_quick_again");
            }
            return;
        };
        state.late_beats = state.late_beats.saturating_add(1).min(LATE_BEATS);
        if state.late_beats == LATE_BEATS && state.slow.is_none() {
            tracing::warn!(event = "bus_slow", %why);
            state.slow = Some(why);
        }
    }

    pub(super) fn is_there(&self, line: Line) {
        let mut state = self.state();
        let slot = if line == Line::Voice { &mut state.voice } else { &mut state.ear };
        if slot.take().is_some() {
            tracing::info!(event = "bus_back", ?line);
        }
    }

    /// How far our clock is ahead of Redis's, known to within this much.
    pub(super) fn clock_is_off(&self, by: SignedDuration, within: SignedDuration) {
        let is_far = by.abs() > CLOCK_ALARM.saturating_add(within);
        self.state().clock_off = is_far.then_some(by);
    }

    /// Something in Redis is not ours, or of another version. It is passed over.
    pub(super) fn misread(&self, what: &str) {
        metrics::counter!("jujiale_bus_misread_total").increment(1);
        let now = Instant::now();
        let mut state = self.state();
        if state.misread_said.is_none_or(|said| now.duration_since(said) >= MISREAD_EVERY) {
            state.misread_said = Some(now);
            tracing::warn!(event = "bus_misread", what, "another version or another program writes here");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_late_time_and_again_is_slow_until_it_is_quick_as_often() {
        let standing = Standing::default();
        let slow = || standing.health().slow;
        let late = || Some("late".to_owned());
        standing.beat_came(late());
        standing.beat_came(late());
        standing.beat_came(None);
        standing.beat_came(late());
        assert_eq!(slow(), None, "now and then");
        standing.beat_came(late());
        assert_eq!(slow(), late());
        standing.beat_came(None);
        standing.beat_came(None);
        assert_eq!(slow(), late(), "not yet quick");
        standing.beat_came(None);
        assert_eq!(standing.health(), BusHealth::default());
    }

    #[test]
    fn who_is_away_is_not_called_slow_as_well() {
        let standing = Standing::default();
        for _ in 0..LATE_BEATS {
            standing.beat_came(Some("late".to_owned()));
        }
        standing.is_away(Line::Ear, "gone".to_owned());
        assert!(standing.health().slow.is_some(), "the other connection is not the one that beats");
        standing.is_away(Line::Voice, "gone".to_owned());
        let health = standing.health();
        assert_eq!((health.away.as_deref(), health.slow), (Some("gone"), None));
    }
}
