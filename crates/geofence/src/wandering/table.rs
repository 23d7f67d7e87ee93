//! Written by `make train-wandering`; not by hand.

use crate::trees::Profile;

pub(super) const TABLE: Profile = Profile { base: -90_000, trees: &[] };
