//! Taking fixes: which are evaluated, and what each says to every edge.

use super::state::{Place, State};
use super::{Context, edges, tell};
use crate::fence::belief;
use crate::fence::rest::{Becomes, Rest, Seen};
use crate::fence::tracker::Look;
use crate::moment::Moment;
use crate::number;
use crate::signal::{Kind, Signal};
use crate::wandering::{self, path::Walked};
use crate::zone::{REACH_M, visit::Visit};
use model::{Fix, Method, Wgs84};

/// What a cell fix says again and again is worth this share each time.
const CELL_NEWS: f64 = 0.2;
/// Infinity cannot be written down.
const CLEAR_AT_MOST_M: f64 = 1e6;
/// Nobody is near more zones than this at once.
pub(super) const VISITS: usize = 8;
/// A zone is looked at from here on: nearer than so many standard deviations.
pub(super) const NEAR_SIGMAS: f64 = 1.0;
/// Speed is measured over so many seconds, with so many standard deviations taken off.
const TRAVEL_S: std::ops::RangeInclusive<f64> = 25.0..=300.0;
const TRAVEL_SIGMAS: f64 = 1.5;
const ACCURACY_OF_SIGMA: f64 = 1.0 / 0.6624;

/// Takes the fixes of a message in the order of their own time.
pub(super) fn take_all(context: &Context<'_>, state: &mut State, fixes: &[Fix], effects: &mut Vec<Signal>) {
    if let [fix] = fixes {
        take(context, state, fix, effects);
        return;
    }
    let mut ordered: Vec<&Fix> = fixes.iter().collect();
    ordered.sort_by_key(|fix| fix.fix_time);
    for fix in ordered {
        take(context, state, fix, effects);
    }
}

/// Takes one fix. One that is not newer than the newest is history: it belongs to the track and changes nothing here. A date
/// in the future holds now and blocks nothing.
fn take(context: &Context<'_>, state: &mut State, fix: &Fix, effects: &mut Vec<Signal>) {
    let at = Moment::from(fix.fix_time).min(context.now);
    if at <= state.newest {
        return;
    }
    let Some(sigma_m) = belief::sigma_m(fix.method, fix.accuracy_m) else {
        state.newest = at;
        return;
    };
    let here = Place::new(fix.position, sigma_m, fix.method, at);
    if !belief::decides(fix.method) {
        state.newest = at;
        inform(context, state, here, fix.position);
        return;
    }
    if !is_possible(state, here, context.world.rules.impossible_mps) {
        return;
    }
    state.newest = at;
    decide(context, state, fix, here, effects);
}

/// Whether somebody can have got there. What cannot be reached from the last fix waits for a second one that agrees with it.
fn is_possible(state: &mut State, here: Place, impossible_mps: f64) -> bool {
    let reaches = |from: Option<Place>| from.is_none_or(|from| speed_mps(from, here, 2.0) <= impossible_mps);
    let suspect = state.suspect.as_deref().copied();
    if reaches(state.last) || (suspect.is_some() && reaches(suspect)) {
        state.suspect = None;
        return true;
    }
    state.suspect = Some(Box::new(here));
    false
}

/// The least speed between two places, if each may be off by so many standard deviations.
fn speed_mps(from: Place, to: Place, sigmas: f64) -> f64 {
    let slack_m = sigmas * (f64::from(from.sigma_m) + f64::from(to.sigma_m));
    (from.distance_m(to) - slack_m).max(0.0) / to.at.seconds_since(from.at).max(1.0)
}

/// A cell fix supports what others say.
fn inform(context: &Context<'_>, state: &mut State, here: Place, place: Wgs84) {
    state.keep(here);
    for (fence, held) in context.resident.fences.iter().zip(&mut state.fences) {
        let look = look(fence.area.within_reach_m(place, edges::REACH_M), here, CELL_NEWS, None);
        held.tracker.take(&look, &context.world.rules);
        held.beyond_m = None;
    }
}

fn decide(context: &Context<'_>, state: &mut State, fix: &Fix, here: Place, effects: &mut Vec<Signal>) {
    let gap_s = state.last.map_or(f64::INFINITY, |last| here.at.seconds_since(last.at));
    let news = news(state.last.map(|last| last.method), here.method, gap_s);
    let seen = Some(see_rest(state, fix.position, here, gap_s, news));
    let moving_mps = fix.speed_mps.unwrap_or(0.0).max(travelled_mps(state, here));
    let is_driving = moving_mps >= context.world.rules.vehicle_mps;
    state.keep(here);
    if matches!(seen, Some(Seen { becomes: Becomes::Moved, .. })) {
        state.watch.stillness.moved(here.at);
    }
    edges::take(context, state, fix.position, here, look(0.0, here, news, seen), effects);
    if context.resident.policy.watches_zones() {
        zones(context, state, fix.position, look(0.0, here, news, seen), is_driving, effects);
    }
    if context.resident.policy.watches_wandering() {
        wander(context, state, fix.position, here, is_driving, effects);
    }
    state.last = Some(here);
}

/// The speed over the last while. Between two fixes ten seconds apart the errors alone make anybody drive.
fn travelled_mps(state: &State, here: Place) -> f64 {
    let is_apart =
        |place: &&Place| belief::decides(place.method) && TRAVEL_S.contains(&here.at.seconds_since(place.at));
    let from = state.recent.iter().find(is_apart).copied();
    from.map_or(0.0, |from| speed_mps(from, here, TRAVEL_SIGMAS))
}

fn look(distance_m: f64, here: Place, news: f64, seen: Option<Seen>) -> Look {
    Look { distance_m, sigma_m: f64::from(here.sigma_m), method: here.method, news, seen, at: here.at }
}

/// The share of a fix that does not repeat the one before it.
fn news(last: Option<Method>, method: Method, gap_s: f64) -> f64 {
    if last == Some(method) { 1.0 - (-gap_s.max(0.0) / belief::alike_s(method)).exp() } else { 1.0 }
}

fn see_rest(state: &mut State, place: Wgs84, here: Place, gap_s: f64, news: f64) -> Seen {
    let sigma_m = f64::from(here.sigma_m);
    if let Some(rest) = &mut state.rest {
        return rest.see(place, sigma_m, gap_s, news, here.at);
    }
    state.rest = Some(Rest::at(place, sigma_m, here.at));
    Seen::first(sigma_m)
}

fn zones(
    context: &Context<'_>,
    state: &mut State,
    place: Wgs84,
    look: Look,
    is_driving: bool,
    effects: &mut Vec<Signal>,
) {
    if is_driving {
        state.visits.iter_mut().for_each(|visit| visit.drive(look.at));
        return;
    }
    if state.visits.is_empty() && is_clear(state, look.sigma_m) {
        return;
    }
    let mut near: Vec<(u32, f64)> = Vec::new();
    let nearest_m = context.world.zones.near(place, |zone, distance_m| near.push((zone, distance_m)));
    let nearest_m = number::single(nearest_m.min(CLEAR_AT_MOST_M));
    state.clear = state.recent.last().map(|here| (*here, nearest_m));
    visit_all(context, state, &near, look, effects);
}

/// Whether no zone can be so near to the newest place that it must be looked at.
fn is_clear(state: &State, sigma_m: f64) -> bool {
    state.clear.zip(state.recent.last()).is_some_and(|((from, nearest_m), here)| {
        from.distance_m(*here) + NEAR_SIGMAS * sigma_m < f64::from(nearest_m)
    })
}

fn visit_all(
    context: &Context<'_>,
    state: &mut State,
    near: &[(u32, f64)],
    look: Look,
    effects: &mut Vec<Signal>,
) {
    for (zone, distance_m) in near {
        let is_new = state.visits.iter().all(|visit| visit.zone != *zone);
        if is_new && *distance_m < NEAR_SIGMAS * look.sigma_m && state.visits.len() < VISITS {
            state.visits.push(Visit::begin(*zone, state.last.is_none(), look.at));
        }
    }
    let mut ended = Vec::new();
    state.visits.retain_mut(|visit| {
        let found = near.iter().find(|(zone, _)| *zone == visit.zone);
        let distance_m = found.map_or(REACH_M, |(_, distance_m)| *distance_m);
        ended.extend(
            visit.take(&Look { distance_m, ..look }, &context.world.rules).map(|told| (*visit, told)),
        );
        !visit.is_over(distance_m)
    });
    for (visit, told) in ended {
        effects.extend(tell::about_visit(context, state, &visit, told));
    }
}

fn wander(
    context: &Context<'_>,
    state: &mut State,
    place: Wgs84,
    here: Place,
    is_driving: bool,
    effects: &mut Vec<Signal>,
) {
    if is_driving {
        state.wandering.drive();
        return;
    }
    let companion = context.now < state.companion_until;
    let around = wandering::Around { policy: context.resident.policy, companion };
    let accuracy_m = f64::from(here.sigma_m) * ACCURACY_OF_SIGMA;
    let told = state.wandering.take(&Walked { place, accuracy_m, at: here.at }, around);
    effects.extend(told.map(|told| tell::wandering(context, state, Kind::Wandering, told)));
}
