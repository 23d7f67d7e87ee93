//! Bytes of a resident: what is remembered of them, the shapes of their own fences, and what is usual for them where that is learned.

use crate::data::{District, Failure, Home, METRES_PER_DEGREE, RESIDENTS};
use crate::goals::Goals;
use crate::ours::Ours;
use geofence::State;
use geofence::fence::Fence;
use geofence::habits::{Habits, learn};
use model::{Fix, Method, Timestamp, Wgs84};
use std::{f64::consts::TAU, io::Write};

/// Bytes of a state in the mean.
const GOAL: f64 = 1_024.0;
/// Days that are learned: each way is walked twice, so that it is usual.
const DAYS: u32 = 60;
/// A fix every five minutes.
const FIX_EVERY_S: u32 = 300;
const FIXES: u32 = 86_400 / FIX_EVERY_S;
/// Out from half past eight, for two hours, 250 m further with every fix until it is half of them.
const LEAVES: u32 = 102;
const OUT: u32 = 24;
const STEP_M: f64 = 250.0;
/// Monday 23 November 2026, midnight in Suqian.
const BEGIN_S: i64 = 1_795_363_200;

/// Prints the rows.
pub(crate) fn tell(
    district: &District,
    ours: &Ours,
    goals: &mut Goals,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let (states, most) = sum_and_most(ours.crowd.states().map(State::bytes));
    let home = district.homes.first().ok_or("no home")?;
    let fences = home.resident(0)?.fences.iter().map(Fence::bytes).sum::<usize>();
    let habits = walked_widely(home)?.bytes();
    let mean = states / RESIDENTS;
    writeln!(out, "state of a resident: mean {mean}, largest {most} bytes   goal <= {GOAL}")?;
    writeln!(out, "  with the shapes of the three fences: mean {} bytes", mean + fences)?;
    writeln!(
        out,
        "  and with habits of the widest kind (people with dementia): mean {} bytes",
        mean + fences + habits
    )?;
    goals.at_most("state of a resident, mean bytes", f64::from(u32::try_from(mean)?), GOAL);
    Ok(())
}

fn sum_and_most(bytes: impl Iterator<Item = usize>) -> (usize, usize) {
    bytes.fold((0, 0), |(sum, most), bytes| (sum + bytes, most.max(bytes)))
}

/// The habits of somebody who takes another way each day, until no more squares of ground are kept.
fn walked_widely(home: &Home) -> Result<Habits, Failure> {
    let mut habits = Habits::default();
    for day in 0..DAYS {
        let fixes = (0..FIXES).map(|number| fix(home, day, number)).collect::<Result<Vec<_>, Failure>>()?;
        if !learn(&mut habits, &fixes) {
            return Err("a day was not learned".into());
        }
    }
    Ok(habits)
}

fn fix(home: &Home, day: u32, number: u32) -> Result<Fix, Failure> {
    let passed = number.saturating_sub(LEAVES).min(OUT);
    let far_m = f64::from(passed.min(OUT - passed)) * STEP_M;
    let (sin, cos) = (f64::from(day % (DAYS / 2)) / f64::from(DAYS / 2) * TAU).sin_cos();
    let degrees = far_m / METRES_PER_DEGREE;
    let lon = home.lon + degrees * cos / home.lat.to_radians().cos();
    let second = i64::from(day) * 86_400 + i64::from(number * FIX_EVERY_S);
    Ok(Fix {
        boot: None,
        seq: None,
        fix_time: Timestamp::from_second(BEGIN_S + second)?,
        position: Wgs84::new(home.lat + degrees * sin, lon)?,
        accuracy_m: 10.0,
        method: Method::Gps,
        speed_mps: None,
        bearing_deg: None,
        battery_pct: None,
    })
}
