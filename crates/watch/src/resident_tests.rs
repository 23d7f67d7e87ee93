use super::*;
use geofence::replay::ResidentEntry;
use geofence::silence::Told;
use geofence::zone::{Zone, ZoneEntry, Zones};
use model::{Fix, HandsetId, Method, SignedDuration, Wgs84};
use serde_json::json;
use std::sync::Arc;

fn daughter() -> HandsetId {
    HandsetId::new("daughter").unwrap()
}

fn watched() -> Watched {
    let entry = json!({"id": "r1", "policy": {"dementia": true, "wandering": false}});
    let entry: ResidentEntry = serde_json::from_value(entry).unwrap();
    let person = Person {
        resident: entry.resident(&mut Vec::new()),
        fences: Vec::new(),
        handset: None,
        companions: vec![daughter()],
        is_tracked: true,
    };
    Watched::new(person, Places::default())
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_413_600 + second).unwrap()
}

fn fix(north_m: f64, second: i64) -> Fix {
    let position = Wgs84::new(33.96 + north_m / 111_195.0, 118.28).unwrap();
    let (boot, seq, speed_mps, bearing_deg, battery_pct) = Default::default();
    let (fix_time, accuracy_m, method) = (at(second), 8.0, Method::Gps);
    Fix { boot, seq, fix_time, position, accuracy_m, method, speed_mps, bearing_deg, battery_pct }
}

fn arrive(watched: &mut Watched, world: &World, what: Happening, second: i64) -> Vec<Signal> {
    let resident = Arc::new(ResidentId::new("r1").unwrap());
    let mut told = Vec::new();
    let arrived = Arrived { resident, received_at: at(second), place: second, what };
    watched.take(world, &arrived, &mut told);
    told
}

#[test]
fn a_companion_is_near_by_what_both_handsets_say() {
    let (mut watched, world) = (watched(), World::default());
    let she_is = |north_m: f64, second: i64| Happening::Company(daughter(), Box::new(fix(north_m, second)));
    arrive(&mut watched, &world, Happening::Fixes(vec![fix(0.0, 0)]), 1);
    assert_eq!(watched.state.company_until(), None);
    arrive(&mut watched, &world, she_is(500.0, 60), 61);
    assert_eq!(watched.state.company_until(), None, "too far");
    arrive(&mut watched, &world, she_is(10.0, 120), 121);
    assert_eq!(watched.state.company_until(), Some(at(720)));
    // Her own way brings her near as well; what is over when it arrives takes nothing back.
    arrive(&mut watched, &world, Happening::Fixes(vec![fix(5.0, 300)]), 301);
    assert_eq!(watched.state.company_until(), Some(at(900)));
    arrive(&mut watched, &world, she_is(5.0, 290), 9_000);
    assert_eq!(watched.state.company_until(), Some(at(900)));
    let stranger = HandsetId::new("stranger").unwrap();
    let near = Happening::Company(stranger, Box::new(fix(5.0, 310)));
    arrive(&mut watched, &world, near, 9_001);
    assert_eq!(watched.state.company_until(), Some(at(900)));
}

/// A handset that says every five minutes how full its battery is.
fn carrying(name: &str) -> Person {
    let entry = json!({"id": "r1", "handset": {"id": name, "heartbeat_s": 300}});
    let entry: ResidentEntry = serde_json::from_value(entry).unwrap();
    Person {
        resident: entry.resident(&mut Vec::new()),
        fences: Vec::new(),
        handset: Some(HandsetId::new(name).unwrap()),
        companions: Vec::new(),
        is_tracked: true,
    }
}

fn low(watched: &mut Watched, second: i64) -> usize {
    let low = Told { battery_pct: Some(15.0), ..Told::default() };
    arrive(watched, &World::default(), Happening::Status(low), second).len()
}

#[test]
fn what_one_handset_said_of_itself_is_not_true_of_another() {
    let world = World::default();
    let mut watched = Watched::new(carrying("h1"), Places::default());
    assert_eq!((low(&mut watched, 1), low(&mut watched, 2)), (1, 0));
    let stored = watched.stored(&ResidentId::new("r1").unwrap(), &world);
    watched.become_other(carrying("h2"), &world, at(3));
    assert_eq!((low(&mut watched, 4), low(&mut watched, 5)), (1, 0));
    // Bound while nobody watched.
    for (name, told) in [("h1", 0), ("h2", 1)] {
        let mut again = Watched::new(carrying(name), Places::default());
        again.remember(&stored, &world, at(3));
        assert_eq!(low(&mut again, 4), told, "{name}");
    }
}

#[test]
fn a_handset_that_is_bound_and_never_speaks_is_silent() {
    let world = World::default();
    let mut unbound = carrying("h1");
    unbound.handset = None;
    let mut told = Vec::new();
    let mut watched = Watched::new(unbound.clone(), Places::default());
    watched.supervise(at(0));
    watched.step(&world, Event::Tick, at(0), &mut told);
    assert_eq!(watched.deadline(), None);
    watched.become_other(carrying("h1"), &world, at(100));
    watched.step(&world, Event::Tick, at(100), &mut told);
    assert_eq!(watched.deadline(), Some(at(1_000)));
    watched.run_until(&world, at(5_000), Timestamp::MIN, &mut told);
    assert_eq!(told.iter().map(|told| told.kind).collect::<Vec<_>>(), [Kind::Silence]);
    // Of what nobody carries nobody expects anything.
    watched.become_other(carrying("h2"), &world, at(6_000));
    watched.become_other(unbound, &world, at(6_100));
    watched.step(&world, Event::Tick, at(6_100), &mut told);
    assert_eq!((watched.deadline(), told.len()), (None, 1));
}

#[test]
fn whoever_lives_in_a_zone_is_told_of_once_when_it_is_watched_and_never_when_it_is_drawn() {
    let zone = |north_m: f64| {
        let middle = [118.28, 33.96 + north_m / 111_195.0];
        let shape = json!({"type": "Circle", "center": middle, "radius_m": 100});
        let flood: ZoneEntry = serde_json::from_value(json!({"id": "flood", "shape": shape})).unwrap();
        Zone::try_from(&flood).unwrap()
    };
    let world = |north_m: f64, drawn: i64| {
        let zones = Zones::new(vec![Zone { drawn, ..zone(north_m) }]);
        World { zones, ..World::default() }
    };
    let rests = |watched: &mut Watched, world: &World, from: i64, to: i64| {
        let fixes = (from..to).step_by(300);
        fixes
            .map(|second| arrive(watched, world, Happening::Fixes(vec![fix(0.0, second)]), second + 1).len())
            .sum::<usize>()
    };
    let (here, away) = (world(0.0, 2), world(5_000.0, 1));
    let mut watched = watched();
    let watching = watched.person.clone();
    watched.person.resident.policy.zones = Some(false);
    assert_eq!(rests(&mut watched, &here, 0, 3_000), 0);
    watched.become_other(watching, &here, at(3_000));
    assert_eq!(rests(&mut watched, &here, 3_000, 20_000), 1, "it may be the river");
    let mut watched = self::watched();
    assert_eq!(rests(&mut watched, &away, 0, 3_000), 0);
    watched.change_world(&away, &here);
    assert_eq!(rests(&mut watched, &here, 3_000, 20_000), 0);
}

#[test]
fn a_zone_is_snoozed_by_its_name_and_only_what_was_told_before() {
    let shape = json!({"type": "Circle", "center": [118.28, 33.96], "radius_m": 100});
    let lake: ZoneEntry = serde_json::from_value(json!({"id": "lake", "shape": shape})).unwrap();
    let world = World { zones: Zones::new(vec![Zone::try_from(&lake).unwrap()]), ..World::default() };
    let rests = |watched: &mut Watched, from: i64, to: i64| {
        let mut told = Vec::new();
        for second in (from..to).step_by(300) {
            let fixes = Happening::Fixes(vec![fix(0.0, second)]);
            told.extend(arrive(watched, &world, fixes, second + 1));
        }
        told
    };
    let snoozed = |from: i64, name: &str| {
        let mut watched = watched();
        // From afar, so that they do not live there.
        arrive(&mut watched, &world, Happening::Fixes(vec![fix(1_500.0, -900)]), -899);
        let told = rests(&mut watched, 0, 1_500);
        assert_eq!(told.len(), 1, "{told:?}");
        watched.snooze(&world, &Snoozed::Zone(name.to_owned()), at(from), at(20_000));
        rests(&mut watched, 1_500, 9_000).len()
    };
    assert_eq!(snoozed(1_500, "lake"), 0);
    assert!(snoozed(-10, "lake") > 0, "it was told after that was said");
    assert!(snoozed(1_500, "road") > 0);
}

/// Without their positions nobody knows where they are; that the handset speaks is known all the same.
#[test]
fn who_is_not_tracked_is_missed_when_the_handset_falls_silent() {
    let (mut watched, world) = (watched(), World::default());
    let mut person = watched.person.clone();
    person.resident.heartbeat_s = Some(300.0);
    watched.become_other(person.clone(), &world, at(0));
    arrive(&mut watched, &world, Happening::Fixes(vec![fix(0.0, 0)]), 1);
    let untracked = Person { is_tracked: false, companions: Vec::new(), ..person };
    watched.become_other(untracked, &world, at(0));
    assert_eq!(watched.state.about(), None, "where they were is forgotten");
    let until = |watched: &mut Watched, second: i64| {
        let mut told = Vec::new();
        watched.run_until(&world, at(second), Timestamp::MIN, &mut told);
        told.into_iter().map(|signal| signal.evidence.rule).collect::<Vec<_>>()
    };
    let said = geofence::silence::Told { battery_pct: Some(15.0), ..Default::default() };
    let told = arrive(&mut watched, &world, Happening::Status(said), 601);
    let rules: Vec<_> = told.iter().map(|signal| signal.evidence.rule.as_str()).collect();
    assert_eq!(rules, ["battery/low"]);
    assert!(told.iter().all(|signal| signal.evidence.fixes.is_empty()), "{told:?}");
    assert_eq!(until(&mut watched, 1_500), Vec::<String>::new());
    assert_eq!(until(&mut watched, 1_501), ["silence/offline"]);
    assert_eq!(watched.state.about(), None);
    // One that fell silent as the consent was withdrawn is missed too.
    let mut gone = self::watched();
    let mut person = gone.person.clone();
    person.resident.heartbeat_s = Some(300.0);
    gone.become_other(person.clone(), &world, at(0));
    arrive(&mut gone, &world, Happening::Fixes(vec![fix(0.0, 0)]), 1);
    gone.become_other(Person { is_tracked: false, ..person.clone() }, &world, at(0));
    gone.step(&world, Event::Tick, at(2), &mut Vec::new());
    assert_eq!(until(&mut gone, 901), ["silence/offline"]);
    // One that nobody missed until now has its time from then on.
    let mut late = self::watched();
    arrive(&mut late, &world, Happening::Fixes(vec![fix(0.0, 0)]), 1);
    late.become_other(person, &world, at(10_000));
    late.step(&world, Event::Tick, at(10_001), &mut Vec::new());
    assert_eq!(until(&mut late, 10_800), Vec::<String>::new());
    assert_eq!(until(&mut late, 10_901), ["silence/offline"]);
}

/// A lake round home, and what is told of it by fixes at home every five minutes.
fn lake() -> World {
    let shape = json!({"type": "Circle", "center": [118.28, 33.96], "radius_m": 100});
    let lake: ZoneEntry = serde_json::from_value(json!({"id": "lake", "shape": shape})).unwrap();
    World { zones: Zones::new(vec![Zone::try_from(&lake).unwrap()]), ..World::default() }
}

fn told_at_home(watched: &mut Watched, world: &World, from: i64, to: i64) -> Vec<String> {
    let fixes = (from..to).step_by(300);
    let told =
        fixes.flat_map(|second| arrive(watched, world, Happening::Fixes(vec![fix(0.0, second)]), second + 1));
    told.map(|signal| signal.evidence.rule).collect()
}

/// Watched for zones as they are said to be, since what was written down was read again.
fn restarted(stored: &StoredState, zones: Option<bool>, world: &World, second: i64) -> Watched {
    let mut again = watched();
    again.person.resident.policy.zones = zones;
    again.remember(stored, world, at(second));
    again
}

#[test]
fn zones_that_nobody_watches_since_a_restart_are_told_of_no_more() {
    let (mut watched, world, id) = (watched(), lake(), ResidentId::new("r1").unwrap());
    // From afar, so that they do not live there.
    arrive(&mut watched, &world, Happening::Fixes(vec![fix(1_500.0, -900)]), -899);
    assert_eq!(told_at_home(&mut watched, &world, 0, 1_500), ["zone/entry"]);
    let mut stored = watched.stored(&id, &world);
    let goes_on = told_at_home(&mut restarted(&stored, None, &world, 1_500), &world, 1_500, 9_000);
    assert!(goes_on.len() > 2 && goes_on.iter().all(|rule| rule == "zone/still_inside"), "{goes_on:?}");
    // What was written down before that was part of it says nothing of it, and is held to the policy all the same.
    for knows in [true, false] {
        if !knows {
            stored.document = stored.document.replace("\"watches_zones\":true", "\"watches_zones\":null");
        }
        let mut again = restarted(&stored, Some(false), &world, 1_500);
        assert_eq!(again.state.visited().count(), usize::from(!knows));
        assert_eq!(told_at_home(&mut again, &world, 1_500, 9_000), Vec::<String>::new());
        assert_eq!(again.deadline(), None, "nobody waits for the next time");
    }
}

#[test]
fn whoever_is_at_home_in_a_zone_that_is_watched_since_a_restart_is_told_of_once() {
    let (mut watched, world, id) = (watched(), lake(), ResidentId::new("r1").unwrap());
    watched.person.resident.policy.zones = Some(false);
    assert_eq!(told_at_home(&mut watched, &world, 0, 3_000), Vec::<String>::new());
    let stored = watched.stored(&id, &world);
    let told = told_at_home(&mut restarted(&stored, None, &world, 3_000), &world, 3_000, 20_000);
    assert_eq!(told, ["zone/first_heard"]);
}

/// Of a time at which nobody carried the handset nothing is judged; it spoke all the same.
#[test]
fn a_message_without_a_fix_of_theirs_is_a_sign_of_life() {
    let mut watched = Watched::new(carrying("h1"), Places::default());
    arrive(&mut watched, &World::default(), Happening::Fixes(Vec::new()), 600);
    assert_eq!(watched.deadline(), Some(at(1_500)));
}

/// An absence is over once, however often the platform starts.
#[test]
fn what_still_holds_at_the_end_of_an_absence_is_told_once_more_over_restarts() {
    let (world, id) = (World::default(), ResidentId::new("r1").unwrap());
    let mut watched = Watched::new(carrying("h1"), Places::default());
    arrive(&mut watched, &world, Happening::Heard, 0);
    let mut told = Vec::new();
    watched.run_until(&world, at(5_000), Timestamp::MIN, &mut told);
    assert_eq!(told.len(), 1, "nobody was asked to look: {told:?}");
    let ends = |watched: &mut Watched, spans: &[(i64, i64)], now: i64| {
        let close = |second: i64| at(second).checked_add(SignedDuration::from_micros(300)).unwrap();
        let (spans, mut told) = (spans.iter().map(|(from, to)| (at(*from), close(*to))), Vec::new());
        watched.expect(&world, &spans.collect::<Vec<_>>(), at(now), &mut told);
        told.into_iter().map(|signal| (signal.evidence.rule, signal.evidence.again)).collect::<Vec<_>>()
    };
    let before = watched.stored(&id, &world);
    let once_more = vec![("silence/offline".to_owned(), Some(1))];
    assert_eq!(ends(&mut watched, &[(-60, 1_000), (800, 4_000)], 5_000), once_more);
    assert_eq!(ends(&mut watched, &[(-60, 1_000), (800, 4_000)], 5_001), Vec::new());
    // What ended on the way is told as it would have been, and what is on disk is told no more.
    for (stored, told) in [(before, once_more), (watched.stored(&id, &world), Vec::new())] {
        let mut again = Watched::new(carrying("h1"), Places::default());
        again.remember(&stored, &world, at(6_000));
        assert_eq!(ends(&mut again, &[(800, 4_000)], 6_000), told);
    }
}

/// A quarter of an hour after the last word of the handset its silence is told.
#[test]
fn what_was_told_between_two_absences_is_not_told_again() {
    let world = World::default();
    for (first, second, told_again) in [((-60, 500), (2_000, 4_000), 0), ((-60, 1_000), (2_000, 4_000), 1)] {
        let mut watched = Watched::new(carrying("h1"), Places::default());
        arrive(&mut watched, &world, Happening::Heard, 0);
        watched.run_until(&world, at(5_000), Timestamp::MIN, &mut Vec::new());
        let (spans, mut told) = ([first, second].map(|(from, to)| (at(from), at(to))), Vec::new());
        watched.expect(&world, &spans, at(5_000), &mut told);
        assert_eq!(told.len(), told_again, "{first:?} and {second:?}");
    }
}

/// What is on disk since before absences were taken knows of none; the table holds all there ever were.
#[test]
fn what_was_kept_before_absences_were_taken_is_told_of_those_that_ended_lately_alone() {
    let (world, id) = (World::default(), ResidentId::new("r1").unwrap());
    let mut watched = Watched::new(carrying("h1"), Places::default());
    arrive(&mut watched, &world, Happening::Heard, 0);
    watched.run_until(&world, at(5_000), Timestamp::MIN, &mut Vec::new());
    let mut stored = watched.stored(&id, &world);
    let mut document: serde_json::Value = serde_json::from_str(&stored.document).unwrap();
    document.as_object_mut().unwrap().remove("away_until").unwrap();
    stored.document = document.to_string();
    for (started, told_again) in [(4_000 + 3_601, 0), (4_000 + 3_599, 1)] {
        let mut again = Watched::new(carrying("h1"), Places::default());
        again.remember(&stored, &world, at(started));
        let mut told = Vec::new();
        again.expect(&world, &[(at(-60), at(4_000))], at(started), &mut told);
        assert_eq!(told.len(), told_again, "started at {started}");
    }
}
