//! The copy of what is held about a person, for the person. What is not in it, and why, stands in `docs/privacy.md`: a table that names
//! somebody is in the one or the other.

use super::{
    App,
    absences::AbsenceView,
    commands::CommandView,
    falls::FallItem,
    habits::HabitsView,
    notices::{self, NoticeView},
    problem::Problem,
    provisioning::CarriedItem,
    residents::planned,
};
use crate::view::{EventView, IncidentView, ResidentCard, SignalView, mask};
use incident::Incident;
use model::{ResidentId, SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};
use store::{Snoozed, Store, StoreError};

/// How far back the part of the track reaches that is counted in the copy; the rest is exported by the track's own route.
const TRACK: SignedDuration = SignedDuration::from_hours(24 * 90);

/// All of it. Telephones, numbers and where home is are masked unless `is_whole`: fences and usual ground tell that too.
pub(super) async fn copy(
    app: &App,
    id: &ResidentId,
    is_whole: bool,
    now: Timestamp,
) -> Result<Value, Problem> {
    let store = &app.shared.store;
    let resident = store.resident(id).await?.ok_or_else(|| Problem::not_found("resident"))?;
    let (name, number) = (resident.name.clone(), resident.identity_number.clone());
    let card = ResidentCard::new(resident, store.handset_of(id).await?, None, now);
    let card = planned(app, card, now).await?;
    let card = if is_whole { card } else { card.masked() };
    let identity_number = if is_whole { number } else { number.as_deref().map(mask) };
    let carried: Vec<_> = store.carried_by(id).await?.into_iter().map(CarriedItem::from).collect();
    let absences: Vec<_> = store.held_absences(id).await?.into_iter().map(AbsenceView::from).collect();
    let falls = store.fall_reports(id, i64::MAX, u32::MAX).await?;
    let falls: Vec<_> = falls.into_iter().map(FallItem::from).collect();
    let signals = store.held_signals(id).await?;
    let signals: Vec<_> = signals.iter().map(SignalView::from).collect();
    let track = store.track(id, now.checked_sub(TRACK).unwrap_or_default(), now).await?;
    Ok(json!({
        "made_at": now,
        "resident": card,
        "identity_number": identity_number,
        "relatives": relatives(store, id, now).await?,
        "consents": consents(store, id).await?,
        "handsets": carried,
        "incidents": incidents(store, id, &name, now).await?,
        "other_signals": signals,
        "falls": falls,
        "fall_answers": fall_answers(store, id).await?,
        "absences": absences,
        "watch": watch(store, id, is_whole).await?,
        "days": days(store, id).await?,
        "positions_held": track.points.len(),
        "more": [
            format!("/api/residents/{id}/track?format=csv (every position, 31 days at a time)"),
            format!("/api/residents/{id}/export?part=looks (who looked; from and to name a range)"),
        ],
    }))
}

async fn relatives(store: &Store, id: &ResidentId, now: Timestamp) -> Result<Vec<Value>, StoreError> {
    let found = store.relatives(id, now).await?.into_iter();
    let relative = found.map(|relative| {
        json!({ "name": relative.display_name, "relation": relative.relation, "since": relative.from })
    });
    Ok(relative.collect())
}

async fn consents(store: &Store, id: &ResidentId) -> Result<Vec<Value>, StoreError> {
    let consent = |consent: store::Consent| {
        json!({ "purpose": consent.purpose, "given_by": consent.given_by, "giver": consent.giver, "data": consent.data,
            "shares": consent.shares.codes(), "text_version": consent.text_version, "channel": consent.channel,
            "given_at": consent.given_at, "withdrawn_at": consent.withdrawn.map(|(at, _)| at) })
    };
    Ok(store.consents(id).await?.into_iter().map(consent).collect())
}

/// An incident with what was done and noted, what the handset was asked, and who was told.
#[derive(Serialize)]
struct Case {
    #[serde(flatten)]
    incident: IncidentView,
    history: Vec<EventView>,
    commands: Vec<CommandView>,
    messages: Vec<NoticeView>,
}

async fn incidents(
    store: &Store,
    id: &ResidentId,
    name: &str,
    now: Timestamp,
) -> Result<Vec<Case>, StoreError> {
    let mut cases = Vec::new();
    for incident in store.incidents_of(id).await? {
        cases.push(case(store, &incident, name, now).await?);
    }
    Ok(cases)
}

async fn case(store: &Store, incident: &Incident, name: &str, now: Timestamp) -> Result<Case, StoreError> {
    let events = store.incident_events(&incident.id).await?;
    let commands = store.commands_about(&incident.id, u32::MAX).await?;
    let messages = notices::about(store, incident, &events, now).await?;
    Ok(Case {
        incident: IncidentView::new(incident, Some(name.to_owned()), None, now),
        history: events.iter().map(EventView::from).collect(),
        commands: commands.into_iter().map(|line| CommandView::new(line, now)).collect(),
        messages: messages.into_iter().map(NoticeView::without_address).collect(),
    })
}

async fn fall_answers(store: &Store, id: &ResidentId) -> Result<Vec<Value>, StoreError> {
    let found = store.fall_answers_of(id).await?.into_iter();
    Ok(found.map(|heard| json!({ "fall": heard.signal, "at": heard.at, "reply": heard.reply })).collect())
}

/// How they are watched: the fences, also those that were taken away, what is said of them, and what was learned of their ways.
async fn watch(store: &Store, id: &ResidentId, is_whole: bool) -> Result<Value, StoreError> {
    let fences = store.fences_ever(id).await?.into_iter().map(|fence| {
        let entry = fence.entry;
        json!({ "id": entry.id, "name": entry.name, "kind": entry.kind, "armed": entry.armed,
            "shape": is_whole.then_some(entry.shape), "schedule": entry.schedule, "home_by": entry.home_by,
            "dwell_s": entry.dwell_s, "created_at": fence.created_at, "ended_at": fence.ended_at })
    });
    let fences: Vec<Value> = fences.collect();
    let habits = store.habits(Some(id)).await?.pop().map(|known| HabitsView::new(&known.habits));
    let habits = habits.map(|habits| if is_whole { habits } else { habits.without_places() });
    let returns = store.held_returns(id).await?.into_iter();
    let returns: Vec<Value> = returns.map(|back| json!({ "at": back.at, "return": back.of })).collect();
    let snoozes = store.held_snoozes(id).await?.into_iter().map(|snooze| {
        let (Snoozed::Fence(place) | Snoozed::Zone(place)) = snooze.about;
        json!({ "about": place, "from": snooze.from, "until": snooze.until })
    });
    let snoozes: Vec<Value> = snoozes.collect();
    let policy = store.policy(id).await?.map(|stored| stored.policy);
    Ok(
        json!({ "fences": fences, "policy": policy, "habits": habits, "returns": returns, "snoozes": snoozes }),
    )
}

/// What stays of the days of which the track is removed.
async fn days(store: &Store, id: &ResidentId) -> Result<Vec<Value>, StoreError> {
    let day = |day: store::HeldDay| json!({ "from": day.from, "positions": day.fixes, "hours": day.hours, "moved_m": day.moved_m });
    Ok(store.held_days(id).await?.into_iter().map(day).collect())
}
