//! Outings with mixed methods: false exits against true ones found.

use crate::common::year::follow_all;
use geofence::Rules;

#[expect(clippy::disallowed_methods, reason = "a test tries another seed")]
fn told(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

#[test]
fn few_false_exits_and_the_true_ones_found() {
    let seed = told("GEOFENCE_SEED", 1);
    let residents = u32::try_from(told("GEOFENCE_RESIDENTS", 40)).unwrap();
    let (all, delays) = follow_all(seed, residents, 120.0, &Rules::default());
    let (false_a_year, found) = (all.false_a_year(), all.found_share());
    let (median, late) = (delays[delays.len() / 2], delays[delays.len() * 95 / 100]);
    println!(
        "seed {seed}: {false_a_year:.2} false exits a year, {found:.4} of {} found, median {median} fixes, 95 % {late}",
        all.exits
    );
    assert!(false_a_year <= 1.0, "{false_a_year}");
    assert!(found >= 0.99, "{found}");
    assert!(median <= 2, "{median}");
}
