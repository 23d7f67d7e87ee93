//! Residents: who they are, for those who may know.

use super::{
    App,
    page::Paging,
    problem::Problem,
    session::{Visitor, shown_to},
};
use crate::view::{Page, PositionView, ResidentCard, ResidentItem, mask_numbers};
use access::{Action, Role, Sight, Subject, Who, hides_place, is_anything_withheld};
use axum::{
    Json,
    extract::{Path, Query, State},
};
use model::{ResidentId, Timestamp};
use serde::Deserialize;
use store::WriteAudit;
use utoipa::IntoParams;

/// What to look for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Search {
    /// Part of a name, id or handset, or a whole telephone number. It is the reason for the look.
    q: Option<String>,
    /// Why, where nothing is looked for and everybody is to be listed; it goes on record.
    reason: Option<String>,
}

impl Search {
    /// Why somebody looks: what they look for, or what they say; nothing, and there is no reason. Of a number that was looked for
    /// the end is enough to tell it by.
    fn why(&self) -> String {
        match self.q.as_deref().map(str::trim) {
            Some(text) if !text.is_empty() => format!("looked for {:?}", mask_numbers(text)),
            Some(_) | None => self.reason.as_deref().unwrap_or_default().trim().to_owned(),
        }
    }
}

/// Residents. What was looked for goes on record, and so does why everybody was listed; neither, and nobody is.
#[utoipa::path(get, path = "/api/residents", operation_id = "list_residents", params(Search, Paging), responses(
    (status = 200, body = Page<ResidentItem>),
    (status = 403, body = super::problem::ProblemView, description = "Nothing is looked for and no reason is given, or it is not for this role.")))]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(search): Query<Search>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<ResidentItem>>, Problem> {
    let reason = search.why();
    visitor.may(Action::ListResidents, &Subject::Nothing, Some(&reason))?;
    let text = search.q.unwrap_or_default();
    let limit = paging.limit()?;
    let after = paging.cursor.unwrap_or_default();
    let found = app.shared.store.residents(text.trim(), visitor.who.scope.as_ref(), &after, limit).await?;
    let full = found.len() >= usize::try_from(limit).unwrap_or(usize::MAX);
    let next = found.last().filter(|_| full).map(|last| last.resident_id.clone());
    let ids: Vec<ResidentId> =
        found.iter().filter_map(|line| ResidentId::new(&line.resident_id).ok()).collect();
    let look = visitor.audit("list_residents", "residents", format!("{reason}, {}", shown_to(ids.iter())));
    app.shared.store.write(WriteAudit(vec![look])).await?;
    let items = found
        .into_iter()
        .map(|line| ResidentItem { id: line.resident_id, name: line.name, handset: line.handset_id })
        .collect();
    Ok(Json(Page { items, next }))
}

/// Why somebody looks.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Reason {
    /// Why, where no incident about the resident is open, or the incident is closed; it goes on record.
    pub(super) reason: Option<String>,
}

/// A resident's card with the newest position. Every look goes on record. A relative is not told of illness, the birth date and whom
/// to ring.
#[utoipa::path(get, path = "/api/residents/{id}", operation_id = "read_resident", params(("id" = String, Path), Reason), responses(
    (status = 200, body = ResidentCard),
    (status = 403, body = super::problem::ProblemView, description = "A reason is needed, or it is not for this role."),
    (status = 404, body = super::problem::ProblemView)))]
pub async fn read(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(Reason { reason }): Query<Reason>,
) -> Result<Json<ResidentCard>, Problem> {
    let id = ResidentId::new(id).map_err(|_shape| Problem::not_found("resident"))?;
    let glance = visitor.may_look(Action::ReadResident, &id, reason.as_deref()).await?;
    let resident = app.shared.store.resident(&id).await?.ok_or_else(|| Problem::not_found("resident"))?;
    let handset = app.shared.store.handset_of(&id).await?;
    let now = visitor.now();
    let sight = glance.sight;
    let fix = match &handset {
        Some(handset) if sight.position => app.hub.live_fix(handset, Some(&id)).await?,
        Some(_) | None => None,
    };
    visitor.looked("read_resident", &glance, "").await?;
    let is_seen = |at: Timestamp| at >= sight.from && !hides_place(&visitor.who, &id, at, now);
    let position = fix.filter(|fix| is_seen(fix.fix_time)).map(|fix| PositionView::new(&fix, now));
    let card = ResidentCard::new(resident, handset, position, now);
    let card = if knows_plans(&visitor.who, &id, sight) { planned(&app, card, now).await? } else { card };
    let card = if visitor.who.role == Role::Relative { card.without_staff() } else { card };
    let card = if sight.record { card } else { card.without_record() };
    Ok(Json(if sight.contact { card } else { card.masked() }))
}

/// Whether the account is told when somebody is away and when their button was tried. It tells where they are, and would tell the
/// family of an incident that is kept from them: that somebody went to hospital after it.
fn knows_plans(who: &Who, id: &ResidentId, sight: Sight) -> bool {
    sight.position && !is_anything_withheld(who, id)
}

/// The card with when somebody is away and when their button was tried.
pub(super) async fn planned(app: &App, card: ResidentCard, now: Timestamp) -> Result<ResidentCard, Problem> {
    let last_drill_at = app.shared.store.last_drill(&card.id).await?;
    let absences = app.shared.store.absences(&card.id, now).await?.into_iter().map(Into::into).collect();
    Ok(ResidentCard { last_drill_at, absences, ..card })
}
