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
use incident::Incident;
use model::{Remark, Signal, SignalId, SignalKind, SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use store::StoreError;
use utoipa::ToSchema;

/// No telephone number or name of a call is longer.
const LONGEST: usize = 64;
/// An exchange that had no answer says it again at once, or when its request timed out. What is said again later is another call
/// of the same person.
const ONE_CALL: SignedDuration = SignedDuration::from_mins(2);

/// A call as the exchange sees it.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Announced {
    /// The caller's number, as the exchange shows it.
    number: String,
    /// The exchange's own name for the call; announced twice within two minutes it is one call of this number.
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
    let named = named(&app, &visitor, &call).await?;
    let mut signal = Signal {
        id: named.id,
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
    if named.is_reused {
        signal.remarks.push(Remark::IdReused);
    }
    let asked = format!("{:?} {:?} {:?}", caller_tag(&app, &call.number), call.call_id, call.at);
    let key = idempotency(&visitor, &headers, "announce", &asked)?;
    if let Some(incident) = named.announced_in {
        let known = signal.resident.is_some();
        return Ok((StatusCode::CREATED, Json(Announcement { incident: incident.id.to_string(), known })));
    }
    let signal = place_it(&app, signal).await?;
    let audit = called(&visitor, "announce_call", &signal);
    let incident = app.desk.call(signal, audit, key).await?;
    let known = incident.resident.is_some();
    Ok((StatusCode::CREATED, Json(Announcement { incident: incident.id.to_string(), known })))
}

/// What a call is called here.
struct Named {
    id: SignalId,
    /// The exchange called an earlier call of this number the same.
    is_reused: bool,
    /// The incident that this very call is in, if it was announced before.
    announced_in: Option<Incident>,
}

/// An exchange that counts its lines, or begins to count anew, calls many calls the same. Whose number it is tells them apart, and of
/// one number how long ago it was: one call that is taken for two harms nobody, of two that are taken for one nobody hears the second.
async fn named(app: &App, visitor: &Visitor, call: &Announced) -> Result<Named, StoreError> {
    let (store, tag) = (&app.shared.store, format!("{:?}", caller_tag(app, call.number.trim())));
    let id_of = |nth: u32| {
        let (username, call_id) = (&visitor.who.username, call.call_id.trim());
        SignalId::from_cause("exchange", &[username, call_id, &tag, &nth.to_string()])
    };
    let mut count = Count::default();
    while let Some(nth) = count.asks() {
        count.hears(nth, store.incident_of_signal(&id_of(nth)).await?.is_some());
    }
    let earlier = count.known;
    let Some(last) = earlier.checked_sub(1).map(id_of) else {
        return Ok(Named { id: id_of(0), is_reused: false, announced_in: None });
    };
    let incident = match store.incident_of_signal(&last).await? {
        // One that cannot be read must not keep a caller from being heard.
        Some(incident) => store.incident(&incident).await.unwrap_or_else(|error| {
            tracing::error!(event = "row_unreadable", %incident, %error);
            None
        }),
        None => None,
    };
    let announced_in = incident.filter(|incident| is_repeat(incident, &last, visitor.now()));
    Ok(match announced_in {
        Some(_) => Named { id: last, is_reused: earlier > 1, announced_in },
        None => Named { id: id_of(earlier), is_reused: true, announced_in },
    })
}

/// How many there are of what is numbered from nought on without a gap; found with few questions.
#[derive(Debug, Default)]
struct Count {
    /// There are so many at least.
    known: u32,
    /// And so many at most.
    most: Option<u32>,
}

impl Count {
    /// Which number is to be looked for; nothing where the count is known.
    fn asks(&self) -> Option<u32> {
        match self.most {
            None => Some(self.known.saturating_mul(2)),
            Some(most) => (self.known < most).then(|| self.known.midpoint(most)),
        }
    }

    fn hears(&mut self, nth: u32, is_there: bool) {
        if is_there {
            self.known = nth.saturating_add(1);
        } else {
            self.most = Some(nth);
        }
    }
}

/// What is announced now is the call that this incident holds: it was announced a moment ago, and nobody is done with it.
fn is_repeat(incident: &Incident, call: &SignalId, now: Timestamp) -> bool {
    let its = incident.signals.iter().find(|signal| signal.id == *call);
    // What lies ahead was stamped before the clock was set back, and says nothing of how long ago it was.
    let is_fresh =
        |signal: &Signal| (SignedDuration::ZERO..=ONE_CALL).contains(&now.duration_since(signal.received_at));
    incident.is_open() && its.is_some_and(is_fresh)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::incident::{Command, Ladder, step};

    fn call(id: &str, at: Timestamp) -> Signal {
        let (handset, resident, press_id, remarks, fix, caller) = Default::default();
        let (late_by_s, words, graver, evidence) = Default::default();
        let id = SignalId::from_cause("exchange", &[id]);
        Signal {
            id,
            kind: SignalKind::Call,
            handset,
            resident,
            press_id,
            cancel: false,
            at,
            received_at: at,
            late_by_s,
            remarks,
            fix,
            caller,
            words,
            graver,
            evidence,
        }
    }

    #[test]
    fn a_call_that_is_announced_again_is_the_same_for_two_minutes_while_it_is_open() {
        let began: Timestamp = "2026-11-23T00:00:00Z".parse().expect("a time");
        let after = |seconds| began.checked_add(SignedDuration::from_secs(seconds)).expect("a time");
        let its = call("c-1", began);
        let mut case = None;
        let rang = Command::Signal(Box::new(its.clone()));
        step(&mut case, &rang, None, &Ladder::default(), began).expect("opened");
        let open = case.clone().expect("an incident");
        let repeats = [-1, 0, 1, 120, 121, 86_400].map(|seconds| is_repeat(&open, &its.id, after(seconds)));
        assert_eq!(repeats, [false, true, true, true, false, false], "also after a clock was set back");
        assert!(!is_repeat(&open, &call("c-2", began).id, began), "another call");

        let by = "anna".to_owned();
        step(&mut case, &Command::Claim { by: by.clone() }, None, &Ladder::default(), after(1))
            .expect("claimed");
        let close = Command::Close {
            by,
            role_may_override: true,
            cause: "test_press".to_owned(),
            outcome: "resolved_by_phone".to_owned(),
            note: "well".to_owned(),
            snooze_until: None,
        };
        step(&mut case, &close, None, &Ladder::default(), after(2)).expect("closed");
        let closed = case.expect("an incident");
        assert!(!is_repeat(&closed, &its.id, after(3)), "whoever rings after the end rings anew");
    }

    #[test]
    fn the_number_of_earlier_calls_is_found_with_few_questions() {
        for there in (0..40).chain([1_000, 4_095, 4_096]) {
            let (mut count, mut asked) = (Count::default(), 0);
            while let Some(nth) = count.asks() {
                count.hears(nth, nth < there);
                asked += 1;
            }
            assert_eq!(count.known, there);
            assert!(asked <= 26, "{asked} questions for {there}");
        }
    }
}
