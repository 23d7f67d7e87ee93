//! A copy of the store, whole and of one moment, while the platform runs.

use crate::{
    StoreError,
    db::{Database, Pool, look_only},
    reading,
};
use rustix::{
    fs::{CWD, RenameFlags, renameat_with},
    io::Errno,
};
use sqlx::ConnectOptions as _;
use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum BackUpError {
    /// There is something under that name.
    #[error("{0} is there already and is not overwritten; choose another name or move it away")]
    Exists(PathBuf),
    /// A server has tools of its own.
    #[error("the records lie in PostgreSQL: use pg_dump or the server's own backups")]
    Server,
    /// The folder or the file cannot be written.
    #[error("{path} cannot be written")]
    File {
        /// Which one.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The store cannot be read or copied.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The copy is not what was copied.
    #[error("the copy is not whole and was removed: {0}")]
    NotWhole(String),
}

/// Copies the store to a file that is not there yet: of one moment, synced, and opened once to see that it is whole.
/// Gives its size. What was begun and not finished is removed.
pub async fn back_up(database: &Database, to: &Path) -> Result<u64, BackUpError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| BackUpError::File { path, source }
    };
    may_back_up(database, to)?;
    let draft = Draft::make(to)?;
    copy(database, &draft.0).await?;
    let size = File::open(&draft.0)
        .and_then(|file| file.sync_all().and_then(|()| file.metadata()))
        .map_err(failed(&draft.0))?
        .len();
    verify(&draft.0).await?;
    publish(&draft.0, to).map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => BackUpError::Exists(to.to_owned()),
        _ => BackUpError::File { path: to.to_owned(), source },
    })?;
    drop(draft);
    let folder = folder_of(to);
    File::open(&folder).and_then(|folder| folder.sync_all()).map_err(failed(&folder))?;
    Ok(size)
}

/// Whether these records are copied by [`back_up`] at all, and to there.
pub fn may_back_up(database: &Database, to: &Path) -> Result<(), BackUpError> {
    match database {
        Database::Postgres(_) => Err(BackUpError::Server),
        Database::Sqlite(_) if to.symlink_metadata().is_ok() => Err(BackUpError::Exists(to.to_owned())),
        Database::Sqlite(_) => Ok(()),
    }
}

/// The file while it is being written; removed when dropped.
struct Draft(PathBuf);

impl Draft {
    /// Empty, and for its owner alone: it holds everything about everybody.
    fn make(to: &Path) -> Result<Self, BackUpError> {
        let name = to.file_name().unwrap_or_default().to_string_lossy();
        let path = folder_of(to).join(format!(".{name}.{}.unfinished", std::process::id()));
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .map_err(|source| BackUpError::File { path: path.clone(), source })?;
        Ok(Self(path))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // Gone already is as good as removed.
        fs::remove_file(&self.0).unwrap_or_default();
    }
}

/// Gives the copy its name, and never in place of something that appeared under that meanwhile. A link does that, but sticks and
/// many shares of a network (FAT, exFAT, SMB) have none.
fn publish(draft: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(draft, to) {
        Err(error) if Errno::from_io_error(&error).is_some_and(is_not_known_there) => {}
        linked => return linked,
    }
    match renameat_with(CWD, draft, CWD, to, RenameFlags::NOREPLACE) {
        Err(errno) if is_not_known_there(errno) => take_name(draft, to),
        renamed => renamed.map_err(io::Error::from),
    }
}

/// What a file system answers to something that it cannot do at all.
fn is_not_known_there(errno: Errno) -> bool {
    [Errno::PERM, Errno::OPNOTSUPP, Errno::INVAL, Errno::NOSYS].contains(&errno)
}

/// The name is taken first, by a file that only whoever made it may replace.
fn take_name(draft: &Path, to: &Path) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(to)?;
    fs::rename(draft, to).inspect_err(|_failed| fs::remove_file(to).unwrap_or_default())
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

async fn copy(database: &Database, to: &Path) -> Result<(), BackUpError> {
    let Pool::Sqlite(pool) = database.for_a_look().await.map_err(StoreError::Open)? else {
        return Err(BackUpError::Server);
    };
    let copied = sqlx::query("VACUUM INTO $1").bind(to.to_string_lossy().into_owned()).execute(&pool).await;
    pool.close().await;
    copied.map(drop).map_err(|source| BackUpError::Store(StoreError::Read { what: "the store", source }))
}

/// Opens the copy, and leaves nothing beside it.
async fn verify(copy: &Path) -> Result<(), BackUpError> {
    let mut connection = look_only(copy).immutable(true).connect().await.map_err(StoreError::Open)?;
    let looked: Result<(String, String), sqlx::Error> = sqlx::query_as(
        "SELECT (SELECT quick_check FROM pragma_quick_check), (SELECT store_id FROM platform)",
    )
    .fetch_one(&mut connection)
    .await;
    let (said, store_id) = looked.map_err(reading("the copy"))?;
    if said == "ok" && !store_id.is_empty() { Ok(()) } else { Err(BackUpError::NotWhole(said)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Way = fn(&Path, &Path) -> io::Result<()>;

    #[test]
    fn where_there_are_no_links_a_copy_gets_its_name_and_takes_no_others() {
        let folder = tempfile::tempdir().unwrap();
        let (draft, to) = (folder.path().join(".copy"), folder.path().join("copy.db"));
        let renamed = |draft: &Path, to: &Path| {
            renameat_with(CWD, draft, CWD, to, RenameFlags::NOREPLACE).map_err(io::Error::from)
        };
        let ways: [Way; 3] = [publish, renamed, take_name];
        for (nth, way) in ways.into_iter().enumerate() {
            fs::write(&draft, "copy").unwrap();
            way(&draft, &to).unwrap();
            assert_eq!(fs::read_to_string(&to).unwrap(), "copy", "{nth}");
            // A link is the same file under two names.
            fs::remove_file(&draft).unwrap_or_default();
            fs::write(&draft, "other").unwrap();
            assert_eq!(way(&draft, &to).unwrap_err().kind(), io::ErrorKind::AlreadyExists, "{nth}");
            assert_eq!(fs::read_to_string(&to).unwrap(), "copy", "{nth}");
            fs::remove_file(&to).unwrap();
        }
        // As FAT and exFAT answer, as some shares do, and as a full disk does.
        for (code, is_so) in [(1, true), (95, true), (22, true), (28, false), (17, false)] {
            assert_eq!(is_not_known_there(Errno::from_raw_os_error(code)), is_so, "{code}");
        }
    }
}
