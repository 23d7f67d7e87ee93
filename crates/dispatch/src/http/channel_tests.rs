//! Tests of the ways to people: of gateways by a message, of a handset by words that it answers, of the own screens by a question that
//! browsers answer by themselves. Each is timed there and back.

use super::{
    App,
    channels::TestView,
    fresh,
    handsets::{known, may_about, open_incident},
    problem::Problem,
    session::Visitor,
    words::{SHORT, needed, unprocessable},
};
use crate::commands::{Asked, Wish, command};
use access::{Action, Subject};
use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use bus::{Hint, POLL_EVERY};
use futures_util::future::join_all;
use model::{HandsetId, SignedDuration};
use notify::{Channel, Outgoing};
use protocol::CommandKind;
use serde::Deserialize;
use std::{collections::BTreeMap, time::Duration};
use store::{ChannelTest, NoteChannelTest, PutCommands};
use tokio::time::{Instant, timeout};
use utoipa::ToSchema;

/// What a person carries.
pub(super) const HANDSET: &str = "handset";
/// What operators look at.
pub(super) const SCREEN: &str = "screen";
/// How long a handset or a screen may take; a handset that sleeps longer would not hear an alarm's words in time either.
const ANSWERED_WITHIN: Duration = Duration::from_secs(10);
/// Commands of a handset looked at for the test's own.
const LOOKED_AT: u32 = 20;
const WORDS: &str = "这是居家樂的通道测试，无需处理。";

/// Where a test goes.
#[derive(Deserialize, ToSchema)]
pub struct TestBody {
    /// A telephone number, an address, the name of a webhook's receiver, or a handset. Of `screen` left out: those that you have up
    /// yourself are asked.
    #[serde(default)]
    to: String,
}

super::words::hides_what_it_holds!(TestBody);

/// How it went.
struct Outcome {
    is_ok: bool,
    took: Duration,
    detail: String,
}

/// Sends a test by a channel and measures how long the other side takes. A handset says some words and answers; whoever needs help now
/// is not asked.
#[utoipa::path(post, path = "/api/channels/{channel}/test", operation_id = "test_channel", request_body = TestBody,
    params(("channel" = String, Path)), responses((status = 200, body = TestView), (status = 403, body = super::problem::ProblemView),
        (status = 404, body = super::problem::ProblemView), (status = 409, body = super::problem::ProblemView),
        (status = 422, body = super::problem::ProblemView)))]
pub async fn test(
    State(app): State<App>,
    visitor: Visitor,
    Path(channel): Path<String>,
    Json(body): Json<TestBody>,
) -> Result<Json<TestView>, Problem> {
    visitor.may(Action::ManageLadder, &Subject::Nothing, None)?;
    let at = visitor.now();
    let outcome = match channel.as_str() {
        SCREEN => ask_screens(&app, &visitor.who.username).await,
        HANDSET => ask_handset(&app, &visitor, needed("to", &body.to, SHORT)?).await?,
        _ => {
            let known = Channel::ALL.into_iter().find(|one| one.as_str() == channel);
            let known = known.ok_or_else(|| Problem::not_found("channel"))?;
            send(&app, &visitor, known, needed("to", &body.to, SHORT)?).await?
        }
    };
    let Outcome { is_ok, took, detail } = outcome;
    let took_ms = i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
    let audit = vec![visitor.audit("test_channel", &channel, if is_ok { "passed" } else { "failed" })];
    let test = ChannelTest { channel, at, is_ok, took_ms, detail, by: visitor.who.username.clone() };
    app.shared.store.write(NoteChannelTest { test: test.clone(), audit }).await?;
    Ok(Json(test.into()))
}

/// Whether the gateway takes a message.
async fn send(app: &App, visitor: &Visitor, channel: Channel, to: String) -> Result<Outcome, Problem> {
    let outside =
        app.outside.as_ref().ok_or_else(|| unprocessable("no way out is set up; see docs/notify.md"))?;
    let now = visitor.now();
    let message = Outgoing {
        id: format!("test-{}", now.as_microsecond()),
        channel,
        to,
        subject: "居家樂 通道测试".to_owned(),
        text: WORDS.to_owned(),
        link: None,
        variables: BTreeMap::from([("type".to_owned(), "channel.test".to_owned())]),
        drill: true,
        made_at: now,
    };
    Ok(match outside.sender().send(&message, now).await {
        Ok(sent) => Outcome { is_ok: true, took: sent.took, detail: sent.provider_id.unwrap_or_default() },
        Err(failed) => Outcome { is_ok: false, took: failed.took, detail: failed.why },
    })
}

/// Whether every screen that the account has up in this process answers; the slowest counts.
async fn ask_screens(app: &App, username: &str) -> Outcome {
    let begun = Instant::now();
    let asked = app.screens.ask(username);
    let all = asked.len();
    let answers = asked.into_iter().map(|answer| async move {
        let is_there = timeout(ANSWERED_WITHIN, answer).await.is_ok_and(|told| told.is_ok());
        is_there.then(|| begun.elapsed())
    });
    let answered: Vec<Duration> = join_all(answers).await.into_iter().flatten().collect();
    let detail = if all == 0 {
        "you have no screen up at this process".to_owned()
    } else {
        format!("{} of {all} screens answered", answered.len())
    };
    let took = answered.iter().max().copied().unwrap_or_else(|| begun.elapsed());
    Outcome { is_ok: all > 0 && answered.len() == all, took, detail }
}

/// Whether a handset says the words and answers. One whose resident needs help now has other words to hear.
async fn ask_handset(app: &App, visitor: &Visitor, id: String) -> Result<Outcome, Problem> {
    let (handset, _) = known(app, id).await?;
    may_about(app, visitor, Action::Dispatch, &handset).await?;
    let at = visitor.now();
    if open_incident(app, &handset, at).await?.is_some() {
        let detail = "an incident about its resident is open: its words come first";
        return Err(Problem::new(StatusCode::CONFLICT, "incident_open", detail));
    }
    let phones = app.shared.store.phones_of(&handset).await?;
    let within = SignedDuration::try_from(ANSWERED_WITHIN).unwrap_or(SignedDuration::ZERO);
    let asked = Asked {
        id: fresh::id(CommandKind::Say.as_str())?,
        handset: &handset,
        phones: &phones,
        incident: None,
        by: &visitor.who.username,
        at,
        within,
    };
    let wish = Wish { kind: CommandKind::Say, say: Some(WORDS.to_owned()), ..Wish::LOCATE };
    let Some((command, messages)) = command(&asked, &wish) else {
        let detail = "this telephone cannot be asked that";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "cannot_be_asked", detail));
    };
    let audit = vec![visitor.audit("say_handset", handset.as_str(), "a test of the channel")];
    let command_id = command.id.clone();
    let keys = app.shared.store.keys().clone();
    app.shared.store.write(PutCommands { commands: vec![(command, messages)], keys, audit }).await?;
    app.shared.bus.hint(Hint::Down(handset.clone()));
    answer_of(app, &handset, &command_id).await
}

/// Waits until the command is answered, or void.
async fn answer_of(app: &App, handset: &HandsetId, command: &str) -> Result<Outcome, Problem> {
    let begun = Instant::now();
    loop {
        let all = app.shared.store.commands_to(handset, LOOKED_AT).await?;
        let line = all.into_iter().find(|line| line.command.id == command);
        let line = line.ok_or_else(|| Problem::not_found("command"))?;
        if let Some(answered_at) = line.answered_at {
            let took = answered_at.duration_since(line.command.at).unsigned_abs();
            return Ok(Outcome {
                is_ok: line.ok == Some(true),
                took,
                detail: line.detail.unwrap_or_default(),
            });
        }
        if begun.elapsed() >= ANSWERED_WITHIN {
            let detail = match line.sent_at {
                Some(_) => "the handset has the words and gave no answer",
                None => "the handset is not connected: it did not take the words",
            };
            return Ok(Outcome { is_ok: false, took: begun.elapsed(), detail: detail.to_owned() });
        }
        tokio::time::sleep(POLL_EVERY).await;
    }
}
