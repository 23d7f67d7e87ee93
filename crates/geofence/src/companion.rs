//! Whether a companion's handset is near, by what both handsets say.

use crate::fence::belief;
use crate::moment::Moment;
use model::{Fix, Timestamp};

/// A companion's handset within so many metres is with them.
pub const WITHIN_M: f64 = 50.0;
/// Two fixes further apart in time say nothing of two people together.
const APART_S: f64 = 300.0;
/// What was near is taken to be near for so long.
const HOLDS_S: f64 = 600.0;
/// So many deviations of both errors are given to them.
const SIGMAS: f64 = 1.0;

/// How far two handsets are from each other at least, if their fixes belong together and tell.
pub fn apart_m(one: &Fix, other: &Fix) -> Option<f64> {
    let seconds = Moment::from(one.fix_time).seconds_since(Moment::from(other.fix_time)).abs();
    let decide = belief::decides(one.method) && belief::decides(other.method);
    let both_m =
        belief::sigma_m(one.method, one.accuracy_m)?.hypot(belief::sigma_m(other.method, other.accuracy_m)?);
    let apart_m = (one.position.distance_m(other.position) - SIGMAS * both_m).max(0.0);
    (decide && seconds <= APART_S).then_some(apart_m)
}

/// Until when a companion is taken to be near: what [`crate::Event::Companion`] wants. None if it is further than `within_m`, or
/// nobody can say.
pub fn near_until(own: &Fix, companion: &Fix, within_m: f64) -> Option<Timestamp> {
    let newer = own.fix_time.max(companion.fix_time);
    let is_near = apart_m(own, companion).is_some_and(|apart_m| apart_m <= within_m);
    is_near.then(|| Moment::from(newer).plus_s(HOLDS_S).timestamp())
}
