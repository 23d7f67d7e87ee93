use crate::common::{Watched, fix, resident, time};
use geofence::Event;
use model::Method::Gps;
use serde_json::json;

const HOUR_S: f64 = 3_600.0;

/// At home for half an hour before that hour of the day, then straight away from it for as long, a fix every half minute.
fn walks_away(policy: &serde_json::Value, hour: f64, in_company: bool) -> Watched {
    let mut watched = Watched::new(resident(&json!({"id": "r1", "policy": policy})));
    if in_company {
        watched.event(Event::Companion { until: time(48.0 * HOUR_S) }, time(hour * HOUR_S - 1_900.0));
    }
    for number in 0..120_u32 {
        let east_m = (f64::from(number) - 60.0).max(0.0) * 27.0;
        let second = hour * HOUR_S - 1_800.0 + f64::from(number) * 30.0;
        watched.until(time(second));
        watched.take(&fix(east_m, 0.0, 8.0, Gps, second));
    }
    watched
}

#[test]
fn who_may_lose_the_way_and_leaves_by_night_is_told_once() {
    let dementia = json!({"dementia": true, "zones": false, "habits": false});
    let watched = walks_away(&dementia, 23.0, false);
    assert_eq!(watched.rules(), ["wandering/night"]);
    let told = &watched.told[0];
    assert!(told.at > time(23.0 * HOUR_S) && told.at < time(23.3 * HOUR_S), "{}", told.at);
    assert!(told.evidence.why.contains("夜间外出：离开起点"), "{}", told.evidence.why);
    // Also after midnight.
    assert_eq!(walks_away(&dementia, 26.0, false).rules(), ["wandering/night"]);
}

#[test]
fn by_day_in_company_and_without_dementia_a_walk_is_a_walk() {
    let dementia = json!({"dementia": true, "zones": false, "habits": false});
    for (policy, hour, in_company) in [
        (&dementia, 10.0, false),
        (&dementia, 23.0, true),
        (&json!({}), 23.0, false),
        (&json!({"dementia": true, "zones": false, "habits": false, "wandering": false}), 23.0, false),
    ] {
        let watched = walks_away(policy, hour, in_company);
        assert_eq!(watched.told, vec![], "{policy}, {hour} h, company {in_company}");
    }
}
