//! Time, patience and the environment.

use anyhow::{Context as _, Result, bail};
use jiff::Timestamp;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// How long anything that should happen at once may take on a machine busy with other tests.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// How often a condition is looked at again.
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// The time on the wall, as a handset with a good clock has it.
#[expect(clippy::disallowed_methods, reason = "a test is its handsets' clock")]
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// A time so many seconds ago (negative: ahead), as it stands in messages.
pub fn ago(seconds: i64) -> String {
    let moment = now().checked_sub(jiff::SignedDuration::from_secs(seconds));
    moment.unwrap_or(Timestamp::MIN).to_string()
}

/// A time in an answer of the platform.
pub fn parse(value: &serde_json::Value) -> Result<Timestamp> {
    Ok(value.as_str().unwrap_or_default().parse()?)
}

/// Asks again and again until there is an answer.
pub async fn until<T>(
    what: &str,
    within: Duration,
    mut ask: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<T> {
    let end = Instant::now() + within;
    loop {
        let asked = ask().await;
        if let Ok(Some(answer)) = asked {
            return Ok(answer);
        }
        if Instant::now() >= end {
            match asked {
                Err(error) => bail!("waited {within:?} for {what}: {error:#}"),
                Ok(_) => bail!("waited {within:?} for {what}"),
            }
        }
        sleep(LOOK_EVERY).await;
    }
}

/// A variable of the environment.
#[expect(clippy::disallowed_methods, reason = "a test has no configuration but this")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The small number in an ordinary run, the large one with `JJL_SOAK=1`.
pub fn soak(ordinary: usize, long: usize) -> usize {
    if variable("JJL_SOAK").is_some() { long } else { ordinary }
}

/// Once in an ordinary run, and so many times with `JJL_SOAK=1`, each from its beginning.
pub async fn again(long: usize, mut once: impl AsyncFnMut() -> Result<()>) -> Result<()> {
    for nth in 1..=soak(1, long) {
        once().await.with_context(|| format!("the time it failed: {nth}"))?;
    }
    Ok(())
}

/// The seed of a random test: `JJL_SEED`, or the second it started. It is printed, so that the run can be repeated.
pub fn seed() -> u64 {
    let seed = variable("JJL_SEED").and_then(|text| text.parse().ok());
    let seed = seed.unwrap_or_else(|| now().as_second().unsigned_abs());
    eprintln!("seed: JJL_SEED={seed}");
    seed
}
