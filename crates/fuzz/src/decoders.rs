//! The decoders of `protocol`: whatever comes is read or named as a defect, and what is read can be believed.

use incident::{
    Callee,
    ladder::{Rule, parse},
};
use model::{Fix, HandsetId, Method, Timestamp};
use protocol::{
    Context, NONCE_BYTES, OwnTracks, Passphrase, PhoneName, Rights, Track, UpTopic, decode_answer,
    decode_fall, decode_fixes, decode_osmand, decode_owntracks, decode_press, decode_status, down_topic,
    fall_signal, filter_matches, is_osmand_json, press_signal, split_osmand, told_topic,
};

/// When everything is received: 2026-11-23 08:00:00 UTC.
fn now() -> Timestamp {
    Timestamp::from_second(1_795_420_800).expect("a moment")
}

fn handset(name: &str) -> HandsetId {
    HandsetId::new(name).expect("an id")
}

fn is_sane(fix: &Fix) {
    let (lat, lon) = (fix.position.lat(), fix.position.lon());
    assert!(lat.abs() <= 90.0 && lon.abs() <= 180.0, "{fix:?}");
    assert!(fix.accuracy_m.is_finite() && fix.accuracy_m >= 0.0, "{fix:?}");
    assert!(Method::from_name(fix.method.as_str()) == Some(fix.method), "{fix:?}");
    is_battery(fix.battery_pct);
}

/// Any bytes on the topic of presses are a press, and the same bytes are the same press.
pub(crate) fn press(input: &[u8]) {
    let decoded = decode_press(input, now());
    let press = decoded.message;
    press.fix.iter().for_each(is_sane);
    let own = handset("h1");
    let again = decode_press(input, now()).message;
    assert_eq!(press.identity(&own), again.identity(&own));
    assert!(press.identity(&own).is_none() || press.identity(&own) != press.identity(&handset("h2")));
    let context = Context::of(own.clone());
    let signal = press_signal(&press, input, &context, now());
    assert_eq!(signal.id, press_signal(&again, input, &context, now()).id);
    assert_eq!(signal.handset, Some(own));
    assert_eq!(signal.received_at, now());
}

/// Each fix is sane, and none with a number is believed twice.
pub(crate) fn fixes(input: &[u8]) {
    let fixes = decode_fixes(input, now()).message;
    fixes.iter().for_each(is_sane);
    let mut track = Track::with_clock(None);
    let numbered = fixes.iter().filter(|fix| fix.boot.is_some() && fix.seq.is_some()).count();
    let first = track.take(fixes.clone(), now()).len();
    assert!(first <= fixes.len());
    let second = track.take(fixes.clone(), now()).len();
    assert!(second <= fixes.len() - numbered, "{second} of {} again", fixes.len());
}

/// Any bytes on the topic of falls are a fall.
pub(crate) fn fall(input: &[u8]) {
    let fall = decode_fall(input, now()).message;
    let signal = fall_signal(&fall, input, &Context::of(handset("h1")), now());
    assert_eq!(signal.received_at, now());
}

/// A battery is between empty and full.
fn is_battery(pct: Option<f64>) {
    assert!(pct.is_none_or(|pct| (0.0..=100.0).contains(&pct)), "{pct:?}");
}

/// A status moves no clock out of the calendar, and a last will none at all.
pub(crate) fn status(input: &[u8]) {
    let status = decode_status(input, now()).message;
    is_battery(status.battery_pct);
    let ahead = Track::with_clock(None).take_status(&status, now());
    assert!(
        ahead.is_none() || (status.at.is_some() && status.online != Some(false)),
        "{ahead:?} of {status:?}"
    );
    assert!(ahead.is_none_or(|ahead| now().checked_add(ahead).is_ok()), "{ahead:?}");
}

/// An answer is one, or what it lacks is named; and nobody said yes who did not say whether.
pub(crate) fn answer(input: &[u8]) {
    let read = decode_answer(input);
    let Some(answer) = read.message else {
        let is_blank = !input.iter().any(u8::is_ascii_graphic);
        assert!(is_blank || !read.defects.is_empty(), "it is no answer and nothing says why");
        return;
    };
    assert!(answer.ok || !answer.is_yes(), "{answer:?}");
    assert!(input.windows(2).any(|window| window == b"ok" || window == b"\\u"), "{answer:?} from nowhere");
}

/// A handset publishes on its own topics only, and reads no filter that would show it another's.
pub(crate) fn topic(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    if let Ok(topic) = UpTopic::parse(text) {
        assert_eq!(topic.name(), text);
    }
    let own = Rights::new(handset("h1"), vec![PhoneName::new("u", "d").expect("a name")]);
    if own.publishes(text).is_ok() {
        assert!(text.starts_with("jjl/h1/") || text.starts_with("owntracks/u/d"), "{text}");
    }
    for kind in [protocol::DownKind::Receipt, protocol::DownKind::Progress, protocol::DownKind::Command] {
        let others = down_topic(&handset("h2"), kind);
        assert!(!own.reads(text) || !filter_matches(text, &others), "{text} shows {others}");
    }
}

/// A telephone's message is read or named as what it is not; a position that is read can be believed.
pub(crate) fn owntracks(input: &[u8]) {
    let name = PhoneName::new("u", "d").expect("a name");
    let read = decode_owntracks(&name, input, now());
    let is_named = read.message != OwnTracks::Unreadable || !read.defects.is_empty();
    assert!(is_named, "it is unreadable and nothing says why");
    if let OwnTracks::Location(location) = &read.message {
        location.fix.iter().for_each(is_sane);
        assert!(
            location.fix.is_some() || !read.defects.is_empty(),
            "a location without a place, and no word of it"
        );
    }
    if let Some(told) = told_topic(input) {
        assert!(PhoneName::of_topic(&told).is_none_or(|phone| told.starts_with(&phone.topic())), "{told}");
    }
}

/// Nobody opens what was not sealed with these words; what was comes out as it went in.
pub(crate) fn sealed(input: &[u8]) {
    let words = Passphrase::new("juji-le").expect("words");
    if let Ok(text) = std::str::from_utf8(input) {
        assert!(words.open(text).is_err(), "a stranger's seal was taken");
    }
    let sealed = words.seal(&[7; NONCE_BYTES], input);
    assert_eq!(words.open(&sealed).expect("our own seal"), input);
}

/// The query or JSON of a tracking app: its positions can be believed, and a form that calls for help is a press.
pub(crate) fn osmand(input: &[u8]) {
    let (_id, rest) = split_osmand(input);
    let report = decode_osmand(&rest, now()).message;
    let pressed = report.presses.iter().filter_map(|press| press.fix.as_ref());
    report.fixes.iter().chain(pressed).for_each(is_sane);
    is_battery(report.status.battery_pct);
    let calls = !is_osmand_json(&rest) && rest.split(|byte| *byte == b'&').any(|pair| pair == b"alarm=sos");
    assert!(!calls || !report.presses.is_empty(), "a call for help that is none");
}

/// A ladder that is taken leaves nobody unheard; one that is not says where it is wrong.
pub(crate) fn ladder(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    match parse(text) {
        Ok(ladder) => {
            assert!(!ladder.rules.is_empty(), "nobody is called");
            ladder.rules.iter().for_each(reaches_somebody);
        }
        Err(problems) => {
            let lines = text.matches('\n').count() + 1;
            assert!(!problems.is_empty(), "it is refused without a word");
            assert!(problems.iter().all(|problem| (1..=lines).contains(&problem.line)), "{problems:?}");
        }
    }
}

/// The desk is called at once, each further step within a minute, and somebody by telephone until it is taken.
fn reaches_somebody(rule: &Rule) {
    let (first, further) = rule.steps.split_first().expect("a step");
    let desk = [Callee::Operators, Callee::Everyone];
    assert!(first.after_s == 0 && desk.iter().any(|callee| first.call.contains(callee)), "{rule:?}");
    let in_time = |after_s: u32| (5..=60).contains(&after_s);
    assert!(further.iter().all(|step| in_time(step.after_s) && !step.call.is_empty()), "{rule:?}");
    assert!(in_time(rule.repeat.after_s) && rule.repeat.call.contains(&Callee::Roster), "{rule:?}");
}

/// A block of fixes as it stands on disk, past its checksum: what is read is written and read again as the same.
pub(crate) fn journal(input: &[u8]) {
    if let Some(once) = store::reread(input) {
        assert_eq!(
            store::reread(&once).as_ref(),
            Some(&once),
            "a block that is another when it is read again"
        );
    }
}

/// What another program may have put into Redis: what is a word of ours is the same when it is said again.
pub(crate) fn bus(input: &[u8]) {
    for word in ::bus::reread(input) {
        assert!(::bus::reread(word.as_bytes()).contains(&word), "{word} is another when it is read again");
    }
}
