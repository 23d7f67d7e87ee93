//! Whether somebody rides: by the way they came, or by what their handset says of their speed.

use super::place::{Here, Place, TRAVEL_S};
use super::state::State;
use crate::fence::belief;
use model::Fix;

/// So many standard deviations are taken off a way before it counts.
const TRAVEL_SIGMAS: f64 = 1.5;
/// Where a handset speaks so seldom that nothing nearer is known, the last fix will do: on the mean of a quarter of an hour nobody walks
/// so fast. Of what lies longer ago it says nothing of now.
const SELDOM_S: f64 = 900.0;

/// The least speed between two places, if each may be off by so many standard deviations; below zero of them the most.
pub(super) fn speed_mps(from: Place, to: &Here, sigmas: f64) -> f64 {
    let slack_m = sigmas * (f64::from(from.sigma_m) + to.sigma_m());
    (to.away_m(from) - slack_m).max(0.0) / to.place.at.seconds_since(from.at).max(1.0)
}

/// Whether they ride as they are here. One speed that the way contradicts may be wrong; said twice in a row it counts, for whoever has
/// just set off has no way behind them yet.
pub(super) fn is_driving(state: &mut State, fix: &Fix, here: &Here, vehicle_mps: f64) -> bool {
    let is_told = fix.speed_mps.is_some_and(|told_mps| told_mps >= vehicle_mps);
    let was_told = state.recent.says_ride(is_told);
    let is_believed = is_told && (was_told || !is_contradicted(state, here, vehicle_mps));
    is_believed || travelled_mps(state, here) >= vehicle_mps
}

/// The fixes from which speed can be measured, from the oldest on.
fn apart(state: &State, here: &Here) -> impl Iterator<Item = Place> {
    let now = here.place.at;
    let is_apart =
        move |place: &Place| belief::decides(place.method) && TRAVEL_S.contains(&now.seconds_since(place.at));
    state.recent.iter().filter(is_apart)
}

/// The speed over the last while. Between two fixes ten seconds apart the errors alone make anybody drive.
fn travelled_mps(state: &State, here: &Here) -> f64 {
    let is_seldom = |last: &Place| {
        let ago_s = here.place.at.seconds_since(last.at);
        ago_s > *TRAVEL_S.end() && ago_s <= SELDOM_S
    };
    let from = apart(state, here).next().or_else(|| state.last.filter(is_seldom));
    from.map_or(0.0, |from| speed_mps(from, here, TRAVEL_SIGMAS))
}

/// Whether the newest way that can be measured was walked, however wrong both ends are.
fn is_contradicted(state: &State, here: &Here, vehicle_mps: f64) -> bool {
    apart(state, here).last().is_some_and(|from| speed_mps(from, here, -TRAVEL_SIGMAS) < vehicle_mps)
}
