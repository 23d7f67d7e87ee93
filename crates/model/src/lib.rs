//! The words of the platform and what makes each of them valid.
//!
//! One word has one meaning here, and the same spelling in code, API, log and screen. Nothing in this
//! crate does anything: no clock, no randomness, no input or output. To add a word, give it a file, say
//! in its first line what it means to the people who live by it, and refuse at construction what
//! cannot be true.
#![warn(missing_docs)]
#![deny(clippy::indexing_slicing)]

mod datum;
mod division;
mod evidence;
mod fix;
mod ids;
mod local;
mod mask;
mod signal;
mod telephone;

pub use datum::{Bd09, CoordinateError, Gcj02, Wgs84};
pub use division::{Division, DivisionError};
pub use evidence::{Evidence, Finding, FixUsed};
pub use fix::{Fix, Method};
pub use ids::{HandsetId, IdError, IncidentId, ResidentId, SignalId, StationId, TaskId};
pub use jiff::{SignedDuration, Timestamp};
pub use local::Local;
pub use mask::{MASK, mask, mask_numbers};
pub use signal::{Remark, Severity, Signal, SignalKind};
pub use telephone::spellings;
