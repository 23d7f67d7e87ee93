//! What is no news of somebody who is away as planned.

use model::{Signal, SignalKind};

/// What follows from a press or a fall, though it is told as a silence or as a rest: whoever called for help and is heard no more, and
/// whoever fell and does not get up.
const NEVER_QUIET: [&str; 2] = ["silence/after_press", "body/still_after_fall"];

/// Whether a signal only says that nobody is at home, moves, or answers there: who is in hospital does none of it. A press, a
/// fall and what follows from either, a call, and whatever says that somebody is where there is danger, are never quiet.
pub fn is_quiet_while_away(signal: &Signal) -> bool {
    let rule = signal.evidence.as_ref().map_or("", |evidence| evidence.rule.as_str());
    match signal.kind {
        SignalKind::Overdue
        | SignalKind::Inactivity
        | SignalKind::Silence
        | SignalKind::LowBattery
        | SignalKind::TakenOff => !NEVER_QUIET.contains(&rule),
        SignalKind::Press
        | SignalKind::Call
        | SignalKind::Fall
        | SignalKind::Wandering
        | SignalKind::FenceExit
        | SignalKind::ZoneEntry
        | SignalKind::LoginRefused
        | SignalKind::TwoPlaces => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Evidence, Severity, SignalId, Timestamp};

    fn signal(kind: SignalKind, rule: &str) -> Signal {
        let (handset, resident, press_id, fix, caller, words, graver) = Default::default();
        let (cancel, late_by_s, remarks) = Default::default();
        let (at, received_at) = (Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH);
        let evidence = Evidence { rule: rule.to_owned(), ..Evidence::default() };
        Signal {
            id: SignalId::from_cause("test", &[rule]),
            kind,
            handset,
            resident,
            press_id,
            cancel,
            at,
            received_at,
            late_by_s,
            remarks,
            fix,
            caller,
            words,
            graver,
            evidence: Some(Box::new(evidence)),
        }
    }

    #[test]
    fn nothing_on_which_a_life_depends_is_quiet() {
        for (kind, rule) in [
            (SignalKind::Silence, "silence/offline"),
            (SignalKind::Silence, "silence/outside"),
            (SignalKind::Overdue, "fence/home_by"),
            (SignalKind::Inactivity, "body/no_movement"),
            (SignalKind::Inactivity, "body/not_up"),
        ] {
            assert!(is_quiet_while_away(&signal(kind, rule)) && kind.severity() < Severity::Urgent, "{rule}");
        }
        for (kind, rule) in [
            (SignalKind::Press, ""),
            (SignalKind::Call, ""),
            (SignalKind::Fall, "fall/not_judged"),
            (SignalKind::Wandering, "wandering/night"),
            (SignalKind::FenceExit, "fence/exit"),
            (SignalKind::ZoneEntry, "zone/entry"),
            (SignalKind::Silence, "silence/after_press"),
            (SignalKind::Inactivity, "body/still_after_fall"),
        ] {
            assert!(!is_quiet_while_away(&signal(kind, rule)), "{kind:?} {rule}");
        }
    }
}
