//! What holds for any window and any history.

use crate::episode::{answer, at, named, report};
use geofence::falls::episode::{Effect, Event, Falls, QUESTIONS_AT_MOST, step};
use geofence::falls::{Window, Worn, assess};
use model::{SignalId, SignedDuration};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn any_value() -> impl Strategy<Value = f64> {
    prop_oneof![8 => -4_000.0..4_000.0, 1 => any::<f64>(), 1 => Just(1_000.0)]
}

fn any_worn() -> impl Strategy<Value = Worn> {
    prop::sample::select(Worn::ALL.to_vec())
}

proptest! {
    #[test]
    fn no_window_is_too_strange(
        hz in prop_oneof![20.0..250.0, any::<f64>()],
        unit in prop::sample::select(vec!["mg", "g", "m/s2", "", "stone"]),
        xyz in prop::collection::vec([any_value(), any_value(), any_value()], 0..700),
        worn in any_worn(),
    ) {
        let assessment = assess(&Window { hz, unit, xyz: &xyz }, worn);
        if let Some(probability) = assessment.probability() {
            prop_assert!((0.0..=1.0).contains(&probability), "{probability}");
        }
        prop_assert!(!assessment.sentence_zh().is_empty());
        prop_assert!(!assessment.sentence_zh().contains("NaN"));
        let again = assess(&Window { hz, unit, xyz: &xyz }, worn);
        prop_assert_eq!(assessment, again);
    }

    #[test]
    fn a_window_cut_anywhere_is_judged_or_says_why(
        from in 0_usize..500, length in 0_usize..500, hz in 20.0..210.0, worn in any_worn(),
    ) {
        let xyz = crate::synthetic::Body::falls().seen(50.0, None);
        let part = &xyz[from.min(xyz.len())..from.saturating_add(length).min(xyz.len())];
        let _judged = assess(&Window { hz, unit: "mg", xyz: part }, worn);
    }
}

fn any_event() -> impl Strategy<Value = Event> {
    // Few names, so that repeats and answers to something are common.
    let name = || (0..12u8).prop_map(|number| format!("f-{number}"));
    prop_oneof![
        4 => (name(), prop::option::weighted(0.8, 0.0..1.0)).prop_map(|(name, probability)| report(&name, probability)),
        2 => (name(), any::<bool>()).prop_map(|(name, is_well)| answer(&name, is_well)),
        1 => name().prop_map(|name| Event::NotReached { signal: named(&name) }),
        2 => Just(Event::Time),
        1 => (-100..100i64).prop_map(|by_s| Event::ClockWentBack { by: SignedDuration::from_secs(by_s) }),
    ]
}

/// What a history did for each fall that is open or was.
#[derive(Default)]
struct Told {
    lines: BTreeMap<SignalId, bool>,
    raised: BTreeSet<SignalId>,
    waiting: BTreeSet<SignalId>,
}

impl Told {
    fn take(&mut self, effect: &Effect) {
        match effect {
            Effect::Line { report, raised } => {
                self.raised.remove(&report.signal);
                self.lines.insert(report.signal.clone(), *raised);
            }
            Effect::Raise { signal, .. } => {
                assert!(self.lines.contains_key(signal), "what is raised was reported");
                assert!(self.raised.insert(signal.clone()), "raised once");
            }
            Effect::Ask { signal, say, .. } => {
                assert!(!say.is_empty());
                assert!(self.waiting.insert(signal.clone()), "asked once");
            }
            Effect::Heard { signal, raised, .. } => {
                assert!(self.waiting.remove(signal), "only a question has a reply");
                assert_eq!(*raised, self.raised.contains(signal));
            }
        }
    }
}

proptest! {
    #[test]
    fn every_report_is_told_once_and_ends(
        history in prop::collection::vec((0..40i64, any_event()), 1..80)
    ) {
        let (mut falls, mut told, mut second) = (Falls::default(), Told::default(), 0);
        for (pause, event) in history {
            second += pause;
            let mut effects = Vec::new();
            step(&mut falls, &event, at(second), &mut effects);
            for effect in &effects {
                told.take(effect);
            }
            let open: BTreeSet<SignalId> = falls.open.iter().map(|open| open.signal.clone()).collect();
            prop_assert_eq!(&open, &told.waiting, "what is asked is waited for");
            prop_assert!(falls.open.len() <= QUESTIONS_AT_MOST);
            prop_assert_eq!(falls.next_deadline().is_some(), !falls.open.is_empty(), "nothing waits without an end");
            for one in &falls.open {
                prop_assert_eq!(one.raised, told.raised.contains(&one.signal));
            }
        }
        let mut effects = Vec::new();
        step(&mut falls, &Event::Time, at(second + 200), &mut effects);
        for effect in &effects {
            told.take(effect);
        }
        prop_assert!(falls.open.is_empty(), "silence ends every question");
    }
}
