//! Accounts of people who work here or belong to somebody here: their names, passwords and second factors.

use crate::{
    AuditRow, Connection, Job, JobError, Keys, Lane, Store, StoreError, audit, db::on, micros, reading, rows,
    script::Script, seal::last_four, sessions::token_hash, within::is_within_scope,
};
use access::Role;
use async_trait::async_trait;
use model::{Division, StationId, Timestamp};

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The name to log in with.
    pub username: String,
    /// The name others see.
    pub display_name: String,
    /// What the account is for.
    pub role: Role,
    /// Whose records it is for; everybody's if none is named.
    pub scope: Option<Division>,
    /// Of station staff: where they work.
    pub station: Option<StationId>,
    /// The argon2id hash of the password.
    pub password_hash: String,
    /// Somebody else chose the password: nothing is done before it is changed.
    pub must_change_password: bool,
    /// Since when the account is shut out.
    pub disabled_at: Option<Timestamp>,
    /// Whether a code of the second factor is asked for.
    pub has_second_factor: bool,
}

impl Account {
    /// An account whose owner chose the password.
    pub fn new(
        username: impl Into<String>,
        display_name: impl Into<String>,
        role: Role,
        password_hash: String,
    ) -> Self {
        Self {
            username: username.into(),
            display_name: display_name.into(),
            role,
            scope: None,
            station: None,
            password_hash,
            must_change_password: false,
            disabled_at: None,
            has_second_factor: false,
        }
    }
}

pub(crate) fn may_log_in(account: &Account) -> bool {
    account.disabled_at.is_none()
}

/// Adds an account.
#[derive(Debug)]
pub struct AddUser {
    /// The account; it has no second factor yet.
    pub account: Account,
    /// Who added it, where somebody did.
    pub audit: Vec<AuditRow>,
}

impl AddUser {
    pub(crate) fn script(&self, script: &mut Script) {
        let account = &self.account;
        script.add(
            "INSERT INTO users (username, display_name, role, password_hash, must_change_password, scope, station_id)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            [
                account.username.as_str().into(),
                account.display_name.as_str().into(),
                account.role.as_str().into(),
                account.password_hash.as_str().into(),
                account.must_change_password.into(),
                account.scope.as_ref().map(Division::as_str).into(),
                account.station.as_ref().map(StationId::as_str).into(),
            ],
        );
        audit::insert(script, &self.audit);
    }
}

#[async_trait]
impl Job for AddUser {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let mut script = Script::default();
        self.script(&mut script);
        script.run(connection).await.map(drop)
    }
}

/// What changes about an account.
#[derive(Debug)]
pub enum UserChange {
    /// Its owner has another password. Links to a new one are void, and whoever had the old one is out.
    Password {
        /// The hash of the new one.
        hash: String,
        /// Since when.
        at: Timestamp,
        /// The token of the session that stays, where one does.
        stays: Option<String>,
    },
    /// Its password is known to others: nothing is done before its owner takes another.
    PasswordKnown,
    /// Shut out since then, or let in again. Who is shut out is logged out too, and does not come back by a link of their own.
    Disabled(Option<Timestamp>),
    /// No second factor is asked for any more.
    NoSecondFactor,
    /// It is for this division's residents since then, or for everybody. What it invited to may lie beyond that division.
    Scope(Option<Division>, Timestamp),
    /// They work at this station from now on.
    Station(Option<StationId>),
    /// They are reached by message there, sealed with these keys; or nowhere.
    Telephone(Option<(String, Box<Keys>)>),
}

/// Changes an account.
#[derive(Debug)]
pub struct ChangeUser {
    /// Whose.
    pub username: String,
    /// What.
    pub change: UserChange,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

impl ChangeUser {
    pub(crate) fn script(&self, script: &mut Script) {
        let username = self.username.as_str();
        match &self.change {
            UserChange::Password { hash, at, stays } => {
                script.add(
                    "UPDATE users SET password_hash = $1, must_change_password = FALSE WHERE username = $2",
                    [hash.as_str().into(), username.into()],
                );
                script.add(
                    "UPDATE invitations SET withdrawn_at_us = $1
                     WHERE username = $2 AND used_at_us IS NULL AND withdrawn_at_us IS NULL",
                    [micros(*at).into(), username.into()],
                );
                let stays = stays.as_deref().map(token_hash).unwrap_or_default();
                script.add(
                    "DELETE FROM sessions WHERE username = $1 AND token_hash <> $2",
                    [username.into(), stays.as_slice().into()],
                );
            }
            UserChange::PasswordKnown => script
                .add("UPDATE users SET must_change_password = TRUE WHERE username = $1", [username.into()]),
            UserChange::Disabled(at) => {
                script.add(
                    "UPDATE users SET disabled_at_us = $1 WHERE username = $2",
                    [at.map(micros).into(), username.into()],
                );
                if let Some(at) = at {
                    script.add("DELETE FROM sessions WHERE username = $1", [username.into()]);
                    withdraw_made_by(username, *at, script);
                }
            }
            UserChange::NoSecondFactor => script.add(
                "UPDATE users SET totp_sealed = NULL, totp_confirmed = FALSE, totp_last_step = NULL
                 WHERE username = $1",
                [username.into()],
            ),
            UserChange::Scope(scope, at) => {
                script.add(
                    "UPDATE users SET scope = $1 WHERE username = $2",
                    [scope.as_ref().map(Division::as_str).into(), username.into()],
                );
                if scope.is_some() {
                    withdraw_made_by(username, *at, script);
                }
            }
            UserChange::Station(station) => script.add(
                "UPDATE users SET station_id = $1 WHERE username = $2",
                [station.as_ref().map(StationId::as_str).into(), username.into()],
            ),
            UserChange::Telephone(None) => script.add(
                "UPDATE users SET telephone_key_id = NULL, telephone_sealed = NULL, telephone_last4 = NULL
                 WHERE username = $1",
                [username.into()],
            ),
            UserChange::Telephone(Some((number, keys))) => {
                // What cannot be sealed is not kept.
                let sealed = keys.seal(TELEPHONE, username, number).ok();
                script.add(
                    "UPDATE users SET telephone_key_id = $1, telephone_sealed = $2, telephone_last4 = $3
                     WHERE username = $4",
                    [keys.key_id().into(), sealed.into(), last_four(number).into(), username.into()],
                );
            }
        }
        audit::insert(script, &self.audit);
    }
}

#[async_trait]
impl Job for ChangeUser {
    type Output = ();
    const LANE: Lane = Lane::Audit;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let mut script = Script::default();
        self.script(&mut script);
        script.run(connection).await.map(drop)
    }
}

/// What somebody invited to, they may no longer give.
fn withdraw_made_by(username: &str, at: Timestamp, script: &mut Script) {
    script.add(
        "UPDATE invitations SET withdrawn_at_us = $1
         WHERE created_by = $2 AND used_at_us IS NULL AND withdrawn_at_us IS NULL",
        [micros(at).into(), username.into()],
    );
}

/// The sealed columns.
const TELEPHONE: &str = "user_telephone";
const TOTP: &str = "totp";

/// Gives an account a second factor that is not confirmed yet: until then no code is asked for.
#[derive(Debug)]
pub struct OfferSecondFactor {
    /// Whose.
    pub username: String,
    /// The shared secret, as text.
    pub secret: String,
    /// What it is sealed with.
    pub keys: Keys,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for OfferSecondFactor {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let sealed = self.keys.seal(TOTP, &self.username, &self.secret);
        let sealed = sealed.map_err(|error| JobError::Broken(error.to_string()))?;
        let mut script = Script::default();
        script.add(
            "UPDATE users SET totp_key_id = $1, totp_sealed = $2, totp_last_step = NULL
             WHERE username = $3 AND totp_confirmed = FALSE",
            [self.keys.key_id().into(), sealed.as_slice().into(), self.username.as_str().into()],
        );
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

/// Notes that the code of a time step was used, and that the factor is thereby confirmed. A step that is not newer than
/// the last one used is a [`JobError::Conflict`]: somebody looked over a shoulder.
#[derive(Debug)]
pub struct UseSecondFactor {
    /// Whose.
    pub username: String,
    /// The number of the time step.
    pub step: i64,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for UseSecondFactor {
    type Output = ();
    const LANE: Lane = Lane::Audit;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let used = on!(Connection, connection, to => sqlx::query(
            "UPDATE users SET totp_last_step = $1, totp_confirmed = TRUE
             WHERE username = $2 AND totp_sealed IS NOT NULL AND (totp_last_step IS NULL OR totp_last_step < $1)",
        )
        .bind(self.step)
        .bind(&self.username)
        .execute(to)
        .await
        .map(|done| done.rows_affected()))?;
        if used == 0 {
            return Err(JobError::Conflict);
        }
        let mut script = Script::default();
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

#[derive(sqlx::FromRow)]
struct AccountRow {
    username: String,
    display_name: String,
    role: String,
    password_hash: String,
    must_change_password: bool,
    disabled_at_us: Option<i64>,
    totp_confirmed: bool,
    scope: Option<String>,
    station_id: Option<String>,
}

const ACCOUNT: &str = "an account";

impl TryFrom<AccountRow> for Account {
    type Error = StoreError;

    fn try_from(row: AccountRow) -> Result<Self, StoreError> {
        let role = Role::from_name(&row.role);
        Ok(Self {
            role: role.ok_or_else(|| rows::broken(ACCOUNT, &format!("role {}", row.role)))?,
            username: row.username,
            display_name: row.display_name,
            password_hash: row.password_hash,
            must_change_password: row.must_change_password,
            disabled_at: row.disabled_at_us.map(|at| rows::time(ACCOUNT, at)).transpose()?,
            has_second_factor: row.totp_confirmed,
            scope: row.scope.map(|code| rows::division(ACCOUNT, code)).transpose()?,
            station: row.station_id.map(|id| rows::station(ACCOUNT, id)).transpose()?,
        })
    }
}

impl Store {
    /// Where an account is reached by message.
    pub async fn telephone_of(&self, username: &str) -> Result<Option<String>, StoreError> {
        let found: Option<(Option<Vec<u8>>,)> = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT telephone_sealed FROM users WHERE username = $1 AND disabled_at_us IS NULL")
                .bind(username)
                .fetch_optional(to)
                .await)
        .map_err(reading("an account"))?;
        let sealed = found.and_then(|(sealed,)| sealed);
        sealed.map(|sealed| self.keys.open(TELEPHONE, username, &sealed)).transpose()
    }

    /// An account by its name.
    pub async fn account(&self, username: &str) -> Result<Option<Account>, StoreError> {
        let found: Option<AccountRow> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT username, display_name, role, password_hash, must_change_password, disabled_at_us, totp_confirmed,
               scope, station_id
             FROM users WHERE username = $1",
        )
        .bind(username)
        .fetch_optional(to)
        .await)
        .map_err(reading(ACCOUNT))?;
        found.map(Account::try_from).transpose()
    }

    /// Accounts by name, after one of them; with a scope those that belong to that part of the district now.
    pub async fn accounts(
        &self,
        after: &str,
        scope: Option<&Division>,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Account>, StoreError> {
        let found: Vec<AccountRow> = on!(Pool, &self.pool, to => sqlx::query_as(concat!(
            "SELECT username, display_name, role, password_hash, must_change_password, disabled_at_us, totp_confirmed,
               scope, station_id
             FROM users WHERE users.username > $3 AND ",
            is_within_scope!(),
            " ORDER BY users.username LIMIT $4"
        ))
        .bind(micros(now))
        .bind(scope.map_or("", Division::as_str))
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(to)
        .await)
        .map_err(reading(ACCOUNT))?;
        found.into_iter().map(Account::try_from).collect()
    }

    /// The shared secret of an account's second factor, also of one that is not confirmed yet.
    pub async fn second_factor(&self, username: &str) -> Result<Option<String>, StoreError> {
        let found: Option<(Option<Vec<u8>>,)> = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT totp_sealed FROM users WHERE username = $1")
                .bind(username)
                .fetch_optional(to)
                .await)
        .map_err(reading(ACCOUNT))?;
        let sealed = found.and_then(|(sealed,)| sealed);
        sealed.map(|sealed| self.keys.open(TOTP, username, &sealed)).transpose()
    }
}
