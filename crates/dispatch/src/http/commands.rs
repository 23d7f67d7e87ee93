//! What handsets are asked to do: asking, and how far each request has come.

use super::{
    App, case_looks, fresh,
    handsets::{known, may_about, open_incident},
    incidents::subject,
    problem::Problem,
    residents::Reason,
    session::Visitor,
    words::{LONG, SHORT, needed, one_of, unprocessable},
};
use crate::{
    commands::{Asked, WITHIN, Wish, command},
    view::Page,
};
use access::{Action, Subject};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
};
use bus::Hint;
use model::{HandsetId, IncidentId, ResidentId, SignedDuration, Timestamp};
use protocol::CommandKind;
use serde::{Deserialize, Serialize};
use store::{Binding, CommandLine, CommandState, HandsetCommand, Locates, PutCommands, StoreError};
use utoipa::ToSchema;

/// So many are listed, beside the newest of the platform's own questions where somebody is.
const LISTED: u32 = 200;
/// How long a command may wait for its handset: nothing may wake her hours later.
const WITHIN_S: std::ops::RangeInclusive<u32> = 10..=600;
/// How often a handset can be asked to tell its position.
const INTERVAL_S: std::ops::RangeInclusive<u32> = 10..=3_600;

/// What a handset was asked to do, and what came of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommandView {
    id: String,
    /// Who was asked.
    #[schema(value_type = String)]
    handset: HandsetId,
    /// `locate`, `interval`, `call`, `ring`, `say` or `ask`.
    kind: String,
    /// `queued` (it waits for the handset), `sent` (the handset has it), `answered` or `expired`.
    state: &'static str,
    /// On account of which incident.
    #[schema(value_type = Option<String>)]
    incident: Option<IncidentId>,
    /// The account that asked; null where the platform did.
    by: Option<String>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    asked_at: Timestamp,
    /// When it is void.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// When a session of the handset took it.
    #[schema(value_type = Option<String>, format = DateTime)]
    sent_at: Option<Timestamp>,
    /// When the handset answered.
    #[schema(value_type = Option<String>, format = DateTime)]
    answered_at: Option<Timestamp>,
    /// What it answered: done, or yes.
    ok: Option<bool>,
    /// What it added.
    detail: Option<String>,
}

impl CommandView {
    pub(super) fn new(line: CommandLine, now: Timestamp) -> Self {
        let state = match line.state(now) {
            CommandState::Queued => "queued",
            CommandState::Sent => "sent",
            CommandState::Answered => "answered",
            CommandState::Expired => "expired",
        };
        let CommandLine { command, sent_at, answered_at, ok, detail } = line;
        Self {
            id: command.id,
            handset: command.handset,
            kind: command.kind,
            state,
            incident: command.incident,
            by: Some(command.by).filter(|by| !by.is_empty()),
            asked_at: command.at,
            expires_at: command.expires_at,
            sent_at,
            answered_at,
            ok,
            detail,
        }
    }
}

/// How often the platform itself asked where the person is; of these questions the newest are listed.
#[derive(Debug, Serialize, ToSchema)]
pub struct LocatesView {
    /// How often.
    count: u32,
    /// When first.
    #[schema(value_type = String, format = DateTime)]
    first_at: Timestamp,
    /// When last.
    #[schema(value_type = String, format = DateTime)]
    last_at: Timestamp,
}

impl From<Locates> for LocatesView {
    fn from(Locates { count, first_at, last_at }: Locates) -> Self {
        Self { count, first_at, last_at }
    }
}

/// What handsets were asked to do on account of an incident.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommandsAbout {
    /// The newest first.
    items: Vec<CommandView>,
    /// Always null: the newest are all there is.
    next: Option<String>,
    /// The platform's own questions where the person is, all of them; null if it asked none.
    located: Option<LocatesView>,
}

/// Something to be asked of a handset.
#[derive(Deserialize, ToSchema)]
pub struct NewCommand {
    /// `locate`, `interval`, `call`, `ring` or `say`.
    kind: String,
    /// Of `say`: the words.
    say: Option<String>,
    /// Of `interval`: how often it tells its position, 10 to 3600 s.
    interval_s: Option<u32>,
    /// Of `call`: the number it rings.
    number: Option<String>,
    /// After so many seconds it is void: 10 to 600, 120 if it is left out.
    within_s: Option<u32>,
}

super::words::hides_what_it_holds!(NewCommand);

/// Asks a handset to do something. An incident about its resident must be open.
#[utoipa::path(post, path = "/api/handsets/{id}/commands", operation_id = "put_command", request_body = NewCommand,
    params(("id" = String, Path)), responses((status = 202, body = CommandView),
        (status = 403, body = super::problem::ProblemView), (status = 404, body = super::problem::ProblemView),
        (status = 422, body = super::problem::ProblemView)))]
pub async fn put(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Json(body): Json<NewCommand>,
) -> Result<(StatusCode, Json<CommandView>), Problem> {
    let wish = wish(&body)?;
    let within_s = body.within_s.unwrap_or_else(|| u32::try_from(WITHIN.as_secs()).unwrap_or(u32::MAX));
    let within = SignedDuration::from_secs(i64::from(in_range("within_s", within_s, WITHIN_S)?));
    let (command, _) = ask(&app, &visitor, id, &wish, within).await?;
    let line = CommandLine { command, sent_at: None, answered_at: None, ok: None, detail: None };
    Ok((StatusCode::ACCEPTED, Json(CommandView::new(line, visitor.now()))))
}

/// Puts a command out for a handset of which something is open; gives it back with the topics on which it waits.
pub(super) async fn ask(
    app: &App,
    visitor: &Visitor,
    id: String,
    wish: &Wish,
    within: SignedDuration,
) -> Result<(HandsetCommand, Vec<String>), Problem> {
    let handset = HandsetId::new(id).map_err(|_shape| Problem::not_found("handset"))?;
    let at = visitor.now();
    let incident = open_incident(app, &handset, at).await?;
    let about = incident.as_ref().map_or(Subject::Nothing, subject);
    visitor.may(Action::Locate, &about, None)?;
    let phones = app.shared.store.phones_of(&handset).await?;
    let incident = incident.map(|incident| incident.id);
    let asked = Asked {
        id: fresh::id(wish.kind.as_str())?,
        handset: &handset,
        phones: &phones,
        incident: incident.as_ref(),
        by: &visitor.who.username,
        at,
        within,
    };
    let Some((command, messages)) = command(&asked, wish) else {
        let detail = "this telephone cannot be asked that; ring the resident";
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "cannot_be_asked", detail));
    };
    let topics = messages.iter().map(|message| message.topic.clone()).collect();
    let why = incident.map(|incident| format!("incident {incident}")).unwrap_or_default();
    let audit = vec![visitor.audit(&format!("{}_handset", command.kind), handset.as_str(), why)];
    let keys = app.shared.store.keys().clone();
    let put = PutCommands { commands: vec![(command.clone(), messages)], keys, audit };
    app.shared.store.write(put).await?;
    app.shared.bus.hint(Hint::Down(handset));
    Ok((command, topics))
}

fn wish(body: &NewCommand) -> Result<Wish, Problem> {
    let kinds =
        [CommandKind::Locate, CommandKind::Interval, CommandKind::Call, CommandKind::Ring, CommandKind::Say];
    let name = one_of("kind", &body.kind, &kinds.map(CommandKind::as_str))?;
    let kind = kinds.into_iter().find(|kind| kind.as_str() == name).unwrap_or(CommandKind::Locate);
    let given = |field: &str, text: &Option<String>, at_most| {
        needed(field, text.as_deref().unwrap_or_default(), at_most).map(Some)
    };
    let wish = Wish { kind, ..Wish::LOCATE };
    Ok(match kind {
        CommandKind::Say => Wish { say: given("say", &body.say, LONG)?, ..wish },
        CommandKind::Call => Wish { number: given("number", &body.number, SHORT)?, ..wish },
        CommandKind::Interval => {
            let interval_s = body.interval_s.unwrap_or_default();
            Wish { interval_s: Some(in_range("interval_s", interval_s, INTERVAL_S)?), ..wish }
        }
        CommandKind::Locate | CommandKind::Ring | CommandKind::Ask => wish,
    })
}

fn in_range(field: &str, value: u32, range: std::ops::RangeInclusive<u32>) -> Result<u32, Problem> {
    if range.contains(&value) {
        return Ok(value);
    }
    Err(unprocessable(format!("{field} must be {} to {}", range.start(), range.end())))
}

/// What a handset was asked to do, newest first. An account for a part of the district sees what was asked of whoever carries it now.
#[utoipa::path(get, path = "/api/handsets/{id}/commands", operation_id = "commands_to", params(("id" = String, Path)),
    responses((status = 200, body = Page<CommandView>), (status = 404, body = super::problem::ProblemView)))]
pub async fn to_handset(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Json<Page<CommandView>>, Problem> {
    visitor.may(Action::Dispatch, &Subject::Nothing, None)?;
    let (handset, _) = known(&app, id).await?;
    let carrier = may_about(&app, &visitor, Action::Dispatch, &handset).await?;
    let found = app.shared.store.commands_to(&handset, LISTED).await?;
    let found = if visitor.who.scope.is_some() {
        of_carrier(&app, &handset, carrier.as_ref(), found).await?
    } else {
        found
    };
    visitor.record("list_commands", handset.as_str(), format!("{} shown", found.len())).await?;
    Ok(Json(page(found, visitor.now())))
}

/// Whoever had the handset before may live elsewhere.
async fn of_carrier(
    app: &App,
    handset: &HandsetId,
    carrier: Option<&ResidentId>,
    mut all: Vec<CommandLine>,
) -> Result<Vec<CommandLine>, StoreError> {
    let bindings = app.shared.store.bindings_of(handset, None).await?;
    let carried_by = |at| {
        let at_that_time = |one: &&Binding| one.from <= at && one.to.is_none_or(|to| at < to);
        bindings.iter().find(at_that_time).map(|one| &one.resident)
    };
    all.retain(|line| carried_by(line.command.at) == carrier);
    Ok(all)
}

/// What handsets were asked to do on account of an incident, newest first. What the platform asks by itself every half a minute pushes
/// nothing out: of that the newest are listed, and how many there were.
#[utoipa::path(get, path = "/api/incidents/{id}/commands", operation_id = "commands_about", params(("id" = String, Path), Reason),
    responses((status = 200, body = CommandsAbout), (status = 404, body = super::problem::ProblemView)))]
pub async fn about_incident(
    State(app): State<App>,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(Reason { reason }): Query<Reason>,
) -> Result<Json<CommandsAbout>, Problem> {
    let glance = case_looks::look(&app, &visitor, id, reason.as_deref()).await?;
    visitor.may(Action::ReadFile, &subject(&glance.incident), None)?;
    let (store, id) = (&app.shared.store, &glance.incident.id);
    let found = store.commands_about(id, LISTED).await?;
    let located = store.locates_about(id).await?.map(LocatesView::from);
    case_looks::looked(&visitor, "list_commands", &glance, &format!("{} shown", found.len())).await?;
    let Page { items, next } = page(found, visitor.now());
    Ok(Json(CommandsAbout { items, next, located }))
}

fn page(found: Vec<CommandLine>, now: Timestamp) -> Page<CommandView> {
    Page { items: found.into_iter().map(|line| CommandView::new(line, now)).collect(), next: None }
}
