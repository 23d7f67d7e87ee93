//! The engine on simulated tracks whose truth is known. Each prints its seed; `GEOFENCE_SEED=…` tries another one.

#[path = "../common/mod.rs"]
mod common;

mod edge;
mod measure;
mod wandering;
mod year;
