//! A telephone exchange announces who rings.

use super::{
    App,
    incident_acts::idempotency,
    incidents::{called, caller_tag, place_it},
    problem::Problem,
    session::Visitor,
    words::unprocessable,
};
use access::{Action, Subject};
use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use model::{Remark, Signal, SignalId, SignalKind, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// No telephone number or name of a call is longer.
const LONGEST: usize = 64;

/// A call as the exchange sees it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Announced {
    /// The caller's number, as the exchange shows it.
    number: String,
    /// The exchange's own name for the call; announced twice it is one call.
    call_id: String,
    /// When it began to ring; absent: now.
    #[schema(value_type = Option<String>, format = DateTime)]
    at: Option<Timestamp>,
}

/// What became of a call.
#[derive(Debug, Serialize, ToSchema)]
pub struct Announcement {
    /// The incident that the call is in.
    incident: String,
    /// Whether the number is that of one person on record. Who that is, the screens show, not the exchange.
    known: bool,
}

/// Announces a call: it opens an incident of the caller's, or joins the open one, and their card is on the screens at once. A
/// number that several people have, or nobody, opens one about nobody known.
#[utoipa::path(post, path = "/api/calls", request_body = Announced, responses(
    (status = 201, body = Announcement), (status = 422, body = super::problem::ProblemView)))]
pub async fn announce(
    State(app): State<App>,
    visitor: Visitor,
    headers: HeaderMap,
    Json(call): Json<Announced>,
) -> Result<impl IntoResponse, Problem> {
    visitor.may(Action::AnnounceCall, &Subject::Nothing, None)?;
    for (name, text) in [("number", &call.number), ("call_id", &call.call_id)] {
        if text.trim().is_empty() || text.chars().count() > LONGEST {
            return Err(unprocessable(format!("{name} must have 1 to {LONGEST} characters")));
        }
    }
    let now = visitor.now();
    let callers = app.shared.store.residents_by_telephone(&call.number).await?;
    let mut signal = Signal {
        id: SignalId::from_cause("exchange", &[&visitor.who.username, call.call_id.trim()]),
        kind: SignalKind::Call,
        handset: None,
        resident: None,
        press_id: None,
        cancel: false,
        // An exchange whose clock is wrong must not date a call into the future.
        at: call.at.unwrap_or(now).min(now),
        received_at: now,
        late_by_s: 0,
        remarks: Vec::new(),
        fix: None,
        caller: Some(call.number.trim().to_owned()),
        words: None,
        graver: None,
        evidence: None,
    };
    match callers.as_slice() {
        [one] => signal.resident = Some(one.clone()),
        [] => signal.remarks.push(Remark::UnknownCaller),
        _several => signal.remarks.push(Remark::SharedNumber),
    }
    let asked = format!("{:?} {:?} {:?}", caller_tag(&app, &call.number), call.call_id, call.at);
    let key = idempotency(&visitor, &headers, "announce", &asked)?;
    if let Some(incident) = app.shared.store.incident_of_signal(&signal.id).await? {
        let known = signal.resident.is_some();
        return Ok((StatusCode::CREATED, Json(Announcement { incident: incident.to_string(), known })));
    }
    let signal = place_it(&app, signal).await?;
    let audit = called(&visitor, "announce_call", &signal);
    let incident = app.desk.call(signal, audit, key).await?;
    let known = incident.resident.is_some();
    Ok((StatusCode::CREATED, Json(Announcement { incident: incident.id.to_string(), known })))
}
