//! `firmware-sim story`: one named life, sent live or written down.

use super::screen::{Screen, Teller};
use super::{DEMO_DOOR, duration, say};
use anyhow::{Context, Result, bail};
use clap::Args;
use firmware_sim::handset::Notice;
use firmware_sim::offline::{Seen, play, recorded_line};
use firmware_sim::story::{Story, all, find};
use firmware_sim::world::{Ground, demo_home};
use firmware_sim::{Clock, Driver, Radio, RadioConfig};
use model::{HandsetId, SignedDuration, Timestamp};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const RECONNECT: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(3));
/// A written story begins on this day, unless told otherwise: the same arguments are the same file.
const DAY: &str = "2026-11-23";
/// Stories are told in the time of China.
const CHINA: SignedDuration = SignedDuration::from_hours(8);
/// The home of a handset that is not one of the demo's.
const HOME_DEG: (f64, f64) = (33.9624, 118.2757);

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct StoryArguments {
    /// Which story; --list names them
    #[arg(required_unless_present = "list")]
    name: Option<String>,
    /// Say what each story shows and to whom
    #[arg(long)]
    list: bool,
    /// So many times as fast as life
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=3_600))]
    speed: u32,
    /// Whose story; a demo handset that stands still for stories if absent
    #[arg(long, value_name = "ID")]
    handset: Option<String>,
    /// Where its resident lives, WGS-84 degrees; for demo handsets known
    #[arg(long, value_name = "LAT,LON", value_parser = degrees, allow_hyphen_values = true)]
    home: Option<(f64, f64)>,
    /// The same seed gives the same steps, errors and accelerations
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// The platform's MQTT door
    #[arg(long, value_name = "HOST:PORT", default_value = DEMO_DOOR)]
    mqtt: String,
    /// The handset's password; its id if absent
    #[arg(long)]
    password: Option<String>,
    /// How long to listen after the end
    #[arg(long, value_name = "TIME", value_parser = duration, default_value = "60s")]
    wait: Duration,
    /// Write the messages here instead of sending them; - is standard output
    #[arg(long, value_name = "FILE")]
    ndjson: Option<String>,
    /// When a written story begins [default: 2026-11-23 at the story's time of day in China]
    #[arg(long, value_name = "TIME", requires = "ndjson")]
    start: Option<Timestamp>,
}

const EXAMPLES: &str = "\
Live, a story is sent by MQTT, and what happens and what the handset hears is printed beside the story's own time of day.
Told fast, it begins so far in the past that it ends now: the times in the messages lie as far apart as in life, and none
is ahead of the clock. Repeats of a press and pauses are shortened with everything else. Told more than sixty times as fast
its positions come in like those of a handset that was out of reach, and are judged once they have come in.

The last eight handsets of the demo (demo-0193 to demo-0200) stand still for stories; another handset of a running demo
goes on living its own life beside the story.

Examples:
  What there is:
    firmware-sim story --list

  An hour at dusk in a minute, live:
    firmware-sim story lost-at-dusk --speed 60

  The same as recorded messages, and what the platform makes of them:
    firmware-sim story lost-at-dusk --handset h1 --ndjson dusk.ndjson
    jujiale replay --residents residents.json < dusk.ndjson";

/// Reads `33.96,118.28`.
fn degrees(text: &str) -> Result<(f64, f64), String> {
    let (lat, lon) = text.split_once(',').ok_or("not LAT,LON")?;
    let number = |text: &str| text.trim().parse::<f64>().map_err(|error| format!("{text:?}: {error}"));
    let (lat, lon) = (number(lat)?, number(lon)?);
    model::Wgs84::new(lat, lon).map_err(|error| error.to_string())?;
    Ok((lat, lon))
}

pub(crate) async fn perform(arguments: StoryArguments, stop: CancellationToken) -> Result<ExitCode> {
    let Some(name) = arguments.name.as_deref().filter(|_| !arguments.list) else { return list() };
    let Some(story) = find(name) else {
        let names: Vec<&str> = all().iter().map(|story| story.name).collect();
        bail!("there is no story {name:?}; there are {}", names.join(", "))
    };
    let id = arguments.handset.clone().unwrap_or_else(|| format!("demo-{:04}", story.handset));
    let id = HandsetId::new(&id).context("--handset")?;
    let (lat, lon) = arguments.home.unwrap_or_else(|| home_of(&id));
    let home = Ground::from_degrees(lat, lon);
    match &arguments.ndjson {
        Some(file) => write(story, id, home, file, &arguments),
        None => tell(story, id, home, arguments, stop).await,
    }
}

fn list() -> Result<ExitCode> {
    for story in all() {
        let home = Ground::from_degrees(HOME_DEG.0, HOME_DEG.1);
        let minutes = story.lasting(home, 7).as_secs().div_ceil(60);
        say(format_args!("{:22}{}", story.name, story.shows))?;
        say(format_args!("{:22}for {}; {minutes} min of life", "", story.to))?;
    }
    say("\nfirmware-sim story NAME --speed 60 tells one in a minute for each hour.")?;
    Ok(ExitCode::SUCCESS)
}

fn home_of(id: &HandsetId) -> (f64, f64) {
    let number = id.as_str().strip_prefix("demo-").and_then(|number| number.parse().ok());
    number.map_or(HOME_DEG, demo_home)
}

fn write(
    story: &Story,
    id: HandsetId,
    home: Ground,
    file: &str,
    arguments: &StoryArguments,
) -> Result<ExitCode> {
    let start = match arguments.start {
        Some(start) => start,
        None => natural_start(story)?,
    };
    let mut life = story.life(id, home, arguments.seed, start);
    let end = start.checked_add(story.lasting(home, arguments.seed)).context("--start is too late")?;
    let mut out: Box<dyn Write> = if file == "-" {
        Box::new(io::stdout().lock())
    } else {
        Box::new(BufWriter::new(File::create(file).with_context(|| format!("write {file}"))?))
    };
    let mut written = Ok(());
    play(&mut life, start, end, |at, seen| {
        if let (Seen::Sent(publish), Ok(())) = (seen, &written) {
            written = writeln!(out, "{}", recorded_line(at, &publish));
        }
    });
    written.and_then(|()| out.flush()).with_context(|| format!("write {file}"))?;
    Ok(ExitCode::SUCCESS)
}

/// The story's time of day in China.
fn natural_start(story: &Story) -> Result<Timestamp> {
    let (hour, minute) = story.begins;
    let local: Timestamp = format!("{DAY}T{hour:02}:{minute:02}:00Z").parse().context("the story's begin")?;
    local.checked_sub(CHINA).context("the story's begin")
}

async fn tell(
    story: &'static Story,
    id: HandsetId,
    home: Ground,
    arguments: StoryArguments,
    stop: CancellationToken,
) -> Result<ExitCode> {
    let lasting = story.lasting(home, arguments.seed);
    let clock = Clock::fast(lasting, arguments.speed);
    let truly = lasting / arguments.speed;
    say(format_args!("{}: {}", story.name, story.shows))?;
    say(format_args!("for {}; of {id}; {truly:.0?}, then {:.0?} of listening", story.to, arguments.wait))?;
    let tracker = TaskTracker::new();
    let life = story.life(id.clone(), home, arguments.seed, clock.started());
    let radio = Radio::new(radio_config(&arguments, id, clock.started())?, tracker.clone());
    let (screen, notices) = Screen::new();
    let driver_stop = stop.child_token();
    tracker.spawn(Driver::new(life, radio, clock, Arc::new(screen)).run(driver_stop.clone()));
    let mut show = Show {
        begin: clock.started(),
        begins: story.begins,
        teller: Teller::at(arguments.mqtt.clone()),
        pressed: 0,
        receipted: 0,
    };
    let told =
        stop.run_until_cancelled(tokio::time::timeout(truly + arguments.wait, show.run(notices))).await;
    driver_stop.cancel();
    tracker.close();
    tracker.wait().await;
    if let Some(Ok(result)) = told {
        result?;
    }
    say(format_args!("presses {}, receipted {}", show.pressed, show.receipted))?;
    Ok(if show.pressed == show.receipted { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn radio_config(arguments: &StoryArguments, handset: HandsetId, now: Timestamp) -> Result<RadioConfig> {
    let Some((host, port)) = arguments.mqtt.rsplit_once(':') else {
        bail!("--mqtt {:?} is not HOST:PORT", arguments.mqtt)
    };
    Ok(RadioConfig {
        host: host.trim_matches(['[', ']']).to_owned(),
        port: port.parse().with_context(|| format!("the port of --mqtt {:?}", arguments.mqtt))?,
        client_id: format!("story-{handset}-{}", now.as_millisecond()),
        password: arguments.password.clone().unwrap_or_else(|| handset.to_string()),
        handset,
        reconnect_after: RECONNECT,
    })
}

/// What is shown of a story, beside its own time of day.
struct Show {
    begin: Timestamp,
    begins: (u8, u8),
    teller: Teller,
    pressed: usize,
    receipted: usize,
}

impl Show {
    async fn run(&mut self, mut notices: mpsc::Receiver<(Timestamp, Notice)>) -> Result<()> {
        while let Some((at, notice)) = notices.recv().await {
            self.pressed += usize::from(matches!(notice, Notice::Pressed(_)));
            self.receipted += usize::from(matches!(notice, Notice::PressReceipted { .. }));
            if let Some(line) = self.teller.line(&notice) {
                say(format_args!("{}  {line}", self.time_of_day(at)))?;
            }
        }
        Ok(())
    }

    fn time_of_day(&self, at: Timestamp) -> String {
        let begins_s = i64::from(self.begins.0) * 3_600 + i64::from(self.begins.1) * 60;
        let shown_s = (begins_s + at.duration_since(self.begin).as_secs()).rem_euclid(86_400);
        format!("{:02}:{:02}:{:02}", shown_s / 3_600, shown_s / 60 % 60, shown_s % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn homes_are_read_and_known() {
        assert_eq!(degrees("33.96, 118.28"), Ok((33.96, 118.28)));
        assert!(degrees("33.96").is_err() && degrees("x,1").is_err() && degrees("91,0").is_err());
        assert_eq!(home_of(&HandsetId::new("demo-0007").unwrap()), demo_home(7));
        assert_eq!(home_of(&HandsetId::new("h1").unwrap()), HOME_DEG);
    }

    #[test]
    fn a_written_story_begins_at_its_time_of_day_in_china() {
        let dusk = natural_start(find("lost-at-dusk").unwrap()).unwrap();
        assert_eq!(dusk, "2026-11-23T08:40:00Z".parse().unwrap());
        let night = natural_start(find("night-leaving").unwrap()).unwrap();
        assert_eq!(night, "2026-11-22T18:30:00Z".parse().unwrap());
    }
}
