//! `jujiale keys`: the keys that seal telephones, addresses and numbers, and how they are changed.

use crate::{config::Config, on_record::by_hand};
use anyhow::{Context as _, bail, ensure};
use std::{io::Write as _, path::Path};
use store::{Clock, Database, Keys, Store, put_on_record};

/// Records that are named of those that keep an old key.
const NAMED: usize = 50;

/// What is done with the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::Subcommand)]
pub(crate) enum KeysCommand {
    /// Says how many records are sealed with which key.
    Status,
    /// Prints keys that nobody has had before, for JJL_KEYS__TEXT of a platform that has no records yet.
    New,
    /// Makes a new key to seal with. The old one still opens; the platform seals everything anew after its next start.
    Rotate {
        /// Print what the key file would hold instead of writing it, for whoever keeps JJL_KEYS__TEXT.
        #[arg(long)]
        print: bool,
    },
    /// Drops the keys that nothing is sealed with any more.
    Retire {
        /// Print what the key file would hold instead of writing it, for whoever keeps JJL_KEYS__TEXT.
        #[arg(long)]
        print: bool,
    },
}

/// The platform's keys: from `JJL_KEYS__TEXT`, or from the key file, which is made with a new store. New keys for records
/// that are there would open none of them.
pub(crate) fn load(config: &Config) -> anyhow::Result<Keys> {
    if let Some(text) = config.keys_text() {
        return Keys::from_text(text).context("keys.text (JJL_KEYS__TEXT) is not what a key file holds");
    }
    let (file, url) = (config.keys_file(), config.store_url());
    let is_new = url.strip_prefix("sqlite://").is_some_and(|path| !Path::new(path).exists());
    ensure!(
        is_new || file.exists(),
        "the records in {url} are there, but their keys, {}, are not: put the file back from where a copy is kept, or say \
         with keys.file (JJL_KEYS__FILE) or JJL_KEYS__TEXT where the keys are; without them nothing that is sealed can be read",
        file.display()
    );
    Ok(Keys::load_or_create(&file)?)
}

/// Does it, and says what was done.
pub(crate) async fn run(config: &Config, command: KeysCommand) -> anyhow::Result<()> {
    if command != KeysCommand::New {
        config.has_records()?;
    }
    match command {
        KeysCommand::Status => status(config).await,
        KeysCommand::New => {
            let keys = Keys::fresh().context("no randomness")?;
            print_keys(&keys, "keep them elsewhere too before the first start")
        }
        KeysCommand::Rotate { print } => rotate(config, print).await,
        KeysCommand::Retire { print } => retire(config, print).await,
    }
}

async fn status(config: &Config) -> anyhow::Result<()> {
    let keys = those_of_before(config)?;
    for (key, records) in records(config, keys.clone()).await?.sealed_with().await? {
        let what = if key == keys.key_id() { "seals and opens" } else { "opens" };
        say(&format!("{key}  {records} records  {what}"))?;
    }
    Ok(())
}

async fn rotate(config: &Config, print: bool) -> anyhow::Result<()> {
    let keys = those_to_change(config, print)?;
    let rotated = keys.rotated().context("no randomness")?;
    let done = format!(
        "{} seals from the next start on; then everything is sealed anew, and `jujiale keys retire` drops {}",
        rotated.key_id(),
        keys.key_id()
    );
    let detail = told(&format!("{} after {}", rotated.key_id(), keys.key_id()), print);
    note(config, "rotate_keys", detail).await?;
    if print {
        return print_keys(&rotated, &done);
    }
    let file = config.keys_file();
    rotated.save(&file)?;
    say(&format!("{done}. Keep a copy of {} elsewhere now", file.display()))
}

async fn retire(config: &Config, print: bool) -> anyhow::Result<()> {
    let keys = those_to_change(config, print)?;
    let older: Vec<String> = keys.older().map(str::to_owned).collect();
    if older.is_empty() {
        // Who takes what is printed for keys must not be given nothing.
        ensure!(!print, "there are no keys of before");
        return say("there are no keys of before");
    }
    let store = records(config, keys.clone()).await?;
    let in_use = store.sealed_with().await?;
    for key in &older {
        if let Some(records) = in_use.get(key) {
            let unsealed = unsealed(&store).await?;
            bail!(
                "{records} records are sealed with {key} still; start the platform, give it some minutes and \
                 look with `jujiale keys status`{unsealed}"
            );
        }
    }
    let done = format!("dropped {}; backups from before need the old key file", older.join(", "));
    note(config, "retire_keys", told(&older.join(", "), print)).await?;
    if print {
        return print_keys(&keys.without_older(), &done);
    }
    keys.without_older().save(&config.keys_file())?;
    say(&done)
}

/// Which keys, and whether all of them were shown: what is printed opens everything.
fn told(which: &str, print: bool) -> String {
    if print { format!("{which}, printed") } else { which.to_owned() }
}

/// Puts it on record, before it is done. Where it cannot be, a key that was seen must be changed all the same.
async fn note(config: &Config, action: &str, detail: String) -> anyhow::Result<()> {
    let database = Database::from_url(&config.store_url())?;
    let row = by_hand(action, "keys", detail, Clock::start().now());
    match put_on_record(&database, &[row]).await {
        Ok(true) => {}
        Ok(false) => {
            writeln!(std::io::stderr(), "The records can only be read, so this is not on record.")?;
        }
        Err(error) => {
            let error = anyhow::Error::new(error);
            writeln!(std::io::stderr(), "This could not be put on record: {error:#}")?;
        }
    }
    Ok(())
}

/// The keys as they stand. None are made here.
fn those_of_before(config: &Config) -> anyhow::Result<Keys> {
    match config.keys_text() {
        Some(_) => load(config),
        None => Ok(Keys::load(&config.keys_file())?),
    }
}

/// The same, if what comes of them has a place to go: nobody changes a variable from within.
fn those_to_change(config: &Config, print: bool) -> anyhow::Result<Keys> {
    ensure!(
        print || config.keys_text().is_none(),
        "the keys come from JJL_KEYS__TEXT, which is changed where it is kept: with --print the new text goes to standard output"
    );
    those_of_before(config)
}

/// The text alone goes to standard output, so that it can be handed on without being read; what to know of it goes beside.
fn print_keys(keys: &Keys, done: &str) -> anyhow::Result<()> {
    say(&keys.to_text()?)?;
    let note = "nothing is changed until this text stands where the keys are kept (JJL_KEYS__TEXT or the key file); then:";
    Ok(writeln!(std::io::stderr(), "{note} {done}")?)
}

/// Those records for which no waiting helps: they open with no key, and so can be sealed with no other.
async fn unsealed(store: &Store) -> anyhow::Result<String> {
    let rows = store.rows_unsealed(NAMED).await?;
    if rows.is_empty() {
        return Ok(String::new());
    }
    let named: Vec<String> =
        rows.iter().map(|row| format!("{} {} ({})", row.table, row.row, row.problem)).collect();
    Ok(format!(
        ". These open with no key and keep it; enter them anew, or take them from a backup: {}",
        named.join("; ")
    ))
}

/// The records, to be read alone.
async fn records(config: &Config, keys: Keys) -> anyhow::Result<Store> {
    let url = config.store_url();
    let opened = Store::open(&Database::from_url(&url)?, keys, None).await;
    // Nothing is written, so the writer need not run.
    let (store, _writer) = opened.with_context(|| format!("the records at {url} cannot be opened"))?;
    Ok(store)
}

fn say(line: &str) -> anyhow::Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
