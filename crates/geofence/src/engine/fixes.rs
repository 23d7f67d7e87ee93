//! Taking fixes: which are evaluated, and what each says to every edge.

use super::state::{FenceState, Place, State};
use super::{Context, tell};
use crate::fence::rest::{Becomes, Rest, Seen};
use crate::fence::tracker::{Look, Side};
use crate::fence::{Fence, FenceKind, belief};
use crate::moment::Moment;
use crate::number;
use crate::signal::{Kind, Signal};
use crate::wandering::{self, path::Walked};
use crate::zone::{REACH_M, visit::Visit};
use model::{Fix, Method, Wgs84};

/// Beyond the last step of distance nothing changes any more.
const FENCE_REACH_M: f64 = 2_500.0;
/// What a cell fix says again and again is worth this share each time.
const CELL_NEWS: f64 = 0.2;
/// Nobody is near more zones than this at once.
const VISITS: usize = 8;
/// A zone is looked at from here on: nearer than so many standard deviations.
const NEAR_SIGMAS: f64 = 1.0;
const ACCURACY_OF_SIGMA: f64 = 1.0 / 0.6624;

/// Takes the fixes of a message in the order of their own time.
pub(super) fn take_all(context: &Context<'_>, state: &mut State, fixes: &[Fix], effects: &mut Vec<Signal>) {
    if let [fix] = fixes {
        take(context, state, fix, effects);
        return;
    }
    let mut ordered: Vec<&Fix> = fixes.iter().collect();
    ordered.sort_by_key(|fix| fix.fix_time);
    ordered.into_iter().for_each(|fix| take(context, state, fix, effects));
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
    let (lat, lon) = (fix.position.lat(), fix.position.lon());
    let here = Place { lat, lon, sigma_m: number::single(sigma_m), method: fix.method, at };
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
    if reaches(state.last) || (state.suspect.is_some() && reaches(state.suspect)) {
        state.suspect = None;
        return true;
    }
    state.suspect = Some(here);
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
        let look = look(fence.area.within_reach_m(place, FENCE_REACH_M), here, CELL_NEWS, None);
        held.tracker.take(&look, &context.world.rules);
        held.beyond_m = None;
    }
}

fn decide(context: &Context<'_>, state: &mut State, fix: &Fix, here: Place, effects: &mut Vec<Signal>) {
    let gap_s = state.last.map_or(f64::INFINITY, |last| here.at.seconds_since(last.at));
    let news = news(state.last.map(|last| last.method), here.method, gap_s);
    let seen = see_rest(state, fix.position, here, gap_s, news);
    let moving_mps = state.last.map_or(0.0, |last| speed_mps(last, here, 1.0));
    let moving_mps = fix.speed_mps.unwrap_or(0.0).max(moving_mps);
    let is_driving = moving_mps >= context.world.rules.vehicle_mps;
    state.keep(here);
    if matches!(seen, Some(Seen { becomes: Becomes::Moved, .. })) {
        state.watch.stillness.moved(here.at);
    }
    fences(context, state, fix.position, look(0.0, here, news, seen), effects);
    if context.resident.policy.watches_zones() {
        zones(context, state, fix.position, look(0.0, here, news, seen), is_driving, effects);
    }
    if context.resident.policy.watches_wandering() {
        wander(context, state, fix.position, here, is_driving, effects);
    }
    state.last = Some(here);
}

fn look(distance_m: f64, here: Place, news: f64, seen: Option<Seen>) -> Look {
    Look { distance_m, sigma_m: f64::from(here.sigma_m), method: here.method, news, seen, at: here.at }
}

/// The share of a fix that does not repeat the one before it.
fn news(last: Option<Method>, method: Method, gap_s: f64) -> f64 {
    if last == Some(method) { 1.0 - (-gap_s.max(0.0) / belief::alike_s(method)).exp() } else { 1.0 }
}

fn see_rest(state: &mut State, place: Wgs84, here: Place, gap_s: f64, news: f64) -> Option<Seen> {
    let sigma_m = f64::from(here.sigma_m);
    match &mut state.rest {
        Some(rest) => Some(rest.see(place, sigma_m, gap_s, news, here.at)),
        None => {
            state.rest = Some(Rest::at(place, sigma_m, here.at));
            state.watch.stillness.moved(here.at);
            Some(Seen { stayed: 0.0, rest_sigma_m: sigma_m, becomes: Becomes::Moved })
        }
    }
}

fn fences(context: &Context<'_>, state: &mut State, place: Wgs84, look: Look, effects: &mut Vec<Signal>) {
    let is_doubted = matches!(look.seen, Some(Seen { becomes: Becomes::Doubted, .. }));
    let mut ended = Vec::new();
    let mut crossed = Vec::new();
    for (number, (fence, held)) in context.resident.fences.iter().zip(&mut state.fences).enumerate() {
        let distance_m = fence.area.within_reach_m(place, FENCE_REACH_M);
        let look = Look { distance_m, ..look };
        if is_crossed(context, state.last, fence, held, place, &look) {
            crossed.push(number);
        }
        if held.tracker.take(&look, &context.world.rules) && held.tracker.side != fence.kind.alarming() {
            ended.extend(held.episode.end().map(|told| (number, told)));
        }
        let beyond_m = number::single(distance_m - 2.0 * look.sigma_m);
        held.beyond_m = (!is_doubted).then_some(beyond_m);
    }
    for (number, told) in ended {
        effects.extend(tell::about_fence(context, state, number, told));
    }
    for number in crossed {
        effects.extend(tell::crossed(context, state, number));
    }
}

/// Whether forbidden ground lies between two fixes that are both surely outside of it: too fast to be seen inside.
fn is_crossed(
    context: &Context<'_>,
    last: Option<Place>,
    fence: &Fence,
    held: &FenceState,
    place: Wgs84,
    look: &Look,
) -> bool {
    let is_candidate = fence.kind == FenceKind::Forbidden
        && held.tracker.side == Side::Outside
        && look.distance_m > 2.0 * look.sigma_m;
    let Some(last) = last.filter(|_| is_candidate) else { return false };
    let Some(from) = last.position() else { return false };
    let gap_s = look.at.seconds_since(last.at);
    gap_s <= context.world.rules.cross_within_s
        && fence.area.within_reach_m(from, FENCE_REACH_M) > 2.0 * f64::from(last.sigma_m)
        && fence.schedule.is_armed(look.at)
        && fence.area.is_crossed_by(from, place)
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
    if state.visits.is_empty() && is_clear(state, place) {
        return;
    }
    let mut near: Vec<(u32, f64)> = Vec::new();
    let clear_m = context.world.zones.near(place, |zone, distance_m| near.push((zone, distance_m)));
    state.clear = near.is_empty().then_some((place.lat(), place.lon(), number::single(clear_m)));
    visit_all(context, state, &near, look, effects);
}

/// Whether the place is so near to one where no zone was that none can be here.
fn is_clear(state: &State, place: Wgs84) -> bool {
    state.clear.is_some_and(|(lat, lon, clear_m)| {
        let plane = crate::plane::Plane::about(lat, lon);
        plane.of(place).distance_m(crate::plane::Point::default()) < f64::from(clear_m)
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
            state.visits.push(Visit::begin(*zone, look.at));
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
