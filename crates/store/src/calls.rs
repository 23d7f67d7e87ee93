//! Whom the ladder calls beyond the screens. A call is written with the step that makes it, and done once.

use crate::{
    Connection, Job, JobError, Lane, Sifted, Store, StoreError, db::on, micros, reading, rows, script::Script,
};
use async_trait::async_trait;
use incident::{Incident, ladder::Callee};
use model::{IncidentId, Severity, Timestamp};

/// A call, as the engine asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueCall {
    /// The version of the incident that made it.
    pub version: u64,
    /// The ladder's step, counted from 0.
    pub step: u32,
    /// Whom.
    pub callee: Callee,
    /// When.
    pub at: Timestamp,
}

/// A call that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingCall {
    /// Its place.
    pub row: i64,
    /// About which incident.
    pub incident: IncidentId,
    /// The call.
    pub call: DueCall,
}

fn name(callee: Callee) -> &'static str {
    match callee {
        Callee::Operators => "operators",
        Callee::Everyone => "everyone",
        Callee::Station => "station",
        Callee::Relatives => "relatives",
        Callee::Roster => "roster",
    }
}

fn callee(name: &str) -> Option<Callee> {
    let all = [Callee::Operators, Callee::Everyone, Callee::Station, Callee::Relatives, Callee::Roster];
    all.into_iter().find(|callee| self::name(*callee) == name)
}

pub(crate) fn insert(script: &mut Script, incident: &Incident, call: &DueCall) {
    script.add(
        "INSERT INTO calls (incident_id, is_life, version, step, callee, at_us) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (incident_id, version, callee) DO NOTHING",
        [
            incident.id.as_str().into(),
            (incident.severity == Severity::Life).into(),
            i64::try_from(call.version).unwrap_or(i64::MAX).into(),
            i64::from(call.step).into(),
            name(call.callee).into(),
            micros(call.at).into(),
        ],
    );
}

/// A call that is done, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoneCall {
    /// Which.
    pub row: i64,
    /// When.
    pub at: Timestamp,
    /// What came of it, in words for whoever looks into it.
    pub result: String,
}

/// Whether it was not done before: of two processes that had it in hand one does it.
pub(crate) async fn finish(connection: &mut Connection, done: &DoneCall) -> Result<bool, JobError> {
    let rows = on!(Connection, connection, to => sqlx::query(
        "UPDATE calls SET done_at_us = $1, result = $2 WHERE row_id = $3 AND done_at_us IS NULL",
    )
    .bind(micros(done.at))
    .bind(&done.result)
    .bind(done.row)
    .execute(to)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(rows == 1)
}

/// Notes that a call is done that changed no incident, unless it was before; one that did is noted with the change.
#[derive(Debug)]
pub struct FinishCall(pub DoneCall);

#[async_trait]
impl Job for FinishCall {
    type Output = ();
    const LANE: Lane = Lane::Life;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        finish(connection, &self.0).await.map(drop)
    }
}

/// A call as it stands, for people who look into it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallLine {
    /// When it was made.
    pub at: Timestamp,
    /// The ladder's step, counted from 0.
    pub step: u32,
    /// Whom: a role, not a person.
    pub callee: String,
    /// When it was done.
    pub done_at: Option<Timestamp>,
    /// What came of it.
    pub result: Option<String>,
}

type Row = (i64, String, i64, i64, String, i64);
type CallRow = (i64, i64, String, Option<i64>, Option<String>);

impl Store {
    /// The calls about an incident, oldest first.
    pub async fn calls_about(&self, incident: &IncidentId) -> Result<Vec<CallLine>, StoreError> {
        let what = "calls of the ladder";
        let found: Vec<CallRow> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT at_us, step, callee, done_at_us, result FROM calls WHERE incident_id = $1 ORDER BY row_id",
        )
        .bind(incident.as_str())
        .fetch_all(to)
        .await)
        .map_err(reading(what))?;
        let line = |(at, step, callee, done_at, result): CallRow| {
            let done_at = done_at.map(|at| rows::time(what, at)).transpose()?;
            let step = u32::try_from(step).unwrap_or_default();
            Ok(CallLine { at: rows::time(what, at)?, step, callee, done_at, result })
        };
        found.into_iter().map(line).collect()
    }

    /// Calls that nobody has done: those about a life first, then the oldest. One that cannot be read hides none of the others.
    pub async fn waiting_calls(&self, limit: u32) -> Result<Sifted<WaitingCall>, StoreError> {
        let what = "calls of the ladder";
        let found: Vec<Row> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT row_id, incident_id, version, step, callee, at_us FROM calls WHERE done_at_us IS NULL
             ORDER BY is_life DESC, row_id LIMIT $1",
        )
        .bind(i64::from(limit))
        .fetch_all(to)
        .await)
        .map_err(reading(what))?;
        let call = |(row, incident, version, step, name, at): Row| -> Result<WaitingCall, StoreError> {
            let callee = callee(&name).ok_or_else(|| rows::broken(what, &name))?;
            let call = DueCall {
                version: u64::try_from(version).unwrap_or_default(),
                step: u32::try_from(step).unwrap_or_default(),
                callee,
                at: rows::time(what, at)?,
            };
            Ok(WaitingCall { row, incident: rows::incident(what, incident)?, call })
        };
        Ok(found.into_iter().map(|row| (row.0.to_string(), call(row))).collect())
    }
}
