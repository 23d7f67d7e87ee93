//! `jujiale keys`: the keys that seal telephones, addresses and numbers, and how they are changed.

use crate::config::Config;
use anyhow::{Context as _, bail, ensure};
use std::{collections::BTreeMap, io::Write as _, path::Path};
use store::{Database, Keys, Store};

/// What is done with the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::Subcommand)]
pub(crate) enum KeysCommand {
    /// Says how many records are sealed with which key.
    Status,
    /// Makes a new key to seal with. The old one still opens; the platform seals everything anew after its next start.
    Rotate,
    /// Drops the keys that nothing is sealed with any more.
    Retire,
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
    let file = config.keys_file();
    ensure!(
        config.keys_text().is_none() || command == KeysCommand::Status,
        "the keys come from JJL_KEYS__TEXT; change them where that is kept, or use a key file"
    );
    let keys = match config.keys_text() {
        Some(_) => load(config)?,
        None => Keys::load(&file)?,
    };
    match command {
        KeysCommand::Status => {
            for (key, records) in sealed_with(config, keys.clone()).await? {
                let what = if key == keys.key_id() { "seals and opens" } else { "opens" };
                say(&format!("{key}  {records} records  {what}"))?;
            }
        }
        KeysCommand::Rotate => {
            let rotated = keys.rotated().context("no randomness")?;
            rotated.save(&file)?;
            say(&format!(
                "{} seals from the next start on; then everything is sealed anew, and `jujiale keys retire` drops {}. \
                 Keep a copy of {} elsewhere now",
                rotated.key_id(),
                keys.key_id(),
                file.display()
            ))?;
        }
        KeysCommand::Retire => {
            let older: Vec<String> = keys.older().map(str::to_owned).collect();
            if older.is_empty() {
                return say("there are no keys of before");
            }
            let in_use = sealed_with(config, keys.clone()).await?;
            for key in &older {
                if let Some(records) = in_use.get(key) {
                    bail!(
                        "{records} records are sealed with {key} still; start the platform, give it some minutes and \
                         look with `jujiale keys status`"
                    );
                }
            }
            keys.without_older().save(&file)?;
            say(&format!("dropped {}; backups from before need the old key file", older.join(", ")))?;
        }
    }
    Ok(())
}

async fn sealed_with(config: &Config, keys: Keys) -> anyhow::Result<BTreeMap<String, u64>> {
    let url = config.store_url();
    let opened = Store::open(&Database::from_url(&url)?, keys, None).await;
    // Nothing is written, so the writer need not run.
    let (store, _writer) = opened.with_context(|| format!("the records at {url} cannot be opened"))?;
    Ok(store.sealed_with().await?)
}

fn say(line: &str) -> anyhow::Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}
