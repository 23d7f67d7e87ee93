//! What all connections together have on its way to the disk. When thousands come back with an hour each, every one of
//! them gets a smaller share, so that what waits stays on the handsets and not in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::config::{HIGH_TIDE_BYTES, IN_FLIGHT_BYTES_HIGH, IN_FLIGHT_BYTES_MAX};

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
}
