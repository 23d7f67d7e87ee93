//! Which relatives see a resident, from when to when, and what staff keep from them.

use crate::{
    AuditRow, Connection, Job, JobError, Lane, Store, StoreError, audit, consents, db::on, micros, reading,
    rows, script::Script,
};
use access::{Grant, Shares, Withheld};
use async_trait::async_trait;
use incident::Incident;
use model::{IncidentId, Remark, ResidentId, Severity, SignalKind, SignedDuration, Timestamp};

/// Lets a relative see one resident from a moment on.
#[derive(Debug)]
pub struct AddGrant {
    /// Who may see.
    pub username: String,
    /// Whom.
    pub resident: ResidentId,
    /// What they are to the resident.
    pub relation: String,
    /// The consent it stands on.
    pub consent: Option<String>,
    /// From when on.
    pub from: Timestamp,
}

impl AddGrant {
    pub(crate) fn script(&self, script: &mut Script) {
        script.add(
            "INSERT INTO grants (username, resident_id, from_us, consent_id, relation) VALUES ($1, $2, $3, $4, $5)",
            [
                self.username.as_str().into(),
                self.resident.as_str().into(),
                micros(self.from).into(),
                self.consent.as_deref().into(),
                self.relation.as_str().into(),
            ],
        );
    }
}

#[async_trait]
impl Job for AddGrant {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let mut script = Script::default();
        self.script(&mut script);
        script.run(connection).await.map(drop)
    }
}

/// Ends a relative's sight of a resident.
#[derive(Debug)]
pub struct EndGrant {
    /// Whose.
    pub username: String,
    /// Of whom.
    pub resident: ResidentId,
    /// From then on.
    pub at: Timestamp,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for EndGrant {
    type Output = ();
    const LANE: Lane = Lane::Audit;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let mut script = Script::default();
        script.add(
            "UPDATE grants SET to_us = $1
             WHERE username = $2 AND resident_id = $3 AND (to_us IS NULL OR to_us > $1)",
            [micros(self.at).into(), self.username.as_str().into(), self.resident.as_str().into()],
        );
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

/// What staff keep from a relative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withholding {
    /// Its id.
    pub id: String,
    /// From whom.
    pub username: String,
    /// Of whom.
    pub resident: ResidentId,
    /// Of this incident; of all if none is named.
    pub incident: Option<IncidentId>,
    /// Why.
    pub reason: String,
    /// Since when.
    pub from: Timestamp,
    /// Who began it.
    pub by: String,
}

/// Keeps something from a relative.
#[derive(Debug)]
pub struct Withhold {
    /// What.
    pub withholding: Withholding,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for Withhold {
    type Output = ();
    const LANE: Lane = Lane::Audit;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let kept = &self.withholding;
        let mut script = Script::default();
        script.add(
            "INSERT INTO withholdings (withholding_id, username, resident_id, incident_id, reason, from_us, from_by)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
            [
                kept.id.as_str().into(),
                kept.username.as_str().into(),
                kept.resident.as_str().into(),
                kept.incident.as_ref().map(IncidentId::as_str).into(),
                kept.reason.as_str().into(),
                micros(kept.from).into(),
                kept.by.as_str().into(),
            ],
        );
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

/// Ends a withholding.
#[derive(Debug)]
pub struct EndWithholding {
    /// Which.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for EndWithholding {
    type Output = ();
    const LANE: Lane = Lane::Audit;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let mut script = Script::default();
        script.add(
            "UPDATE withholdings SET to_us = $1, to_by = $2 WHERE withholding_id = $3 AND to_us IS NULL",
            [micros(self.at).into(), self.by.as_str().into(), self.id.as_str().into()],
        );
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

/// A relative of a resident.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relative {
    /// The account.
    pub username: String,
    /// The name others see.
    pub display_name: String,
    /// What they are to the resident.
    pub relation: String,
    /// The consent their grant stands on.
    pub consent: Option<String>,
    /// Since when they may see.
    pub from: Timestamp,
    /// Until when.
    pub to: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct RelativeRow {
    username: String,
    display_name: String,
    relation: String,
    consent_id: Option<String>,
    from_us: i64,
    to_us: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct WithholdingRow {
    withholding_id: String,
    username: String,
    resident_id: String,
    incident_id: Option<String>,
    reason: String,
    from_us: i64,
    from_by: String,
}

const GRANT: &str = "a grant";
const WITHHOLDING: &str = "a withholding";

impl TryFrom<WithholdingRow> for Withholding {
    type Error = StoreError;

    fn try_from(row: WithholdingRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.withholding_id,
            username: row.username,
            resident: rows::resident(WITHHOLDING, row.resident_id)?,
            incident: row.incident_id.map(|id| rows::incident(WITHHOLDING, id)).transpose()?,
            reason: row.reason,
            from: rows::time(WITHHOLDING, row.from_us)?,
            by: row.from_by,
        })
    }
}

/// How long before it came what happened is believed to be. The last place on a relative's card is looked for no further back, so
/// nothing older shows there; and a clock that says 2020 would take the whole way away, which tells that something is kept.
const BEFORE_AT_MOST: SignedDuration = SignedDuration::from_hours(31 * 24);

/// From when on it would tell of this incident where the person was. What it is about happened, and the place that came with it was
/// taken, before it reached us: by days where a handset was out of reach. What is about the device alone takes no place back, and the
/// last place known before a press is none of its own.
fn began_at(incident: &Incident) -> Timestamp {
    let about_somebody =
        incident.signals.iter().filter(|signal| signal.kind.severity() > Severity::Technical);
    let times = about_somebody.flat_map(|signal| {
        let brings_place = matches!(signal.kind, SignalKind::Press | SignalKind::Fall)
            && !signal.remarks.contains(&Remark::LastKnown);
        let placed_at = signal.fix.as_ref().filter(|_| brings_place).map(|fix| fix.fix_time);
        [Some(signal.at), Some(signal.received_at), placed_at].into_iter().flatten()
    });
    let is_believed = |at: &Timestamp| incident.opened_at.duration_since(*at) <= BEFORE_AT_MOST;
    times.filter(is_believed).fold(incident.opened_at, Timestamp::min)
}

impl Store {
    /// Whom an account has been granted to see.
    pub async fn grants(&self, username: &str) -> Result<Vec<Grant>, StoreError> {
        let found: Vec<(String, i64, Option<i64>, Option<String>)> =
            on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT grants.resident_id, grants.from_us, grants.to_us, consents.shares FROM grants
             LEFT JOIN consents ON consents.consent_id = grants.consent_id WHERE grants.username = $1",
        )
        .bind(username)
        .fetch_all(to)
        .await)
            .map_err(reading(GRANT))?;
        let grant = |(id, from, to, codes): (String, i64, Option<i64>, Option<String>)| {
            let shares = codes.map(|codes| consents::shares(GRANT, &codes)).transpose()?;
            Ok(Grant {
                resident: rows::resident(GRANT, id)?,
                from: rows::time(GRANT, from)?,
                to: to.map(|to| rows::time(GRANT, to)).transpose()?,
                shares: shares.unwrap_or(Shares::ALL),
            })
        };
        found.into_iter().map(grant).collect()
    }

    /// What is kept from an account now.
    pub async fn withheld(&self, username: &str) -> Result<Vec<Withheld>, StoreError> {
        let found: Vec<(String, Option<String>, i64, Option<String>)> =
            on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT withholdings.resident_id, withholdings.incident_id, from_us, incidents.snapshot FROM withholdings
             LEFT JOIN incidents ON incidents.incident_id = withholdings.incident_id
             WHERE withholdings.username = $1 AND withholdings.to_us IS NULL",
        )
        .bind(username)
        .fetch_all(to)
        .await)
            .map_err(reading(WITHHOLDING))?;
        let withheld =
            |(resident, incident, from, snapshot): (String, Option<String>, i64, Option<String>)| {
                let known = snapshot
                    .map(|snapshot| rows::document::<Incident>("an incident", &snapshot))
                    .transpose()?;
                let began = known.as_ref().map(began_at);
                Ok(Withheld {
                    resident: rows::resident(WITHHOLDING, resident)?,
                    incident: incident.map(|id| rows::incident(WITHHOLDING, id)).transpose()?,
                    since: began.map_or_else(|| rows::time(WITHHOLDING, from), Ok)?,
                    until: known.as_ref().and_then(Incident::closing).map(|closing| closing.at),
                })
            };
        found.into_iter().map(withheld).collect()
    }

    /// The relatives of a resident whose grant has not ended, oldest first.
    pub async fn relatives(
        &self,
        resident: &ResidentId,
        now: Timestamp,
    ) -> Result<Vec<Relative>, StoreError> {
        let found: Vec<RelativeRow> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT grants.username, users.display_name, relation, consent_id, from_us, to_us FROM grants
             JOIN users ON users.username = grants.username
             WHERE resident_id = $1 AND (to_us IS NULL OR to_us > $2) ORDER BY from_us",
        )
        .bind(resident.as_str())
        .bind(micros(now))
        .fetch_all(to)
        .await)
        .map_err(reading(GRANT))?;
        let relative = |row: RelativeRow| {
            Ok(Relative {
                username: row.username,
                display_name: row.display_name,
                relation: row.relation,
                consent: row.consent_id,
                from: rows::time(GRANT, row.from_us)?,
                to: row.to_us.map(|to| rows::time(GRANT, to)).transpose()?,
            })
        };
        found.into_iter().map(relative).collect()
    }

    /// What is kept from the relatives of a resident now.
    pub async fn withholdings(&self, resident: &ResidentId) -> Result<Vec<Withholding>, StoreError> {
        let found: Vec<WithholdingRow> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT withholding_id, username, resident_id, incident_id, reason, from_us, from_by
             FROM withholdings WHERE resident_id = $1 AND to_us IS NULL ORDER BY from_us",
        )
        .bind(resident.as_str())
        .fetch_all(to)
        .await)
        .map_err(reading(WITHHOLDING))?;
        found.into_iter().map(Withholding::try_from).collect()
    }

    /// One withholding that runs.
    pub async fn withholding(&self, id: &str) -> Result<Option<Withholding>, StoreError> {
        let found: Option<WithholdingRow> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT withholding_id, username, resident_id, incident_id, reason, from_us, from_by
             FROM withholdings WHERE withholding_id = $1 AND to_us IS NULL",
        )
        .bind(id)
        .fetch_optional(to)
        .await)
        .map_err(reading(WITHHOLDING))?;
        found.map(Withholding::try_from).transpose()
    }
}
