//! One resident with all that is remembered of them, and how an event is taken.

use crate::{
    company::Company,
    count_passed_over,
    known::{LATELY, Person},
    source::{Arrived, Happening},
};
use geofence::{Event, Kind, Remembered, Signal, State, World, next_deadline, step};
use incident::Return;
use model::{ResidentId, Timestamp};
use std::panic::{AssertUnwindSafe, catch_unwind};
use store::{FenceReturn, Places, Snoozed, StoredState};

/// Deadlines taken in one go; one that does not move on would be taken for ever.
const TICKS: usize = 64;

/// From when until when.
pub(crate) type Span = (Timestamp, Timestamp);

/// A resident who is watched.
#[derive(Debug)]
pub(crate) struct Watched {
    person: Person,
    state: State,
    company: Company,
    /// The end of the last planned absence that was taken.
    away_until: Timestamp,
    /// Up to where the state holds.
    pub(crate) places: Places,
    /// Up to where what is on disk holds.
    pub(crate) kept: Places,
    /// Since when there is something that is not on disk.
    pub(crate) unsaved_since: Option<Timestamp>,
    /// Counts what was taken, to see whether something came while a state was being written.
    pub(crate) taken: u64,
}

impl Watched {
    /// Somebody of whom nothing is remembered.
    pub(crate) fn new(person: Person, places: Places) -> Self {
        let (state, company) = (State::default(), Company::default());
        let away_until = Timestamp::MIN;
        Self { person, state, company, away_until, places, kept: places, unsaved_since: None, taken: 0 }
    }

    /// Takes up what is on disk.
    pub(crate) fn remember(&mut self, stored: &StoredState, world: &World, now: Timestamp) {
        self.places = stored.places;
        self.kept = stored.places;
        match serde_json::from_str::<Remembered>(&stored.document) {
            Ok(remembered) => {
                // Where it was not written down, only what ended lately is news, or all absences there ever were would be.
                let lately = now.checked_sub(LATELY).unwrap_or(Timestamp::MIN);
                self.away_until = remembered.away_until().unwrap_or(lately);
                let is_other_handset = remembered.carried_other(self.person.handset.as_ref());
                let watches_zones = self.person.resident.policy.watches_zones();
                let is_other_policy = remembered.watched_zones_otherwise(watches_zones);
                self.state = remembered.restore(&self.person.fences, &world.zones, |_| false);
                if !self.person.is_tracked {
                    // Written before the news that they are not tracked any more was heard.
                    self.state.forget_ways();
                    self.unsaved_since = Some(Timestamp::MIN);
                }
                if is_other_handset {
                    self.state.change_handset(now);
                }
                if is_other_policy {
                    self.watch_zones(world);
                }
            }
            Err(error) => {
                tracing::error!(event = "watch_state_unreadable", resident = %stored.resident, %error,
                    "this resident is watched anew");
            }
        }
    }

    /// Whether nothing about the person is other than was known.
    pub(crate) fn is(&self, person: &Person) -> bool {
        self.person == *person
    }

    /// Whether the positions of that person may be kept where those of this one might not, or the other way round.
    pub(crate) fn is_tracked_otherwise(&self, person: &Person) -> bool {
        self.person.is_tracked != person.is_tracked
    }

    /// Something comes that will not be on disk for a while; what came until `through` is there.
    pub(crate) fn touch(&mut self, at: Timestamp, through: Places) {
        if self.unsaved_since.is_none() {
            (self.unsaved_since, self.kept) = (Some(at), through);
        }
    }

    /// Fences, policy or handset are others now. With the consent to tracking goes what was seen, and with a new one nothing is
    /// taken for stillness that was not seen. What one handset said of itself is not true of another, and zones that are watched
    /// from now on are no news of whoever lives there.
    pub(crate) fn become_other(&mut self, person: Person, world: &World, now: Timestamp) {
        let remembered = Remembered::of(&self.state, &self.person.fences, &world.zones);
        self.state = remembered.restore(&person.fences, &world.zones, |_| false);
        if self.is_tracked_otherwise(&person) {
            self.state.forget_ways();
        }
        if self.person.handset != person.handset {
            self.state.change_handset(now);
        }
        let watched_zones = self.person.resident.policy.watches_zones();
        let was_missed = self.person.resident.heartbeat_s.is_some();
        self.company.keep(&person.companions);
        self.person = person;
        if self.person.resident.policy.watches_zones() != watched_zones {
            self.watch_zones(world);
        }
        if !was_missed && self.person.resident.heartbeat_s.is_some() {
            self.state.supervise_anew(now);
        }
        self.supervise(now);
    }

    /// Zones are watched from now on, or no more.
    fn watch_zones(&mut self, world: &World) {
        let Person { resident, .. } = &self.person;
        let zones = resident.policy.watches_zones().then_some(&world.zones);
        self.state.watch_zones(zones, &resident.fences);
    }

    /// A handset that is carried and has an interval should be heard, also one that never was.
    pub(crate) fn supervise(&mut self, now: Timestamp) {
        if self.person.handset.is_some() && self.person.resident.heartbeat_s.is_some() {
            self.state.supervise(now);
        }
    }

    /// The zones or the rules are others now.
    pub(crate) fn change_world(&mut self, before: &World, after: &World) {
        let remembered = Remembered::of(&self.state, &self.person.fences, &before.zones);
        let is_new = |id: &str| before.zones.number(id).is_none();
        self.state = remembered.restore(&self.person.fences, &after.zones, is_new);
    }

    /// Whether the event is in the state already.
    pub(crate) fn holds(&self, arrived: &Arrived) -> bool {
        let through = match &arrived.what {
            Happening::Fixes(_) | Happening::Company(..) => self.places.fix,
            Happening::Status(_) | Happening::Heard => self.places.message,
            Happening::Press | Happening::Fall(_) => self.places.signal,
        };
        arrived.place <= through
    }

    /// Takes what arrived, after every deadline until then.
    pub(crate) fn take(&mut self, world: &World, arrived: &Arrived, told: &mut Vec<Signal>) {
        self.run_until(world, arrived.received_at, Timestamp::MIN, told);
        let until = self.company_until(&arrived.what).filter(|until| *until > arrived.received_at);
        if let Some(until) = until {
            self.step(world, Event::Companion { until }, arrived.received_at, told);
        }
        let event = match &arrived.what {
            Happening::Fixes(fixes) => Event::Fixes(fixes),
            Happening::Status(status) => Event::Status(*status),
            Happening::Heard => Event::Heard,
            Happening::Press => Event::Press,
            Happening::Fall(at) => Event::Fall { at: *at },
            Happening::Company(..) => return,
        };
        self.step(world, event, arrived.received_at, told);
    }

    /// Until when a companion is near, where what arrived bears on it.
    fn company_until(&mut self, what: &Happening) -> Option<Timestamp> {
        if self.person.companions.is_empty() {
            return None;
        }
        match what {
            Happening::Fixes(fixes) => self.company.walk(fixes),
            Happening::Company(handset, fix) if self.person.companions.contains(handset) => {
                self.company.meet(handset, fix)
            }
            Happening::Company(..)
            | Happening::Status(_)
            | Happening::Heard
            | Happening::Press
            | Happening::Fall(_) => None,
        }
    }

    /// Takes the deadlines up to a moment, none as if it were before `not_before`: of those that passed while the platform was
    /// down one is told, and not all.
    pub(crate) fn run_until(
        &mut self,
        world: &World,
        until: Timestamp,
        not_before: Timestamp,
        told: &mut Vec<Signal>,
    ) {
        for _ in 0..TICKS {
            let Some(due) = self.deadline().filter(|due| *due <= until) else { return };
            self.step(world, Event::Tick, due.max(not_before), told);
        }
    }

    /// A step that panics is this resident's alone: what was remembered is given up and the others go on.
    pub(crate) fn step(&mut self, world: &World, event: Event<'_>, now: Timestamp, told: &mut Vec<Signal>) {
        let (person, state, before) = (&self.person.resident, &mut self.state, told.len());
        match catch_unwind(AssertUnwindSafe(|| step(world, person, state, event, now, told))) {
            Ok(passed) => passed.into_iter().for_each(|why| count_passed_over(why.as_str())),
            Err(_panic) => {
                tracing::error!(event = "watch_step_panicked", resident = %person.id, "this resident is watched anew");
                metrics::counter!("jujiale_watch_panics_total").increment(1);
                told.truncate(before);
                self.state = State::default();
            }
        }
        self.taken = self.taken.wrapping_add(1);
    }

    /// When it must be looked at although nothing comes.
    pub(crate) fn deadline(&self) -> Option<Timestamp> {
        next_deadline(&self.state)
    }

    /// They were away as planned for these times, and are expected again: what was told meanwhile and still holds is told once more,
    /// however many they are. An absence that was taken before is no news.
    pub(crate) fn expect(&mut self, world: &World, spans: &[Span], now: Timestamp, told: &mut Vec<Signal>) {
        // To the millisecond, which is what a state keeps of it.
        let known = self.away_until.as_millisecond();
        let is_news = |(_, to): &Span| to.as_millisecond() > known;
        let news: Vec<Span> = spans.iter().copied().filter(is_news).collect();
        let Some(to) = news.iter().map(|(_, to)| *to).max() else { return };
        self.away_until = to;
        self.step(world, Event::Expected { away: &news }, now, told);
    }

    /// Repeats about this are not wanted before a moment, where it was told of before another. What was raised since is news.
    pub(crate) fn snooze(&mut self, world: &World, about: &Snoozed, from: Timestamp, until: Timestamp) {
        let is_known = |raised_at: Option<Timestamp>| raised_at.is_some_and(|raised_at| raised_at <= from);
        match about {
            Snoozed::Fence(id) => {
                let number = self.person.fences.iter().position(|known| known.id == *id);
                let Some(number) = number.filter(|number| is_known(self.state.raised_at(*number))) else {
                    return;
                };
                self.state.snooze(number, from, until);
            }
            Snoozed::Zone(id) => {
                let zone = world.zones.number(id);
                let Some(zone) = zone.filter(|zone| is_known(self.state.zone_raised_at(*zone))) else {
                    return;
                };
                self.state.snooze_zone(zone, from, until);
            }
        }
        self.taken = self.taken.wrapping_add(1);
    }

    /// A number that changes when they change sides of a fence.
    pub(crate) fn sides(&self) -> u64 {
        self.state.sides()
    }

    /// What has changed is shown to people, and is written down with the next states.
    pub(crate) fn hurry(&mut self) {
        self.unsaved_since = self.unsaved_since.map(|_| Timestamp::MIN);
    }

    /// As the rest of the platform knows what was told.
    pub(crate) fn signals(&self, told: &[Signal]) -> Vec<model::Signal> {
        told.iter().filter_map(|signal| signal.to_model(self.person.handset.clone())).collect()
    }

    /// And who came back.
    pub(crate) fn returns(&self, told: &[Signal]) -> Vec<FenceReturn> {
        let back = told.iter().filter(|signal| signal.kind == Kind::FenceReturn);
        back.map(|signal| FenceReturn {
            resident: self.person.resident.id.clone(),
            of: Return {
                id: signal.id.clone(),
                fence: signal.fence.clone(),
                zone: signal.zone.clone(),
                since: signal.since,
                why: signal.evidence.why.clone(),
            },
            at: signal.at,
        })
        .collect()
    }

    /// What is written down of it.
    pub(crate) fn stored(&self, id: &ResidentId, world: &World) -> StoredState {
        let remembered = Remembered::of(&self.state, &self.person.fences, &world.zones);
        let remembered = remembered
            .carrying(self.person.handset.clone())
            .back_since(self.away_until)
            .watching_zones(self.person.resident.policy.watches_zones());
        let document = serde_json::to_string(&remembered).unwrap_or_default();
        StoredState { resident: id.clone(), document, places: self.places, due: self.deadline() }
    }

    /// What was written when so much had been taken is on disk.
    pub(crate) fn is_kept(&mut self, places: Places, taken: u64, now: Timestamp) {
        self.kept = places;
        self.unsaved_since = (self.taken != taken).then_some(now);
    }
}

#[cfg(test)]
#[path = "resident_tests.rs"]
mod tests;
