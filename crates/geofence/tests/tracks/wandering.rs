//! Wandering: how much of it is found, and what ordinary walks do.

use crate::common::walks::{self, Way};
use crate::common::{Chance, Handset, Watched, fix, resident};
use model::Method;
use serde_json::json;

type Draw = fn(&mut Chance) -> Way;
const WALKS: u32 = 100;
/// The least that is found of any kind, as a mean over all errors below.
const LEAST_FOUND: f64 = 0.7;

/// Errors as each reading's own, or as a handset has them.
#[derive(Debug, Clone, Copy)]
enum Errors {
    Fresh,
    Alike,
}

/// Of so many walks, those with a signal; and the hours walked.
fn told(draw: Draw, (accuracy_m, every_s, errors, times): (f64, f64, Errors, f64), seed: u64) -> (f64, f64) {
    let mut chance = Chance(seed);
    let (mut found, mut hours) = (0.0, 0.0);
    for _ in 0..WALKS {
        let way = draw(&mut chance);
        let resident = json!({"id": "r1", "policy": {"dementia": true}});
        let mut watched = Watched::new(self::resident(&resident));
        let mut error = (0.0, 0.0);
        let begin = chance.between(8.0, 15.0) * 3_600.0;
        let walked = way.walk(every_s);
        for (second, (x, y)) in &walked {
            let left = match errors {
                Errors::Fresh => 0.0,
                Errors::Alike => (-every_s / 45.0).exp(),
            };
            let new = (1.0 - left * left).sqrt() * accuracy_m * 0.66 * times;
            error = (error.0 * left + chance.normal() * new, error.1 * left + chance.normal() * new);
            watched.take(&fix(x + error.0, y + error.1, accuracy_m, Method::Gps, begin + second));
        }
        hours += walked.last().map_or(0.0, |(second, _)| second / 3_600.0);
        found += f64::from(u8::from(!watched.told.is_empty()));
    }
    (found / f64::from(WALKS), found / hours)
}

/// Radius told, seconds between fixes, kind of error, its true deviation on an axis over that the radius tells.
const HARD: [(f64, f64, Errors, f64); 9] = [
    (10.0, 10.0, Errors::Fresh, 1.0),
    (10.0, 10.0, Errors::Fresh, 1.5),
    (10.0, 30.0, Errors::Fresh, 1.0),
    (10.0, 10.0, Errors::Alike, 1.0),
    (30.0, 10.0, Errors::Fresh, 1.0),
    (30.0, 10.0, Errors::Fresh, 1.5),
    (30.0, 20.0, Errors::Fresh, 1.0),
    (30.0, 30.0, Errors::Fresh, 1.0),
    (30.0, 10.0, Errors::Alike, 1.0),
];

#[test]
fn what_leads_nowhere_is_found() {
    let kinds: [(&str, Draw); 3] =
        [("pacing", walks::pacing), ("lapping", walks::lapping), ("random", walks::random)];
    let mut least = 1.0_f64;
    for (name, draw) in kinds {
        let mut sum = 0.0;
        for hard in HARD {
            let (share, _) = told(draw, hard, 7);
            println!("{name:>8} {:>3} m every {:>3} s {:?} {}: {share:.3}", hard.0, hard.1, hard.2, hard.3);
            sum += share / 9.0;
        }
        println!("{name:>8} mean {sum:.3}");
        least = least.min(sum);
    }
    assert!(least >= LEAST_FOUND, "{least}");
}

#[test]
fn ordinary_walks_are_left_alone() {
    let kinds: [(&str, Draw); 6] = [
        ("errand", walks::errand),
        ("park", walks::park),
        ("market", walks::market),
        ("garden", walks::garden),
        ("sitting", walks::sitting),
        ("bus", walks::bus),
    ];
    let mut honest = Vec::new();
    for (name, draw) in kinds {
        for hard in HARD {
            let (_, an_hour) = told(draw, hard, 11);
            println!(
                "{name:>8} {:>3} m every {:>3} s {:?} {}: {an_hour:.3} an hour",
                hard.0, hard.1, hard.2, hard.3
            );
            // A radius that is told a third too small is shown, and not promised for.
            honest.extend((hard.3 <= 1.0).then_some(an_hour));
        }
    }
    let mean = honest.iter().sum::<f64>() / f64::from(u32::try_from(honest.len()).unwrap());
    println!("mean {mean:.3} an hour");
    assert!(mean <= 0.1, "{mean}");
}

#[test]
fn cells_show_no_way() {
    let (mut chance, mut handset) = (Chance(3), Handset::new(0.0));
    let mut watched = Watched::new(resident(&json!({"id": "r1", "policy": {"dementia": true}})));
    for number in 0..2_000_u32 {
        watched.take(&handset.fix((0.0, 0.0), Method::Cell, f64::from(number) * 60.0, &mut chance));
    }
    assert_eq!(watched.told, vec![]);
}
