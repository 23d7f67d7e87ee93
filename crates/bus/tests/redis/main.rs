//! The bus on a real Redis, in health and in trouble.
//!
//! Every test starts a server of its own in a temporary folder and ends it.

mod clocks;
mod conformance;
mod deaths;
mod faults;
mod figures;
mod foreign;
mod log_in;
mod server;
mod slow;
mod told;
