//! What a recording held and nobody judged, with the reasons: none of it is passed over in silence.

use model::HandsetId;
use std::collections::{BTreeMap, BTreeSet};

/// Fixes that were not judged.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Passed {
    /// How many, by the reason as it is called among the figures.
    pub reasons: BTreeMap<&'static str, usize>,
    /// Handsets whose fixes are about nobody: no resident carries them, and they go with none.
    pub uncarried: BTreeSet<HandsetId>,
}

impl Passed {
    /// So many more for that reason.
    pub fn note(&mut self, reason: &'static str, fixes: usize) {
        if fixes > 0 {
            let held = self.reasons.entry(reason).or_default();
            *held = held.saturating_add(fixes);
        }
    }

    /// How many there are in all.
    pub fn total(&self) -> usize {
        self.reasons.values().fold(0, |total, fixes| total.saturating_add(*fixes))
    }
}
