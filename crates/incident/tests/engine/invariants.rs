//! What holds in every history, whatever is done in whatever order.

use crate::support::{
    arriving, at, claim, close, dispatch, names_operator, of_kind, press, release, signal, spoken,
};
use incident::{
    Answer, Command, Contact, Decision, Effect, Event, Incident, Ladder, OnScene, PlanOutcome, PlanStep,
    Service, Stage, State, Task, TaskAct, TaskState, What, evolve, step,
};
use model::{SignalId, SignalKind, SignedDuration, StationId, TaskId, Timestamp};
use proptest::prelude::*;

const KINDS: [SignalKind; 13] = [
    SignalKind::Press,
    SignalKind::Call,
    SignalKind::Fall,
    SignalKind::Wandering,
    SignalKind::FenceExit,
    SignalKind::ZoneEntry,
    SignalKind::Overdue,
    SignalKind::Inactivity,
    SignalKind::Silence,
    SignalKind::LowBattery,
    SignalKind::TakenOff,
    SignalKind::LoginRefused,
    SignalKind::TwoPlaces,
];

fn person() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["anna".to_owned(), "bert".to_owned(), "supervisor".to_owned()])
}

fn any_signal() -> impl Strategy<Value = Command> {
    // Few names, so that repeats are common.
    (0..40u8, prop::sample::select(KINDS.to_vec()), any::<bool>()).prop_map(|(name, kind, cancel)| {
        let cancel = cancel && kind == SignalKind::Press;
        Command::Signal(Box::new(signal(&format!("s-{name}"), kind, cancel)))
    })
}

fn any_command() -> impl Strategy<Value = Command> {
    let contact = prop::sample::select(vec![None, Some(Contact::Resident), Some(Contact::Police)]);
    let text = prop::sample::select(vec!["", "已通话"]);
    prop_oneof![
        6 => any_signal(),
        3 => person().prop_map(|by| claim(&by)),
        2 => person().prop_map(|by| release(&by, by == "supervisor")),
        3 => (person(), text, contact)
            .prop_map(|(by, text, contact)| Command::Note { by, text: text.to_owned(), contact }),
        1 => (person(), prop::sample::select(vec!["fall", "", "ufo"])).prop_map(|(by, cause)| Command::Close {
            role_may_override: by == "supervisor",
            by,
            cause: cause.to_owned(),
            outcome: "other".to_owned(),
            note: String::new(), snooze_until: None }),
        2 => (person(), prop::sample::subsequence(vec!["east", "west", "north"], 0..3))
            .prop_map(|(by, stations)| dispatch(&by, &stations)),
        6 => (0..3u8, prop::sample::select(TaskAct::ALL.to_vec()), any::<bool>()).prop_map(an_act_later),
        1 => (person(), person()).prop_map(|(by, to)| Command::Transfer {
            role_may_override: by == "supervisor",
            by,
            to,
        }),
        1 => person().prop_map(|by| Command::HandOver {
            by,
            role_may_override: false,
            to: Service::Ambulance,
            words: "已出车".to_owned(),
        }),
        2 => (person(), 0..40u8).prop_map(|(by, name)| Command::Confirm {
            role_may_override: by == "supervisor",
            by,
            signals: vec![SignalId::from_cause("test", &[&format!("s-{name}")])],
        }),
        1 => (person(), prop::sample::select(PlanStep::ALL.to_vec()), prop::sample::select(PlanOutcome::ALL.to_vec()))
            .prop_map(|(by, step, outcome)| Command::MarkStep { by, step, outcome, text: "试过".to_owned() }),
        1 => Just(Command::Answer { by: "daughter".to_owned(), answer: Answer::Coming, text: String::new() }),
        2 => Just(Command::HolderLost),
        2 => person().prop_map(|by| Command::HolderBack { by }),
        1 => Just(Command::DispatchByLadder {
            station: (StationId::new("south").expect("an id"), "south站".to_owned()),
        }),
        2 => (0..3u8).prop_map(|place| Command::UndoTask { task: place_id(place), seen: None, by: "staff".to_owned() }),
        2 => (0..3u8, prop::sample::select(OnScene::ALL.to_vec())).prop_map(|(place, said)| Command::SayOnScene {
            task: place_id(place),
            said,
            by: "staff".to_owned(),
            words: String::new(),
        }),
        1 => person().prop_map(|by| Command::Resolve { by, role_may_override: false }),
        1 => person().prop_map(|by| Command::Reopen { by, reason: "又不舒服".to_owned() }),
        5 => Just(Command::DeadlinePassed),
        1 => (-100..4_000i64)
            .prop_map(|by_s| Command::ClockWentBack { by: SignedDuration::from_secs(by_s) }),
    ]
}

fn place_id(place: u8) -> TaskId {
    TaskId::new(format!("place-{place}")).expect("an id")
}

/// An act upon one of the first tasks: which one is known when its turn comes.
fn an_act_later((place, act, on_behalf): (u8, TaskAct, bool)) -> Command {
    Command::Task {
        task: place_id(place),
        seen: None,
        act,
        by: "staff".to_owned(),
        on_behalf,
        words: "原因".to_owned(),
    }
}

/// The same with the id of the task that stands in that place.
fn placed(command: &Command, incident: Option<&Incident>) -> Command {
    let mut command = command.clone();
    let names_a_task = match &mut command {
        Command::Task { task, .. } | Command::UndoTask { task, .. } | Command::SayOnScene { task, .. } => {
            Some(task)
        }
        _ => None,
    };
    if let (Some(task), Some(incident)) = (names_a_task, incident) {
        let place = task.as_str().trim_start_matches("place-").parse::<usize>().unwrap_or_default();
        let live: Vec<_> = incident.tasks.iter().filter(|task| task.state.is_live()).collect();
        if let Some(found) = live.get(place).copied().or(incident.tasks.get(place)) {
            task.clone_from(&found.id);
        }
    }
    command
}

/// Seconds that pass, what the person saw (the present version, none named, or an old one), the act.
type Move = (i64, u8, Command);

fn any_history() -> impl Strategy<Value = Vec<Move>> {
    prop::collection::vec((0..90i64, 0..8u8, any_command()), 1..60)
}

fn expected(incident: Option<&Incident>, seen: u8) -> Option<u64> {
    match seen {
        0 => None,
        1 => incident.map(|incident| incident.version.saturating_sub(1)),
        _ => incident.map(|incident| incident.version),
    }
}

/// Plays a history; after each accepted move it is looked at with what stood before it.
fn play(
    history: &[Move],
    mut look: impl FnMut(Option<&Incident>, &Command, &Decision, Option<&Incident>, Timestamp),
) -> Vec<Event> {
    let (mut incident, mut second, mut events) = (None, 0, Vec::new());
    for (pause, seen, command) in history {
        second += pause;
        if let Command::ClockWentBack { by } = command {
            second -= by.as_secs().max(0);
        }
        let before = incident.clone();
        let seen = expected(before.as_ref(), *seen);
        let command = &arriving(&placed(command, before.as_ref()), second);
        match step(&mut incident, command, seen, &Ladder::default(), at(second)) {
            Err(_) => assert_eq!(incident, before, "a refused command changes nothing"),
            Ok(decision) => {
                look(before.as_ref(), command, &decision, incident.as_ref(), at(second));
                events.extend(decision.events);
            }
        }
    }
    let folded = events.iter().fold(None, evolve);
    assert_eq!(folded, incident, "folding the events gives the incident");
    events
}

fn check_state(incident: &Incident) {
    assert_eq!(incident.is_open(), incident.deadline_at.is_some(), "open means a running deadline");
    assert_eq!(incident.is_open(), incident.due_at().is_some());
    for task in &incident.tasks {
        assert_eq!(
            task.state.is_live(),
            task.deadline_at.is_some(),
            "a word is due while it lives: {task:?}"
        );
        assert!(incident.is_open() || !task.state.is_live(), "with the case its tasks are over");
        assert!(task.version <= incident.version);
        let live =
            incident.tasks.iter().filter(|other| other.station == task.station && other.state.is_live());
        assert!(live.count() <= 1, "one task of a station at a time");
    }
    if let (Some(awaited), Some(deadline)) = (incident.answer(), incident.deadline_at) {
        assert!(!awaited.signals.is_empty());
        assert_eq!(awaited.signals.iter().map(|signal| awaited.until(signal)).min(), Some(awaited.by));
        assert!(incident.ladder_step() > 0 || deadline <= awaited.by, "no answer is waited for in silence");
    }
    for (index, held) in incident.signals.iter().enumerate() {
        assert!(incident.signals.iter().skip(index + 1).all(|other| other.id != held.id), "held once");
    }
}

/// However somebody comes to be told something: who is on the way or there stays so in it, and an operator is named only where one
/// has it and is there.
fn check_truth(decision: &Decision, after: &Incident) {
    let is_at_desk = after.holder().is_some() && !after.is_holder_lost();
    for effect in &decision.effects {
        if let Effect::Progress { say, .. } = effect {
            assert!(is_at_desk || !names_operator(say), "{say}, and nobody has it");
        }
    }
    let near = after.tasks.iter().filter_map(|task| match task.state {
        TaskState::EnRoute => Some(Stage::OnTheWay),
        TaskState::OnScene => Some(Stage::OnScene),
        _ => None,
    });
    let Some(nearest) = near.max() else { return };
    for effect in &decision.effects {
        if let Effect::Progress { stage, say, .. } = effect {
            assert!(*stage >= nearest, "{say} tells less than is true");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens(history in any_history()) {
        play(&history, |before, command, decision, after, now| {
            let grown = after.map_or(0, |incident| incident.version) - before.map_or(0, |incident| incident.version);
            assert_eq!(grown, decision.events.len() as u64, "one version for each event");
            assert!(decision.events.len() <= 1 && decision.events.iter().all(|event| event.at == now));
            if decision.events.is_empty() {
                assert!(decision.effects.is_empty(), "no effect without its event");
            }
            let Some(after) = after else { return };
            check_state(after);
            check_truth(decision, after);
            let Some(before) = before else { return };
            assert!(after.severity >= before.severity, "severity only grows");
            assert!(after.signals.starts_with(&before.signals), "signals are never lost or reordered");
            if matches!(command, Command::Signal(_)) {
                assert!(after.deadline_at <= before.deadline_at, "a signal never puts a deadline off");
                assert_eq!(after.holder(), before.holder());
            }
            let gives = matches!(command, Command::Transfer { .. });
            if let (Some(old), Some(new)) = (before.holder(), after.holder()) {
                assert!(old == new || before.ladder_step() > 0 || gives, "only an overdue holder is taken over from");
            }
            if matches!(command, Command::HolderLost) {
                assert!(after.deadline_at <= before.deadline_at, "who is gone puts nothing off");
            }
            let hushes = matches!(command, Command::UndoTask { task, .. } if before.task(task).is_some_and(|task| {
                matches!(task.state, TaskState::Declined | TaskState::Failed)
            }));
            if before.is_sounding() && matches!(command, Command::UndoTask { .. }) {
                assert!(hushes || after.is_sounding(), "what is taken back hushes nothing but itself");
            }
            let ends = matches!(command, Command::Confirm { .. } | Command::Claim { .. } | Command::Release { .. } | Command::Close { .. });
            if let Some(awaited) = before.answer().filter(|_| !ends) {
                let waits = after.answer().map(|awaited| awaited.signals.as_slice()).unwrap_or_default();
                assert!(waits.starts_with(&awaited.signals), "a signal waits until it is confirmed");
            }
            if before.is_cry_awaited() && !after.is_open() {
                assert!(matches!(command, Command::Close { role_may_override: true, .. }), "no cry ends unconfirmed");
            }
            let undoes = matches!(command, Command::UndoTask { .. });
            for (was, is) in before.tasks.iter().zip(&after.tasks) {
                // Where the clock went back, when it ended goes back with it, and nothing else.
                let since = if matches!(command, Command::ClockWentBack { .. }) { is.since } else { was.since };
                let ended = Task { since, ..was.clone() };
                assert!(was.id == is.id && (undoes || was.state.is_live() || ended == *is), "what has ended stays as it ended");
            }
            if !before.is_open() && !matches!(command, Command::Reopen { .. }) {
                assert_eq!((&after.state, &after.signals), (&before.state, &before.signals), "closed stays closed");
            }
        });
    }

    #[test]
    fn the_same_commands_give_the_same_events(history in any_history()) {
        let nothing = |_: Option<&Incident>, _: &Command, _: &Decision, _: Option<&Incident>, _: Timestamp| ();
        prop_assert_eq!(play(&history, nothing), play(&history, nothing));
    }

    #[test]
    fn stored_and_read_again_it_is_the_same(history in any_history()) {
        let mut snapshot = None;
        let events = play(&history, |_, _, _, after, _| snapshot = after.cloned());
        let lines: Vec<String> = events.iter().map(|event| serde_json::to_string(event).unwrap()).collect();
        let read: Vec<Event> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        prop_assert_eq!(&read, &events);
        let stored = serde_json::to_string(&snapshot).unwrap();
        let snapshot: Option<Incident> = serde_json::from_str(&stored).unwrap();
        // A snapshot meets the events it was made of, and the fold begins anywhere.
        prop_assert_eq!(events.iter().fold(snapshot.clone(), evolve), snapshot);
        prop_assert_eq!(read.iter().fold(None, evolve), events.iter().fold(None, evolve));
    }

    /// Deadlines are delivered in the second they fall due; between them anything may come.
    #[test]
    fn while_raised_the_person_hears_something_every_minute(history in any_history()) {
        let ladder = Ladder::default();
        let (mut incident, mut moves) = (None, history.into_iter());
        let (mut next, mut heard): (_, Option<i64>) = (moves.next(), None);
        let mut due = next.as_ref().map_or(0, |(pause, ..)| *pause);
        for second in 0..3_000i64 {
            let command = match &next {
                Some((_, seen, command)) if due == second => {
                    let given = (expected(incident.as_ref(), *seen), command.clone());
                    next = moves.next();
                    due = second + next.as_ref().map_or(0, |(pause, ..)| (*pause).max(1));
                    Some(given)
                }
                _ => None,
            };
            // A clock set back is another history; here the seconds run on.
            let given = command.filter(|(_, command)| !matches!(command, Command::ClockWentBack { .. }));
            for (seen, command) in given.into_iter().chain([(None, Command::DeadlinePassed)]) {
                let command = arriving(&placed(&command, incident.as_ref()), second);
                let spoke = step(&mut incident, &command, seen, &ladder, at(second)).is_ok_and(|decision| {
                    decision.effects.iter().any(|effect| matches!(effect, Effect::Progress { .. }))
                });
                if spoke {
                    heard = Some(second);
                }
            }
            let raised = incident.as_ref().is_some_and(|incident| matches!(incident.state, State::Raised { .. }));
            if raised {
                let silence_s = second - heard.expect("an incident opens with a word");
                prop_assert!(silence_s < 60, "{silence_s} s without a word");
            }
        }
    }
}

#[test]
fn a_fold_without_a_beginning_is_nothing() {
    let mut incident = None;
    let mut events = Vec::new();
    for (second, command) in
        [(0, press("p-1")), (1, claim("anna")), (2, spoken("anna")), (3, close("anna", false))]
    {
        events.extend(step(&mut incident, &command, None, &Ladder::default(), at(second)).unwrap().events);
    }
    assert_eq!(events.iter().skip(1).fold(None, evolve), None);
    assert!(matches!(events.last().unwrap().what, What::Closed { .. }));
    let other = step(&mut None, &of_kind("f-1", SignalKind::Fall), None, &Ladder::default(), at(9)).unwrap();
    assert_eq!(evolve(incident.clone(), other.events.first().unwrap()), incident, "opened once");
}
