//! `firmware-sim load`: as much as is asked for, and how long it took.

use super::{DEMO_DOOR, duration, say};
use anyhow::{Context, Result, ensure};
use clap::{Args, builder::RangedU64ValueParser};
use firmware_sim::load::{LoadConfig, Outage, Progress, Version, run};
use serde::Serialize;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// From so many messages a second the loop goes in ticks.
const BUSY: f64 = 2_000.0;
const BUSY_TICK: Duration = Duration::from_micros(500);
/// A handset that comes back has its newest position and one batch on the way; one that keeps up is not held.
const WINDOW_AFTER_OUTAGE: usize = 2;
const WINDOW: usize = 10_000;
const DRAIN: Duration = Duration::from_secs(30);
const DRAIN_AFTER_OUTAGE: Duration = Duration::from_mins(30);

/// Where the figures go unless told otherwise: beside whoever measures, and what was there is of a load before.
const FIGURES: &str = "firmware-sim-load.json";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Load {
    /// The platform's MQTT door
    #[arg(long, value_name = "HOST:PORT", default_value = DEMO_DOOR)]
    mqtt: String,
    /// How many handsets, numbered from 1; the platform must know them, each with its id as password (a demo knows 2000, or as
    /// many as `jujiale serve --demo --demo-handsets COUNT` says)
    #[arg(long, default_value_t = 200, value_parser = RangedU64ValueParser::<usize>::new().range(1..))]
    handsets: usize,
    /// What stands before the number
    #[arg(long, default_value = "demo-")]
    prefix: String,
    /// The number's digits
    #[arg(long, default_value_t = 4)]
    width: usize,
    /// Positions a second of all handsets together [default: 200; 0 with --backlog and --idle]
    #[arg(long, value_name = "FIXES/S")]
    rate: Option<f64>,
    /// Positions in one message
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=500))]
    batch: u16,
    /// How long the load runs; afterwards answers are awaited [default: 30; 0 with --backlog; no end with --idle]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    seconds: Option<Duration>,
    /// The share of messages that are presses, from 0 to 0.9
    #[arg(long, value_name = "SHARE", conflicts_with = "presses")]
    press_share: Option<f64>,
    /// Presses a second of all handsets together
    #[arg(long, value_name = "PER SECOND")]
    presses: Option<f64>,
    /// The same seed gives the same plan
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The MQTT the handsets speak
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u8).range(3..=5))]
    version: u8,
    /// Only connect and hold, for instance to measure memory
    #[arg(long, conflicts_with_all = ["rate", "presses", "press_share", "backlog"])]
    idle: bool,
    /// All handsets come back at once after an outage this long, with a position every ten seconds of it
    #[arg(long, value_name = "TIME", value_parser = duration)]
    backlog: Option<Duration>,
    /// They tell what they missed oldest first, one position a message, instead of the newest first and the rest in batches
    #[arg(long, requires = "backlog")]
    oldest_first: bool,
    /// So many presses were made during the outage
    #[arg(long, value_name = "COUNT", default_value_t = 20, requires = "backlog")]
    late_presses: u64,
    /// How long answers may take after the last message [default: 30s; 30m with --backlog]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    drain: Option<Duration>,
    /// How long all log-ins may take
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "5m")]
    connect_within: Duration,
    /// So many log-ins are under way at once [default: 64; all with --backlog]
    #[arg(long, value_name = "COUNT")]
    connecting: Option<usize>,
    /// So many fix messages of one handset wait for their PUBACK at once [default: 10000; 2 with --backlog]
    #[arg(long, value_name = "COUNT")]
    window: Option<usize>,
    /// The generator looks around this often, and sees answers as much later; 0: at each event [default: 500 µs from 2,000 messages a second, else 0]
    #[arg(long, value_name = "MICROSECONDS")]
    tick: Option<u64>,
    /// Everything as JSON into this file at the end; - is standard output, which then holds nothing else
    #[arg(long, value_name = "FILE", default_value = FIGURES)]
    json: PathBuf,
}

const EXAMPLES: &str = "\
Every message has an intended time that does not depend on the platform, and every latency counts from it: a platform
that stands still for a second shows in all messages of that second. Fixes count until their PUBACK, presses until their
receipt; a press is repeated after 2, 4, 8, then every 15 s until then. The exit code is 1 if anything is missing. What is missing
has no latency and stands in rows of its own, with its age at the end: where there are such rows, the others look better than it
was. At the end everything stands as JSON in firmware-sim-load.json, in the folder in which it was run.

Examples:
  Two hundred handsets of the demo, 2,000 fixes and one press a second, for a minute:
    firmware-sim load --rate 2000 --presses 1 --seconds 60

  Two thousand handsets, as many as a demo knows, each sending ten fixes a second:
    firmware-sim load --handsets 2000 --rate 20000 --seconds 60

  As many fixes as may be, twenty in a message, the figures into a file:
    firmware-sim load --rate 150000 --batch 20 --seconds 30 --json load.json

  Everybody comes back after four hours without a network, forty presses among them:
    firmware-sim load --backlog 4h --late-presses 40

  Fifty thousand connections held, for a look at the platform's memory (Ctrl-C ends):
    firmware-sim load --idle --handsets 50000 --prefix load- --width 5";

impl Load {
    fn config(&self) -> Result<LoadConfig> {
        let (returns, holds) = (self.backlog.is_some(), self.idle);
        let rate = self.rate.unwrap_or(if returns || holds { 0.0 } else { 200.0 });
        ensure!(rate.is_finite() && rate >= 0.0, "--rate {rate} is no rate");
        let fix_messages = rate / f64::from(self.batch);
        let presses_a_second = match (self.presses, self.press_share) {
            (Some(presses), _) => presses,
            (None, Some(share)) => {
                ensure!((0.0..=0.9).contains(&share), "--press-share {share} is not between 0 and 0.9");
                fix_messages * share / (1.0 - share)
            }
            (None, None) => 0.0,
        };
        ensure!(presses_a_second.is_finite() && presses_a_second >= 0.0, "--presses {presses_a_second}");
        let busy = fix_messages + presses_a_second >= BUSY;
        let lasting = match (self.seconds, returns, holds) {
            (Some(time), ..) => Some(time),
            (None, false, true) => None,
            (None, true, _) => Some(Duration::ZERO),
            (None, false, false) => Some(Duration::from_secs(30)),
        };
        // A plan without a message would be called complete.
        let messages = fix_messages.max(presses_a_second) * lasting.unwrap_or_default().as_secs_f64();
        ensure!(
            returns || holds || messages >= 1.0,
            "with --rate {rate}, {presses_a_second} presses a second and --seconds {:?} there is nothing to send; \
             --idle only connects and holds",
            lasting.unwrap_or_default().as_secs_f64()
        );
        let automatic_tick = if busy { BUSY_TICK } else { Duration::ZERO };
        Ok(LoadConfig {
            mqtt: self.mqtt.clone(),
            version: if self.version == 5 { Version::V5 } else { Version::V3 },
            handsets: self.handsets,
            prefix: self.prefix.clone(),
            width: self.width,
            seed: self.seed,
            fixes_a_second: rate,
            batch: self.batch,
            apart_ms: 1_000,
            presses_a_second,
            lasting,
            outage: self.backlog.map(|lasting| Outage {
                lasting,
                apart: Duration::from_secs(10),
                presses: self.late_presses,
                oldest_first: self.oldest_first,
            }),
            drain: self.drain.unwrap_or(if returns { DRAIN_AFTER_OUTAGE } else { DRAIN }),
            connect_within: self.connect_within,
            connecting: self.connecting.unwrap_or(if returns { usize::MAX } else { 64 }).max(1),
            window: self.window.unwrap_or(if returns { WINDOW_AFTER_OUTAGE } else { WINDOW }).max(1),
            tick: self.tick.map_or(automatic_tick, Duration::from_micros),
        })
    }

    /// Whether standard output is for the figures.
    fn is_piped(&self) -> bool {
        self.json.as_os_str() == "-"
    }

    fn write(&self, report: &impl Serialize) -> Result<()> {
        let mut text = serde_json::to_vec_pretty(report)?;
        text.push(b'\n');
        if self.is_piped() {
            let mut out = io::stdout().lock();
            return Ok(out.write_all(&text).and_then(|()| out.flush())?);
        }
        Ok(std::fs::write(&self.json, text)?)
    }
}

pub(crate) async fn perform(load: Load, stop: CancellationToken) -> Result<ExitCode> {
    let config = load.config()?;
    let says = !load.is_piped();
    if says {
        say(format_args!(
            "{} handsets at {}, {:.0} messages/s, seed {}; Ctrl-C ends",
            config.handsets,
            config.mqtt,
            config.messages_a_second(),
            config.seed
        ))?;
    }
    let running =
        tokio::task::spawn_blocking(move || run(&config, &stop, &mut Progress::on_standard_error()));
    let report = running.await.context("the load's thread died")??;
    if says {
        say(format_args!("\n{report}"))?;
    }
    load.write(&report).with_context(|| format!("write {}", load.json.display()))?;
    if says {
        say(format_args!("everything as JSON: {}", load.json.display()))?;
    }
    Ok(if report.complete { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        load: Load,
    }

    fn load(words: &[&str]) -> Load {
        Line::parse_from([&["load"][..], words].concat()).load
    }

    /// Of nothing nothing is missing, and whoever reads the exit code would take the platform for good.
    #[test]
    fn a_load_that_would_send_nothing_is_refused() {
        let nobody = Line::try_parse_from(["load", "--handsets", "0"]).unwrap_err().to_string();
        assert!(nobody.contains("--handsets"), "{nobody}");
        for words in [["--rate", "0"], ["--seconds", "0"], ["--rate", "0.01"]] {
            let refused = load(&words).config().unwrap_err().to_string();
            assert!(refused.contains("nothing to send"), "{words:?}: {refused}");
        }
        let plain: &[&str] = &[];
        for words in [plain, &["--rate", "0", "--presses", "1"], &["--idle"], &["--backlog", "1h"]] {
            assert!(load(words).config().is_ok(), "{words:?}");
        }
    }

    #[test]
    fn the_figures_are_written_whether_or_not_a_file_is_named() {
        let (plain, piped) = (load(&[]), load(&["--json", "-"]));
        assert_eq!((plain.json.to_str(), plain.is_piped()), (Some(FIGURES), false));
        assert!(piped.is_piped());
        assert!(EXAMPLES.contains(FIGURES), "the help names it");

        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("load.json");
        load(&["--json", file.to_str().unwrap()]).write(&serde_json::json!({ "complete": true })).unwrap();
        assert_eq!(std::fs::read_to_string(file).unwrap(), "{\n  \"complete\": true\n}\n");
    }
}
