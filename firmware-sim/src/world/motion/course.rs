//! The course of one motion through time: gravity that turns with the body, steps, the knock, breath.

use super::{FINE_HZ, IMPACT_AT_S, NOISE_MG, RANGE_MG};
use crate::seed;
use rand::rngs::StdRng;
use std::f64::consts::{PI, TAU};

/// Three axes of the handset.
pub(super) type Vector = [f64; 3];

/// The course of one motion: what the numbers of its kind are this time.
pub(super) struct Course {
    pub(super) walks_before: bool,
    pub(super) walks_after: bool,
    /// Gravity before and after, in the handset's own axes.
    pub(super) before: Vector,
    pub(super) axis: Vector,
    pub(super) turned_rad: f64,
    /// The turn takes so long and ends with the impact.
    pub(super) turning_s: f64,
    /// How much of gravity is missing while falling, and for how long before the impact.
    pub(super) dip: f64,
    pub(super) dip_s: f64,
    pub(super) impact_mg: f64,
    pub(super) impact_s: f64,
    pub(super) rebound_mg: f64,
    pub(super) rebound_after_s: f64,
    /// What is left of the body's own movement afterwards.
    pub(super) restless_mg: f64,
    pub(super) steps_hz: f64,
    pub(super) step_mg: f64,
    pub(super) phase: f64,
}

impl Course {
    /// One sample: the mean over its time, noise, and the limits of the sensor.
    pub(super) fn seen(&self, from_s: f64, fine: f64, rng: &mut StdRng) -> [i32; 3] {
        let mut sum = [0.0; 3];
        let mut count = 0.0;
        while count < fine {
            let at = self.felt(from_s + count / FINE_HZ);
            sum = add(sum, at, 1.0);
            count += 1.0;
        }
        sum.map(|axis| {
            let (noise, _) = seed::normal_pair(rng);
            milli(axis / count + noise * NOISE_MG)
        })
    }

    /// What the body does at that time, in mg.
    fn felt(&self, at_s: f64) -> Vector {
        let since_s = at_s - IMPACT_AT_S;
        let gravity = self.gravity(since_s);
        let weight = 1_000.0 * (1.0 - self.missing(since_s));
        let mut felt = add([0.0; 3], gravity, weight);
        felt = add(felt, gravity, self.knock(since_s));
        // A knock does not come from below alone.
        felt = add(felt, self.axis, 0.4 * self.knock(since_s));
        let walks =
            if since_s < -self.turning_s { self.walks_before } else { self.walks_after && since_s > 0.9 };
        if walks {
            felt = add(felt, gravity, self.step(at_s));
            felt = add(felt, self.axis, 0.4 * self.step_mg * (PI * self.steps_hz * at_s + self.phase).sin());
        }
        if since_s > 0.6 && !walks {
            let breath = 3.0 * (TAU * 0.26 * at_s).sin();
            let stir =
                self.restless_mg * ((TAU * 0.7 * at_s + self.phase).sin() + (TAU * 1.9 * at_s).sin() * 0.6);
            felt = add(felt, gravity, breath + stir * 0.5);
            felt = add(felt, self.axis, stir);
        }
        felt
    }

    fn gravity(&self, since_s: f64) -> Vector {
        let done = ((since_s + self.turning_s) / self.turning_s).clamp(0.0, 1.0);
        // Slow at first: a body tips over like a tree. On purpose it is even.
        rotate(self.before, self.axis, self.turned_rad * done * done)
    }

    fn missing(&self, since_s: f64) -> f64 {
        let into = (since_s + self.dip_s) / self.dip_s;
        if (0.0..1.0).contains(&into) { self.dip * (PI * into).sin() } else { 0.0 }
    }

    /// The impact, its ringing, and the rebound.
    fn knock(&self, since_s: f64) -> f64 {
        let pulse = |after_s: f64, height: f64, width_s: f64| {
            let into = (since_s - after_s) / width_s;
            if (0.0..1.0).contains(&into) { height * (PI * into).sin() } else { 0.0 }
        };
        let ringing = if since_s > self.impact_s {
            0.2 * self.impact_mg * (-since_s / 0.07).exp() * (TAU * 13.0 * since_s).cos()
        } else {
            0.0
        };
        pulse(0.0, self.impact_mg, self.impact_s)
            + pulse(self.rebound_after_s, self.rebound_mg, self.impact_s * 1.5)
            + ringing
    }

    fn step(&self, at_s: f64) -> f64 {
        let phase = TAU * self.steps_hz * at_s + self.phase;
        self.step_mg * (phase.sin() + 0.35 * (2.0 * phase).sin())
    }
}

pub(super) fn add(to: Vector, direction: Vector, by: f64) -> Vector {
    [to[0] + direction[0] * by, to[1] + direction[1] * by, to[2] + direction[2] * by]
}

pub(super) fn unit(vector: Vector) -> Vector {
    let length = dot(vector, vector).sqrt().max(1e-9);
    vector.map(|axis| axis / length)
}

pub(super) fn dot(one: Vector, other: Vector) -> f64 {
    one[0] * other[0] + one[1] * other[1] + one[2] * other[2]
}

/// Round an axis by an angle (Rodrigues).
fn rotate(vector: Vector, axis: Vector, by_rad: f64) -> Vector {
    let (sin, cos) = by_rad.sin_cos();
    let cross = [
        axis[1] * vector[2] - axis[2] * vector[1],
        axis[2] * vector[0] - axis[0] * vector[2],
        axis[0] * vector[1] - axis[1] * vector[0],
    ];
    let along = dot(axis, vector) * (1.0 - cos);
    add(add(vector.map(|part| part * cos), cross, sin), axis, along)
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to the sensor's range just before")]
fn milli(value: f64) -> i32 {
    value.round().clamp(-RANGE_MG, RANGE_MG) as i32
}
