//! Looks at residents without an open incident and at closed incidents: the reason that was given, and what a supervisor thought
//! of it.

use crate::{
    AuditRow, Connection, Job, JobError, Lane, Store, StoreError, audit, db::on, micros, reading, rows,
    script::Script,
};
use async_trait::async_trait;
use model::{Division, ResidentId, SignalId, Timestamp};

/// A look that needed a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// When.
    pub at: Timestamp,
    /// Who looked.
    pub username: String,
    /// At what: the action's name.
    pub action: String,
    /// Whose.
    pub resident: ResidentId,
    /// Why, in the words of whoever looked.
    pub reason: String,
}

/// What a supervisor thought of a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// `justified` or `questioned`.
    pub verdict: String,
    /// What there is to say about it.
    pub note: String,
}

/// A look with its number and its review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberedLook {
    /// Its place.
    pub row: i64,
    /// The look.
    pub look: Look,
    /// What was thought of it.
    pub review: Option<Review>,
}

/// Puts a look on record, for a supervisor to review.
#[derive(Debug)]
pub struct RecordLook {
    /// The look.
    pub look: Look,
    /// Its row in the audit log.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for RecordLook {
    type Output = ();
    const LANE: Lane = Lane::Audit;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let look = &self.look;
        let mut script = Script::default();
        script.add(
            "INSERT INTO looks (at_us, username, action, resident_id, reason) VALUES ($1, $2, $3, $4, $5)",
            [
                micros(look.at).into(),
                look.username.as_str().into(),
                look.action.as_str().into(),
                look.resident.as_str().into(),
                look.reason.as_str().into(),
            ],
        );
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

/// Puts a look on record likewise, unless it is the same look still: by the same account, at the same resident, for the same
/// reason, within ten minutes. A page asks for the parts of an incident one by one, and each stands in the audit log.
#[derive(Debug)]
pub struct RecordLookOnce {
    /// The look.
    pub look: Look,
    /// Its row in the audit log.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for RecordLookOnce {
    type Output = ();
    const LANE: Lane = Lane::Audit;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let mut script = Script::default();
        insert_once(&mut script, &self.look);
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

/// For so long what is read further for the same reason is the same look.
const SAME_LOOK_US: i64 = 10 * 60 * 1_000_000;

/// The look, unless it is the same look still.
pub(crate) fn insert_once(script: &mut Script, look: &Look) {
    script.add(
        "INSERT INTO looks (at_us, username, action, resident_id, reason) SELECT $1, $2, $3, $4, $5
         WHERE NOT EXISTS (SELECT 1 FROM looks WHERE resident_id = $4 AND at_us > $6 AND at_us <= $1
           AND username = $2 AND action = $3 AND reason = $5)",
        [
            micros(look.at).into(),
            look.username.as_str().into(),
            look.action.as_str().into(),
            look.resident.as_str().into(),
            look.reason.as_str().into(),
            micros(look.at).saturating_sub(SAME_LOOK_US).into(),
        ],
    );
}

/// Reviews a look. One that was reviewed by somebody else meanwhile is a [`JobError::Conflict`].
#[derive(Debug)]
pub struct ReviewLook {
    /// Which.
    pub row: i64,
    /// What is thought of it.
    pub review: Review,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for ReviewLook {
    type Output = ();
    const LANE: Lane = Lane::Audit;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let review = &self.review;
        let done = on!(Connection, connection, to => sqlx::query(
            "UPDATE looks SET reviewed_at_us = $1, reviewed_by = $2, verdict = $3, note = $4
             WHERE row_id = $5 AND reviewed_at_us IS NULL",
        )
        .bind(micros(review.at))
        .bind(&review.by)
        .bind(&review.verdict)
        .bind(&review.note)
        .bind(self.row)
        .execute(to)
        .await
        .map(|done| done.rows_affected()))?;
        if done == 0 {
            return Err(JobError::Conflict);
        }
        let mut script = Script::default();
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

#[derive(sqlx::FromRow)]
struct LookRow {
    row_id: i64,
    at_us: i64,
    username: String,
    action: String,
    resident_id: String,
    reason: String,
    reviewed_at_us: Option<i64>,
    reviewed_by: Option<String>,
    verdict: Option<String>,
    note: Option<String>,
}

const LOOK: &str = "a look";

impl TryFrom<LookRow> for NumberedLook {
    type Error = StoreError;

    fn try_from(row: LookRow) -> Result<Self, StoreError> {
        let review = match row.reviewed_at_us {
            None => None,
            Some(at) => Some(Review {
                at: rows::time(LOOK, at)?,
                by: row.reviewed_by.unwrap_or_default(),
                verdict: row.verdict.unwrap_or_default(),
                note: row.note.unwrap_or_default(),
            }),
        };
        let look = Look {
            at: rows::time(LOOK, row.at_us)?,
            username: row.username,
            action: row.action,
            resident: rows::resident(LOOK, row.resident_id)?,
            reason: row.reason,
        };
        Ok(Self { row: row.row_id, look, review })
    }
}

const SELECT: &str =
    "SELECT row_id, at_us, username, action, resident_id, reason, reviewed_at_us, reviewed_by,
    verdict, note FROM looks";

impl Store {
    /// Looks with a number below this one, newest first: those that wait for a review, or all. With a scope: of these at whoever
    /// lives in it or nowhere on record.
    pub async fn looks(
        &self,
        waiting: bool,
        scope: Option<&Division>,
        before: i64,
        limit: u32,
    ) -> Result<Vec<NumberedLook>, StoreError> {
        let filter = if waiting { "AND reviewed_at_us IS NULL" } else { "" };
        let text = format!(
            "{SELECT} WHERE row_id < $1 {filter} AND ($3 = '' OR NOT EXISTS (SELECT 1 FROM residents
               WHERE residents.resident_id = looks.resident_id AND division NOT LIKE $3 || '%'))
             ORDER BY row_id DESC LIMIT $2"
        );
        let found: Vec<LookRow> = on!(Pool, &self.pool, to => sqlx::query_as(sqlx::AssertSqlSafe(text))
            .bind(before)
            .bind(i64::from(limit))
            .bind(scope.map_or("", Division::as_str))
            .fetch_all(to)
            .await)
        .map_err(reading(LOOK))?;
        found.into_iter().map(NumberedLook::try_from).collect()
    }

    /// Who entered a call by hand about somebody, and when; none if it came in from elsewhere.
    pub async fn who_entered_call(
        &self,
        resident: &ResidentId,
        call: &SignalId,
    ) -> Result<Option<(String, Timestamp)>, StoreError> {
        let what = "who entered a call";
        let found: Option<(String, i64)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT username, at_us FROM audit WHERE action = 'open_call'
               AND subject IN ($1, $2) AND (subject = $2 OR detail = $2) LIMIT 1",
        )
        .bind(resident.as_str())
        .bind(call.as_str())
        .fetch_optional(to)
        .await)
        .map_err(reading(what))?;
        found.map(|(username, at)| Ok((username, rows::time(what, at)?))).transpose()
    }

    /// One look.
    pub async fn look(&self, row: i64) -> Result<Option<NumberedLook>, StoreError> {
        let text = format!("{SELECT} WHERE row_id = $1");
        let found: Option<LookRow> = on!(Pool, &self.pool, to =>
            sqlx::query_as(sqlx::AssertSqlSafe(text)).bind(row).fetch_optional(to).await)
        .map_err(reading(LOOK))?;
        found.map(NumberedLook::try_from).transpose()
    }
}
