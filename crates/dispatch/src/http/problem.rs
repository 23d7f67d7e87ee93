//! Errors as problem documents (RFC 9457): what happened, and what to do.

use crate::{
    desk::acts::ActError,
    view::{HolderView, Place},
};
use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use incident::Refusal;
use serde::Serialize;
use std::any::Any;
use store::{AuditRow, JobError, StoreError};
use utoipa::ToSchema;

/// A problem as it is sent.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProblemView {
    /// Names the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What happened, and what to do.
    pub detail: String,
    /// The kind for programs.
    pub code: &'static str,
    /// Of a conflict: who has the incident now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder: Option<Option<HolderView>>,
    /// Of a conflict: the incident's version now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
    /// Of something that was sent and cannot be taken: which part of it (RFC 6901).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// And where on the map the fault lies (WGS-84).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// Of a text that was refused: what is wrong, line by line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub problems: Vec<LineProblem>,
    /// Of too many failures or requests: in how many seconds to try again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u64>,
}

/// What is wrong with a line of a text.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LineProblem {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: String,
}

/// An error on its way out, and what goes on record of it.
#[derive(Debug)]
pub struct Problem(Box<ProblemView>, Option<Box<AuditRow>>);

/// An answer that carries the row in which its refusal goes on record, for [`super::refusals`].
#[derive(Debug, Clone)]
pub(super) struct Refused(pub(super) AuditRow);

impl Problem {
    /// A problem of this kind.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        let view = ProblemView {
            kind: format!("/problems/{code}"),
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.into(),
            code,
            holder: None,
            version: None,
            pointer: None,
            place: None,
            problems: Vec::new(),
            retry_after_s: None,
        };
        Self(Box::new(view), None)
    }

    /// There is nothing under this name, or nothing that the account may see.
    pub fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", format!("there is no such {what}"))
    }

    /// The account may not do this.
    pub fn forbidden(why: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", why)
    }

    /// The request cannot be understood.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", detail)
    }

    /// The same, about this part of what was sent, and where on the map the fault lies.
    pub(super) fn about(mut self, pointer: &str, place: Option<Place>) -> Self {
        (self.0.pointer, self.0.place) = (Some(pointer.to_owned()), place);
        self
    }

    /// The same with what is wrong, line by line.
    pub(super) fn lines(mut self, problems: Vec<LineProblem>) -> Self {
        self.0.problems = problems;
        self
    }

    /// The same, which goes on record in this row if it is what the asker is told. Whoever asks the policy only to choose among
    /// things is refused nothing.
    pub(super) fn on_record(mut self, row: AuditRow) -> Self {
        self.1 = Some(Box::new(row));
        self
    }

    pub(super) fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after_s = Some(seconds);
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(&*self.0)).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.0.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from(seconds));
        }
        if let Some(row) = self.1 {
            response.extensions_mut().insert(Refused(*row));
        }
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        tracing::error!(event = "request_failed", error = &error as &dyn std::error::Error);
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "store_unavailable",
            "the records cannot be read at this moment; try again",
        )
    }
}

impl From<JobError> for Problem {
    fn from(error: JobError) -> Self {
        // To send it again as it is would fail again.
        if matches!(error, JobError::Conflict) {
            let detail = "somebody else was faster; look at how it stands now before trying again";
            return Self::new(StatusCode::CONFLICT, "changed", detail);
        }
        tracing::error!(event = "request_not_written", error = &error as &dyn std::error::Error);
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "store_unavailable",
            "it could not be written at this moment; look whether it was taken before trying again",
        )
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let status = match &refusal {
            Refusal::Missing { .. }
            | Refusal::UnknownCode { .. }
            | Refusal::ByHandingOver
            | Refusal::BySending
            | Refusal::NothingToSnooze
            | Refusal::SnoozeEnd => StatusCode::UNPROCESSABLE_ENTITY,
            Refusal::NoIncident | Refusal::NoTask | Refusal::NoSignal => StatusCode::NOT_FOUND,
            Refusal::Conflict { .. }
            | Refusal::NotHolder { .. }
            | Refusal::AlreadyClaimed { .. }
            | Refusal::NotClaimed
            | Refusal::AlreadyClosed
            | Refusal::AlreadyAsked { .. }
            | Refusal::TaskMoved { .. }
            | Refusal::TaskState { .. }
            | Refusal::Unconfirmed
            | Refusal::NoContact
            | Refusal::TooLateToUndo
            | Refusal::AnotherMatter
            | Refusal::OpeningSignal
            | Refusal::SamePerson
            | Refusal::TasksOpen
            | Refusal::NotClosed
            | Refusal::Merged { .. }
            | Refusal::TooLate
            | Refusal::SameHolder { .. }
            | Refusal::Drill => StatusCode::CONFLICT,
        };
        let mut problem = Self::new(status, refusal.code(), refusal.to_string());
        if status == StatusCode::CONFLICT {
            problem.0.holder = Some(refusal.holder().map(HolderView::from));
        }
        if let Refusal::Conflict { version, .. } = refusal {
            problem.0.version = Some(version);
        }
        problem
    }
}

impl From<ActError> for Problem {
    fn from(error: ActError) -> Self {
        match error {
            ActError::NotFound => Self::not_found("incident"),
            ActError::Refused(refusal) => refusal.into(),
            ActError::Nameless => Self::new(StatusCode::CONFLICT, "nameless", error.to_string()),
            ActError::OtherOpen(_) => Self::new(StatusCode::CONFLICT, "has_open_incident", error.to_string()),
            ActError::KeyReused => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency_key_reused",
                "this Idempotency-Key was used for another request; take a new one",
            ),
            ActError::Store(error) => error.into(),
            ActError::Write(error) => error.into(),
        }
    }
}

pub(super) async fn no_such_route() -> Problem {
    Problem::not_found("route; /api/openapi.json lists them all")
}

pub(super) fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!(event = "request_panicked");
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "this is our fault; it is in the log")
        .into_response()
}
