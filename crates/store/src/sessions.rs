//! Sessions of accounts. A session is an opaque token; the table keeps its SHA-256, so that a copy of the database
//! opens nothing. Its name, by which it is listed and ended, is the beginning of that.

use crate::{
    Account, AuditRow, Connection, Job, JobError, Lane, Store, StoreError, accounts, audit, db::on, micros,
    reading, rows, script::Script, within::is_within_scope,
};
use async_trait::async_trait;
use model::{Division, Timestamp};
use sha2::{Digest as _, Sha256};

/// Bytes of the hash that are a session's name.
const NAME_BYTES: usize = 8;

pub(crate) fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

fn name(token_hash: &[u8]) -> String {
    let beginning = token_hash.first_chunk::<NAME_BYTES>().copied().unwrap_or_default();
    format!("{:016x}", u64::from_be_bytes(beginning))
}

/// The beginning of the hash of which this is the name.
fn beginning(name: &str) -> Option<[u8; NAME_BYTES]> {
    u64::from_str_radix(name, 16).ok().map(u64::to_be_bytes)
}

/// Begins a session.
#[derive(Debug)]
pub struct AddSession {
    /// Whose.
    pub username: String,
    /// The secret the browser keeps.
    pub token: String,
    /// From when.
    pub at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// From where: the peer's address.
    pub source: String,
    /// What the browser says it is.
    pub agent: String,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

impl AddSession {
    pub(crate) fn script(&self, script: &mut Script) {
        script.add("DELETE FROM sessions WHERE expires_at_us < $1", [micros(self.at).into()]);
        script.add(
            "INSERT INTO sessions (token_hash, username, created_at_us, expires_at_us, source, agent)
             VALUES ($1, $2, $3, $4, $5, $6)",
            [
                token_hash(&self.token).as_slice().into(),
                self.username.as_str().into(),
                micros(self.at).into(),
                micros(self.expires_at).into(),
                self.source.as_str().into(),
                self.agent.as_str().into(),
            ],
        );
        audit::insert(script, &self.audit);
    }
}

#[async_trait]
impl Job for AddSession {
    type Output = ();
    const LANE: Lane = Lane::Audit;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let mut script = Script::default();
        self.script(&mut script);
        script.run(connection).await.map(drop)
    }
}

/// Lets a session that is in use run on; one that runs longer already is left alone, and one that has ended stays ended.
/// Whoever is at work is kept on a full disk too.
#[derive(Debug)]
pub struct ExtendSession {
    /// The hash of its token.
    pub token_hash: Vec<u8>,
    /// Until when it runs now.
    pub expires_at: Timestamp,
}

#[async_trait]
impl Job for ExtendSession {
    type Output = ();
    const LANE: Lane = Lane::Audit;
    // Asked again at the next use.
    const ABANDONABLE: bool = true;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        on!(Connection, connection, to => sqlx::query(
            "UPDATE sessions SET expires_at_us = $1 WHERE token_hash = $2 AND expires_at_us < $1",
        )
        .bind(micros(self.expires_at))
        .bind(self.token_hash.as_slice())
        .execute(to)
        .await
        .map(drop))?;
        Ok(())
    }
}

/// Which sessions end.
#[derive(Debug)]
pub enum EndSession {
    /// The one with this token.
    Token(String),
    /// The one with this hash, as a [`Session`] has it.
    Hash(Vec<u8>),
    /// All of this account but the one with this token.
    OthersOf(String, String),
}

/// Ends sessions.
#[derive(Debug)]
pub struct EndSessions {
    /// Which.
    pub which: EndSession,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for EndSessions {
    type Output = ();
    const LANE: Lane = Lane::Audit;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        const ONE: &str = "DELETE FROM sessions WHERE token_hash = $1";
        let mut script = Script::default();
        match &self.which {
            EndSession::Token(token) => script.add(ONE, [token_hash(token).as_slice().into()]),
            EndSession::Hash(hash) => script.add(ONE, [hash.as_slice().into()]),
            EndSession::OthersOf(username, token) => script.add(
                "DELETE FROM sessions WHERE username = $1 AND token_hash <> $2",
                [username.as_str().into(), token_hash(token).as_slice().into()],
            ),
        }
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

/// Puts a session behind its lock screen, or lets it out.
#[derive(Debug)]
pub struct LockSession {
    /// The hash of its token.
    pub token_hash: Vec<u8>,
    /// Since when it is locked; nothing unlocks it.
    pub locked_at: Option<Timestamp>,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for LockSession {
    type Output = ();
    const LANE: Lane = Lane::Audit;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let mut script = Script::default();
        script.add(
            "UPDATE sessions SET locked_at_us = $1 WHERE token_hash = $2",
            [self.locked_at.map(micros).into(), self.token_hash.as_slice().into()],
        );
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

/// Whose sessions are listed.
#[derive(Debug, Clone, Copy)]
pub struct SessionsOf<'a> {
    /// Of this account; of everybody if none is named.
    pub username: Option<&'a str>,
    /// Of accounts that belong to this part of the district.
    pub scope: Option<&'a Division>,
}

/// A session that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its name.
    pub id: String,
    /// The hash of its token.
    pub token_hash: Vec<u8>,
    /// Whose.
    pub username: String,
    /// From when.
    pub created_at: Timestamp,
    /// Until when, unless it is used.
    pub expires_at: Timestamp,
    /// From where it was begun.
    pub source: String,
    /// What the browser said it is.
    pub agent: String,
    /// Since when it is behind its lock screen.
    pub locked_at: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct SessionRow {
    token_hash: Vec<u8>,
    username: String,
    created_at_us: i64,
    expires_at_us: i64,
    source: String,
    agent: String,
    locked_at_us: Option<i64>,
}

const SESSION: &str = "a session";

impl TryFrom<SessionRow> for Session {
    type Error = StoreError;

    fn try_from(row: SessionRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: name(&row.token_hash),
            token_hash: row.token_hash,
            username: row.username,
            created_at: rows::time(SESSION, row.created_at_us)?,
            expires_at: rows::time(SESSION, row.expires_at_us)?,
            source: row.source,
            agent: row.agent,
            locked_at: row.locked_at_us.map(|at| rows::time(SESSION, at)).transpose()?,
        })
    }
}

impl Store {
    /// The session with this token and its account, if it still runs and the account is not shut out.
    pub async fn session(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<(Session, Account)>, StoreError> {
        let hash = token_hash(token);
        let found: Option<SessionRow> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT token_hash, username, created_at_us, expires_at_us, source, agent, locked_at_us
             FROM sessions WHERE token_hash = $1 AND expires_at_us > $2",
        )
        .bind(hash)
        .bind(micros(now))
        .fetch_optional(to)
        .await)
        .map_err(reading(SESSION))?;
        let Some(session) = found.map(Session::try_from).transpose()? else { return Ok(None) };
        let account = self.account(&session.username).await?;
        Ok(account.filter(accounts::may_log_in).map(|account| (session, account)))
    }

    /// The sessions that run, newest first: at most so many, those after the one that began then and has that name.
    pub async fn sessions(
        &self,
        whose: &SessionsOf<'_>,
        before: Option<&(i64, String)>,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<Session>, StoreError> {
        let (before_us, name) = before.map_or((i64::MAX, ""), |(at, name)| (*at, name.as_str()));
        let found: Vec<SessionRow> = on!(Pool, &self.pool, to => sqlx::query_as(concat!(
            "SELECT sessions.token_hash, sessions.username, sessions.created_at_us, sessions.expires_at_us,
               sessions.source, sessions.agent, sessions.locked_at_us
             FROM sessions JOIN users ON users.username = sessions.username
             WHERE sessions.expires_at_us > $1 AND ($3 IS NULL OR sessions.username = $3)
               AND (sessions.created_at_us < $4 OR (sessions.created_at_us = $4 AND sessions.token_hash < $5)) AND ",
            is_within_scope!(),
            " ORDER BY sessions.created_at_us DESC, sessions.token_hash DESC LIMIT $6"
        ))
        .bind(micros(now))
        .bind(whose.scope.map_or("", Division::as_str))
        .bind(whose.username)
        .bind(before_us)
        .bind(beginning(name).map_or_else(Vec::new, Vec::from))
        .bind(i64::from(limit))
        .fetch_all(to)
        .await)
        .map_err(reading(SESSION))?;
        found.into_iter().map(Session::try_from).collect()
    }

    /// The session of that name, if it runs.
    pub async fn session_named(&self, name: &str, now: Timestamp) -> Result<Option<Session>, StoreError> {
        let Some(beginning) = beginning(name) else { return Ok(None) };
        let found: Option<SessionRow> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT token_hash, username, created_at_us, expires_at_us, source, agent, locked_at_us
             FROM sessions WHERE token_hash >= $1 AND expires_at_us > $2 ORDER BY token_hash LIMIT 1",
        )
        .bind(beginning.to_vec())
        .bind(micros(now))
        .fetch_optional(to)
        .await)
        .map_err(reading(SESSION))?;
        let found = found.map(Session::try_from).transpose()?;
        Ok(found.filter(|session| session.id == name))
    }
}
