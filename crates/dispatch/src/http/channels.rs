//! Ways to people: the roster, and how each channel stands.

use super::{
    App,
    channel_tests::{HANDSET, SCREEN},
    fresh, on_call,
    problem::Problem,
    session::Visitor,
    words::{SHORT, needed, unprocessable},
};
use crate::{
    outside::{TEST_HOLDS, reach},
    view::{Page, mask},
};
use access::{Action, Subject};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use incident::ladder::{OnCall, clock};
use model::Timestamp;
use notify::Channel;
use serde::{Deserialize, Serialize};
use store::{ChannelTest, PutOnRoster, RosterEntry, TakeOffRoster};
use utoipa::ToSchema;

/// Somebody who is on call.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterItem {
    id: String,
    name: String,
    /// `mon` to `sun`: the days on which the hours begin.
    days: Vec<String>,
    /// `22:00`, in Shanghai.
    from: String,
    /// `06:00`; on the next day if it is not later.
    to: String,
    /// `sms`, `voice` or `email`.
    channel: String,
    /// The last four signs.
    address: String,
}

impl From<RosterEntry> for RosterItem {
    fn from(entry: RosterEntry) -> Self {
        let OnCall { hours, .. } = entry.on_call;
        Self {
            id: entry.id,
            name: entry.name,
            days: on_call::days(entry.on_call),
            from: clock(hours.from),
            to: clock(hours.to),
            channel: entry.channel,
            address: mask(&entry.address),
        }
    }
}

/// The roster, and the hours of the week in which nobody is on call.
#[derive(Debug, Serialize, ToSchema)]
pub struct RosterView {
    items: Vec<RosterItem>,
    /// Always null: there are no more.
    next: Option<String>,
    /// In which nobody is by telephone or message, as `Mon 08:00-09:30`; a letter wakes nobody.
    uncovered: Vec<String>,
}

/// Who is on call when.
#[utoipa::path(get, path = "/api/roster", operation_id = "read_roster", responses((status = 200, body = RosterView)))]
pub async fn roster(State(app): State<App>, visitor: Visitor) -> Result<Json<RosterView>, Problem> {
    visitor.may(Action::ManageLadder, &Subject::Nothing, None)?;
    let entries = app.shared.store.roster().await?.whole;
    visitor.record("read_roster", "roster", format!("{} shown", entries.len())).await?;
    let uncovered = reach::uncovered(&entries);
    Ok(Json(RosterView { items: entries.into_iter().map(RosterItem::from).collect(), next: None, uncovered }))
}

/// Somebody to be on call.
#[derive(Deserialize, ToSchema)]
pub struct NewEntry {
    name: String,
    /// `mon` to `sun`.
    days: Vec<String>,
    /// `22:00`, in Shanghai.
    from: String,
    /// `06:00`; equal to `from` means round the clock.
    to: String,
    /// `sms`, `voice` or `email`.
    channel: String,
    /// The telephone number or the address.
    address: String,
}

super::words::hides_what_it_holds!(NewEntry);

/// Puts somebody on the roster.
#[utoipa::path(post, path = "/api/roster", operation_id = "put_on_roster", request_body = NewEntry, responses(
    (status = 201, body = RosterItem), (status = 422, body = super::problem::ProblemView)))]
pub async fn put(
    State(app): State<App>,
    visitor: Visitor,
    Json(body): Json<NewEntry>,
) -> Result<(StatusCode, Json<RosterItem>), Problem> {
    visitor.may(Action::ManageLadder, &Subject::Nothing, None)?;
    let on_call = on_call::read(&body.days, &body.from, &body.to)?;
    let entry = RosterEntry {
        id: fresh::id("roster")?,
        name: needed("name", &body.name, SHORT)?,
        on_call,
        channel: person_channel(&body.channel)?.as_str().to_owned(),
        address: needed("address", &body.address, SHORT)?,
    };
    let audit = vec![visitor.audit("put_on_roster", &entry.id, "")];
    let keys = app.shared.store.keys().clone();
    app.shared.store.write(PutOnRoster { entry: entry.clone(), keys, audit }).await?;
    Ok((StatusCode::CREATED, Json(entry.into())))
}

fn person_channel(name: &str) -> Result<Channel, Problem> {
    let found =
        [Channel::Sms, Channel::Voice, Channel::Email].into_iter().find(|channel| channel.as_str() == name);
    found.ok_or_else(|| unprocessable("channel is one of: sms, voice, email"))
}

/// Takes somebody off the roster.
#[utoipa::path(delete, path = "/api/roster/{id}", operation_id = "take_off_roster", params(("id" = String, Path)),
    responses((status = 204)))]
pub async fn take_off(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    visitor.may(Action::ManageLadder, &Subject::Nothing, None)?;
    let audit = vec![visitor.audit("take_off_roster", &id, "")];
    let was_there = app.shared.store.write(TakeOffRoster { id, audit }).await?;
    if was_there { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found("entry of the roster")) }
}

/// A way to people.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelView {
    /// `sms`, `voice`, `webhook`, `email`, `handset` or `screen`.
    channel: String,
    /// Whether the settings name a gateway for it; handsets and screens need none.
    set_up: bool,
    /// The last test.
    test: Option<TestView>,
    /// Whether an escalation may count on it: it passed a test within 30 days.
    counts: bool,
}

/// How a test went.
#[derive(Debug, Serialize, ToSchema)]
pub struct TestView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Whether the other side took the message.
    ok: bool,
    /// There and back, in milliseconds.
    took_ms: i64,
    /// Why not; or what the other side calls it.
    detail: String,
    /// By whom.
    by: String,
}

impl From<ChannelTest> for TestView {
    fn from(test: ChannelTest) -> Self {
        Self { at: test.at, ok: test.is_ok, took_ms: test.took_ms, detail: test.detail, by: test.by }
    }
}

/// The ways to people, and whether an escalation may count on them.
#[utoipa::path(get, path = "/api/channels", operation_id = "channels", responses((status = 200, body = Page<ChannelView>)))]
pub async fn list(State(app): State<App>, visitor: Visitor) -> Result<Json<Page<ChannelView>>, Problem> {
    visitor.may(Action::ManageLadder, &Subject::Nothing, None)?;
    let (now, mut tests) = (visitor.now(), app.shared.store.channel_tests().await?);
    let holds = |test: &ChannelTest| test.is_ok && now.duration_since(test.at) <= TEST_HOLDS;
    let is_set_up =
        |channel: Channel| app.outside.as_ref().is_some_and(|outside| outside.sender().has(channel));
    let gateways = Channel::ALL.map(|channel| (channel.as_str(), is_set_up(channel)));
    let view = |(channel, set_up): (&str, bool)| {
        let place = tests.iter().position(|test| test.channel == channel);
        let test = place.map(|place| tests.swap_remove(place));
        ChannelView {
            channel: channel.to_owned(),
            set_up,
            counts: test.as_ref().is_some_and(holds),
            test: test.map(TestView::from),
        }
    };
    let items = gateways.into_iter().chain([(HANDSET, true), (SCREEN, true)]).map(view).collect();
    Ok(Json(Page { items, next: None }))
}
