//! How things look from outside: the JSON of the API, made from the words inside.

pub(crate) mod chinese;
mod event;
mod incident;
pub(crate) mod paper;
mod plan;
mod position;
mod resident;
mod responder;
pub mod table;
mod task;
mod track;
mod xlsx;

pub use event::EventView;
pub use incident::{ClosingView, HolderView, IncidentView, ResidentRef, SignalView, UNSAVED_PREFIX};
pub(crate) use model::{MASK, mask, mask_numbers};
pub use plan::PlanItem;
pub use position::{LivePosition, PositionView};
pub use resident::{CardContact, Place, ResidentCard, ResidentItem};
pub use responder::{ResponderPlace, ResponderView};
pub(crate) use table::{Cell, Sheet};
pub use task::{StationRef, TaskItem, TaskView};
pub use track::{TrackFeature, TrackFormat, TrackHead, TrackText, TrackView, thin};
pub(crate) use xlsx::workbook;

use serde::Serialize;
use utoipa::ToSchema;

/// A page of a list, with the place to ask on from.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Page<T: ToSchema> {
    /// What is on it.
    pub items: Vec<T>,
    /// The cursor of the next page; null on the last.
    pub next: Option<String>,
}
