//! Fixes a second on one core through the whole engine: 200,000 residents in random order, found by their handset's name, three
//! fences each, 2,000 zones of 50 to 500 points, all of them watched. Most residents stay put, one in twenty is out walking.
//! Beside it, on the same data, what others take for the distances alone (left out with `--alone`). Ends with exit code 1 where a goal
//! was missed.

mod data;
#[path = "../../tests/common/goals.rs"]
mod goals;
mod live;
mod memory;
mod others;
mod ours;
mod plain;
mod race;

use data::{District, Failure};
use goals::Goals;
use std::{process::ExitCode, time::Duration};

fn main() -> Result<ExitCode, Failure> {
    let district = District::new()?;
    let (mut out, mut goals) = (std::io::stdout(), Goals::default());
    if std::env::args().any(|word| word == memory::WEIGH) {
        memory::weigh(&district, &mut out)?;
        return Ok(ExitCode::SUCCESS);
    }
    let is_alone = std::env::args().any(|word| word == "--alone");
    let ours = race::run(&district, is_alone, &mut goals, &mut out)?;
    if !is_alone {
        others::measure_all(&district, ours, &mut out)?;
    }
    Ok(goals.conclude(&mut out)?)
}

/// Time on the processor, which the machine's other work changes less; by the clock where that is not told.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn measure(act: impl FnOnce()) -> Duration {
    let (begun, on_cpu) = (std::time::Instant::now(), on_cpu());
    act();
    match (on_cpu, self::on_cpu()) {
        (Some(before), Some(after)) if after > before => after.saturating_sub(before),
        _ => begun.elapsed(),
    }
}

fn on_cpu() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split_whitespace().next()?.parse().ok()?))
}
