//! Drills: staff open a window for a handset, and see whose button has not been tried for long.

use super::{
    App, handsets,
    incidents::place,
    page::Paging,
    problem::Problem,
    session::{Visitor, shown_to},
    words::unprocessable,
};
use crate::view::{Page, ResidentRef, mask_numbers};
use access::{Action, Subject};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use model::{HandsetId, SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::{DrillWindow, DueDrills, EndDrill, LastDrill, OpenDrill};
use utoipa::{IntoParams, ToSchema};

/// A window is for one try, not for a day in which nobody comes.
const LONGEST_MIN: u32 = 60;
/// After so many days a button is tried again.
const DUE_AFTER: SignedDuration = SignedDuration::from_hours(30 * 24);
/// So many windows are listed; the next to end first.
const LISTED: u32 = 200;

/// How long the window is open.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OpenWindow {
    /// 1 to 60 minutes.
    minutes: u32,
}

/// A window within which presses and falls of a handset are a drill.
#[derive(Debug, Serialize, ToSchema)]
pub struct WindowView {
    /// Of which handset.
    #[schema(value_type = String)]
    handset: HandsetId,
    /// From when.
    #[schema(value_type = String, format = DateTime)]
    from: Timestamp,
    /// Until when.
    #[schema(value_type = String, format = DateTime)]
    to: Timestamp,
    /// The account that opened it.
    by: String,
}

impl From<DrillWindow> for WindowView {
    fn from(window: DrillWindow) -> Self {
        Self { handset: window.handset, from: window.from, to: window.to, by: window.by }
    }
}

/// Opens a window: a press or a fall within it runs through the whole chain as a drill. Anything else is real.
/// The window ends with the drill.
#[utoipa::path(post, path = "/api/handsets/{id}/drill", operation_id = "open_drill", request_body = OpenWindow,
    params(("id" = String, Path)), responses((status = 201, body = WindowView),
        (status = 404, body = super::problem::ProblemView),
        (status = 409, body = super::problem::ProblemView, description = "A real incident of theirs is open."),
        (status = 422, body = super::problem::ProblemView)))]
pub async fn open(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Json(body): Json<OpenWindow>,
) -> Result<(StatusCode, Json<WindowView>), Problem> {
    let handset = known(&app, &visitor, id).await?;
    if !(1..=LONGEST_MIN).contains(&body.minutes) {
        return Err(unprocessable(format!("minutes must be 1 to {LONGEST_MIN}")));
    }
    let from = visitor.now();
    let to = from.checked_add(SignedDuration::from_mins(i64::from(body.minutes))).unwrap_or(from);
    let window = DrillWindow { handset: handset.clone(), from, to, by: visitor.who.username.clone() };
    let audit = vec![visitor.audit("open_drill", handset.as_str(), format!("{} min", body.minutes))];
    if !app.shared.store.write(OpenDrill { window: window.clone(), audit }).await? {
        let detail = "an incident of this handset, or of whoever carries it, is open or about to be; the next press may be another cry for help";
        return Err(Problem::new(StatusCode::CONFLICT, "incident_open", detail));
    }
    Ok((StatusCode::CREATED, Json(window.into())))
}

/// Ends the window of a handset: whatever comes from now on is real.
#[utoipa::path(delete, path = "/api/handsets/{id}/drill", operation_id = "end_drill", params(("id" = String, Path)),
    responses((status = 204), (status = 404, body = super::problem::ProblemView)))]
pub async fn end(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let handset = known(&app, &visitor, id).await?;
    let audit = vec![visitor.audit("end_drill", handset.as_str(), "")];
    app.shared.store.write(EndDrill { handset, at: visitor.now(), audit }).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn known(app: &App, visitor: &Visitor, id: String) -> Result<HandsetId, Problem> {
    visitor.may(Action::ManageDrills, &Subject::Nothing, None)?;
    let (handset, _) = handsets::known(app, id).await?;
    if let Some(id) = app.shared.store.resident_of(&handset, visitor.now()).await? {
        let division = app.shared.store.division_of(&id).await?;
        // Asked as if the carrier were in no need: who helps across the border needs no drill there.
        let carrier = Subject::Resident { id, has_open_incident: false, division };
        visitor.may(Action::ManageDrills, &carrier, None)?;
    }
    Ok(handset)
}

/// The windows that have not ended, of residents within the own scope, the next to end first.
#[utoipa::path(get, path = "/api/drills/windows", operation_id = "drill_windows", responses((status = 200, body = Page<WindowView>)))]
pub async fn windows(State(app): State<App>, visitor: Visitor) -> Result<Json<Page<WindowView>>, Problem> {
    visitor.may(Action::ManageDrills, &Subject::Nothing, None)?;
    let open = app.shared.store.drill_windows(visitor.now(), visitor.who.scope.as_ref(), LISTED).await?;
    let carriers = open.iter().filter_map(|(_, carrier)| carrier.as_ref());
    visitor.record("list_drill_windows", "handsets", shown_to(carriers)).await?;
    let items = open.into_iter().map(|(window, _)| WindowView::from(window)).collect();
    Ok(Json(Page { items, next: None }))
}

/// Whose button is to be tried.
#[derive(Debug, Serialize, ToSchema)]
pub struct DrillDue {
    /// Whose.
    resident: ResidentRef,
    /// The handset they carry.
    #[schema(value_type = Option<String>)]
    handset: Option<HandsetId>,
    /// When the last drill that was gone through to its end began; null: never.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_at: Option<Timestamp>,
}

/// Of whom.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DueSearch {
    /// A part of a name or of a handset's id; without it everybody.
    q: Option<String>,
    /// Why, where nothing is looked for and more than the first page is to be listed; it goes on record.
    reason: Option<String>,
}

impl DueSearch {
    /// Why somebody looks: what they look for, or what they say.
    fn why(&self) -> &str {
        let mut said = [&self.q, &self.reason].into_iter().flatten().map(|text| text.trim());
        said.find(|text| !text.is_empty()).unwrap_or_default()
    }
}

/// Whose buttons are to be tried.
#[derive(Debug, Serialize, ToSchema)]
pub struct DueList {
    /// Who has waited longest first.
    items: Vec<DrillDue>,
    /// The cursor of the next page; null on the last.
    next: Option<String>,
    /// How many there are on all pages together.
    total: u32,
}

/// Residents whose button was not tried within 30 days; who has waited longest first. The first page is the day's work; whoever goes on
/// lists everybody, and says why.
#[utoipa::path(get, path = "/api/drills/due", operation_id = "drills_due", params(DueSearch, Paging), responses(
    (status = 200, body = DueList),
    (status = 403, body = super::problem::ProblemView, description = "Another page, nothing is looked for and no reason is given, or it is not for this role.")))]
pub async fn due(
    State(app): State<App>,
    visitor: Visitor,
    Query(search): Query<DueSearch>,
    Query(paging): Query<Paging>,
) -> Result<Json<DueList>, Problem> {
    visitor.may(Action::ManageDrills, &Subject::Nothing, None)?;
    if paging.cursor.is_some() {
        visitor.may(Action::ListResidents, &Subject::Nothing, Some(search.why()))?;
    }
    let (store, now, text) = (&app.shared.store, visitor.now(), search.q.unwrap_or_default());
    let (limit, after) = (paging.limit()?, place(paging.cursor.as_deref())?);
    let before = now.checked_sub(DUE_AFTER).unwrap_or(now);
    let due = DueDrills { before, scope: visitor.who.scope.as_ref(), text: text.trim() };
    let found = store.drills_due(&due, after.as_ref(), limit).await?;
    let total = store.count_drills_due(&due).await?;
    let full = found.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
    let next = found.last().filter(|_| full).map(cursor);
    let shown = shown_to(found.iter().map(|one| &one.resident));
    let looked_for =
        if due.text.is_empty() { String::new() } else { format!("looked for {:?}", mask_numbers(due.text)) };
    let reason = search.reason.as_deref().unwrap_or_default().trim();
    let said = [looked_for.as_str(), reason, shown.as_str()].into_iter().filter(|text| !text.is_empty());
    let looked = said.collect::<Vec<_>>().join(", ");
    visitor.record("list_drills_due", "residents", looked).await?;
    let item = |one: LastDrill| DrillDue {
        resident: ResidentRef { id: one.resident, name: one.name },
        handset: one.handset,
        last_at: one.at,
    };
    Ok(Json(DueList { items: found.into_iter().map(item).collect(), next, total }))
}

fn cursor(last: &LastDrill) -> String {
    let at_us = last.at.map_or(0, Timestamp::as_microsecond);
    format!("{at_us}_{}", last.handset.as_ref().map_or("", HandsetId::as_str))
}
