//! Ways to people outside: the roster, tests of channels, and what became of messages.

use super::{
    App, case_looks, fresh,
    incidents::subject,
    on_call,
    problem::Problem,
    residents::Reason,
    session::Visitor,
    words::{SHORT, needed, unprocessable},
};
use crate::{
    outside::{TEST_HOLDS, reach},
    view::{MASK, Page, mask},
};
use access::{Action, Subject};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use incident::ladder::{OnCall, clock};
use model::Timestamp;
use notify::{Channel, Outgoing};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{ChannelTest, NoteChannelTest, PutOnRoster, RosterEntry, TakeOffRoster};
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

super::words::hides_what_it_holds!(NewEntry TestBody);

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

/// A way to people outside.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelView {
    /// `sms`, `voice`, `webhook` or `email`.
    channel: String,
    /// Whether the settings name a gateway for it.
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

/// The ways to people outside, and whether an escalation may count on them.
#[utoipa::path(get, path = "/api/channels", operation_id = "channels", responses((status = 200, body = Page<ChannelView>)))]
pub async fn list(State(app): State<App>, visitor: Visitor) -> Result<Json<Page<ChannelView>>, Problem> {
    visitor.may(Action::ManageLadder, &Subject::Nothing, None)?;
    let (now, mut tests) = (visitor.now(), app.shared.store.channel_tests().await?);
    let holds = |test: &ChannelTest| test.is_ok && now.duration_since(test.at) <= TEST_HOLDS;
    let view = |channel: Channel| {
        let place = tests.iter().position(|test| test.channel == channel.as_str());
        let test = place.map(|place| tests.swap_remove(place));
        ChannelView {
            channel: channel.as_str().to_owned(),
            set_up: app.outside.as_ref().is_some_and(|outside| outside.sender().has(channel)),
            counts: test.as_ref().is_some_and(holds),
            test: test.map(TestView::from),
        }
    };
    Ok(Json(Page { items: Channel::ALL.map(view).into(), next: None }))
}

/// Where a test goes.
#[derive(Deserialize, ToSchema)]
pub struct TestBody {
    /// A telephone number, an address, or the name of a webhook's receiver.
    to: String,
}

/// Sends a test by a channel and measures how long the other side takes.
#[utoipa::path(post, path = "/api/channels/{channel}/test", operation_id = "test_channel", request_body = TestBody,
    params(("channel" = String, Path)), responses((status = 200, body = TestView),
        (status = 404, body = super::problem::ProblemView), (status = 422, body = super::problem::ProblemView)))]
pub async fn test(
    State(app): State<App>,
    visitor: Visitor,
    Path(channel): Path<String>,
    Json(body): Json<TestBody>,
) -> Result<Json<TestView>, Problem> {
    visitor.may(Action::ManageLadder, &Subject::Nothing, None)?;
    let known = Channel::ALL.into_iter().find(|one| one.as_str() == channel);
    let channel = known.ok_or_else(|| Problem::not_found("channel"))?;
    let to = needed("to", &body.to, SHORT)?;
    let outside =
        app.outside.as_ref().ok_or_else(|| unprocessable("no way out is set up; see docs/notify.md"))?;
    let now = visitor.now();
    let message = Outgoing {
        id: format!("test-{}", now.as_microsecond()),
        channel,
        to,
        subject: "居家樂 通道测试".to_owned(),
        text: "这是居家樂的通道测试，无需处理。".to_owned(),
        link: None,
        variables: BTreeMap::from([("type".to_owned(), "channel.test".to_owned())]),
        drill: true,
        made_at: now,
    };
    let millis = |took: std::time::Duration| i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
    let (is_ok, took_ms, detail) = match outside.sender().send(&message, now).await {
        Ok(sent) => (true, millis(sent.took), sent.provider_id.unwrap_or_default()),
        Err(failed) => (false, millis(failed.took), failed.why),
    };
    let by = visitor.who.username.clone();
    let test = ChannelTest { channel: channel.as_str().to_owned(), at: now, is_ok, took_ms, detail, by };
    let audit =
        vec![visitor.audit("test_channel", channel.as_str(), if is_ok { "passed" } else { "failed" })];
    app.shared.store.write(NoteChannelTest { test: test.clone(), audit }).await?;
    Ok(Json(test.into()))
}

/// What became of a message.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeView {
    id: String,
    /// `roster`, `relative`, `station` or `webhook`.
    recipient_kind: String,
    recipient: String,
    channel: String,
    /// The last four signs.
    address: String,
    /// `waiting`; `sent`: the provider took it; `delivered`, `seen`: it reports so; `acknowledged`: the recipient answered; `failed`; `ended`.
    state: &'static str,
    attempts: i64,
    #[schema(value_type = Option<String>, format = DateTime)]
    due_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    sent_at: Option<Timestamp>,
    /// When the provider reported that it is on the telephone.
    #[schema(value_type = Option<String>, format = DateTime)]
    delivered_at: Option<Timestamp>,
    /// When the provider reported that somebody took the call or read it.
    #[schema(value_type = Option<String>, format = DateTime)]
    seen_at: Option<Timestamp>,
    /// When the recipient answered: a relative about the incident, a station about its task.
    #[schema(value_type = Option<String>, format = DateTime)]
    acknowledged_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    next_at: Option<Timestamp>,
    took_ms: Option<i64>,
    /// Why it failed, or ended.
    why: Option<String>,
}

/// Who was told about an incident outside the screens, by which way, and what became of it.
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
    let lines = app.shared.store.notices_about(&glance.incident.id).await?;
    case_looks::looked(&visitor, "list_notices", &glance, &format!("{} shown", lines.len())).await?;
    let at = |micros: i64| Timestamp::from_microsecond(micros).ok();
    let view = |line: store::NoticeLine| NoticeView {
        state: line.state().as_str(),
        id: line.notice_id,
        recipient_kind: line.recipient_kind,
        recipient: line.recipient,
        channel: line.channel,
        address: format!("{MASK}{}", line.address_last4),
        attempts: line.attempts,
        due_at: at(line.due_at_us),
        sent_at: line.sent_at_us.and_then(at),
        delivered_at: line.delivered_at_us.and_then(at),
        seen_at: line.seen_at_us.and_then(at),
        acknowledged_at: line.acknowledged_at_us.and_then(at),
        next_at: line.next_at_us.and_then(at),
        took_ms: line.took_ms,
        why: line.why,
    };
    Ok(Json(Page { items: lines.into_iter().map(view).collect(), next: None }))
}
