//! One resident's whole watch: everything the other modules decide, put together.
//!
//! [`step`] takes one event and says what it means, as [`Signal`]s. It is a function of its arguments: the world (zones, rules),
//! the resident (fences, policy, handset), the state, the event and the clock. The state can be written down and read
//! again between any two events. [`next_deadline`] says when to come back with [`Event::Tick`] if nothing happens.
//!
//! The order within an event: what was heard is noted, fixes are taken one by one in the order of their own time, and
//! only then it is judged what there is to tell, so that a batch tells once and by its newest fix. What arrives long after it
//! happened is judged once it has come in whole (`late`).

mod back;
#[cfg(test)]
mod bound_tests;
mod carried;
mod change;
mod crossing;
mod crowd;
mod edges;
mod fixes;
mod late;
mod look;
mod passed;
mod place;
mod remembered;
mod ride;
mod sentence;
mod state;
mod tell;

pub use carried::Carried;
pub use change::{Change, Was};
pub use crowd::{Arrived, Crowd, Slot};
pub use look::{Standing, standing};
pub use passed::PassedOver;
pub use remembered::{FenceKey, Remembered};
pub use state::State;

use crate::fence::Fence;
use crate::fence::tracker::Side;
use crate::habits::Habits;
use crate::moment::Moment;
use crate::policy::Policy;
use crate::rules::Rules;
use crate::signal::Signal;
use crate::silence;
use crate::zone::Zones;
use model::{Fix, ResidentId, Timestamp};
use std::sync::Arc;

/// What is the same for all residents.
#[derive(Debug, Clone, Default)]
pub struct World {
    /// The numbers it works by.
    pub rules: Rules,
    /// Zones shared by all.
    pub zones: Zones,
}

pub use crate::falls::Worn;

/// What is known of one resident that does not change with events.
#[derive(Debug, Clone, PartialEq)]
pub struct Resident {
    /// Who.
    pub id: ResidentId,
    /// What they are called in sentences.
    pub name: String,
    /// How they are watched.
    pub policy: Policy,
    /// Their own fences.
    pub fences: Vec<Fence>,
    /// How often their handset says something; without it, its silence is not supervised.
    pub heartbeat_s: Option<f64>,
    /// Where it is worn.
    pub worn: Option<Worn>,
    /// What is usual for them, if it was learned.
    pub habits: Option<Arc<Habits>>,
}

/// Something that happened to a resident.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// Fixes of one message, in any order.
    Fixes(&'a [Fix]),
    /// The handset says something of itself.
    Status(silence::Told),
    /// The handset says something else.
    Heard,
    /// The emergency button.
    Press,
    /// A fall, as far as a detector can tell.
    Fall {
        /// When it happened.
        at: Timestamp,
    },
    /// A companion's handset is near, as far as is known until then.
    Companion {
        /// Until when.
        until: Timestamp,
    },
    /// Somebody closed a signal about a fence and wants to hear nothing of it until then.
    Snooze {
        /// The fence's name.
        fence: &'a str,
        /// Until when.
        until: Timestamp,
    },
    /// They were away as planned for these times, when nobody was asked to look at what they did not do at home, and are expected
    /// again.
    Expected {
        /// From when they were away, and until when.
        away: &'a [(Timestamp, Timestamp)],
    },
    /// The platform was down until now and heard nobody.
    Deaf,
    /// A deadline passed.
    Tick,
}

/// What a step works with.
#[derive(Debug, Clone, Copy)]
struct Context<'a> {
    world: &'a World,
    resident: &'a Resident,
    now: Moment,
    /// The moment that is judged: the newest fix's own, however old it arrived; the clock's, if none came.
    judged: Moment,
    /// Whether the fixes that came are of a track that was late or go up to now, so that their times are times of our clock.
    is_timed: bool,
    /// Whether what is told is of fixes that came, and not of a deadline that passed.
    is_brought: bool,
}

/// Takes one event at `now`, which is when it reached us. Says why fixes were passed over, once for each; that is for the figures and no
/// part of the state.
pub fn step(
    world: &World,
    resident: &Resident,
    state: &mut State,
    event: Event<'_>,
    now: Timestamp,
    effects: &mut Vec<Signal>,
) -> Vec<PassedOver> {
    let now = Moment::from(now);
    let context = Context { world, resident, now, judged: now, is_timed: false, is_brought: true };
    let (newest, has_settled) = (state.newest, state.has_settled(now));
    prepare(resident, state);
    let passed = take(&context, state, event, effects);
    let is_newer = state.newest > newest;
    let judged = if is_newer { state.newest } else { now };
    judge(&Context { judged, is_brought: is_newer || has_settled, ..context }, state, effects);
    state.wakes_at = wakes_at(&context, state);
    passed
}

/// When to come back although nothing happens.
pub fn next_deadline(state: &State) -> Option<Timestamp> {
    state.wakes_at.set()
}

/// A resident's fences can change in number; a new one begins unknown.
fn prepare(resident: &Resident, state: &mut State) {
    if state.fences.len() != resident.fences.len() {
        state.stir();
        state.fences.reserve_exact(resident.fences.len().saturating_sub(state.fences.len()));
        state.fences.resize(resident.fences.len(), state::FenceState::default());
    }
}

fn take(
    context: &Context<'_>,
    state: &mut State,
    event: Event<'_>,
    effects: &mut Vec<Signal>,
) -> Vec<PassedOver> {
    let now = context.now;
    match event {
        Event::Fixes(fixes) => {
            state.watch.hear(now);
            let is_timed = state.note_late(fixes, now);
            return fixes::take_all(&Context { is_timed, ..*context }, state, fixes, effects);
        }
        Event::Status(told) => state.watch.take(&told, now),
        Event::Heard => state.watch.hear(now),
        Event::Press => {
            state.watch.hear(now);
            state.watch.press(now);
        }
        Event::Fall { at } => {
            state.watch.hear(now);
            state.watch.fall(at.into(), now, fixes::sights(&state.recent));
        }
        Event::Companion { until } => state.companion_until = until.into(),
        Event::Snooze { fence, until } => snooze(context, state, fence, until.into()),
        Event::Expected { away } => {
            let around = around(context, state);
            for (from, to) in away {
                state.watch.expect(around, &(Moment::from(*from)..Moment::from(*to)));
            }
        }
        Event::Deaf => state.watch.were_deaf(now),
        Event::Tick => {}
    }
    Vec::new()
}

fn snooze(context: &Context<'_>, state: &mut State, name: &str, until: Moment) {
    let each = context.resident.fences.iter().zip(&mut state.fences);
    let open = each.filter(|(fence, _)| fence.id == name).filter_map(|(_, held)| held.episode.as_mut());
    open.filter(|episode| episode.is_raised()).for_each(|episode| episode.snooze(context.now, until));
}

/// What there is to tell once the event has been taken whole.
fn judge(context: &Context<'_>, state: &mut State, effects: &mut Vec<Signal>) {
    if !state.is_held(context.now) {
        tell::fences(context, state, effects);
        if context.resident.policy.watches_zones() {
            tell::visits(context, state, effects);
        }
    }
    let around = around(context, state);
    let mut due = Vec::new();
    state.watch.judge(around, context.now, &mut due);
    effects.extend(due.into_iter().map(|due| tell::due(context, state, due)));
}

fn around<'a>(context: &Context<'a>, state: &State) -> silence::Around<'a> {
    let Context { world, resident, .. } = *context;
    let mut fences = resident.fences.iter().zip(&state.fences);
    let is_outside = state.calm.is_none()
        && fences.any(|(fence, held)| {
            fence.kind == crate::fence::FenceKind::Safe && held.tracker.side == Side::Outside
        });
    let up_by = resident.habits.as_ref().and_then(|habits| habits.up_by());
    let seen_at = state.last.map_or(Moment::PAST, |last| last.at);
    let (rules, policy, heartbeat_s) = (&world.rules, resident.policy, resident.heartbeat_s);
    silence::Around { rules, policy, heartbeat_s, is_outside, up_by, seen_at }
}

fn wakes_at(context: &Context<'_>, state: &State) -> Moment {
    let Context { world, resident, now, .. } = *context;
    let open = if state.calm.is_some() { &[] } else { state.fences.as_slice() };
    let fences = resident.fences.iter().zip(open).enumerate().filter_map(|(number, (fence, held))| {
        let own = held.episode.as_ref()?.wakes_at(fence, &held.tracker, now);
        // What stands still for another home is looked at when the hours of that one end.
        Some(tell::at_another_until(context, state, number).map_or(own, |until| own.min(until)))
    });
    let visits = if resident.policy.watches_zones() { state.visits.all() } else { &[] };
    let visits = visits.iter().filter_map(|visit| {
        Some(visit.wakes_at(world.zones.get(visit.zone)?, state.rode_at, now, &world.rules))
    });
    let watch = state.watch.wakes_at(around(context, state), now);
    let late = Some(state.late_wakes_at()).filter(|until| *until > now);
    fences.chain(visits).chain([watch]).chain(late).min().unwrap_or(Moment::NEVER)
}
