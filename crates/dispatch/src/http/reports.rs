//! How long people waited: by operator, station, kind of signal and hour of the day. Nobody in need is named.

use super::{
    App,
    incidents::find,
    problem::Problem,
    session::Visitor,
    words::{LONG, needed, unprocessable},
};
use crate::view::table::Csv;
use access::{Action, Subject};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::header,
    response::{IntoResponse, Response},
};
use incident::figures::{self, By, Case, Spread, Summary};
use model::{IncidentId, SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{LateReview, ReviewLate};
use utoipa::{IntoParams, ToSchema};

/// The span without a `from`: a quarter of a year, as reports are made.
const USUAL: SignedDuration = SignedDuration::from_hours(24 * 92);
/// The longest span.
const LONGEST: SignedDuration = SignedDuration::from_hours(24 * 366);
/// Incidents of a report at most.
const AT_MOST: u32 = 50_000;

/// Of which time, and put together by what.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ReportQuery {
    /// Incidents opened from then on; 92 days before `to` if it is not given.
    from: Option<String>,
    /// Until then, itself excluded; now if it is not given.
    to: Option<String>,
    /// `all` (the default), `operator`, `station`, `kind` or `hour` (of the day in China).
    by: Option<String>,
    /// `json` (the default) or `csv`.
    format: Option<String>,
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
    /// There were more incidents than fit into a report; ask for a shorter span.
    incomplete: bool,
    /// The groups in order of their names; drills are left out.
    groups: Vec<Summary>,
    /// The answers that took over 180 s, each to be looked into.
    late: Vec<LateAnswer>,
}

/// How long people waited, made of what happened and of nothing else.
#[utoipa::path(get, path = "/api/reports/response", operation_id = "report_response", params(ReportQuery), responses(
    (status = 200, content((ResponseReport = "application/json"), (String = "text/csv"))),
    (status = 422, body = super::problem::ProblemView)))]
pub async fn response(
    State(app): State<App>,
    visitor: Visitor,
    Query(query): Query<ReportQuery>,
) -> Result<Response, Problem> {
    visitor.may(Action::ReadReports, &Subject::Nothing, None)?;
    let now = visitor.now();
    let to = moment("to", query.to.as_deref())?.unwrap_or(now);
    let from = moment("from", query.from.as_deref())?.or_else(|| to.checked_sub(USUAL).ok()).unwrap_or(to);
    if from > to || to.duration_since(from) > LONGEST {
        return Err(unprocessable("from comes before to, by at most 366 days"));
    }
    let by = By::from_name(query.by.as_deref().unwrap_or("all"));
    let by = by.ok_or_else(|| unprocessable("by is one of: all, operator, station, kind, hour"))?;
    let histories = app.shared.store.histories(from, to, AT_MOST).await?;
    let cases: Vec<(IncidentId, Case)> =
        histories.into_iter().filter_map(|(id, events)| Some((id, figures::case(&events)?))).collect();
    let incomplete = cases.len() >= usize::try_from(AT_MOST).unwrap_or(usize::MAX);
    let mut reviews = app.shared.store.late_reviews(from, to).await?;
    let late = cases.iter().filter(|(_, case)| figures::is_late(case, now)).map(|(id, case)| LateAnswer {
        reviewed: reviews.remove(id).map(LateReviewView::from),
        incident_id: id.clone(),
        began: case.began,
        answered_s: case.answered_s,
        operator: case.operator.clone(),
    });
    let late = late.collect();
    let all: Vec<Case> = cases.iter().map(|(_, case)| case.clone()).collect();
    let report = ResponseReport { from, to, incomplete, groups: figures::summaries(&all, by), late };
    visitor.record("read_report", "response", format!("{from} to {to}, {} cases", all.len())).await?;
    match query.format.as_deref() {
        None | Some("json") => Ok(Json(report).into_response()),
        Some("csv") => Ok(csv(&report)),
        Some(_) => Err(unprocessable("format is json or csv")),
    }
}

/// Why an answer was late.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ReviewBody {
    /// Why it was late, and what follows from it.
    note: String,
}

/// Writes down what a supervisor found out about a late answer; until then it stays listed.
#[utoipa::path(post, path = "/api/reports/late/{id}", operation_id = "review_late", request_body = ReviewBody,
    params(("id" = String, Path)), responses((status = 200, body = LateReviewView),
        (status = 404, body = super::problem::ProblemView), (status = 422, body = super::problem::ProblemView)))]
pub async fn review(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Json(body): Json<ReviewBody>,
) -> Result<Json<LateReviewView>, Problem> {
    visitor.may(Action::ReadReports, &Subject::Nothing, None)?;
    let note = needed("note", &body.note, LONG)?;
    let incident = find(&app, &visitor, id).await?;
    let review = LateReview { at: visitor.now(), by: visitor.who.username.clone(), note };
    let audit = vec![visitor.audit("review_late", incident.id.as_str(), "")];
    let write = ReviewLate { incident: incident.id, review: review.clone(), audit };
    app.shared.store.write(write).await?;
    Ok(Json(review.into()))
}

fn moment(field: &str, text: Option<&str>) -> Result<Option<Timestamp>, Problem> {
    let wrong = |_| unprocessable(format!("{field} is a time such as 2026-11-23T08:00:00Z"));
    text.map(|text| text.parse().map_err(wrong)).transpose()
}

fn csv(report: &ResponseReport) -> Response {
    let mut csv = Csv::new(&[
        "group",
        "cases",
        "unanswered",
        "answered_within_60_s_pct",
        "answered_within_180_s_pct",
        "answered_p50_s",
        "answered_p90_s",
        "answered_max_s",
        "sent_p50_s",
        "sent_p90_s",
        "acknowledged_p50_s",
        "acknowledged_p90_s",
        "arrived_p50_s",
        "arrived_p90_s",
        "closed_p50_s",
        "closed_p90_s",
        "false_alarms",
    ]);
    for group in &report.groups {
        let number = |number: usize| number.to_string();
        let time = |time: Option<u32>| time.map(|time| time.to_string()).unwrap_or_default();
        let pair = |spread: &Spread| [time(spread.p50_s), time(spread.p90_s)];
        let mut row = vec![
            group.group.clone(),
            number(group.cases),
            number(group.unanswered),
            group.answered_within_60_s_pct.to_string(),
            group.answered_within_180_s_pct.to_string(),
        ];
        row.extend(pair(&group.answered));
        row.push(time(group.answered.max_s));
        for spread in [&group.sent, &group.acknowledged, &group.arrived, &group.closed] {
            row.extend(pair(spread));
        }
        row.push(number(group.false_alarms));
        csv.row(&row.iter().map(String::as_str).collect::<Vec<_>>());
    }
    let disposition = "attachment; filename=\"response.csv\"";
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, disposition)];
    (headers, csv.into_text()).into_response()
}
