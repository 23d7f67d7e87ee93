//! `jujiale backup`: a copy of the records, while the platform runs or stands still.

use crate::{config::Config, on_record::by_hand};
use anyhow::Context as _;
use std::{io::Write as _, path::Path};
use store::{Clock, Database, back_up, may_back_up, put_on_record};

/// Copies the records to a new file and says what belongs beside it. That it was copied goes on record before, so that it stands
/// in the copy too; where it cannot, as on a full disk, a copy is needed all the more.
pub(crate) async fn run(config: &Config, to: &Path) -> anyhow::Result<()> {
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
