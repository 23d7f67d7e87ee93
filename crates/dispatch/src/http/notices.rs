//! Who was told about an incident, and what became of it.

use super::{
    App, case_looks, channel_tests::HANDSET, incidents::subject, problem::Problem, residents::Reason,
    session::Visitor,
};
use crate::view::{MASK, Page};
use access::Action;
use axum::{
    Json,
    extract::{Path, Query, State},
};
use incident::{Event, Incident, What};
use model::{HandsetId, Timestamp};
use serde::Serialize;
use std::collections::BTreeSet;
use store::{NoticeLine, NoticeState, SaidWord, Store, StoreError};
use utoipa::ToSchema;

/// What became of a message.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeView {
    id: String,
    /// `roster`, `relative`, `station`, `webhook`, `handset`, or `desk`: an account at the desk. On a screen `recipient` is the account's name.
    recipient_kind: String,
    recipient: String,
    /// `sms`, `voice`, `webhook`, `email`, `handset`: a word to the person herself, or `websocket`: the screens of an account.
    channel: String,
    /// The last four signs; empty for a handset and a screen.
    address: String,
    /// `waiting`; `sent`: the provider took it, or it was written to a screen; `delivered`, `seen`: it reports so, the handset has it, or the page
    /// answered; `acknowledged`: the recipient answered; `failed`; `ended`.
    state: &'static str,
    attempts: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    due_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    sent_at: Option<Timestamp>,
    /// When the provider reported that it is on the telephone, the handset acknowledged it, or a page answered that it has it.
    #[schema(value_type = Option<String>, format = DateTime)]
    delivered_at: Option<Timestamp>,
    /// When the provider reported that somebody took the call or read it, or a page that it shows it and is looked at.
    #[schema(value_type = Option<String>, format = DateTime)]
    seen_at: Option<Timestamp>,
    /// When the recipient answered: a relative about the incident, a station about its task, the desk by taking it or confirming a signal.
    #[schema(value_type = Option<String>, format = DateTime)]
    acknowledged_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    next_at: Option<Timestamp>,
    /// How long the last attempt took, there and back; of a screen from being written until it was looked at.
    took_ms: Option<i64>,
    /// Why it failed, or ended; `no_screen`: on duty, and no screen was up.
    why: Option<String>,
}

/// Who was told about an incident, by which way, and what became of it: on whose screens it was, who was told outside them, and every
/// word to the handset.
#[utoipa::path(get, path = "/api/incidents/{id}/notices", operation_id = "notices", params(("id" = String, Path), Reason),
    responses((status = 200, body = Page<NoticeView>), (status = 404, body = super::problem::ProblemView)))]
pub async fn notices(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(Reason { reason }): Query<Reason>,
) -> Result<Json<Page<NoticeView>>, Problem> {
    let glance = case_looks::look(&app, &visitor, id, reason.as_deref()).await?;
    visitor.may(Action::ReadFile, &subject(&glance.incident), None)?;
    let (store, incident) = (&app.shared.store, &glance.incident);
    let events = store.incident_events(&incident.id).await?;
    let items = about(store, incident, &events, visitor.now()).await?;
    case_looks::looked(&visitor, "list_notices", &glance, &format!("{} shown", items.len())).await?;
    Ok(Json(Page { items, next: None }))
}

/// All that went out about an incident with these events, in the order in which it was due.
pub(super) async fn about(
    store: &Store,
    incident: &Incident,
    events: &[Event],
    now: Timestamp,
) -> Result<Vec<NoticeView>, StoreError> {
    let lines = store.notices_about(&incident.id).await?;
    let spoken_to: BTreeSet<&HandsetId> =
        incident.listeners().into_iter().chain(events.iter().flat_map(named_in)).collect();
    let said = store.said(&incident.id, &spoken_to).await?;
    let words = said.iter().enumerate().map(|(nth, word)| of_word(nth, word, now));
    let mut items: Vec<NoticeView> = lines.into_iter().map(of_line).chain(words).collect();
    items.sort_by_key(|notice| notice.due_at);
    Ok(items)
}

impl NoticeView {
    /// The same without the last signs of the number: for those it was about, whose number it is not.
    #[must_use]
    pub(super) fn without_address(self) -> Self {
        Self { address: String::new(), ..self }
    }
}

/// The handsets that this event brings in: who listens no more was told things, too.
fn named_in(event: &Event) -> Vec<&HandsetId> {
    match &event.what {
        What::Opened { signal, .. } | What::SignalJoined { signal, .. } => signal.handset.iter().collect(),
        What::MergedFrom { signals, .. } => signals.iter().filter_map(|one| one.handset.as_ref()).collect(),
        What::Identified { carries: Some(carries), .. } => carries.handset.iter().collect(),
        _ => Vec::new(),
    }
}

fn of_line(line: NoticeLine) -> NoticeView {
    let at = |micros: i64| Timestamp::from_microsecond(micros).ok();
    NoticeView {
        state: line.state().as_str(),
        id: line.notice_id,
        recipient_kind: line.recipient_kind,
        recipient: line.recipient,
        channel: line.channel,
        address: masked(&line.address_last4),
        attempts: line.attempts,
        due_at: at(line.due_at_us),
        sent_at: line.sent_at_us.and_then(at),
        delivered_at: line.delivered_at_us.and_then(at),
        seen_at: line.seen_at_us.and_then(at),
        acknowledged_at: line.acknowledged_at_us.and_then(at),
        next_at: line.next_at_us.and_then(at),
        took_ms: line.took_ms,
        why: line.why,
    }
}

fn masked(last_four: &str) -> String {
    if last_four.is_empty() { String::new() } else { format!("{MASK}{last_four}") }
}

/// A word to a handset waits there until a session takes it, a newer one has its place, or it is too old to be heard. When it went
/// out nobody notes: what is known is that the handset has it.
fn of_word(nth: usize, word: &SaidWord, now: Timestamp) -> NoticeView {
    let (state, why) = match (word.heard_at, word.waits_until) {
        (Some(_), _) => (NoticeState::Delivered, None),
        (None, None) => (NoticeState::Ended, Some("a newer word took its place")),
        (None, Some(until)) if until <= now => (NoticeState::Ended, Some("it is too old to be heard")),
        (None, Some(_)) => (NoticeState::Waiting, None),
    };
    let handset = word.handset.to_string();
    let took = word.heard_at.map(|at| at.duration_since(word.said_at).as_millis());
    NoticeView {
        id: format!("{HANDSET}:{handset}:{nth}"),
        recipient_kind: HANDSET.to_owned(),
        recipient: handset,
        channel: HANDSET.to_owned(),
        address: String::new(),
        state: state.as_str(),
        attempts: i64::from(word.heard_at.is_some()),
        due_at: Some(word.said_at),
        sent_at: word.heard_at,
        delivered_at: word.heard_at,
        seen_at: None,
        acknowledged_at: None,
        next_at: None,
        took_ms: took.and_then(|took| i64::try_from(took).ok()),
        why: why.map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_to_a_handset_is_never_told_to_be_further_than_it_is() {
        let at = |second| Timestamp::from_second(second).expect("a moment");
        for (heard_s, until_s, state) in [
            (Some(101), Some(900), "delivered"),
            (Some(101), None, "delivered"),
            (None, Some(900), "waiting"),
            (None, Some(400), "ended"),
            (None, None, "ended"),
        ] {
            let word = SaidWord {
                handset: HandsetId::new("h1").expect("an id"),
                payload: String::new(),
                said_at: at(100),
                heard_at: heard_s.map(at),
                waits_until: until_s.map(at),
            };
            let view = of_word(0, &word, at(500));
            assert_eq!((view.state, view.delivered_at), (state, heard_s.map(at)), "{heard_s:?} {until_s:?}");
            assert_eq!(view.why.is_some(), state == "ended");
        }
    }
}
