//! Many lives at once.

use crate::clock::Clock;
use crate::driver::Driver;
use crate::handset::Answers;
use crate::life::{Act, Life, Plan, Script, Traits};
use crate::observer::{Observer, Tally};
use crate::radio::{Radio, RadioConfig};
use crate::seed;
use crate::world::{Ground, Habits, Worn};
use anyhow::{Context, Result};
use model::{HandsetId, SignedDuration, Timestamp};
use rand::{RngExt, rngs::StdRng};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Handsets log in one after the other at this distance: a first log-in costs the door a password hash.
const BETWEEN_LOG_INS: Duration = Duration::from_millis(30);
/// Two hundred handsets that find the door away knock twenty times a second at most.
const RECONNECT: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(10));
/// The network and the firmware of a demo fail about this often for each handset.
const OUTAGE_EVERY: Duration = Duration::from_mins(40);
const REBOOT_EVERY: Duration = Duration::from_hours(3);
/// One resident in this many has a clock that is minutes off; exactly one handset of a fleet is a year ahead.
const CLOCK_MINUTES_OFF: f64 = 0.06;
const YEAR_AHEAD: usize = 11;
/// The share of presses that are taken back.
const TAKEN_BACK: f64 = 0.08;
/// The whole fleet has a fall, and something that looks like one, on average this often: presses stay what an operator
/// sees most.
const FALL_EVERY: Duration = Duration::from_hours(1);
const NEAR_FALL_EVERY: Duration = Duration::from_mins(45);
/// The share of outings by bus, and of people whose outings may lead nowhere, with how often they do.
const BY_BUS: f64 = 0.12;
const WANDERERS: f64 = 0.015;
const WANDERS: f64 = 0.5;
/// All handsets make their radius too small now and then; some do it half of the time.
const LIES: f64 = 0.02;
const LIARS: f64 = 0.03;
const LIARS_LIE: f64 = 0.5;
/// All people forget the charger now and then; some nearly always, and their handsets begin low.
const FORGETS: f64 = 0.1;
const FORGETFUL: f64 = 0.015;
const FORGETFUL_FORGET: f64 = 0.95;
const FORGETFUL_PCT: f64 = 22.0;
/// A modem repeats a message rarely, a poor one often; after a start a third of the handsets repeats what was
/// acknowledged last.
const TWICE: f64 = 0.002;
const POOR_MODEMS: f64 = 0.05;
const POOR_TWICE: f64 = 0.1;
const FORGET_ACKNOWLEDGEMENTS: f64 = 0.33;
/// In a large fleet the last handsets stay at home and are silent after their first position, so that a story told with
/// one of them is not contradicted.
pub const FOR_STORIES: usize = 8;
const LARGE: usize = 100;

/// One handset of a fleet.
#[derive(Debug, Clone)]
pub struct FleetHandset {
    /// Its id, also its MQTT user name.
    pub id: String,
    /// Its password.
    pub password: String,
    /// Where its resident lives: latitude and longitude in degrees, WGS-84.
    pub home: (f64, f64),
}

/// What a fleet is and does.
#[derive(Debug, Clone)]
pub struct FleetConfig {
    /// The door, `host:port`.
    pub mqtt: String,
    /// Who is in it.
    pub handsets: Vec<FleetHandset>,
    /// The same seed gives the same lives.
    pub seed: u64,
    /// How often each measures a position.
    pub fix_every: Duration,
    /// One resident presses between half of this and all of it after the start.
    pub first_press_within: Duration,
    /// Afterwards somebody presses on average this often.
    pub press_every: Duration,
}

/// Runs the fleet until stopped. A door that is away is tried again for ever.
pub async fn run_fleet(config: FleetConfig, stop: CancellationToken) -> Result<()> {
    run_fleet_observed(config, Arc::new(Tally::default()), stop).await
}

/// The same, with somebody watching.
pub async fn run_fleet_observed(
    config: FleetConfig,
    observer: Arc<dyn Observer>,
    stop: CancellationToken,
) -> Result<()> {
    let (clock, tracker) = (Clock::start(), TaskTracker::new());
    for (life, password) in lives(&config, clock.started())? {
        let id = life.id().clone();
        let radio = radio(&config.mqtt, id.clone(), password, RECONNECT, &tracker)?;
        spawn(&tracker, id, Driver::new(life, radio, clock, Arc::clone(&observer)), stop.clone());
    }
    tracker.close();
    tracker.wait().await;
    Ok(())
}

/// Everybody of the fleet, with the password of their handset.
fn lives(config: &FleetConfig, start: Timestamp) -> Result<Vec<(Life, &str)>> {
    let first_to_press = first_to_press(config);
    let begin = |(index, handset): (usize, &'_ FleetHandset)| {
        let id = HandsetId::new(&handset.id).with_context(|| format!("handset {:?}", handset.id))?;
        let mut rng = seed::generator(config.seed, "traits", &handset.id);
        let first_press = (index == first_to_press)
            .then(|| seed::between(config.first_press_within / 2, config.first_press_within, &mut rng));
        let home = Ground::from_degrees(handset.home.0, handset.home.1);
        if is_for_stories(config, index) {
            let traits = Traits { charge_pct: Some(80.0), ..Traits::default() };
            return Ok(Life::of_a_story(id, home, &traits, waiting(), config.seed, start));
        }
        let plan = plan(config, index, first_press);
        let answers = answers(&mut seed::generator(config.seed, "answers", &handset.id));
        let traits = Traits { answers, ..traits(index, &mut rng) };
        Ok(Life::begin(id, home, traits, plan, config.seed, start))
    };
    let lives = config.handsets.iter().enumerate().map(begin).collect::<Result<Vec<Life>>>()?;
    Ok(lives.into_iter().zip(config.handsets.iter().map(|handset| handset.password.as_str())).collect())
}

/// Runs a driver and tells when it dies instead of ending.
pub(crate) fn spawn(tracker: &TaskTracker, id: HandsetId, driver: Driver<Life>, stop: CancellationToken) {
    let task = tracker.spawn(driver.run(stop));
    tracker.spawn(async move {
        if let Err(error) = task.await {
            tracing::error!(handset = %id, %error, "simulator.handset_died");
        }
    });
}

/// The radio of a simulated handset at that door.
pub(crate) fn radio(
    mqtt: &str,
    id: HandsetId,
    password: &str,
    reconnect_after: (Duration, Duration),
    tracker: &TaskTracker,
) -> Result<Radio> {
    let (host, port) = mqtt.rsplit_once(':').with_context(|| format!("{mqtt:?} is not host:port"))?;
    let config = RadioConfig {
        host: host.trim_matches(['[', ']']).to_owned(),
        port: port.parse().with_context(|| format!("the port of {mqtt:?}"))?,
        client_id: format!("sim-{id}"),
        handset: id,
        password: password.to_owned(),
        reconnect_after,
    };
    Ok(Radio::new(config, tracker.clone()))
}

/// Handsets `<prefix>0001` and up with homes strewn over the district, each with its id as password.
pub fn made_up_handsets(prefix: &str, count: usize, seed: u64) -> Vec<FleetHandset> {
    (1..=count)
        .map(|number| {
            let id = format!("{prefix}{number:04}");
            let mut rng = seed::generator(seed, "home", &id);
            let home = (33.96 + rng.random_range(-0.018..0.018), 118.28 + rng.random_range(-0.022..0.022));
            FleetHandset { password: id.clone(), id, home }
        })
        .collect()
}

fn plan(config: &FleetConfig, index: usize, first_press_after: Option<Duration>) -> Plan {
    let (number, count) =
        (u32::try_from(index).unwrap_or(0), u32::try_from(config.handsets.len()).unwrap_or(1));
    // The first to press must be on the air by then, however many log in before.
    let starts_after = if first_press_after.is_some() { Duration::ZERO } else { BETWEEN_LOG_INS * number };
    Plan {
        starts_after,
        fix_every: config.fix_every,
        first_press_after,
        press_every: Some(config.press_every * count),
        presses_until: None,
        taken_back: TAKEN_BACK,
        fall_every: Some(FALL_EVERY * count),
        near_fall_every: Some(NEAR_FALL_EVERY * count),
    }
}

/// Never the one with the absurd clock: the first incident of a demo should be a plain one; nor one of a story.
fn first_to_press(config: &FleetConfig) -> usize {
    let count = config.handsets.len().max(1);
    let lively = (0..count).filter(|index| !is_for_stories(config, *index)).count().max(1);
    let chosen = seed::generator(config.seed, "first press", "").random_range(0..lively);
    if chosen == YEAR_AHEAD { (chosen + 1) % lively } else { chosen }
}

fn is_for_stories(config: &FleetConfig, index: usize) -> bool {
    let count = config.handsets.len();
    count >= LARGE && index >= count - FOR_STORIES
}

/// Says where it is and no more.
fn waiting() -> Script {
    Script::new()
        .at(Duration::from_secs(2), Act::MeasureEvery(Duration::from_secs(3)))
        .at(Duration::from_secs(7), Act::MeasureEvery(Duration::from_hours(24 * 365)))
}

fn traits(index: usize, rng: &mut StdRng) -> Traits {
    let forgetful = rng.random_bool(FORGETFUL);
    Traits {
        clock_error: clock_error(index, rng),
        dead_zones: true,
        tunnels: true,
        outage_every: Some(OUTAGE_EVERY),
        reboot_every: Some(REBOOT_EVERY),
        forgets_acknowledgements: rng.random_bool(FORGET_ACKNOWLEDGEMENTS),
        sends_twice: if rng.random_bool(POOR_MODEMS) { POOR_TWICE } else { TWICE },
        lying_share: if rng.random_bool(LIARS) { LIARS_LIE } else { LIES },
        forgets_charging: if forgetful { FORGETFUL_FORGET } else { FORGETS },
        charge_pct: forgetful.then_some(FORGETFUL_PCT),
        habits: Habits {
            goes_out: true,
            by_bus: BY_BUS,
            wanders: if rng.random_bool(WANDERERS) { WANDERS } else { 0.0 },
            pace_mps: None,
        },
        worn: [Worn::Waist, Worn::Pocket, Worn::Wrist][rng.random_range(0..3)],
        answers: Answers::default(),
    }
}

/// Most say that all is well; some do not hear the question, and a few want help whenever they are asked.
fn answers(rng: &mut StdRng) -> Answers {
    match rng.random_range(0..100) {
        0..80 => Answers::Yes,
        80..92 => Answers::Nothing,
        _ => Answers::No,
    }
}

fn clock_error(index: usize, rng: &mut StdRng) -> SignedDuration {
    let minutes_off = SignedDuration::from_secs(rng.random_range(120..1_200));
    let sign = if rng.random_bool(0.5) { 1 } else { -1 };
    if index == YEAR_AHEAD {
        SignedDuration::from_hours(365 * 24)
    } else if rng.random_bool(CLOCK_MINUTES_OFF) {
        minutes_off * sign
    } else {
        SignedDuration::from_millis(rng.random_range(-900..900))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::later;
    use crate::handset::Notice;
    use crate::offline::{Seen, play};

    const COUNT: usize = 200;
    const HOURS: u64 = 2;

    fn config() -> FleetConfig {
        FleetConfig {
            mqtt: String::new(),
            handsets: made_up_handsets("demo-", COUNT, 7),
            seed: 7,
            fix_every: Duration::from_secs(10),
            first_press_within: Duration::from_secs(40),
            press_every: Duration::from_mins(5),
        }
    }

    #[test]
    fn a_district_is_alive_and_not_loud() {
        let start: Timestamp = "2026-11-23T08:00:00Z".parse().unwrap();
        let end = later(start, Duration::from_hours(HOURS));
        let (config, mut presses, mut falls, mut rebooted, mut sent) =
            (config(), Vec::new(), 0, 0, Vec::new());
        for (mut life, _) in lives(&config, start).unwrap() {
            let mut messages = 0_usize;
            play(&mut life, start, end, |at, seen| match seen {
                Seen::Notice(Notice::Pressed(press)) if !press.cancel => presses.push(at),
                Seen::Notice(Notice::Fell(_)) => falls += 1,
                Seen::Notice(Notice::Rebooted(_)) => rebooted += 1,
                Seen::Sent(_) => messages += 1,
                Seen::Notice(_) => {}
            });
            sent.push(messages);
        }
        presses.sort_unstable();
        assert!(
            presses[0].duration_since(start) <= SignedDuration::from_secs(40),
            "the first within a minute"
        );
        // One in five minutes and some after falls: 24 to 30 expected in two hours.
        assert!((10..45).contains(&presses.len()), "{} presses", presses.len());
        assert!((1..12).contains(&falls), "{falls} falls and what looks like one");
        assert!(rebooted > 20, "{rebooted}");
        let (lively, waiting) = sent.split_at(COUNT - FOR_STORIES);
        assert!(lively.iter().all(|messages| *messages > 100), "{:?}", lively.iter().min());
        assert!(waiting.iter().all(|messages| (2..6).contains(messages)), "{waiting:?}");
    }
}
