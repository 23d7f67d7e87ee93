//! What providers report later of messages they took: that they arrived, that somebody answered, or that they did not.
//!
//! A provider has no account: its address ends in a secret of the settings. Whoever does not know it hears what everybody hears
//! who asks for something that is not there.

use super::{App, problem::Problem, words::unprocessable};
use axum::{
    Json,
    body::Bytes,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use model::SignedDuration;
use notify::{Channel, Fate, Report, Reported};
use serde::Serialize;
use store::{Arrival, NoteArrival};
use utoipa::ToSchema;

/// A life alarm that did not arrive is sent again after so long.
const AGAIN_AFTER: SignedDuration = SignedDuration::from_secs(15);

/// How many of the messages that were reported on are known here.
#[derive(Debug, Serialize, ToSchema)]
pub struct Noted {
    /// So many are.
    noted: usize,
    /// So many are not.
    unknown: usize,
}

/// Takes what a provider reports of messages, in its own words as `[notify]` explains them. Reports on messages that are not
/// known here change nothing; a call that has no other is answered 404, so that the provider comes again: it may have been
/// faster than our own note of its id.
#[utoipa::path(post, path = "/api/delivery/{channel}/{secret}", operation_id = "report_delivery",
    params(("channel" = String, Path), ("secret" = String, Path)),
    request_body(content = String, content_type = "application/octet-stream"),
    responses((status = 200, body = Noted, description = "Or the text that the settings name as answer."),
        (status = 404, body = super::problem::ProblemView), (status = 422, body = super::problem::ProblemView)))]
pub async fn report(
    State(app): State<App>,
    Path((channel, secret)): Path<(String, String)>,
    body: Bytes,
) -> Result<Response, Problem> {
    let channel = Channel::ALL.into_iter().find(|one| one.as_str() == channel);
    let outside = app.outside.as_ref();
    let read = channel
        .and_then(|channel| outside?.sender().reported(channel, &secret, &body).map(|read| (channel, read)));
    let (channel, Reported { reports, answer }) =
        read.ok_or_else(|| Problem::not_found("receiver of reports"))?;
    let reports = reports.map_err(|error| {
        tracing::warn!(event = "delivery_report_unread", %channel, %error);
        unprocessable(error.to_string())
    })?;
    let mut said = Noted { noted: 0, unknown: 0 };
    for report in reports {
        let is_known = app.shared.store.write(arrival(&app, channel, report)).await?;
        *(if is_known { &mut said.noted } else { &mut said.unknown }) += 1;
    }
    if said.noted == 0 && said.unknown > 0 {
        return Err(Problem::not_found("message of that id"));
    }
    Ok(answer.map_or_else(|| Json(said).into_response(), |answer| answer.to_owned().into_response()))
}

fn arrival(app: &App, channel: Channel, report: Report) -> NoteArrival {
    let at = app.shared.clock.now();
    NoteArrival {
        channel: channel.as_str(),
        id: report.id,
        arrival: match report.fate {
            Fate::Delivered => Arrival::Delivered,
            Fate::Seen => Arrival::Seen,
            Fate::Failed => Arrival::Failed,
        },
        why: report.why,
        at,
        again_at: at.checked_add(AGAIN_AFTER).unwrap_or(at),
    }
}
