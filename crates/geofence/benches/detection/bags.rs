//! A trial as the detector will see it: several windows, each with several moments that may have been the impact.
//!
//! Which of them was the fall nobody has marked. So the hardest moment counts as the fall at first; then whichever the
//! detector of the first round takes for it (multiple-instance learning). Of everyday life, every moment is no fall.

use crate::{
    boost::{Example, Learned, Limits, learn},
    chance::Chance,
    data::{Recording, Set},
    vary::{Change, measured},
};
use geofence::falls::training::Measures;

/// Windows of each trial to learn from, the plain one among them.
const VARIANTS: usize = 6;
/// Moments that are not the hardest are many and easy.
const OTHER_WEIGHT: f64 = 0.5;
const ROUNDS: usize = 2;

/// How windows are looked at when the detector is judged.
pub(crate) const VIEWS: [(&str, Change); 8] = [
    ("10 s round the impact, 50 Hz", Change::PLAIN),
    ("the whole recording", Change { cut: None, ..Change::PLAIN }),
    ("impact 1.5 s off the middle", Change { cut: Some((10.0, 1.5)), ..Change::PLAIN }),
    ("25 Hz", Change { hz: 25.0, ..Change::PLAIN }),
    ("200 Hz", Change { hz: 200.0, ..Change::PLAIN }),
    ("clipped to ±8 g", Change { clip_g: Some(8.0), is_turned: true, ..Change::PLAIN }),
    ("clipped to ±4 g", Change { clip_g: Some(4.0), is_turned: true, ..Change::PLAIN }),
    ("clipped to ±2 g", Change { clip_g: Some(2.0), is_turned: true, ..Change::PLAIN }),
];

/// Of these, the recording as it is.
pub(crate) const WHOLE: usize = 1;

/// One trial, measured.
pub(crate) struct Bag {
    pub(crate) subject: String,
    pub(crate) activity: String,
    pub(crate) is_fall: bool,
    pub(crate) is_aged: bool,
    /// To learn from: by variant, by moment.
    variants: Vec<Vec<Measures>>,
    /// To be judged by: in the order of [`VIEWS`].
    views: Vec<Vec<Measures>>,
    /// Of how many trials of its kind it stands for one.
    pub(crate) weight: f64,
}

impl Bag {
    fn new(recording: &Recording, seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let mut take = |change: Change| measured(&recording.rows, change, &mut chance).unwrap_or_default();
        let views: Vec<_> = VIEWS.iter().map(|(_, change)| take(*change)).collect();
        let mut chances = Chance::new(seed ^ 0x5eed);
        let mut variants: Vec<_> = (1..VARIANTS).map(|_| take(Change::any(&mut chances))).collect();
        variants.push(views[0].clone());
        variants.retain(|moments| !moments.is_empty());
        Self {
            subject: recording.subject.clone(),
            activity: recording.activity.clone(),
            is_fall: recording.is_fall,
            is_aged: recording.is_aged,
            variants,
            views,
            weight: 1.0,
        }
    }

    /// What a detector says of one view. What cannot be used counts as raised: nobody is left lying for it.
    pub(crate) fn score(&self, learned: &Learned, view: usize) -> f64 {
        best(learned, &self.views[view]).unwrap_or(f64::INFINITY)
    }

    /// What it says of every variant.
    pub(crate) fn scores(&self, learned: &Learned) -> Vec<f64> {
        self.variants.iter().filter_map(|moments| best(learned, moments)).collect()
    }
}

fn best(learned: &Learned, moments: &[Measures]) -> Option<f64> {
    moments.iter().map(|measures| learned.log_odds(measures)).reduce(f64::max)
}

/// The trials of a set. Falls and everyday life weigh the same, however many there are of each.
pub(crate) fn of_set(set: &Set) -> Vec<Bag> {
    let bags = set.recordings.iter().enumerate();
    let mut bags: Vec<Bag> =
        bags.map(|(nth, recording)| Bag::new(recording, u64::try_from(nth).unwrap_or(0))).collect();
    let falls = bags.iter().filter(|bag| bag.is_fall).count();
    let others = bags.len() - falls;
    #[expect(clippy::cast_precision_loss, reason = "a few thousand trials")]
    for bag in &mut bags {
        bag.weight = 0.5 * (falls + others) as f64 / if bag.is_fall { falls } else { others } as f64;
    }
    bags
}

/// Learns from trials, twice: see the module.
pub(crate) fn learn_from(bags: &[&Bag], limits: Limits, seed: u64) -> Learned {
    let mut learned = None;
    for _ in 0..ROUNDS {
        let examples: Vec<Example<'_>> =
            bags.iter().flat_map(|bag| examples_of(bag, learned.as_ref())).collect();
        learned = Some(learn(&examples, limits, seed));
    }
    learned.unwrap_or_default()
}

fn examples_of<'a>(bag: &'a Bag, learned: Option<&Learned>) -> Vec<Example<'a>> {
    let mut examples = Vec::new();
    #[expect(clippy::cast_precision_loss, reason = "a handful of variants")]
    let weight = bag.weight / bag.variants.len().max(1) as f64;
    for moments in &bag.variants {
        if bag.is_fall {
            let odds =
                |measures: &&Measures| learned.map_or(0.0, |learned| learned.log_odds(measures.as_slice()));
            let fall =
                moments.iter().reduce(|best, next| if odds(&next) > odds(&best) { next } else { best });
            examples.extend(fall.map(|measures| Example {
                measures: measures.as_slice(),
                holds: true,
                weight,
            }));
        } else {
            examples.extend(moments.iter().enumerate().map(|(nth, measures)| Example {
                measures,
                holds: false,
                weight: weight * if nth == 0 { 1.0 } else { OTHER_WEIGHT },
            }));
        }
    }
    examples
}
