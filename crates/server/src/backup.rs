//! `jujiale backup`: a copy of the records, while the platform runs or stands still.

use crate::{config::Config, on_record::by_hand};
use anyhow::Context as _;
use std::{io::Write as _, path::Path};
use store::{Clock, Database, back_up, may_back_up, put_on_record};

/// Copies the records to a new file and says what belongs beside it. That it was copied goes on record before, so that it stands
/// in the copy too; where it cannot, as on a full disk, a copy is needed all the more.
pub(crate) async fn run(config: &Config, to: &Path) -> anyhow::Result<()> {
    config.has_records()?;
    let url = config.store_url();
    let database = Database::from_url(&url)?;
    let no_copy = || format!("no copy of {url} was made");
    may_back_up(&database, to).with_context(no_copy)?;
    let row = by_hand("back_up", "records", to.display().to_string(), Clock::start().now());
    match put_on_record(&database, &[row]).await {
        Ok(true) => {}
        Ok(false) => {
            writeln!(std::io::stderr(), "The records can only be read, so the copy is not on record.")?;
        }
        Err(error) => {
            let error = anyhow::Error::new(error);
            writeln!(std::io::stderr(), "The copy could not be put on record: {error:#}")?;
        }
    }
    let size = back_up(&database, to).await.with_context(no_copy)?;
    writeln!(std::io::stdout(), "{}", told(config, to, size)).context("standard output is closed")
}

/// What belongs beside the copy, and how to go back to it.
fn told(config: &Config, to: &Path, size: u64) -> String {
    let url = config.store_url();
    let database = url.strip_prefix("sqlite://").unwrap_or(&url);
    let (keys, with) = match config.keys_text() {
        Some(_) => ("the text of the keys (JJL_KEYS__TEXT)".to_owned(), "start with that text"),
        None => (config.keys_file().display().to_string(), "put the keys back to their place"),
    };
    format!(
        "{} holds everything up to this moment: {size} bytes, synced, opened once and whole.\n\
         Without {keys} beside it telephones, addresses and identity numbers in it stay sealed for ever, and handsets \
         are known only by their whole password: keep a copy of that too, in another place.\n\
         To go back to it: stop the platform, move {database} and what is named like it with -wal, -shm and -seals away, put \
         the copy there under that name and {with}, run `jujiale check`, start.",
        to.display(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use figment::{
        Figment,
        providers::{Format as _, Toml},
    };

    #[test]
    fn the_keys_and_the_records_are_named_by_where_they_are() {
        let told_of = |text: &str| {
            let config: Config = Figment::from(Toml::string(text)).extract().unwrap();
            told(&config, Path::new("/mnt/copy.db"), 7)
        };
        let usual = told_of("[data]\ndir = '/var/lib/jujiale'");
        assert!(usual.contains("Without /var/lib/jujiale/keys.json beside"), "{usual}");
        assert!(usual.contains("move /var/lib/jujiale/jujiale.db and"), "{usual}");
        let elsewhere = told_of("[keys]\nfile = '/etc/k.json'\n[store]\nurl = 'sqlite:///srv/r.db'");
        assert!(
            elsewhere.contains("Without /etc/k.json beside") && elsewhere.contains("move /srv/r.db and"),
            "{elsewhere}"
        );
        let text = told_of("[keys]\ntext = 'opens everything'");
        assert!(text.contains("JJL_KEYS__TEXT") && !text.contains("keys.json"), "{text}");
        assert!(!text.contains("opens everything"), "{text}");
    }
}
