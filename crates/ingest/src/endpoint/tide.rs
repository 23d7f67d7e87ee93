//! What all connections together have on its way to the disk. When thousands come back with an hour each, every one of
//! them gets a smaller share, so that what waits stays on the handsets and not in memory.
//!
//! No connection is held back for long: behind what it sent may be a press, and the disk may take nothing for hours.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use super::config::{HIGH_TIDE_BYTES, IN_FLIGHT_BYTES_HIGH, IN_FLIGHT_BYTES_MAX, IN_FLIGHT_BYTES_OVER};

/// Payload on its way, over all connections of a door.
#[derive(Debug, Clone, Default)]
pub(super) struct Tide(Arc<AtomicUsize>);

impl Tide {
    /// These bytes are on their way until what is returned is dropped.
    pub(super) fn carry(&self, bytes: usize) -> Carried {
        self.0.fetch_add(bytes, Ordering::Relaxed);
        Carried { tide: self.clone(), bytes }
    }

    /// Payload that one connection may have on its way now.
    pub(super) fn share(&self) -> usize {
        let is_high = self.0.load(Ordering::Relaxed) > HIGH_TIDE_BYTES;
        if is_high { IN_FLIGHT_BYTES_HIGH } else { IN_FLIGHT_BYTES_MAX }
    }
}

/// Bytes on their way.
#[derive(Debug)]
pub(super) struct Carried {
    tide: Tide,
    bytes: usize,
}

impl Drop for Carried {
    fn drop(&mut self) {
        self.tide.0.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// Whether a connection is read less of than it might be, and until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Held {
    #[default]
    No,
    Until(Instant),
    /// It was for long enough.
    Over,
}

impl Held {
    /// Notes whether it has its share under way; it is held back `within` which time.
    pub(super) fn note(&mut self, has_its_share: bool, within: Duration) {
        *self = match (has_its_share, *self) {
            (false, _) => Self::No,
            (true, Self::No) => Self::Until(Instant::now() + within),
            (true, known) => known,
        };
    }

    /// Payload that it may have on its way now.
    pub(super) fn share(self, tide: &Tide) -> usize {
        if self == Self::Over { IN_FLIGHT_BYTES_OVER } else { tide.share() }
    }

    pub(super) fn deadline(self) -> Option<Instant> {
        match self {
            Self::Until(until) => Some(until),
            Self::No | Self::Over => None,
        }
    }

    /// Ends it if that is due.
    pub(super) fn lapse(&mut self, now: Instant) {
        if self.deadline().is_some_and(|until| until <= now) {
            *self = Self::Over;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_is_small_while_much_is_on_its_way() {
        let tide = Tide::default();
        let some = tide.carry(HIGH_TIDE_BYTES);
        assert_eq!(tide.share(), IN_FLIGHT_BYTES_MAX);
        let more = tide.carry(1);
        assert_eq!(tide.share(), IN_FLIGHT_BYTES_HIGH);
        drop(some);
        assert_eq!(tide.share(), IN_FLIGHT_BYTES_MAX);
        drop(more);
        assert_eq!(tide.0.load(Ordering::Relaxed), 0);
    }

    #[tokio::test]
    async fn nobody_is_held_back_for_long() {
        let (tide, within) = (Tide::default(), Duration::from_secs(10));
        let _much = tide.carry(HIGH_TIDE_BYTES + 1);
        let mut held = Held::default();
        held.note(true, within);
        let until = held.deadline().expect("an end");
        held.note(true, 2 * within);
        assert_eq!(held.deadline(), Some(until), "it does not begin anew");
        held.lapse(until - Duration::from_millis(1));
        assert_eq!(held.share(&tide), IN_FLIGHT_BYTES_HIGH);
        held.lapse(until);
        held.note(true, within);
        assert_eq!((held.share(&tide), held.deadline()), (IN_FLIGHT_BYTES_OVER, None));
        held.note(false, within);
        assert_eq!((held, held.share(&tide)), (Held::No, IN_FLIGHT_BYTES_HIGH));
    }
}
