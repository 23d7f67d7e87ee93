//! What stays of a track when its time is over: for each day how much of it there was and how far it went. Pure.
//!
//! No place can be found in it again. It tells for years whether somebody still goes out as before.

use super::{block::Row, hours::HOUR_US};
use model::{ResidentId, Wgs84};
use std::collections::BTreeMap;

const DAY_US: i64 = 24 * HOUR_US;
/// Days begin at midnight in China, which keeps one time all year.
const EAST_US: i64 = 8 * HOUR_US;

/// What is known of a resident's day, or of a part of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Day {
    pub(super) fixes: i64,
    pub(super) hours: i64,
    pub(super) moved_m: i64,
}

/// Days of residents, by the day's first moment.
pub(super) type Days = BTreeMap<(ResidentId, i64), Day>;

/// The first moment of the day that a moment is in.
pub(super) fn day_of(us: i64) -> i64 {
    us.saturating_sub(us.saturating_add(EAST_US).rem_euclid(DAY_US))
}

/// Adds an hour's rows, in order of time, to the day they are in.
pub(super) fn add(days: &mut Days, resident: ResidentId, hour_us: i64, rows: &[Row]) {
    let day = days.entry((resident, day_of(hour_us))).or_default();
    day.fixes = day.fixes.saturating_add(i64::try_from(rows.len()).unwrap_or(i64::MAX));
    day.hours = day.hours.saturating_add(1);
    day.moved_m = day.moved_m.saturating_add(whole(moved_m(rows)));
}

/// How far the rows went. A step counts once it is longer than both ends are uncertain, so that somebody who sits at
/// home does not walk a kilometre by the errors alone.
fn moved_m(rows: &[Row]) -> f64 {
    let mut moved = 0.0;
    let mut rows = rows.iter();
    let Some(mut here) = rows.next() else { return 0.0 };
    for there in rows {
        let step = distance_m(here, there);
        if step > here.accuracy_m + there.accuracy_m {
            moved += step;
            here = there;
        }
    }
    moved
}

/// Rows hold what was a position once.
fn distance_m(here: &Row, there: &Row) -> f64 {
    let place = |row: &Row| Wgs84::new(row.lat, row.lon).ok();
    place(here).zip(place(there)).map_or(0.0, |(here, there)| here.distance_m(there))
}

fn whole(metres: f64) -> i64 {
    // Nobody goes further than round the earth in an hour; what is no number is nothing.
    let metres = metres.round().clamp(0.0, 4e7);
    format!("{metres:.0}").parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(minute: i64, east_m: f64, accuracy_m: f64) -> Row {
        Row {
            number: minute,
            handset: 0,
            boot: None,
            seq: None,
            fix_us: minute * 60_000_000,
            received_us: minute * 60_000_000,
            told_us: None,
            lat: 33.96,
            lon: 118.28 + east_m / 92_230.0,
            accuracy_m,
            method: model::Method::Gps,
            speed_mps: None,
            bearing_deg: None,
            battery_pct: None,
        }
    }

    #[test]
    fn a_day_begins_at_midnight_in_china() {
        let midnight = "2026-11-23T16:00:00Z".parse::<model::Timestamp>().expect("a time").as_microsecond();
        assert_eq!(day_of(midnight), midnight);
        assert_eq!(day_of(midnight - 1), midnight - DAY_US);
        assert_eq!(day_of(midnight + DAY_US - 1), midnight);
        assert_eq!(day_of(-EAST_US - 1), -EAST_US - DAY_US, "before 1970");
    }

    #[test]
    fn who_sits_at_home_goes_nowhere_and_who_walks_does() {
        let resident = ResidentId::new("r1").expect("an id");
        let mut days = Days::new();
        let jitter: Vec<Row> =
            (0..60).map(|minute| row(minute, if minute % 2 == 0 { 0.0 } else { 30.0 }, 18.0)).collect();
        add(&mut days, resident.clone(), 0, &jitter);
        let walk: Vec<Row> = (0..=10)
            .map(|minute| row(minute, 60.0 * f64::from(u32::try_from(minute).unwrap_or(0)), 18.0))
            .collect();
        add(&mut days, resident.clone(), HOUR_US, &walk);
        let day = days[&(resident, day_of(0))];
        assert_eq!((day.fixes, day.hours), (71, 2));
        assert!((590..=610).contains(&day.moved_m), "{day:?}");
    }

    #[test]
    fn nonsense_gives_no_nonsense() {
        assert_eq!([whole(f64::NAN), whole(f64::INFINITY), whole(-3.0)], [0, 40_000_000, 0]);
        assert_eq!(moved_m(&[]).to_bits(), 0.0f64.to_bits());
    }
}
