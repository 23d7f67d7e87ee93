use crate::common::walks::{self, Way};
use crate::common::{Chance, fix};
use geofence::wandering::{
    path::{Path, Walked},
    pattern,
};
use model::Method;
type Draw = fn(&mut Chance) -> Way;
#[test]
fn print_measures() {
    let kinds: [(&str, Draw); 9] = [
        ("pacing", walks::pacing),
        ("lapping", walks::lapping),
        ("random", walks::random),
        ("errand", walks::errand),
        ("park", walks::park),
        ("market", walks::market),
        ("garden", walks::garden),
        ("sitting", walks::sitting),
        ("bus", walks::bus),
    ];
    for (name, draw) in kinds {
        for (acc, every, alike) in [
            (10.0, 10.0, 0.0),
            (10.0, 60.0, 45.0),
            (30.0, 10.0, 0.0),
            (30.0, 30.0, 0.0),
            (30.0, 10.0, 45.0),
            (30.0, 60.0, 45.0),
        ] {
            let mut chance = Chance(5);
            let mut rows: Vec<[f64; 10]> = vec![];
            for _ in 0..80 {
                let way = draw(&mut chance);
                let mut path = Path::default();
                let mut e = (0.0, 0.0);
                let mut best: Option<[f64; 10]> = None;
                for (s, (x, y)) in way.walk(every) {
                    let left: f64 = if alike > 0.0 { (-every / alike as f64).exp() } else { 0.0 };
                    let n = (1.0 - left * left).sqrt() * acc * 0.66;
                    e = (e.0 * left + chance.normal() * n, e.1 * left + chance.normal() * n);
                    let f = fix(x + e.0, y + e.1, acc, Method::Gps, 36000.0 + s);
                    if path.take(&Walked { place: f.position, accuracy_m: acc, at: f.fix_time.into() }) {
                        let steps = path.steps();
                        let now = steps.last().unwrap().second;
                        let from = steps.partition_point(|s| now - s.second > 2100.0);
                        let m = pattern::measure(&steps[from..]);
                        let row = [
                            m.length_m,
                            m.diameter_m,
                            m.length_m / m.diameter_m.max(1.0),
                            m.pace_mps,
                            m.legs,
                            m.laps,
                            m.sense,
                            m.turns,
                            m.turn_share,
                            m.standing,
                        ];
                        if best.is_none_or(|b| row[2] > b[2]) {
                            best = Some(row);
                        }
                    }
                }
                rows.extend(best);
            }
            let q = |i: usize, p: usize| {
                let mut v: Vec<f64> = rows.iter().map(|r| r[i]).collect();
                v.sort_by(f64::total_cmp);
                if v.is_empty() { 0.0 } else { v[(v.len() - 1) * p / 100] }
            };
            let names = ["len", "dia", "ratio", "pace", "legs", "laps", "sense", "turns", "share", "stand"];
            let text: String = names
                .iter()
                .enumerate()
                .map(|(i, n)| format!("{n} {:.2}/{:.2}/{:.2}  ", q(i, 10), q(i, 50), q(i, 90)))
                .collect();
            println!("{name:>8} {acc} {every} {alike}: {text}");
        }
    }
}
