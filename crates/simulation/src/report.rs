//! What is printed while worlds run, and the table at the end.

use anyhow::Result;
use simulation::{Stats, fault_names};
use std::{
    io::{IsTerminal as _, Write as _},
    time::{Duration, Instant},
};

/// How often the line of progress is written.
const EVERY: Duration = Duration::from_secs(2);

pub(crate) struct Report {
    seeds: u64,
    done: u64,
    stats: Stats,
    started: Instant,
    told: Duration,
}

impl Report {
    #[expect(
        clippy::disallowed_methods,
        reason = "how fast it goes, told to whoever waits; no world knows this clock"
    )]
    pub(crate) fn start(seeds: u64) -> Self {
        Self { seeds, done: 0, stats: Stats::default(), started: Instant::now(), told: Duration::ZERO }
    }

    /// One world more.
    pub(crate) fn add(&mut self, seed: u64, stats: &Stats) -> Result<()> {
        self.done += 1;
        self.stats.add(stats);
        let passed = self.started.elapsed();
        if passed.saturating_sub(self.told) >= EVERY {
            self.told = passed;
            let mut err = std::io::stderr().lock();
            let (before, after) = if err.is_terminal() { ("\r", "") } else { ("", "\n") };
            let rate = self.per_second();
            write!(
                err,
                "{before}seed {seed}: {} of {} done, {rate:.0} seeds/s{after}",
                self.done, self.seeds
            )?;
        }
        Ok(())
    }

    /// Worlds a second so far, on one thread.
    pub(crate) fn per_second(&self) -> f64 {
        let seconds = self.started.elapsed().as_secs_f64().max(1e-9);
        u32::try_from(self.done).map_or(0.0, |done| f64::from(done) / seconds)
    }

    /// The table.
    pub(crate) fn end(&self) -> Result<()> {
        let stats = &self.stats;
        let hours = stats.virtual_us / 3_600_000_000;
        let lines: [(&str, u64); 14] = [
            ("seeds", self.done),
            ("steps", stats.events),
            ("hours of virtual time", hours),
            ("presses made", stats.presses),
            ("receipts heard", stats.receipts),
            ("incidents", stats.incidents),
            ("events of incidents", stats.incident_events),
            ("acts done", stats.acts),
            ("acts refused", stats.refusals),
            ("races lost", stats.conflicts),
            ("closed", stats.closed),
            ("crashes", stats.crashes),
            ("messages lost", stats.lost),
            ("telephones rung", stats.calls),
        ];
        let mut out = std::io::stdout().lock();
        writeln!(out)?;
        for (name, count) in lines.into_iter().chain(fault_names().zip(stats.faults)) {
            writeln!(out, "{name:<24}{count:>12}")?;
        }
        let steps = stats.events.checked_div(self.done.max(1)).unwrap_or(0);
        writeln!(out, "{:<24}{steps:>12}", "steps a seed")?;
        writeln!(out, "{:<24}{:>12.0}", "seeds a second", self.per_second())?;
        Ok(())
    }
}
