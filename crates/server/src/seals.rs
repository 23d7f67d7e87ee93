//! The newest seal of the audit log, noted in a file beside the database, so that whoever makes the chain anew, or cuts its end off,
//! has to know of that too. A seal that is noted here and is not in the chain any more stays noted until somebody has looked into it.

use crate::config::Config;
use anyhow::Context as _;
use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};
use store::{Database, NotedSeal, Store};
use tokio::task::spawn_blocking;

/// The file: a seal a line.
#[derive(Debug, Clone)]
pub(crate) struct SealsFile(PathBuf);

impl SealsFile {
    /// Named like the database's own files: whoever goes back to an older copy of the records moves it away with them, and a copy
    /// elsewhere is not measured by it.
    pub(crate) fn of(config: &Config) -> anyhow::Result<Self> {
        let database = Database::from_url(&config.store_url())?;
        Ok(Self(match database.file() {
            Some(file) => beside(&file, "-seals"),
            None => config.data_dir().join("audit-seals"),
        }))
    }

    /// For people.
    pub(crate) fn place(&self) -> String {
        format!("in {}", self.0.display())
    }

    /// What is noted; nothing where there is no file yet. Whoever can bend a line could as well take it away.
    pub(crate) fn read(&self) -> anyhow::Result<Vec<NotedSeal>> {
        let bytes = match fs::read(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            read => read.with_context(|| format!("{} cannot be read", self.0.display()))?,
        };
        Ok(String::from_utf8_lossy(&bytes).lines().filter_map(|line| line.parse().ok()).collect())
    }

    /// Whole or not at all. It is not synced: after a power cut an older seal is as good, and presses want the disk.
    fn write(&self, seals: &[NotedSeal]) -> io::Result<()> {
        // Several processes of one store have a draft each.
        let draft = beside(&self.0, &format!(".{}", std::process::id()));
        let text = seals.iter().fold(String::new(), |text, seal| format!("{text}{seal}\n"));
        fs::write(&draft, text).and_then(|()| fs::rename(&draft, &self.0))
    }

    /// Notes this seal in place of those that are in the chain, and gives those that are not.
    pub(crate) async fn note(&self, store: &Store, newest: NotedSeal) -> anyhow::Result<Vec<NotedSeal>> {
        let lost = self.lost(store).await?;
        let (own, lines) = (self.clone(), lost.iter().cloned().chain([newest]).collect::<Vec<_>>());
        let written = spawn_blocking(move || own.write(&lines)).await.context("nothing writes files")?;
        written.with_context(|| format!("{} cannot be written", self.0.display()))?;
        Ok(lost)
    }

    /// Those that are noted and are not in the chain any more.
    pub(crate) async fn lost(&self, store: &Store) -> anyhow::Result<Vec<NotedSeal>> {
        let own = self.clone();
        let noted = spawn_blocking(move || own.read()).await.context("nothing reads files")??;
        Ok(store.missing_seals(&noted).await?)
    }

    /// What is said of one of these, with what to do.
    pub(crate) fn tells_lost(&self, seal: &NotedSeal) -> String {
        format!(
            "the seal {seal} was made and is not in the chain any more: rows or seals were taken away or made anew. If you went \
             back to an older copy of the records, take {} away",
            self.0.display()
        )
    }
}

fn beside(file: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(end);
    PathBuf::from(name)
}
