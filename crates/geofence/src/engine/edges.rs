//! What a fix says to each of the resident's own fences.
//!
//! Most residents stay where they are, far from every edge. So the place all fences were last measured from is kept with the
//! distance of the nearest edge: somebody who has moved so many metres since is at most that much nearer to any edge, and where
//! even that is further than the fix can be wrong, nothing is measured ([`Calm`]). Nothing is lost by that: a fix so far from every
//! edge gives the most evidence there is for the sides that are believed already, and the sums stay at zero.

use super::crossing::{Crossing, Crossings};
use super::place::{Here, MAPS_DIFFER};
use super::state::{Calm, FenceState, State};
use super::{Context, tell};
use crate::fence::episode::Told;
use crate::fence::rest::{Becomes, Seen};
use crate::fence::tracker::{Look, SURE_SIGMAS, Side, Tracker};
use crate::moment::Moment;
use crate::number;
use crate::shape::Area;
use crate::signal::Signal;

/// Beyond the last step of distance nothing changes any more.
pub(super) const REACH_M: f64 = 2_500.0;

/// Shows a fix that can decide to every fence.
pub(super) fn take(
    context: &Context<'_>,
    state: &mut State,
    here: &Here,
    look: Look,
    effects: &mut Vec<Signal>,
) {
    if stays_calm(context, state, here, &look) {
        return;
    }
    state.stir();
    let is_doubted = matches!(look.seen, Some(Seen { becomes: Becomes::Doubted, .. }));
    // What was passed on a way that arrives late is behind them.
    let is_held = state.is_held(context.now);
    if is_held {
        state.crossings = Crossings::default();
    }
    let (mut ended, mut crossed, mut nearest_m) = (Vec::new(), Vec::<(usize, Crossing)>::new(), REACH_M);
    for (number, (fence, held)) in context.resident.fences.iter().zip(&mut state.fences).enumerate() {
        let distance_m = fence.area.within_reach_m(here.position, REACH_M);
        let look = look_from(&fence.area, distance_m, look, REACH_M);
        if !is_held {
            let (last, side) = (state.last, held.tracker.side);
            let told = state.crossings.take(context, last, (number, fence), side, here, &look);
            crossed.extend(told.map(|one| (number, one)));
        }
        let was_unknown = held.tracker.side == Side::Unknown;
        let right_at = held.tracker.not_seen_across();
        let has_turned = held.tracker.take(&look, &context.world.rules);
        let is_alarming = held.tracker.side == fence.kind.alarming();
        if has_turned && !is_alarming {
            ended.extend(come_back(context, held).map(|told| (number, told)));
        }
        if is_alarming {
            let beyond_m = number::single(look.distance_m - 2.0 * look.sigma_m);
            let episode = held.episode.get_or_insert_default();
            episode.beyond_m = (!is_doubted).then_some(beyond_m);
            if has_turned {
                episode.begin_since(if context.is_timed { held.tracker.since } else { Moment::NEVER });
                episode.begin_after(right_at);
                if was_unknown {
                    episode.begin_unseen();
                }
            }
        }
        let is_calm = held.tracker.is_settled() && held.episode.is_none();
        nearest_m = if is_calm { look.distance_m.abs().min(nearest_m) } else { 0.0 };
    }
    for (number, told) in ended {
        effects.extend(tell::about_fence(context, state, number, told));
    }
    effects.extend(crossed.iter().filter_map(|(number, one)| tell::crossed(context, state, *number, one)));
    // The next fix is measured by which a passage is borne out or ends.
    state.calm = calm(here, if state.crossings.is_empty() { nearest_m } else { 0.0 });
}

/// Ends the episode of somebody who is on the right side again. Of a track that arrives late more may follow: that they left once
/// more, before somebody said that they want to hear nothing of it.
fn come_back(context: &Context<'_>, held: &mut FenceState) -> Option<Told> {
    let mut episode = held.episode.take()?;
    if context.is_timed {
        held.episode = episode.snooze_left(held.tracker.since, context.now).map(Box::new);
    }
    episode.end()
}

/// The calm after every fence was measured from here.
fn calm(here: &Here, nearest_m: f64) -> Option<Calm> {
    let calm = Calm { clear: here.clear(nearest_m), supported_at: Moment::PAST };
    (nearest_m > 0.0).then_some(calm)
}

/// Whether no edge can be so near that the fix must be measured; if so, it has been taken.
fn stays_calm(context: &Context<'_>, state: &mut State, here: &Here, look: &Look) -> bool {
    let (Some(calm), Some(last), Some(seen)) = (&mut state.calm, state.last, look.seen) else { return false };
    let clear_m = here.clear_m(calm.clear);
    let stays = matches!(seen.becomes, Becomes::Nearer(_));
    // The fix is sure of its side, the resting place is on the same, and no way from the last fix leads over an edge.
    let is_calm = stays
        && clear_m >= SURE_SIGMAS * look.sigma_m
        && clear_m > MAPS_DIFFER * seen.apart_m
        && clear_m > here.away_m(last)
        && Tracker::is_clear(look.method, &context.world.rules);
    if is_calm {
        calm.supported_at = look.at;
    }
    is_calm
}

/// A fix that informs and cannot decide.
pub(super) fn inform(context: &Context<'_>, state: &mut State, here: &Here, look: Look) {
    let calm = state.calm;
    state.stir();
    let mut is_settled = true;
    for (fence, held) in context.resident.fences.iter().zip(&mut state.fences) {
        let distance_m = fence.area.within_reach_m(here.position, REACH_M);
        held.tracker.take(&Look { distance_m, ..look }, &context.world.rules);
        if let Some(episode) = &mut held.episode {
            episode.beyond_m = None;
        }
        is_settled &= held.tracker.is_settled();
    }
    state.calm = calm.filter(|_| is_settled);
}

/// A fix at that distance from an area, and the resting place where it matters.
pub(super) fn look_from(area: &Area, distance_m: f64, look: Look, reach_m: f64) -> Look {
    let look = Look { distance_m, ..look };
    let rest_m = look.seen.map(|seen| {
        let is_one_side = distance_m.abs().min(reach_m) > MAPS_DIFFER * seen.apart_m;
        if look.is_far() && is_one_side { distance_m } else { area.away_m(seen.rest, reach_m) }
    });
    Look { rest_m, ..look }
}
