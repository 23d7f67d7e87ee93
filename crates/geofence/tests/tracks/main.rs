//! The engine on simulated tracks whose truth is known. Each prints its seed; `GEOFENCE_SEED=…` tries another one.
#![expect(clippy::unwrap_used, reason = "a test fails by a panic, in its helpers too")]

#[path = "../common/mod.rs"]
mod common;

mod edge;
mod goals;
mod wandering;
mod year;
