//! The store: what is on disk, and the only way to it.
//!
//! Reads go through a small pool; writes are [`Job`]s that the one [`Writer`] commits in groups by priority.
//! Each kind of record has a file here with its jobs and its reads side by side; the tables are in
//! `migrations/`, the same for SQLite and PostgreSQL, and `tests/conformance` runs every file's promises on
//! both. To add a record: a table in both migrations, a file with its jobs and reads, a part in the suite.
//!
//! What is *not* here: rules. The store neither decides who may see a row nor what a press means; it keeps.

mod absences;
mod accounts;
mod acknowledged;
mod asking;
mod audit;
mod audit_about;
mod audit_chain;
mod audit_search;
mod backup;
mod ballast;
mod bindings;
mod callers;
mod calls;
mod carried;
mod channel_tests;
mod check;
mod checkpoint;
mod clock;
mod commands;
mod consents;
mod day_list;
mod db;
mod desk;
mod drills;
mod due_notices;
mod eager;
mod enrolment;
mod event_log;
mod fall_reports;
mod falls;
mod figures;
mod handset_states;
mod handsets;
mod heard;
mod held;
mod incidents;
mod invitations;
mod job;
mod journal;
mod ladders;
mod lanes;
mod late_reviews;
mod leases;
mod leavings;
mod looks;
mod named;
mod notices;
mod on_record;
mod on_screens;
mod outbox;
mod people;
mod phones;
mod platform;
mod presence;
mod presses;
mod probe;
mod provisioning;
mod quarantine;
mod recorded;
mod refused;
mod relatives;
mod reseal;
mod responders;
mod rights;
mod roster;
mod rows;
mod script;
mod seal;
pub mod secrets;
mod sequel;
mod sessions;
mod signals;
mod slow_lane;
mod stations;
mod tables;
mod task_links;
mod tracks;
mod trouble;
mod unplaced;
mod untracked;
mod watch;
mod within;
mod writer;

pub use absences::{Absence, EndAbsence, EnterAbsence};
pub use accounts::{Account, AddUser, ChangeUser, OfferSecondFactor, UseSecondFactor, UserChange};
pub use asking::Askable;
pub use audit::{AuditRow, WriteAudit};
pub use audit_about::NoteNamed;
pub use audit_chain::{AuditBreak, AuditWalk, NoSeal, NotedSeal, RemoveOldAudit, SealAudit, Walked};
pub use audit_search::{AuditSearch, NumberedAudit, about_whom};
pub use backup::{BackUpError, back_up, may_back_up};
pub use ballast::{Ballast, DEFAULT_BALLAST_BYTES};
pub use bindings::Carried;
pub use callers::SealCallers;
pub use calls::{CallLine, DoneCall, DueCall, FinishCall, WaitingCall};
pub use channel_tests::{ChannelTest, NoteChannelTest};
pub use check::{Check, Findings, Inspector, Progress};
pub use clock::Clock;
pub use commands::{
    AnswerCommand, CommandLine, CommandState, HandsetCommand, Locates, PutCommands, VoidCommands,
};
pub use consents::{AddConsent, Consent, WithdrawConsent};
pub use db::{Connection, Database};
pub use desk::{CommitDesk, CursorMove, Idempotency, IncidentChange};
pub use drills::{DrillWindow, DueDrills, EndDrill, LastDrill, OpenDrill};
pub use due_notices::{DueNotice, FreeNotices, TakeNotice};
pub use enrolment::{AddResident, ChangeResident};
pub use event_log::{LoggedBody, PutRead};
pub use fall_reports::{FallReport, LoggedAnswer};
pub use falls::{AnswerFall, EndQuestions, KeepQuestions, TakeFall, asked_about};
pub use figures::NoticeFact;
pub use handset_states::HandsetState;
pub use handsets::{
    AddHandset, AddProved, BindHandset, Credential, HandsetMessage, PutStatus, SetQuickTag, TakeMessage,
};
pub use heard::{HeardHours, NoteHeard, RemoveHeard};
pub use held::HeldDay;
pub use incidents::{IncidentFilter, LoggedEvent, MovedIncident, Subject};
pub use invitations::{Invitation, InvitationsOf, Invite, Join, Joining, Redeem, WithdrawInvitation};
pub use job::{Job, JobError, Lane, contained, is_writer_gone};
pub use journal::{
    AppendFixes, Compactor, JournalFix, JournalPage, Kept, NumberedFix, READER, RemoveErasedTracks, Step,
    reread,
};
pub use ladders::{SaveLadder, SavedLadder};
pub use late_reviews::{LateReview, ReviewLate};
pub use leases::{EndLease, Lease, TakeLease};
pub use leavings::RemoveOldMessages;
pub use looks::{Look, NumberedLook, RecordLook, RecordLookOnce, Review, ReviewLook};
pub use named::NamedResident;
pub use notices::{Arrival, NoteArrival, NoteAttempt, Notice, NoticeLine, NoticeState, PutNotices};
pub use on_record::put_on_record;
pub use on_screens::{NoteOnScreens, OnScreen, ScreenOf};
pub use outbox::{DownMessage, SaidWord, Settle, Told, WaitingMessage};
pub use people::{Contact, Resident, ResidentLine};
pub use phones::{BindOsmAnd, BindOwnTracks, OsmAndTag, Phone, UnbindPhone};
pub use platform::{Kind, Pulse};
pub use presence::SeenAtDesk;
pub use presses::{TakePress, TakenPress};
pub use probe::{ForgetProbes, PROBE, PrepareProbe, is_probe};
pub use provisioning::{
    Binding, ChangeHandset, HandsetChange, HandsetLine, OfferClaim, PromoteSecret, TakeClaim,
};
pub use quarantine::{Quarantine, QuarantinedMessage};
pub use recorded::{RecordedMessage, RecordedPress};
pub use refused::NoteLogIn;
pub use relatives::{AddGrant, EndGrant, EndWithholding, Relative, Withhold, Withholding};
pub use reseal::{Reseal, ResealPlace, Resealed, UnsealedRow};
pub use responders::{PutResponder, Responder, SharePosition};
pub use rights::{EraseResident, MakeNameless};
pub use roster::{PutOnRoster, RosterEntry, TakeOffRoster};
pub use rows::Sifted;
pub use seal::{Keys, NoKeys};
pub use sequel::{Afterwards, Sequel};
pub use sessions::{AddSession, EndSession, EndSessions, ExtendSession, LockSession, Session, SessionsOf};
pub use signals::{LoggedSignal, TakeCall, UnreadSignal};
pub use slow_lane::SlowLane;
pub use stations::{PutStation, Station, StationLoad};
pub use task_links::{LinkTask, SilentTask, UntoldTask};
pub use tracks::{Track, TrackPoint};
pub use unplaced::{ForgetSignals, Whose};
pub use untracked::{UntrackedHandset, UntrackedSpan};
pub use watch::{
    ClockStep, EndFence, EndZone, FenceReturn, ForgetHabits, HeardCry, HeardMessage, KeepStates, KeepWatch,
    LoggedReturn, Places, PutFence, PutHabits, PutPolicy, PutZone, PutZones, RaiseSignals, Snooze, Snoozed,
    StoredFence, StoredHabits, StoredPolicy, StoredState, StoredZone, WatchChange, WatchPolicy,
    WatchedResident,
};
pub use writer::{Writer, WriterHealth, WriterTask};

use db::Pool;
use model::Timestamp;
use std::sync::Arc;

/// Why the store could not be opened or read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address cannot be understood.
    #[error("store address {url} cannot be understood; use sqlite://path or postgres://user@host/name")]
    Url {
        /// The address, without its password.
        url: String,
        /// What is wrong with it.
        #[source]
        source: sqlx::Error,
    },
    /// No connection.
    #[error("the store cannot be opened")]
    Open(#[source] sqlx::Error),
    /// The tables could not be brought up to date.
    #[error("the store's tables cannot be brought up to date")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// A read failed.
    #[error("{what} cannot be read from the store")]
    Read {
        /// What was to be read.
        what: &'static str,
        /// Why not.
        #[source]
        source: sqlx::Error,
    },
    /// A stored document is not what it should be.
    #[error("{what} in the store is broken: {problem}")]
    Broken {
        /// What was read.
        what: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// The keys cannot be read or made.
    #[error("the key file {path} cannot be used: {problem}")]
    Keys {
        /// Where it is.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// A demo store was opened for real work, or the other way round.
    #[error("{0}")]
    Kind(String),
    /// A first write failed.
    #[error("{what} cannot be written to the store")]
    Write {
        /// What was to be written.
        what: &'static str,
        /// Why not.
        #[source]
        source: JobError,
    },
}

/// The store, shared by everybody; cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pool: Pool,
    writer: Writer,
    keys: Keys,
}

impl Store {
    /// Opens (or creates) the store. The second part is the writer's loop: run it as a task, or nothing is
    /// ever written.
    pub async fn open(
        database: &Database,
        keys: Keys,
        ballast: Option<Ballast>,
    ) -> Result<(Self, WriterTask), StoreError> {
        let (writer, task) = Writer::open(database, ballast).await?;
        journal::carry_over(
            &mut database.writer(checkpoint::long(DEFAULT_BALLAST_BYTES)).await.map_err(StoreError::Open)?,
        )
        .await
        .map_err(|source| StoreError::Write { what: "the journal of fixes", source })?;
        let pool = database.readers().await.map_err(StoreError::Open)?;
        Ok((Self { pool, writer, keys }, task))
    }

    /// Writes, and returns when it is on disk.
    pub async fn write<J: Job>(&self, job: J) -> Result<J::Output, JobError> {
        self.writer.write(job).await
    }

    /// From now on this is done in every transaction that brings signals. Set once, before a door opens.
    pub fn set_sequel(&self, sequel: impl Sequel) {
        self.writer.set_sequel(Arc::new(sequel));
    }

    /// What is wrong with writing, if anything.
    pub fn health(&self) -> WriterHealth {
        self.writer.health()
    }

    /// The keys of the sealed columns.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }
}

pub(crate) fn micros(time: Timestamp) -> i64 {
    time.as_microsecond()
}

/// A read's failure, with its subject.
pub(crate) fn reading(what: &'static str) -> impl FnOnce(sqlx::Error) -> StoreError {
    move |source| StoreError::Read { what, source }
}
