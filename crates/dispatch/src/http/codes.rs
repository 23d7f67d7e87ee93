//! The lists that people choose from.

use super::session::Visitor;
use axum::Json;
use incident::{CAUSES, CONTACTS, Code, OUTCOMES};
use serde::Serialize;
use utoipa::ToSchema;

/// The lists.
#[derive(Debug, Serialize, ToSchema)]
pub struct Codes {
    /// What was behind an incident.
    causes: Vec<Code>,
    /// How it ended.
    outcomes: Vec<Code>,
    /// Who was spoken to.
    contacts: Vec<Code>,
}

/// The codes for closing an incident and for notes.
#[utoipa::path(get, path = "/api/codes", responses((status = 200, body = Codes)))]
pub async fn codes(_: Visitor) -> Json<Codes> {
    Json(Codes { causes: CAUSES.to_vec(), outcomes: OUTCOMES.to_vec(), contacts: CONTACTS.to_vec() })
}
