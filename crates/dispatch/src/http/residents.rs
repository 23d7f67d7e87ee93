//! Residents: who they are, for those who may know.

use super::{
    App,
    page::Paging,
    problem::Problem,
    session::{Visitor, shown_to},
};
use crate::view::{Page, PositionView, ResidentCard, ResidentItem, mask_numbers};
use access::{Action, Role, Sight, Subject, Who, hidden_since, is_hidden, withheld_since};
use axum::{
    Json,
    extract::{Path, Query, State},
};
use model::{Fix, ResidentId, SignedDuration, Timestamp};
use serde::Deserialize;
use store::{StoreError, WriteAudit};
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
    let position = match fix {
        Some(fix) => seen(&app, &visitor.who, &id, sight, &fix, now).await?,
        None => None,
    };
    let card = ResidentCard::new(resident, handset, position, now);
    let card = if sight.position { planned(&app, card, now).await? } else { card };
    let card = without_plans_kept(card, withheld_since(&visitor.who, &id));
    let card = if visitor.who.role == Role::Relative { card.without_staff() } else { card };
    let card = if sight.record { card } else { card.without_record() };
    Ok(Json(if sight.contact { card } else { card.masked() }))
}

/// How far back is looked for the last place from before something was withheld; a handset that was heard is found in the first.
const LOOKED_BACK: [SignedDuration; 3] =
    [SignedDuration::from_hours(1), SignedDuration::from_hours(24), SignedDuration::from_hours(31 * 24)];

/// The newest position that the account may be shown. Where the newest there is is withheld, it is the last one from before that, with
/// its age, as of a handset out of reach: one that went away would tell that something happened.
async fn seen(
    app: &App,
    who: &Who,
    id: &ResidentId,
    sight: Sight,
    newest: &Fix,
    now: Timestamp,
) -> Result<Option<PositionView>, StoreError> {
    let Some(since) = hidden_since(who, id, newest.fix_time) else {
        return Ok((newest.fix_time >= sight.from).then(|| PositionView::new(newest, now)));
    };
    for back in LOOKED_BACK {
        let from = since.checked_sub(back).unwrap_or(Timestamp::MIN).max(sight.from);
        if from >= since {
            break;
        }
        let points = app.shared.store.track(id, from, since).await?.points;
        if let Some(last) = points.iter().rfind(|point| !is_hidden(who, id, point.fix_time)) {
            return Ok(Some(PositionView::of(last, now)));
        }
    }
    Ok(None)
}

/// The card without what would tell the family of an incident that is kept from them: that somebody went to hospital after it, or that
/// a button was tried then. When an absence was entered is not on record, so none is told.
fn without_plans_kept(card: ResidentCard, since: Option<Timestamp>) -> ResidentCard {
    let Some(since) = since else { return card };
    let last_drill_at = card.last_drill_at.filter(|at| *at < since);
    ResidentCard { last_drill_at, absences: Vec::new(), ..card }
}

/// The card with when somebody is away and when their button was tried.
pub(super) async fn planned(app: &App, card: ResidentCard, now: Timestamp) -> Result<ResidentCard, Problem> {
    let last_drill_at = app.shared.store.last_drill(&card.id).await?;
    let absences = app.shared.store.absences(&card.id, now).await?.into_iter().map(Into::into).collect();
    Ok(ResidentCard { last_drill_at, absences, ..card })
}
