use super::*;
use crate::handset::{Notice, Publish};
use crate::offline::{Seen, play};
use model::SignedDuration;
use protocol::{UpKind, UpTopic, decode_fixes, decode_press};
use std::collections::{BTreeMap, BTreeSet};

const START: &str = "2026-11-23T08:00:00Z";

fn start() -> Timestamp {
    START.parse().unwrap()
}

fn plan() -> Plan {
    Plan {
        starts_after: Duration::from_secs(1),
        fix_every: Duration::from_secs(10),
        first_press_after: Some(Duration::from_secs(25)),
        press_every: Some(Duration::from_mins(10)),
        taken_back: 0.3,
        fall_every: Some(Duration::from_mins(40)),
        near_fall_every: Some(Duration::from_mins(20)),
        ..Plan::default()
    }
}

fn hard_life(seed_number: u64) -> Life {
    let traits = Traits {
        clock_error: SignedDuration::from_mins(-7),
        dead_zones: true,
        outage_every: Some(Duration::from_mins(5)),
        reboot_every: Some(Duration::from_mins(15)),
        tunnels: true,
        lying_share: 0.1,
        habits: Habits { by_bus: 0.2, wanders: 0.2, ..Habits::default() },
        ..Traits::default()
    };
    let home = Ground::from_degrees(33.9624, 118.2757);
    Life::begin(HandsetId::new("h1").unwrap(), home, traits, plan(), seed_number, start())
}

/// Everything that left the handset in `hours` on a good network, and what was noticed.
fn run(mut life: Life, hours: u64) -> (Vec<(Timestamp, Publish)>, Vec<Notice>, Life) {
    let end = later(start(), Duration::from_secs(hours * 3600));
    let (mut sent, mut notices) = (Vec::new(), Vec::new());
    play(&mut life, start(), end, |now, seen| match seen {
        Seen::Sent(publish) => sent.push((now, publish)),
        Seen::Notice(notice) => notices.push(notice),
    });
    (sent, notices, life)
}

fn press_of(publish: &Publish, now: Timestamp) -> Option<String> {
    let kind = UpTopic::parse(&publish.topic).unwrap().kind;
    (kind == UpKind::Press).then(|| decode_press(&publish.payload, now).message.press_id.unwrap())
}

#[test]
fn the_same_seed_gives_the_same_messages_and_another_seed_others() {
    let (first, ..) = run(hard_life(7), 3);
    let (again, ..) = run(hard_life(7), 3);
    let (other, ..) = run(hard_life(8), 3);
    assert_eq!(first, again);
    assert_ne!(first, other);
}

#[test]
fn a_hard_life_loses_no_fix_and_no_press() {
    for seed_number in 0..8 {
        let (sent, notices, mut life) = run(hard_life(seed_number), 4);
        let mut seqs: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
        for (now, publish) in &sent {
            if UpTopic::parse(&publish.topic).unwrap().kind == UpKind::Fix {
                let decoded = decode_fixes(&publish.payload, *now);
                assert!(decoded.defects.is_empty(), "{:?}", decoded.defects);
                for fix in decoded.message {
                    let news = seqs.entry(fix.boot.unwrap()).or_default().insert(fix.seq.unwrap());
                    assert!(news, "seed {seed_number}: an acknowledged fix was sent twice");
                }
            }
        }
        let fixes: usize = seqs.values().map(BTreeSet::len).sum();
        assert!(seqs.len() > 3, "seed {seed_number}: no reboot");
        // Four hours of a fix every ten seconds, less what was missed while switched off.
        assert!((1_200..=1_441).contains(&(fixes + life.handset().unacknowledged_fixes())), "{fixes}");
        let pressed = notices.iter().filter(|n| matches!(n, Notice::Pressed(_))).count();
        let receipted = notices.iter().filter(|n| matches!(n, Notice::PressReceipted { .. })).count();
        assert!(pressed > 5, "seed {seed_number}: {pressed} presses");
        assert_eq!(pressed, receipted + life.handset().unreceipted(), "seed {seed_number}");
        assert!(life.handset().unreceipted() <= 2, "seed {seed_number}");
    }
}

#[test]
fn the_handsets_times_are_those_of_its_own_clock() {
    let (sent, ..) = run(hard_life(7), 1);
    let (now, press) = sent.iter().find(|(now, p)| press_of(p, *now).is_some()).unwrap();
    let pressed_at = decode_press(&press.payload, *now).message.pressed_at.unwrap();
    assert!(now.duration_since(pressed_at) >= SignedDuration::from_mins(7));
}
