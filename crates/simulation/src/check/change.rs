//! A change of an incident, as it was committed.

use super::{
    Shadow, WINDOW_OVER, is_more, truth,
    words::{may_name_operator, names_operator},
};
use crate::{
    chance::S,
    store::Change,
    world::{World, micros},
};
use incident::{Attention, Callee, Command, Effect, Event, EventKind, Incident, Stage, State, What, evolve};
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
            truths.insert(event.version, (truth(after), may_name_operator(after)));
            self.check_event(&before, event, after);
            self.check_next_station(change, event, after);
        }
        let Some(folded) = incident else { return };
        if folded != *change.incident {
            self.fail("the events fold to the snapshot", format!("{id}: they give {folded:?}"));
        }
        if self.store.is_running(id) != folded.is_open() {
            self.fail("a running deadline", format!("{id} is open: {}, and has none", folded.is_open()));
        }
        self.check_drill(change, &folded);
        let mut placed = change.signals.iter().chain(&change.moved);
        if let Some(signal) = placed.find(|signal| !folded.holds(signal)) {
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
        if event.what.kind() == EventKind::HolderLost {
            self.check_gone(after);
        }
        if let What::MergedFrom { from, .. } = &event.what {
            self.check_carried(from, after);
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
    fn check_effects(&mut self, change: &Change, truths: &HashMap<u64, (Stage, bool)>) -> bool {
        let mut is_told = false;
        for due in &change.effects {
            if !self.checks.effects.insert(due.id.clone()) {
                self.fail("no effect twice", due.id.clone());
            }
            let Some((truth, may_name_operator)) = truths.get(&due.version).copied() else {
                self.fail("nothing is done before it is on disk", due.id.clone());
                continue;
            };
            if let Effect::Progress { stage, say, .. } = &due.effect {
                is_told = true;
                if is_more(*stage, truth) {
                    let why = format!("{}: {say} says {stage:?}, and it is {truth:?}", due.id);
                    self.fail("never more than is true", why);
                }
                if names_operator(say) && !may_name_operator {
                    self.fail("never more than is true", format!("{}: {say}, and nobody has it", due.id));
                }
            }
        }
        is_told
    }

    /// A deadline that is set by the clock is not taken before its time.
    fn check_not_early(&mut self, change: &Change) {
        let fired = change.given.iter().any(|given| given.is(|command| *command == Command::DeadlinePassed));
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
        let is_corrected = |given: &crate::store::Given| {
            given.is(|command| matches!(command, Command::ClockWentBack { .. }))
        };
        let is_corrected = change.given.iter().any(is_corrected);
        let known = self.checks.by_id.get(&folded.id).copied();
        let index = known.unwrap_or_else(|| self.first_seen(&folded));
        let (is_open, is_healed) = (folded.is_open(), self.is_healed());
        let was_open = self.checks.open.contains(&index);
        let mut broken = None;
        let now = self.now;
        let Some(shadow) = self.checks.shadows.get_mut(index) else { return };
        // A request of the holder's own may come late: who is still gone is missed anew.
        let is_called_off = shadow.incident.is_holder_lost() && !folded.is_holder_lost();
        if is_called_off || shadow.incident.holder() != folded.holder() {
            shadow.held_since = now;
        }
        shadow.incident = folded;
        let is_asked = |event: &&Event| matches!(&event.what, What::Dispatched { by, .. } if by.is_empty());
        shadow.asked += change.events.iter().filter(is_asked).count();
        shadow.wanted += change.effects.iter().filter(|due| wants_station(&due.effect)).count();
        let (wanted, asked) = (shadow.wanted, shadow.asked);
        if is_told {
            (shadow.told_at, shadow.told_steps) = (self.healthy, self.clock_steps);
        }
        // When it was only corrected, what was left is left: the check goes on with what it knew.
        if !is_corrected {
            (shadow.due_at, shadow.due_true) = (self.healthy + left, self.now + left);
            (shadow.forwarded, shadow.clock_steps) = (self.forwarded, self.clock_steps);
        }
        if asked > wanted {
            broken = Some(format!(
                "{}: the ladder asked for {wanted} stations, and {asked} were asked",
                change.incident.id
            ));
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
        if let Some(why) = broken {
            self.fail("no station that the ladder did not ask for", why);
        }
    }

    /// A test is within its window, and nothing real is in a test.
    fn check_drill(&mut self, change: &Change, folded: &Incident) {
        let arrived = folded.signals.iter().filter(|signal| change.signals.contains(&signal.id));
        let wrong = arrived.filter(|signal| self.store.is_drill(signal, true) != folded.drill);
        let wrong: Vec<String> = wrong.map(|signal| signal.id.to_string()).collect();
        if let Some(signal) = wrong.first() {
            let why = format!("{} is a drill: {}, and {signal} is in it", folded.id, folded.drill);
            self.fail("a drill is a drill within its window alone", why);
        }
        if !folded.drill {
            return;
        }
        // What the store knows of a window goes by clocks that are set.
        let arrived = folded.signals.iter().filter(|signal| change.signals.contains(&signal.id));
        let over = arrived.filter_map(|signal| signal.handset.as_ref()).find(|handset| {
            let ends_at = self.checks.windows.get(*handset);
            ends_at.is_none_or(|ends_at| self.now - ends_at > WINDOW_OVER)
        });
        if let Some(handset) = over {
            let why = format!("{} is a drill, and the window of {handset} is long over", folded.id);
            self.fail("a drill is a drill within its window alone", why);
        }
    }

    /// Whoever is missed is not there.
    fn check_gone(&mut self, incident: &Incident) {
        let Some(holder) = incident.holder() else { return };
        let since = self.people.iter().find(|person| person.name == holder.username);
        let is_there = since.is_some_and(|person| {
            // Between the look and the commit somebody may come back.
            person.at.is_some() && self.now - person.there_since > 30 * S
        });
        if is_there {
            let why = format!("{}: {} is there and missed", incident.id, holder.username);
            self.fail("who is there is not missed", why);
        }
    }

    /// Its place among those that the checks know.
    fn first_seen(&mut self, incident: &Incident) -> usize {
        let index = self.checks.shadows.len();
        self.checks.by_id.insert(incident.id.clone(), index);
        self.checks.shadows.push(Shadow {
            incident: incident.clone(),
            told_at: self.healthy,
            told_steps: self.clock_steps,
            due_at: 0,
            due_true: 0,
            forwarded: 0,
            clock_steps: 0,
            calls: HashMap::new(),
            wanted: 0,
            asked: 0,
            held_since: self.now,
            is_reached: false,
            reached_by: None,
        });
        self.stats.incidents += 1;
        index
    }
}

fn wants_station(effect: &Effect) -> bool {
    match effect {
        Effect::NextStation => true,
        Effect::Call { callees, .. } => callees.contains(&Callee::Station),
        Effect::Sound { .. } | Effect::Progress { .. } | Effect::LastWord { .. } => false,
    }
}
