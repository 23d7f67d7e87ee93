//! Bytes of a resident: what is remembered of them, the shapes of their own fences, and what is usual for them where that is learned; and
//! what a process takes for each, all told.

use crate::data::{BATCH, District, FIXES, Failure, Fixes, Home, METRES_PER_DEGREE, RESIDENTS};
use crate::goals::Goals;
use crate::ours::Ours;
use crate::race::{ROUNDS, Runner as _, WARM};
use geofence::State;
use geofence::fence::Fence;
use geofence::habits::{Habits, learn};
use model::{Fix, Method, Timestamp, Wgs84};
use std::{f64::consts::TAU, io::Write, process::Command, slice};

/// The word by which a process of its own is told to weigh everybody. What is measured beside has its memory in this one, and what it
/// gave back would be used again.
pub(crate) const WEIGH: &str = "--weigh";
/// Bytes of a state in the mean, and of a resident with three fences all told.
const GOAL: f64 = 1_024.0;
/// Days that are learned: each way is walked twice, so that it is usual.
const DAYS: u32 = 60;
/// A fix every five minutes.
const FIX_EVERY_S: u32 = 300;
const FIXES_A_DAY: u32 = 86_400 / FIX_EVERY_S;
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
    let whole = weighed()?;
    writeln!(
        out,
        "memory of the process for each of {RESIDENTS}, all told (state, fences, shapes and names): {whole:.0} bytes   goal <= {GOAL}"
    )?;
    goals.at_most("a resident with three fences all told, bytes of the process", whole, GOAL);
    Ok(())
}

/// What [`weigh`] says in a process of its own.
fn weighed() -> Result<f64, Failure> {
    let weighed = Command::new(std::env::current_exe()?).arg(WEIGH).output()?;
    if !weighed.status.success() {
        return Err(String::from_utf8_lossy(&weighed.stderr).into());
    }
    Ok(String::from_utf8(weighed.stdout)?.trim().parse()?)
}

/// Prints by how many bytes this process grows for each resident who moves in and sends as many fixes as in the race. The zones and
/// what makes the fixes are there before, and a batch at a time is all that is made of them.
pub(crate) fn weigh(district: &District, out: &mut impl Write) -> Result<(), Failure> {
    let (world, mut fixes) = (district.world()?, Fixes::new(district)?);
    drop(fixes.batch(BATCH)?);
    let before = resident_bytes()?;
    let mut ours = Ours::of(world, district)?;
    for _ in 0..(WARM + ROUNDS) * usize::try_from(FIXES)? / BATCH {
        ours.run(slice::from_ref(&fixes.batch(BATCH)?));
    }
    let grown = resident_bytes()? - before;
    writeln!(out, "{}", grown / f64::from(u32::try_from(RESIDENTS)?))?;
    Ok(())
}

/// What this process has of the machine's memory.
fn resident_bytes() -> Result<f64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let kib = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.strip_suffix("kB"));
    Ok(kib.ok_or("no VmRSS")?.trim().parse::<f64>()? * 1_024.0)
}

fn sum_and_most(bytes: impl Iterator<Item = usize>) -> (usize, usize) {
    bytes.fold((0, 0), |(sum, most), bytes| (sum + bytes, most.max(bytes)))
}

/// The habits of somebody who takes another way each day, until no more squares of ground are kept.
fn walked_widely(home: &Home) -> Result<Habits, Failure> {
    let mut habits = Habits::default();
    for day in 0..DAYS {
        let fixes =
            (0..FIXES_A_DAY).map(|number| fix(home, day, number)).collect::<Result<Vec<_>, Failure>>()?;
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
