//! One resident of a recording, with what is learned of them from day to day.

use crate::companion;
use crate::engine::{Resident, State};
use crate::habits::learn;
use crate::moment::Moment;
use model::{Fix, HandsetId, Timestamp};
use std::sync::Arc;

/// A resident and everything that is remembered of them.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) resident: Resident,
    pub(super) state: State,
    /// Handsets of people who go with them.
    pub(super) companions: Vec<HandsetId>,
    /// Fences about which nothing was to be told until a moment as the recording began.
    pub(super) standing: Vec<(usize, Timestamp)>,
    /// What they have carried so far.
    carried: Vec<HandsetId>,
    /// Their newest fix.
    newest: Option<Fix>,
    /// The fixes of the day that goes on.
    today: Vec<Fix>,
}

impl Person {
    pub(super) fn new(resident: Resident, companions: Vec<HandsetId>) -> Self {
        let (state, standing, carried, newest, today) = Default::default();
        Self { resident, state, companions, standing, carried, newest, today }
    }

    /// Something comes from that handset. What the one before said of itself is not true of one that is carried for the first time;
    /// what comes late from an earlier one changes nothing.
    pub(super) fn carry(&mut self, handset: &HandsetId, now: Timestamp) {
        if self.carried.contains(handset) {
            return;
        }
        if !self.carried.is_empty() {
            self.state.change_handset(now);
        }
        self.carried.push(handset.clone());
    }

    /// Learns each day that is over, and remembers what belongs to the one that goes on.
    pub(super) fn remember(&mut self, fixes: &[Fix]) {
        let policy = self.resident.policy;
        let is_learned = policy.watches_habits() || policy.watches_inactivity();
        for fix in fixes {
            if self.newest.as_ref().is_none_or(|newest| newest.fix_time < fix.fix_time) {
                self.newest = Some(fix.clone());
            }
            if is_learned {
                self.remember_day(fix);
            }
        }
    }

    fn remember_day(&mut self, fix: &Fix) {
        let day = |fix: &Fix| Moment::from(fix.fix_time).local().day;
        if self.today.first().is_some_and(|first| day(first) < day(fix)) {
            let habits = self.resident.habits.get_or_insert_default();
            learn(Arc::make_mut(habits), &self.today);
            self.today.clear();
        }
        if self.today.first().is_none_or(|first| day(first) == day(fix)) {
            self.today.push(fix.clone());
        }
    }

    /// Until when that companion is with them.
    pub(super) fn company(&self, companion: Option<&Fix>) -> Option<Timestamp> {
        companion::near_until(self.newest.as_ref()?, companion?, companion::WITHIN_M)
    }
}
