use super::*;
use crate::clock::later;
use crate::handset::Publish;
use crate::offline::{Seen, play};
use crate::world::{CANAL_WIDTH_M, to_canal_m};
use model::{Fix, SignedDuration};
use protocol::{Press, UpKind, UpTopic, decode_fall, decode_fixes, decode_press, decode_status};
use std::collections::BTreeSet;

fn start() -> Timestamp {
    "2026-11-23T08:40:00Z".parse().unwrap()
}

fn home() -> Ground {
    Ground::from_degrees(33.9624, 118.2757)
}

fn told(name: &str, seed: u64) -> Vec<(Timestamp, Publish)> {
    let story = find(name).unwrap();
    let id = HandsetId::new("h1").unwrap();
    let mut life = story.life(id, home(), seed, start());
    let end = later(start(), story.lasting(home(), seed));
    let mut sent = Vec::new();
    play(&mut life, start(), end, |at, seen| {
        if let Seen::Sent(publish) = seen {
            sent.push((at, publish));
        }
    });
    sent
}

fn of_kind(sent: &[(Timestamp, Publish)], kind: UpKind) -> Vec<(Timestamp, &Publish)> {
    let is = |publish: &Publish| UpTopic::parse(&publish.topic).unwrap().kind == kind;
    sent.iter().filter(|(_, publish)| is(publish)).map(|(at, publish)| (*at, publish)).collect()
}

fn fixes(sent: &[(Timestamp, Publish)]) -> Vec<(Timestamp, Fix)> {
    let decode = |(at, publish): (Timestamp, &Publish)| {
        let decoded = decode_fixes(&publish.payload, at);
        assert!(decoded.defects.is_empty(), "{:?}", decoded.defects);
        decoded.message.into_iter().map(move |fix| (at, fix))
    };
    of_kind(sent, UpKind::Fix).into_iter().flat_map(decode).collect()
}

fn presses(sent: &[(Timestamp, Publish)]) -> Vec<(Timestamp, Press)> {
    of_kind(sent, UpKind::Press)
        .into_iter()
        .map(|(at, publish)| (at, decode_press(&publish.payload, at).message))
        .collect()
}

fn minutes_after_start(at: Timestamp) -> i64 {
    at.duration_since(start()).as_secs() / 60
}

#[test]
fn every_story_is_the_same_for_the_same_seed_and_another_for_another() {
    let names: BTreeSet<&str> = all().iter().map(|story| story.name).collect();
    assert_eq!(names.len(), all().len());
    for story in all() {
        assert_eq!(told(story.name, 7), told(story.name, 7), "{}", story.name);
        assert_ne!(told(story.name, 7), told(story.name, 8), "{}", story.name);
    }
}

#[test]
fn no_story_says_anything_of_the_future_or_that_cannot_be_read() {
    for story in all() {
        let sent = told(story.name, 7);
        assert!(fixes(&sent).len() > 5, "{}", story.name);
        assert!(fixes(&sent).iter().all(|(at, fix)| fix.fix_time <= *at), "{}", story.name);
        for (at, press) in presses(&sent) {
            assert!(press.pressed_at.is_some_and(|pressed| pressed <= at) && !press.doubtful);
        }
        for (at, publish) in of_kind(&sent, UpKind::Fall) {
            let decoded = decode_fall(&publish.payload, at);
            assert!(decoded.defects.is_empty(), "{:?}", decoded.defects);
            assert_eq!(decoded.message.samples.unwrap().xyz.len(), 500);
        }
    }
}

#[test]
fn the_kitchen_has_a_fall_and_then_a_press() {
    let sent = told("fall-in-the-kitchen", 7);
    let falls = of_kind(&sent, UpKind::Fall);
    assert_eq!((falls.len(), presses(&sent).len()), (1, 1));
    let (sent_at, publish) = falls[0];
    let fell_at = decode_fall(&publish.payload, sent_at).message.at.unwrap();
    assert_eq!(
        sent_at.duration_since(fell_at),
        SignedDuration::from_secs(5),
        "it records on before it reports"
    );
    assert_eq!(presses(&sent)[0].0.duration_since(fell_at), SignedDuration::from_mins(2));
}

#[test]
fn a_mistake_is_taken_back() {
    let sent = told("false-alarm-cancel", 7);
    let presses = presses(&sent);
    assert_eq!(presses.iter().map(|(_, press)| press.cancel).collect::<Vec<_>>(), [false, true]);
    assert_eq!(presses[0].1.press_id, presses[1].1.press_id);
}

#[test]
fn everybody_the_platform_is_for_has_a_story() {
    let all_of_them = [
        "the old person",
        "operators",
        "the supervisor",
        "station staff",
        "the family",
        "the administrator",
        "the engineer",
    ];
    for whom in all_of_them {
        assert!(all().iter().any(|story| story.to.contains(whom)), "no story is for {whom}");
    }
}

#[test]
fn the_ladder_has_its_time_before_the_story_of_nobody_ends() {
    let sent = told("nobody-at-the-desk", 7);
    let presses = presses(&sent);
    let [(at, press)] = presses.as_slice() else { panic!("one press: {presses:?}") };
    assert!(!press.cancel);
    let ends = later(start(), find("nobody-at-the-desk").unwrap().lasting(home(), 7));
    assert!(ends.duration_since(*at) >= SignedDuration::from_mins(5), "four steps of the built-in ladder");
}

#[test]
fn the_tunnel_makes_the_press_late_and_without_a_position() {
    let sent = told("press-in-a-tunnel", 7);
    let presses = presses(&sent);
    assert_eq!(presses.len(), 1, "what cannot be sent is not sent twice");
    let (at, press) = &presses[0];
    assert!(at.duration_since(press.pressed_at.unwrap()) > SignedDuration::from_mins(4));
    assert_eq!(press.fix, None);
    let pressed_at = press.pressed_at.unwrap();
    let around = |fix: &Fix| fix.fix_time.duration_since(pressed_at).abs() < SignedDuration::from_secs(60);
    assert!(!fixes(&sent).iter().any(|(_, fix)| around(fix)), "nothing is measured in a tunnel");
}

#[test]
fn the_lost_one_ends_far_from_home_at_the_water_and_does_not_press() {
    let sent = told("lost-at-dusk", 7);
    assert!(presses(&sent).is_empty());
    let last = fixes(&sent).into_iter().next_back().unwrap().1;
    let place = Ground::from_degrees(last.position.lat(), last.position.lon());
    assert!(place.distance_m(home()) > 350.0);
    assert!(to_canal_m(place) < CANAL_WIDTH_M + 4.0 * last.accuracy_m, "{}", to_canal_m(place));
}

#[test]
fn the_bus_is_fast_and_comes_back() {
    let sent = told("bus-to-market", 7);
    let fixes = fixes(&sent);
    assert!(fixes.iter().any(|(_, fix)| fix.speed_mps.is_some_and(|speed| speed > 6.0)));
    let from_home =
        |fix: &Fix| Ground::from_degrees(fix.position.lat(), fix.position.lon()).distance_m(home());
    assert!(fixes.iter().any(|(_, fix)| from_home(fix) > 2_000.0));
    let (_, last) = fixes.last().unwrap();
    assert!(from_home(last) < 100.0 + 4.0 * last.accuracy_m);
}

#[test]
fn an_empty_battery_warns_and_then_is_silent_until_charged() {
    let sent = told("battery-forgotten", 7);
    assert!(presses(&sent).is_empty(), "a button of a dark handset does nothing");
    let statuses: Vec<f64> = of_kind(&sent, UpKind::Status)
        .into_iter()
        .filter_map(|(at, publish)| decode_status(&publish.payload, at).message.battery_pct)
        .collect();
    for mark in [20.0, 10.0, 5.0] {
        assert!(statuses.contains(&mark), "{mark} in {statuses:?}");
    }
    let silent = |(at, _): &&(Timestamp, Publish)| (345..420).contains(&minutes_after_start(*at));
    assert_eq!(sent.iter().filter(silent).count(), 0);
    assert!(sent.iter().any(|(at, _)| minutes_after_start(*at) > 425));
}

#[test]
fn after_the_outage_the_press_comes_first_then_the_newest_then_the_past() {
    let sent = told("flood-after-outage", 7);
    let cut = |(at, _): &&(Timestamp, Publish)| (6..244).contains(&minutes_after_start(*at));
    assert_eq!(sent.iter().filter(cut).count(), 0);
    let back: Vec<&(Timestamp, Publish)> =
        sent.iter().filter(|(at, _)| minutes_after_start(*at) >= 244).collect();
    let kind = |index: usize| UpTopic::parse(&back[index].1.topic).unwrap().kind;
    assert_eq!((kind(0), kind(1), kind(2)), (UpKind::Press, UpKind::Status, UpKind::Fix));
    let batches: Vec<usize> = of_kind(&sent, UpKind::Fix)
        .into_iter()
        .filter(|(at, _)| minutes_after_start(*at) == 245)
        .map(|(at, publish)| decode_fixes(&publish.payload, at).message.len())
        .collect();
    assert_eq!(batches[0], 1, "where she is now");
    assert!(batches.iter().sum::<usize>() >= 1_440, "{batches:?}");
}

#[test]
fn repeats_are_word_for_word_and_none_is_missing() {
    let sent = told("repeats-after-reboot", 7);
    let fixes = fixes(&sent);
    let names: BTreeSet<_> = fixes.iter().map(|(_, fix)| (fix.boot.clone(), fix.seq)).collect();
    assert!(fixes.len() > names.len() + 60, "{} of {}", names.len(), fixes.len());
    let whole: BTreeSet<String> = fixes.iter().map(|(_, fix)| format!("{fix:?}")).collect();
    assert_eq!(whole.len(), names.len(), "the same numbers are the same fix");
    assert_eq!(presses(&sent).len(), 1);
}
