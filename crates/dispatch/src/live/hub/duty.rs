//! Operators on duty at a screen of this process. While one is, an incident that nobody has calls the operators first and spares the
//! supervisors until the ladder goes on; where none is, the supervisors are called at once.

use super::{Board, Hub, aged};
use crate::{
    live::{Cursor, Frame},
    view::IncidentView,
};
use incident::{Attention, Incident, Ladder};
use model::Timestamp;
use std::sync::Arc;

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
        let views = board.incidents.values_mut();
        for view in views.filter(|view| is_at_first_step(view) && !view.calls_supervisors) {
            view.calls_supervisors = true;
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
