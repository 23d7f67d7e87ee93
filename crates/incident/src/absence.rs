//! What is no news of somebody who is away as planned.

use model::SignalKind;

/// Whether a signal of this kind only says that nobody is at home, moves, or answers there: who is in hospital does none of
/// it. A press, a fall, a call, and whatever says that somebody is where there is danger, are never quiet.
pub fn is_quiet_while_away(kind: SignalKind) -> bool {
    match kind {
        SignalKind::Overdue
        | SignalKind::Inactivity
        | SignalKind::Silence
        | SignalKind::LowBattery
        | SignalKind::TakenOff => true,
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
    use model::Severity;

    #[test]
    fn nothing_on_which_a_life_depends_is_quiet() {
        for kind in [SignalKind::Silence, SignalKind::Overdue, SignalKind::Inactivity] {
            assert!(is_quiet_while_away(kind) && kind.severity() < Severity::Urgent, "{kind:?}");
        }
        let loud = [
            SignalKind::Press,
            SignalKind::Call,
            SignalKind::Fall,
            SignalKind::Wandering,
            SignalKind::FenceExit,
            SignalKind::ZoneEntry,
        ];
        assert!(!loud.into_iter().any(is_quiet_while_away));
    }
}
