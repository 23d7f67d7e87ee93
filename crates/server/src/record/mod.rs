//! `jujiale record`: what arrived on a day, and who it was about, as the two files that `jujiale replay` reads.
//!
//! [`residents`] is who is watched and how, [`messages`] turns what is on disk into lines, [`parts`] puts the lines in the order
//! of their arrival without holding a day in memory. That it was done, and of whom, goes on record before a line is written; beside
//! that nothing is changed, and the platform may run meanwhile.

mod messages;
mod parts;
mod residents;

use crate::{config::Config, on_record::by_hand, watching};
use anyhow::{Context as _, bail, ensure};
use messages::Source;
use model::{ResidentId, SignedDuration, Timestamp};
use parts::Parts;
use residents::People;
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{BufWriter, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
    time::Duration,
};
use store::{Clock, Database, Keys, Store, put_on_record};
use tokio::time::Instant;

/// The names of the files.
const MESSAGES: &str = "messages.ndjson";
const RESIDENTS: &str = "residents.json";
/// How often it says how far it is.
const SAID_EVERY: Duration = Duration::from_secs(2);
/// For their owner alone: they hold where people were.
const FILE_MODE: u32 = 0o600;
const FOLDER_MODE: u32 = 0o700;

/// What is recorded, and where it goes.
#[derive(Debug, clap::Args)]
pub(crate) struct Wanted {
    /// The day, on a calendar in Suqian, e.g. 2026-11-28. Of today, what has arrived so far.
    #[arg(long, value_parser = Day::read)]
    day: Day,
    /// Only this resident, by id; say it again for another one. Without it everybody who is watched.
    #[arg(long = "resident", value_name = "ID", value_parser = |id: &str| ResidentId::new(id))]
    residents: Vec<ResidentId>,
    /// The folder of the two files, messages.ndjson and residents.json; it is made if it is not there.
    #[arg(long, value_name = "FOLDER")]
    into: PathBuf,
    /// Hours before the day that are recorded too: from them the engine knows where everybody is as the day begins.
    #[arg(long, value_name = "HOURS", default_value_t = 12, value_parser = clap::value_parser!(u8).range(0..=48))]
    lead_hours: u8,
}

/// A day in Suqian.
#[derive(Debug, Clone)]
struct Day {
    name: String,
    from: Timestamp,
}

impl Day {
    fn read(text: &str) -> Result<Self, String> {
        let is_date = text.len() == 10 && text.chars().all(|sign| sign.is_ascii_digit() || sign == '-');
        // China has one offset and no summer time.
        let from = format!("{text}T00:00:00+08:00").parse::<Timestamp>();
        match from {
            Ok(from) if is_date => Ok(Self { name: text.to_owned(), from }),
            Ok(_) | Err(_) => Err("a day is written like 2026-11-28".to_owned()),
        }
    }
}

/// From when on and until when it is recorded.
#[derive(Debug, Clone, Copy)]
struct Span {
    /// Where the lines begin.
    lead: Timestamp,
    /// Where the day does.
    from: Timestamp,
    /// Before this.
    to: Timestamp,
}

impl Span {
    /// Of a day that is not over, what there is; of one that is not kept any more, a word.
    fn of(wanted: &Wanted, now: Timestamp, config: &Config) -> anyhow::Result<Self> {
        let Day { name, from } = &wanted.day;
        let kept = config.kept();
        ensure!(*from < now, "{name} has not begun in Suqian");
        let day = SignedDuration::from_hours(24);
        let is_kept = from.checked_add(kept.tracks).is_ok_and(|until| until > now);
        ensure!(
            is_kept,
            "the positions of {name} are gone: tracks are kept {} days (retention.tracks_days)",
            kept.tracks.as_hours() / 24
        );
        let lead = from.checked_sub(SignedDuration::from_hours(i64::from(wanted.lead_hours)));
        let to = from.checked_add(day).unwrap_or(now).min(now);
        Ok(Self { lead: lead.unwrap_or(*from), from: *from, to })
    }
}

/// Records, and says what was recorded and how it is tried.
pub(crate) async fn run(config: &Config, wanted: &Wanted) -> anyhow::Result<()> {
    let now = Clock::start().now();
    let span = Span::of(wanted, now, config)?;
    let url = config.store_url();
    // Nothing that is sealed is looked at.
    let keys = Keys::fresh().context("no randomness")?;
    let database = Database::from_url(&url)?;
    let store = Store::open_to_read(&database, keys).await;
    let store = store.with_context(|| format!("the records at {url} cannot be read"))?;
    let people = People::load(&store, &wanted.residents, span, config.usual_heartbeat_s()).await?;
    let rules = watching::running(config);
    let folder = Folder::make(&wanted.into)?;
    let row = by_hand("record_day", "residents", people.told(&wanted.day.name, span), now);
    let is_on_record = put_on_record(&database, &[row]).await;
    if !is_on_record.context("nothing was recorded, for it could not be put on record")? {
        said("These records can only be read, so this is not on record.");
    }
    let recorded = record(&store, &people, span, &folder).await;
    let written = recorded.and_then(|count| {
        ensure!(count > 0, "nothing arrived on {} of whom was to be recorded", wanted.day.name);
        folder.write_residents(&people.file(span, rules))?;
        folder.finish().map(|()| count)
    });
    if written.is_err() {
        folder.remove();
    }
    let count = written?;
    said(&folder.told(&wanted.day.name, people.count(), count, span));
    let exact_until = span.lead.checked_add(config.kept().window);
    if exact_until.is_ok_and(|until| until < now) {
        said(
            "What is older than journal.window_hours is rounded: places to 1.1 cm, radii to 0.1 m; times are exact.",
        );
    }
    Ok(())
}

/// Brings all lines to the folder; how many of them arrived on the day itself.
async fn record(store: &Store, people: &People, span: Span, folder: &Folder) -> anyhow::Result<u64> {
    let source = Source { store, people, span };
    let mut parts = Parts::begin(&folder.path, span.lead, span.to)?;
    let mut progress = Progress::begin();
    let mut hour = span.lead;
    while hour < span.to {
        let end = hour.checked_add(SignedDuration::from_hours(1)).unwrap_or(span.to).min(span.to);
        source.messages(hour, end, &mut parts).await?;
        progress.note(|| format!("messages until {end}"));
        hour = end;
    }
    let handsets = people.handsets(span);
    for (number, handset) in handsets.iter().enumerate() {
        source.fixes(handset, &mut parts).await?;
        progress.note(|| format!("positions of {} of {} handsets", number + 1, handsets.len()));
    }
    let mut out = folder.draft()?;
    let count = parts.gather(span.from, &mut out)?;
    out.flush().context("the lines cannot be written")?;
    Ok(count)
}

/// Says now and then how far it is.
struct Progress(Instant);

impl Progress {
    fn begin() -> Self {
        Self(Instant::now())
    }

    fn note(&mut self, how_far: impl FnOnce() -> String) {
        if self.0.elapsed() >= SAID_EVERY {
            self.0 = Instant::now();
            said(&format!("  … {}", how_far()));
        }
    }
}

/// Whoever reads may have gone.
fn said(line: &str) {
    writeln!(std::io::stderr(), "{line}").unwrap_or_default();
}

/// Where the files go.
struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Nothing that is there is written over.
    fn make(path: &Path) -> anyhow::Result<Self> {
        DirBuilder::new()
            .recursive(true)
            .mode(FOLDER_MODE)
            .create(path)
            .with_context(|| format!("the folder {} cannot be made", path.display()))?;
        for name in [MESSAGES, RESIDENTS] {
            let file = path.join(name);
            if file.exists() {
                bail!("{} is there already; take another folder", file.display());
            }
        }
        Ok(Self { path: path.to_owned() })
    }

    fn draft_path(&self) -> PathBuf {
        self.path.join(format!("{MESSAGES}.part"))
    }

    fn draft(&self) -> anyhow::Result<BufWriter<File>> {
        Ok(BufWriter::new(own_file(&self.draft_path())?))
    }

    fn write_residents(&self, file: &geofence::replay::ResidentsFile) -> anyhow::Result<()> {
        let mut out = BufWriter::new(own_file(&self.path.join(RESIDENTS))?);
        serde_json::to_writer_pretty(&mut out, file)?;
        writeln!(out)?;
        out.flush().context("the residents cannot be written")
    }

    /// Only what is whole bears the name.
    fn finish(&self) -> anyhow::Result<()> {
        let file = self.path.join(MESSAGES);
        fs::rename(self.draft_path(), &file).with_context(|| format!("{} cannot be named", file.display()))
    }

    /// Takes away what was written before it failed; what is not there needs none of it.
    fn remove(&self) {
        for path in [self.draft_path(), self.path.join(RESIDENTS)] {
            fs::remove_file(path).unwrap_or_default();
        }
    }

    fn told(&self, day: &str, residents: usize, count: u64, span: Span) -> String {
        let (path, Span { from, to, .. }) = (self.path.display(), span);
        format!(
            "jujiale record: {path} holds where {residents} residents and their companions were on {day}, their presses and falls, in plain text: \
             {count} messages of the day. Whoever can read these files knows all of it; they are yours alone (mode 0600). \
             Remove them when the rules have been tried.\n\
             Fences, zones, policies and habits are those of now.\n\
             What other rules would have said of that day:\n  \
             jujiale replay --residents {path}/{RESIDENTS} --from {from} --until {to} --against trial.toml < {path}/{MESSAGES}"
        )
    }
}

/// A new file for its owner alone.
fn own_file(path: &Path) -> anyhow::Result<File> {
    let made = OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(path);
    made.with_context(|| format!("{} cannot be made", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_one_of_suqian() {
        let day = Day::read("2026-11-28").unwrap();
        assert_eq!(day.from.to_string(), "2026-11-27T16:00:00Z");
        for text in ["28.11.2026", "2026-11-31", "2026-1-2", "2026-11-28T00", "yesterday", ""] {
            assert!(Day::read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_not_begun_or_not_kept_is_no_recording() {
        let wanted = |day: &str| Wanted {
            day: Day::read(day).unwrap(),
            residents: Vec::new(),
            into: PathBuf::new(),
            lead_hours: 12,
        };
        let (config, now) = (Config::default(), "2026-11-29T02:00:00Z".parse::<Timestamp>().unwrap());
        let span = |day: &str| Span::of(&wanted(day), now, &config).map_err(|error| error.to_string());
        let yesterday = span("2026-11-28").unwrap();
        let told = [yesterday.lead, yesterday.from, yesterday.to].map(|at| at.to_string());
        assert_eq!(told, ["2026-11-27T04:00:00Z", "2026-11-27T16:00:00Z", "2026-11-28T16:00:00Z"]);
        assert_eq!(span("2026-11-29").unwrap().to, now, "today, so far");
        assert!(span("2026-11-30").unwrap_err().contains("has not begun"));
        let gone = span("2026-08-30").unwrap_err();
        assert!(gone.contains("retention.tracks_days") && gone.contains("90 days"), "{gone}");
    }
}
