//! What only PostgreSQL can do to us: transactions beside ours, two platforms at once, a server that goes away.

#[path = "../common/mod.rs"]
#[expect(dead_code, reason = "shared with the conformance suite and the tests of the writer")]
mod common;

mod gone;
mod logs;
mod poison;
