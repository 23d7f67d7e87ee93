//! What the made-up district has once: a canal, a bus line over it, underpasses, and the homes of the demo.

use super::place::Ground;
use crate::seed::mix;

/// The canal runs from west to east through the middle; nobody of the demo lives on it.
const CANAL: [Ground; 5] = [
    Ground { east_m: -4_000.0, north_m: 620.0 },
    Ground { east_m: -1_600.0, north_m: 280.0 },
    Ground { east_m: 0.0, north_m: -30.0 },
    Ground { east_m: 1_500.0, north_m: -420.0 },
    Ground { east_m: 4_000.0, north_m: -800.0 },
];
/// The width of its water.
pub const CANAL_WIDTH_M: f64 = 30.0;
/// The bus line runs from the north over the canal's bridge to the big market in the south.
const BUS_LINE: [Ground; 4] = [
    Ground { east_m: 220.0, north_m: 2_400.0 },
    Ground { east_m: 120.0, north_m: 900.0 },
    Ground { east_m: 60.0, north_m: -900.0 },
    Ground { east_m: -80.0, north_m: -2_900.0 },
];
/// Stops lie about this far apart.
const BETWEEN_STOPS_M: f64 = 420.0;
/// Underpasses lie on a lattice; each leads a street from west to east under the railway.
const TUNNEL_LATTICE_M: f64 = 1_900.0;
const TUNNEL_PHASE_M: f64 = 760.0;
const TUNNEL_LENGTH_M: f64 = 180.0;
const TUNNEL_WIDTH_M: f64 = 16.0;
/// The middle of the demo's homes in degrees, and how far they reach to each side.
const MIDDLE_DEG: (f64, f64) = (33.96, 118.28);
const REACH_DEG: (f64, f64) = (0.036, 0.043);

/// The middle of the water, from west to east.
pub fn canal() -> &'static [Ground] {
    &CANAL
}

/// How far a place is from the middle of the water.
pub fn to_canal_m(place: Ground) -> f64 {
    nearest_on(&CANAL, place).distance_m(place)
}

/// The bank nearest to a place: dry, with the water two steps away.
pub fn bank_near(place: Ground) -> Ground {
    let (water, dry_m) = (nearest_on(&CANAL, place), CANAL_WIDTH_M / 2.0 + 3.0);
    if water.distance_m(place) < dry_m { water.moved(0.0, dry_m) } else { water.towards(place, dry_m) }
}

/// All stops of the bus from north to south; the last one is the big market.
pub fn bus_stops() -> Vec<Ground> {
    let mut stops = Vec::new();
    for (from, to) in BUS_LINE.iter().zip(BUS_LINE.iter().skip(1)) {
        let mut here = *from;
        while here.distance_m(*to) > BETWEEN_STOPS_M * 0.6 {
            stops.push(here);
            here = here.towards(*to, BETWEEN_STOPS_M);
        }
    }
    stops.extend(BUS_LINE.last());
    stops
}

/// The two mouths of the underpass nearest to a place, west and east.
pub fn tunnel_near(place: Ground) -> (Ground, Ground) {
    let middle = place.nearest_of_lattice(TUNNEL_LATTICE_M, TUNNEL_PHASE_M);
    (middle.moved(-TUNNEL_LENGTH_M / 2.0, 0.0), middle.moved(TUNNEL_LENGTH_M / 2.0, 0.0))
}

/// Whether there is no sky above, and no base station either.
pub fn in_tunnel(place: Ground) -> bool {
    let middle = place.nearest_of_lattice(TUNNEL_LATTICE_M, TUNNEL_PHASE_M);
    let (along, across) = ((place.east_m - middle.east_m).abs(), (place.north_m - middle.north_m).abs());
    along < TUNNEL_LENGTH_M / 2.0 && across < TUNNEL_WIDTH_M / 2.0
}

/// Where the demo's resident of that number lives, in degrees: within about two kilometres of the middle.
pub fn demo_home(number: u32) -> (f64, f64) {
    let share = |salt: u64| {
        let drawn = mix(u64::from(number) ^ (salt << 32)) % 10_000;
        f64::from(u16::try_from(drawn).unwrap_or_default()) / 10_000.0
    };
    (MIDDLE_DEG.0 + (share(1) - 0.5) * REACH_DEG.0, MIDDLE_DEG.1 + (share(2) - 0.5) * REACH_DEG.1)
}

fn nearest_on(line: &[Ground], place: Ground) -> Ground {
    let nearest = |from: Ground, to: Ground| {
        let length = from.distance_m(to);
        let along = ((place.east_m - from.east_m) * (to.east_m - from.east_m)
            + (place.north_m - from.north_m) * (to.north_m - from.north_m))
            / length.max(1e-9);
        from.towards(to, along.clamp(0.0, length))
    };
    line.iter()
        .zip(line.iter().skip(1))
        .map(|(from, to)| nearest(*from, *to))
        .min_by(|one, other| one.distance_m(place).total_cmp(&other.distance_m(place)))
        .unwrap_or(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bus_crosses_the_canal_and_ends_at_the_market() {
        let stops = bus_stops();
        assert!(stops.len() > 10);
        assert!(stops.windows(2).all(|two| (250.0..=700.0).contains(&two[0].distance_m(two[1]))));
        let crossing = stops.windows(2).find(|two| two[0].north_m > -30.0 && two[1].north_m < -30.0).unwrap();
        let middle = crossing[0].towards(crossing[1], crossing[0].distance_m(crossing[1]) / 2.0);
        assert!(to_canal_m(middle) < 250.0);
        assert!(stops.iter().all(|stop| to_canal_m(*stop) > CANAL_WIDTH_M), "nobody waits in the water");
    }

    #[test]
    fn a_bank_is_dry_and_near_the_water() {
        for number in 1..=200 {
            let (lat, lon) = demo_home(number);
            let home = Ground::from_degrees(lat, lon);
            assert!(to_canal_m(home) > 50.0, "{number} lives in the water");
            let bank = bank_near(home);
            assert!((CANAL_WIDTH_M / 2.0..CANAL_WIDTH_M).contains(&to_canal_m(bank)), "{number}");
        }
    }

    #[test]
    fn a_tunnel_is_dark_between_its_mouths_only() {
        let (west, east) = tunnel_near(Ground { east_m: 300.0, north_m: -40.0 });
        assert!(in_tunnel(west.towards(east, 90.0)));
        assert!(!in_tunnel(west.moved(-1.0, 0.0)) && !in_tunnel(east.moved(1.0, 0.0)));
        assert!(!in_tunnel(west.towards(east, 90.0).moved(0.0, 20.0)));
    }

    #[test]
    fn the_demos_homes_stay_where_they_are() {
        for (number, lat, lon) in HOMES {
            let home = demo_home(number);
            assert!((home.0 - lat).abs() < 1e-9 && (home.1 - lon).abs() < 1e-9, "{number}: {home:?}");
        }
    }

    /// Taken from the platform's own list of made-up residents.
    const HOMES: [(u32, f64, f64); 3] = [
        (1, 33.953_401_2, 118.265_074_7),
        (7, 33.952_306_8, 118.289_008_5),
        (200, 33.964_158, 118.290_156_6),
    ];
}
