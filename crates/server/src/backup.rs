//! `jujiale backup`: a copy of the records, while the platform runs or stands still.

use crate::config::Config;
use anyhow::Context as _;
use std::{io::Write as _, path::Path};
use store::{Database, back_up};

/// Copies the records to a new file and says what belongs beside it.
pub(crate) async fn run(config: &Config, to: &Path) -> anyhow::Result<()> {
    let url = config.store_url();
    let size = back_up(&Database::from_url(&url)?, to)
        .await
        .with_context(|| format!("no copy of {url} was made"))?;
    let keys = config.data_dir().join("keys.json");
    writeln!(
        std::io::stdout(),
        "{} holds everything up to this moment: {size} bytes, synced, opened once and whole.\n\
         Without {} beside it telephones, addresses and identity numbers in it stay sealed for ever, and handsets \
         are known only by their whole password: keep a copy of that too, in another place.\n\
         To go back to it: stop the platform, move DATA_DIR/jujiale.db and what is named like it with -wal and -shm \
         away, put the copy there as jujiale.db with keys.json, run `jujiale check`, start.",
        to.display(),
        keys.display()
    )
    .context("standard output is closed")
}
