//! When a holder is missed: a claim is a lease, and lasts as long as its holder is seen at the desk.

use model::{SignedDuration, Timestamp};

/// After so long unseen a holder is missed.
pub const MISSED_AFTER: SignedDuration = SignedDuration::from_secs(60);
/// How far ahead somebody else's stamp may lie: clocks of two processes differ a little, and somebody may be seen while it is
/// asked.
const AHEAD: SignedDuration = SignedDuration::from_secs(5);

/// When the holder was there for certain: the latest of when they were `seen` at the desk, of when they took it, and of when
/// whoever asks began to look.
///
/// What lies more than a few seconds ahead was stamped before a clock was set back and says nothing, or nobody would miss them
/// for as long as it was set back.
pub fn last_seen(seen: Option<Timestamp>, since: Timestamp, began: Timestamp, now: Timestamp) -> Timestamp {
    let is_known = |at: &Timestamp| at.duration_since(now) <= AHEAD;
    seen.into_iter().chain([since]).filter(is_known).fold(began, Timestamp::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_was_there_when_it_is_stamped_unless_the_clock_was_set_back_since() {
        let at = |second| Timestamp::from_second(second).expect("a moment");
        for (seen, since, last, why) in [
            (Some(90), 80, 90, "seen since"),
            (None, 80, 80, "took it"),
            (Some(5), 5, 10, "nothing is known of before it was looked"),
            (Some(101), 80, 101, "seen while it is asked, or by a clock that is ahead"),
            (Some(105), 80, 105, "as far ahead as counts"),
            (Some(106), 80, 80, "further ahead"),
            (Some(3_700), 3_690, 10, "an hour back"),
        ] {
            assert_eq!(last_seen(seen.map(at), at(since), at(10), at(100)), at(last), "{why}");
        }
    }
}
