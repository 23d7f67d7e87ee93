//! The ladder: the text that runs, and the saving of another one.

use super::{
    App,
    problem::{LineProblem, Problem},
    session::Visitor,
};
use crate::outside::reach::{GAPS, Missing, NO_CHANNEL, UNTESTED};
use access::{Action, Subject};
use axum::{Json, extract::State, http::StatusCode};
use incident::ladder::{BUILT_IN, parse};
use model::Timestamp;
use serde::{Deserialize, Serialize};
use store::SaveLadder;
use utoipa::ToSchema;

/// No ladder that people can read is longer.
const LONGEST: usize = 32 * 1024;

/// The ladder.
#[derive(Debug, Serialize, ToSchema)]
pub struct LadderView {
    /// The text that runs.
    text: String,
    /// When it was saved; null: it is the built-in one.
    #[schema(value_type = Option<String>, format = DateTime)]
    saved_at: Option<Timestamp>,
    /// By whom.
    saved_by: Option<String>,
    /// A newer text was saved and cannot run: what is wrong with it, line by line.
    refused: Vec<LineProblem>,
    /// What keeps it from reaching anybody beyond the screens, whatever it says.
    warnings: Vec<LadderWarning>,
}

/// What keeps a ladder from reaching anybody beyond the screens.
#[derive(Debug, Serialize, ToSchema)]
pub struct LadderWarning {
    /// `no_channel_tested`, `roster_gaps` or `step_not_tested`, as in the health.
    code: &'static str,
    /// What it means, for people.
    detail: String,
}

impl From<incident::ladder::Problem> for LineProblem {
    fn from(problem: incident::ladder::Problem) -> Self {
        Self { line: problem.line, what: problem.what }
    }
}

/// The ladder that runs.
#[utoipa::path(get, path = "/api/ladder", operation_id = "read_ladder", responses((status = 200, body = LadderView)))]
pub async fn read(State(app): State<App>, visitor: Visitor) -> Result<Json<LadderView>, Problem> {
    visitor.may(Action::ManageLadder, &Subject::Nothing, None)?;
    view(&app).await.map(Json)
}

async fn view(app: &App) -> Result<LadderView, Problem> {
    let (saved, refused) = crate::desk::ladder::newest_good(&app.shared.store).await?;
    let refused = refused.into_iter().map(LineProblem::from).collect();
    let warnings = warnings(app).await?;
    let (text, saved_at, saved_by) = match saved {
        Some((saved, _)) => (saved.text, Some(saved.at), Some(saved.by)),
        None => (BUILT_IN.to_owned(), None, None),
    };
    Ok(LadderView { text, saved_at, saved_by, refused, warnings })
}

async fn warnings(app: &App) -> Result<Vec<LadderWarning>, Problem> {
    let missing = match &app.outside {
        Some(outside) => outside.missing(&app.desk.ladder()).await?,
        None => Missing::default(),
    };
    let found = [(NO_CHANNEL, missing.channel), (GAPS, missing.hours), (UNTESTED, missing.steps)];
    let warning =
        |(code, detail): (&'static str, Option<String>)| Some(LadderWarning { code, detail: detail? });
    Ok(found.into_iter().filter_map(warning).collect())
}

/// Another ladder.
#[derive(Debug, Deserialize, ToSchema)]
pub struct LadderText {
    /// The whole text.
    text: String,
}

/// Saves a ladder, which runs from now on. One that would leave anybody unheard is refused, with the lines that are wrong.
#[utoipa::path(put, path = "/api/ladder", operation_id = "save_ladder", request_body = LadderText, responses(
    (status = 200, body = LadderView), (status = 422, body = super::problem::ProblemView)))]
pub async fn save(
    State(app): State<App>,
    visitor: Visitor,
    Json(body): Json<LadderText>,
) -> Result<Json<LadderView>, Problem> {
    visitor.may(Action::ManageLadder, &Subject::Nothing, None)?;
    let refuse = |detail: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad_ladder", detail);
    if body.text.len() > LONGEST {
        return Err(refuse(format!("the text is limited to {LONGEST} bytes")));
    }
    let ladder = parse(&body.text).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        refuse(lines.join("; ")).lines(problems.into_iter().map(LineProblem::from).collect())
    })?;
    let audit = vec![visitor.audit("save_ladder", "ladder", "")];
    let save = SaveLadder { text: body.text, at: visitor.now(), by: visitor.who.username.clone(), audit };
    app.shared.store.write(save).await?;
    app.desk.run_ladder(ladder);
    view(&app).await.map(Json)
}
