//! The lists that people choose from.

use super::session::Visitor;
use axum::Json;
use incident::{CAUSES, CONTACTS, Code, OUTCOMES, PlanOutcome, PlanStep};
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
    /// Steps of the action plan.
    steps: Vec<Code>,
    /// How a step went.
    step_outcomes: Vec<Code>,
}

/// The codes for closing an incident and for notes.
#[utoipa::path(get, path = "/api/codes", responses((status = 200, body = Codes)))]
pub async fn codes(_: Visitor) -> Json<Codes> {
    let step = |step: PlanStep| Code { code: step.as_str(), label: step.label(), label_en: step.label_en() };
    let outcome = |outcome: PlanOutcome| Code {
        code: outcome.as_str(),
        label: outcome.label(),
        label_en: outcome.label_en(),
    };
    Json(Codes {
        causes: CAUSES.to_vec(),
        outcomes: OUTCOMES.to_vec(),
        contacts: CONTACTS.to_vec(),
        steps: PlanStep::ALL.map(step).to_vec(),
        step_outcomes: PlanOutcome::ALL.map(outcome).to_vec(),
    })
}
