//! How much of large presses is kept whole: a handset that sends nothing else must not fill the disk. None is refused.

use model::{HandsetId, SignedDuration, Timestamp};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// A press has some hundred bytes; up to this it is kept whole always, and of a larger one at least as much.
const ALWAYS: usize = 64 * 1024;
/// Bytes of larger ones that are kept whole of one handset in an hour.
const WHOLE_AN_HOUR: usize = 64 * 1024 * 1024;
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// What each handset has had kept whole in its present hour. Only those that send large presses have an entry.
#[derive(Debug, Default)]
pub(super) struct Large(Mutex<HashMap<HandsetId, (Timestamp, usize)>>);

impl Large {
    /// What is kept of a press: all of it, or its beginning.
    pub(super) fn kept<'a>(&self, handset: &HandsetId, payload: &'a [u8], now: Timestamp) -> &'a [u8] {
        let Some(beginning) = payload.get(..ALWAYS) else { return payload };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, kept) = all.entry(handset.clone()).or_insert((now, 0));
        if now.duration_since(*since) > HOUR {
            (*since, *kept) = (now, 0);
        }
        *kept = kept.saturating_add(payload.len());
        if *kept <= WHOLE_AN_HOUR {
            return payload;
        }
        tracing::warn!(event = "large_press_cut", %handset, bytes = payload.len(), kept = ALWAYS);
        beginning
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handset_that_sends_nothing_but_large_presses_does_not_fill_the_disk() {
        let large = Large::default();
        let at = |second: i64| Timestamp::from_second(1_795_000_000 + second).unwrap();
        let [h1, h2] = ["h1", "h2"].map(|name| HandsetId::new(name).unwrap());
        let payload = vec![b' '; 16 * 1024 * 1024];
        for nth in 0..4 {
            assert_eq!(large.kept(&h1, &payload, at(nth)).len(), payload.len(), "{nth}");
        }
        assert_eq!(large.kept(&h1, &payload, at(5)).len(), ALWAYS, "its beginning");
        assert_eq!(
            large.kept(&h1, &payload[..ALWAYS - 1], at(6)).len(),
            ALWAYS - 1,
            "an ordinary one is whole"
        );
        assert_eq!(large.kept(&h2, &payload, at(6)).len(), payload.len(), "another's is whole");
        assert_eq!(large.kept(&h1, &payload, at(3_601)).len(), payload.len(), "an hour later");
    }
}
