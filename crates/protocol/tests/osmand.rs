//! Reports as phones send them.

use model::{Fix, HandsetId, Method};
use protocol::{Reading, Report, decode_osmand, split_osmand};

const NOW: &str = "2026-11-23T08:15:30Z";
const PHONE: &str = "lat=33.9624&lon=118.2757&timestamp=1795421704";

fn at(payload: &str, received_at: &str) -> (Report, Vec<String>) {
    let decoded = decode_osmand(payload.as_bytes(), received_at.parse().expect("a time"));
    (decoded.message, decoded.defects.iter().map(ToString::to_string).collect())
}

fn decode(payload: &str) -> (Report, Vec<String>) {
    at(payload, NOW)
}

fn fix(payload: &str) -> Fix {
    let (mut report, defects) = decode(payload);
    assert_eq!((report.fixes.len(), defects), (1, vec![]), "{payload}");
    report.fixes.remove(0)
}

fn identity(payload: &str, received_at: &str) -> Option<String> {
    let (report, _) = at(payload, received_at);
    assert_eq!(report.presses.len(), 1, "{payload}");
    report.presses[0].identity(&HandsetId::new("h").expect("an id"))
}

#[test]
fn a_form_is_read_whole_with_its_knots() {
    let (report, defects) = decode(&format!(
        "{PHONE}&speed=10&heading=271.5&accuracy=12&altitude=224.0&batt=79.5&charge=true&hdop=6.0"
    ));
    assert_eq!(defects, Vec::<String>::new());
    let fix = &report.fixes[0];
    assert_eq!(fix.fix_time, "2026-11-23T08:15:04Z".parse().unwrap());
    assert_eq!((fix.accuracy_m, fix.method, fix.bearing_deg), (12.0, Method::Gps, Some(271.5)));
    assert!((fix.speed_mps.unwrap() - 5.144_444).abs() < 1e-5, "ten knots");
    assert_eq!(
        (fix.battery_pct, report.status.battery_pct, report.status.charging),
        (Some(79.5), Some(79.5), Some(true))
    );
    assert!(report.presses.is_empty() && !report.says_more);
}

/// The fixtures of the protocol's own server are from before any phone of ours, but for their dates they are read.
#[test]
fn the_known_fixtures_are_read_and_only_their_dates_refused() {
    for (fixture, dated, today) in [
        (
            "id=902064&lat=42.06288&lon=-88.23412&timestamp=2016-01-27T18%3A55%3A47Z&hdop=6.0&altitude=224.0&speed=0.0",
            "2016-01-27",
            "2026-11-22",
        ),
        (
            "id=902064&lat=42.06288&lon=-88.23412&timestamp=1442068686579&speed=0.0",
            "1442068686579",
            "1795421704000",
        ),
        ("id=123456&timestamp=1377177267&location=60.0,30.0", "1377177267", "1795421704"),
        ("id=123456&timestamp=1377177267&location=60.0%2C30.0", "1377177267", "1795421704"),
    ] {
        let (_, rest) = split_osmand(fixture.as_bytes());
        let rest = String::from_utf8(rest).unwrap();
        let (old, defects) = decode(&rest);
        assert!(
            old.fixes.is_empty() && defects.len() == 1 && defects[0].ends_with("is before 2020"),
            "{defects:?}"
        );
        let new = fix(&rest.replace(dated, today));
        assert!(new.boot.is_some() && new.seq.is_some(), "{rest}");
    }
    let zoneless = "lat=49.60688&lon=6.15788&timestamp=2014-06-04+09%3A10%3A11&altitude=384.7&speed=0.0";
    let (report, defects) = decode(&zoneless.replace("2014-06-04", "2026-11-22"));
    assert_eq!(report.fixes[0].fix_time, "2026-11-22T09:10:11Z".parse().unwrap());
    assert_eq!(defects, ["timestamp: 2026-11-22 09:10:11 names no zone; it is taken as UTC"]);
    let cells = "timestamp=1795421704&cell=257,02,16,2224&cell=257,02,16,2223,-90&wifi=00-14-22-01-23-45,-80";
    let (report, defects) = decode(cells);
    assert_eq!((report.fixes.len(), report.says_more, defects), (0, true, vec![]));
    assert_eq!(split_osmand(b"timestamp=1377177267&lat=60.0&lon=30.0").0, None);
}

#[test]
fn what_a_phone_does_not_know_is_no_fault() {
    for rest in
        ["", "&accuracy=0", "&accuracy=0.0&speed=-1&bearing=-1&batt=-1", "&valid=true&mock=false&x=y&=&&a"]
    {
        let fix = fix(&format!("{PHONE}{rest}"));
        assert_eq!(
            (fix.accuracy_m, fix.speed_mps, fix.bearing_deg, fix.battery_pct),
            (30.0, None, None, None),
            "{rest}"
        );
    }
    let (report, defects) = decode("lat=33.9624&lon=118.2757");
    assert_eq!((report.fixes[0].fix_time, defects), (NOW.parse().unwrap(), vec![]));
    assert_eq!(
        (&report.fixes[0].boot, report.fixes[0].seq),
        (&None, None),
        "without a time it is never a repeat"
    );
}

/// OsmAnd's own address has metres there, other apps the dilution of their receiver: a fix is never better than the worse of both.
#[test]
fn a_dilution_is_read_where_no_accuracy_is_said() {
    for (rest, method, accuracy_m) in [
        ("&hdop=0.8", Method::Gps, 30.0),
        ("&hdop=6.0", Method::Gps, 30.0),
        ("&hdop=12.5", Method::Gps, 62.5),
        ("&hdop=99.99", Method::Gps, 499.95),
        ("&hdop=300", Method::Cell, 1_500.0),
        ("&hdop=0.0", Method::Gps, 30.0),
        ("&hdop=", Method::Gps, 30.0),
        ("&accuracy=0.0&hdop=12", Method::Gps, 60.0),
        ("&accuracy=8&hdop=12", Method::Gps, 8.0),
        ("&accuracy=150&hdop=1", Method::Cell, 150.0),
    ] {
        let fix = fix(&format!("{PHONE}{rest}"));
        assert_eq!(fix.method, method, "{rest}");
        assert!((fix.accuracy_m - accuracy_m).abs() < 1e-9, "{rest}: {}", fix.accuracy_m);
    }
    let (report, defects) = decode(&format!("{PHONE}&hdop=1e6"));
    assert_eq!((report.fixes[0].accuracy_m, report.fixes[0].method), (100_000.0, Method::Cell));
    assert_eq!(defects, ["hdop: 1000000 is taken as 100000"]);
}

#[test]
fn a_position_that_would_lie_is_refused() {
    for (rest, defect) in [
        ("lat=99&lon=118&timestamp=1795421704", "lat: latitude 99 is outside -90..90"),
        ("lat=33&lon=NaN&timestamp=1795421704", r#"lon: "NaN" is not a finite number"#),
        (
            "lat=0.0&lon=0&timestamp=1795421704",
            "payload: 0/0 is what a handset without a fix sends, not a place",
        ),
        ("lat=33&timestamp=1795421704", "lon: is missing"),
        ("lat=33&lon=118&timestamp=0", "timestamp: 1970-01-01T00:00:00Z is before 2020"),
        (
            "lat=33&lon=118&timestamp=4070908800",
            "timestamp: 2099-01-01T00:00:00Z is more than two years ahead",
        ),
        ("lat=33&lon=118&timestamp=soon", r#"timestamp: "soon" is not a time"#),
        ("location=here&timestamp=1795421704", "location: is not lat,lon"),
        ("lat=33&lon=118&mock=true", "mock: the position is made up by another app"),
    ] {
        let (report, defects) = decode(rest);
        assert_eq!((report.fixes, defects), (vec![], vec![defect.to_owned()]));
    }
    let (report, defects) = decode(&format!("{PHONE}&valid=0"));
    assert_eq!((report.fixes.len(), report.says_more, defects), (0, true, vec![]));
}

#[test]
fn a_fix_is_the_same_by_time_and_position() {
    let number = |payload: &str| (fix(payload).boot, fix(payload).seq);
    let first = number(PHONE);
    assert_eq!(number("timestamp=1795421704000&lon=118.27570&lat=33.9624&batt=12"), first);
    for other in
        [PHONE.replace("33.9624", "33.9625"), PHONE.replace("704", "705"), PHONE.replace("704", "704001")]
    {
        assert_ne!(number(&other), first, "{other}");
    }
}

#[test]
fn json_is_read_whole_with_its_metres_a_second() {
    let payload = r#"{"location":{"timestamp":"2026-11-23T08:15:04.000Z","coords":{"latitude":33.9624,"longitude":118.2757,
        "accuracy":8.5,"speed":18.67,"heading":-1,"altitude":20.1},"is_moving":true,"odometer":12,"mock":false,
        "activity":{"type":"in_vehicle","confidence":100},"battery":{"level":0.79,"is_charging":false},"extras":{},
        "uuid":"x","age":3}}"#;
    let (report, defects) = decode(payload);
    assert_eq!(defects, Vec::<String>::new());
    let fix = &report.fixes[0];
    assert_eq!((fix.speed_mps, fix.bearing_deg, fix.accuracy_m), (Some(18.67), None, 8.5));
    assert!((fix.battery_pct.unwrap() - 79.0).abs() < 1e-9);
    assert_eq!((report.status.charging, report.says_more), (Some(false), false));
    let two = r#"{"location":[{"timestamp":1795421704,"coords":{"latitude":33.1,"longitude":118.1}},7,
        {"timestamp":1795421705,"coords":{"latitude":33.2,"longitude":118.2},"event":"motionchange"}]}"#;
    let (report, defects) = decode(two);
    assert_eq!((report.fixes.len(), report.says_more), (2, true));
    assert_eq!(defects, ["location[1]: is not a location"]);
    let (report, defects) = decode(r#"{"location":{"timestamp":1795421704,"event":"heartbeat"}}"#);
    assert_eq!((report.fixes.len(), report.says_more, defects), (0, true, vec![]));
}

#[test]
fn sos_is_a_press_whatever_else_can_be_read() {
    let (report, defects) = decode(&format!("{PHONE}&alarm=sos&batt=40"));
    let press = &report.presses[0];
    assert_eq!((press.pressed_at, press.cancel), (Some("2026-11-23T08:15:04Z".parse().unwrap()), false));
    assert_eq!(press.press_id.as_deref(), Some("sos-2026-11-23T08:15:04Z"));
    assert_eq!((press.reading, press.battery_pct, defects), (Reading::Whole, Some(40.0), vec![]));
    assert_eq!(press.fix.as_ref(), report.fixes.first());
    for payload in [
        "alarm=sos",
        "alarm=SOS",
        "alarm=lowBattery&alarm=sos",
        "alarm=lowBattery,sos&lat=99&lon=1",
        "%61larm=s%6Fs&timestamp=soon",
        "alarm=sos&lat=33&lon=118&timestamp=0",
        "alarm=sos&mock=true&lat=1&lon=2",
        r#"{"alarm":"sos"}"#,
        r#"{"location":{"alarm":"sos"}}"#,
        r#"{"location":{"alarm":"powerOff","extras":{"alarm":"sos"}}}"#,
        r#"{"alarm":["sos"],"location":[{"coords":{}},{"coords":{}}]}"#,
        r#"{"location":{"coords":{"latitude":nan},"alarm":"sos","ti"#,
        r#"{"location":{{{"alarm" "sos""#,
        r#"["sos"]"#,
    ] {
        let (report, _) = decode(payload);
        assert_eq!(report.presses.len(), 1, "{payload}");
    }
    for payload in ["alarm=lowBattery", "event=sos", "alarm=sosnowiec", r#"{"location":{"event":"sos"}}"#, ""]
    {
        assert!(decode(payload).0.presses.is_empty(), "{payload}");
    }
    let (report, _) = decode("alarm=sos&lat=33&lon=118&timestamp=0");
    assert_eq!(report.fixes[0].fix_time, NOW.parse().unwrap(), "a wrong date costs nobody the position");
}

#[test]
fn a_press_is_a_repeat_only_while_it_is_fresh_and_all_of_it_is_equal() {
    let press = format!("{PHONE}&batt=40&alarm=sos");
    let first = identity(&press, NOW);
    assert!(first.is_some());
    assert_eq!(identity(&press, "2026-11-23T08:16:00Z"), first);
    for other in [
        press.replace("batt=40", "batt=39"),
        press.replace("704", "705"),
        press.replace("33.9624", "33.9625"),
    ] {
        assert!(identity(&other, NOW).is_some_and(|other| Some(other) != first), "{other}");
    }
    // Half an hour in the same chair, and the phone still dates by the same position: two presses.
    assert_eq!(identity(&press, "2026-11-23T08:45:00Z"), None);
    for nameless in
        ["alarm=sos", "alarm=sos&timestamp=soon", "alarm=sos&timestamp=0", r#"{"alarm":"sos","loc"#]
    {
        assert_eq!(identity(nameless, NOW), None, "{nameless}");
    }
}
