//! The one writer in good and bad days: groups and savepoints, lanes, a locked file, a full disk, the stop.

#[path = "../common/mod.rs"]
#[expect(dead_code, reason = "shared with the conformance suite and the tests of PostgreSQL alone")]
mod common;

mod disk;
mod lanes;
mod locked;
mod savepoints;
mod sequel;
mod stop;
