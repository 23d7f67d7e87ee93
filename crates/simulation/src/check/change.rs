//! A change of an incident, as it was committed.

use super::{Shadow, is_more, truth};
use crate::{
    store::Change,
    world::{World, micros},
};
use incident::{Attention, Command, Effect, Event, EventKind, Incident, Stage, State, evolve};
use std::collections::HashMap;

/// What is known of an incident before an event.
struct Before {
    holder: Option<String>,
    is_sounding: bool,
    is_open: bool,
    is_raised: bool,
}

impl Before {
    fn of(incident: Option<&Incident>) -> Self {
        Self {
            holder: incident.and_then(Incident::holder).map(|holder| holder.username.clone()),
            is_sounding: incident.is_some_and(Incident::is_sounding),
            is_open: incident.is_some_and(Incident::is_open),
            is_raised: incident.is_some_and(|incident| matches!(incident.state, State::Raised { .. })),
        }
    }
}

impl World {
    pub(crate) fn check_change(&mut self, process: usize, change: &Change) {
        let id = &change.incident.id;
        self.note(|| {
            let kinds: Vec<_> = change.events.iter().map(|event| event.what.kind().as_str()).collect();
            let state = change.incident.state_name().as_str();
            format!("{id} {} version {} {state}", kinds.join(", "), change.incident.version)
        });
        self.check_not_early(change);
        let known = self.checks.by_id.get(id).copied();
        let mut incident =
            known.and_then(|index| self.checks.shadows.get(index)).map(|one| one.incident.clone());
        let mut truths = HashMap::new();
        let mut is_raised_anew = known.is_none();
        for event in &change.events {
            self.stats.incident_events += 1;
            let before = Before::of(incident.as_ref());
            let version = incident.as_ref().map_or(0, |incident| incident.version);
            if event.version != version + 1 {
                let why = format!("{id}: event {} follows {version}", event.version);
                return self.fail("one history of an incident", why);
            }
            incident = evolve(incident, event);
            let Some(after) = &incident else { continue };
            is_raised_anew |= matches!(after.state, State::Raised { .. }) && !before.is_raised;
            truths.insert(event.version, truth(after));
            self.check_event(&before, event, after);
        }
        let Some(folded) = incident else { return };
        if folded != *change.incident {
            self.fail("the events fold to the snapshot", format!("{id}: they give {folded:?}"));
        }
        if self.store.is_running(id) != folded.is_open() {
            self.fail("a running deadline", format!("{id} is open: {}, and has none", folded.is_open()));
        }
        if let Some(signal) = change.signals.iter().find(|signal| !folded.holds(signal)) {
            self.fail("every press in exactly one incident", format!("{id} does not hold {signal}"));
        }
        let is_told = self.check_effects(change, &truths);
        self.remember(process, change, folded, is_told || is_raised_anew);
    }

    fn check_event(&mut self, before: &Before, event: &Event, after: &Incident) {
        let (id, by, kind) = (&after.id, event.what.by(), event.what.kind().as_str());
        let is_person = by.is_some_and(|by| self.people.iter().any(|person| person.name == by));
        if by.is_some() && !is_person {
            self.fail("nothing but a person acts in a name", format!("{id}: {kind} by {by:?}"));
        }
        if before.is_open && !after.is_open() {
            self.stats.closed += 1;
            if !is_person {
                self.fail("closed by a human alone", format!("{id}: {kind} by {by:?}"));
            }
        }
        let holder = after.holder().map(|holder| &holder.username);
        if let (Some(was), Some(is)) = (&before.holder, holder)
            && was != is
        {
            let is_claim = event.what.kind() == EventKind::Claimed;
            if !is_person || (is_claim && !before.is_sounding) {
                self.fail("never two holders", format!("{id}: {kind} takes it from {was} to {is}"));
            }
        }
    }

    /// Whether the person was told something.
    fn check_effects(&mut self, change: &Change, truths: &HashMap<u64, Stage>) -> bool {
        let mut is_told = false;
        for due in &change.effects {
            if !self.checks.effects.insert(due.id.clone()) {
                self.fail("no effect twice", due.id.clone());
            }
            let Some(truth) = truths.get(&due.version).copied() else {
                self.fail("nothing is done before it is on disk", due.id.clone());
                continue;
            };
            if let Effect::Progress { stage, say, .. } = &due.effect {
                is_told = true;
                if is_more(*stage, truth) {
                    let why = format!("{}: {say} says {stage:?}, and it is {truth:?}", due.id);
                    self.fail("never more than is true", why);
                }
            }
        }
        is_told
    }

    /// A deadline that is set by the clock is not taken before its time.
    fn check_not_early(&mut self, change: &Change) {
        let fired = change.given.iter().any(|given| given.command == Command::DeadlinePassed);
        let Some(shadow) = self.checks.shadow(&change.incident.id).filter(|_| fired) else { return };
        let early = shadow.due_true - (self.now + self.forwarded - shadow.forwarded);
        if early > 0 {
            let why = format!("{} fires {} ms early", change.incident.id, early / 1_000);
            self.fail("no deadline before its time", why);
        }
    }

    fn remember(&mut self, process: usize, change: &Change, folded: Incident, is_told: bool) {
        let clock = micros(self.clock(process));
        let left = folded.due_at().map_or(0, |due| (micros(due) - clock).max(0));
        let is_corrected =
            change.given.iter().any(|given| matches!(given.command, Command::ClockWentBack { .. }));
        let known = self.checks.by_id.get(&folded.id).copied();
        let index = known.unwrap_or_else(|| self.first_seen(&folded));
        let (is_open, is_healed) = (folded.is_open(), self.is_healed());
        let was_open = self.checks.open.contains(&index);
        let Some(shadow) = self.checks.shadows.get_mut(index) else { return };
        shadow.incident = folded;
        if is_told {
            shadow.told_at = self.healthy;
        }
        if is_corrected {
            // What was left is left: the check goes on with what it knew.
            shadow.corrections += 1;
        } else {
            (shadow.due_at, shadow.due_true) = (self.healthy + left, self.now + left);
            (shadow.forwarded, shadow.corrections) = (self.forwarded, 0);
        }
        for due in &change.effects {
            let is_call =
                matches!(&due.effect, Effect::Sound { attention } if *attention > Attention::Operators);
            *shadow.calls.entry(due.version).or_default() += usize::from(is_call);
        }
        match (was_open, is_open) {
            (false, true) => self.checks.open.push(index),
            (true, false) => self.checks.open.retain(|other| *other != index),
            (true, true) | (false, false) => {}
        }
        if is_healed && is_open {
            self.expect_person(index);
        }
    }

    /// Its place among those that the checks know.
    fn first_seen(&mut self, incident: &Incident) -> usize {
        let index = self.checks.shadows.len();
        self.checks.by_id.insert(incident.id.clone(), index);
        self.checks.shadows.push(Shadow {
            incident: incident.clone(),
            told_at: self.healthy,
            due_at: 0,
            due_true: 0,
            forwarded: 0,
            corrections: 0,
            calls: HashMap::new(),
            is_reached: false,
            reached_by: None,
        });
        self.stats.incidents += 1;
        index
    }
}
