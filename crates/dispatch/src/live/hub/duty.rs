//! Operators on duty at a screen of this process. While one is, an incident that nobody has calls the operators first and spares the
//! supervisors until the ladder goes on; where none is, the supervisors are called at once.

use super::{Board, FRAMES_HELD, Hub, aged};
use crate::{
    live::{Cursor, Frame},
    view::IncidentView,
};
use incident::{Attention, Incident, Ladder};
use model::{IncidentId, Timestamp};
use std::{cmp::Reverse, sync::Arc};

/// Of so many incidents supervisors are told at once that no operator is left: each is encoded while the board stands still, and no
/// screen may fall behind over it. The others call them with the ladder's next step.
const CALLED_AT_ONCE: usize = FRAMES_HELD / 4;

impl Board {
    /// Whether supervisors are to hear an incident that nobody has. Only the ladder's first step spares them, and whom it has called it
    /// goes on calling: nobody's bell stops because somebody else sat down.
    pub(super) fn calls_supervisors(&self, incident: &Incident, now: Timestamp) -> bool {
        let was_called = self.incidents.get(&incident.id).is_some_and(|view| view.calls_supervisors);
        was_called
            || self.on_duty == 0
            || incident.attention() == Attention::Everyone
            || self.ladder.calls_everyone_at_once(incident, now)
    }

    /// Whether supervisors are called about what is shown now: it is open, nobody has it, and no operator is on duty or they are
    /// called already.
    pub(super) fn calls_them_on(&self, id: &IncidentId, view: &IncidentView) -> bool {
        let is_for_somebody = view.holder.is_none() && view.closed.is_none();
        let was_called = || self.incidents.get(id).is_some_and(|shown| shown.calls_supervisors);
        is_for_somebody && (self.on_duty == 0 || was_called())
    }
}

impl Hub {
    /// From now on incidents call by this ladder.
    pub(crate) fn call_by(&self, ladder: Arc<Ladder>) {
        self.locked().ladder = ladder;
    }

    /// What a screen counts itself by; until it says so nobody is on duty there.
    pub(crate) fn duty(&self) -> Duty {
        Duty { hub: self.clone(), is_on: false }
    }

    /// What supervisors are called about in the ladder's first step, for those who come back: that no operator was left stands in no
    /// log.
    pub(super) fn calling_supervisors(&self, cursor: &Cursor, now: Timestamp) -> Vec<Frame> {
        let board = self.locked();
        let views = board.incidents.values();
        let calling = views.filter(|view| is_at_first_step(view) && view.calls_supervisors);
        calling.map(|view| Frame::incident(cursor, &aged(view, now), now)).collect()
    }

    fn duty_changed(&self, is_on: bool) {
        let mut board = self.locked();
        if is_on {
            board.on_duty = board.on_duty.saturating_add(1);
            return;
        }
        board.on_duty = board.on_duty.saturating_sub(1);
        if board.on_duty > 0 {
            return;
        }
        // Told under the lock, as all that changes the board.
        let (cursor, now) = (self.cursor(board.row), self.now());
        let spared = board.incidents.values_mut();
        let mut calling: Vec<&IncidentView> = Vec::new();
        for view in spared.filter(|view| is_at_first_step(view) && !view.calls_supervisors) {
            view.calls_supervisors = true;
            if view.sounding {
                calling.push(view);
            }
        }
        calling.sort_by_key(|view| Reverse(view.opened_at));
        for view in calling.into_iter().take(CALLED_AT_ONCE) {
            self.tell(Frame::incident(&cursor, &aged(view, now), now));
        }
    }
}

/// Whether nobody has it and the ladder stands at its first step.
fn is_at_first_step(view: &IncidentView) -> bool {
    view.holder.is_none() && view.closed.is_none() && view.attention == Attention::Operators
}

/// Whether an operator is on duty at a screen; once this is dropped none is.
#[derive(Debug)]
pub(crate) struct Duty {
    hub: Hub,
    is_on: bool,
}

impl Duty {
    /// Somebody is, or is not.
    pub(crate) fn set(&mut self, is_on: bool) {
        if is_on != self.is_on {
            self.is_on = is_on;
            self.hub.duty_changed(is_on);
        }
    }
}

impl Drop for Duty {
    fn drop(&mut self) {
        self.set(false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Shared, health::Health, view::HolderView};
    use access::Role;
    use bus::InProcess;
    use model::{HandsetId, Signal, SignalId, SignalKind};
    use store::{Clock, Database, Keys, Store};

    /// A hub with nothing on its board.
    async fn hub() -> Hub {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("jujiale.db").display());
        let (database, keys) = (Database::from_url(&url).unwrap(), Keys::fresh().unwrap());
        let (store, _writer) = Store::open(&database, keys, None).await.unwrap();
        let bus = Arc::new(InProcess::default());
        Hub::open(Shared { store, bus, clock: Clock::start(), health: Health::default() }).await.unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + second).unwrap()
    }

    fn id(nth: usize) -> IncidentId {
        IncidentId::new(format!("i-{nth:04}")).unwrap()
    }

    /// A press as it was shown while an operator was on duty.
    fn spared(nth: usize, opened_at: Timestamp) -> IncidentView {
        let (resident, late_by_s, remarks, fix, caller, words, graver, evidence) = Default::default();
        let signal = Signal {
            id: SignalId::from_cause("test", &[nth.to_string().as_str()]),
            kind: SignalKind::Press,
            handset: HandsetId::new("h1").ok(),
            resident,
            press_id: None,
            cancel: false,
            at: opened_at,
            received_at: opened_at,
            late_by_s,
            remarks,
            fix,
            caller,
            words,
            graver,
            evidence,
        };
        IncidentView {
            id: id(nth).to_string(),
            unsaved: false,
            attention: Attention::Operators,
            calls_supervisors: false,
            ..IncidentView::unsaved(&signal, None, opened_at)
        }
    }

    fn calls(hub: &Hub, nth: usize) -> bool {
        hub.locked().incidents.get(&id(nth)).unwrap().calls_supervisors
    }

    #[tokio::test]
    async fn what_was_looked_up_while_somebody_was_on_duty_calls_supervisors_once_nobody_is() {
        let hub = hub().await;
        let mut duty = hub.duty();
        duty.set(true);
        hub.put(1, id(1), spared(1, at(0)));
        assert!(!calls(&hub, 1));
        duty.set(false);
        assert!(calls(&hub, 1));
        hub.put(2, id(2), spared(2, at(1)));
        assert!(calls(&hub, 2), "the last one has gone meanwhile");
        duty.set(true);
        hub.put(3, id(1), spared(1, at(0)));
        assert!(calls(&hub, 1), "nobody's bell stops because somebody else sat down");
        let holder = Some(HolderView { username: "anna".to_owned(), since: at(2) });
        hub.put(4, id(1), IncidentView { holder, ..spared(1, at(0)) });
        assert!(!calls(&hub, 1), "somebody has it");
        hub.put(5, id(3), spared(3, at(3)));
        assert!(!calls(&hub, 3));
    }

    #[tokio::test]
    async fn when_the_last_one_goes_the_newest_call_at_once_and_what_is_silent_does_not() {
        let hub = hub().await;
        let mut duty = hub.duty();
        duty.set(true);
        let most = 2 * CALLED_AT_ONCE;
        for nth in 0..=most {
            let opened_at = at(i64::try_from(nth).unwrap());
            // The newest of all sounds no more.
            let view = IncidentView { sounding: nth < most, ..spared(nth, opened_at) };
            hub.locked().incidents.insert(id(nth), view);
        }
        let mut frames = hub.subscribe(Role::Supervisor);
        duty.set(false);
        let mut told = Vec::new();
        while let Ok(frame) = frames.try_recv() {
            told.push(frame);
        }
        assert_eq!(told.len(), CALLED_AT_ONCE);
        let is_about = |frame: &Frame, nth| frame.text.contains(id(nth).as_str());
        assert!(is_about(&told[0], most - 1) && is_about(&told[CALLED_AT_ONCE - 1], CALLED_AT_ONCE));
        assert!(calls(&hub, 0) && calls(&hub, most), "whoever opens a screen now sees all of them call");
    }
}
