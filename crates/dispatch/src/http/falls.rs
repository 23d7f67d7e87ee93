//! Every report of a fall of a resident, also those that were never raised: how they were judged, and what was heard of the question.

use super::{App, consents, page::Paging, problem::Problem, residents::Reason, session::Visitor};
use crate::view::Page;
use access::{Action, Who, is_hidden};
use axum::{
    Json,
    extract::{Path, Query, State},
};
use geofence::falls::episode::Reply;
use model::{IncidentId, ResidentId, SignalId, Timestamp};
use serde::Serialize;
use store::FallReport;
use utoipa::ToSchema;

/// A report of a fall.
#[derive(Debug, Serialize, ToSchema)]
pub struct FallItem {
    /// The signal it is or would be.
    #[schema(value_type = String)]
    id: SignalId,
    /// When it happened, as well as is known.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// When it reached us.
    #[schema(value_type = String, format = DateTime)]
    received_at: Timestamp,
    /// That it was a fall, from 0 to 1; null if it could not be judged.
    probability: Option<f64>,
    /// What was found, in sentences (zh-Hans): why it was raised where the detector was not sure, and what it measured.
    findings: Vec<String>,
    /// When the person was asked whether they are all right.
    #[schema(value_type = String, format = DateTime)]
    asked_at: Timestamp,
    /// What was heard of that: `well`, `not_well`, `silence` or `not_reached`; null while it is waited for.
    #[schema(value_type = Option<String>)]
    reply: Option<Reply>,
    /// Whether it was raised.
    raised: bool,
    /// The incident that it is in.
    #[schema(value_type = Option<String>)]
    incident: Option<IncidentId>,
}

impl From<FallReport> for FallItem {
    fn from(of: FallReport) -> Self {
        // What was raised says why; of what was not there is the judgement alone.
        let told = of.signal.evidence.map(|evidence| evidence.why);
        let told = told.unwrap_or_else(|| of.report.assessment.sentence_zh());
        let sentences = told.split('。').filter(|sentence| !sentence.is_empty());
        Self {
            id: of.signal.id,
            at: of.signal.at,
            received_at: of.signal.received_at,
            probability: of.report.assessment.probability(),
            findings: sentences.map(str::to_owned).collect(),
            // Each is asked about as it comes.
            asked_at: of.signal.received_at,
            reply: of.reply,
            raised: of.raised,
            incident: of.incident,
        }
    }
}

/// Whether it is part of an incident that is kept from this account: a fall is older than the incident it opened.
fn is_withheld(who: &Who, report: &FallReport) -> bool {
    let incident = report.incident.as_ref();
    incident.is_some_and(|incident| who.withheld.iter().any(|kept| kept.incident.as_ref() == Some(incident)))
}

/// A resident's reports of falls, newest first, for as long as they are kept. Each look goes on record; a relative sees them from the
/// beginning of the grant on.
#[utoipa::path(get, path = "/api/residents/{id}/falls", operation_id = "list_falls",
    params(("id" = String, Path), Reason, Paging), responses((status = 200, body = Page<FallItem>),
    (status = 403, body = super::problem::ProblemView, description = "A reason is needed, or it is not for this role."),
    (status = 404, body = super::problem::ProblemView)))]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(Reason { reason }): Query<Reason>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<FallItem>>, Problem> {
    let id = ResidentId::new(id).map_err(|_shape| Problem::not_found("resident"))?;
    let glance = visitor.may_look(Action::ReadTrack, &id, reason.as_deref()).await?;
    let id = consents::known(&app, id.to_string()).await?;
    let (limit, mut before) = (paging.limit()?, paging.number()?.unwrap_or(i64::MAX));
    let page = usize::try_from(limit).unwrap_or(usize::MAX);
    let sight = glance.sight;
    let is_seen = |report: &FallReport| {
        let at = report.signal.at;
        let is_kept_back = is_hidden(&visitor.who, &id, at) || is_withheld(&visitor.who, report);
        sight.track && at >= sight.track_from && !is_kept_back
    };
    // Page by page over what is seen: an empty one with more behind it would tell of what is not.
    let (mut seen, mut is_more) = (Vec::new(), true);
    while is_more && seen.len() <= page {
        let found = app.shared.store.fall_reports(&id, before, limit).await?;
        is_more = found.len() >= page;
        before = found.last().map_or(before, |last| last.row);
        seen.extend(found.into_iter().filter(is_seen));
    }
    let is_cut = seen.len() > page;
    seen.truncate(page);
    let next = seen.last().filter(|_| is_cut).map(|last| last.row.to_string());
    let items: Vec<FallItem> = seen.into_iter().map(FallItem::from).collect();
    visitor.looked("list_falls", &glance, &format!("{} shown", items.len())).await?;
    Ok(Json(Page { items, next }))
}
