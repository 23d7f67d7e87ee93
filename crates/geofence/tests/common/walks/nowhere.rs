//! Ways that lead nowhere, after Martino-Saltzman. Some begin with a straight way there, or at rest.

use super::{Chance, Corner, Way, float, near, off, some};
use std::f64::consts::TAU;

/// Nobody is looked for who goes about for less.
const SHORTEST_S: f64 = 480.0;

fn begin(chance: &mut Chance) -> Way {
    let mut way = Way::begin(chance.between(0.45, 1.25));
    if chance.happens(0.3) {
        way.stay(chance.between(60.0, 1_200.0));
    }
    if chance.happens(0.4) {
        let there = off((0.0, 0.0), chance.between(0.0, TAU), chance.between(40.0, 300.0));
        way.to(there, chance);
    }
    way.nowhere_from = way.seconds();
    way
}

/// To and fro between two places, or along a path with a bend.
pub(crate) fn pacing(chance: &mut Chance) -> Way {
    let mut way = begin(chance);
    let start = way.here();
    let length_m = chance.between(45.0, 125.0);
    let angle = chance.between(0.0, TAU);
    let bend = if chance.happens(0.3) { chance.between(-1.0, 1.0) } else { 0.0 };
    let half = off(start, angle, length_m * 0.5);
    let ends = [start, off(half, angle + bend, length_m * 0.5)];
    let (legs, sloppy_m) = (some(6, 14, chance), chance.between(1.0, 8.0));
    let (mut leg, until_s) = (0, way.seconds() + chance.between(SHORTEST_S, 1_500.0));
    while leg < legs || way.seconds() < until_s {
        leg += 1;
        if bend != 0.0 {
            way.to(near(half, sloppy_m * 0.5, chance), chance);
        }
        way.to(near(ends[usize::try_from(leg % 2).unwrap()], sloppy_m, chance), chance);
        if chance.happens(0.25) {
            way.stay(chance.between(3.0, 30.0));
        }
    }
    way
}

/// Round and round: a circle, an oval, or a block of houses.
pub(crate) fn lapping(chance: &mut Chance) -> Way {
    let mut way = begin(chance);
    let radius_m = chance.between(22.0, 75.0);
    let squeeze = chance.between(0.45, 1.0);
    let sense = if chance.happens(0.5) { 1.0 } else { -1.0 };
    let corners = if chance.happens(0.3) { 4 } else { some(8, 16, chance) };
    let turned = chance.between(0.0, TAU);
    let start = way.here();
    let laps = float(some(30, 60, chance)) / 10.0;
    let on = |n: u64| -> Corner {
        let angle = float(n) / float(corners) * TAU * sense;
        let (x, y) = (radius_m * (angle.cos() - 1.0), radius_m * squeeze * angle.sin());
        (start.0 + x * turned.cos() - y * turned.sin(), start.1 + x * turned.sin() + y * turned.cos())
    };
    let mut n = 1;
    let until_s = way.seconds() + chance.between(SHORTEST_S, 1_200.0);
    while float(n) <= laps * float(corners) || way.seconds() < until_s {
        let corner = near(on(n), 3.0, chance);
        way.to(corner, chance);
        if chance.happens(0.02) {
            way.stay(chance.between(5.0, 60.0));
        }
        n += 1;
    }
    way
}

/// Here and there: within some ground, drawn back to its middle, or turning at random.
pub(crate) fn random(chance: &mut Chance) -> Way {
    let mut way = begin(chance);
    let (start, kind) = (way.here(), chance.next() % 3);
    let until_s = way.seconds() + chance.between(900.0, 2_400.0);
    let ground_m = chance.between(40.0, 110.0);
    let (low_m, high_m) = (chance.between(15.0, 40.0), chance.between(45.0, 95.0));
    let mut heading = chance.between(0.0, TAU);
    while way.seconds() < until_s {
        let here = way.here();
        let next = match kind {
            0 => {
                (start.0 + chance.between(-ground_m, ground_m), start.1 + chance.between(-ground_m, ground_m))
            }
            1 => {
                let next = off(here, chance.between(0.0, TAU), chance.between(low_m, high_m));
                (start.0 + (next.0 - start.0) * 0.8, start.1 + (next.1 - start.1) * 0.8)
            }
            _ => {
                heading += chance.between(-2.6, 2.6);
                let next = off(here, heading, chance.between(low_m * 0.6, high_m * 0.8));
                (start.0 + (next.0 - start.0) * 0.93, start.1 + (next.1 - start.1) * 0.93)
            }
        };
        way.to(next, chance);
        if chance.happens(0.1) {
            way.stay(chance.between(3.0, 40.0));
        }
    }
    way
}
