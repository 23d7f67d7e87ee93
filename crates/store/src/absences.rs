//! Planned absences: a resident in hospital or on holiday, with an end. What is quiet about them meanwhile is decided where
//! signals are placed; here stands who is away, and until when.

use crate::{
    AuditRow, Connection, Job, JobError, Lane, Sifted, Store, StoreError, audit, db::on, micros, reading,
    rows, script::Script,
};
use async_trait::async_trait;
use model::{ResidentId, Timestamp};

const WHAT: &str = "an absence";

/// Somebody is away as planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    /// Its id.
    pub id: String,
    /// Who.
    pub resident: ResidentId,
    /// Why, as `hospital`.
    pub reason: String,
    /// From when.
    pub from: Timestamp,
    /// Until when; every absence has an end.
    pub to: Timestamp,
    /// The account that entered it.
    pub by: String,
}

/// Enters an absence.
#[derive(Debug)]
pub struct EnterAbsence {
    /// Which.
    pub absence: Absence,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for EnterAbsence {
    type Output = ();
    const LANE: Lane = Lane::Life;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let (absence, mut script) = (&self.absence, Script::default());
        script.add(
            "INSERT INTO absences (absence_id, resident_id, reason, from_us, to_us, entered_by)
             VALUES ($1, $2, $3, $4, $5, $6)",
            [
                absence.id.as_str().into(),
                absence.resident.as_str().into(),
                absence.reason.as_str().into(),
                micros(absence.from).into(),
                micros(absence.to).into(),
                absence.by.as_str().into(),
            ],
        );
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

/// Ends an absence before its time; one that has not begun never was.
#[derive(Debug)]
pub struct EndAbsence {
    /// Whose.
    pub resident: ResidentId,
    /// Which.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for EndAbsence {
    /// Whether there was one that had not ended.
    type Output = bool;
    const LANE: Lane = Lane::Life;

    async fn run(&self, connection: &mut Connection) -> Result<bool, JobError> {
        let ended = on!(Connection, connection, to => sqlx::query(
            "UPDATE absences SET to_us = $3, from_us = CASE WHEN from_us < $3 THEN from_us ELSE $3 END
             WHERE absence_id = $1 AND resident_id = $2 AND to_us > $3",
        )
        .bind(&self.id)
        .bind(self.resident.as_str())
        .bind(micros(self.at))
        .execute(to)
        .await
        .map(|done| done.rows_affected()))?;
        if ended > 0 {
            let mut script = Script::default();
            audit::insert(&mut script, &self.audit);
            script.run(connection).await?;
        }
        Ok(ended > 0)
    }
}

/// An absence with its resident, as a row.
type Over = (String, String, String, i64, i64, String);

fn over((id, resident, reason, from, to, by): Over) -> Result<Absence, StoreError> {
    let (from, to) = (rows::time(WHAT, from)?, rows::time(WHAT, to)?);
    Ok(Absence { id, resident: rows::resident(WHAT, resident)?, reason, from, to, by })
}

impl Store {
    /// Of everybody for whom an absence ended after that moment and who is not away by now: all their absences that are over, in
    /// the order of their ends. One that cannot be read hides none of the others.
    pub async fn absences_over(
        &self,
        since: Timestamp,
        now: Timestamp,
    ) -> Result<Sifted<Absence>, StoreError> {
        let found: Vec<Over> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT absence_id, resident_id, reason, from_us, to_us, entered_by FROM absences AS past
             WHERE to_us <= $2 AND from_us < to_us
               AND resident_id IN (SELECT resident_id FROM absences WHERE to_us > $1 AND to_us <= $2)
               AND NOT EXISTS (SELECT 1 FROM absences AS present WHERE present.resident_id = past.resident_id
                 AND present.from_us <= $2 AND present.to_us > $2)
             ORDER BY to_us, absence_id",
        )
        .bind(micros(since))
        .bind(micros(now))
        .fetch_all(to)
        .await)
        .map_err(reading(WHAT))?;
        Ok(found.into_iter().map(|row| (row.0.clone(), over(row))).collect())
    }

    /// The absences of everybody of which a part lies within that time. One that cannot be read hides none of the others.
    pub async fn absences_between(
        &self,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Sifted<Absence>, StoreError> {
        let found: Vec<Over> = on!(Pool, &self.pool, pool => sqlx::query_as(
            "SELECT absence_id, resident_id, reason, from_us, to_us, entered_by FROM absences
             WHERE to_us > $1 AND from_us < $2 AND from_us < to_us ORDER BY to_us, absence_id",
        )
        .bind(micros(from))
        .bind(micros(to))
        .fetch_all(pool)
        .await)
        .map_err(reading(WHAT))?;
        Ok(found.into_iter().map(|row| (row.0.clone(), over(row))).collect())
    }

    /// The absences of a resident that have not ended, the next first.
    pub async fn absences(&self, resident: &ResidentId, now: Timestamp) -> Result<Vec<Absence>, StoreError> {
        let found: Vec<(String, String, i64, i64, String)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT absence_id, reason, from_us, to_us, entered_by FROM absences
             WHERE resident_id = $1 AND to_us > $2 ORDER BY from_us, absence_id",
        )
        .bind(resident.as_str())
        .bind(micros(now))
        .fetch_all(to)
        .await)
        .map_err(reading(WHAT))?;
        let absence = |(id, reason, from, to, by): (String, String, i64, i64, String)| {
            let (from, to) = (rows::time(WHAT, from)?, rows::time(WHAT, to)?);
            Ok(Absence { id, resident: resident.clone(), reason, from, to, by })
        };
        found.into_iter().map(absence).collect()
    }
}
