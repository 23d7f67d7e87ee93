//! What a fix says to each of the resident's own fences.
//!
//! Most residents stay where they are, far from every edge. So the place all fences were last measured from is kept with the
//! distance of the nearest edge: somebody who has moved so many metres since is at most that much nearer to any edge, and where
//! even that is further than the fix can be wrong, nothing is measured ([`Calm`]). Nothing is lost by that: a fix so far from every
//! edge gives the most evidence there is for the sides that are believed already, and the sums stay at zero.

use super::place::{Here, MAPS_DIFFER, Place};
use super::state::{Calm, FenceState, State};
use super::{Context, tell};
use crate::fence::episode::Told;
use crate::fence::rest::{Becomes, Seen};
use crate::fence::tracker::{Look, SURE_SIGMAS, Side, Tracker};
use crate::fence::{Fence, FenceKind};
use crate::moment::Moment;
use crate::number;
use crate::shape::{Area, Passage};
use crate::signal::Signal;

/// Beyond the last step of distance nothing changes any more.
pub(super) const REACH_M: f64 = 2_500.0;
/// So far beyond what matters a way round is looked for.
const ROUND_M: f64 = 10.0;

/// Forbidden ground that was passed between two fixes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Crossing {
    pub(super) passage: Passage,
    pub(super) gap_s: f64,
    /// So far somebody on foot gets in that time, with the errors of both fixes; a way round is longer.
    pub(super) walked_m: f64,
}

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
    let (mut ended, mut crossings, mut nearest_m) = (Vec::new(), Vec::new(), REACH_M);
    for (number, (fence, held)) in context.resident.fences.iter().zip(&mut state.fences).enumerate() {
        let distance_m = fence.area.within_reach_m(here.position, REACH_M);
        let look = look_from(&fence.area, distance_m, look, REACH_M);
        crossings.extend(crossing(context, state.last, fence, held, here, &look).map(|one| (number, one)));
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
    // What was passed on a way that arrives late is behind them.
    if !state.is_held(context.now) {
        let told = |(number, one): (usize, Crossing)| tell::crossed(context, state, number, &one);
        effects.extend(crossings.into_iter().filter_map(told));
    }
    state.calm = calm(here, nearest_m);
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

/// Forbidden ground that lies between two fixes which are both surely outside of it, where somebody on foot had no time to go
/// round: then they came through, too fast to be seen inside. Whoever was inside for less than the fence's dwell is not told of.
fn crossing(
    context: &Context<'_>,
    last: Option<Place>,
    fence: &Fence,
    held: &FenceState,
    here: &Here,
    look: &Look,
) -> Option<Crossing> {
    let rules = &context.world.rules;
    let is_candidate = fence.kind == FenceKind::Forbidden
        && held.tracker.side == Side::Outside
        && look.distance_m > 2.0 * look.sigma_m;
    let last = last.filter(|_| is_candidate)?;
    // Who has moved less than that has not reached it.
    if here.away_m(last) < look.distance_m {
        return None;
    }
    let (from, gap_s) = (last.position()?, look.at.seconds_since(last.at));
    let last_sigma_m = f64::from(last.sigma_m);
    let is_outside = fence.area.within_reach_m(from, REACH_M) > 2.0 * last_sigma_m;
    if gap_s > rules.cross_within_s || !is_outside || !fence.is_armed(look.at) {
        return None;
    }
    let walked_m = rules.vehicle_mps * gap_s + 2.0 * (last_sigma_m + look.sigma_m);
    let passage = fence.area.passage(from, here.position, walked_m + ROUND_M)?;
    let inside_s = gap_s * passage.inside_m / passage.length_m.max(1.0);
    let is_crossed = passage.detour_m > walked_m && inside_s >= fence.dwell_s;
    is_crossed.then_some(Crossing { passage, gap_s, walked_m })
}
