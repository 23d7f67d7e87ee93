//! A step of an incident's action plan.

use incident::{PlanOutcome, PlanStep, Standing, StepState};
use model::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// Something to be done, and how it went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanItem {
    /// Which.
    pub step: PlanStep,
    /// Where it stands.
    pub state: StepState,
    /// How it went when it was done last.
    pub outcome: Option<PlanOutcome>,
    /// When that was.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub at: Option<Timestamp>,
    /// The account that said so; empty where the ladder did it.
    pub by: Option<String>,
}

impl From<&Standing<'_>> for PlanItem {
    fn from(standing: &Standing<'_>) -> Self {
        Self {
            step: standing.step,
            state: standing.state,
            outcome: standing.mark.map(|mark| mark.outcome),
            at: standing.mark.map(|mark| mark.at),
            by: standing.mark.map(|mark| mark.by.clone()),
        }
    }
}
