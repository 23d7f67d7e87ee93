//! Fall reports as they are read: on a resident's timeline, and what was heard of the questions, for the desk.

use crate::{
    Sifted, Store, StoreError,
    db::{follow, on},
    reading, rows,
};
use geofence::falls::episode::{Reply, Report};
use model::{HandsetId, IncidentId, ResidentId, Signal, SignalId, Timestamp};

/// A fall report on a resident's timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct FallReport {
    /// Its place.
    pub row: i64,
    /// The signal it is or would be.
    pub signal: Signal,
    /// What the detector said.
    pub report: Report,
    /// Whether it was raised.
    pub raised: bool,
    /// The rule by which, if it was.
    pub because: Option<String>,
    /// What was heard of the question, once it is settled.
    pub reply: Option<Reply>,
    /// Until when an answer is waited for, while one is.
    pub answer_by: Option<Timestamp>,
    /// The incident that it is in.
    pub incident: Option<IncidentId>,
}

/// What was heard of the question about a fall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedAnswer {
    /// Its place in their log.
    pub row: i64,
    /// About which fall.
    pub signal: SignalId,
    /// Who fell, if anybody carried the handset.
    pub resident: Option<ResidentId>,
    /// The handset that was asked.
    pub handset: Option<HandsetId>,
    /// When it was heard.
    pub at: Timestamp,
    /// What.
    pub reply: Reply,
}

#[derive(sqlx::FromRow)]
struct ReportRow {
    row_id: i64,
    signal: String,
    report: String,
    raised: bool,
    because: Option<String>,
    reply: Option<String>,
    answer_by_us: Option<i64>,
    incident_id: Option<String>,
}

type AnswerRow = (i64, String, Option<String>, String, i64, String);

const REPORT: &str = "a fall report";
const ANSWERS: &str = "answers about falls";

fn reply(what: &'static str, word: &str) -> Result<Reply, StoreError> {
    rows::document(what, &format!("{word:?}"))
}

impl TryFrom<ReportRow> for FallReport {
    type Error = StoreError;

    fn try_from(row: ReportRow) -> Result<Self, StoreError> {
        Ok(Self {
            row: row.row_id,
            signal: rows::document(REPORT, &row.signal)?,
            report: rows::document(REPORT, &row.report)?,
            raised: row.raised,
            because: row.because,
            reply: row.reply.map(|word| reply(REPORT, &word)).transpose()?,
            answer_by: row.answer_by_us.map(|at_us| rows::time(REPORT, at_us)).transpose()?,
            incident: row.incident_id.map(|id| rows::incident(REPORT, id)).transpose()?,
        })
    }
}

fn answer((row, signal, resident, handset, at_us, word): AnswerRow) -> Result<LoggedAnswer, StoreError> {
    let signal = SignalId::new(signal).map_err(|error| rows::broken(ANSWERS, &error))?;
    Ok(LoggedAnswer {
        row,
        signal,
        resident: resident.map(|id| rows::resident(ANSWERS, id)).transpose()?,
        handset: Some(handset)
            .filter(|id| !id.is_empty())
            .map(|id| rows::handset(ANSWERS, id))
            .transpose()?,
        at: rows::time(ANSWERS, at_us)?,
        reply: reply(ANSWERS, &word)?,
    })
}

impl Store {
    /// A resident's fall reports before a place, the newest first.
    pub async fn fall_reports(
        &self,
        resident: &ResidentId,
        before: i64,
        limit: u32,
    ) -> Result<Vec<FallReport>, StoreError> {
        let found: Vec<ReportRow> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT row_id, signal, report, raised, because, reply, answer_by_us,
               (SELECT incident_id FROM incident_signals
                WHERE incident_signals.signal_id = fall_reports.signal_id) AS incident_id
             FROM fall_reports WHERE resident_id = $1 AND row_id < $2 ORDER BY row_id DESC LIMIT $3",
        )
        .bind(resident.as_str())
        .bind(before)
        .bind(i64::from(limit))
        .fetch_all(to)
        .await)
        .map_err(reading(REPORT))?;
        found.into_iter().map(FallReport::try_from).collect()
    }

    /// What was heard of all questions about falls of a resident, the oldest first.
    pub async fn fall_answers_of(&self, resident: &ResidentId) -> Result<Vec<LoggedAnswer>, StoreError> {
        let found: Vec<AnswerRow> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT row_id, signal_id, resident_id, handset_id, at_us, reply FROM fall_answers
             WHERE resident_id = $1 ORDER BY row_id",
        )
        .bind(resident.as_str())
        .fetch_all(to)
        .await)
        .map_err(reading(ANSWERS))?;
        found.into_iter().map(answer).collect()
    }

    /// The answers after a place, in order, and the last place looked at. One that cannot be read hides none of the others.
    pub async fn fall_answers_after(
        &self,
        row: i64,
        limit: u32,
    ) -> Result<(Option<i64>, Sifted<LoggedAnswer>), StoreError> {
        let found: Vec<AnswerRow> = follow!(
            &self.pool,
            AnswerRow,
            "SELECT row_id, signal_id, resident_id, handset_id, at_us, reply FROM fall_answers WHERE TRUE",
            row,
            i64::from(limit)
        )
        .map_err(reading(ANSWERS))?;
        let end = found.last().map(|(row, ..)| *row);
        Ok((end, found.into_iter().map(|row| (row.0.to_string(), answer(row))).collect()))
    }
}
