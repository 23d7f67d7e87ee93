//! `jujiale zones`: areas shared by all, brought in from a register that somebody else keeps, and written out for other programs.

use crate::{config::Config, on_record::by_hand};
use anyhow::{Context as _, bail, ensure};
use geofence::Shape;
use geofence::shape::{Datum, says_wgs84};
use geofence::zone::{KINDS, ZONES_AT_MOST, Zone, ZoneEntry};
use model::{SignalId, Timestamp};
use serde_json::Value;
use std::{
    collections::HashMap,
    io::Write,
    path::{Path, PathBuf},
};
use store::{AuditRow, Clock, Database, JobError, Keys, Kind, PutZones, Store, StoredZone};
use tokio_util::sync::CancellationToken;

/// All of a file is written in one transaction; more than this would keep a press waiting for too long.
const FILE_BYTES: u64 = 64 * 1024 * 1024;
const NAME_CHARACTERS: usize = 100;
const ID_CHARACTERS: usize = 64;
/// Faults that are told one by one; the rest is counted.
const TOLD: usize = 20;

/// What is done with zones.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum ZonesCommand {
    /// Brings in the areas of a GeoJSON file, all of them or none. Without --write it only says what it would do.
    Import {
        /// A FeatureCollection; each feature has `name` and `kind` among its properties.
        file: PathBuf,
        /// Writes them.
        #[arg(long)]
        write: bool,
        /// In what the file is drawn; what is drawn on a Chinese map is converted once, here.
        #[arg(long, value_enum, default_value_t = Drawn::Wgs84)]
        datum: Drawn,
    },
    /// Writes all of them to standard output, as GeoJSON that `import` reads back.
    Export,
}

/// In what coordinates are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Drawn {
    /// As satellites and GeoJSON have them.
    Wgs84,
    /// Of AMap and Tencent maps.
    Gcj02,
    /// Of Baidu maps.
    Bd09,
}

impl Drawn {
    /// What it must be converted from.
    fn datum(self) -> Option<Datum> {
        match self {
            Self::Wgs84 => None,
            Self::Gcj02 => Some(Datum::Gcj02),
            Self::Bd09 => Some(Datum::Bd09),
        }
    }

    /// Whether a feature says nothing else of itself. What is no name of a datum is refused too: converted, or left as it is, against
    /// what was meant it would lie half a kilometre beside.
    fn is_said_by(self, datum: &Value) -> anyhow::Result<()> {
        if datum.is_null() {
            return Ok(());
        }
        let name = datum.as_str().unwrap_or_default();
        let said = Datum::named(name);
        let is_known = said.is_some() || ["wgs84", "wgs-84"].contains(&name.to_lowercase().as_str());
        ensure!(is_known, "properties.datum is {datum}; it is one of WGS-84, GCJ-02, BD-09");
        ensure!(
            said == self.datum(),
            "properties.datum says that it is drawn in {}, and --datum something else of the whole file",
            said.map_or("WGS-84", Datum::name)
        );
        Ok(())
    }

    fn taken(self, shape: Shape) -> anyhow::Result<Shape> {
        Ok(match self.datum() {
            Some(datum) => shape.converted(datum)?,
            None => shape,
        })
    }
}

/// Does it, and says what was done.
pub(crate) async fn run(config: &Config, kind: Kind, command: &ZonesCommand) -> anyhow::Result<()> {
    let (file, write, datum) = match command {
        ZonesCommand::Import { file, write, datum } => (file, write, datum),
        ZonesCommand::Export => {
            let entries: Vec<ZoneEntry> = known(config).await?.into_iter().map(|zone| zone.entry).collect();
            return export(&entries, &mut std::io::stdout().lock());
        }
    };
    let entries = read(file, *datum)?;
    let known = known(config).await?;
    let (features, plan) = (entries.len(), Plan::of(entries, &known));
    ensure!(
        known.len() + plan.added <= ZONES_AT_MOST,
        "there are {} zones and these are {} more, but there are at most {ZONES_AT_MOST}",
        known.len(),
        plan.added
    );
    let (added, changed) = (plan.added, plan.zones.len() - plan.added);
    let same = features - plan.zones.len();
    let counts =
        format!("{features} areas of {}: {added} new, {changed} changed, {same} as they are", file.display());
    if *write && !plan.zones.is_empty() {
        bring_in(config, kind, plan).await?;
        return say(&format!("{counts}; brought in"));
    }
    let why = if *write { "there is nothing to write" } else { "nothing was written; add --write" };
    say(&format!("{counts}; {why}"))
}

/// Those that are there.
async fn known(config: &Config) -> anyhow::Result<Vec<StoredZone>> {
    let url = config.store_url();
    // Nothing of it is sealed.
    let keys = Keys::fresh().context("no randomness")?;
    let store = Store::open_to_read(&Database::from_url(&url)?, keys).await;
    let store = store.with_context(|| format!("the records at {url} cannot be read"))?;
    Ok(store.zones().await?)
}

/// One feature a line, all in one collection. One that cannot be written is named, and then nothing is.
fn export(entries: &[ZoneEntry], out: &mut impl Write) -> anyhow::Result<()> {
    let feature = |entry: &ZoneEntry| {
        let feature = entry.feature().with_context(|| format!("zone {}", entry.id))?;
        anyhow::Ok(feature.to_string())
    };
    let features: Vec<String> = entries.iter().map(feature).collect::<Result<_, _>>()?;
    let lines = features.join(",\n");
    writeln!(out, "{{\"type\":\"FeatureCollection\",\"features\":[\n{lines}\n]}}")?;
    Ok(out.flush()?)
}

/// What is to be written.
struct Plan {
    zones: Vec<(ZoneEntry, Option<i64>)>,
    added: usize,
}

impl Plan {
    fn of(entries: Vec<ZoneEntry>, known: &[StoredZone]) -> Self {
        let known: HashMap<&str, &StoredZone> =
            known.iter().map(|one| (one.entry.id.as_str(), one)).collect();
        let mut plan = Self { zones: Vec::new(), added: 0 };
        for entry in entries {
            match known.get(entry.id.as_str()) {
                None => {
                    plan.added += 1;
                    plan.zones.push((entry, None));
                }
                Some(held) if held.entry.says_as(&entry) => {}
                Some(held) => plan.zones.push((entry, Some(held.version))),
            }
        }
        plan
    }
}

async fn bring_in(config: &Config, kind: Kind, plan: Plan) -> anyhow::Result<()> {
    let (keys, url) = (crate::keys::load(config)?, config.store_url());
    let opened = Store::open(&Database::from_url(&url)?, keys, None).await;
    let (store, writer) = opened.with_context(|| format!("the records at {url} cannot be opened"))?;
    let stop = CancellationToken::new();
    let written = async {
        let written = put(&store, kind, plan).await;
        stop.cancel();
        written
    };
    tokio::join!(writer.run(stop.clone()), written).1
}

async fn put(store: &Store, kind: Kind, plan: Plan) -> anyhow::Result<()> {
    let at = Clock::start().now();
    store.found(kind, at).await?;
    let audit = plan.zones.iter().map(|(entry, from_version)| audit(entry, *from_version, at)).collect();
    match store.write(PutZones { zones: plan.zones, at, audit }).await {
        Ok(()) => Ok(()),
        Err(JobError::Conflict) => bail!(
            "somebody else changed a zone meanwhile, or one of these ids was a zone that was taken away; nothing was \
             written. Try it again"
        ),
        Err(error) => Err(anyhow::Error::new(error).context("the zones were not written")),
    }
}

fn audit(entry: &ZoneEntry, from_version: Option<i64>, at: Timestamp) -> AuditRow {
    let action = if from_version.is_some() { "change_zone" } else { "add_zone" };
    by_hand(action, &entry.id, entry.name.clone().unwrap_or_default(), at)
}

/// The zones of a file, or what is wrong with it.
fn read(file: &Path, drawn: Drawn) -> anyhow::Result<Vec<ZoneEntry>> {
    let size = std::fs::metadata(file).with_context(|| format!("{} cannot be read", file.display()))?.len();
    ensure!(
        size <= FILE_BYTES,
        "{} has {size} bytes, and {FILE_BYTES} are the most at once; make two of it",
        file.display()
    );
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    let value = serde_json::from_str(&text).with_context(|| format!("{} is no JSON", file.display()))?;
    collection(&value, drawn).with_context(|| format!("nothing of {} is taken", file.display()))
}

fn collection(value: &Value, drawn: Drawn) -> anyhow::Result<Vec<ZoneEntry>> {
    ensure!(value["type"] == "FeatureCollection", "it is no GeoJSON FeatureCollection");
    says_wgs84(value)?;
    let features = value["features"].as_array().context("it has no features")?;
    let (mut entries, mut wrong) = (Vec::<ZoneEntry>::new(), Vec::new());
    let (mut names, mut ids) = (HashMap::<String, usize>::new(), HashMap::<String, usize>::new());
    for (place, value) in features.iter().enumerate() {
        let number = place + 1;
        let taken = feature(value, drawn, &mut names).and_then(|entry| {
            let first = *ids.entry(entry.id.clone()).or_insert(number);
            ensure!(first == number, "its id {:?} is that of feature {first} too", entry.id);
            Ok(entry)
        });
        match taken {
            Ok(entry) => entries.push(entry),
            Err(error) => {
                let name = value["properties"]["name"].as_str().unwrap_or("without a name");
                wrong.push(format!("feature {number} ({name}): {error:#}"));
            }
        }
    }
    let more = wrong.len().saturating_sub(TOLD);
    wrong.truncate(TOLD);
    if more > 0 {
        wrong.push(format!("and {more} more"));
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n  "));
    Ok(entries)
}

fn feature(value: &Value, drawn: Drawn, names: &mut HashMap<String, usize>) -> anyhow::Result<ZoneEntry> {
    ensure!(value["type"] == "Feature", "it is no Feature");
    let properties = &value["properties"];
    let name = properties["name"].as_str().map(str::trim).unwrap_or_default();
    let is_name = (1..=NAME_CHARACTERS).contains(&name.chars().count()) && !name.contains(char::is_control);
    ensure!(is_name, "properties.name is what people call it, in 1 to {NAME_CHARACTERS} characters");
    let kind = properties["kind"].as_str();
    ensure!(
        kind.is_some_and(|kind| KINDS.contains(&kind)),
        "properties.kind is {}; it is one of {}",
        kind.unwrap_or("missing"),
        KINDS.join(", ")
    );
    drawn.is_said_by(&properties["datum"])?;
    let dwell_s = match &properties["dwell_s"] {
        Value::Null => None,
        other => Some(other.as_f64().context("properties.dwell_s is a number of seconds")?),
    };
    let nth = names.entry(name.to_owned()).and_modify(|nth| *nth += 1).or_insert(1);
    let id = own_id(value)?.unwrap_or_else(|| derived_id(name, *nth));
    let shape = drawn.taken(shape(value)?)?;
    let shape = serde_json::to_value(&shape)?;
    let entry = ZoneEntry { id, name: Some(name.to_owned()), kind: None, shape, dwell_s };
    Zone::try_from(&entry)?;
    Ok(entry)
}

/// The id that the register gave it, if it gave it one.
fn own_id(value: &Value) -> anyhow::Result<Option<String>> {
    let given = [&value["id"], &value["properties"]["id"]].into_iter().find(|id| !id.is_null());
    let id = match given {
        None => return Ok(None),
        Some(Value::String(id)) => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        Some(other) => bail!("its id {other} is neither a text nor a number"),
    };
    let is_plain = |sign: char| sign.is_ascii_alphanumeric() || "-_.".contains(sign);
    let is_id = (1..=ID_CHARACTERS).contains(&id.len()) && id.chars().all(is_plain);
    ensure!(is_id, "its id {id:?} has 1 to {ID_CHARACTERS} letters, digits, - _ and . only");
    Ok(Some(id))
}

/// Otherwise the same area has the same one the next time: of its name, and of which of that name it is.
fn derived_id(name: &str, nth: usize) -> String {
    format!("z-{}", SignalId::from_cause("zone", &[name, &nth.to_string()]))
}

/// The shape of a feature. Registers draw rivers and roads as lines, which have a width, and wells as points, which have a radius.
fn shape(value: &Value) -> anyhow::Result<Shape> {
    let (kind, properties) = (&value["geometry"]["type"], &value["properties"]);
    ensure!(
        kind != "LineString" || properties["width_m"].is_number(),
        "it is a line; properties.width_m says how wide it is, in metres"
    );
    Ok(Shape::from_geojson(value)?)
}

fn say(line: &str) -> anyhow::Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}

#[cfg(test)]
#[path = "zones_tests.rs"]
mod tests;
