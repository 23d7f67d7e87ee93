//! Ways that lead somewhere, or whose turns have a reason.

use super::{Chance, Corner, Way, away, float, near, off, some};
use std::f64::consts::TAU;

fn pace(chance: &mut Chance) -> f64 {
    chance.between(0.5, 1.4)
}

/// Streets that meet at right angles.
fn streets(blocks: u64, least_m: f64, most_m: f64, chance: &mut Chance) -> Vec<Corner> {
    let (mut here, mut corners) = ((0.0, 0.0), Vec::new());
    let towards = chance.between(0.0, TAU);
    for block in 0..blocks {
        let bend =
            if block % 2 == 0 { 0.0 } else { TAU / 4.0 * if chance.happens(0.5) { 1.0 } else { -1.0 } };
        here = off(here, towards + bend, chance.between(least_m, most_m));
        corners.push(here);
    }
    corners
}

/// To somewhere and back, with what is done there.
pub(crate) fn errand(chance: &mut Chance) -> Way {
    let mut way = Way::begin(pace(chance));
    let blocks = some(2, 7, chance);
    let there = streets(blocks, 50.0, 220.0, chance);
    if chance.happens(0.05) {
        // Something was forgotten.
        way.to(there[0], chance);
        way.to((0.0, 0.0), chance);
        way.stay(chance.between(20.0, 240.0));
    }
    for corner in &there {
        way.to(near(*corner, 3.0, chance), chance);
        if chance.happens(0.15) {
            way.stay(chance.between(10.0, 300.0));
        }
    }
    way.stay(chance.between(60.0, 1_800.0));
    for corner in there.iter().rev().skip(1) {
        way.to(near(*corner, 3.0, chance), chance);
    }
    way.to((0.0, 0.0), chance);
    way.stay(chance.between(0.0, 1_800.0));
    way
}

/// Rounds of a park with a rest, and the way there and back.
pub(crate) fn park(chance: &mut Chance) -> Way {
    let mut way = Way::begin(pace(chance));
    let radius_m = chance.between(60.0, 230.0);
    let rounds = if radius_m < 90.0 { 1 } else { some(1, 2, chance) };
    let (away_m, squeeze) = (chance.between(100.0, 500.0), chance.between(0.5, 1.0));
    let bench = some(1, 14, chance);
    for n in 0..=16 * rounds {
        let angle = TAU / 2.0 + float(n) / 16.0 * TAU;
        let corner = (away_m + radius_m + radius_m * angle.cos(), radius_m * squeeze * angle.sin());
        way.to(near(corner, 4.0, chance), chance);
        if n == bench || chance.happens(0.03) {
            way.stay(chance.between(60.0, 900.0));
        }
    }
    way.to((0.0, 0.0), chance);
    way
}

/// To the market, from stall to stall with stops, and home.
pub(crate) fn market(chance: &mut Chance) -> Way {
    let mut way = Way::begin(chance.between(0.5, 1.1));
    let away_m = chance.between(120.0, 600.0);
    let (long_m, wide_m) = (chance.between(50.0, 130.0), chance.between(15.0, 60.0));
    let along = chance.happens(0.5);
    for stall in 0..some(7, 20, chance) {
        let share = if along { (float(stall) / 10.0) % 1.0 } else { chance.share() };
        way.to((away_m + share * long_m, chance.between(0.0, wide_m)), chance);
        way.stay(chance.between(20.0, 200.0));
    }
    way.to((0.0, 0.0), chance);
    way
}

/// About the beds of a garden.
pub(crate) fn garden(chance: &mut Chance) -> Way {
    let mut way = Way::begin(chance.between(0.4, 0.9));
    let (wide, deep) = (chance.between(6.0, 16.0), chance.between(4.0, 12.0));
    for _ in 0..some(15, 40, chance) {
        way.to((chance.between(-wide, wide), chance.between(-deep, deep)), chance);
        way.stay(chance.between(15.0, 240.0));
    }
    way
}

/// On a bench, or in bed.
pub(crate) fn sitting(chance: &mut Chance) -> Way {
    let mut way = Way::begin(1.0);
    way.stay(chance.between(3_600.0, 7_200.0));
    way.worse = if chance.happens(0.4) { chance.between(1.0, 1.4) } else { 1.0 };
    way
}

/// To the stop, by bus, and on; and often back.
pub(crate) fn bus(chance: &mut Chance) -> Way {
    let mut way = Way::begin(pace(chance));
    let stop = off((0.0, 0.0), chance.between(0.0, TAU), chance.between(100.0, 300.0));
    way.to(stop, chance);
    way.stay(chance.between(30.0, 900.0));
    let (mut here, towards, mps) = (stop, chance.between(0.0, TAU), chance.between(5.5, 10.0));
    let mut stops = vec![here];
    for _ in 0..some(4, 8, chance) {
        here = off(here, towards + chance.between(-0.8, 0.8), chance.between(300.0, 700.0));
        way.drive(here, mps);
        way.stay(chance.between(10.0, 60.0));
        stops.push(here);
    }
    let there = near(here, 120.0, chance);
    way.to(there, chance);
    way.stay(chance.between(300.0, 1_800.0));
    if chance.happens(0.7) {
        way.to(here, chance);
        way.stay(chance.between(30.0, 600.0));
        for stop in stops.iter().rev().skip(1) {
            way.drive(*stop, mps);
            way.stay(chance.between(10.0, 60.0));
        }
        way.to((0.0, 0.0), chance);
    }
    way
}

/// A long walk that bends this way and that, and home by another way; a dog may decide some of it.
pub(crate) fn stroll(chance: &mut Chance) -> Way {
    let mut way = Way::begin(pace(chance));
    let (mut heading, bends) = (chance.between(0.0, TAU), chance.between(0.3, 1.1));
    let (out_m, stops) = (chance.between(500.0, 2_000.0), chance.between(0.0, 0.25));
    let mut walked_m = 0.0;
    while walked_m < out_m {
        heading += chance.normal() * bends * 0.6;
        let (length_m, here) = (chance.between(30.0, 140.0), way.here());
        way.to(off(here, heading, length_m), chance);
        walked_m += length_m;
        if chance.happens(stops) {
            way.stay(chance.between(10.0, 120.0));
        }
    }
    let here = way.here();
    way.to((here.0 * 0.5 + chance.normal() * 80.0, here.1 * 0.5 + chance.normal() * 80.0), chance);
    way.to((0.0, 0.0), chance);
    way
}

/// From one shop to another along two streets, in and out.
pub(crate) fn shops(chance: &mut Chance) -> Way {
    let mut way = Way::begin(pace(chance));
    let street = off((0.0, 0.0), chance.between(0.0, TAU), chance.between(80.0, 400.0));
    let along = chance.between(0.0, TAU);
    way.to(street, chance);
    let (mut at_m, stay_s) = (0.0, chance.between(120.0, 700.0));
    for _ in 0..some(2, 6, chance) {
        at_m += chance.between(-60.0, 140.0);
        let door = off(street, along, at_m);
        way.to(door, chance);
        let inside = near(door, 8.0, chance);
        way.to(inside, chance);
        way.stay(stay_s * chance.between(0.4, 1.6));
        way.to(door, chance);
    }
    way.to(street, chance);
    way.to((0.0, 0.0), chance);
    way
}

/// Along the river and back, once or twice; nobody paces so far.
pub(crate) fn promenade(chance: &mut Chance) -> Way {
    let mut way = Way::begin(chance.between(0.7, 1.5));
    let length_m = chance.between(280.0, 900.0);
    let (angle, legs) = (chance.between(0.0, TAU), if length_m < 450.0 { 2 } else { some(2, 4, chance) });
    let bend = chance.between(-0.5, 0.5);
    let half = off((0.0, 0.0), angle, length_m / 2.0);
    let end = off(half, angle + bend, length_m / 2.0);
    for leg in 0..legs {
        way.to(near(half, 4.0, chance), chance);
        way.to(near(if leg % 2 == 0 { end } else { (0.0, 0.0) }, 6.0, chance), chance);
        if chance.happens(0.4) {
            way.stay(chance.between(20.0, 400.0));
        }
    }
    way
}

/// A child is fetched from school, a neighbour visited: short ways with long stays, there and back.
pub(crate) fn fetching(chance: &mut Chance) -> Way {
    let mut way = Way::begin(pace(chance));
    for _ in 0..some(1, 3, chance) {
        let there = off((0.0, 0.0), chance.between(0.0, TAU), chance.between(40.0, 350.0));
        let corner = near((there.0 * 0.5, there.1 * 0.5), 25.0, chance);
        way.to(corner, chance);
        way.to(there, chance);
        way.stay(chance.between(180.0, 1_500.0));
        if chance.happens(0.3) {
            // Waiting, a few steps to and fro.
            for _ in 0..some(2, 6, chance) {
                way.to(near(there, 6.0, chance), chance);
                way.stay(chance.between(10.0, 60.0));
            }
        }
        way.to(corner, chance);
        way.to((0.0, 0.0), chance);
        way.stay(chance.between(300.0, 1_500.0));
    }
    way
}

/// Dancing on the square: much movement, no way.
pub(crate) fn dancing(chance: &mut Chance) -> Way {
    let mut way = Way::begin(chance.between(0.5, 1.1));
    let square = off((0.0, 0.0), chance.between(0.0, TAU), chance.between(100.0, 400.0));
    way.to(square, chance);
    let until_s = way.seconds() + chance.between(1_200.0, 3_600.0);
    let wide_m = chance.between(2.0, 7.0);
    while way.seconds() < until_s {
        way.to(near(square, wide_m, chance), chance);
        way.stay(chance.between(0.0, 20.0));
    }
    way.to((0.0, 0.0), chance);
    way
}

/// A supermarket: aisle after aisle under a roof, slowly, with stops; then the till and home.
pub(crate) fn hall(chance: &mut Chance) -> Way {
    let mut way = Way::begin(chance.between(0.4, 0.9));
    let door = off((0.0, 0.0), chance.between(0.0, TAU), chance.between(150.0, 500.0));
    way.to(door, chance);
    let (wide_m, deep_m) = (chance.between(15.0, 45.0), chance.between(15.0, 40.0));
    for _ in 0..some(6, 18, chance) {
        way.to((door.0 + chance.between(0.0, wide_m), door.1 + chance.between(0.0, deep_m)), chance);
        way.stay(chance.between(15.0, 150.0));
    }
    way.to(door, chance);
    way.stay(chance.between(60.0, 400.0));
    way.to((0.0, 0.0), chance);
    way.worse = chance.between(1.0, 1.3);
    assert!(away(way.here(), (0.0, 0.0)) < 1.0);
    way
}
