//! A day without movement beside the rests that are usual: it is told by its end, unless such days are a custom.

use crate::common::{Watched, time};
use crate::handset::{HOUR, live, still, watched};
use geofence::Event;
use geofence::silence::body::Outlook;

/// Out in these hours on these days.
fn days(watched: &mut Watched, days: std::ops::Range<u32>, out: &[u32]) {
    days.for_each(|day| live(watched, day, out, |_| true));
}

fn outlook(watched: &Watched) -> Outlook {
    watched.state.outlook(&watched.world.rules)
}

#[test]
fn who_rests_from_the_market_on_is_missed_on_a_day_without_it() {
    let mut watched = watched();
    assert_eq!(outlook(&watched), Outlook::Learning);
    days(&mut watched, 0..12, &[8]);
    assert_eq!((still(&watched), outlook(&watched)), (vec![], Outlook::Told), "twelve hours are usual");
    days(&mut watched, 12..14, &[]);
    assert_eq!(still(&watched), [(12, 21, Some(0)), (13, 21, Some(1))]);
}

#[test]
fn one_quiet_day_does_not_end_the_watch() {
    let mut watched = watched();
    days(&mut watched, 0..9, &[8]);
    days(&mut watched, 9..10, &[]);
    days(&mut watched, 10..13, &[8]);
    assert_eq!(outlook(&watched), Outlook::Told);
    days(&mut watched, 13..14, &[]);
    assert_eq!(still(&watched), [(9, 21, Some(0)), (13, 21, Some(0))]);
}

#[test]
fn a_day_at_home_now_and_then_is_usual_once_it_was_told_twice() {
    let mut watched = watched();
    days(&mut watched, 0..12, &[8]);
    for day in 12..40 {
        live(&mut watched, day, if day % 3 == 0 { &[] } else { &[8] }, |_| true);
    }
    assert_eq!(still(&watched), [(12, 21, Some(0)), (15, 21, Some(0))]);
    assert_eq!(outlook(&watched), Outlook::Usual);
}

#[test]
fn who_stays_at_home_each_day_is_not_told_of_each_evening() {
    let mut watched = watched();
    days(&mut watched, 0..1, &[8]);
    days(&mut watched, 1..20, &[]);
    assert_eq!((still(&watched), outlook(&watched)), (vec![], Outlook::Usual));
}

/// Heard and not seen.
fn hears(watched: &mut Watched, day: u32, minutes: std::ops::Range<u32>) {
    for minute in minutes.step_by(4) {
        let second = f64::from(day * 24 * HOUR + minute) * 60.0;
        watched.until(time(second));
        watched.event(Event::Heard, time(second));
    }
}

/// Where none of its last hours is known the day's end is told by the first fix after it, and not if that shows them elsewhere.
#[test]
fn a_day_that_ends_with_a_way_out_is_no_day_without_movement() {
    let at_home: &[u32] = &[];
    for (out, told) in [(at_home, vec![(12, 22, Some(0))]), (&[22, 23], vec![])] {
        let mut watched = watched();
        days(&mut watched, 0..12, &[8]);
        live(&mut watched, 12, out, |minute| minute < 18 * HOUR);
        hears(&mut watched, 12, 18 * HOUR..22 * HOUR);
        assert_eq!(still(&watched), []);
        live(&mut watched, 12, out, |minute| minute >= 22 * HOUR + 8);
        assert_eq!(still(&watched), told);
    }
}

/// A handset that takes a fix each four hours takes the next at midnight.
#[test]
fn a_fix_of_the_last_hours_shows_a_whole_day() {
    let mut watched = watched();
    days(&mut watched, 0..12, &[8]);
    for day in 12..14 {
        for hour in (0..24).step_by(4) {
            live(&mut watched, day, &[], |minute| minute == hour * HOUR);
            hears(&mut watched, day, hour * HOUR + 4..(hour + 4) * HOUR);
        }
    }
    assert_eq!(still(&watched), [(12, 21, Some(0)), (13, 21, Some(1))]);
}

#[test]
fn days_that_should_have_been_told_and_were_not_are_no_custom() {
    let mut watched = watched();
    days(&mut watched, 0..12, &[8]);
    for day in 12..14 {
        live(&mut watched, day, &[], |minute| minute < 10 * HOUR);
        hears(&mut watched, day, 10 * HOUR..24 * HOUR);
    }
    live(&mut watched, 14, &[], |minute| minute < 20 * HOUR);
    assert_eq!((still(&watched), outlook(&watched)), (vec![], Outlook::Told));
    live(&mut watched, 14, &[], |minute| minute >= 20 * HOUR);
    assert_eq!(still(&watched), [(14, 21, Some(0))]);
}

#[test]
fn a_week_at_home_is_told_of_two_evenings_and_is_a_custom_for_two_weeks() {
    let mut watched = watched();
    days(&mut watched, 0..12, &[8]);
    days(&mut watched, 12..19, &[]);
    let week = vec![(12, 21, Some(0)), (13, 21, Some(1))];
    assert_eq!((still(&watched), outlook(&watched)), (week.clone(), Outlook::Usual));
    days(&mut watched, 19..34, &[8]);
    assert_eq!(still(&watched), week);
    days(&mut watched, 34..35, &[]);
    assert_eq!(still(&watched).last(), Some(&(34, 21, Some(0))));
}
