//! Fixes a second on one core through the whole engine: 200,000 residents in random order, found by their handset's name, three
//! fences each, 2,000 zones of 50 to 500 points, all of them watched. Most residents stay put, one in twenty is out walking.
//! Beside it, on the same data, what others take for the distances alone (left out with `--alone`).

mod data;
mod others;
mod ours;
mod plain;

use data::{District, Failure};
use std::{io::Write as _, time::Duration};

fn main() -> Result<(), Failure> {
    let district = District::new()?;
    let mut out = std::io::stdout();
    let ours = ours::measure_all(&district, &mut out)?;
    if !std::env::args().any(|word| word == "--alone") {
        let plain = plain::measure_all(&district)?;
        let name = "geo and rstar, distances alone";
        writeln!(out, "{name:<41} {plain:>10.0} fixes/s   ours is {:.1} times as fast", ours / plain)?;
        others::measure_all(&district, &mut out)?;
    }
    out.flush()?;
    Ok(())
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
