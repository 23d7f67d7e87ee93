//! What a fix says to each of the resident's own fences.
//!
//! Most residents stay where they are, far from every edge. So the place all fences were last measured from is kept with the
//! distances found there: somebody who has moved so many metres since is at most that much nearer to any edge, and where
//! even that is further than the fix can be wrong, nothing is measured. The bound stands in for the distance then; the
//! evidence of both is the most a fix can give.

use super::state::{FenceState, Place, State};
use super::{Context, tell};
use crate::fence::rest::{Becomes, Seen};
use crate::fence::tracker::{Look, SURE_SIGMAS, Side};
use crate::fence::{Fence, FenceKind};
use crate::number;
use crate::signal::Signal;
use model::Wgs84;

/// Beyond the last step of distance nothing changes any more.
pub(super) const REACH_M: f64 = 2_500.0;

/// Shows a fix that can decide to every fence.
pub(super) fn take(
    context: &Context<'_>,
    state: &mut State,
    place: Wgs84,
    here: Place,
    look: Look,
    effects: &mut Vec<Signal>,
) {
    let moved_m = measure(context, state, place, here, &look);
    let is_doubted = matches!(look.seen, Some(Seen { becomes: Becomes::Doubted, .. }));
    let (mut ended, mut crossings) = (Vec::new(), Vec::new());
    for (number, (fence, held)) in context.resident.fences.iter().zip(&mut state.fences).enumerate() {
        let measured_m = f64::from(held.measured_m);
        let look = Look { distance_m: measured_m - moved_m.copysign(measured_m), ..look };
        if is_crossed(context, state.last, fence, held, (place, here), &look) {
            crossings.push(number);
        }
        if held.tracker.take(&look, &context.world.rules) && held.tracker.side != fence.kind.alarming() {
            ended
                .extend(held.episode.take().and_then(|mut episode| episode.end()).map(|told| (number, told)));
        }
        let beyond_m = number::single(look.distance_m - 2.0 * look.sigma_m);
        held.beyond_m = (!is_doubted).then_some(beyond_m);
    }
    for (number, told) in ended {
        effects.extend(tell::about_fence(context, state, number, told));
    }
    for number in crossings {
        effects.extend(tell::crossed(context, state, number));
    }
}

/// Measures every fence, unless none of them can be near; the metres moved since they were measured.
fn measure(context: &Context<'_>, state: &mut State, place: Wgs84, here: Place, look: &Look) -> f64 {
    let stays = matches!(look.seen, Some(Seen { becomes: Becomes::Nearer(_), .. }));
    if let Some(from) = state.measured.filter(|_| stays) {
        let moved_m = from.distance_m(here);
        let far_m = moved_m + SURE_SIGMAS * look.sigma_m;
        if state.fences.iter().all(|held| held.tracker.is_settled() && is_far(held, far_m)) {
            return moved_m;
        }
    }
    for (fence, held) in context.resident.fences.iter().zip(&mut state.fences) {
        held.measured_m = number::single(fence.area.within_reach_m(place, REACH_M));
    }
    state.measured = Some(here);
    0.0
}

/// Whether the fence was measured, and the resting place is, on one side and that far from the edge.
fn is_far(held: &FenceState, far_m: f64) -> bool {
    let rests_m = held.tracker.rest_m.map_or(0.0, f64::from);
    let measured_m = f64::from(held.measured_m);
    measured_m.abs() >= far_m && rests_m.abs() >= far_m && rests_m * measured_m > 0.0
}

/// Whether forbidden ground lies between two fixes that are both surely outside of it: too fast to be seen inside.
fn is_crossed(
    context: &Context<'_>,
    last: Option<Place>,
    fence: &Fence,
    held: &FenceState,
    (place, here): (Wgs84, Place),
    look: &Look,
) -> bool {
    let is_candidate = fence.kind == FenceKind::Forbidden
        && held.tracker.side == Side::Outside
        && look.distance_m > 2.0 * look.sigma_m;
    let Some(last) = last.filter(|_| is_candidate) else { return false };
    // Who has moved less than that has not reached it.
    if last.distance_m(here) < look.distance_m {
        return false;
    }
    let Some(from) = last.position() else { return false };
    look.at.seconds_since(last.at) <= context.world.rules.cross_within_s
        && fence.area.within_reach_m(from, REACH_M) > 2.0 * f64::from(last.sigma_m)
        && fence.is_armed(look.at)
        && fence.area.is_crossed_by(from, place)
}
