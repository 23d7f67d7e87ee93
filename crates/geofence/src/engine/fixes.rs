//! Taking fixes: which are evaluated, and what each says to every edge.

use super::passed::PassedOver;
use super::place::{Here, Newest, Place};
use super::state::{State, Visits};
use super::{Context, edges, ride, tell};
use crate::fence::belief;
use crate::fence::rest::{Becomes, Rest, Seen};
use crate::fence::tracker::{Look, SURE_SIGMAS, Side};
use crate::fence::{Fence, FenceKind};
use crate::moment::Moment;
use crate::signal::{Kind, Signal};
use crate::silence::fallen::Sight;
use crate::wandering::{self, path::Walked};
use crate::zone::REACH_M;
use crate::zone::visit::{Lives, Visit};
use model::{Fix, Method, Wgs84};

/// What a cell fix says again and again is worth this share each time.
const CELL_NEWS: f64 = 0.2;
/// Nobody is near more zones than this at once.
pub(super) const VISITS: usize = 8;
/// A zone is looked at from here on: nearer than so many standard deviations.
pub(super) const NEAR_SIGMAS: f64 = 1.0;
const ACCURACY_OF_SIGMA: f64 = 1.0 / 0.6624;

/// Takes the fixes of a message in the order of their own time; says why some of them were passed over.
pub(super) fn take_all(
    context: &Context<'_>,
    state: &mut State,
    fixes: &[Fix],
    effects: &mut Vec<Signal>,
) -> Vec<PassedOver> {
    charge(context, state, fixes);
    if let [fix] = fixes {
        return take(context, state, fix, effects).into_iter().collect();
    }
    let mut ordered: Vec<&Fix> = fixes.iter().collect();
    ordered.sort_by_key(|fix| fix.fix_time);
    ordered.into_iter().filter_map(|fix| take(context, state, fix, effects)).collect()
}

/// The battery as the newest fix that says it has it, wherever that fix may lie. Of history it says nothing.
fn charge(context: &Context<'_>, state: &mut State, fixes: &[Fix]) {
    let told = fixes.iter().filter_map(|fix| Some((fix.fix_time, fix.battery_pct?)));
    let Some((fix_time, pct)) = told.max_by_key(|(fix_time, _)| *fix_time) else { return };
    let at = Moment::from(fix_time).min(context.now);
    if at > state.newest {
        state.watch.charge(pct, at);
    }
}

/// Takes one fix. One that is not newer than the newest is history: it belongs to the track and changes nothing here. A date
/// in the future holds now and blocks nothing.
fn take(
    context: &Context<'_>,
    state: &mut State,
    fix: &Fix,
    effects: &mut Vec<Signal>,
) -> Option<PassedOver> {
    let at = Moment::from(fix.fix_time).min(context.now);
    if at <= state.newest {
        return Some(PassedOver::History);
    }
    let Some(sigma_m) = belief::sigma_m(fix.method, fix.accuracy_m) else {
        state.newest = at;
        return Some(PassedOver::Vague);
    };
    let here = Here::new(fix.position, sigma_m, fix.method, at);
    if !belief::decides(fix.method) {
        state.newest = at;
        inform(context, state, &here);
        return None;
    }
    if !is_possible(state, &here, context.world.rules.impossible_mps) {
        return Some(PassedOver::Outlier);
    }
    state.newest = at;
    decide(context, state, fix, &here, effects)
}

/// Whether somebody can have got there. What cannot be reached from the last fix waits for a second one that agrees with it.
fn is_possible(state: &mut State, here: &Here, impossible_mps: f64) -> bool {
    let reaches =
        |from: Option<Place>| from.is_none_or(|from| ride::speed_mps(from, here, 2.0) <= impossible_mps);
    let suspect = state.suspect.as_deref().copied();
    if reaches(state.last) || (suspect.is_some() && reaches(suspect)) {
        state.suspect = None;
        return true;
    }
    state.suspect = Some(Box::new(here.place));
    false
}

/// A cell fix supports what others say.
fn inform(context: &Context<'_>, state: &mut State, here: &Here) {
    state.recent.keep(here.place);
    edges::inform(context, state, here, look(here, CELL_NEWS, None));
}

fn decide(
    context: &Context<'_>,
    state: &mut State,
    fix: &Fix,
    here: &Here,
    effects: &mut Vec<Signal>,
) -> Option<PassedOver> {
    let gap_s = state.last.map_or(f64::INFINITY, |last| here.place.at.seconds_since(last.at));
    let news = news(state.last.map(|last| last.method), here.place.method, gap_s);
    let look = look(here, news, Some(see_rest(state, here, gap_s, news)));
    let is_driving = ride::is_driving(state, fix, here, context.world.rules.vehicle_mps);
    state.recent.keep(here.place);
    if is_driving {
        state.rode_at = look.at;
    }
    match look.seen.map(|seen| seen.becomes) {
        Some(Becomes::Moved) => state.watch.moved(look.at),
        Some(Becomes::Nearer(_)) => state.watch.rested(look.at),
        Some(Becomes::Doubted) | None => {}
    }
    if state.watch.has_fallen() {
        state.watch.see(&sight(here.place, news));
    }
    edges::take(context, state, here, look, effects);
    let mut passed = None;
    if context.resident.policy.watches_zones() {
        if is_driving {
            ride(context, state, here, look, effects);
        } else {
            passed = zones(context, state, here, look, effects);
        }
    }
    if !state.is_held(context.now) {
        ways(context, state, here, is_driving, effects);
    }
    state.last = Some(here.place);
    passed
}

/// A fix before it is measured from any edge.
fn look(here: &Here, news: f64, seen: Option<Seen>) -> Look {
    let Place { method, at, .. } = here.place;
    Look { distance_m: 0.0, rest_m: None, sigma_m: here.sigma_m(), method, news, seen, at }
}

/// The share of a fix that does not repeat the one before it.
fn news(last: Option<Method>, method: Method, gap_s: f64) -> f64 {
    if last == Some(method) { 1.0 - (-gap_s.max(0.0) / belief::alike_s(method)).exp() } else { 1.0 }
}

/// The newest fixes that decide, from the oldest on, as they show somebody who may lie.
pub(super) fn sights(recent: &Newest) -> impl Iterator<Item = Sight> {
    let mut before: Option<Place> = None;
    recent.iter().filter(|place| belief::decides(place.method)).map(move |place| {
        let gap_s = before.map_or(f64::INFINITY, |before| place.at.seconds_since(before.at));
        let news = news(before.map(|before| before.method), place.method, gap_s);
        before = Some(place);
        sight(place, news)
    })
}

fn sight(place: Place, news: f64) -> Sight {
    let (lat, lon) = place.degrees();
    Sight { lat, lon, sigma_m: f64::from(place.sigma_m), news, at: place.at }
}

fn see_rest(state: &mut State, here: &Here, gap_s: f64, news: f64) -> Seen {
    if let Some(rest) = &mut state.rest {
        return rest.see((here.position, &here.map), here.sigma_m(), (gap_s, news));
    }
    state.rest = Some(Rest::at(here.position, here.sigma_m()));
    Seen::first(here.position, here.sigma_m())
}

/// Somebody rides: nothing is said of the zones they pass, and of one that they were in it ends once they are surely away.
fn ride(context: &Context<'_>, state: &mut State, here: &Here, look: Look, effects: &mut Vec<Signal>) {
    let far_m = REACH_M + SURE_SIGMAS * look.sigma_m;
    let is_left = |visit: &Visit| {
        let zone = context.world.zones.get(visit.zone).filter(|_| visit.tracker.side == Side::Inside);
        zone.is_some_and(|zone| zone.area.within_reach_m(here.position, far_m) >= far_m)
    };
    look_at(context, state, look, effects, |visit| is_left(visit).then_some(far_m));
    state.visits.all_mut().iter_mut().for_each(|visit| visit.drive(look.at));
}

fn zones(
    context: &Context<'_>,
    state: &mut State,
    here: &Here,
    look: Look,
    effects: &mut Vec<Signal>,
) -> Option<PassedOver> {
    // No zone can be so near that a visit begins.
    let is_clear = state.clear.is_some_and(|clear| here.clear_m(clear) > NEAR_SIGMAS * look.sigma_m);
    if state.visits.all().is_empty() && is_clear {
        return None;
    }
    let mut near: Vec<(u32, f64)> = Vec::new();
    let nearest_m = context.world.zones.near(here.position, |zone, distance_m| near.push((zone, distance_m)));
    near.sort_by(|(_, one), (_, other)| one.total_cmp(other));
    state.clear = (nearest_m > 0.0).then(|| here.clear(nearest_m));
    let passed = begin_visits(context, state, here, &near, look);
    look_at(context, state, look, effects, |visit| Some(away_m(&near, visit.zone)));
    passed
}

/// A visit begins to every zone that is close, the nearest first.
fn begin_visits(
    context: &Context<'_>,
    state: &mut State,
    here: &Here,
    near: &[(u32, f64)],
    look: Look,
) -> Option<PassedOver> {
    let mut passed = None;
    for (zone, distance_m) in near.iter().filter(|(_, distance_m)| *distance_m < NEAR_SIGMAS * look.sigma_m) {
        if state.visits.all().iter().any(|visit| visit.zone == *zone) {
            continue;
        }
        if !make_room(&mut state.visits, near, *distance_m) {
            passed = Some(PassedOver::Crowded);
            continue;
        }
        let is_first = state.last.is_none();
        let lives =
            if is_first { first_heard(&context.resident.fences, here.position) } else { Lives::Elsewhere };
        state.visits.push(Visit::begin(*zone, lives, look.at));
    }
    passed
}

/// Takes the fix for every visit whose zone is said to be so many metres away; what is over is forgotten.
fn look_at(
    context: &Context<'_>,
    state: &mut State,
    look: Look,
    effects: &mut Vec<Signal>,
    distance_m: impl Fn(&Visit) -> Option<f64>,
) {
    let (timed, mut ended) = (context.is_timed.then_some(context.now), Vec::new());
    state.visits.retain(|visit| {
        let Some(distance_m) = distance_m(visit) else { return true };
        let zone = context.world.zones.get(visit.zone);
        let look = zone.map_or(look, |zone| edges::look_from(&zone.area, distance_m, look, REACH_M));
        ended.extend(visit.take(&look, timed, &context.world.rules).map(|told| (*visit, told)));
        !visit.is_over(distance_m)
    });
    for (visit, told) in ended {
        effects.extend(tell::about_visit(context, state, &visit, told));
    }
}

/// How far off a zone is among those that are near; what is not among them is no nearer than the reach.
fn away_m(near: &[(u32, f64)], zone: u32) -> f64 {
    let found = near.iter().find(|(number, _)| *number == zone);
    found.map_or(REACH_M, |(_, distance_m)| *distance_m)
}

/// Whether there is room for a zone at that distance. Where there are as many as are remembered, the farthest of those that say
/// nothing gives way to one that is nearer.
fn make_room(visits: &mut Visits, near: &[(u32, f64)], distance_m: f64) -> bool {
    if visits.all().len() < VISITS {
        return true;
    }
    let idle = visits.all().iter().filter(|visit| visit.is_idle());
    let away = idle.map(|visit| (visit.zone, away_m(near, visit.zone)));
    let farthest = away.max_by(|(_, one), (_, other)| one.total_cmp(other));
    let Some((zone, _)) = farthest.filter(|(_, away_m)| *away_m > distance_m) else { return false };
    visits.retain(|visit| visit.zone != zone);
    true
}

/// Whether the place where a handset is heard first looks like its resident's home.
pub(super) fn first_heard(fences: &[Fence], place: Wgs84) -> Lives {
    let mut safe = fences.iter().filter(|fence| fence.kind == FenceKind::Safe);
    let is_safe = safe.any(|fence| fence.area.within_reach_m(place, REACH_M) < 0.0);
    if is_safe { Lives::Likely } else { Lives::Perhaps }
}

/// Whether the way leads nowhere, or off the usual ground.
fn ways(context: &Context<'_>, state: &mut State, here: &Here, is_driving: bool, effects: &mut Vec<Signal>) {
    if context.resident.policy.watches_wandering() {
        wander(context, state, here, is_driving, effects);
    }
    if !is_driving && context.resident.policy.watches_habits() {
        unusual(context, state, here, effects);
    }
}

fn wander(
    context: &Context<'_>,
    state: &mut State,
    here: &Here,
    is_driving: bool,
    effects: &mut Vec<Signal>,
) {
    if is_driving {
        state.wandering.drive();
        return;
    }
    let around = around(context, state);
    let accuracy_m = here.sigma_m() * ACCURACY_OF_SIGMA;
    let told = state.wandering.take(&Walked { map: here.map, accuracy_m, at: here.place.at }, around);
    effects.extend(told.map(|told| tell::wandering(context, state, Kind::Wandering, told)));
}

fn around(context: &Context<'_>, state: &State) -> wandering::Around {
    let companion = context.now < state.companion_until;
    let rules = &context.world.rules;
    wandering::Around { policy: context.resident.policy, companion, limit: rules.wandering_limit }
}

/// Whether somebody on foot has left the ground they usually walk.
fn unusual(context: &Context<'_>, state: &mut State, here: &Here, effects: &mut Vec<Signal>) {
    let Some(habits) = &context.resident.habits else { return };
    let around = around(context, state);
    let off_m = context.world.rules.off_usual_m;
    let told = state.off.take(habits, (here.position, here.sigma_m(), here.place.at), around, off_m);
    effects.extend(told.map(|told| tell::wandering(context, state, Kind::Wandering, told)));
}
