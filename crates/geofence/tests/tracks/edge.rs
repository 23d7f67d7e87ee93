//! A resident who never leaves home, with the fixes on which plain comparisons fail.

use crate::common::{Chance, Watched, at_home, fix};
use model::Method;

/// A day of fixes every two minutes: the bed so many metres within the edge of a fence of 200 m, and so many of a hundred
/// fixes from a cell.
fn day(from_edge_m: f64, cell_share: f64, sigma_m: f64, seed: u64) -> Watched {
    let mut chance = Chance(seed);
    let mut watched = Watched::new(at_home(200.0, -(200.0 - from_edge_m)));
    for number in 0..720_u32 {
        let second = f64::from(number) * 120.0;
        let one = if chance.happens(cell_share) {
            let spread_m = chance.between(300.0, 1_500.0);
            fix(chance.normal() * spread_m, chance.normal() * spread_m, spread_m, Method::Cell, second)
        } else {
            fix(chance.normal() * sigma_m, chance.normal() * sigma_m, sigma_m * 1.5, Method::Gps, second)
        };
        watched.take(&one);
    }
    watched
}

#[test]
fn nobody_at_home_is_said_to_be_out() {
    for from_edge_m in [200.0, 100.0, 50.0, 30.0, 20.0, 15.0] {
        for sigma_m in [5.0, 10.0, 15.0] {
            for seed in 0..20 {
                let watched = day(from_edge_m, 0.02, sigma_m, seed);
                let told = watched.told.len();
                assert_eq!(told, 0, "seed {seed}, {from_edge_m} m, σ {sigma_m} m: {:?}", watched.rules());
            }
        }
    }
}

#[test]
fn the_real_exit_is_told_within_two_fixes() {
    for from_edge_m in [200.0, 20.0] {
        for seed in 0..40 {
            let mut watched = day(from_edge_m, 0.02, 10.0, seed);
            let mut chance = Chance(seed + 1_000);
            for number in 0..2_u32 {
                let (away_m, spread_m) = (from_edge_m + 80.0 + f64::from(number) * 90.0, 10.0);
                let (east_m, north_m) = (away_m + chance.normal() * spread_m, chance.normal() * spread_m);
                watched.take(&fix(east_m, north_m, 15.0, Method::Gps, 86_400.0 + f64::from(number) * 120.0));
            }
            assert_eq!(watched.count("fence/exit"), 1, "seed {seed}, {from_edge_m} m");
        }
    }
}

#[test]
fn a_late_point_tells_nothing() {
    let mut watched = day(100.0, 0.0, 10.0, 1);
    let late = fix(2_000.0, 0.0, 10.0, Method::Gps, 40_000.0);
    watched.batch(&[late.clone(), late], crate::common::time(86_500.0));
    watched.take(&fix(0.0, 0.0, 15.0, Method::Gps, 86_600.0));
    assert_eq!(watched.told, vec![]);
}
