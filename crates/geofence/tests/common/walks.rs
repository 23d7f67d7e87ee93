//! Ways people take on foot: those that lead nowhere, and ordinary ones.

use super::Chance;
use std::f64::consts::TAU;

type Corner = (f64, f64);

/// A way as corners, each with the seconds somebody stays there.
#[derive(Debug, Clone, Default)]
pub(crate) struct Way {
    pub(crate) corners: Vec<(Corner, f64)>,
    pub(crate) pace_mps: f64,
}

impl Way {
    fn new(pace_mps: f64, corners: impl IntoIterator<Item = Corner>) -> Self {
        Self { corners: corners.into_iter().map(|corner| (corner, 0.0)).collect(), pace_mps }
    }

    /// Where somebody is each `every_s` seconds.
    pub(crate) fn walk(&self, every_s: f64) -> Vec<(f64, Corner)> {
        let (mut second, mut next, mut out) = (0.0, 0.0, Vec::new());
        for two in self.corners.windows(2) {
            let ((from, stay_s), (to, _)) = (two[0], two[1]);
            let begin = second + stay_s;
            let length = (to.0 - from.0).hypot(to.1 - from.1);
            let end = begin + length / self.pace_mps;
            while next < end {
                let share = if next < begin { 0.0 } else { (next - begin) / (end - begin).max(1e-9) };
                out.push((next, (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share)));
                next += every_s;
            }
            second = end;
        }
        out
    }
}

fn near(point: Corner, spread_m: f64, chance: &mut Chance) -> Corner {
    (point.0 + chance.normal() * spread_m, point.1 + chance.normal() * spread_m)
}

fn off(from: Corner, angle: f64, length_m: f64) -> Corner {
    (from.0 + angle.cos() * length_m, from.1 + angle.sin() * length_m)
}

pub(crate) fn pacing(chance: &mut Chance) -> Way {
    let (length_m, angle) = (chance.between(60.0, 120.0), chance.between(0.0, TAU));
    let ends = [(0.0, 0.0), off((0.0, 0.0), angle, length_m)];
    let legs = 8 + usize::try_from(chance.next() % 6).unwrap();
    Way::new(chance.between(0.5, 1.2), (0..=legs).map(|leg| near(ends[leg % 2], 4.0, chance)))
}

pub(crate) fn lapping(chance: &mut Chance) -> Way {
    let radius_m = chance.between(35.0, 75.0);
    let sense = if chance.happens(0.5) { 1.0 } else { -1.0 };
    let corners = 12 * (3 + chance.next() % 3);
    let pace_mps = chance.between(0.5, 1.2);
    let corner = |n: u64| f64::from(u32::try_from(n).unwrap()) / 12.0 * TAU * sense;
    Way::new(pace_mps, (0..=corners).map(|n| near(off((0.0, 0.0), corner(n), radius_m), 3.0, chance)))
}

pub(crate) fn random(chance: &mut Chance) -> Way {
    let mut here = (0.0, 0.0);
    let corners = 16 + chance.next() % 10;
    let mut way = vec![here];
    for _ in 0..corners {
        here = off(here, chance.between(0.0, TAU), chance.between(30.0, 90.0));
        here = (here.0 * 0.75, here.1 * 0.75);
        way.push(here);
    }
    Way::new(chance.between(0.5, 1.2), way)
}

/// Along streets that meet at right angles, to somewhere and back another or the same way.
pub(crate) fn errand(chance: &mut Chance) -> Way {
    let mut here = (0.0, 0.0);
    let mut there = vec![here];
    let towards = chance.between(0.0, TAU);
    for block in 0..3 + chance.next() % 5 {
        let bend =
            if block % 2 == 0 { 0.0 } else { TAU / 4.0 * if chance.happens(0.5) { 1.0 } else { -1.0 } };
        here = off(here, towards + bend, chance.between(60.0, 220.0));
        there.push(here);
    }
    let mut way = Way::new(chance.between(0.6, 1.3), there.clone());
    if let Some(last) = way.corners.last_mut() {
        last.1 = chance.between(120.0, 1_500.0);
    }
    way.corners.extend(there.iter().rev().skip(1).map(|corner| (near(*corner, 3.0, chance), 0.0)));
    way
}

/// One or two rounds of a park with a rest, and the way there and back.
pub(crate) fn park(chance: &mut Chance) -> Way {
    let (radius_m, away_m) = (chance.between(70.0, 220.0), chance.between(150.0, 500.0));
    let rounds = 1 + chance.next() % 2;
    let middle = (away_m + radius_m, 0.0);
    let squeeze = chance.between(0.6, 1.0);
    let corner = |n: u64| {
        let angle = TAU / 2.0 + f64::from(u32::try_from(n).unwrap()) / 16.0 * TAU;
        (middle.0 + radius_m * angle.cos(), middle.1 + radius_m * squeeze * angle.sin())
    };
    let round: Vec<Corner> = (0..=16 * rounds).map(|n| near(corner(n), 3.0, chance)).collect();
    let mut way =
        Way::new(chance.between(0.6, 1.2), std::iter::once((0.0, 0.0)).chain(round).chain([(0.0, 0.0)]));
    let bench = 1 + usize::try_from(chance.next() % 14).unwrap();
    way.corners[bench].1 = chance.between(60.0, 900.0);
    way
}

/// To the market, from stall to stall with stops, and home.
pub(crate) fn market(chance: &mut Chance) -> Way {
    let away_m = chance.between(150.0, 600.0);
    let mut way = Way::new(chance.between(0.5, 1.1), [(0.0, 0.0)]);
    for _ in 0..8 + chance.next() % 14 {
        let stall = (away_m + chance.between(0.0, 90.0), chance.between(0.0, 50.0));
        way.corners.push((stall, chance.between(20.0, 180.0)));
    }
    way.corners.push(((0.0, 0.0), 0.0));
    way
}

/// About the beds of a garden, for an hour.
pub(crate) fn garden(chance: &mut Chance) -> Way {
    let mut way = Way::new(chance.between(0.4, 0.9), [(0.0, 0.0)]);
    for _ in 0..20 + chance.next() % 20 {
        let bed = (chance.between(-12.0, 12.0), chance.between(-8.0, 8.0));
        way.corners.push((bed, chance.between(20.0, 240.0)));
    }
    way
}

/// On a bench, for two hours.
pub(crate) fn sitting(_: &mut Chance) -> Way {
    Way { corners: vec![((0.0, 0.0), 7_200.0), ((5.0, 0.0), 0.0)], pace_mps: 1.0 }
}

/// To the stop, by bus, and on.
pub(crate) fn bus(chance: &mut Chance) -> Way {
    let stop = off((0.0, 0.0), chance.between(0.0, TAU), chance.between(100.0, 300.0));
    let mut way = Way::new(7.0, [(0.0, 0.0), stop]);
    let mut here = stop;
    let towards = chance.between(0.0, TAU);
    for _ in 0..6 {
        here = off(here, towards + chance.between(-0.8, 0.8), chance.between(300.0, 700.0));
        way.corners.push((here, chance.between(10.0, 60.0)));
    }
    way
}
