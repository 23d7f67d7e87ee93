//! `firmware-sim press`: one button, and what its owner hears.

use super::screen::{Screen, Teller};
use super::{DEMO_DOOR, duration, say};
use anyhow::{Context, Result, bail};
use clap::Args;
use firmware_sim::handset::{Effect, Handset, Notice};
use firmware_sim::world::Reading;
use firmware_sim::{Actor, Clock, Driver, Radio, RadioConfig};
use model::{HandsetId, Method, SignedDuration, Timestamp, Wgs84};
use protocol::Stage;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const RECONNECT: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(3));

#[derive(Debug, Args)]
pub(crate) struct Press {
    /// Whose button
    #[arg(long, value_name = "ID")]
    handset: String,
    /// The platform's MQTT door
    #[arg(long, value_name = "HOST:PORT", default_value = DEMO_DOOR)]
    mqtt: String,
    /// The handset's password; its id if absent
    #[arg(long)]
    password: Option<String>,
    /// Take the press back as soon as it is receipted
    #[arg(long)]
    cancel: bool,
    /// The id of the press; a new one if absent
    #[arg(long = "press-id", value_name = "ID")]
    id: Option<String>,
    /// Send no position along
    #[arg(long)]
    no_fix: bool,
    /// Latitude of the position sent along, WGS-84 degrees
    #[arg(long, default_value_t = 33.9624, allow_negative_numbers = true)]
    lat: f64,
    /// Longitude of the position sent along, WGS-84 degrees
    #[arg(long, default_value_t = 118.2757, allow_negative_numbers = true)]
    lon: f64,
    /// The button was pressed that long ago
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "0s")]
    late: Duration,
    /// How long to listen
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "120s")]
    wait: Duration,
}

/// Presses once, and takes it back if asked to.
struct Once {
    handset: Handset,
    press: Option<Press>,
    begin: Timestamp,
    cancel_id: Option<String>,
}

impl Once {
    fn reading(press: &Press) -> Option<Reading> {
        let position = Wgs84::new(press.lat, press.lon).ok().filter(|_| !press.no_fix)?;
        Some(Reading {
            position,
            accuracy_m: 12.0,
            method: Method::Gps,
            speed_mps: Some(0.0),
            bearing_deg: None,
            battery_pct: 80.0,
            charging: false,
        })
    }
}

impl Actor for Once {
    fn handset(&mut self) -> &mut Handset {
        &mut self.handset
    }

    fn next_wake(&self) -> Option<Timestamp> {
        let begin = self.press.is_some().then_some(self.begin);
        let cancel = (self.cancel_id.is_some() && self.handset.unreceipted() == 0).then_some(self.begin);
        [begin, cancel, self.handset.next_wake()].into_iter().flatten().min()
    }

    fn wake(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if let Some(press) = self.press.take() {
            effects.push(Effect::Dial);
            let happened = now.checked_sub(press.late).unwrap_or(now);
            let reading = Self::reading(&press);
            let key = self.handset.press(press.id, reading.as_ref(), happened, now, effects);
            self.cancel_id = press.cancel.then_some(key.press_id);
        } else if self.handset.unreceipted() == 0
            && let Some(press_id) = self.cancel_id.take()
        {
            self.handset.cancel(&press_id, now, effects);
        }
        self.handset.wake(now, effects);
    }
}

pub(crate) async fn perform(press: Press, stop: CancellationToken) -> Result<ExitCode> {
    let id = HandsetId::new(&press.handset).context("--handset")?;
    Wgs84::new(press.lat, press.lon).context("--lat and --lon")?;
    let (clock, tracker, driver_stop) = (Clock::start(), TaskTracker::new(), stop.child_token());
    let radio = Radio::new(radio_config(&press, id.clone(), clock.now())?, tracker.clone());
    let handset = Handset::new(id, SignedDuration::ZERO, clock.now());
    let (door, wait, cancels) = (press.mqtt.clone(), press.wait, press.cancel);
    let actor = Once { handset, press: Some(press), begin: clock.now(), cancel_id: None };
    let (screen, notices) = Screen::new();
    tracker.spawn(Driver::new(actor, radio, clock, Arc::new(screen)).run(driver_stop.clone()));

    let receipts_missing = 1 + usize::from(cancels);
    let mut story = Story { begin: clock.now(), teller: Teller::at(door), receipts_missing };
    let told = stop.run_until_cancelled(tokio::time::timeout(wait, story.tell(notices))).await;
    driver_stop.cancel();
    tracker.close();
    tracker.wait().await;
    if let Some(Ok(result)) = told {
        result?;
    }
    story.end(wait)
}

fn radio_config(press: &Press, handset: HandsetId, now: Timestamp) -> Result<RadioConfig> {
    let Some((host, port)) = press.mqtt.rsplit_once(':') else {
        bail!("--mqtt {:?} is not HOST:PORT", press.mqtt)
    };
    Ok(RadioConfig {
        host: host.trim_matches(['[', ']']).to_owned(),
        port: port.parse().with_context(|| format!("the port of --mqtt {:?}", press.mqtt))?,
        // A session of its own: the simulated life of the same handset goes on beside it.
        client_id: format!("press-{handset}-{}", now.as_millisecond()),
        password: press.password.clone().unwrap_or_else(|| handset.to_string()),
        handset,
        reconnect_after: RECONNECT,
    })
}

/// What the screen has shown so far.
struct Story {
    begin: Timestamp,
    teller: Teller,
    receipts_missing: usize,
}

impl Story {
    /// Shows what comes until the incident is closed.
    async fn tell(&mut self, mut notices: mpsc::Receiver<(Timestamp, Notice)>) -> Result<()> {
        while let Some((at, notice)) = notices.recv().await {
            let closed = matches!(&notice, Notice::Progress(progress) if progress.stage == Stage::Closed);
            if matches!(&notice, Notice::PressReceipted { .. }) {
                self.receipts_missing = self.receipts_missing.saturating_sub(1);
            }
            if let Some(line) = self.teller.line(&notice) {
                let elapsed_ms = at.duration_since(self.begin).as_millis();
                say(format_args!("{elapsed_ms:>7} ms  {line}"))?;
            }
            if closed && self.receipts_missing == 0 {
                return Ok(());
            }
        }
        Ok(())
    }

    fn end(self, wait: Duration) -> Result<ExitCode> {
        if self.receipts_missing == 0 {
            return Ok(ExitCode::SUCCESS);
        }
        let mut error = std::io::stderr().lock();
        writeln!(error, "\nNo receipt came within {wait:?}. Check that")?;
        writeln!(
            error,
            "  - the platform runs and its MQTT door is at {} (--mqtt; data/demo/endpoints.json says)",
            self.teller.door()
        )?;
        writeln!(
            error,
            "  - the handset is known and its password right (--password; a demo handset's is its id)"
        )?;
        writeln!(
            error,
            "  - the platform can write: its /healthz names a full disk or a database that is away"
        )?;
        if let Some(trouble) = self.teller.trouble() {
            writeln!(error, "The last trouble was: {trouble}")?;
        }
        Ok(ExitCode::FAILURE)
    }
}
