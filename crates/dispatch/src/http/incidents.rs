//! Incidents: lists, one with its events, and calls that open one.

use super::{
    App, case_looks,
    incident_acts::idempotency,
    page::Paging,
    problem::Problem,
    residents::Reason,
    rights::not_erased,
    session::{Visitor, shown_to},
    whom::told,
};
use crate::view::{EventView, IncidentView, Page, UNSAVED_PREFIX};
use access::{Action, Decision, Role, Subject, decide, hears_words, rings_back};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use futures_util::future::try_join_all;
use incident::Incident;
use model::{Division, HandsetId, IncidentId, ResidentId, Signal, SignalId, SignalKind};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{AuditRow, IncidentFilter, NamedResident, Sifted, StoreError, WriteAudit, is_probe};
use utoipa::{IntoParams, ToSchema};

/// Incidents of a list whose handsets' newest positions are looked for at the same time.
const PLACED_AT_ONCE: usize = 8;
/// The longest text a person may enter about a call or an incident.
pub(super) const TEXT_CHARACTERS: usize = 4_000;

/// Which incidents.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StateFilter {
    /// `open` (the default), `closed` or `all`.
    state: Option<String>,
}

/// Incidents, newest first. Closed ones that are opened for a reason alone stand there without the person, the place and the words.
#[utoipa::path(get, path = "/api/incidents", operation_id = "list_incidents", params(StateFilter, Paging), responses(
    (status = 200, body = Page<IncidentView>)))]
pub async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(filter): Query<StateFilter>,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<IncidentView>>, Problem> {
    visitor.may(Action::ListIncidents, &Subject::Nothing, None)?;
    let filter = match filter.state.as_deref() {
        None | Some("open") => IncidentFilter::Open,
        Some("closed") => IncidentFilter::Closed,
        Some("all") => IncidentFilter::All,
        Some(_) => return Err(Problem::bad_request("state must be open, closed or all")),
    };
    let (limit, before) = (paging.limit()?, place(paging.cursor.as_deref())?);
    let found = match visitor.who.role {
        Role::Relative | Role::Station => {
            Sifted { whole: own(&app, &visitor, filter, before, limit).await?, broken: Vec::new() }
        }
        Role::Operator | Role::Supervisor | Role::Admin | Role::Auditor | Role::Service => {
            app.shared.store.incidents(filter, visitor.who.scope.as_ref(), before, limit).await?
        }
    };
    let Sifted { whole: found, broken } = found;
    for row in &broken {
        tracing::error!(event = "row_unreadable", row, "an incident is missing from a list");
    }
    let full = found.len().saturating_add(broken.len()) >= usize::try_from(limit).unwrap_or(usize::MAX);
    let next = found.last().filter(|_| full).map(cursor);
    let known =
        app.shared.store.named(found.iter().filter_map(|incident| incident.resident.as_ref())).await?;
    let mut views = Vec::with_capacity(found.len());
    for some in found.chunks(PLACED_AT_ONCE) {
        views.extend(try_join_all(some.iter().map(|incident| app.hub.view_among(incident, &known))).await?);
    }
    let mut items = Vec::new();
    for (incident, view) in found.iter().zip(views) {
        let handled = case_looks::had_part(&app, &visitor, incident).await?;
        items.extend(listed(&visitor, readable(&visitor, &within(incident, handled, None)), view));
    }
    let residents: BTreeSet<_> = items
        .iter()
        .filter_map(|item: &IncidentView| item.resident.as_ref())
        .map(|resident| &resident.id)
        .collect();
    let whom = format!("{} incidents, {}", items.len(), shown_to(residents.into_iter()));
    let look = visitor.audit("list_incidents", "incidents", whom);
    app.shared.store.write(WriteAudit(vec![look])).await?;
    Ok(Json(Page { items, next }))
}

/// What of an incident this account is shown.
fn shown(visitor: &Visitor, view: IncidentView) -> IncidentView {
    let view = view.placed_for(&visitor.who, visitor.now());
    if hears_words(visitor.who.role) { view } else { view.wordless() }
}

/// What of it stands in a list.
fn listed(visitor: &Visitor, answer: Decision, view: IncidentView) -> Option<IncidentView> {
    match answer {
        Decision::Allowed => Some(shown(visitor, view)),
        Decision::AllowedWithReason => Some(view.in_short()),
        Decision::Refused(_) => None,
    }
}

fn readable(visitor: &Visitor, subject: &Subject) -> Decision {
    decide(&visitor.who, Action::ReadIncident, subject, visitor.now())
}

/// What a relative, or a station, may have to do with: incidents of their residents, or with tasks of its own.
async fn around(app: &App, visitor: &Visitor) -> Result<Vec<Incident>, StoreError> {
    let (store, mut all) = (&app.shared.store, Vec::new());
    let residents: BTreeSet<&ResidentId> = visitor.who.granted.iter().map(|grant| &grant.resident).collect();
    for resident in residents {
        all.extend(store.incidents_of(resident).await?);
    }
    let tasked: BTreeSet<&IncidentId> = visitor.who.tasks.iter().map(|task| &task.incident).collect();
    for incident in tasked {
        all.extend(store.incident(incident).await?);
    }
    Ok(all)
}

/// A page of what a relative or a station may see. It is made of that alone, so that not even where it ends tells of another
/// incident.
async fn own(
    app: &App,
    visitor: &Visitor,
    filter: IncidentFilter,
    before: Option<(i64, String)>,
    limit: u32,
) -> Result<Vec<Incident>, Problem> {
    let mut all = around(app, visitor).await?;
    let key = |incident: &Incident| (incident.opened_at.as_microsecond(), incident.id.to_string());
    all.retain(|incident| {
        let is_asked = match filter {
            IncidentFilter::All => true,
            IncidentFilter::Open => incident.is_open(),
            IncidentFilter::Closed => !incident.is_open(),
        };
        is_asked
            && before.as_ref().is_none_or(|before| key(incident) < *before)
            && visitor.may(Action::ReadIncident, &subject(incident), None).is_ok()
    });
    all.sort_by_key(|incident| std::cmp::Reverse(key(incident)));
    all.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(all)
}

fn cursor(incident: &Incident) -> String {
    format!("{}_{}", incident.opened_at.as_microsecond(), incident.id)
}

/// The place a cursor means: a time in microseconds and an id.
pub(super) fn place(cursor: Option<&str>) -> Result<Option<(i64, String)>, Problem> {
    let Some(cursor) = cursor else { return Ok(None) };
    cursor
        .split_once('_')
        .and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())))
        .map(Some)
        .ok_or_else(|| Problem::bad_request("this is not a cursor of this list"))
}

/// What the policy is asked about an incident that was found ([`find`]) or listed: that it is within the account's scope is known.
/// So is whether a reason was needed to look at it.
pub(super) fn subject(incident: &Incident) -> Subject {
    within(incident, true, None)
}

fn within(incident: &Incident, handled: bool, division: Option<Division>) -> Subject {
    Subject::Incident {
        id: Some(incident.id.clone()),
        resident: incident.resident.clone(),
        opened_at: incident.opened_at,
        open: incident.is_open(),
        handled,
        division,
    }
}

/// Whether the account may see the incident: to an account for a part of the district a closed one about somebody elsewhere is a
/// record that it does not keep.
async fn may_read(app: &App, visitor: &Visitor, incident: &Incident) -> Result<Decision, StoreError> {
    let division = match &incident.resident {
        Some(resident) if visitor.who.scope.is_some() => app.shared.store.division_of(resident).await?,
        Some(_) | None => None,
    };
    let handled = case_looks::had_part(app, visitor, incident).await?;
    Ok(readable(visitor, &within(incident, handled, division)))
}

/// The same, where it is known where the residents of many live.
pub(super) fn may_read_among(
    visitor: &Visitor,
    incident: &Incident,
    known: &HashMap<ResidentId, NamedResident>,
) -> Decision {
    let named = incident.resident.as_ref().and_then(|id| known.get(id));
    readable(visitor, &within(incident, false, named.and_then(|one| one.division.clone())))
}

/// The incident that something is done to, if there is one that the account may see; the act itself goes on record. Who looks
/// alone asks [`case_looks::look`].
pub(super) async fn find(app: &App, visitor: &Visitor, id: String) -> Result<Incident, Problem> {
    Ok(found(app, visitor, id).await?.0)
}

/// The incident, if there is one that the account may see, be it for a reason. One that a relative may not see looks as if it
/// were not there; one that is no station's task and one that is not there look alike to a station.
pub(super) async fn found(app: &App, visitor: &Visitor, id: String) -> Result<(Incident, Decision), Problem> {
    visitor.may(Action::ListIncidents, &Subject::Nothing, None)?;
    if id.starts_with(UNSAVED_PREFIX) {
        let detail = "this press is not on disk yet, so nothing can be noted about it: ring the resident now";
        return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "not_on_disk", detail));
    }
    let incident = match IncidentId::new(id.clone()) {
        Ok(id) => app.shared.store.incident(&id).await?,
        Err(_shape) => None,
    };
    let incident = incident.filter(|incident| !incident.handset.as_ref().is_some_and(is_probe));
    let Some(incident) = incident else {
        // As long as for one that is kept from them, or the time it takes would tell.
        if matches!(visitor.who.role, Role::Relative | Role::Station) {
            visitor.record("look_refused", id.as_str(), "no such incident").await?;
        }
        return Err(absent(visitor));
    };
    let answer = may_read(app, visitor, &incident).await?;
    let Decision::Refused(refused) = answer else { return Ok((incident, answer)) };
    let (why, told) = match visitor.who.role {
        Role::Relative => ("not theirs to see", absent(visitor)),
        Role::Station => ("no open task of the station", absent(visitor)),
        Role::Operator | Role::Supervisor | Role::Admin | Role::Auditor | Role::Service => {
            ("outside the account's scope", Problem::forbidden(refused))
        }
    };
    let why = case_looks::about_now(why, incident.resident.as_ref());
    visitor.record("look_refused", incident.id.as_str(), why).await?;
    Err(told)
}

/// What is said where there is no such incident: to a station that it has no task, which it is told of any other's incident.
fn absent(visitor: &Visitor) -> Problem {
    match readable(visitor, &Subject::Nothing) {
        Decision::Refused(why) if visitor.who.role == Role::Station => Problem::forbidden(why),
        Decision::Refused(_) | Decision::Allowed | Decision::AllowedWithReason => {
            Problem::not_found("incident")
        }
    }
}

/// One incident.
#[utoipa::path(get, path = "/api/incidents/{id}", operation_id = "read_incident", params(("id" = String, Path), Reason), responses(
    (status = 200, body = IncidentView),
    (status = 403, body = super::problem::ProblemView, description = "It is closed, and a reason is needed."),
    (status = 404, body = super::problem::ProblemView)))]
pub async fn read(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(Reason { reason }): Query<Reason>,
) -> Result<Json<IncidentView>, Problem> {
    let glance = case_looks::look(&app, &visitor, id, reason.as_deref()).await?;
    let view = shown(&visitor, app.hub.view(&glance.incident).await?);
    let view = view.with_callers(&callers(&app, &visitor, &glance.incident).await?);
    case_looks::looked(&visitor, "read_incident", &glance, "with position").await?;
    Ok(Json(view))
}

/// Who rang, whole: as long as somebody may have to be rung back, and to those who would do so.
pub(super) async fn callers(
    app: &App,
    visitor: &Visitor,
    incident: &Incident,
) -> Result<BTreeMap<SignalId, String>, Problem> {
    if !incident.is_open() || !rings_back(visitor.who.role) {
        return Ok(BTreeMap::new());
    }
    Ok(app.shared.store.callers(incident).await?)
}

/// What happened to an incident, in order.
#[utoipa::path(get, path = "/api/incidents/{id}/events", params(("id" = String, Path), Reason), responses(
    (status = 200, body = Page<EventView>),
    (status = 403, body = super::problem::ProblemView, description = "It is closed, and a reason is needed."),
    (status = 404, body = super::problem::ProblemView)))]
pub async fn events(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(Reason { reason }): Query<Reason>,
) -> Result<Json<Page<EventView>>, Problem> {
    let glance = case_looks::look(&app, &visitor, id, reason.as_deref()).await?;
    let events = app.shared.store.incident_events(&glance.incident.id).await?;
    case_looks::looked(&visitor, "read_incident_events", &glance, &format!("{} shown", events.len())).await?;
    let hears = hears_words(visitor.who.role);
    let told = told(&app, &visitor, &events).await?;
    let view = |event: EventView| if hears { event } else { event.wordless() };
    Ok(Json(Page { items: told.into_iter().map(view).collect(), next: None }))
}

/// A telephone call about a resident.
#[derive(Debug, Deserialize, ToSchema)]
pub struct OpenCall {
    /// `call`.
    kind: String,
    /// Whom it is about; null if that is not known.
    resident: Option<String>,
    /// Who rang.
    caller: String,
    /// What was said.
    words: String,
}

/// Enters a call; it opens an incident or joins the resident's open one.
#[utoipa::path(post, path = "/api/incidents", request_body = OpenCall,
    params(("Idempotency-Key" = Option<String>, Header)), responses(
    (status = 201, body = IncidentView), (status = 422, body = super::problem::ProblemView),
    (status = 409, body = super::problem::ProblemView, description = "The person has been erased.")))]
pub async fn open_call(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Json(request): Json<OpenCall>,
) -> Result<impl IntoResponse, Problem> {
    visitor.may(Action::OpenCall, &Subject::Nothing, None)?;
    let unprocessable =
        |detail: &str| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "unprocessable", detail.to_owned());
    if request.kind != "call" {
        return Err(unprocessable("kind must be call; every other signal comes from a handset"));
    }
    if request.caller.chars().count() + request.words.chars().count() > TEXT_CHARACTERS {
        return Err(unprocessable("caller and words together are limited to 4000 characters"));
    }
    let resident = match &request.resident {
        None => None,
        Some(id) => {
            let id = ResidentId::new(id.clone()).map_err(|error| unprocessable(&error.to_string()))?;
            let known = app.shared.store.resident_name(&id).await?.is_some();
            let id = Some(id).filter(|_| known).ok_or_else(|| unprocessable("there is no such resident"))?;
            not_erased(&app, &id).await?;
            Some(id)
        }
    };
    let asked = format!("{:?} {:?} {:?}", request.resident, caller_tag(&app, &request.caller), request.words);
    let key = idempotency(&visitor, &headers, "call", &asked)?;
    let signal = call_signal(&visitor, resident, &request, key.as_ref().map(|key| key.key.as_str()));
    let signal = place_it(&app, signal).await?;
    let audit = called(&visitor, "open_call", &signal);
    let incident = app.desk.call(signal, audit, key).await?;
    Ok((StatusCode::CREATED, Json(app.hub.view(&incident).await?)))
}

/// Stands for a caller where two requests are compared: a digest of a number alone would tell it to whoever tries them all.
pub(super) fn caller_tag(app: &App, caller: &str) -> Vec<u8> {
    app.shared.store.keys().index("caller", caller)
}

/// A call opens a resident's card and way: whoever asks who looked at them finds it.
pub(super) fn called(visitor: &Visitor, action: &str, signal: &Signal) -> AuditRow {
    match &signal.resident {
        Some(resident) => visitor.audit(action, resident.as_str(), signal.id.as_str()),
        None => visitor.audit(action, signal.id.as_str(), ""),
    }
}

/// The handset is the one the resident carries, so that the person hears what is being done; the position
/// is the last one known of it.
pub(super) async fn place_it(app: &App, mut signal: Signal) -> Result<Signal, Problem> {
    signal.handset = carried_by(app, signal.resident.as_ref()).await?;
    if let Some(handset) = &signal.handset {
        signal.fix = app.hub.live_fix(handset, signal.resident.as_ref()).await?;
        if signal.fix.is_some() {
            signal.remarks.push(model::Remark::LastKnown);
        }
    }
    Ok(signal)
}

/// The handset that somebody carries, where they are known and carry one.
pub(super) async fn carried_by(
    app: &App,
    resident: Option<&ResidentId>,
) -> Result<Option<HandsetId>, Problem> {
    match resident {
        Some(resident) => Ok(app.shared.store.handset_of(resident).await?),
        None => Ok(None),
    }
}

fn call_signal(
    visitor: &Visitor,
    resident: Option<ResidentId>,
    request: &OpenCall,
    key: Option<&str>,
) -> Signal {
    let now = visitor.now();
    let at = now.to_string();
    let id = match key {
        Some(key) => SignalId::from_cause("call", &[&visitor.who.username, key]),
        None => SignalId::from_cause("call", &[&visitor.who.username, &at, &request.words]),
    };
    Signal {
        id,
        kind: SignalKind::Call,
        handset: None,
        resident,
        press_id: None,
        cancel: false,
        at: now,
        received_at: now,
        late_by_s: 0,
        remarks: Vec::new(),
        fix: None,
        caller: Some(request.caller.clone()).filter(|caller| !caller.is_empty()),
        words: Some(request.words.clone()).filter(|words| !words.is_empty()),
        graver: None,
        evidence: None,
    }
}
