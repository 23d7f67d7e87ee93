//! Wandering: how much of it is found, and what ordinary walks do.

use crate::common::walks::{self, Way};
use crate::common::{Chance, Handset, Watched, fix, resident};
use model::Method;
use serde_json::json;

type Draw = fn(&mut Chance) -> Way;
const WALKS: u32 = 150;

/// Errors as each reading's own, or as a handset has them.
#[derive(Debug, Clone, Copy)]
enum Errors {
    Fresh,
    Alike,
}

/// Of so many walks, those with a signal; and the hours walked.
fn told(draw: Draw, accuracy_m: f64, every_s: f64, errors: Errors, seed: u64) -> (f64, f64) {
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
            let new = (1.0 - left * left).sqrt() * accuracy_m * 0.66;
            error = (error.0 * left + chance.normal() * new, error.1 * left + chance.normal() * new);
            watched.take(&fix(x + error.0, y + error.1, accuracy_m, Method::Gps, begin + second));
        }
        hours += walked.last().map_or(0.0, |(second, _)| second / 3_600.0);
        found += f64::from(u8::from(!watched.told.is_empty()));
    }
    (found / f64::from(WALKS), found / hours)
}

const HARD: [(f64, f64, Errors); 8] = [
    (10.0, 10.0, Errors::Fresh),
    (10.0, 30.0, Errors::Fresh),
    (10.0, 10.0, Errors::Alike),
    (10.0, 60.0, Errors::Alike),
    (30.0, 10.0, Errors::Fresh),
    (30.0, 30.0, Errors::Fresh),
    (30.0, 10.0, Errors::Alike),
    (30.0, 60.0, Errors::Alike),
];

#[test]
fn what_leads_nowhere_is_found() {
    let kinds: [(&str, Draw); 3] =
        [("pacing", walks::pacing), ("lapping", walks::lapping), ("random", walks::random)];
    let mut least = 1.0_f64;
    for (name, draw) in kinds {
        let mut sum = 0.0;
        for (accuracy_m, every_s, errors) in HARD {
            let (share, _) = told(draw, accuracy_m, every_s, errors, 7);
            println!("{name:>8} {accuracy_m:>3} m every {every_s:>3} s {errors:?}: {share:.3}");
            sum += share / 8.0;
        }
        println!("{name:>8} mean {sum:.3}");
        least = least.min(sum);
    }
    assert!(least >= 0.90, "{least}");
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
    let mut worst = 0.0_f64;
    for (name, draw) in kinds {
        for (accuracy_m, every_s, errors) in HARD {
            let (_, an_hour) = told(draw, accuracy_m, every_s, errors, 11);
            println!("{name:>8} {accuracy_m:>3} m every {every_s:>3} s {errors:?}: {an_hour:.3} an hour");
            worst = worst.max(an_hour);
        }
    }
    assert!(worst <= 0.1, "{worst}");
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
