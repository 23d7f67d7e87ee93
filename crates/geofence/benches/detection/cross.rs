//! Cross-validation by person: whoever the detector is judged on, it has never seen.
//!
//! The threshold is part of what is learned, so it is found anew for every person left out, by a second cross-validation
//! among the others.

use crate::{
    bags::{Bag, VIEWS, learn_from},
    boost::{Learned, Limits, as_weight},
};

/// What a detector must reach: sensitivity and specificity.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Goal {
    pub(crate) sensitivity: f64,
    pub(crate) specificity: f64,
}

/// One trial judged by a detector that never saw its person.
pub(crate) struct Judged {
    pub(crate) subject: String,
    pub(crate) activity: String,
    pub(crate) is_fall: bool,
    pub(crate) is_aged: bool,
    /// Above nothing is raised; by view.
    pub(crate) margins: Vec<f64>,
}

const INNER_FOLDS: usize = 5;
/// For the table itself, more: it is found once.
const FINAL_FOLDS: usize = 12;
/// The same recordings give the same tables.
const SEED: u64 = 1;

fn subjects<'a>(bags: &[&'a Bag]) -> Vec<&'a str> {
    let mut subjects: Vec<&str> = bags.iter().map(|bag| bag.subject.as_str()).collect();
    subjects.sort_unstable();
    subjects.dedup();
    subjects
}

/// Leaves out one person after the other.
pub(crate) fn judge(bags: &[Bag], limits: Limits, goal: Goal) -> Vec<Judged> {
    let all: Vec<&Bag> = bags.iter().collect();
    let of_one = |subject: &&str| {
        let (own, others): (Vec<&Bag>, Vec<&Bag>) = all.iter().partition(|bag| bag.subject == *subject);
        let threshold = threshold(&others, limits, goal, INNER_FOLDS);
        let learned = learn_from(&others, limits, SEED);
        let margins =
            |bag: &Bag| (0..VIEWS.len()).map(|view| bag.score(&learned, view) - threshold).collect();
        let judged = own.iter().map(|bag| Judged {
            subject: bag.subject.clone(),
            activity: bag.activity.clone(),
            is_fall: bag.is_fall,
            is_aged: bag.is_aged,
            margins: margins(bag),
        });
        judged.collect::<Vec<_>>()
    };
    spread(&subjects(&all), of_one).into_iter().flatten().collect()
}

/// Does the same for each, on every core there is, with the results in order.
fn spread<T: Sync, R: Send>(tasks: &[T], act: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let act = &act;
    let mut done: Vec<(usize, R)> = std::thread::scope(|scope| {
        let share = |core: usize| {
            let own = tasks.iter().enumerate().skip(core).step_by(cores);
            own.map(|(nth, task)| (nth, act(task))).collect::<Vec<_>>()
        };
        let working: Vec<_> = (0..cores).map(|core| scope.spawn(move || share(core))).collect();
        working.into_iter().flat_map(|one| one.join().expect("no thread of ours panics")).collect()
    });
    done.sort_by_key(|(nth, _)| *nth);
    done.into_iter().map(|(_, result)| result).collect()
}

/// The table of a profile, learned from everybody, moved so that it raises from even odds on.
pub(crate) fn learn_all(bags: &[Bag], limits: Limits, goal: Goal) -> Learned {
    let all: Vec<&Bag> = bags.iter().collect();
    let threshold = threshold(&all, limits, goal, FINAL_FOLDS);
    let mut learned = learn_from(&all, limits, SEED);
    learned.base -= as_weight(threshold);
    learned
}

/// Where to raise, found on people that were left out.
pub(crate) fn threshold(bags: &[&Bag], limits: Limits, goal: Goal, folds: usize) -> f64 {
    let subjects = subjects(bags);
    let folds = folds.min(subjects.len());
    let fold_of =
        |bag: &Bag| subjects.iter().position(|subject| *subject == bag.subject).unwrap_or(0) % folds;
    let mut scored: Vec<(f64, bool, f64)> = Vec::new();
    for fold in 0..folds {
        let (own, others): (Vec<&Bag>, Vec<&Bag>) = bags.iter().partition(|bag| fold_of(bag) == fold);
        let learned = learn_from(&others, limits, SEED);
        for bag in own {
            let margins = bag.scores(&learned);
            #[expect(clippy::cast_precision_loss, reason = "a handful of variants")]
            let weight = 1.0 / margins.len().max(1) as f64;
            scored.extend(margins.into_iter().map(|score| (score, bag.is_fall, weight)));
        }
    }
    balance(&mut scored, goal)
}

/// The threshold at which the worse of both is best, each counted by what the goal leaves it to miss.
fn balance(scored: &mut [(f64, bool, f64)], goal: Goal) -> f64 {
    scored.sort_by(|one, other| one.0.total_cmp(&other.0));
    let total = |is_fall: bool| scored.iter().filter(|one| one.1 == is_fall).map(|one| one.2).sum::<f64>();
    let (falls, others) = (total(true), total(false));
    let (mut missed, mut false_alarms) = (0.0, others);
    let mut best = (f64::INFINITY, 0.0, 0.0);
    for pair in scored.windows(2) {
        if pair[0].1 {
            missed += pair[0].2;
        } else {
            false_alarms -= pair[0].2;
        }
        let worse =
            (missed / falls / (1.0 - goal.sensitivity)).max(false_alarms / others / (1.0 - goal.specificity));
        if worse < best.0 - 1e-12 {
            best = (worse, pair[0].0, pair[1].0);
        }
    }
    0.5 * (best.1 + best.2)
}
