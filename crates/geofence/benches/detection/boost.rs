//! Learning a sum of small trees (gradient boosting of the logistic loss, Friedman 2001, with Newton leaves).

use crate::chance::Chance;
use geofence::falls::training::SCALE;

/// One case to learn from.
#[derive(Clone, Copy)]
pub(crate) struct Example<'a> {
    pub(crate) measures: &'a [f64],
    /// Whether what is learned holds of it.
    pub(crate) holds: bool,
    pub(crate) weight: f64,
}

/// How much may be learned.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) trees: usize,
    pub(crate) depth: u32,
    pub(crate) rate: f64,
    /// Pulls every leaf towards nothing.
    pub(crate) ridge: f64,
    /// Of a hundred measures, how many each tree may ask about.
    pub(crate) measures_pct: usize,
    /// Of a hundred examples, how many each tree sees.
    pub(crate) examples_pct: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tree {
    pub(crate) questions: Vec<(usize, i64)>,
    pub(crate) leaves: Vec<i32>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Learned {
    pub(crate) base: i32,
    pub(crate) trees: Vec<Tree>,
}

impl Learned {
    pub(crate) fn log_odds(&self, measures: &[f64]) -> f64 {
        let sum: f64 = self.trees.iter().map(|tree| f64::from(tree.leaf(measures))).sum();
        (f64::from(self.base) + sum) / SCALE
    }
}

impl Tree {
    fn leaf(&self, measures: &[f64]) -> i32 {
        let mut at = 0;
        while let Some((measure, limit)) = self.questions.get(at) {
            at = 2 * at + if measures[*measure] >= limit_of(*limit) { 2 } else { 1 };
        }
        self.leaves[at - self.questions.len()]
    }
}

#[expect(clippy::cast_precision_loss, reason = "limits are far below 2^52")]
fn limit_of(limit: i64) -> f64 {
    limit as f64 / SCALE
}

#[expect(clippy::cast_possible_truncation, reason = "measures are far below 2^52")]
fn as_limit(value: f64) -> i64 {
    (value * SCALE).round() as i64
}

#[expect(clippy::cast_possible_truncation, reason = "a weight is a few units")]
pub(crate) fn as_weight(value: f64) -> i32 {
    (value * SCALE).round() as i32
}

/// Limits a question may have, for each measure.
const BINS: usize = 48;

/// The examples as ranks between limits.
struct Ranked {
    limits: Vec<Vec<i64>>,
    /// By measure, then by example.
    ranks: Vec<Vec<u8>>,
}

impl Ranked {
    fn new(examples: &[Example<'_>]) -> Self {
        let count = examples.first().map_or(0, |example| example.measures.len());
        let mut limits = Vec::with_capacity(count);
        let mut ranks = Vec::with_capacity(count);
        for measure in 0..count {
            let mut values: Vec<f64> = examples.iter().map(|example| example.measures[measure]).collect();
            values.sort_by(f64::total_cmp);
            let mut own: Vec<i64> =
                (1..BINS).map(|bin| as_limit(values[values.len() * bin / BINS])).collect();
            own.dedup();
            let floats: Vec<f64> = own.iter().map(|limit| limit_of(*limit)).collect();
            let rank =
                |value: f64| u8::try_from(floats.partition_point(|limit| *limit <= value)).unwrap_or(u8::MAX);
            ranks.push(examples.iter().map(|example| rank(example.measures[measure])).collect());
            limits.push(own);
        }
        Self { limits, ranks }
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    slope: f64,
    bend: f64,
}

impl Sum {
    fn add(&mut self, other: Self) {
        self.slope += other.slope;
        self.bend += other.bend;
    }

    fn gain(self, ridge: f64) -> f64 {
        self.slope * self.slope / (self.bend + ridge)
    }
}

struct Best {
    gain: f64,
    measure: usize,
    rank: usize,
}

pub(crate) fn learn(examples: &[Example<'_>], limits: Limits, seed: u64) -> Learned {
    let mut chance = Chance::new(seed);
    let total: f64 = examples.iter().map(|example| example.weight).sum();
    let held: f64 = examples.iter().filter(|example| example.holds).map(|example| example.weight).sum();
    let mut learned = Learned { base: as_weight((held / (total - held)).ln()), trees: Vec::new() };
    let ranked = Ranked::new(examples);
    let mut scores = vec![f64::from(learned.base) / SCALE; examples.len()];
    for _ in 0..limits.trees {
        let sums: Vec<Sum> =
            examples.iter().zip(&scores).map(|(example, score)| pull(example, *score)).collect();
        let drawn: Vec<bool> = examples.iter().map(|_| chance.below(100) < limits.examples_pct).collect();
        let measures: Vec<usize> =
            (0..ranked.limits.len()).filter(|_| chance.below(100) < limits.measures_pct).collect();
        let (tree, leaf_of) = grow(&ranked, &sums, &drawn, &measures, limits);
        for (score, leaf) in scores.iter_mut().zip(leaf_of) {
            *score += f64::from(tree.leaves[leaf]) / SCALE;
        }
        learned.trees.push(tree);
    }
    learned
}

fn pull(example: &Example<'_>, score: f64) -> Sum {
    let probability = 1.0 / (1.0 + (-score).exp());
    let target = if example.holds { 1.0 } else { 0.0 };
    Sum {
        slope: example.weight * (target - probability),
        bend: example.weight * (probability * (1.0 - probability)).max(1e-6),
    }
}

fn grow(
    ranked: &Ranked,
    sums: &[Sum],
    seen: &[bool],
    measures: &[usize],
    limits: Limits,
) -> (Tree, Vec<usize>) {
    let mut place = vec![0_usize; sums.len()];
    let mut questions = Vec::new();
    for level in 0..limits.depth {
        let places = 1_usize << level;
        let best = questions_of(ranked, sums, seen, &place, places, measures, limits.ridge);
        for (example, at) in place.iter_mut().enumerate() {
            let is_at_least = best[*at]
                .as_ref()
                .is_some_and(|best| usize::from(ranked.ranks[best.measure][example]) > best.rank);
            *at = 2 * *at + usize::from(is_at_least);
        }
        // A place with nothing left to ask sends everybody the same way.
        questions.extend(best.iter().map(|best| {
            best.as_ref()
                .map_or((0, as_limit(1e9)), |best| (best.measure, ranked.limits[best.measure][best.rank]))
        }));
    }
    let mut leaves = vec![Sum::default(); 1 << limits.depth];
    for ((at, sum), _) in place.iter().zip(sums).zip(seen).filter(|(_, seen)| **seen) {
        leaves[*at].add(*sum);
    }
    let leaves =
        leaves.iter().map(|sum| as_weight(limits.rate * sum.slope / (sum.bend + limits.ridge))).collect();
    (Tree { questions, leaves }, place)
}

fn questions_of(
    ranked: &Ranked,
    sums: &[Sum],
    seen: &[bool],
    place: &[usize],
    places: usize,
    measures: &[usize],
    ridge: f64,
) -> Vec<Option<Best>> {
    let mut best: Vec<Option<Best>> = (0..places).map(|_| None).collect();
    let mut bins = vec![Sum::default(); places * BINS];
    for measure in measures {
        bins.fill(Sum::default());
        let ranks = &ranked.ranks[*measure];
        for example in (0..sums.len()).filter(|example| seen[*example]) {
            bins[place[example] * BINS + usize::from(ranks[example])].add(sums[example]);
        }
        for (at, best) in best.iter_mut().enumerate() {
            let bins = &bins[at * BINS..(at + 1) * BINS];
            let mut all = Sum::default();
            for sum in bins {
                all.add(*sum);
            }
            let mut low = Sum::default();
            for (rank, sum) in bins.iter().enumerate().take(ranked.limits[*measure].len()) {
                low.add(*sum);
                let high = Sum { slope: all.slope - low.slope, bend: all.bend - low.bend };
                if low.bend < 0.2 || high.bend < 0.2 {
                    continue;
                }
                let gain = low.gain(ridge) + high.gain(ridge) - all.gain(ridge);
                if gain > best.as_ref().map_or(1e-3, |best| best.gain) {
                    *best = Some(Best { gain, measure: *measure, rank });
                }
            }
        }
    }
    best
}
