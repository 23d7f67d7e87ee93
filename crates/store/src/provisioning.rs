//! How a handset comes to its secret, to a resident, and out of use again.
//!
//! A handset is given a claim code, shown once as a QR code; whoever shows it first gets a new secret for the handset.
//! The old one is void once the new one has logged in, and opens the door until then: if it may be in wrong hands, the
//! handset is reported stolen first, and then the old one is void with the code. So a new handset is provisioned and an old one's secret replaced in the same way,
//! and no secret is ever typed or printed.

use crate::{
    AuditRow, Connection, HandsetState, Job, JobError, Lane, Store, StoreError, audit, db::on, micros,
    reading, rows, script::Script, sessions::token_hash,
};
use async_trait::async_trait;
use model::{Division, HandsetId, ResidentId, Timestamp};

/// What changes about a handset.
#[derive(Debug)]
pub enum HandsetChange {
    /// This resident carries it from now on; the binding before ends.
    Bind(ResidentId),
    /// Nobody carries it.
    Unbind,
    /// It is in use, or no more. Who is not active is carried by nobody.
    State(HandsetState),
    /// It says something so often at least, in seconds; 0: its silence is nobody's matter; none: as is usual.
    Heartbeat(Option<f64>),
}

/// Sessions of the handset must log in again. Writers take turns on both databases, so numbers come in the order of commits and
/// none appears behind whoever follows them.
pub(crate) const SENT_AWAY: &str = "UPDATE handsets
    SET change_number = (SELECT COALESCE(MAX(change_number), 0) + 1 FROM handsets) WHERE handset_id = $1";

/// Whoever carries the handset is watched otherwise from now on.
pub(crate) const WATCHED_OTHERWISE: &str = "INSERT INTO watch_changes (resident_id)
    SELECT resident_id FROM bindings WHERE handset_id = $1 AND to_us IS NULL";

/// Changes a handset.
#[derive(Debug)]
pub struct ChangeHandset {
    /// Which.
    pub handset: HandsetId,
    /// What.
    pub change: HandsetChange,
    /// When.
    pub at: Timestamp,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for ChangeHandset {
    type Output = ();
    const LANE: Lane = Lane::Audit;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let (id, at) = (self.handset.as_str(), micros(self.at));
        let mut script = Script::default();
        let keeps_binding =
            matches!(self.change, HandsetChange::State(HandsetState::Active) | HandsetChange::Heartbeat(_));
        if !keeps_binding {
            script.add(
                "UPDATE bindings SET to_us = $1 WHERE handset_id = $2 AND to_us IS NULL",
                [at.into(), id.into()],
            );
        }
        match &self.change {
            HandsetChange::Unbind => {}
            HandsetChange::Bind(resident) => script.add(
                "INSERT INTO bindings (handset_id, resident_id, from_us) VALUES ($1, $2, $3)",
                [id.into(), resident.as_str().into(), at.into()],
            ),
            HandsetChange::State(state) => {
                script.add(
                    "UPDATE handsets SET state = $1 WHERE handset_id = $2",
                    [state.as_str().into(), id.into()],
                );
                if *state == HandsetState::Stolen {
                    forget_offered(&mut script, id);
                }
                script.add(SENT_AWAY, [id.into()]);
            }
            HandsetChange::Heartbeat(heartbeat_s) => {
                script.add(
                    "UPDATE handsets SET heartbeat_s = $1 WHERE handset_id = $2",
                    [(*heartbeat_s).into(), id.into()],
                );
                script.add(WATCHED_OTHERWISE, [id.into()]);
            }
        }
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

/// A code that was shown and not used, and what was fetched for it, are void: they may be in the same hands as the handset.
fn forget_offered(script: &mut Script, handset: &str) {
    script.add("UPDATE handsets SET pending_secret_hash = NULL WHERE handset_id = $1", [handset.into()]);
    script.add("DELETE FROM handset_claims WHERE handset_id = $1 AND used_at_us IS NULL", [handset.into()]);
}

/// Adds a handset where there is none of that name, and gives it a claim code; codes given before are void. So is the secret of one
/// that is reported stolen: taken into use again, it would let in whoever has that until the new one logs in.
#[derive(Debug)]
pub struct OfferClaim {
    /// Which.
    pub handset: HandsetId,
    /// The hash of a secret that nobody knows, for one that is new, or stolen.
    pub no_secret_hash: String,
    /// The code.
    pub code: String,
    /// When.
    pub at: Timestamp,
    /// Until when.
    pub expires_at: Timestamp,
    /// Who gives it.
    pub by: String,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for OfferClaim {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let (id, at) = (self.handset.as_str(), micros(self.at));
        let mut script = Script::default();
        script.add(
            "INSERT INTO handsets (handset_id, secret_hash) VALUES ($1, $2) ON CONFLICT (handset_id) DO NOTHING",
            [id.into(), self.no_secret_hash.as_str().into()],
        );
        script.add(
            "UPDATE handsets SET secret_hash = $1, quick_tag = NULL WHERE handset_id = $2 AND state = 'stolen'",
            [self.no_secret_hash.as_str().into(), id.into()],
        );
        forget_offered(&mut script, id);
        script.add(
            "INSERT INTO handset_claims (code_hash, handset_id, created_at_us, created_by, expires_at_us)
             VALUES ($1, $2, $3, $4, $5)",
            [
                token_hash(&self.code).as_slice().into(),
                id.into(),
                at.into(),
                self.by.as_str().into(),
                micros(self.expires_at).into(),
            ],
        );
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

/// Fetches a new secret for a claim code. It holds from its first log-in on ([`PromoteSecret`]); until then the old one
/// does, and the code may be shown again, which voids what it gave before: an answer may be lost on the way. A code that
/// was used or has expired meanwhile is a [`JobError::Conflict`]; a secret that was fetched in time waits as long as its handset
/// lies in a drawer.
#[derive(Debug)]
pub struct TakeClaim {
    /// The code.
    pub code: String,
    /// Whose it is.
    pub handset: HandsetId,
    /// The hash of the new secret.
    pub secret_hash: String,
    /// When.
    pub at: Timestamp,
    /// From where: the peer's address.
    pub source: String,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for TakeClaim {
    type Output = ();
    const LANE: Lane = Lane::Audit;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let usable = on!(Connection, connection, to => sqlx::query(
            "UPDATE handset_claims SET used_from = $1
             WHERE code_hash = $2 AND used_at_us IS NULL AND expires_at_us > $3",
        )
        .bind(&self.source)
        .bind(token_hash(&self.code))
        .bind(micros(self.at))
        .execute(to)
        .await
        .map(|done| done.rows_affected()))?;
        if usable == 0 {
            return Err(JobError::Conflict);
        }
        let mut script = Script::default();
        script.add(
            "UPDATE handsets SET pending_secret_hash = $1 WHERE handset_id = $2",
            [self.secret_hash.as_str().into(), self.handset.as_str().into()],
        );
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

/// A fetched secret has logged in: it is the handset's from now on, and its claim code is used up. When it was fetched was asked
/// then ([`TakeClaim`]). One that is void meanwhile is a [`JobError::Conflict`].
#[derive(Debug)]
pub struct PromoteSecret {
    /// Whose.
    pub handset: HandsetId,
    /// The hash that the log-in matched.
    pub secret_hash: String,
    /// When.
    pub at: Timestamp,
}

#[async_trait]
impl Job for PromoteSecret {
    /// The number of this change ([`Store::handsets_changed`]): the log-in that brought the secret knows of it.
    type Output = i64;
    const LANE: Lane = Lane::Acknowledgement;

    async fn run(&self, connection: &mut Connection) -> Result<i64, JobError> {
        let (id, at) = (self.handset.as_str(), micros(self.at));
        let promoted = on!(Connection, connection, to => sqlx::query(
            "UPDATE handsets SET secret_hash = $1, pending_secret_hash = NULL, quick_tag = NULL
             WHERE handset_id = $2 AND pending_secret_hash = $1
               AND EXISTS (SELECT 1 FROM handset_claims WHERE handset_claims.handset_id = handsets.handset_id
                 AND used_at_us IS NULL)",
        )
        .bind(&self.secret_hash)
        .bind(id)
        .execute(&mut *to)
        .await
        .map(|done| done.rows_affected()))?;
        if promoted == 0 {
            return Err(JobError::Conflict);
        }
        let mut script = Script::default();
        script.add(
            "UPDATE handset_claims SET used_at_us = $1 WHERE handset_id = $2 AND used_at_us IS NULL",
            [at.into(), id.into()],
        );
        script.add(SENT_AWAY, [id.into()]);
        script.run(connection).await?;
        let (number,): (i64,) = on!(Connection, connection, to =>
            sqlx::query_as("SELECT change_number FROM handsets WHERE handset_id = $1").bind(id).fetch_one(to).await)?;
        Ok(number)
    }
}

/// A handset in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct HandsetLine {
    /// Which.
    pub id: HandsetId,
    /// Whether it is in use.
    pub state: HandsetState,
    /// Who carries it.
    pub resident: Option<(ResidentId, String)>,
    /// Until when it can be claimed, where it can.
    pub claim_expires_at: Option<Timestamp>,
    /// How often it says something at least, in seconds, where somebody said so.
    pub heartbeat_s: Option<f64>,
}

/// Who carried a handset, from when to when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// Who.
    pub resident: ResidentId,
    /// Their name.
    pub name: String,
    /// Since when.
    pub from: Timestamp,
    /// Until when.
    pub to: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct HandsetRow {
    handset_id: String,
    state: String,
    resident_id: Option<String>,
    name: Option<String>,
    claim_expires_us: Option<i64>,
    heartbeat_s: Option<f64>,
}

const HANDSET: &str = "a handset";
const BINDING: &str = "a binding";

impl TryFrom<HandsetRow> for HandsetLine {
    type Error = StoreError;

    fn try_from(row: HandsetRow) -> Result<Self, StoreError> {
        let resident = row.resident_id.map(|id| rows::resident(HANDSET, id)).transpose()?;
        let state = HandsetState::from_name(&row.state);
        Ok(Self {
            id: rows::handset(HANDSET, row.handset_id)?,
            state: state.ok_or_else(|| rows::broken(HANDSET, &format!("state {}", row.state)))?,
            resident: resident.zip(row.name),
            claim_expires_at: row.claim_expires_us.map(|at| rows::time(HANDSET, at)).transpose()?,
            heartbeat_s: row.heartbeat_s,
        })
    }
}

impl Store {
    /// Handsets by name, the platform's own not among them, after one of them; `part` is in their names, or in that of who carries them. With a scope: of
    /// these, those that are carried by somebody who lives in it or nowhere on record, or by nobody.
    pub async fn handsets(
        &self,
        part: &str,
        scope: Option<&Division>,
        after: &str,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<HandsetLine>, StoreError> {
        let found: Vec<HandsetRow> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT handsets.handset_id, handsets.state, handsets.heartbeat_s, bindings.resident_id, residents.name,
               (SELECT MAX(expires_at_us) FROM handset_claims WHERE handset_claims.handset_id = handsets.handset_id
                AND used_at_us IS NULL AND expires_at_us > $1) AS claim_expires_us
             FROM handsets
             LEFT JOIN bindings ON bindings.handset_id = handsets.handset_id AND bindings.to_us IS NULL
             LEFT JOIN residents ON residents.resident_id = bindings.resident_id
             WHERE handsets.handset_id > $2 AND handsets.handset_id <> 'platform-probe'
               AND ($3 = '' OR handsets.handset_id LIKE $4 ESCAPE '\\' OR residents.name LIKE $4 ESCAPE '\\')
               AND ($6 = '' OR residents.division IS NULL OR residents.division LIKE $6 || '%')
             ORDER BY handsets.handset_id LIMIT $5",
        )
        .bind(micros(now))
        .bind(after)
        .bind(part)
        .bind(crate::people::containing(part))
        .bind(i64::from(limit))
        .bind(scope.map_or("", Division::as_str))
        .fetch_all(to)
        .await)
        .map_err(reading(HANDSET))?;
        found.into_iter().map(HandsetLine::try_from).collect()
    }

    /// One of them.
    pub async fn handset_line(
        &self,
        id: &HandsetId,
        now: Timestamp,
    ) -> Result<Option<HandsetLine>, StoreError> {
        let found = self.handsets(id.as_str(), None, "", u32::MAX, now).await?;
        Ok(found.into_iter().find(|line| line.id == *id))
    }

    /// Whether a handset is in use; nothing of one that is not there.
    pub async fn handset_state(&self, handset: &HandsetId) -> Result<Option<HandsetState>, StoreError> {
        let found: Option<(String,)> = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT state FROM handsets WHERE handset_id = $1")
                .bind(handset.as_str())
                .fetch_optional(to)
                .await)
        .map_err(reading(HANDSET))?;
        let state = |(name,): (String,)| {
            HandsetState::from_name(&name).ok_or_else(|| rows::broken(HANDSET, &format!("state {name}")))
        };
        found.map(state).transpose()
    }

    /// Who carried a handset, newest first; with a scope, of these who lives in it or nowhere on record.
    pub async fn bindings_of(
        &self,
        handset: &HandsetId,
        scope: Option<&Division>,
    ) -> Result<Vec<Binding>, StoreError> {
        let found: Vec<(String, String, i64, Option<i64>)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT bindings.resident_id, residents.name, from_us, to_us FROM bindings
             JOIN residents ON residents.resident_id = bindings.resident_id
             WHERE handset_id = $1 AND ($2 = '' OR division IS NULL OR division LIKE $2 || '%')
             ORDER BY from_us DESC",
        )
        .bind(handset.as_str())
        .bind(scope.map_or("", Division::as_str))
        .fetch_all(to)
        .await)
        .map_err(reading(BINDING))?;
        let binding = |(resident, name, from, to): (String, String, i64, Option<i64>)| {
            Ok(Binding {
                resident: rows::resident(BINDING, resident)?,
                name,
                from: rows::time(BINDING, from)?,
                to: to.map(|to| rows::time(BINDING, to)).transpose()?,
            })
        };
        found.into_iter().map(binding).collect()
    }

    /// The handset that this claim code is for, if it can still be used.
    pub async fn claimed_handset(&self, code: &str, now: Timestamp) -> Result<Option<HandsetId>, StoreError> {
        let found: Option<(String,)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT handset_id FROM handset_claims WHERE code_hash = $1 AND used_at_us IS NULL AND expires_at_us > $2",
        )
        .bind(token_hash(code))
        .bind(micros(now))
        .fetch_optional(to)
        .await)
        .map_err(reading("a claim code"))?;
        found.map(|(id,)| rows::handset("a claim code", id)).transpose()
    }

    /// Handsets whose state, secret or telephones changed after the change of this number, each with the number of its last: their
    /// sessions must log in again.
    pub async fn handsets_changed(&self, after: i64) -> Result<Vec<(HandsetId, i64)>, StoreError> {
        let found: Vec<(String, i64)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT handset_id, change_number FROM handsets WHERE change_number > $1 ORDER BY change_number",
        )
        .bind(after)
        .fetch_all(to)
        .await)
        .map_err(reading(HANDSET))?;
        found.into_iter().map(|(id, number)| Ok((rows::handset(HANDSET, id)?, number))).collect()
    }

    /// The number of the newest change.
    pub async fn handset_changes_end(&self) -> Result<i64, StoreError> {
        let (end,): (i64,) = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT COALESCE(MAX(change_number), 0) FROM handsets").fetch_one(to).await)
        .map_err(reading(HANDSET))?;
        Ok(end)
    }
}
