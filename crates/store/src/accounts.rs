//! Accounts of people who work here or belong to somebody here, and their sessions.
//!
//! A session is an opaque token; the table keeps its SHA-256, so that a copy of the database opens nothing.

use crate::{
    AuditRow, Connection, Job, JobError, Lane, Store, StoreError, audit, db::on, micros, reading, rows,
    script::Script,
};
use access::Role;
use async_trait::async_trait;
use model::{ResidentId, Timestamp};
use sha2::{Digest as _, Sha256};

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The name to log in with.
    pub username: String,
    /// The name others see.
    pub display_name: String,
    /// What the account is for.
    pub role: Role,
    /// The argon2id hash of the password.
    pub password_hash: String,
}

/// Adds an account.
#[derive(Debug)]
pub struct AddUser {
    /// The account.
    pub account: Account,
    /// Who added it, where somebody did.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for AddUser {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        on!(Connection, connection, to => sqlx::query(
            "INSERT INTO users (username, display_name, role, password_hash) VALUES ($1, $2, $3, $4)",
        )
        .bind(&self.account.username)
        .bind(&self.account.display_name)
        .bind(self.account.role.as_str())
        .bind(&self.account.password_hash)
        .execute(&mut *to)
        .await
        .map(drop))?;
        let mut script = Script::default();
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

/// Lets a relative see one resident from a moment on.
#[derive(Debug)]
pub struct AddGrant {
    /// Who may see.
    pub username: String,
    /// Whom.
    pub resident: ResidentId,
    /// From when on.
    pub from: Timestamp,
}

#[async_trait]
impl Job for AddGrant {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        on!(Connection, connection, to => sqlx::query(
            "INSERT INTO grants (username, resident_id, from_us) VALUES ($1, $2, $3)",
        )
        .bind(&self.username)
        .bind(self.resident.as_str())
        .bind(micros(self.from))
        .execute(to)
        .await
        .map(drop))?;
        Ok(())
    }
}

fn token_hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
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
}

#[async_trait]
impl Job for AddSession {
    type Output = ();
    const LANE: Lane = Lane::Audit;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        on!(Connection, connection, to => {
            sqlx::query("DELETE FROM sessions WHERE expires_at_us < $1").bind(micros(self.at)).execute(&mut *to).await?;
            sqlx::query(
                "INSERT INTO sessions (token_hash, username, created_at_us, expires_at_us) VALUES ($1, $2, $3, $4)",
            )
            .bind(token_hash(&self.token))
            .bind(&self.username)
            .bind(micros(self.at))
            .bind(micros(self.expires_at))
            .execute(to)
            .await
            .map(drop)
        })?;
        Ok(())
    }
}

/// Lets a session that is in use run on. Written only when half of its time is over, so that a screen
/// which asks every half minute costs nothing.
#[derive(Debug)]
pub struct ExtendSession {
    /// The secret the browser keeps.
    pub token: String,
    /// Sessions that run longer than this are left alone.
    pub unless_beyond: Timestamp,
    /// Until when it runs now.
    pub expires_at: Timestamp,
}

#[async_trait]
impl Job for ExtendSession {
    type Output = ();
    const LANE: Lane = Lane::Background;
    // Asked again in half a minute.
    const ABANDONABLE: bool = true;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        on!(Connection, connection, to => sqlx::query(
            "UPDATE sessions SET expires_at_us = $1 WHERE token_hash = $2 AND expires_at_us < $3",
        )
        .bind(micros(self.expires_at))
        .bind(token_hash(&self.token))
        .bind(micros(self.unless_beyond))
        .execute(to)
        .await
        .map(drop))?;
        Ok(())
    }
}

/// Ends a session.
#[derive(Debug)]
pub struct EndSession(pub String);

#[async_trait]
impl Job for EndSession {
    type Output = ();
    const LANE: Lane = Lane::Audit;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        on!(Connection, connection, to => sqlx::query("DELETE FROM sessions WHERE token_hash = $1")
            .bind(token_hash(&self.0))
            .execute(to)
            .await
            .map(drop))?;
        Ok(())
    }
}

type AccountRow = (String, String, String, String);

fn account((username, display_name, role, password_hash): AccountRow) -> Result<Account, StoreError> {
    let role = Role::from_name(&role).ok_or_else(|| rows::broken("an account", &format!("role {role}")))?;
    Ok(Account { username, display_name, role, password_hash })
}

type GrantRow = (String, i64, Option<i64>);

impl Store {
    /// An account by its name.
    pub async fn account(&self, username: &str) -> Result<Option<Account>, StoreError> {
        let found: Option<AccountRow> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT username, display_name, role, password_hash FROM users WHERE username = $1",
        )
        .bind(username)
        .fetch_optional(to)
        .await)
        .map_err(reading("an account"))?;
        found.map(account).transpose()
    }

    /// The account whose session this token is, if the session still runs.
    pub async fn account_of(&self, token: &str, now: Timestamp) -> Result<Option<Account>, StoreError> {
        let found: Option<AccountRow> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT users.username, display_name, role, password_hash FROM sessions
             JOIN users ON users.username = sessions.username
             WHERE token_hash = $1 AND expires_at_us > $2",
        )
        .bind(token_hash(token))
        .bind(micros(now))
        .fetch_optional(to)
        .await)
        .map_err(reading("a session"))?;
        found.map(account).transpose()
    }

    /// Whom an account has been granted to see, and from when to when.
    pub async fn grants(
        &self,
        username: &str,
    ) -> Result<Vec<(ResidentId, Timestamp, Option<Timestamp>)>, StoreError> {
        let found: Vec<GrantRow> = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT resident_id, from_us, to_us FROM grants WHERE username = $1")
                .bind(username)
                .fetch_all(to)
                .await)
        .map_err(reading("grants"))?;
        found
            .into_iter()
            .map(|(id, from, to)| {
                let to = to.map(|to| rows::time("a grant", to)).transpose()?;
                Ok((rows::resident("a grant", id)?, rows::time("a grant", from)?, to))
            })
            .collect()
    }
}
