//! The bus is a hint: Redis is stopped, killed, emptied, or not there, and presses go their way.

use anyhow::{Result, bail, ensure};
use rustix::process::Signal;
use std::{process::Command, time::Duration};
use tests::{
    Handset, Live, PATIENCE, Platform, Redis, Setup, clock, figures, handset::fix, platform, redis::PASSWORD,
    until,
};
use tokio::time::Instant;

/// After so long a press is found of which no hint was heard (`bus::POLL_EVERY`): half of them take no more than this beyond what
/// they take while Redis is there.
const POLL: Duration = Duration::from_millis(250);
/// The slowest is found by the poll and written in a few commits, and at the desk within the second that is promised of every press.
/// One that waited for a stopped Redis would take more, for that is given a second to answer.
const SLOWEST: Duration = Duration::from_secs(1);
/// One that waited for a killed Redis would take the half second until that is tried again. In between there is room for a busy
/// machine.
const NO_LATER_THAN: Duration = Duration::from_millis(450);
/// Of one try. The machine may hold up one of them, and no more.
const PRESSES: u64 = 9;
/// It may hold up that one by more than [`SLOWEST`] in one try; what the platform holds up it holds up in each.
const TRIES: usize = 3;
/// How often Redis is killed and emptied.
const KILLS: usize = 3;
const KILLS_SOAK: usize = 10;
/// How often it is stopped in a long run.
const STOPS_SOAK: usize = 10;

fn on(redis: &Redis) -> Setup {
    Setup { env: vec![("JJL_BUS__URL".to_owned(), redis.url())], ..Setup::default() }
}

/// A press from the button to the screen, and the receipt back.
async fn goes_its_way(handset: &Handset, screen: &Live, press_id: &str, seq: u64) -> Result<()> {
    handset.press(press_id, "b", seq).await?;
    screen.press(press_id).await?;
    Ok(())
}

/// How long presses take to the screen, in milliseconds.
async fn waits(handset: &Handset, screen: &Live, name: &str) -> Result<Vec<f64>> {
    let mut waits = Vec::new();
    for nth in 1..=PRESSES {
        let press_id = format!("{name}-{nth}");
        let begun = Instant::now();
        goes_its_way(handset, screen, &press_id, nth).await?;
        waits.push(figures::ms(screen.press(&press_id).await?.1 - begun));
    }
    Ok(waits)
}

/// Half of the presses while Redis is there take so long, in milliseconds.
async fn median_while_there(handset: &Handset, screen: &Live) -> Result<f64> {
    Ok(figures::percentile(&waits(handset, screen, "there").await?, 500))
}

/// Presses while Redis is away come to the screen as if it were there, or as soon as the poll finds them.
async fn go_their_way_in_time(
    handset: &Handset,
    screen: &Live,
    name: &str,
    while_there_ms: f64,
) -> Result<()> {
    let mut all = Vec::new();
    for nth in 1..=TRIES {
        let tried = waits(handset, screen, &format!("{name}-{nth}")).await?;
        let slowest = figures::percentile(&tried, 1_000);
        let late = tried.iter().filter(|wait| **wait >= figures::ms(NO_LATER_THAN)).count();
        ensure!(late <= 1, "{name}: {late} presses took {NO_LATER_THAN:?} and more: {tried:.1?}");
        all.extend(tried);
        let (median, most) = (figures::percentile(&all, 500), while_there_ms + figures::ms(POLL));
        eprintln!(
            "{name}: {median:.1} ms to the screen (with Redis {while_there_ms:.1}), the slowest {slowest:.1}"
        );
        ensure!(median <= most, "{name}: {median:.1} ms to the screen and not {most:.1}: {all:.1?}");
        if slowest < figures::ms(SLOWEST) {
            return Ok(());
        }
    }
    bail!("{name}: in each of {TRIES} tries a press took more than {SLOWEST:?}: {all:.1?} ms")
}

async fn is_well(platform: &Platform) -> Result<()> {
    until("Redis is there", PATIENCE * 2, async || {
        Ok((!platform.has_problem("bus_away").await?).then_some(()))
    })
    .await
}

async fn is_away(platform: &Platform) -> Result<()> {
    until("health says that Redis is away", PATIENCE * 2, async || {
        Ok(platform.has_problem("bus_away").await?.then_some(()))
    })
    .await
}

/// Redis holds where this handset is and that it is online.
async fn holds(redis: &Redis, handset: &str) -> Result<()> {
    until("Redis holds the handset", PATIENCE * 2, async || {
        let (Some(positions), Some(online)) = (redis.key("*:positions")?, redis.key("*:online:*")?) else {
            return Ok(None);
        };
        let position = redis.ask(&["HGET", &positions, handset])?;
        let online = redis.ask(&["SISMEMBER", &online, handset])?;
        Ok((position.len() == 1 && online == ["1"]).then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presses_go_on_while_redis_is_stopped_and_it_is_said() -> Result<()> {
    clock::again(STOPS_SOAK, stopped_once).await
}

async fn stopped_once() -> Result<()> {
    let redis = Redis::start().await?;
    let platform = Platform::start_with(on(&redis)).await?;
    let (_operator, screen) = platform.operator().await?;
    let handset = platform.handset("demo-0050").await?;
    handset.publish("fix", fix("b", 1).to_string()).await?;
    holds(&redis, "demo-0050").await?;
    let while_there_ms = median_while_there(&handset, &screen).await?;
    ensure!(!platform.has_problem("bus_away").await?);

    redis.signal(Signal::STOP)?;
    is_away(&platform).await?;
    go_their_way_in_time(&handset, &screen, "while-stopped", while_there_ms).await?;
    let says = |frame: &tests::live::Frame| {
        frame.value["type"] == "health" && frame.value.to_string().contains("bus_away")
    };
    screen.frames.find("the trouble on the screen", PATIENCE * 2, says).await?;

    redis.signal(Signal::CONT)?;
    is_well(&platform).await?;
    goes_its_way(&handset, &screen, "after", 4).await?;
    let log = platform.log_text()?;
    ensure!(log.contains("bus_on_redis") && !log.contains(PASSWORD), "the password is in the log");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presses_go_on_while_redis_is_killed_and_emptied_and_it_is_filled_again() -> Result<()> {
    let mut redis = Redis::start().await?;
    let mut platform = Platform::start_with(on(&redis)).await?;
    let (_operator, screen) = platform.operator().await?;
    let handset = platform.handset("demo-0051").await?;
    handset.publish("fix", fix("b", 1).to_string()).await?;
    holds(&redis, "demo-0051").await?;
    let while_there_ms = median_while_there(&handset, &screen).await?;
    for round in 0..u64::try_from(clock::soak(KILLS, KILLS_SOAK))? {
        let seq = 10 * (round + 1);
        redis.kill()?;
        goes_its_way(&handset, &screen, &format!("killed-{round}"), seq).await?;
        is_away(&platform).await?;
        go_their_way_in_time(&handset, &screen, &format!("away-{round}"), while_there_ms).await?;
        redis.launch().await?;
        goes_its_way(&handset, &screen, &format!("launched-{round}"), seq + 2).await?;
        is_well(&platform).await?;
        holds(&redis, "demo-0051").await?;
        redis.ask(&["FLUSHALL"])?;
        goes_its_way(&handset, &screen, &format!("emptied-{round}"), seq + 3).await?;
        holds(&redis, "demo-0051").await?;
    }
    let status = platform.stop().await?;
    ensure!(status.success(), "{status}");
    ensure!(redis.key("*:online:*")?.is_none(), "it left without a word");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_platform_starts_without_redis_and_finds_it_later() -> Result<()> {
    let mut redis = Redis::prepare()?;
    let platform = Platform::start_with(on(&redis)).await?;
    let (_operator, screen) = platform.operator().await?;
    let handset = platform.handset("demo-0052").await?;
    is_away(&platform).await?;
    handset.publish("fix", fix("b", 1).to_string()).await?;
    goes_its_way(&handset, &screen, "without", 2).await?;
    redis.launch().await?;
    is_well(&platform).await?;
    holds(&redis, "demo-0052").await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_password_is_said_and_never_shown() -> Result<()> {
    let redis = Redis::start().await?;
    let url = redis.url().replace(PASSWORD, "falsch-und-geheim");
    let setup = Setup { env: vec![("JJL_BUS__URL".to_owned(), url)], ..Setup::default() };
    let platform = Platform::start_with(setup).await?;
    is_away(&platform).await?;
    let health = platform.health().await?.to_string();
    ensure!(health.contains("refuses the password"), "{health}");
    let said = platform.log_text()? + &health;
    ensure!(!said.contains("geheim"), "{said}");
    Ok(())
}

#[test]
fn a_wrong_address_is_refused_at_the_start() -> Result<()> {
    for (name, value, word) in [
        ("JJL_BUS__URL", "redis://:geheim@host:port", "is no address of Redis"),
        ("JJL_BUS__URL", "rediss://:geheim@host", "asks for TLS"),
        ("JJL_BUS__URL", "geheim", "is no address of Redis"),
        ("JJL_BUS__PREFIX", "geheim *", "prefix"),
    ] {
        let folder = tempfile::tempdir()?;
        let ended = Command::new(platform::binary()?)
            .args(["serve", "--demo", "--no-sim"])
            .env("JJL_DATA__DIR", folder.path().join("data"))
            .env("JJL_BUS__URL", "redis://127.0.0.1:1")
            .env(name, value)
            .output()?;
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        ensure!(!ended.status.success() && said.contains(word), "{value}: {said}");
        ensure!(name == "JJL_BUS__PREFIX" || !said.contains("geheim"), "{said}");
        ensure!(!folder.path().join("data").exists(), "it began all the same");
    }
    Ok(())
}
