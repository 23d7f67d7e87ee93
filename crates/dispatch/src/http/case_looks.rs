//! Looks at one incident. An open one is its own reason. A closed one is a record: whoever had no part in it within the last day
//! says why it is opened, and a supervisor reviews that like a look at somebody without an open incident.

use super::{App, incidents::found, problem::Problem, session::Visitor};
use crate::view::IncidentView;
use access::{Decision, Role};
use axum::http::StatusCode;
use incident::{Event, Incident, TaskState, What};
use model::{ResidentId, Severity, SignalKind, SignedDuration};
use store::{JobError, Look, RecordLookOnce, StoreError, WriteAudit, about_whom};

/// For so long a closed incident is opened without a word by those who had a part in it: a shift, and the report after it.
const FRESH: SignedDuration = SignedDuration::from_hours(24);

const WHY: &str = "this incident is closed and you had no part in it within the last day; say why you look with ?reason=…, it goes \
    on record";

/// A look at an incident that is allowed.
#[derive(Debug)]
pub(super) struct CaseGlance {
    pub(super) incident: Incident,
    /// Why, where that had to be said.
    reason: Option<String>,
}

/// The incident, if there is one that the account may look at for this reason.
pub(super) async fn look(
    app: &App,
    visitor: &Visitor,
    id: String,
    reason: Option<&str>,
) -> Result<CaseGlance, Problem> {
    let (incident, decision) = found(app, visitor, id).await?;
    let said = reason.map(str::trim).filter(|reason| !reason.is_empty());
    let reason = match decision {
        Decision::Allowed => None,
        Decision::AllowedWithReason => Some(said.ok_or_else(reason_required)?.to_owned()),
        Decision::Refused(why) => return Err(Problem::forbidden(why)),
    };
    Ok(CaseGlance { incident, reason })
}

fn reason_required() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "reason_required", WHY)
}

/// Puts a look on record, with whom the incident is about now; one that needed its reason also for a supervisor to review.
pub(super) async fn looked(
    visitor: &Visitor,
    action: &str,
    glance: &CaseGlance,
    detail: &str,
) -> Result<(), JobError> {
    let CaseGlance { incident, reason } = glance;
    let parts = [Some(detail), reason.as_deref()].into_iter().flatten().filter(|part| !part.is_empty());
    let said = about_now(parts.collect::<Vec<_>>().join(": "), incident.resident.as_ref());
    let audit = vec![visitor.audit(action, incident.id.as_str(), said)];
    let (Some(reason), Some(resident)) = (reason, &incident.resident) else {
        return visitor.store.write(WriteAudit(audit)).await;
    };
    visitor.note_breadth(resident).await?;
    // Whatever part of it was read.
    let look = by(visitor, "read_incident", resident, reason);
    visitor.store.write(RecordLookOnce { look, audit }).await
}

/// A look for a supervisor to review; also what opens somebody's records as one does, which is written with the act itself.
pub(super) fn by(visitor: &Visitor, action: &str, resident: &ResidentId, reason: &str) -> Look {
    Look {
        at: visitor.now(),
        username: visitor.who.username.clone(),
        action: action.to_owned(),
        resident: resident.clone(),
        reason: reason.to_owned(),
    }
}

/// What goes on record about an act or a look, with whom the incident is about now: it may turn out later that it is somebody else.
pub(super) fn about_now(detail: impl Into<String>, resident: Option<&ResidentId>) -> String {
    let mut said = detail.into();
    if let Some(resident) = resident {
        said.push_str(&about_whom(resident.as_str()));
    }
    said
}

/// What somebody who did something is told of the incident. Of one that they would have to say why they open it is no more than
/// in a list.
pub(super) fn answered(answer: Decision, incident: &Incident, view: IncidentView) -> IncidentView {
    let is_record = answer == Decision::AllowedWithReason && !incident.is_open();
    if is_record { view.in_short() } else { view }
}

/// Whether the account had a part in this closed incident within the last day.
pub(super) async fn had_part(app: &App, visitor: &Visitor, incident: &Incident) -> Result<bool, StoreError> {
    let is_staff = matches!(visitor.who.role, Role::Operator | Role::Supervisor | Role::Admin);
    let (true, Some(closing)) = (is_staff, incident.closing()) else { return Ok(false) };
    let is_fresh = |at| visitor.now().duration_since(at) <= FRESH;
    if !is_fresh(closing.at) {
        return Ok(false);
    }
    let events = app.shared.store.incident_events(&incident.id).await?;
    let is_end = |event: &&Event| matches!(event.what, What::Closed { .. } | What::MergedInto { .. });
    let Some(end) = events.iter().rev().find(is_end) else { return Ok(false) };
    // What is added to a record makes nobody part of what happened.
    let own = |event: &Event| {
        event.version <= end.version && event.what.by() == Some(visitor.who.username.as_str())
    };
    Ok(events.iter().any(|event| own(event) && is_fresh(event.at)))
}

/// A call that is entered by hand opens somebody's card and way without a reason. One that was closed without anybody being sent
/// is reviewed as a look of whoever entered it, which is written with the closing. That names the version it was decided on, so
/// what is looked up here of an incident that is still open holds then.
pub(super) async fn of_calls_by_hand(app: &App, closes: &Incident) -> Result<Vec<Look>, StoreError> {
    let store = &app.shared.store;
    let is_call =
        closes.is_open() && !closes.drill && is_call_alone(closes.signals.iter().map(|signal| signal.kind));
    let Some(resident) = closes.resident.as_ref().filter(|_| is_call) else { return Ok(Vec::new()) };
    let events = store.incident_events(&closes.id).await?;
    let mut looks = Vec::new();
    // Who went before it was opened again went for what was over.
    let reopened = events.iter().rposition(|event| matches!(event.what, What::Reopened { .. })).unwrap_or(0);
    let since = events.get(reopened..).unwrap_or_default();
    for call in &closes.signals {
        let Some((username, at)) = store.who_entered_call(resident, &call.id).await? else { continue };
        if since.iter().any(|event| is_help(&event.what, &username)) {
            continue;
        }
        looks.push(Look {
            at,
            username,
            action: "open_call".to_owned(),
            resident: resident.clone(),
            reason: call.words.clone().unwrap_or_default(),
        });
    }
    Ok(looks)
}

/// Whether somebody rang, and that is all: a battery that is low meanwhile asks for nobody.
fn is_call_alone(kinds: impl Iterator<Item = SignalKind>) -> bool {
    let mut grave = kinds.filter(|kind| kind.severity() > Severity::Technical).peekable();
    grave.peek().is_some() && grave.all(|kind| kind == SignalKind::Call)
}

/// Whether somebody went or was given the case. What whoever entered the call wrote down alone is no proof of it, and a station that
/// was only asked is none.
fn is_help(what: &What, entered_by: &str) -> bool {
    let is_sent =
        matches!(what, What::HandedOver { .. } | What::TaskMoved { to: TaskState::Acknowledged, .. });
    is_sent && what.by() != Some(entered_by)
}

#[cfg(test)]
mod tests {
    use super::*;
    use incident::Service;
    use model::{TaskId, Timestamp};

    #[test]
    fn what_is_technical_makes_a_call_no_other_case() {
        use SignalKind::{Call, Fall, FenceExit, LoginRefused, LowBattery, Press};
        for (kinds, is_alone) in [
            (&[Call][..], true),
            (&[Call, Call][..], true),
            (&[Call, LowBattery][..], true),
            (&[LoginRefused, Call][..], true),
            (&[Call, Press][..], false),
            (&[Fall, Call][..], false),
            (&[Call, FenceExit][..], false),
            (&[LowBattery][..], false),
        ] {
            assert_eq!(is_call_alone(kinds.iter().copied()), is_alone, "{kinds:?}");
        }
    }

    #[test]
    fn help_is_what_somebody_else_says_of_it() {
        let moved = |to, by: &str| What::TaskMoved {
            task: TaskId::new("t-1").unwrap(),
            to,
            by: by.to_owned(),
            on_behalf: false,
            words: String::new(),
            answer_by: None,
            withdrawn: Vec::new(),
            cry: None,
        };
        let handed_over = |by: &str| What::HandedOver {
            by: by.to_owned(),
            to: Service::Ambulance,
            words: String::new(),
            deadline_at: Timestamp::UNIX_EPOCH,
            no_contact: false,
        };
        for (what, is_one) in [
            (moved(TaskState::Acknowledged, "station"), true),
            (moved(TaskState::Acknowledged, "operator"), false),
            (moved(TaskState::Withdrawn, "supervisor"), false),
            (moved(TaskState::Declined, "station"), false),
            (handed_over("operator"), false),
            (handed_over("operator2"), true),
        ] {
            assert_eq!(is_help(&what, "operator"), is_one, "{what:?}");
        }
    }
}
