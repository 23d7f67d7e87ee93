//! Once all faults have ended: every alarm reaches a person within the ladder's bound, and the person hears of it meanwhile.

use crate::{
    chance::{Micros, S},
    process::MISSED_AFTER,
    world::{SLACK, WORD_EVERY, World, stamp},
};
use incident::{Incident, Ladder, State, Task};
use model::{IncidentId, Severity, SignalKind, Timestamp};

/// Screens find a process, people reach for the mouse.
const REACTION: Micros = 10 * S;

impl World {
    /// People are there from now on.
    pub(crate) fn expect_people(&mut self) {
        for index in self.checks.open.clone() {
            self.expect_person(index);
        }
    }

    /// By when somebody must have heard of it, by the waits of the ladder alone: not by the deadline that is stored.
    pub(super) fn expect_person(&mut self, index: usize) {
        let is_relieved = self.healed.is_some_and(|healed| self.now >= healed.relief_at);
        let ladder = &self.ladder;
        let Some(shadow) = self.checks.shadows.get_mut(index).filter(|_| is_relieved) else { return };
        let incident = &shadow.incident;
        let has_it = |person: &crate::people::Person| person.is_present && person.holds(incident);
        if self.people.iter().any(has_it) {
            shadow.is_reached = true;
        }
        let longest_s = match &incident.state {
            State::Raised { .. } => longest_wait_s(ladder, incident, stamp(self.now + self.wall_ahead)),
            State::Claimed { answer: Some(_), .. } => ladder.answer_s.max(ladder.repeat_s),
            State::Claimed { .. } => ladder.follow_up_s,
            State::Closed { .. } => return,
        };
        // While a station has it in hand the ladder rests; from when it falls silent on, the ladder goes on.
        if is_in_hand(incident) {
            shadow.reached_by = None;
        } else {
            let by = self.now + Micros::from(longest_s) * S + REACTION;
            shadow.reached_by.get_or_insert(by);
        }
    }

    /// A person who is there heard of it.
    pub(crate) fn check_reached(&mut self, id: &IncidentId) {
        let is_relieved = self.healed.is_some_and(|healed| self.now >= healed.relief_at);
        let index = self.checks.by_id.get(id).copied().filter(|_| is_relieved);
        if let Some(shadow) = index.and_then(|index| self.checks.shadows.get_mut(index)) {
            shadow.is_reached = true;
        }
    }

    pub(crate) fn are_all_reached(&self) -> bool {
        self.checks.open().all(|shadow| shadow.is_reached || !is_waiting(&shadow.incident))
    }

    pub(super) fn check_reached_in_time(&mut self) {
        if !self.is_healed() {
            return;
        }
        let is_late = |by: &Micros| self.now > *by;
        let late = self.checks.open().find(|shadow| {
            !shadow.is_reached
                && is_waiting(&shadow.incident)
                && shadow.reached_by.as_ref().is_some_and(is_late)
        });
        if let Some(why) = late.map(|shadow| format!("nobody has heard of {}", shadow.incident.id)) {
            self.fail("every alarm reaches a human", why);
        }
    }

    /// In a healed world a holder who is gone is missed, and the incident sounds for all.
    pub(super) fn check_missed(&mut self) {
        let Some(healed) = self.healed else { return };
        let mut broken = None;
        for shadow in self.checks.open() {
            let incident = &shadow.incident;
            let Some(holder) = incident.holder().filter(|_| !incident.is_holder_lost()) else { continue };
            let gone =
                self.people.iter().find(|person| person.name == holder.username && person.at.is_none());
            let Some(gone) = gone else { continue };
            let since = (healed.at + 2 * S).max(shadow.held_since).max(gone.left_at);
            if self.now > since + MISSED_AFTER + 3 * SLACK {
                broken = Some(format!(
                    "{} has {}, is gone for {} s, and nobody knows",
                    gone.name,
                    incident.id,
                    (self.now - since) / S
                ));
            }
        }
        if let Some(why) = broken {
            self.fail("who is gone is missed", why);
        }
    }

    /// In a healed world what the platform says every minute is heard every minute.
    pub(super) fn check_words_arrive(&mut self) {
        let Some(healed) = self.healed else { return };
        // What was said before, and waited for the network.
        let from = healed.at + WORD_EVERY;
        let mut broken = None;
        for shadow in self.checks.open() {
            let incident = &shadow.incident;
            let Some(handset) = incident.handset.as_ref().and_then(crate::plan::number_of) else { continue };
            if !matches!(incident.state, State::Raised { .. }) {
                continue;
            }
            let handset = self.handsets.get(&handset).filter(|handset| handset.session > 0);
            let Some(handset) = handset else { continue };
            let heard = handset.told.get(&incident.id).map_or(0, |(_, at)| *at);
            let wait =
                self.now - heard.max(from - WORD_EVERY).max(self.now - (self.healthy - shadow.told_at));
            if self.now > from && wait > WORD_EVERY + 2 * SLACK {
                broken = Some(format!("{} heard nothing of {} for {} s", handset.id, incident.id, wait / S));
            }
        }
        if let Some(why) = broken {
            self.fail("a word every 60 s while unclaimed", why);
        }
    }
}

/// Whether somebody must hear of it, and nobody comes yet: of all that does not wait for the list of the day.
fn is_waiting(incident: &Incident) -> bool {
    incident.severity > Severity::Technical && !is_in_hand(incident)
}

/// Whether a station has said that it comes, and has not fallen silent since.
fn is_in_hand(incident: &Incident) -> bool {
    let has_it = |task: &Task| task.state.is_under_way() && !task.is_silent();
    incident.tasks.iter().any(has_it)
}

/// The longest wait between two steps of the rule that it climbs by.
fn longest_wait_s(ladder: &Ladder, incident: &Incident, now: Timestamp) -> u32 {
    let counts = incident.signals.iter().filter(|signal| !signal.cancel);
    let kinds: Vec<SignalKind> = counts.map(|signal| signal.kind).collect();
    let rule = ladder.rule(incident.severity, &kinds, now);
    let steps = rule.into_iter().flat_map(|rule| rule.steps.iter().chain([&rule.repeat]));
    steps.map(|step| step.after_s).max().unwrap_or_default()
}
