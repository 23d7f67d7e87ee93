//! What residents and guardians agreed to, and since when no more.

use crate::{
    AuditRow, Connection, Job, JobError, Lane, Store, StoreError, audit, db::on, micros, reading, rows,
    script::Script,
};
use access::Shares;
use async_trait::async_trait;
use model::{ResidentId, Timestamp};

/// A consent as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consent {
    /// Its id.
    pub id: String,
    /// About whose data.
    pub resident: ResidentId,
    /// What for: `family` or `tracking`.
    pub purpose: String,
    /// `resident` or `guardian`.
    pub given_by: String,
    /// The giver's name.
    pub giver: String,
    /// Which data, in words.
    pub data: String,
    /// What of it a relative sees.
    pub shares: Shares,
    /// The version of the text that was read to them.
    pub text_version: String,
    /// How it was given: `paper`, `in_person`, `telephone`.
    pub channel: String,
    /// When it was given.
    pub given_at: Timestamp,
    /// When it was entered here.
    pub recorded_at: Timestamp,
    /// By whom.
    pub recorded_by: String,
    /// When it was withdrawn, and who entered that.
    pub withdrawn: Option<(Timestamp, String)>,
}

/// Enters a consent.
#[derive(Debug)]
pub struct AddConsent {
    /// The consent; that it is withdrawn is entered by [`WithdrawConsent`].
    pub consent: Consent,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for AddConsent {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let consent = &self.consent;
        let mut script = Script::default();
        script.add(
            "INSERT INTO consents (consent_id, resident_id, purpose, given_by, giver, data, text_version, channel,
               given_at_us, recorded_at_us, recorded_by, shares)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            [
                consent.id.as_str().into(),
                consent.resident.as_str().into(),
                consent.purpose.as_str().into(),
                consent.given_by.as_str().into(),
                consent.giver.as_str().into(),
                consent.data.as_str().into(),
                consent.text_version.as_str().into(),
                consent.channel.as_str().into(),
                micros(consent.given_at).into(),
                micros(consent.recorded_at).into(),
                consent.recorded_by.as_str().into(),
                consent.shares.codes().join(" ").into(),
            ],
        );
        if consent.purpose == TRACKING {
            // What was not seen meanwhile is neither stillness nor silence: they are watched from now on.
            for begin in [
                "DELETE FROM watch_states WHERE resident_id IN (SELECT resident_id FROM residents
                   WHERE resident_id = $1 AND untracked_since_us IS NOT NULL)",
                "INSERT INTO watch_changes (resident_id) SELECT resident_id FROM residents
                 WHERE resident_id = $1 AND untracked_since_us IS NOT NULL",
            ] {
                script.add(begin, [consent.resident.as_str().into()]);
            }
            script.add(
                "UPDATE residents SET untracked_since_us = NULL WHERE resident_id = $1",
                [consent.resident.as_str().into()],
            );
        }
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

/// The purpose without which no positions are kept once it was withdrawn.
pub(crate) const TRACKING: &str = "tracking";

/// Enters that a consent was withdrawn; the grants and invitations that stand on it end at that moment, and without a
/// consent to tracking that stands no more positions are kept, and what the watch remembers of where they were is forgotten.
#[derive(Debug)]
pub struct WithdrawConsent {
    /// Which.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// Who enters it.
    pub by: String,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for WithdrawConsent {
    type Output = ();
    const LANE: Lane = Lane::Audit;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let (id, at) = (self.id.as_str(), micros(self.at));
        let mut script = Script::default();
        script.add(
            "UPDATE consents SET withdrawn_at_us = $1, withdrawn_by = $2
             WHERE consent_id = $3 AND withdrawn_at_us IS NULL",
            [at.into(), self.by.as_str().into(), id.into()],
        );
        script.add(
            "UPDATE grants SET to_us = $1 WHERE consent_id = $2 AND (to_us IS NULL OR to_us > $1)",
            [at.into(), id.into()],
        );
        script.add(
            "UPDATE invitations SET withdrawn_at_us = $1
             WHERE consent_id = $2 AND used_at_us IS NULL AND withdrawn_at_us IS NULL",
            [at.into(), id.into()],
        );
        script.add(
            "UPDATE residents SET untracked_since_us = $1
             WHERE resident_id = (SELECT resident_id FROM consents WHERE consent_id = $2 AND purpose = $3)
               AND NOT EXISTS (SELECT 1 FROM consents WHERE consents.resident_id = residents.resident_id
                 AND purpose = $3 AND withdrawn_at_us IS NULL)",
            [at.into(), id.into(), TRACKING.into()],
        );
        for end in [
            "DELETE FROM watch_states WHERE resident_id IN (SELECT residents.resident_id FROM residents
               JOIN consents ON consents.resident_id = residents.resident_id
               WHERE consent_id = $1 AND purpose = $2 AND untracked_since_us IS NOT NULL)",
            "DELETE FROM habits WHERE resident_id IN (SELECT residents.resident_id FROM residents
               JOIN consents ON consents.resident_id = residents.resident_id
               WHERE consent_id = $1 AND purpose = $2 AND untracked_since_us IS NOT NULL)",
            "INSERT INTO watch_changes (resident_id) SELECT residents.resident_id FROM residents
               JOIN consents ON consents.resident_id = residents.resident_id
               WHERE consent_id = $1 AND purpose = $2 AND untracked_since_us IS NOT NULL",
        ] {
            script.add(end, [id.into(), TRACKING.into()]);
        }
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

#[derive(sqlx::FromRow)]
struct ConsentRow {
    consent_id: String,
    resident_id: String,
    purpose: String,
    given_by: String,
    giver: String,
    data: String,
    text_version: String,
    channel: String,
    given_at_us: i64,
    recorded_at_us: i64,
    recorded_by: String,
    withdrawn_at_us: Option<i64>,
    withdrawn_by: Option<String>,
    shares: String,
}

const CONSENT: &str = "a consent";

/// What is shared, of the codes as they are stored.
pub(crate) fn shares(what: &'static str, codes: &str) -> Result<Shares, StoreError> {
    Shares::from_codes(codes.split(' ')).ok_or_else(|| rows::broken(what, &format!("shares {codes}")))
}

impl TryFrom<ConsentRow> for Consent {
    type Error = StoreError;

    fn try_from(row: ConsentRow) -> Result<Self, StoreError> {
        let withdrawn_at = row.withdrawn_at_us.map(|at| rows::time(CONSENT, at)).transpose()?;
        Ok(Self {
            id: row.consent_id,
            resident: rows::resident(CONSENT, row.resident_id)?,
            purpose: row.purpose,
            given_by: row.given_by,
            giver: row.giver,
            data: row.data,
            shares: shares(CONSENT, &row.shares)?,
            text_version: row.text_version,
            channel: row.channel,
            given_at: rows::time(CONSENT, row.given_at_us)?,
            recorded_at: rows::time(CONSENT, row.recorded_at_us)?,
            recorded_by: row.recorded_by,
            withdrawn: withdrawn_at.zip(row.withdrawn_by),
        })
    }
}

const SELECT: &str = "SELECT consent_id, resident_id, purpose, given_by, giver, data, text_version, channel,
    given_at_us, recorded_at_us, recorded_by, withdrawn_at_us, withdrawn_by, shares FROM consents";

impl Store {
    /// The consents about a resident, newest first.
    pub async fn consents(&self, resident: &ResidentId) -> Result<Vec<Consent>, StoreError> {
        let text = format!("{SELECT} WHERE resident_id = $1 ORDER BY recorded_at_us DESC");
        let found: Vec<ConsentRow> = on!(Pool, &self.pool, to =>
            sqlx::query_as(sqlx::AssertSqlSafe(text)).bind(resident.as_str()).fetch_all(to).await)
        .map_err(reading(CONSENT))?;
        found.into_iter().map(Consent::try_from).collect()
    }

    /// One consent.
    pub async fn consent(&self, id: &str) -> Result<Option<Consent>, StoreError> {
        let text = format!("{SELECT} WHERE consent_id = $1");
        let found: Option<ConsentRow> = on!(Pool, &self.pool, to =>
            sqlx::query_as(sqlx::AssertSqlSafe(text)).bind(id).fetch_optional(to).await)
        .map_err(reading(CONSENT))?;
        found.map(Consent::try_from).transpose()
    }
}
