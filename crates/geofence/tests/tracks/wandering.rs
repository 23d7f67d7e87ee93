//! Wandering through the whole engine: how much of it is found, and what ordinary walks do. `make bench-geofence` has the full
//! tables; these are few walks of each, on seeds that nothing was learned from.

use crate::common::walks::{Draw, Errors, NOWHERE, ORDINARY};
use crate::common::{Chance, Handset, Watched, fix, resident, time};
use model::Fix;
use model::Method::{self, Gps};
use serde_json::json;

const WALKS: u64 = 30;
/// Of ordinary ones more, since a goal of one signal in ten hours walked is a matter of many hours.
const ORDINARY_WALKS: u64 = 120;
const SEED: u64 = 909_000_000;

/// Seconds of the day. From four in the afternoon on the engine asks for less.
const MORNING_S: f64 = 9.0 * 3_600.0;
const LATE_S: f64 = 17.0 * 3_600.0;

/// Of so many walks that begin then, those with a signal, and the hours walked.
fn told(draw: Draw, errors: Errors, begin_s: f64, walks: u64) -> (f64, f64) {
    let (mut found, mut hours) = (0.0, 0.0);
    for walk in 0..walks {
        let mut chance = Chance(SEED + walk * 7_919);
        let way = draw(&mut chance);
        let mut watched = Watched::new(resident(&json!({"id": "r1", "policy": {"dementia": true}})));
        for fix in errors.fixes(&way, begin_s, &mut chance) {
            watched.take(&fix);
        }
        hours += way.hours();
        found += f64::from(u8::from(!watched.told.is_empty()));
    }
    (found, hours)
}

#[test]
fn what_leads_nowhere_is_found() {
    println!("seed {SEED}");
    for (accuracy_m, least) in [(10.0, 0.9), (30.0, 0.8)] {
        for (name, draw) in NOWHERE {
            let (found, _) = told(draw, Errors::fresh(accuracy_m, 10.0), MORNING_S, WALKS);
            let share = found / f64::from(u32::try_from(WALKS).unwrap());
            println!("{name:>8} at {accuracy_m} m: {share:.3}");
            assert!(share >= least, "{name} at {accuracy_m} m: {share}");
        }
    }
}

#[test]
fn ordinary_walks_are_left_alone_at_10_m() {
    assert_eq!(noisy(&late(Errors::alike(10.0, 20.0))), [""; 0]);
}

#[test]
fn ordinary_walks_are_left_alone_with_fresh_10_m_every_30_s() {
    assert_eq!(noisy(&late(Errors::fresh(10.0, 30.0))), [""; 0]);
}

#[test]
fn ordinary_walks_are_left_alone_at_30_m() {
    all_together_are_left_alone(Errors::alike(30.0, 20.0));
}

/// Errors that last make up ways of their own, so that one kind of walk may be told of oftener; all of them together are not.
#[test]
fn ordinary_walks_are_left_alone_with_30_m_that_last_every_10_s() {
    all_together_are_left_alone(Errors::alike(30.0, 10.0));
}

/// Less is asked where errors are fresh, and these last a little.
#[test]
fn ordinary_walks_are_left_alone_with_30_m_that_are_taken_for_fresh() {
    all_together_are_left_alone(Errors { slow: 0.4, ..Errors::alike(30.0, 10.0) });
}

fn all_together_are_left_alone(errors: Errors) {
    let kinds = late(errors);
    let (own, walked) = kinds.iter().fold((0.0, 0.0), |(own, walked), kind| (own + kind.1, walked + kind.2));
    assert!(
        own / walked <= 0.1,
        "seed {SEED}, {errors:?}: {own} in {walked:.1} hours, by kind: {:?}",
        noisy(&kinds)
    );
}

/// Each kind, what it told and the hours, late in the afternoon: who sets out by day is asked for more, so what is left alone late is
/// left alone by day.
fn late(errors: Errors) -> Vec<(&'static str, f64, f64)> {
    let of = |(name, draw): (&'static str, Draw)| {
        let (own, walked) = told(draw, errors, LATE_S, ORDINARY_WALKS);
        (name, own, walked)
    };
    ORDINARY.map(of).to_vec()
}

/// Those of which more is told than one in ten hours.
fn noisy(kinds: &[(&'static str, f64, f64)]) -> Vec<String> {
    let noisy = kinds.iter().filter(|(_, own, walked)| own / walked > 0.1);
    noisy.map(|(name, own, walked)| format!("{name}: {own} in {walked:.1} hours")).collect()
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

/// Two masts that a handset hears in turn make a way to and fro, if anybody believed them.
fn among_cells(fixes: &[Fix]) -> Vec<Fix> {
    let mast = |number: usize, second: f64| {
        let (east_m, north_m) = if number.is_multiple_of(2) { (-350.0, 0.0) } else { (350.0, 60.0) };
        fix(east_m, north_m, 500.0, Method::Cell, second)
    };
    let begin = time(0.0);
    let after = |fix: &Fix| fix.fix_time.duration_since(begin).as_secs_f64() + 5.0;
    let each = fixes.iter().enumerate();
    each.flat_map(|(number, own)| [own.clone(), mast(number, after(own))]).collect()
}

fn all_told(fixes: &[Fix]) -> Vec<String> {
    let mut watched = Watched::new(resident(&json!({"id": "r1", "policy": {"dementia": true}})));
    for fix in fixes {
        watched.take(fix);
    }
    watched.rules().into_iter().map(str::to_owned).collect()
}

#[test]
fn cells_among_other_fixes_are_no_part_of_a_way() {
    let on_foot = ORDINARY.into_iter().filter(|(name, _)| *name != "bus");
    let mut found = 0;
    for (name, draw) in on_foot.chain(NOWHERE) {
        for walk in 0..3 {
            let mut chance = Chance(SEED + walk * 7_919);
            let fixes = Errors::fresh(10.0, 20.0).fixes(&draw(&mut chance), 9.0 * 3_600.0, &mut chance);
            let told = all_told(&fixes);
            assert_eq!(
                all_told(&among_cells(&fixes)),
                told,
                "seed {SEED}, {name} {walk}: cells change nothing"
            );
            found += usize::from(!told.is_empty());
        }
    }
    assert!(found >= 6, "{found} of nine that lead nowhere are found, with cells and without");
    // At home for hours, seen now and then: all that moves are the cells.
    let seen: Vec<Fix> = (0..60).map(|number| fix(0.0, 0.0, 10.0, Gps, f64::from(number) * 300.0)).collect();
    assert_eq!(all_told(&among_cells(&seen)), [""; 0]);
}

/// The handset is off from the moment in which it was told until the next morning.
#[test]
fn a_way_of_yesterday_is_not_told_of_today() {
    let (mut chance, (_, draw)) = (Chance(SEED), NOWHERE[1]);
    let fixes = Errors::fresh(10.0, 10.0).fixes(&draw(&mut chance), 9.0 * 3_600.0, &mut chance);
    let mut watched = Watched::new(resident(&json!({"id": "r1", "policy": {"dementia": true}})));
    for fix in &fixes {
        watched.take(fix);
        if !watched.told.is_empty() {
            break;
        }
    }
    let told = watched.rules().len();
    assert_eq!(told, 1, "{:?}", watched.rules());
    for minute in [0.0, 5.0, 10.0] {
        watched.take(&fix(0.0, 0.0, 10.0, Gps, 33.0 * 3_600.0 + minute * 60.0));
    }
    assert_eq!(watched.rules().len(), told, "{:?}", watched.rules());
}

/// Whatever a table says of a way that leads nowhere, at this limit it counts; and at that one nothing does.
#[test]
fn the_limit_is_a_rule_and_the_table_with_it_is_the_version() {
    use geofence::{Rules, wandering::version};
    let told = |limit: f64| {
        let (mut chance, (_, draw)) = (Chance(SEED), NOWHERE[0]);
        let way = draw(&mut chance);
        let mut watched = Watched::new(resident(&json!({"id": "r1", "policy": {"dementia": true}})));
        watched.world.rules.wandering_limit = limit;
        for fix in Errors::fresh(10.0, 10.0).fixes(&way, 9.0 * 3_600.0, &mut chance) {
            watched.take(&fix);
        }
        watched.told
    };
    let found = told(-20.0);
    let evidence = &found.first().unwrap().evidence;
    assert_eq!(evidence.version, format!("{} {}", Rules::default().version, version(-20.0)));
    assert!(evidence.why.contains(&version(-20.0)), "{}", evidence.why);
    assert_ne!(version(-20.0), version(2.75));
    assert_eq!(told(20.0), vec![]);
}

#[test]
fn a_companion_asks_for_more() {
    use geofence::wandering::{Around, LIMIT};
    let at = |hour: f64| geofence::Moment::from(crate::common::time(hour * 3_600.0));
    let limit = |dementia: bool, companion: bool, hour: f64| {
        let policy = geofence::Policy { dementia, ..geofence::Policy::default() };
        Around { policy, companion, limit: LIMIT }.limit(at(hour))
    };
    assert!((limit(true, false, 10.0) - LIMIT).abs() < 1e-9);
    assert!(limit(true, true, 10.0) > limit(false, false, 10.0));
    assert!(limit(true, false, 18.0) < limit(true, false, 10.0));
    assert!(limit(true, false, 23.5) < limit(true, false, 18.0));
}

/// The places that were judged, and not the newest minutes of them alone.
#[test]
fn what_is_told_of_a_way_shows_all_of_it() {
    let mut watched = Watched::new(resident(&json!({"id": "r1", "policy": {"dementia": true}})));
    for number in 0..240_u32 {
        let leg = number % 24;
        let along = if leg < 12 { leg } else { 24 - leg };
        let (east_m, second) = (f64::from(along) * 7.0, 36_000.0 + f64::from(number) * 10.0);
        watched.take(&fix(east_m, 0.0, 8.0, Method::Gps, second));
    }
    let told = watched.told.first().unwrap();
    let fixes = &told.evidence.fixes;
    assert!((10..=24).contains(&fixes.len()), "{} places", fixes.len());
    assert!(fixes.windows(2).all(|two| two[0].fix_time < two[1].fix_time), "{fixes:?}");
    let passed = |from: model::Timestamp| told.at.duration_since(from).as_secs();
    assert!(passed(fixes[0].fix_time) >= passed(told.since) - 60, "from the beginning of the stretch");
    assert!(passed(fixes[0].fix_time) <= passed(told.since), "and not from before it");
    assert_eq!(fixes.last().unwrap().fix_time, told.at, "the newest is the newest fix");
    let farthest = fixes.iter().map(|fix| fix.lon).fold(f64::MIN, f64::max);
    let nearest = fixes.iter().map(|fix| fix.lon).fold(f64::MAX, f64::min);
    assert!((farthest - nearest) * 92_230.0 > 50.0, "both ends of it: {fixes:?}");
}
