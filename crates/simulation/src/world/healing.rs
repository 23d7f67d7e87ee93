//! All faults end. From then on it is known by when what has to happen must have happened.

use super::World;
use crate::{
    agenda::Happening,
    chance::{Micros, S},
    people::Role,
};

/// Sessions are back, and every press has been repeated and receipted.
const RECEIPT_WITHIN: Micros = 40 * S;
/// The longest time that the person may hear nothing while nobody has claimed it.
pub(crate) const WORD_EVERY: Micros = 60 * S;
/// Looks come every 250 ms, then a decision, a commit, and after a lost race all that again.
pub(crate) const SLACK: Micros = 3 * S;
/// Nobody is at the desk for so long in some worlds, to see that the person hears it.
const NOBODY_FOR: Micros = 150 * S;
/// Nothing takes longer than this: the longest wait of the ladder, and room.
const DONE_WITHIN: Micros = 900 * S;

/// How a world was healed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Healed {
    pub(crate) at: Micros,
    /// When people come to the desk.
    pub(crate) relief_at: Micros,
    receipts_by: Micros,
}

impl World {
    pub(crate) fn is_healed(&self) -> bool {
        self.healed.is_some()
    }

    pub(super) fn heal(&mut self) {
        self.plan.heal();
        let now = self.now;
        let is_deserted = self.chance.hits(250);
        let relief_at = now + if is_deserted { NOBODY_FOR } else { 2 * S };
        let most = self.handsets.values().map(crate::handset::Handset::waiting).max().unwrap_or(0);
        let receipts_by = now + RECEIPT_WITHIN * i64::try_from(most.max(1)).unwrap_or(1);
        self.healed = Some(Healed { at: now, relief_at, receipts_by });
        self.note(|| "all faults end".to_owned());
        (self.store_back, self.network_back, self.gateway.down_until) = (now, now, now);
        self.cut_handsets.clear();
        for index in 0..self.processes.len() {
            self.revive(index);
        }
        for what in std::mem::take(&mut self.held) {
            self.plan_at(now, what);
        }
        let numbers: Vec<u32> = self.handsets.keys().copied().collect();
        for number in numbers {
            self.wake(number);
            self.plan_in(2 * S, Happening::Reconnect { handset: number });
        }
        for person in 0..self.people.len() {
            self.leaves(person);
        }
        for person in &mut self.people {
            person.is_present = false;
        }
        self.plan_at(relief_at, Happening::Relief);
        self.plan_in(DONE_WITHIN, Happening::Wait);
    }

    /// Somebody comes: everybody, one operator, or only the supervisor.
    pub(super) fn relieve(&mut self) {
        let who = self.chance.below(3);
        let one = self.chance.below(self.plan.operators);
        for (index, person) in self.people.iter_mut().enumerate() {
            person.is_present = match (who, &person.role) {
                (0, _) => true,
                (1, Role::Operator) => index == one,
                (2, role) => *role == Role::Supervisor,
                _ => false,
            };
        }
        for person in 0..self.people.len() {
            if self.people.get(person).is_some_and(|person| person.is_present) {
                let wait = self.chance.between(0, S);
                self.plan_in(wait, Happening::Connect { person });
            }
        }
        self.expect_people();
    }

    /// Nobody comes to a healed desk by chance.
    pub(super) fn may_come(&self) -> bool {
        self.healed.is_none_or(|healed| self.now >= healed.relief_at)
    }

    /// Whether everything that had to come came; says so if something is overdue.
    pub(super) fn is_done(&mut self) -> bool {
        let Some(healed) = self.healed else { return false };
        let waiting = self.handsets.values().find(|handset| handset.waiting() > 0);
        if let Some(handset) = waiting
            && self.now > healed.receipts_by
        {
            let why = format!("{} still repeats a press", handset.id);
            self.fail("every press gets its receipt", why);
            return true;
        }
        if self.now >= healed.at + DONE_WITHIN && self.store.has_unread() {
            let why = "signals still wait in the log".to_owned();
            self.fail("every press in exactly one incident", why);
            return true;
        }
        if self.now >= healed.at + DONE_WITHIN {
            let why = "something still waits long after everything was healed".to_owned();
            self.fail("every alarm reaches a human", why);
            return true;
        }
        let is_asked = self.store.calls.iter().all(|call| call.is_done);
        waiting.is_none()
            && self.now > healed.relief_at
            && !self.store.has_unread()
            && is_asked
            && self.are_all_reached()
    }
}
