//! The engine of one incident, driven from outside as its shell drives it.

mod acts;
mod figures;
mod format;
mod invariants;
mod lease;
mod merging;
mod ranking;
mod signals;
mod support;
mod table;
mod tasks;
mod time;
