//! A sum of small trees: each asks two or three questions about what was measured and adds a little for or against. Falls
//! and wandering are both told by one.

/// Weights are whole numbers of ten thousandths, so that a table is the same on every machine and in every text.
pub const SCALE: f64 = 10_000.0;

/// Of FNV-1a with 32 bits.
const FNV_BASIS: u32 = 0x811c_9dc5;
const FNV_PRIME: u32 = 0x0100_0193;

/// One tree, its questions level by level: of question `n`, a no leads to `2n + 1`, a yes to `2n + 2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tree {
    /// Which measure, and whether it is at least this (in [`SCALE`]).
    pub(crate) questions: &'static [(usize, i64)],
    /// What each way through adds to the logarithm of the odds (in [`SCALE`]).
    pub(crate) leaves: &'static [i32],
}

/// What was learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Profile {
    /// The logarithm of the odds before anything is asked (in [`SCALE`]).
    pub(crate) base: i32,
    /// The sum.
    pub(crate) trees: &'static [Tree],
}

/// Short, because tables have hundreds.
pub(crate) const fn tree(questions: &'static [(usize, i64)], leaves: &'static [i32]) -> Tree {
    Tree { questions, leaves }
}

impl Tree {
    fn leaf(&self, measures: &[f64]) -> i32 {
        let mut at = 0_usize;
        while let Some((measure, limit)) = self.questions.get(at) {
            let is_at_least = measures.get(*measure).is_some_and(|value| *value >= at_scale(*limit));
            at = at.saturating_mul(2).saturating_add(if is_at_least { 2 } else { 1 });
        }
        self.leaves.get(at.saturating_sub(self.questions.len())).copied().unwrap_or_default()
    }
}

impl Tree {
    /// What this place of the tree adds, whichever way one goes on from it.
    fn mean(&self, at: usize) -> f64 {
        let Some(leaf) = at.checked_sub(self.questions.len()) else {
            let no = at.saturating_mul(2).saturating_add(1);
            return 0.5 * (self.mean(no) + self.mean(no.saturating_add(1)));
        };
        self.leaves.get(leaf).map_or(0.0, |weight| f64::from(*weight)) / SCALE
    }

    /// Gives each question's measure what its answer changed.
    fn pull(&self, measures: &[f64], pulls: &mut [f64]) {
        let mut at = 0_usize;
        while let Some((measure, limit)) = self.questions.get(at) {
            let is_at_least = measures.get(*measure).is_some_and(|value| *value >= at_scale(*limit));
            let next = at.saturating_mul(2).saturating_add(if is_at_least { 2 } else { 1 });
            if let Some(pull) = pulls.get_mut(*measure) {
                *pull += self.mean(next) - self.mean(at);
            }
            at = next;
        }
    }
}

impl Profile {
    /// How far each measure pulled the logarithm of the odds.
    pub(crate) fn pulls(&self, measures: &[f64]) -> Vec<f64> {
        let mut pulls = vec![0.0; measures.len()];
        for tree in self.trees {
            tree.pull(measures, &mut pulls);
        }
        pulls
    }

    /// What tells this table with this limit from all others (FNV-1a over their numbers).
    pub(crate) fn checksum(&self, limit: f64) -> u32 {
        let of_tree = |tree: &Tree| {
            let asked = |(measure, at): &(usize, i64)| [i64::try_from(*measure).unwrap_or(i64::MAX), *at];
            let questions = tree.questions.iter().flat_map(asked);
            questions.chain(tree.leaves.iter().copied().map(i64::from)).collect::<Vec<_>>()
        };
        let ends = [i64::from(self.base), limit.to_bits().cast_signed()];
        let numbers = ends.into_iter().chain(self.trees.iter().flat_map(of_tree));
        let bytes = numbers.flat_map(i64::to_le_bytes);
        bytes.fold(FNV_BASIS, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(FNV_PRIME))
    }

    /// The logarithm of the odds of what was learned.
    pub(crate) fn log_odds(&self, measures: &[f64]) -> f64 {
        let sum: f64 = self.trees.iter().map(|tree| f64::from(tree.leaf(measures))).sum();
        (f64::from(self.base) + sum) / SCALE
    }
}

/// How many measures a [`Flat`] sum can ask about.
const FLAT: usize = 64;

/// A tree of three questions.
#[derive(Debug, Clone, Copy)]
struct FlatTree {
    limits: [f64; 3],
    leaves: [i32; 4],
    measures: [u8; 3],
}

/// The same sum for trees of two levels, laid out for speed: which way a question leads is reckoned, never guessed by the
/// processor, and nothing is divided.
#[derive(Debug, Clone)]
pub(crate) struct Flat {
    base: f64,
    trees: Vec<FlatTree>,
}

impl Flat {
    /// None if a tree has other than two levels, or asks for more measures than there can be.
    pub(crate) fn new(profile: &Profile) -> Option<Self> {
        let flat = |tree: &Tree| {
            let questions: [(usize, i64); 3] = tree.questions.try_into().ok()?;
            let is_known = questions.iter().all(|(measure, _)| *measure < FLAT);
            is_known.then_some(FlatTree {
                limits: questions.map(|(_, limit)| at_scale(limit)),
                leaves: tree.leaves.try_into().ok()?,
                measures: questions.map(|(measure, _)| u8::try_from(measure).unwrap_or(u8::MAX)),
            })
        };
        let trees = profile.trees.iter().map(flat).collect::<Option<_>>()?;
        Some(Self { base: f64::from(profile.base) / SCALE, trees })
    }

    /// As [`Profile::log_odds`].
    pub(crate) fn log_odds(&self, measures: &[f64]) -> f64 {
        // What is not measured is never at least anything.
        let mut known = [f64::NEG_INFINITY; FLAT];
        known.iter_mut().zip(measures).for_each(|(to, from)| *to = *from);
        let sum: i32 = self.trees.iter().map(|tree| tree.leaf(&known)).sum();
        self.base + f64::from(sum) / SCALE
    }
}

impl FlatTree {
    fn leaf(&self, known: &[f64; FLAT]) -> i32 {
        let [first, no, yes] = self.measures.map(|measure| {
            // Below the number of them, so that nothing is checked.
            known.get(usize::from(measure) % FLAT).copied().unwrap_or_default()
        });
        let [first_limit, no_limit, yes_limit] = self.limits;
        let [no, yes] = [no >= no_limit, yes >= yes_limit].map(usize::from);
        let at = if first >= first_limit { 2 | yes } else { no };
        self.leaves.get(at).copied().unwrap_or_default()
    }
}

/// A weight as the number it stands for.
#[expect(clippy::cast_precision_loss, reason = "limits are far below 2^52")]
fn at_scale(weight: i64) -> f64 {
    weight as f64 / SCALE
}

/// The probability of these odds.
pub fn probability(log_odds: f64) -> f64 {
    1.0 / (1.0 + (-log_odds).exp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PLAIN: Profile = Profile { base: 7, trees: &[tree(&[(1, 20), (2, 30), (3, 40)], &[1, 2, 3, 4])] };
    const OTHERS: [Profile; 5] = [
        Profile { base: 8, trees: PLAIN.trees },
        Profile { base: 7, trees: &[tree(&[(1, 20), (2, 30), (3, 41)], &[1, 2, 3, 4])] },
        Profile { base: 7, trees: &[tree(&[(1, 20), (2, 30), (4, 40)], &[1, 2, 3, 4])] },
        Profile { base: 7, trees: &[tree(&[(1, 20), (2, 30), (3, 40)], &[1, 2, 3, -4])] },
        Profile { base: 7, trees: &[] },
    ];

    #[test]
    fn every_number_of_a_table_and_its_limit_count() {
        assert_eq!(PLAIN.checksum(2.75), PLAIN.checksum(2.75));
        assert_ne!(PLAIN.checksum(2.75), PLAIN.checksum(3.0));
        for other in OTHERS {
            assert_ne!(other.checksum(2.75), PLAIN.checksum(2.75), "{other:?}");
        }
    }

    const PROFILE: Profile = Profile {
        base: -12_345,
        trees: &[
            tree(&[(0, 5_000), (1, -3_000), (2, 7_000)], &[-1, 20, -300, 4_000]),
            tree(&[(2, 0), (0, 1_000_000_000), (0, 2_500)], &[50_000, -6, 70, -800]),
            tree(&[(9, 0), (1, 4_999), (1, 5_000)], &[9, -10, 11, -12]),
        ],
    };

    const SHALLOW: Profile = Profile { base: 0, trees: &[tree(&[(0, 1)], &[1, 2])] };

    #[test]
    fn laid_out_flat_it_says_the_same() {
        let flat = Flat::new(&PROFILE).unwrap();
        for number in 0..1_000_u32 {
            let measure = |part: f64| (f64::from(number) / part).floor() % 10.0 * 0.25 - 1.0;
            let measures = [measure(1.0), measure(10.0), measure(100.0)];
            assert!((flat.log_odds(&measures) - PROFILE.log_odds(&measures)).abs() < 1e-9, "{measures:?}");
        }
        assert!(Flat::new(&SHALLOW).is_none());
    }

    /// What a tree adds, by hand: at each question one half of what is left of its leaves.
    fn by_halves(tree: &Tree, at: usize, leaves: &[i32], measures: &[f64]) -> i32 {
        let (no, yes) = leaves.split_at(leaves.len() / 2);
        let Some((measure, limit)) = tree.questions.get(at).filter(|_| !no.is_empty()) else {
            return yes.first().copied().unwrap();
        };
        let is_yes = measures.get(*measure).is_some_and(|value| *value >= at_scale(*limit));
        let next = at.saturating_mul(2).saturating_add(1).saturating_add(usize::from(is_yes));
        by_halves(tree, next, if is_yes { yes } else { no }, measures)
    }

    /// Trees of so many levels. Limits are quarters, as measures mostly are, so that many meet; not every measure fits in a flat sum.
    fn any_trees(levels: std::ops::RangeInclusive<u32>) -> impl Strategy<Value = Vec<Tree>> {
        let one = levels.prop_flat_map(|levels| {
            let leaves = 2_usize.pow(levels);
            let question = (prop_oneof![20 => 0..8_usize, 1 => 55..70_usize], -8..8_i64);
            let question = question.prop_map(|(measure, quarters)| (measure, quarters.saturating_mul(2_500)));
            let questions = prop::collection::vec(question, leaves.saturating_sub(1));
            (questions, prop::collection::vec(-60_000..60_000_i32, leaves))
        });
        let tree =
            one.prop_map(|(questions, leaves)| Tree { questions: questions.leak(), leaves: leaves.leak() });
        prop::collection::vec(tree, 0..12)
    }

    fn any_measures() -> impl Strategy<Value = Vec<f64>> {
        let quarters = (-9..9_i32).prop_map(|quarters| f64::from(quarters) * 0.25);
        let strange = prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, 1e300]);
        prop::collection::vec(prop_oneof![8 => quarters, 4 => -2.5..2.5_f64, 1 => strange], 0..80)
    }

    fn says_what_is_by_hand(profile: &Profile, measures: &[f64]) -> Result<(), TestCaseError> {
        let sum = profile.trees.iter().map(|tree| i64::from(by_halves(tree, 0, tree.leaves, measures)));
        let by_hand = at_scale(sum.fold(i64::from(profile.base), i64::saturating_add));
        prop_assert!((profile.log_odds(measures) - by_hand).abs() < 1e-9);
        let is_flat = profile
            .trees
            .iter()
            .all(|tree| tree.leaves.len() == 4 && tree.questions.iter().all(|(measure, _)| *measure < FLAT));
        let flat = Flat::new(profile);
        prop_assert_eq!(flat.is_some(), is_flat);
        if let Some(flat) = flat {
            prop_assert!((flat.log_odds(measures) - by_hand).abs() < 1e-9);
        }
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn every_sum_is_what_its_leaves_say(
            (mixed, even) in (any_trees(1..=4), any_trees(2..=2)),
            base in -50_000..50_000_i32,
            measures in any_measures(),
        ) {
            for trees in [mixed, even] {
                says_what_is_by_hand(&Profile { base, trees: trees.leak() }, &measures)?;
            }
        }
    }
}
