//! Ways people take who do not know where they are going, in the kinds of Martino-Saltzman (1991): to and fro, round and
//! round, without a pattern; and the straight way of those who walk on until something stops them.

use super::place::Ground;
use rand::{RngExt, rngs::StdRng};

/// A kind of wandering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wandering {
    /// Back and forth between two places.
    Pacing,
    /// The same closed way again and again.
    Lapping,
    /// Many turns, no line twice.
    Random,
    /// Away, in about one direction.
    Straight,
}

impl Wandering {
    /// One of them by chance; the straight way, which ends far from home, is the rarest.
    pub fn by_chance(rng: &mut StdRng) -> Self {
        match rng.random_range(0..10) {
            0..=3 => Self::Pacing,
            4..=6 => Self::Lapping,
            7..=8 => Self::Random,
            _ => Self::Straight,
        }
    }

    /// The corners of such a way that begins here.
    pub fn corners(self, here: Ground, rng: &mut StdRng) -> Vec<Ground> {
        match self {
            Self::Pacing => pacing(here, rng),
            Self::Lapping => lapping(here, rng),
            Self::Random => random(here, rng),
            Self::Straight => {
                let towards_deg = rng.random_range(0.0..360.0);
                straight(here, towards_deg, rng.random_range(600.0..1_500.0), rng)
            }
        }
    }
}

fn pacing(here: Ground, rng: &mut StdRng) -> Vec<Ground> {
    let (length_m, towards_deg) = (rng.random_range(60.0..120.0), rng.random_range(0.0..360.0));
    let there = at(here, towards_deg, length_m);
    (0..rng.random_range(8..14))
        .map(|turn| near(if turn % 2 == 0 { there } else { here }, 6.0, rng))
        .collect()
}

fn lapping(here: Ground, rng: &mut StdRng) -> Vec<Ground> {
    let (radius_m, begin_deg) = (rng.random_range(40.0..80.0), rng.random_range(0.0..360.0));
    let middle = at(here, begin_deg, radius_m);
    let sense = if rng.random_bool(0.5) { 30.0 } else { -30.0 };
    let corners = 12 * rng.random_range(3..6);
    (1..=corners)
        .map(|corner| near(at(middle, begin_deg + 180.0 + sense * f64::from(corner), radius_m), 4.0, rng))
        .collect()
}

fn random(here: Ground, rng: &mut StdRng) -> Vec<Ground> {
    let mut place = here;
    (0..rng.random_range(14..24))
        .map(|_| {
            let (length_m, towards_deg) = (rng.random_range(30.0..90.0), rng.random_range(0.0..360.0));
            place = at(place, towards_deg, length_m);
            // Drawn back, so that the tangle stays about where it began.
            place = place.towards(here, place.distance_m(here) * 0.35);
            place
        })
        .collect()
}

/// On and on in one direction, as far as that, with the small bends of streets.
pub fn straight(here: Ground, towards_deg: f64, length_m: f64, rng: &mut StdRng) -> Vec<Ground> {
    let (mut place, mut corners) = (here, Vec::new());
    while here.distance_m(place) < length_m {
        let bend_deg = rng.random_range(-14.0..14.0);
        place = at(place, towards_deg + bend_deg, rng.random_range(70.0..140.0));
        corners.push(place);
    }
    corners
}

fn at(from: Ground, towards_deg: f64, length_m: f64) -> Ground {
    let (east, north) = towards_deg.to_radians().sin_cos();
    from.moved(east * length_m, north * length_m)
}

fn near(place: Ground, within_m: f64, rng: &mut StdRng) -> Ground {
    place.moved(rng.random_range(-within_m..within_m), rng.random_range(-within_m..within_m))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed;

    const HERE: Ground = Ground { east_m: 100.0, north_m: 50.0 };

    fn way(kind: Wandering, number: u64) -> Vec<Ground> {
        let mut way = vec![HERE];
        way.extend(kind.corners(HERE, &mut seed::generator(number, "test", "h")));
        way
    }

    fn length_m(way: &[Ground]) -> f64 {
        way.windows(2).map(|two| two[0].distance_m(two[1])).sum()
    }

    /// The change of direction at each corner, from -180 to 180 degrees.
    fn turns(way: &[Ground]) -> Vec<f64> {
        let bearings: Vec<f64> = way.windows(2).map(|two| two[0].bearing_deg(two[1])).collect();
        bearings.windows(2).map(|two| (two[1] - two[0] + 540.0).rem_euclid(360.0) - 180.0).collect()
    }

    #[test]
    fn each_kind_has_its_shape() {
        for number in 0..50 {
            let pacing = turns(&way(Wandering::Pacing, number));
            assert!(pacing.iter().filter(|turn| turn.abs() > 150.0).count() >= 6, "seed {number}");
            let lapping: f64 = turns(&way(Wandering::Lapping, number)).iter().sum();
            assert!(lapping.abs() > 2.5 * 360.0, "seed {number}: {lapping}");
            let random = way(Wandering::Random, number);
            assert!(turns(&random).iter().filter(|turn| turn.abs() > 90.0).count() >= 4, "seed {number}");
            assert!(random.iter().all(|place| place.distance_m(HERE) < 250.0), "seed {number}");
        }
    }

    #[test]
    fn the_straight_way_leads_away_and_the_others_do_not() {
        for number in 0..50 {
            let straight = way(Wandering::Straight, number);
            let net_m = HERE.distance_m(*straight.last().unwrap());
            assert!(net_m >= 600.0 && length_m(&straight) < 1.2 * net_m, "seed {number}");
            for kind in [Wandering::Pacing, Wandering::Lapping, Wandering::Random] {
                let way = way(kind, number);
                let net_m = HERE.distance_m(*way.last().unwrap());
                assert!(length_m(&way) > 2.5 * net_m, "seed {number} {kind:?}");
            }
        }
    }
}
