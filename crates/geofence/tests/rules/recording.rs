use crate::common::{fix, place, time};
use geofence::replay::{Recording, ResidentsFile};
use geofence::shape::Datum;
use geofence::silence::Told;
use geofence::{Event, State};
use model::{HandsetId, Method::Gps};
use serde_json::{Value, json};

fn file() -> ResidentsFile {
    let home = place(0.0, 0.0);
    let circle = json!({"type": "Circle", "center": [home.lon(), home.lat()], "radius_m": 200});
    serde_json::from_value(json!({
        "residents": [
            {"id": "r1", "name": "王秀英", "policy": {"dementia": true, "lives_alone": true},
             "handset": {"id": "h1", "worn": "waist", "heartbeat_s": 300},
             "fences": [{"id": "home", "kind": "safe", "shape": circle,
                         "schedule": [{"days": ["mon", "tue"], "from": "00:00", "to": "24:00"}]},
                        {"id": "bad", "kind": "safe", "shape": {"type": "Circle", "center": [118.0, 33.9], "radius_m": 1}}]},
            {"id": "r2", "handset": {"id": "h1"}},
            {"id": "r3"},
        ],
        "zones": [{"id": "canal", "kind": "forbidden",
            "shape": {"type": "Polygon", "coordinates": [[[118.27, 33.96], [118.28, 33.96], [118.28, 33.97], [118.27, 33.96]]]}},
            {"id": "odd", "kind": "safe", "shape": circle}],
    }))
    .unwrap()
}

#[test]
fn what_cannot_be_used_is_named_and_the_rest_is_used() {
    let (recording, problems) = Recording::new(&file());
    let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(said, ["zone \"odd\"", "resident r1, fence \"bad\"", "handset h1 is bound to r1 and to r2"],);
    let source = std::error::Error::source(&problems[1]).and_then(std::error::Error::source).unwrap();
    assert!(source.to_string().contains("radius_m is 1"));
    let handset = HandsetId::new("h1").unwrap();
    assert_eq!(recording.resident(&handset).map(model::ResidentId::as_str), Some("r1"));
}

/// What is wrong with a file, with its reason.
fn said(file: &Value) -> Vec<String> {
    let file: ResidentsFile = serde_json::from_value(file.clone()).unwrap();
    let (_, problems) = Recording::new(&file);
    let words = |problem: &dyn std::error::Error| {
        let mut words = problem.to_string();
        let mut source = problem.source();
        while let Some(next) = source {
            words = format!("{words}: {next}");
            source = next.source();
        }
        words
    };
    problems.iter().map(|problem| words(problem)).collect()
}

fn home() -> Value {
    let home = place(0.0, 0.0);
    json!({"type": "Circle", "center": [home.lon(), home.lat()], "radius_m": 200})
}

#[test]
fn what_is_named_twice_is_watched_once() {
    let fence = |id: &str, kind: &str| json!({"id": id, "kind": kind, "shape": home()});
    let zone = json!({"id": "canal", "shape": home()});
    let file = json!({"zones": [zone, zone], "residents": [
        {"id": "r1", "handset": {"id": "h1"}, "fences": [fence("home", "safe"), fence("home", "forbidden")]},
        {"id": "r1", "handset": {"id": "h2"}},
    ]});
    assert_eq!(
        said(&file),
        [
            "there are two zones \"canal\"; the first is watched",
            "resident r1 has two fences \"home\"; the first is watched",
            "there are two residents r1; the first is watched",
        ]
    );
    let (recording, _) = Recording::new(&serde_json::from_value(file).unwrap());
    assert!(recording.resident(&HandsetId::new("h1").unwrap()).is_some());
    assert_eq!(recording.resident(&HandsetId::new("h2").unwrap()), None);
}

#[test]
fn a_slip_in_a_fence_or_a_zone_is_named() {
    let file = json!({
        "zones": [{"id": "canal", "shape": home(), "dwel_s": 5}],
        "residents": [{"id": "r1", "fences": [{"id": "home", "kind": "safe", "shape": home(), "homeby": ["18:00"]}]}],
    });
    assert_eq!(
        said(&file),
        ["zone \"canal\": there is no \"dwel_s\"", "resident r1, fence \"home\": there is no \"homeby\""]
    );
}

/// Home as a Chinese map draws it; half an hour at home with a fence about it.
fn drawn(shape: &Value, datum: &Value) -> (Vec<String>, Vec<Datum>, usize) {
    let fence = json!({"id": "home", "kind": "safe", "shape": shape, "datum": datum});
    let file = json!({"residents": [{"id": "r1", "handset": {"id": "h1"}, "fences": [fence]}]});
    let (mut recording, _) = Recording::new(&serde_json::from_value(file.clone()).unwrap());
    let mut told = Vec::new();
    for number in 0..15_u32 {
        let second = f64::from(number) * 120.0;
        let fixes = [fix(0.0, 0.0, 10.0, Gps, second)];
        recording.take(&HandsetId::new("h1").unwrap(), Event::Fixes(&fixes), time(second), &mut told);
    }
    (said(&file), recording.shifted().into_iter().map(|(_, _, datum)| datum).collect(), told.len())
}

#[test]
fn a_datum_is_converted_and_one_that_nobody_named_is_seen() {
    let circle = json!({"type": "Circle", "center": [118.281_206, 33.961_053], "radius_m": 200});
    let feature = |datum: &str| {
        json!({"type": "Feature", "properties": {"radius_m": 200, "datum": datum},
            "geometry": {"type": "Point", "coordinates": [118.281_206, 33.961_053]}})
    };
    let (nobody, said) = (Value::Null, json!("gcj02"));
    assert_eq!(drawn(&circle, &said), (vec![], vec![], 0));
    assert_eq!(drawn(&feature("GCJ-02"), &nobody), (vec![], vec![], 0));
    assert_eq!(drawn(&feature("GCJ-02"), &said), (vec![], vec![], 0));
    assert_eq!(drawn(&home(), &json!("wgs84")), (vec![], vec![], 0));
    // Half a kilometre beside where they are.
    assert_eq!(drawn(&circle, &nobody), (vec![], vec![Datum::Gcj02], 1));
    let mut of_two_minds = circle.clone();
    of_two_minds["datum"] = json!("WGS-84");
    for (shape, datum, words) in [
        (&of_two_minds, &said, "gcj02 beside a shape that says otherwise"),
        (&feature("BD-09"), &said, "gcj02 beside a shape that says otherwise"),
        (&feature("GCJ-02"), &json!("wgs84"), "wgs84 beside a shape that says otherwise"),
        (&circle, &json!("mars"), "this names \"mars\""),
    ] {
        let (problems, _, told) = drawn(shape, datum);
        assert!(problems.len() == 1 && problems[0].contains(words), "{problems:?}");
        assert_eq!(told, 0);
    }
}

#[test]
fn the_same_messages_give_the_same_lines_and_time_runs_on() {
    let run = || {
        let (mut recording, _) = Recording::new(&file());
        let handset = HandsetId::new("h1").unwrap();
        let mut lines = Vec::new();
        for number in 0..60_u32 {
            let second = f64::from(number) * 120.0;
            let east_m = if number < 30 { 0.0 } else { 500.0 };
            let fixes = [fix(east_m, 3.0, 10.0, Gps, second)];
            recording.take(&handset, Event::Fixes(&fixes), time(second), &mut lines);
        }
        recording.run_until(time(12_000.0), &mut lines);
        lines
    };
    let lines = run();
    assert_eq!(lines, run());
    let rules: Vec<_> = lines.iter().map(|line| line.evidence.rule.as_str()).collect();
    assert!(rules.contains(&"fence/exit") && rules.contains(&"silence/outside"), "{rules:?}");
    assert!(lines.windows(2).all(|two| two[0].at <= two[1].at));
    let mut ids: Vec<_> = lines.iter().map(|line| line.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), lines.len(), "every line has an id of its own");
}

#[test]
fn a_line_looks_as_the_interface_says() {
    let (mut recording, _) = Recording::new(&file());
    let handset = HandsetId::new("h1").unwrap();
    let mut lines = Vec::new();
    for number in 0..40_u32 {
        let second = f64::from(number) * 120.0;
        let fixes = [fix(if number < 30 { 0.0 } else { 500.0 }, 0.0, 10.0, Gps, second)];
        recording.take(&handset, Event::Fixes(&fixes), time(second), &mut lines);
    }
    let line = serde_json::to_value(&lines[0]).unwrap();
    assert_eq!(line["kind"], "fence_exit");
    assert_eq!(line["resident"], "r1");
    assert_eq!(line["fence"], "home");
    assert_eq!(line["raised"], true);
    assert_eq!(line["severity"], "urgent");
    assert_eq!(line["since"], "2026-11-22T17:00:00Z");
    assert_eq!(line["at"], "2026-11-22T17:02:00Z");
    assert!(line.get("zone").is_none() && line["evidence"]["fixes"].is_array());
}

#[test]
fn what_is_not_judged_is_counted_by_its_reason() {
    let (mut recording, _) = Recording::new(&file());
    let mut take = |handset: &str, fixes: &[model::Fix], second: f64| {
        let handset = HandsetId::new(handset).unwrap();
        recording.take(&handset, Event::Fixes(fixes), time(second), &mut Vec::new());
    };
    let gps = |second: f64| fix(0.0, 0.0, 10.0, Gps, second);
    take("h1", &[gps(60.0)], 60.0);
    take("h1", &[gps(60.0), gps(30.0)], 120.0);
    take("h1", &[fix(0.0, 0.0, 50_000.0, model::Method::Cell, 180.0)], 180.0);
    take("stranger", &[gps(200.0), gps(210.0)], 210.0);
    take("stranger", &[gps(220.0)], 220.0);
    take("quiet", &[], 230.0);
    let passed = recording.passed();
    let reasons: Vec<_> = passed.reasons.iter().map(|(reason, fixes)| (*reason, *fixes)).collect();
    assert_eq!(reasons, [("history", 2), ("uncarried", 3), ("vague", 1)]);
    assert_eq!(passed.total(), 6);
    assert!(passed.uncarried.iter().map(HandsetId::as_str).eq(["stranger"]));
}

/// What the lines of a record say: first one handset, then another, and something late of the first.
#[test]
fn another_handset_of_the_same_resident_is_another() {
    let (mut recording, _) = Recording::new(&file());
    let resident = recording.resident(&HandsetId::new("h1").unwrap()).unwrap().clone();
    let (old, new) = (HandsetId::new("h1").unwrap(), HandsetId::new("h9").unwrap());
    let low = Event::Status(Told { battery_pct: Some(15.0), ..Told::default() });
    let mut told = Vec::new();
    for (second, handset, count) in [(0.0, &old, 1), (60.0, &old, 1), (120.0, &new, 2), (180.0, &old, 2)] {
        recording.take_from(&resident, handset, low, time(second), &mut told);
        assert_eq!(told.len(), count, "{handset} at {second}");
    }
}

#[test]
fn a_state_can_be_written_down_between_any_two_events() {
    let mut plain = crate::common::Watched::new(crate::common::at_home(200.0, 0.0));
    let mut stored = crate::common::Watched::new(crate::common::at_home(200.0, 0.0));
    for number in 0..200_u32 {
        let east_m = if (60..120).contains(&number) { 700.0 } else { 0.0 };
        let one = fix(east_m, f64::from(number % 7), 10.0, Gps, f64::from(number) * 60.0);
        plain.take(&one);
        let text = serde_json::to_string(&stored.state).unwrap();
        stored.state = serde_json::from_str::<State>(&text).unwrap();
        stored.take(&one);
    }
    assert_eq!(plain.told, stored.told);
    assert!(plain.told.len() > 2);
    assert!(plain.state.bytes() <= 1_024, "{} bytes", plain.state.bytes());
}

/// A battery that is told of as low at once and stays so, with these absences: when it is told, and how often it was before.
fn low_with(absences: &serde_json::Value) -> Vec<(model::Timestamp, Option<u16>)> {
    let mut value = serde_json::to_value(file()).unwrap();
    value["residents"][0]["absences"] = absences.clone();
    let file: ResidentsFile = serde_json::from_value(value).unwrap();
    let (mut recording, _) = Recording::new(&file);
    let (handset, mut told) = (HandsetId::new("h1").unwrap(), Vec::new());
    let low = Event::Status(Told { battery_pct: Some(15.0), ..Told::default() });
    recording.take(&handset, low, time(100.0), &mut told);
    recording.run_until(time(5_000.0), &mut told);
    let of_battery = told.into_iter().filter(|signal| signal.evidence.rule == "battery/low");
    of_battery.map(|signal| (signal.at, signal.evidence.again)).collect()
}

#[test]
fn what_still_holds_at_the_end_of_an_absence_is_told_once_more() {
    let away = |from: f64, to: f64| json!({"from": time(from), "to": time(to)});
    let (first, again) = ((time(100.0), Some(0)), |second: f64| (time(second), Some(1)));
    assert_eq!(low_with(&json!([])), [first]);
    assert_eq!(low_with(&json!([away(0.0, 1_000.0)])), [first, again(1_000.0)]);
    assert_eq!(low_with(&json!([away(500.0, 3_000.0), away(0.0, 1_000.0)])), [first, again(3_000.0)]);
    assert_eq!(low_with(&json!([away(0.0, 1_000.0), away(50.0, 1_000.0)])), [first, again(1_000.0)]);
    assert_eq!(low_with(&json!([away(0.0, 50.0), away(200.0, 9_000.0)])), [first], "at home, or away still");
}

/// Out for two hours with these snoozes: what is told of the fence, by rule and second.
fn out_with(snoozes: &serde_json::Value, home_until: u32) -> Vec<(String, model::Timestamp)> {
    let mut value = serde_json::to_value(file()).unwrap();
    value["residents"][0]["snoozes"] = snoozes.clone();
    let file: ResidentsFile = serde_json::from_value(value).unwrap();
    let written: ResidentsFile = serde_json::from_str(&serde_json::to_string(&file).unwrap()).unwrap();
    assert_eq!(written, file);
    let (mut recording, _) = Recording::new(&file);
    let (handset, mut told) = (HandsetId::new("h1").unwrap(), Vec::new());
    for second in (3_600..10_800).step_by(120) {
        let fixes = [fix(if second < home_until { 0.0 } else { 400.0 }, 0.0, 10.0, Gps, f64::from(second))];
        recording.take(&handset, Event::Fixes(&fixes), time(f64::from(second)), &mut told);
    }
    let of_fence = told.into_iter().filter(|signal| signal.fence.is_some());
    of_fence.map(|signal| (signal.evidence.rule, signal.at)).collect()
}

#[test]
fn what_somebody_wanted_to_hear_nothing_of_is_not_repeated() {
    let snooze = |from: f64, until: f64| json!([{"fence": "home", "from": time(from), "until": time(until)}]);
    let rules =
        |told: &[(String, model::Timestamp)]| told.iter().map(|(rule, _)| rule.clone()).collect::<Vec<_>>();
    let out_from = 4_800;
    let plain = out_with(&json!([]), out_from);
    assert_eq!(
        rules(&plain),
        ["fence/exit", "fence/still_outside", "fence/still_outside", "fence/still_outside"]
    );
    let told_at = plain[0].1;
    let said = |second: f64, until: f64| out_with(&snooze(second, until), out_from);
    let later = said(5_400.0, 9_000.0);
    assert_eq!(rules(&later), ["fence/exit", "fence/still_outside"]);
    assert_eq!((later[0].1, later[1].1), (told_at, time(9_000.0)));
    // Said before it was told, and what is about another fence.
    assert_eq!(said(4_000.0, 9_000.0), plain);
    let other = json!([{"fence": "yard", "from": time(5_400.0), "until": time(9_000.0)}, {"zone": "canal", "from": time(5_400.0), "until": time(9_000.0)}]);
    assert_eq!(out_with(&other, out_from), plain);
    // What stood as the recording began is of whoever was out then.
    assert_eq!(said(1_000.0, 9_000.0), plain);
    let out_before = out_with(&snooze(1_000.0, 9_000.0), 0);
    assert_eq!(rules(&out_before), ["fence/exit", "fence/still_outside"]);
    assert_eq!(out_before[1].1, time(9_000.0));
}

/// Nothing but its silence could say so; whoever carries none, or nobody misses, is not missed.
#[test]
fn a_handset_that_never_speaks_is_missed_from_the_first_line_on() {
    let residents = json!({"residents": [
        {"id": "r1", "handset": {"id": "h1", "heartbeat_s": 300}},
        {"id": "r2", "handset": {"id": "h2", "heartbeat_s": 600}},
        {"id": "r3", "handset": {"id": "h2", "heartbeat_s": 300}},
        {"id": "r4", "handset": {"id": "h4"}},
        {"id": "r5"},
    ]});
    let (mut recording, _) = Recording::new(&serde_json::from_value(residents).unwrap());
    let (handset, mut lines) = (HandsetId::new("h1").unwrap(), Vec::new());
    for number in 0..20_u32 {
        recording.take(&handset, Event::Heard, time(f64::from(number) * 200.0), &mut lines);
    }
    let told: Vec<_> = lines.iter().map(|line| (line.resident.as_str(), line.at, line.since)).collect();
    assert_eq!(told, [("r2", time(1_800.0), time(0.0))]);
    assert_eq!(lines[0].evidence.rule, "silence/offline");
}
