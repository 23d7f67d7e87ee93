//! What is learned of a resident, and what is told when somebody leaves it.

use crate::common::{Chance, Watched, fix, place, resident, time};
use geofence::habits::{DAYS_LEAST, Habits, learn};
use geofence::replay::{Recording, ResidentsFile};
use geofence::{Event, Moment, Rules, companion};
use model::{Fix, HandsetId, Method, Timestamp, Wgs84};
use serde_json::json;
use std::sync::Arc;

const DAY_S: f64 = 86_400.0;
const HOUR_S: f64 = 3_600.0;

/// A day at home but for a walk to the market, 600 m east, from eight to ten.
fn day(number: i32, chance: &mut Chance) -> Vec<Fix> {
    let begin = f64::from(number) * DAY_S;
    (0..480_u32)
        .map(|step| {
            let hour = f64::from(step) * 0.05;
            let out = ((hour - 8.0) * 4.0).clamp(0.0, 1.0) - ((hour - 9.75) * 4.0).clamp(0.0, 1.0);
            let (east_m, north_m) = (out * 600.0 + chance.normal() * 5.0, chance.normal() * 5.0);
            fix(east_m, north_m, 10.0, Method::Gps, begin + hour * HOUR_S)
        })
        .collect()
}

fn learned(days: i32) -> Habits {
    let (mut habits, mut chance) = (Habits::default(), Chance(5));
    for number in -days..0 {
        assert!(learn(&mut habits, &day(number, &mut chance)));
    }
    habits
}

/// Walks west from home for 900 m and stays there; what is told.
fn goes_west(habits: Option<Habits>, hour: f64, policy: &serde_json::Value, company: bool) -> Watched {
    goes_as_far_as(900.0, habits, hour, policy, company)
}

/// The same, so many metres far.
fn goes_as_far_as(
    far_m: f64,
    habits: Option<Habits>,
    hour: f64,
    policy: &serde_json::Value,
    company: bool,
) -> Watched {
    let mut watched = Watched::new(resident(&json!({"id": "r1", "policy": policy})));
    watched.resident.habits = habits.map(Arc::new);
    if company {
        watched.event(Event::Companion { until: time(DAY_S) }, time(hour * HOUR_S - 1.0));
    }
    for minute in 0..40_u32 {
        let west_m = (f64::from(minute) * 50.0).min(far_m);
        watched.take(&fix(-west_m, 0.0, 10.0, Method::Gps, hour * HOUR_S + f64::from(minute) * 60.0));
    }
    watched
}

#[test]
fn who_leaves_the_usual_ground_after_four_weeks_is_told_of_once() {
    let dementia = || json!({"dementia": true});
    let cases = [
        ("four weeks", Some(learned(28)), dementia(), false, 1),
        ("a day less", Some(learned(27)), dementia(), false, 0),
        ("nothing learned", None, dementia(), false, 0),
        ("not asked for", Some(learned(30)), json!({}), false, 0),
        ("asked for", Some(learned(30)), json!({"habits": true}), false, 1),
        ("refused", Some(learned(30)), json!({"dementia": true, "habits": false}), false, 0),
    ];
    for (name, habits, policy, company, expected) in cases {
        let watched = goes_west(habits, 14.0, &policy, company);
        assert_eq!(watched.count("wandering/unusual"), expected, "{name}: {:?}", watched.rules());
    }
    let watched = goes_west(Some(learned(30)), 14.0, &dementia(), false);
    let evidence = &watched.told.first().unwrap().evidence;
    let named = |name: &str| evidence.findings.iter().find(|finding| finding.name == name).unwrap().clone();
    assert!(named("off_usual_m").value > 250.0 && named("usual_days").value >= 28.0);
    assert!((named("usual_lon").value - place(0.0, 0.0).lon()).abs() < 0.002);
    assert!(evidence.why.contains("离开平时常走的地方"), "{}", evidence.why);
}

#[test]
fn company_and_the_hour_weigh() {
    let since = |hour: f64, company: bool| {
        let watched = goes_west(Some(learned(30)), hour, &json!({"dementia": true}), company);
        let told = watched.told.iter().find(|signal| signal.evidence.rule == "wandering/unusual");
        told.map(|signal| Moment::from(signal.at).seconds_since(Moment::from(time(hour * HOUR_S))))
    };
    let (day, night) = (since(14.0, false), since(2.0, false));
    assert!(night.unwrap() < day.unwrap(), "{night:?} {day:?}");
    // 900 m are within three times 250 m and the nearest usual square; with company they say nothing yet.
    assert!(since(14.0, true).is_none_or(|with| with > day.unwrap()));
}

/// Each hour asks for less than the one before it in the list, and is told of alone at what lies between.
#[test]
fn late_afternoon_asks_for_a_fifth_less_and_night_for_two() {
    let habits = learned(30);
    let edge_m = 1_000.0 - habits.nearest(place(-1_000.0, 0.0)).unwrap().distance_m;
    // They are at home at all these hours on all days, which asks for a fifth less too; two deviations are the fix's own.
    let (asked_m, own_m) = (Rules::default().off_usual_m * 0.8, 13.3);
    for (share, told) in [(0.5, [0, 0, 0]), (0.7, [0, 0, 1]), (0.9, [0, 1, 1]), (1.1, [1, 1, 1])] {
        let far_m = edge_m + own_m + asked_m * share;
        let found = [14.0, 18.0, 2.0].map(|hour| {
            let dementia = json!({"dementia": true});
            goes_as_far_as(far_m, Some(habits.clone()), hour, &dementia, false).count("wandering/unusual")
        });
        assert_eq!(found, told, "{share} of {asked_m} m, by day, in the late afternoon, by night");
    }
}

#[test]
fn the_usual_way_is_no_news_and_cells_never_are() {
    let mut chance = Chance(8);
    let mut watched = Watched::new(resident(&json!({"id": "r1", "policy": {"dementia": true}})));
    watched.resident.habits = Some(Arc::new(learned(30)));
    for one in day(0, &mut chance) {
        watched.take(&one);
        let cell = fix(
            3_000.0,
            3_000.0,
            1_500.0,
            Method::Cell,
            Moment::from(one.fix_time).seconds_since(Moment::from(time(0.0))) + 60.0,
        );
        watched.take(&cell);
    }
    assert_eq!(watched.count("wandering/unusual"), 0, "{:?}", watched.rules());
}

#[test]
fn days_count_once_and_in_order_and_can_be_forgotten() {
    let mut habits = learned(30);
    let known = habits.clone();
    let mut chance = Chance(1);
    assert!(!learn(&mut habits, &day(-3, &mut chance)), "a day that was learned");
    assert!(!learn(&mut habits, &day(0, &mut chance)[..5]), "too few fixes");
    assert!(!learn(&mut habits, &[]));
    assert_eq!(habits, known);
    let text = serde_json::to_string(&habits).unwrap();
    assert_eq!(serde_json::from_str::<Habits>(&text).unwrap(), habits);
    assert!(habits.bytes() < 5_000, "{}", habits.bytes());
    let near_market = habits.nearest(place(600.0, 0.0)).unwrap();
    assert!(near_market.distance_m < 1.0 && near_market.place.days >= 28);
    habits.forget_near(place(600.0, 0.0), 200.0);
    assert!(habits.nearest(place(600.0, 0.0)).unwrap().distance_m > 150.0);
    assert!(habits.places().count() > 0);
    // With the place where they live goes that they live there, when, and where the grid begins.
    let (mut away, afternoon) = (known.clone(), Moment::from(time(14.0 * HOUR_S)));
    assert!(away.at_home_share(afternoon).is_some());
    away.forget_near(place(0.0, 0.0), 200.0);
    assert_eq!(away.at_home_share(afternoon), None);
    let kept = serde_json::to_value(&away).unwrap();
    assert!(kept["home"].is_null(), "{kept}");
    assert!(kept["at_home"].as_array().unwrap().iter().all(|days| *days == 0), "{kept}");
    let begin = [0_usize, 1].map(|part| kept["origin"][part].as_f64().unwrap() / 1e7);
    let begin = Wgs84::new(begin[0], begin[1]).unwrap();
    assert!(begin.distance_m(place(0.0, 0.0)) > 200.0, "{begin:?}");
    let [before, after] = [&known, &away].map(|habits| habits.nearest(place(600.0, 0.0)).unwrap().place);
    assert_eq!(before.days, after.days);
    assert!(
        (before.middle.0 - after.middle.0).abs() < 1e-5 && (before.middle.1 - after.middle.1).abs() < 1e-5
    );
    // Another night tells it anew, and the ground that was kept is the same ground.
    assert!(learn(&mut away, &day(0, &mut chance)));
    assert!(serde_json::to_value(&away).unwrap()["home"].is_array());
    assert!(away.nearest(place(600.0, 0.0)).unwrap().place.days > before.days);
    away.forget_near(place(0.0, 0.0), 5_000.0);
    assert!(serde_json::to_value(&away).unwrap()["origin"].is_null());
    habits.forget();
    assert_eq!((habits, false), (Habits::default(), known.places().count() == 0));
}

#[test]
fn ground_is_bounded_and_what_is_not_walked_again_goes() {
    let (mut habits, mut chance) = (Habits::default(), Chance(2));
    for number in 0..140_i32 {
        // Each day a long way in another direction.
        let angle = f64::from(number) * 0.7;
        let begin = f64::from(number) * DAY_S + 8.0 * HOUR_S;
        let fixes: Vec<Fix> = (0..200_u32)
            .map(|step| {
                let far_m = f64::from(step) * 30.0 + chance.normal() * 5.0;
                fix(
                    far_m * angle.cos(),
                    far_m * angle.sin(),
                    10.0,
                    Method::Gps,
                    begin + f64::from(step) * 60.0,
                )
            })
            .collect();
        assert!(learn(&mut habits, &fixes));
        assert!(habits.bytes() < 6_000, "{}", habits.bytes());
    }
}

#[test]
fn who_is_always_out_by_ten_and_is_not_today_is_told_of() {
    let habits = learned(30);
    let up_by = habits.up_by().unwrap();
    assert!((9 * 60..11 * 60).contains(&up_by), "{up_by}");
    assert_eq!(learned(27).up_by(), None);
    let told = |habits: Option<Habits>, moves: bool| {
        let mut watched = Watched::new(resident(&json!({"id": "r1", "policy": {"lives_alone": true}})));
        watched.resident.habits = habits.map(Arc::new);
        // Yesterday a way out; today none, and the handset goes on talking.
        let mut chance = Chance(4);
        for one in &day(-1, &mut chance) {
            watched.take(one);
        }
        for step in 0..240_u32 {
            let second = f64::from(step) * 180.0;
            let is_out = moves && second > 8.0 * HOUR_S;
            let east_m = if is_out { 600.0 } else { 0.0 } + chance.normal() * 4.0;
            watched.take(&fix(east_m, chance.normal() * 4.0, 10.0, Method::Gps, second));
            watched.until(time(second));
        }
        watched
    };
    let still = told(Some(habits.clone()), false);
    assert_eq!(still.count("body/not_up"), 1, "{:?}", still.rules());
    assert_eq!(told(Some(habits), true).count("body/not_up"), 0);
    assert_eq!(told(None, false).count("body/not_up"), 0);
}

#[test]
fn a_companion_is_near_by_what_both_handsets_say() {
    let own = fix(0.0, 0.0, 10.0, Method::Gps, 0.0);
    let cases = [
        ("beside", fix(20.0, 0.0, 10.0, Method::Gps, 30.0), true),
        ("far", fix(400.0, 0.0, 10.0, Method::Gps, 30.0), false),
        ("an hour ago", fix(0.0, 0.0, 10.0, Method::Gps, 3_600.0), false),
        ("by a cell", fix(0.0, 0.0, 900.0, Method::Cell, 30.0), false),
    ];
    for (name, other, is_near) in cases {
        let until: Option<Timestamp> = companion::near_until(&own, &other, 50.0);
        assert_eq!(until.is_some(), is_near, "{name}");
        assert!(until.is_none_or(|until| until > other.fix_time), "{name}");
    }
}

/// A recording of five weeks learns by itself; a companion's handset in it changes what is told.
#[test]
fn a_recording_learns_and_knows_who_is_together() {
    let told = |with_companion: bool| {
        let file: ResidentsFile = serde_json::from_value(json!({"residents": [{
            "id": "r1", "policy": {"dementia": true}, "handset": {"id": "h1"}, "companions": ["h2"]}]}))
        .unwrap();
        let (mut recording, problems) = Recording::new(&file);
        assert!(problems.is_empty());
        let (own, other) = (HandsetId::new("h1").unwrap(), HandsetId::new("h2").unwrap());
        let (mut chance, mut lines) = (Chance(6), Vec::new());
        for number in -i32::from(DAYS_LEAST)..1 {
            for one in day(number, &mut chance) {
                recording.take(&own, Event::Fixes(std::slice::from_ref(&one)), one.fix_time, &mut lines);
            }
        }
        assert!(lines.is_empty(), "{lines:?}");
        for minute in 0..40_u32 {
            let (second, west_m) =
                (DAY_S + 14.0 * HOUR_S + f64::from(minute) * 60.0, f64::from(minute * 20).min(700.0));
            for (handset, north_m) in [(&other, 15.0), (&own, 0.0)] {
                if with_companion || handset == &own {
                    let one = [fix(-west_m, north_m, 10.0, Method::Gps, second)];
                    recording.take(handset, Event::Fixes(&one), time(second), &mut lines);
                }
            }
        }
        lines.iter().filter(|line| line.evidence.rule == "wandering/unusual").count()
    };
    assert_eq!((told(false), told(true)), (1, 0));
}
