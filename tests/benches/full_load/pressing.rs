//! Presses on their way to a screen, and the disk's own time in the same seconds. Each has its timetable and counts from it: what is
//! late makes nothing else later, and what would have waited behind it has waited.

use crate::stages::close_all;
use anyhow::Result;
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tests::{
    Goals, Handset, Live, Platform, Timetable,
    figures::{Disk, ms, percentile},
    handset::{nth_press, press_by},
};
use tokio::{time::Instant, try_join};

const PRESSES: u32 = 800;
const HANDSETS: usize = 50;
/// From a press to the next, and from an append to the next, which lies halfway between two presses.
const EVERY: Duration = Duration::from_millis(55);
/// The slowest hundredth of one round is eight presses, and what else the machine does at that moment decides about them; so there
/// are several. The verdicts are on the middle one, and on all of them as one, in which no slow round is left out.
const ROUNDS: usize = 5;
/// How many times as long as the disk's the slowest hundredth may take.
const TIMES_THE_DISK: f64 = 3.0;

/// Handsets that press one after the other, and the screen of an operator.
pub(crate) struct Pressing {
    handsets: Arc<Vec<Handset>>,
    screen: Live,
}

/// Times in milliseconds, one a press.
#[derive(Default)]
struct Round {
    frames: Vec<f64>,
    syncs: Vec<f64>,
    /// By how much this process was late with a press; part of its frame's time.
    behind: Vec<f64>,
}

impl Pressing {
    pub(crate) async fn connect(platform: &Platform) -> Result<Self> {
        let mut handsets = Vec::new();
        for number in 1..=HANDSETS {
            handsets.push(platform.handset(&format!("demo-{number:04}")).await?);
        }
        Ok(Self { handsets: Arc::new(handsets), screen: platform.operator().await?.1 })
    }

    /// Presses while something else goes on, once; what that comes to is a figure and no verdict.
    pub(crate) async fn press(&self, platform: &Platform, beside: &str) -> Result<Value> {
        let round = self.round(platform, beside).await?;
        say!("press -> operator's frame beside {beside:>12}, p50 / p99 {:>16}", pair(&round.frames));
        let told = round.told()?;
        say!("  p99 as a multiple of the limit's {:>35.1} x", round.ratio());
        Ok(told)
    }

    /// Presses while something else goes on, round after round; the desk ends in between what was opened.
    pub(crate) async fn press_in_rounds(
        &self,
        platform: &Platform,
        goals: &mut Goals,
        beside: &str,
    ) -> Result<Value> {
        let desk = platform.log_in("operator2").await?;
        let (mut rounds, mut ratios, mut all) = (Vec::new(), Vec::new(), Round::default());
        for nth in 1..=ROUNDS {
            close_all(&desk).await?;
            let round = self.round(platform, &format!("{beside} {nth}")).await?;
            say!("press -> operator's frame beside {beside}, round {nth}, p50 / p99 {}", pair(&round.frames));
            rounds.push(round.told()?);
            say!("  p99 as a multiple of the limit's {:>35.1} x", round.ratio());
            ratios.push(round.ratio());
            all.frames.extend(round.frames);
            all.syncs.extend(round.syncs);
        }
        let median = percentile(&ratios, 500);
        let each: Vec<String> = ratios.iter().map(|ratio| format!("{ratio:.1}")).collect();
        let what = format!("press -> operator's frame beside {beside}, p99");
        let goal = goals.at_most(&what, median, TIMES_THE_DISK, "x fdatasync's");
        say!("  {}: the median of {ROUNDS} rounds is {median:>26.1} x   {goal}", each.join(", "));
        let pooled = all.ratio();
        let goal =
            goals.at_most(&format!("{what} of all {ROUNDS} rounds"), pooled, TIMES_THE_DISK, "x fdatasync's");
        say!("  all {ROUNDS} rounds as one, p50 / p99 {}, limit {}", pair(&all.frames), pair(&all.syncs));
        say!("  p99 of all as a multiple of the limit's {pooled:>28.1} x   {goal}");
        let p99_ms = [&all.frames, &all.syncs].map(|times| percentile(times, 990));
        Ok(json!({
            "rounds": rounds, "ratios": ratios, "median_ratio": median, "pooled_ratio": pooled,
            "pooled_p99_ms": p99_ms,
        }))
    }

    async fn round(&self, platform: &Platform, beside: &str) -> Result<Round> {
        let disk = Disk::beside(platform)?;
        // Not while a round goes on: several presses may be under way at once.
        self.screen.forget();
        let presses = Timetable::new(Instant::now() + EVERY, EVERY, PRESSES);
        let appends = presses.shifted(EVERY / 2);
        let (behind, syncs) = try_join!(press_by(presses, &self.handsets, beside), disk.keep(appends))?;
        let press_ids: Vec<String> = (0..PRESSES).map(|nth| nth_press(beside, nth)).collect();
        let shown = self.screen.presses(&press_ids).await?;
        let frames = shown.into_iter().zip(presses.moments()).map(|(at, moment)| ms(at - moment));
        Ok(Round { frames: frames.collect(), syncs, behind })
    }
}

impl Round {
    /// How many times as long as the disk the slowest hundredth takes.
    fn ratio(&self) -> f64 {
        percentile(&self.frames, 990) / percentile(&self.syncs, 990)
    }

    fn told(&self) -> Result<Value> {
        let Self { frames, syncs, behind } = self;
        // A handset's first press since the start finds nothing of it in memory.
        let (first, later) = frames.split_at(HANDSETS.min(frames.len()));
        let [first99, later99] = [first, later].map(|some| percentile(some, 990));
        say!("  p99 of first presses of a handset, of later ones {first99:>19.2}, {later99:.2} ms");
        let slowest = [900, 950, 980, 995, 1_000].map(|per_mille| percentile(frames, per_mille));
        say!(
            "  p90 / p95 / p98 / p99.5 / most {:>37} ms",
            slowest.map(|some| format!("{some:.2}")).join(" / ")
        );
        say!("  limit: fdatasync append in the same seconds {:>33}", pair(syncs));
        say!("  of it this bench was late with the press by {:>33}", pair(behind));
        let both = |times: &[f64]| [500, 990].map(|per_mille| percentile(times, per_mille));
        Ok(json!({
            "frame_ms": both(frames), "first_p99_ms": first99, "later_p99_ms": later99, "fdatasync_ms": both(syncs),
            "behind_ms": both(behind),
        }))
    }
}

/// Half and nearly all of them.
fn pair(times: &[f64]) -> String {
    format!("{:.2} / {:.2} ms", percentile(times, 500), percentile(times, 990))
}
