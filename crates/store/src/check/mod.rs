//! Whether the records are whole: what must hold between the tables is looked at, one check after the other.
//!
//! A check reads and changes nothing, also of a platform that runs: each sees the store at one moment. To add one: a
//! variant of [`Check`] with its name and what it promises, and a function that says what is wrong.

mod incidents;
mod journal;
mod logs;
mod pages;

use crate::{
    StoreError,
    db::{Database, Look, Pool, on},
    reading,
};

/// Problems of one check that are told one by one; the rest is counted.
const TOLD: usize = 20;

/// Something that must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// The file's pages and indexes.
    Pages,
    /// Rows point to rows that are there.
    References,
    /// The log of fixes, its sorted blocks and the hours of tracks.
    Journal,
    /// Every press is a signal, and every signal the desk has read is in exactly one incident.
    Signals,
    /// Every incident is what its events add up to.
    Incidents,
    /// The audit log's chain of seals.
    Audit,
    /// Readers of logs stand within them.
    Cursors,
}

impl Check {
    /// Every check, in the order in which they are made.
    pub const ALL: [Self; 7] = [
        Self::Pages,
        Self::References,
        Self::Journal,
        Self::Signals,
        Self::Incidents,
        Self::Audit,
        Self::Cursors,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pages => "pages",
            Self::References => "references",
            Self::Journal => "journal",
            Self::Signals => "signals",
            Self::Incidents => "incidents",
            Self::Audit => "audit",
            Self::Cursors => "cursors",
        }
    }
}

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// What was looked at, in a few words.
    pub looked_at: String,
    /// What is wrong, the first of it.
    pub problems: Vec<String>,
    /// How much is wrong.
    pub count: usize,
}

impl Findings {
    fn note(&mut self, problem: impl FnOnce() -> String) {
        if self.problems.len() < TOLD {
            self.problems.push(problem());
        }
        self.count = self.count.saturating_add(1);
    }
}

/// Told while a check takes its time: how much of how much is done.
pub type Progress<'a> = &'a mut (dyn FnMut(u64, u64) + Send);

/// Looks at a store that may be in use, and changes nothing.
#[derive(Debug)]
pub struct Inspector {
    pool: Pool,
}

impl Inspector {
    /// Opens the store to look at it.
    pub async fn open(database: &Database) -> Result<Self, StoreError> {
        let pool = database.for_a_look().await.map_err(StoreError::Open)?;
        let inspector = Self { pool };
        inspector.is_of_this_version().await?;
        Ok(inspector)
    }

    /// What it looks through.
    pub(crate) fn into_pool(self) -> Pool {
        self.pool
    }

    /// The tables this program knows, no more and no less.
    async fn is_of_this_version(&self) -> Result<(), StoreError> {
        let found: Result<(i64,), _> = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT MAX(version) FROM _sqlx_migrations WHERE success").fetch_one(to).await);
        let newest = Database::newest_migration();
        match found {
            Ok((version,)) if version == newest => Ok(()),
            Ok((version,)) => Err(StoreError::Broken {
                what: "the store's version",
                problem: format!(
                    "it is {version} and this program's is {newest}; a start of the platform brings an older one up to date"
                ),
            }),
            Err(source) => Err(StoreError::Read { what: "the store's version", source }),
        }
    }

    /// Makes one check.
    pub async fn check(&self, check: Check, progress: Progress<'_>) -> Result<Findings, StoreError> {
        match check {
            Check::Pages => self.pages().await,
            Check::References => self.references().await,
            Check::Journal => self.journal(progress).await,
            Check::Signals => self.signals().await,
            Check::Incidents => self.incidents(progress).await,
            Check::Audit => self.audit().await,
            Check::Cursors => self.cursors().await,
        }
    }

    async fn look(&self) -> Result<Look, StoreError> {
        self.pool.look().await.map_err(reading("the store"))
    }
}
