//! What a press or a fall asks for, told as situations.

use model::{Fix, HandsetId, Remark, ResidentId, Signal, SignalKind, SignedDuration, Timestamp};
use protocol::{Context, decode_fall, decode_fixes, decode_press, event_time, fall_signal, press_signal};

const NOW: &str = "2026-11-23T08:20:00Z";

fn time(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

fn bound() -> Context {
    let handset = HandsetId::new("h1").expect("an id");
    Context { resident: Some(ResidentId::new("r1").expect("an id")), ..Context::of(handset) }
}

fn known_fix() -> Fix {
    let payload = br#"{"fix_time":"2026-11-23T07:00:00Z","lat":33.9624,"lon":118.2757}"#;
    decode_fixes(payload, time(NOW)).message.pop().expect("a fix")
}

fn signal(payload: &str, context: &Context) -> Signal {
    signal_at(payload, context, NOW)
}

fn signal_at(payload: &str, context: &Context, received_at: &str) -> Signal {
    let press = decode_press(payload.as_bytes(), time(received_at)).message;
    press_signal(&press, payload.as_bytes(), context, time(received_at))
}

fn pressed(at: &str) -> String {
    format!(
        r#"{{"press_id":"p-1","boot":"b","seq":1,"pressed_at":{at},
            "fix":{{"fix_time":"2026-11-23T08:19:00Z","lat":33.9624,"lon":118.2757}}}}"#
    )
}

#[test]
fn a_plain_press_has_no_remark() {
    let signal = signal(&pressed(r#""2026-11-23T08:19:50Z""#), &bound());
    assert_eq!(signal.remarks, []);
    assert_eq!((signal.at, signal.late_by_s), (time("2026-11-23T08:19:50Z"), 0));
    assert_eq!((signal.kind, signal.press_id.as_deref()), (SignalKind::Press, Some("p-1")));
    assert!(signal.fix.is_some() && signal.resident.is_some());
}

#[test]
fn a_press_without_a_position_gets_the_last_known_or_says_there_is_none() {
    let payload = r#"{"press_id":"p-1","fix":null}"#;
    let nowhere = signal(payload, &bound());
    assert_eq!((nowhere.remarks, nowhere.fix), (vec![Remark::NoFix, Remark::NoPosition], None));
    let context = Context { last_known: Some(known_fix()), ..bound() };
    let somewhere = signal(payload, &context);
    assert_eq!(
        (somewhere.remarks, somewhere.fix),
        (vec![Remark::NoFix, Remark::LastKnown], Some(known_fix()))
    );
    let own = signal(&pressed("null"), &context);
    assert_eq!(own.fix.unwrap().fix_time, time("2026-11-23T08:19:00Z"));
}

#[test]
fn every_doubt_is_a_remark() {
    let fine = pressed(r#""2026-11-23T08:19:50Z""#);
    let cancel = fine.replace(r#""seq":1"#, r#""seq":1,"cancel":true"#);
    for (payload, context, remarks) in [
        (fine.as_str(), Context { resident: None, ..bound() }, vec![Remark::Unbound]),
        (&fine, Context { id_reused: true, ..bound() }, vec![Remark::IdReused]),
        (&fine, Context { oversized: true, ..bound() }, vec![Remark::Oversized]),
        (&fine, Context { cancelled_earlier: true, ..bound() }, vec![Remark::CancelledEarlier]),
        (&fine, Context { press_known: true, ..bound() }, vec![]),
        (&cancel, bound(), vec![Remark::Cancel, Remark::CancelBeforePress]),
        (&cancel, Context { press_known: true, cancelled_earlier: true, ..bound() }, vec![Remark::Cancel]),
        ("", bound(), vec![Remark::NoFix, Remark::NoPosition, Remark::Empty]),
        ("help", bound(), vec![Remark::NoFix, Remark::NoPosition, Remark::Unreadable]),
        (r#"{"press_id":"p-1","#, bound(), vec![Remark::NoFix, Remark::NoPosition, Remark::PartlyReadable]),
    ] {
        let signal = signal(payload, &context);
        assert_eq!(signal.remarks, remarks, "{payload} {context:?}");
    }
}

#[test]
fn a_late_press_says_by_how_much() {
    let on_time = signal(&pressed(r#""2026-11-23T08:10:00Z""#), &bound());
    assert_eq!((on_time.late_by_s, on_time.remarks), (0, vec![]));
    let late = signal(&pressed(r#""2026-11-23T07:40:00Z""#), &bound());
    assert_eq!((late.late_by_s, late.remarks), (2400, vec![Remark::Late]));
    assert_eq!(late.at, time("2026-11-23T07:40:00Z"));
}

#[test]
fn a_date_that_cannot_be_is_ours_with_a_remark() {
    for at in ["0", r#""2099-01-01T00:00:00Z""#, r#""2027-11-23T08:20:00Z""#, r#""2026-11-23T08:25:01Z""#] {
        let signal = signal(&pressed(at), &bound());
        assert_eq!((signal.at, signal.late_by_s), (time(NOW), 0), "{at}");
        assert!(signal.remarks.contains(&Remark::Clock), "{at}");
        assert!(!signal.remarks.contains(&Remark::Late), "{at}");
    }
    let garbage = signal(&pressed(r#""soon""#), &bound());
    assert_eq!((garbage.at, garbage.remarks), (time(NOW), vec![Remark::Clock, Remark::PartlyReadable]));
}

#[test]
fn the_time_of_an_event_is_corrected_by_a_skew_that_explains_it() {
    let hours = SignedDuration::from_hours;
    for (told, ahead, at, is_corrected) in [
        ("2026-11-23T08:20:00Z", None, "2026-11-23T08:20:00Z", false),
        ("2026-11-23T08:24:00Z", None, "2026-11-23T08:24:00Z", false),
        ("2026-11-23T08:19:00Z", Some(SignedDuration::from_mins(2)), "2026-11-23T08:19:00Z", false),
        // ahead, explained: also for one that waited 40 minutes for the network
        ("2026-11-23T09:19:00Z", Some(hours(1)), "2026-11-23T08:19:00Z", true),
        ("2026-11-23T08:40:00Z", Some(hours(1)), "2026-11-23T07:40:00Z", true),
        ("2026-11-23T09:22:00Z", Some(hours(1)), "2026-11-23T08:20:00Z", true),
        ("2027-11-23T08:18:00Z", Some(hours(365 * 24)), "2026-11-23T08:18:00Z", true),
        // ahead, not explained
        ("2026-11-23T11:00:00Z", Some(hours(1)), "2026-11-23T08:20:00Z", true),
        ("2026-11-23T08:40:00Z", Some(hours(365 * 24)), "2026-11-23T08:20:00Z", true),
        // behind
        ("2026-11-23T07:19:00Z", Some(hours(-1)), "2026-11-23T08:19:00Z", true),
        ("2026-08-23T08:19:00Z", Some(hours(-92 * 24)), "2026-11-23T08:19:00Z", true),
        // the skew is no longer true
        ("2026-11-23T08:19:00Z", Some(hours(-1)), "2026-11-23T08:19:00Z", false),
        ("2026-11-23T08:19:00Z", Some(hours(365 * 24)), "2026-11-23T08:19:00Z", false),
    ] {
        assert_eq!(
            event_time(Some(time(told)), time(NOW), ahead),
            (time(at), is_corrected),
            "{told} {ahead:?}"
        );
    }
    assert_eq!(event_time(None, time(NOW), Some(hours(1))), (time(NOW), false));
    let far = SignedDuration::MIN;
    assert_eq!(event_time(Some(Timestamp::MAX), time(NOW), Some(far)), (time(NOW), true));
}

#[test]
fn a_position_dated_in_the_future_does_not_stay_there() {
    let payload = r#"{"press_id":"p","fix":{"fix_time":"2027-11-23T08:19:00Z","lat":33.9,"lon":118.2}}"#;
    let unexplained = signal(payload, &bound());
    assert_eq!(unexplained.fix.unwrap().fix_time, time(NOW));
    assert_eq!(unexplained.remarks, [Remark::Clock]);
    let context = Context { clock_ahead: Some(SignedDuration::from_hours(365 * 24)), ..bound() };
    assert_eq!(signal(payload, &context).fix.unwrap().fix_time, time("2026-11-23T08:19:00Z"));
}

#[test]
fn a_repeat_is_the_same_signal_and_everything_else_is_another() {
    let fine = pressed(r#""2026-11-23T08:19:50Z""#);
    let first = signal(&fine, &bound());
    assert_eq!(first.id, signal_at(&fine, &bound(), "2026-11-23T08:20:15Z").id);
    for other in
        [fine.replace("p-1", "p-2"), pressed(r#""2026-11-23T08:19:51Z""#), pressed("0"), String::new()]
    {
        assert_ne!(first.id, signal(&other, &bound()).id, "{other}");
    }
    let elsewhere = Context { handset: HandsetId::new("h2").unwrap(), ..bound() };
    assert_ne!(first.id, signal(&fine, &elsewhere).id);
    let empty = signal("", &bound());
    assert_eq!(empty.id, signal("", &bound()).id);
    assert_ne!(empty.id, signal_at("", &bound(), "2026-11-23T08:20:15Z").id);
    assert_ne!(signal("a", &bound()).id, signal("b", &bound()).id);
}

#[test]
fn a_fall_report_is_the_handsets_own_judgement() {
    let payload = br#"{"fall_id":"f-1","boot":"b","seq":3,"at":"2026-11-23T08:19:00Z"}"#;
    let fall = decode_fall(payload, time(NOW)).message;
    let signal = fall_signal(&fall, payload, &bound(), time(NOW));
    assert_eq!((signal.kind, signal.press_id.as_deref()), (SignalKind::Fall, Some("f-1")));
    assert_eq!(signal.remarks, [Remark::NoFix, Remark::NoPosition, Remark::Unjudged]);
    let press = payload.to_vec();
    let as_press = press_signal(&decode_press(&press, time(NOW)).message, &press, &bound(), time(NOW));
    assert_ne!(signal.id, as_press.id);
}
