//! What holds by the rules: shapes and their answers, hours, episodes, the handset, recordings.
#![expect(clippy::unwrap_used, reason = "a test fails by a panic, in its helpers too")]

#[path = "../common/mod.rs"]
mod common;

mod away;
mod back;
mod battery;
mod crossings;
mod episodes;
mod fallen;
mod habits;
mod handset;
mod night;
mod numbers;
mod passed;
mod properties;
mod recording;
mod rests;
mod rides;
mod schedule;
mod schema;
mod shapes;
mod silence;
mod snoozes;
mod unclear;
mod waits;
mod zones;
