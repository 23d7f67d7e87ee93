//! What was learned, one table for each place on the body. `make train-detection` writes them.

mod pocket;
mod waist;
mod wrist;

use super::Worn;
use crate::trees::Profile;

/// The table for a handset worn there.
pub(super) fn of(worn: Worn) -> &'static Profile {
    match worn {
        Worn::Waist => &waist::PROFILE,
        Worn::Pocket => &pocket::PROFILE,
        Worn::Wrist => &wrist::PROFILE,
    }
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::falls::{VERSION, Worn};

    /// A version, and what its tables add up to.
    const KNOWN: (u32, i64) = (1, -5_432_223_102_513_930_553);

    #[test]
    fn other_tables_are_another_version() {
        let mut sum = 0_i64;
        let mut add = |number: i64| sum = sum.wrapping_mul(31).wrapping_add(number);
        for profile in Worn::ALL.map(of) {
            add(i64::from(profile.base));
            for tree in profile.trees {
                for (measure, limit) in tree.questions {
                    add(i64::try_from(*measure).unwrap());
                    add(*limit);
                }
                for leaf in tree.leaves {
                    add(i64::from(*leaf));
                }
            }
        }
        assert_eq!((VERSION, sum), KNOWN, "count VERSION up and write both here");
    }
}
