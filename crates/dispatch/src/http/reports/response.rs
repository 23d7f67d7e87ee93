//! How long people waited: by operator, station, township, kind of signal and hour of the day.

use super::{
    App, Cell, Ledger, Problem, Sheet, SpanQuery, answer, in_file, spread_cells, table_of, unprocessable,
};
use crate::http::{
    case_looks::about_now,
    incidents::find,
    session::Visitor,
    words::{LONG, needed},
};
use access::{Action, Subject};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use incident::figures::{self, By, Case, Summary};
use model::{IncidentId, Timestamp};
use serde::{Deserialize, Serialize};
use store::{LateReview, ReviewLate};
use utoipa::{IntoParams, ToSchema};

/// Put together by what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Grouping {
    /// `all` (the default), `operator`, `station`, `township`, `kind` or `hour` (of the day in China).
    by: Option<String>,
    /// Of a CSV file: `groups` (the default), or `late`, the answers that took over 180 s.
    table: Option<String>,
}

/// An answer that took over 180 s.
#[derive(Debug, Serialize, ToSchema)]
pub struct LateAnswer {
    /// Which incident.
    #[schema(value_type = String)]
    incident_id: IncidentId,
    /// When the first signal reached us.
    #[schema(value_type = String, format = DateTime)]
    began: Timestamp,
    /// How long it took; null if nobody has answered yet.
    answered_s: Option<u32>,
    /// Who answered.
    operator: Option<String>,
    /// What a supervisor found out about it; null: it waits to be looked into.
    reviewed: Option<LateReviewView>,
}

/// What was found out about a late answer.
#[derive(Debug, Serialize, ToSchema)]
pub struct LateReviewView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// By whom.
    by: String,
    /// Why it was late, and what follows from it.
    note: String,
}

impl From<LateReview> for LateReviewView {
    fn from(review: LateReview) -> Self {
        Self { at: review.at, by: review.by, note: review.note }
    }
}

/// How long people waited.
#[derive(Debug, Serialize, ToSchema)]
pub struct ResponseReport {
    /// From then on.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// Until then.
    #[schema(value_type = String, format = DateTime)]
    to: Timestamp,
    /// There were more incidents than fit into a report, or more late answers than are listed; ask for a shorter span, or look into
    /// those that are listed.
    incomplete: bool,
    /// The groups in order of their names; drills are left out.
    groups: Vec<Summary>,
    /// The answers that took over 180 s, each to be looked into; of any time those that nobody has looked into yet.
    late: Vec<LateAnswer>,
}

/// How long people waited, made of what happened and of nothing else.
#[utoipa::path(get, path = "/api/reports/response", operation_id = "report_response", params(SpanQuery, Grouping), responses(
    (status = 200, content((ResponseReport = "application/json"), (String = "text/csv"),
        (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))),
    (status = 422, body = crate::http::problem::ProblemView)))]
pub async fn response(
    State(app): State<App>,
    visitor: Visitor,
    Query(query): Query<SpanQuery>,
    Query(Grouping { by, table }): Query<Grouping>,
) -> Result<Response, Problem> {
    visitor.may(Action::ReadReports, &Subject::Nothing, None)?;
    let now = visitor.now();
    let (from, to) = query.span(now)?;
    let by = By::from_name(by.as_deref().unwrap_or("all"));
    let by = by.ok_or_else(|| unprocessable("by is one of: all, operator, station, township, kind, hour"))?;
    let table = table_of(table.as_deref(), &["groups", "late"])?;
    let ledger = Ledger::of(&app, (from, to)).await?;
    let unreviewed = Ledger::unreviewed(&app, (from, to)).await?;
    let cases = ledger.cases(&app).await?;
    let older = unreviewed.cases(&app).await?;
    let mut reviews = app.shared.store.late_reviews(from, to).await?;
    let late =
        cases.iter().chain(&older).filter(|(_, case)| figures::is_late(case, now)).map(|(id, case)| {
            LateAnswer {
                reviewed: reviews.remove(id).map(LateReviewView::from),
                incident_id: id.clone(),
                began: case.began,
                answered_s: case.answered_s,
                operator: case.operator.clone(),
            }
        });
    let late = late.collect();
    let all: Vec<Case> = cases.iter().map(|(_, case)| case.clone()).collect();
    let groups = figures::summaries(&all, by);
    let report =
        ResponseReport { from, to, incomplete: ledger.incomplete || unreviewed.incomplete, groups, late };
    visitor.record("read_report", "response", format!("{from} to {to}, {} cases", all.len())).await?;
    let sheets = [groups_sheet("response", &report.groups), late_sheet(&report)];
    let format = query.format.as_deref();
    answer(format, "response", &report, in_file(format, table, &sheets))
}

/// Groups of cases, row by row.
pub(super) fn groups_sheet(name: &str, groups: &[Summary]) -> Sheet {
    let columns = vec![
        "group",
        "cases",
        "unanswered",
        "answered_within_15_s_pct",
        "answered_within_60_s_pct",
        "answered_within_180_s_pct",
        "answered_p50_s",
        "answered_p90_s",
        "answered_max_s",
        "sent_p50_s",
        "sent_p90_s",
        "sent_max_s",
        "acknowledged_p50_s",
        "acknowledged_p90_s",
        "acknowledged_max_s",
        "arrived_p50_s",
        "arrived_p90_s",
        "arrived_max_s",
        "closed_p50_s",
        "closed_p90_s",
        "closed_max_s",
        "false_alarms",
        "false_alarm_pct",
    ];
    let row = |group: &Summary| {
        let mut row = vec![
            Cell::Text(group.group.clone()),
            Cell::count(group.cases),
            Cell::count(group.unanswered),
            Cell::Number(group.answered_within_15_s_pct),
            Cell::Number(group.answered_within_60_s_pct),
            Cell::Number(group.answered_within_180_s_pct),
        ];
        for spread in [&group.answered, &group.sent, &group.acknowledged, &group.arrived, &group.closed] {
            row.extend(spread_cells(spread));
        }
        row.extend([Cell::count(group.false_alarms), Cell::Number(group.false_alarm_pct)]);
        row
    };
    Sheet { name: name.to_owned(), columns, rows: groups.iter().map(row).collect() }
}

fn late_sheet(report: &ResponseReport) -> Sheet {
    let columns = vec!["incident", "began", "answered_s", "operator", "reviewed_by", "review"];
    let row = |late: &LateAnswer| {
        let words = |text: Option<&str>| text.map_or(Cell::Empty, Cell::from);
        vec![
            Cell::Text(late.incident_id.to_string()),
            Cell::Text(late.began.to_string()),
            late.answered_s.into(),
            words(late.operator.as_deref()),
            words(late.reviewed.as_ref().map(|review| review.by.as_str())),
            words(late.reviewed.as_ref().map(|review| review.note.as_str())),
        ]
    };
    Sheet { name: "over 180 s".to_owned(), columns, rows: report.late.iter().map(row).collect() }
}

/// Why an answer was late.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ReviewBody {
    /// Why it was late, and what follows from it.
    note: String,
}

/// Writes down what a supervisor found out about a late answer; until then it stays listed.
/// That is a supervisor's: who keeps the platform answers for no shift.
#[utoipa::path(post, path = "/api/reports/late/{id}", operation_id = "review_late", request_body = ReviewBody,
    params(("id" = String, Path)), responses((status = 200, body = LateReviewView),
        (status = 404, body = crate::http::problem::ProblemView),
        (status = 409, body = crate::http::problem::ProblemView, description = "Nobody has answered it yet."),
        (status = 422, body = crate::http::problem::ProblemView)))]
pub async fn review(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Json(body): Json<ReviewBody>,
) -> Result<Json<LateReviewView>, Problem> {
    visitor.may(Action::ReviewLate, &Subject::Nothing, None)?;
    let note = needed("note", &body.note, LONG)?;
    let incident = find(&app, &visitor, id).await?;
    let now = visitor.now();
    let events = app.shared.store.incident_events(&incident.id).await?;
    let case = figures::case(&events).filter(|case| figures::is_late(case, now));
    let case = case.ok_or_else(|| unprocessable("this incident was not answered late"))?;
    // A review takes it off the list for good, and how late it will have been nobody knows.
    if case.answered_s.is_none() && incident.is_open() {
        let detail =
            "nobody has answered this incident yet; see that somebody takes it, and look into it then";
        return Err(Problem::new(StatusCode::CONFLICT, "unanswered", detail));
    }
    let review = LateReview { at: now, by: visitor.who.username.clone(), note };
    let detail = about_now("", incident.resident.as_ref());
    let audit = vec![visitor.audit("review_late", incident.id.as_str(), detail)];
    let write = ReviewLate { incident: incident.id, review: review.clone(), audit };
    app.shared.store.write(write).await?;
    Ok(Json(review.into()))
}
