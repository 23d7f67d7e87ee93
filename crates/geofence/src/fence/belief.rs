//! What a fix is worth: how far off it may be, and how much it says about the side of an edge.
//!
//! **Size.** `accuracy_m` is the radius that holds the truth with 68 %. If the error is normal on both axes, its standard
//! deviation on one is `accuracy / sqrt(-2 ln(1 - 0.68)) = 0.6624 accuracy` (Rayleigh). Handsets lie downwards, so no method is
//! believed to be better than its floor.
//!
//! **Tail.** Real errors are not normal: under bad conditions they are three times as large and the handset does not know. A
//! fix is therefore a mixture, 92 % of the size told and 8 % three times that (a contaminated normal, Tukey 1960).
//!
//! **Side.** For a fix whose signed distance to the edge is D (negative inside), P(outside) is the mixture's
//! Φ(D/σ): the edge is taken for straight within reach of the error. For a small circle under a wide error that is kinder than the
//! exact Rice integral, on purpose: a cell fix of 1 km at the middle of a fence of 200 m has P(inside) = 0.05 by the integral, since
//! *most places* are outside, and would call a resident out who sleeps.

use crate::number;
use model::Method;

/// Standard deviation on one axis for each metre of 68 % radius.
const SIGMA_OF_ACCURACY: f64 = 0.6624;
/// The share of fixes taken under conditions the handset does not know of, and how much larger their error is.
const BAD_SHARE: f64 = 0.08;
const BAD_FACTOR: f64 = 3.0;
/// A wider radius says no more than that the handset is in the country.
const USABLE_M: f64 = 20_000.0;

/// The best 68 % radius each method is believed to reach, in metres. Satellites reach 5 m under a free sky, but handsets
/// that tell 1 m and are 15 m off are common; networks and cells are as good as the map of their stations.
fn floor_m(method: Method) -> f64 {
    match method {
        Method::Gps => 8.0,
        Method::Wifi => 25.0,
        Method::Aflt => 60.0,
        Method::Cell => 300.0,
    }
}

/// For how long errors of a method stay alike, in seconds: the same reflection, the same far access point.
pub fn alike_s(method: Method) -> f64 {
    match method {
        Method::Gps => 45.0,
        Method::Wifi => 400.0,
        Method::Aflt => 200.0,
        Method::Cell => 600.0,
    }
}

/// Whether fixes of a method may decide, or only inform.
pub fn decides(method: Method) -> bool {
    match method {
        Method::Gps | Method::Wifi | Method::Aflt => true,
        Method::Cell => false,
    }
}

/// Standard deviation on one axis of a fix, in metres; none if it says nothing. A radius that cannot be (0, -1, NaN) is
/// replaced by what the method usually reaches.
pub fn sigma_m(method: Method, accuracy_m: f64) -> Option<f64> {
    let told = if accuracy_m > 0.0 { accuracy_m } else { method.usual_accuracy_m() };
    (told <= USABLE_M).then(|| told.max(floor_m(method)) * SIGMA_OF_ACCURACY)
}

/// P(outside) of a fix at that signed distance.
pub fn outside(distance_m: f64, sigma_m: f64) -> f64 {
    let ratio = distance_m / sigma_m.max(0.1);
    (1.0 - BAD_SHARE) * normal(ratio) + BAD_SHARE * normal(ratio / BAD_FACTOR)
}

/// The density of the mixture at a distance on the plane whose square in standard deviations is given, times 2 π σ².
pub fn density(squared: f64) -> f64 {
    let bad = BAD_FACTOR * BAD_FACTOR;
    (1.0 - BAD_SHARE) * (-squared / 2.0).exp() + BAD_SHARE / bad * (-squared / (2.0 * bad)).exp()
}

/// The normal distribution function, to 1e-7 (Abramowitz and Stegun 1964, 26.2.17).
fn normal(ratio: f64) -> f64 {
    let size = ratio.abs();
    if size > 8.0 {
        return if ratio > 0.0 { 1.0 } else { 0.0 };
    }
    let t = 1.0 / (1.0 + 0.231_641_9 * size);
    let series = t
        * (0.319_381_530
            + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
    let tail = 0.398_942_280_4 * (-size * size / 2.0).exp() * series;
    if ratio > 0.0 { 1.0 - tail } else { tail }
}

/// P(inside), as it is told to people.
pub fn inside_told(distance_m: f64, sigma_m: f64) -> f64 {
    number::fine(1.0 - outside(distance_m, sigma_m))
}
