//! The app's messages, as its documentation and its phones write them.

use model::Method;
use protocol::{
    Location, NONCE_BYTES, OwnTracks, Passphrase, PhoneName, Status, decode_owntracks, told_topic,
};

const NOW: &str = "2026-11-23T08:20:00Z";

fn decode(payload: &str) -> (OwnTracks, Vec<String>) {
    let name = PhoneName::new("demo", "phone").expect("a name");
    let decoded = decode_owntracks(&name, payload.as_bytes(), NOW.parse().expect("a time"));
    (decoded.message, decoded.defects.iter().map(ToString::to_string).collect())
}

fn location(payload: &str) -> (Location, Vec<String>) {
    match decode(payload) {
        (OwnTracks::Location(location), defects) => (location, defects),
        other => unreachable!("{payload} is {other:?}"),
    }
}

fn with(rest: &str) -> (Location, Vec<String>) {
    location(&format!(r#"{{"_type":"location","lat":33.9624,"lon":118.2757,"tst":1795421704{rest}}}"#))
}

#[test]
fn a_location_is_read_whole() {
    let (read, defects) = location(
        r#"{"_type":"location","acc":15,"alt":440,"batt":46,"bs":2,"cog":271,"conn":"w","created_at":1795421710,
            "inregions":["home"],"lat":46.0681247,"lon":11.1512805,"m":1,"t":"u","tid":"5t","tst":1795421704,
            "vac":2,"vel":18,"_id":"a1","p":98.7}"#,
    );
    assert_eq!(defects, Vec::<String>::new());
    let fix = read.fix.unwrap();
    assert_eq!(fix.fix_time, "2026-11-23T08:15:04Z".parse().unwrap());
    assert!(
        (fix.position.lat() - 46.068_124_7).abs() < 1e-9 && (fix.position.lon() - 11.151_280_5).abs() < 1e-9
    );
    assert_eq!((fix.accuracy_m, fix.method, fix.bearing_deg), (15.0, Method::Gps, Some(271.0)));
    assert_eq!((fix.speed_mps, fix.battery_pct), (Some(5.0), Some(46.0)), "18 km/h are 5 m/s");
    assert_eq!((read.charging, read.trigger.as_deref()), (Some(true), Some("u")));
}

/// The examples of the app's documentation are from before any phone of ours.
#[test]
fn the_documented_examples_are_read_and_only_their_dates_refused() {
    for (example, dated, accuracy_m) in [
        (
            r#"{"_type":"location","acc":15,"alt":440,"batt":46,"conn":"w","lat":46.0681247,"lon":11.1512805,"t":"u","tid":"5t","tst":1551874878,"vac":2,"vel":0}"#,
            "1551874878",
            15.0,
        ),
        (r#"{"_type":"location","lat":48.85,"lon":2.295,"tid":"JJ","tst":1497476456}"#, "1497476456", 30.0),
    ] {
        let (old, defects) = location(example);
        assert!(
            old.fix.is_none() && defects.len() == 1 && defects[0].ends_with("is before 2020"),
            "{defects:?}"
        );
        let (new, defects) = location(&example.replace(dated, "1795421704"));
        assert_eq!((new.fix.map(|fix| fix.accuracy_m), defects), (Some(accuracy_m), vec![]));
    }
}

#[test]
fn values_vary_as_phones_do() {
    for (rest, accuracy_m, method) in [
        ("", 30.0, Method::Gps),
        (r#","acc":0"#, 30.0, Method::Gps),
        (r#","acc":"0""#, 30.0, Method::Gps),
        (r#","acc":"12""#, 12.0, Method::Gps),
        (r#","acc":100"#, 100.0, Method::Gps),
        (r#","acc":1400"#, 1400.0, Method::Cell),
        (r#","vel":-1,"cog":-1,"batt":-100"#, 30.0, Method::Gps),
        (r#","vel":"-1","bs":0,"t":null,"new":[{}]"#, 30.0, Method::Gps),
    ] {
        let (read, defects) = with(rest);
        let fix = read.fix.unwrap();
        assert_eq!((fix.accuracy_m, fix.method, defects), (accuracy_m, method, vec![]), "{rest}");
        assert_eq!(
            (fix.speed_mps, fix.bearing_deg, fix.battery_pct, read.charging),
            (None, None, None, None)
        );
    }
    for (rest, charging) in [(r#","bs":1"#, Some(false)), (r#","bs":"3""#, Some(true)), (r#","bs":9"#, None)]
    {
        assert_eq!(with(rest).0.charging, charging, "{rest}");
    }
    let quoted = r#"{"_type":"location","lat":"33.9624","lon":"118.2757","tst":"1795421704","acc":"18"}"#;
    let (read, defects) = location(quoted);
    assert_eq!((read.fix.map(|fix| fix.accuracy_m), defects), (Some(18.0), vec![]));
}

#[test]
fn a_side_value_that_lies_is_left_out_and_the_fix_stays() {
    for rest in
        [r#","acc":-5"#, r#","acc":1e7"#, r#","vel":9000"#, r#","cog":361"#, r#","batt":101"#, r#","bs":"x""#]
    {
        let (read, defects) = with(rest);
        assert_eq!((read.fix.is_some(), defects.len()), (true, 1), "{rest} {defects:?}");
    }
}

#[test]
fn a_location_that_would_lie_is_refused() {
    for (members, defect) in [
        (r#""lat":99,"lon":118,"tst":1795421704"#, "lat: latitude 99 is outside -90..90"),
        (r#""lat":33,"lon":181,"tst":1795421704"#, "lon: longitude 181 is outside -180..180"),
        (r#""lat":"NaN","lon":118,"tst":1795421704"#, r#"lat: "NaN" is not a finite number"#),
        (
            r#""lat":0,"lon":0,"tst":1795421704"#,
            "payload: 0/0 is what a handset without a fix sends, not a place",
        ),
        (r#""lon":118,"tst":1795421704"#, "lat: is missing"),
        (r#""lat":33,"lon":118,"tst":0"#, "tst: 1970-01-01T00:00:00Z is before 2020"),
        (r#""lat":33,"lon":118,"tst":4070908800"#, "tst: 2099-01-01T00:00:00Z is more than two years ahead"),
        (r#""lat":33,"lon":118,"tst":"soon""#, r#"tst: "soon" is not a time"#),
    ] {
        let (read, defects) = location(&format!(r#"{{"_type":"location",{members}}}"#));
        assert_eq!((read.fix, defects), (None, vec![defect.to_owned()]));
    }
    let (read, defects) = location(r#"{"_type":"location","lat":NaN,"lon":118,"tst":1795421704}"#);
    assert!(read.fix.is_none() && !defects.is_empty());
}

#[test]
fn without_a_time_a_position_is_now_and_never_a_repeat() {
    let (read, defects) = location(r#"{"_type":"location","lat":33.9624,"lon":118.2757}"#);
    let fix = read.fix.unwrap();
    assert_eq!(defects, ["tst: is missing; the time of arrival is used"]);
    assert_eq!((fix.fix_time, fix.boot, fix.seq), (NOW.parse().unwrap(), None, None));
}

#[test]
fn a_fix_is_the_same_by_phone_and_payload() {
    let payload = br#"{"_type":"location","lat":33.9624,"lon":118.2757,"tst":1795421704}"#;
    let other = br#"{"_type":"location","lat":33.9624,"lon":118.2758,"tst":1795421704}"#;
    let read = |user: &str, device: &str, payload: &[u8], received_at: &str| {
        let name = PhoneName::new(user, device).unwrap();
        match decode_owntracks(&name, payload, received_at.parse().unwrap()).message {
            OwnTracks::Location(Location { fix: Some(fix), .. }) => (fix.boot.unwrap(), fix.seq.unwrap()),
            other => unreachable!("{other:?}"),
        }
    };
    let first = read("demo", "phone", payload, NOW);
    assert_eq!(read("demo", "phone", payload, "2026-11-24T00:00:00Z"), first, "whenever it comes");
    for (user, device, payload) in [
        ("demo", "phone", &other[..]),
        ("demo", "other", payload),
        ("demop", "hone", payload),
        ("dem", "ophone", payload),
    ] {
        assert_ne!(read(user, device, payload, NOW), first, "{user} {device}");
    }
}

#[test]
fn what_is_cut_off_keeps_what_stood_there_with_the_widest_circle() {
    let (read, defects) =
        location(r#"{"_type":"location","lat":33.9624,"lon":118.2757,"tst":1795421704,"ac"#);
    let fix = read.fix.unwrap();
    assert_eq!((fix.accuracy_m, fix.method, defects.len()), (1500.0, Method::Cell, 1));
}

#[test]
fn a_transition_is_kept_also_without_the_accuracy_it_should_have() {
    let (read, defects) = decode(
        r#"{"_type":"transition","desc":"My favorite coffee shop (Delaville)","event":"enter","lat":48.87069,
            "lon":2.34916,"rid":"f7676c","tid":"j1","tst":1707057574,"wtst":1610104395}"#,
    );
    assert_eq!(defects, Vec::<String>::new());
    let OwnTracks::Transition(transition) = read else { unreachable!("{read:?}") };
    assert_eq!((transition.entered, transition.region_id.as_deref()), (true, Some("f7676c")));
    assert!(transition.position.is_some() && transition.accuracy_m.is_none());
    assert_eq!(transition.at, Some("2024-02-04T14:39:34Z".parse().unwrap()));
    let (read, defects) = decode(r#"{"_type":"transition","event":"sideways","tst":1795421704}"#);
    assert_eq!(
        (read, defects),
        (OwnTracks::Unreadable, vec!["event: is neither enter nor leave".to_owned()])
    );
}

#[test]
fn waypoints_are_read_with_their_numbers_in_quotes() {
    let home = r#""desc":"home","lat":33.96,"lon":118.27,"rad":"50","tst":"1497476456","rid":"c1""#;
    let (read, defects) = decode(&format!(r#"{{"_type":"waypoint",{home}}}"#));
    let OwnTracks::Waypoint(waypoint) = &read else { unreachable!("{read:?}") };
    assert_eq!((waypoint.radius_m, waypoint.made_at_s, defects), (Some(50.0), Some(1_497_476_456), vec![]));
    let beacon = r#"{"_type":"waypoint","desc":"bed","tst":1,"uuid":"x","lat":0,"lon":0,"rad":0}"#;
    let (read, defects) = decode(&format!(r#"{{"_type":"waypoints","waypoints":[{{{home}}},{beacon},7]}}"#));
    let OwnTracks::Waypoints(waypoints) = read else { unreachable!("{read:?}") };
    assert_eq!((waypoints.len(), defects), (2, vec!["waypoints[2]: is not a waypoint".to_owned()]));
    assert_eq!(waypoints[0], *waypoint);
    assert!(waypoints[1].middle.is_none());
    assert_eq!(decode(r#"{"_type":"waypoints"}"#).1, ["waypoints: is not a list"]);
}

#[test]
fn the_other_messages_are_known_by_their_type() {
    for (payload, kind) in [
        ("", "nothing"),
        (" \n", "nothing"),
        (r#"{"_type":"lwt","tst":1380738247}"#, "lwt"),
        (r#"{"_type":"status","android":{"hib":0,"bo":1,"loc":0,"ps":0,"wifi":1},"_id":"x"}"#, "status"),
        (r#"{"_type":"card","name":"奶奶","tid":"nn","face":"iVBORw0KGgo="}"#, "card"),
        (r#"{"_type":"encrypted","data":"AAEC"}"#, "encrypted"),
        (r#"{"_type":"steps","steps":12}"#, "other"),
        (r#"{"_type":"beacon"}"#, "other"),
        (r#"{"_type":"request","request":"tours"}"#, "other"),
        (r#"{"_type":"from the future","x":1}"#, "other"),
    ] {
        let (read, defects) = decode(payload);
        assert_eq!((read.kind(), defects), (kind, vec![]), "{payload}");
    }
    let gone = Status { online: Some(false), ..Status::default() };
    assert_eq!(decode(r#"{"_type":"lwt","tst":0}"#).0, OwnTracks::Gone(gone));
}

#[test]
fn what_is_no_message_of_the_app_says_so() {
    for payload in
        ["help", "[]", "7", "{}", r#"{"lat":1,"lon":2}"#, r#"{"_type":7.5e"#, r#"{"_type":"encrypted"}"#]
    {
        let (read, defects) = decode(payload);
        assert!(read == OwnTracks::Unreadable && !defects.is_empty(), "{payload} {read:?}");
    }
}

#[test]
fn what_was_sealed_is_the_location_it_was() {
    let secret = Passphrase::new("mysecreTpass01").unwrap();
    let inner = r#"{"_type":"location","lat":33.9624,"lon":118.2757,"acc":30,"tst":1795421704}"#;
    let outer =
        format!(r#"{{"_type":"encrypted","data":"{}"}}"#, secret.seal(&[7; NONCE_BYTES], inner.as_bytes()));
    let (OwnTracks::Encrypted(data), defects) = decode(&outer) else { unreachable!("{outer}") };
    assert_eq!(defects, Vec::<String>::new());
    let opened = secret.open(&data).unwrap();
    assert_eq!(decode(std::str::from_utf8(&opened).unwrap()), decode(inner));
}

#[test]
fn an_iphone_says_its_topic_in_the_message() {
    let payload = br#"{"_type":"location","topic":"owntracks/demo/phone"}"#;
    assert_eq!(told_topic(payload).as_deref(), Some("owntracks/demo/phone"));
    assert_eq!(told_topic(b"{}"), None);
    assert_eq!(told_topic(b"\xff"), None);
}
