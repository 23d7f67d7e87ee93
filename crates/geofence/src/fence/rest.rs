//! Where the resident rests: the mean of the fixes that agree with one another.
//!
//! Most fixes come from somebody who has not moved. One that is compatible with the resting place says above all that the
//! resident is still there; only what it says beyond that is news about an edge. So each fix is weighed under two
//! hypotheses, *stayed* and *moved*, and the mean of a whole evening answers for the one fix that fell beyond the edge of
//! a fence near the bed.

use super::belief;
use crate::number;
use crate::plane::{Plane, shorter};
use model::Wgs84;
use serde::{Deserialize, Serialize};

/// How many independent fixes a resting place may be worth: more, and it would follow a resident who settles elsewhere
/// in the house too slowly.
const WORTH_AT_MOST: f64 = 12.0;
/// A mean is never better than this: what all fixes of one house have in common is not averaged away.
const SIGMA_AT_LEAST_M: f64 = 5.0;
/// A fix within this many standard deviations is compatible.
const COMPATIBLE: f64 = 3.0;
/// So many independent fixes elsewhere in a row, and the resident has moved.
const MISSES: f32 = 1.2;
/// How fast somebody moves who has moved, on one axis: a walk with its turns.
const WALK_MPS: f64 = 0.6;
/// And of the few who were driven.
const DRIVE_MPS: f64 = 6.0;
const DRIVEN_SHARE: f64 = 0.05;
const MOVED_AT_MOST_M: f64 = 3_000.0;
/// The odds of having stayed, before the fix is looked at, for each independent fix the place is worth.
const STAY_ODDS: f64 = 0.5;

/// A resting place.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rest {
    /// In degrees; single precision would be a metre.
    pub lat: f64,
    /// See `lat`.
    pub lon: f64,
    /// Independent fixes it is worth.
    pub worth: f32,
    /// Standard deviation on one axis.
    pub sigma_m: f32,
    misses: f32,
}

/// What a fix is to the resting place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// The square of the distance to the place, in standard deviations of both.
    squared: f64,
    /// The variance of both on one axis.
    variance: f64,
    gap_s: f64,
    worth: f64,
    /// The place before the fix, in degrees.
    pub rest: (f64, f64),
    /// Metres from the fix to it.
    pub apart_m: f64,
    /// Its standard deviation.
    pub rest_sigma_m: f64,
    /// What becomes of the place.
    pub becomes: Becomes,
}

/// What becomes of a resting place with a fix.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Becomes {
    /// It draws near to the fix by this share of the way.
    Nearer(f64),
    /// It stays as it is; the fix may be wrong.
    Doubted,
    /// The fix is the new place.
    Moved,
}

impl Seen {
    /// Of the first fix of all, which is the place.
    pub fn first(place: Wgs84, sigma_m: f64) -> Self {
        Self {
            squared: 0.0,
            variance: sigma_m * sigma_m,
            gap_s: 0.0,
            worth: 0.0,
            rest: (place.lat(), place.lon()),
            apart_m: 0.0,
            rest_sigma_m: sigma_m,
            becomes: Becomes::Moved,
        }
    }

    /// The odds that the resident stayed against having moved, once the fix is known.
    pub fn stayed(&self) -> f64 {
        let spread = |pace_mps: f64| {
            let moved_m = (pace_mps * self.gap_s.max(1.0)).min(MOVED_AT_MOST_M);
            let wider = 1.0 + moved_m * moved_m / self.variance;
            belief::density(self.squared / wider) / wider
        };
        let moved = (1.0 - DRIVEN_SHARE) * spread(WALK_MPS) + DRIVEN_SHARE * spread(DRIVE_MPS);
        self.worth * STAY_ODDS * belief::density(self.squared) / moved.max(f64::MIN_POSITIVE)
    }
}

impl Rest {
    /// A place known from one fix.
    pub fn at(place: Wgs84, sigma_m: f64) -> Self {
        let sigma_m = number::single(sigma_m);
        Self { lat: place.lat(), lon: place.lon(), worth: 1.0, sigma_m, misses: 0.0 }
    }

    /// Looks at a fix with the map about it: `gap_s` after the last, `news` of it independent of that.
    pub fn see(&mut self, (place, map): (Wgs84, &Plane), sigma_m: f64, (gap_s, news): (f64, f64)) -> Seen {
        let (rest, rest_sigma_m) = ((self.lat, self.lon), f64::from(self.sigma_m));
        let apart_m = map.away_m(self.lat, self.lon);
        let variance = sigma_m * sigma_m + rest_sigma_m * rest_sigma_m;
        let squared = apart_m * apart_m / variance;
        let worth = f64::from(self.worth);
        let becomes = self.follow(place, sigma_m, squared, news);
        Seen { squared, variance, gap_s, worth, rest, apart_m, rest_sigma_m, becomes }
    }

    fn follow(&mut self, place: Wgs84, sigma_m: f64, squared: f64, news: f64) -> Becomes {
        if squared > COMPATIBLE * COMPATIBLE {
            self.misses += number::single(news);
            if self.misses < MISSES {
                return Becomes::Doubted;
            }
            *self = Self::at(place, sigma_m);
            return Becomes::Moved;
        }
        self.misses = 0.0;
        // Kalman's gain for a constant, with the information of the fix cut to what is new in it.
        let known = 1.0 / (f64::from(self.sigma_m) * f64::from(self.sigma_m));
        let told = news.max(0.02) / (sigma_m * sigma_m);
        let gain = told / (known + told);
        self.lat += gain * (place.lat() - self.lat);
        self.lon = shorter(self.lon + gain * shorter(place.lon() - self.lon));
        self.sigma_m = number::single((1.0 / (known + told).sqrt()).max(SIGMA_AT_LEAST_M).min(sigma_m));
        self.worth = number::single((f64::from(self.worth) + news).min(WORTH_AT_MOST));
        Becomes::Nearer(gain)
    }
}
