use crate::episodes::{stand, watched};
use geofence::Moment;
use geofence::schedule::Schedule;
use model::Timestamp;
use serde_json::{Value, json};

fn schedule(value: &Value) -> Schedule {
    serde_json::from_value(value.clone()).unwrap()
}

/// A moment on a clock in Suqian.
fn at(text: &str) -> Moment {
    format!("{text}:00+08:00").parse::<Timestamp>().unwrap().into()
}

#[test]
fn hours_by_weekday_over_midnight_and_with_exceptions() {
    let night = schedule(&json!([
        {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "from": "22:00", "to": "06:00"},
        {"date": "2026-12-31", "from": "22:00", "to": "02:00", "armed": false},
        {"date": "2027-02-06", "from": "00:00", "to": "24:00"},
    ]));
    let market = schedule(&json!([{"days": ["sat"], "from": "06:00", "to": "24:00"}]));
    for (schedule, moment, armed) in [
        (&night, "2026-11-23T21:59", false),
        (&night, "2026-11-23T22:00", true),
        (&night, "2026-11-24T05:59", true),
        (&night, "2026-11-24T06:00", false),
        // New Year's Eve, over the change of the year.
        (&night, "2026-12-31T23:00", false),
        (&night, "2027-01-01T01:59", false),
        (&night, "2027-01-01T02:00", true),
        (&night, "2027-02-06T12:00", true),
        (&market, "2026-11-28T23:59", true),
        (&market, "2026-11-29T00:00", false),
        (&market, "2026-11-27T12:00", false),
        (&Schedule::default(), "2026-11-27T12:00", true),
    ] {
        assert_eq!(schedule.is_armed(at(moment)), armed, "{moment}");
    }
}

#[test]
fn hours_that_are_taken_out_of_a_week_leave_the_rest_armed() {
    let all = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let free = json!({"days": all, "from": "06:00", "to": "07:00", "armed": false});
    let day = json!({"days": all, "from": "05:00", "to": "20:00"});
    let date = json!({"date": "2026-11-27", "from": "06:00", "to": "06:30"});
    for (entries, armed) in [
        (json!([free]), [true, false, true, true]),
        (json!([free, date]), [true, true, true, true]),
        (json!([free, day]), [true, false, true, false]),
    ] {
        let schedule = schedule(&entries);
        for (moment, armed) in ["05:59", "06:10", "07:00", "22:00"].into_iter().zip(armed) {
            assert_eq!(schedule.is_armed(at(&format!("2026-11-27T{moment}"))), armed, "{entries} {moment}");
        }
    }
    assert_eq!(schedule(&json!([free])).changes_after(at("2026-11-27T07:00")), at("2026-11-28T06:00"));
}

#[test]
fn the_next_change_is_found() {
    let night = schedule(&json!([{"days": ["mon", "fri"], "from": "22:00", "to": "06:00"}]));
    for (from, to) in [
        ("2026-11-23T12:00", "2026-11-23T22:00"),
        ("2026-11-23T22:00", "2026-11-24T06:00"),
        ("2026-11-24T06:00", "2026-11-27T22:00"),
    ] {
        assert_eq!(night.changes_after(at(from)), at(to), "{from}");
    }
    let once = schedule(&json!([{"date": "2028-02-29", "from": "10:00", "to": "11:00", "armed": false}]));
    assert_eq!(once.changes_after(at("2026-11-23T12:00")), at("2028-02-29T10:00"));
    assert_eq!(Schedule::default().changes_after(at("2026-11-23T12:00")), Moment::NEVER);
    // Two entries that touch are one.
    let whole = schedule(&json!([
        {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "from": "00:00", "to": "12:00"},
        {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "from": "12:00", "to": "24:00"},
    ]));
    assert_eq!(whole.changes_after(at("2026-11-23T12:00")), Moment::NEVER);
}

/// A curfew of every Thursday night is that of New Year's Eve, and goes on into the new year.
#[test]
fn weekly_hours_go_on_over_the_change_of_the_year() {
    let thursdays = schedule(&json!([{"days": ["thu"], "from": "22:00", "to": "06:00"}]));
    for (moment, armed) in [
        ("2026-12-31T21:59", false),
        ("2026-12-31T22:00", true),
        ("2026-12-31T23:59", true),
        ("2027-01-01T00:00", true),
        ("2027-01-01T05:59", true),
        ("2027-01-01T06:00", false),
        ("2027-01-01T22:00", false),
        ("2027-01-07T22:00", true),
    ] {
        assert_eq!(thursdays.is_armed(at(moment)), armed, "{moment}");
    }
    for (from, to) in [
        ("2026-12-31T12:00", "2026-12-31T22:00"),
        ("2026-12-31T23:59", "2027-01-01T06:00"),
        ("2027-01-01T06:00", "2027-01-07T22:00"),
    ] {
        assert_eq!(thursdays.changes_after(at(from)), at(to), "{from}");
    }
}

#[test]
fn an_hour_after_midnight_is_missed_over_the_change_of_the_year() {
    let fence = |schedule: &Value| {
        let entry = json!({"id": "f", "kind": "safe", "schedule": schedule, "home_by": ["00:30"],
            "shape": {"type": "Circle", "center": [118.27, 33.96], "radius_m": 200}});
        let entry: geofence::fence::FenceEntry = serde_json::from_value(entry).unwrap();
        geofence::fence::Fence::try_from(&entry).unwrap()
    };
    let (evening, hour, after) = (at("2026-12-31T22:00"), at("2027-01-01T00:30"), at("2027-01-01T01:00"));
    let always = fence(&json!([]));
    assert_eq!(always.hours_after(evening), hour);
    assert_eq!(always.home_between(evening, after), Some(hour));
    assert_eq!(always.home_between(evening, at("2026-12-31T23:59")), None);
    // Fireworks are watched together: taken out by the date that the night begins on, or by that of the hour.
    for free in [
        json!([{"date": "2026-12-31", "from": "20:00", "to": "02:00", "armed": false}]),
        json!([{"date": "2027-01-01", "from": "00:00", "to": "24:00", "armed": false}]),
    ] {
        assert_eq!(fence(&free).home_between(evening, after), None, "{free}");
    }
    // Through the whole engine: by day armed, out over New Year's Eve.
    let new_years_eve = 38 * 86_400;
    let days = json!([{"days": ["thu", "fri"], "from": "08:00", "to": "18:00"}]);
    let mut out = watched(&json!({"schedule": days, "home_by": ["00:30"]}));
    stand(&mut out, 0.0, new_years_eve + 20 * 3_600, new_years_eve + 22 * 3_600);
    stand(&mut out, 400.0, new_years_eve + 22 * 3_600, new_years_eve + 25 * 3_600);
    assert_eq!(out.rules(), ["fence/home_by"]);
    assert_eq!(Moment::from(out.told[0].at), hour);
}

#[test]
fn what_cannot_be_meant_is_refused() {
    for (entry, part) in [
        (json!({"days": ["mon"], "from": "25:00", "to": "06:00"}), "no time of day"),
        (json!({"days": ["mon"], "from": "12:60", "to": "06:00"}), "no time of day"),
        (json!({"days": ["mon"], "from": "noon", "to": "06:00"}), "no time of day"),
        (json!({"days": ["mon"], "from": "24:01", "to": "06:00"}), "no time of day"),
        (json!({"days": ["noday"], "from": "10:00", "to": "12:00"}), "no day"),
        (json!({"from": "10:00", "to": "12:00"}), "either days or a date"),
        (json!({"days": ["mon"], "from": "10:00", "to": "10:00"}), "is empty"),
        (json!({"date": "2026-02-30", "from": "10:00", "to": "12:00"}), "no date"),
    ] {
        let answer = serde_json::from_value::<Schedule>(json!([entry])).unwrap_err().to_string();
        assert!(answer.contains(part), "{entry}: {answer}");
    }
}

#[test]
fn a_fence_names_the_entry_that_is_wrong() {
    let answer = |schedule: serde_json::Value, home_by: serde_json::Value| {
        let entry = serde_json::json!({"id": "f", "kind": "safe", "schedule": schedule, "home_by": home_by,
            "shape": {"type": "Circle", "center": [118.27, 33.96], "radius_m": 200}});
        let entry: geofence::fence::FenceEntry = serde_json::from_value(entry).unwrap();
        let error = geofence::fence::Fence::try_from(&entry).unwrap_err();
        let source = std::error::Error::source(&error).map(ToString::to_string);
        format!("{error}: {}", source.unwrap_or_default())
    };
    let good = serde_json::json!({"days": ["mon"], "from": "22:00", "to": "06:00"});
    let none = || serde_json::json!([]);
    for (wrong, says) in [
        (serde_json::json!({"days": ["mon"], "from": "25:00", "to": "06:00"}), "\"25:00\" is no time of day"),
        (serde_json::json!({"days": ["someday"], "from": "22:00", "to": "06:00"}), "\"someday\" is no day"),
        (serde_json::json!({"date": "2026-02-30", "from": "22:00", "to": "06:00"}), "is no date"),
        (serde_json::json!({"from": "22:00", "to": "06:00"}), "names either days or a date"),
        (serde_json::json!({"days": ["mon"], "from": "22:00", "to": "22:00"}), "is empty"),
        (serde_json::json!({"days": ["mon"], "from": "22:00"}), "missing field `to`"),
    ] {
        let said = answer(serde_json::json!([good, wrong]), none());
        assert!(said.starts_with("schedule, entry 2, cannot be used") && said.contains(says), "{said}");
    }
    let said = answer(none(), serde_json::json!(["18:00", "six"]));
    assert!(said.contains("home_by, time 2, ") && said.contains("\"six\" is no time"), "{said}");
}
