//! Everybody over the same fixes, round after round in turn: what the machine does besides, and how long each has run, is the same for
//! all. The first rounds count for nobody: until they are over ways are shorter than what is kept.

use crate::data::{BATCH, Batch, District, FIXES, Failure, Fixes, Out};
use crate::goals::Goals;
use crate::live::Live;
use crate::memory;
use crate::ours::{self, Ours};
use crate::plain::Plain;
use std::{io::Write, time::Duration};

/// Once through everybody takes one, and ways are as long as is kept after some more.
pub(crate) const WARM: usize = 14;
/// So many are needed for no state to be new.
const YOUNG: usize = 3;
pub(crate) const ROUNDS: usize = 5;

/// Fixes a second this engine is to take, residents found by name.
const GOAL: f64 = 1_000_000.0;

/// How long a round took: finding whose each fix is, where that is told apart, and all else.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Taken {
    pub(crate) found: Duration,
    pub(crate) stepped: Duration,
}

impl Taken {
    fn whole(self) -> Duration {
        self.found + self.stepped
    }
}

/// Whoever takes part.
pub(crate) trait Runner {
    /// Takes the fixes of a round.
    fn run(&mut self, round: &[Batch]) -> Taken;
}

/// Prints all of it; fixes a second of this engine.
pub(crate) fn run(
    district: &District,
    is_alone: bool,
    goals: &mut Goals,
    out: &mut impl Write,
) -> Result<f64, Failure> {
    writeln!(out, "{ROUNDS} rounds of {FIXES} fixes after {WARM}, in turn, and the median of each")?;
    let (mut ours, mut fixes) = (Ours::new(district)?, Fixes::new(district)?);
    let live: Box<dyn Runner> = Box::new(Live::new(district)?);
    let mut others = vec![("the live shard's way", live)];
    if !is_alone {
        others.push(("geo and rstar, distances alone", Box::new(Plain::new(district)?)));
    }
    let mut own = Vec::new();
    let mut theirs: Vec<Vec<Taken>> = others.iter().map(|_| Vec::new()).collect();
    for _ in 0..WARM + ROUNDS {
        let round = round(&mut fixes)?;
        own.push(ours.run(&round));
        for ((_, other), taken) in others.iter_mut().zip(&mut theirs) {
            taken.push(other.run(&round));
        }
    }
    let last = |rounds: &[Taken]| rounds.iter().skip(WARM).copied().collect::<Vec<_>>();
    let (young, own) = (own.iter().skip(YOUNG).take(ROUNDS).copied().collect::<Vec<_>>(), last(&own));
    let rate = median(&own, Taken::whole);
    let row = |name: &str, rate: f64| format!("{name:<41} {rate:>10.0} fixes/s");
    writeln!(out, "{}   goal >= {GOAL}", row("whole engine, one in twenty out walking", rate))?;
    for ((name, _), taken) in others.iter().zip(&theirs) {
        let other = median(&last(taken), Taken::whole);
        writeln!(out, "{}   the whole engine is {:.1} times as fast", row(name, other), rate / other)?;
    }
    goals.at_least("whole engine, fixes a second", rate, GOAL);
    drop(others);
    let by_slot = median(&own, |taken| taken.stepped);
    writeln!(out, "{}", row("without looking names up", by_slot))?;
    writeln!(out, "{}", row("ways of six to sixteen fixes", median(&young, Taken::whole)))?;
    memory::tell(district, &ours, goals, out)?;
    fixes.out = Out::Leap;
    let leaps = (0..ROUNDS).map(|_| Ok(ours.run(&round(&mut fixes)?)));
    let leaps = leaps.collect::<Result<Vec<_>, Failure>>()?;
    writeln!(out, "{}", row("who is out leaps at random", median(&leaps, Taken::whole)))?;
    ours::zones(&ours.world, out)?;
    Ok(rate)
}

/// The fixes of a round, as a shell takes them together.
fn round(fixes: &mut Fixes<'_>) -> Result<Vec<Batch>, Failure> {
    (0..usize::try_from(FIXES)? / BATCH).map(|_| fixes.batch(BATCH)).collect()
}

/// Fixes a second in the middle one of some rounds.
fn median(rounds: &[Taken], of: impl Fn(Taken) -> Duration) -> f64 {
    let mut all: Vec<Duration> = rounds.iter().copied().map(of).collect();
    all.sort_unstable();
    all.get(all.len() / 2).map_or(0.0, |taken| f64::from(FIXES) / taken.as_secs_f64())
}
