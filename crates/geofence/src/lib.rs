//! Where is who, and does it matter: fences, zones, wandering, silence.
//!
//! Everything here is a function of what is handed in. [`step`] takes one event of one resident and says what it means, as
//! [`Signal`]s with their evidence; [`next_deadline`] says when to come back if nothing happens. There is no clock, no
//! randomness, no input or output, so the same messages give the same signals on every machine.
//!
//! | module | what it knows |
//! |---|---|
//! | [`shape`] | circles, polygons, corridors: GeoJSON, checks, signed distance in metres |
//! | [`schedule`], [`policy`] | when a fence is armed, how a resident is watched |
//! | [`fence`] | on which side of an edge somebody is, under uncertainty, and what is told of it |
//! | [`zone`] | areas shared by all, and finding them fast |
//! | [`wandering`] | ways that lead nowhere |
//! | [`habits`] | what is usual for somebody, learned day by day, and being off it |
//! | [`companion`] | whether another handset is near |
//! | [`silence`] | the handset and the body |
//! | [`falls`] | accelerations round an impact, and the question that is asked before a weak suspicion is dropped |
//! | [`engine`] | all of it for one resident, in one state that can be written down |
//! | [`replay`] | residents' files, and recorded messages through the engine |
//!
//! To add something that is watched: a module that takes events and says what is due, a field of [`State`], a line in `engine`
//! where the event is taken, judged, and where its deadline is asked for. What it says is a [`signal::Kind`]; the compiler
//! names the places where a new one must be spoken of. Numbers stand in [`Rules`], so that a change can be tried on
//! recorded fixes first.
#![warn(missing_docs)]
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::wildcard_enum_match_arm)]

pub mod companion;
pub mod engine;
pub mod falls;
pub mod fence;
pub mod habits;
pub mod moment;
mod number;
pub mod plane;
pub mod policy;
pub mod replay;
pub mod rules;
pub mod schedule;
pub mod shape;
pub mod signal;
pub mod silence;
mod trees;
pub mod wandering;
pub mod zone;

pub use engine::{
    Arrived, Carried, Crowd, Event, FenceKey, PassedOver, Remembered, Resident, Slot, Standing, State, World,
    Worn, next_deadline, standing, step,
};
pub use moment::Moment;
pub use policy::Policy;
pub use rules::Rules;
pub use shape::Shape;
pub use signal::{Evidence, Kind, Signal};
