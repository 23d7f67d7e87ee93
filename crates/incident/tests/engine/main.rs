//! The engine of one incident, driven from outside as its shell drives it.

mod acts;
mod contact;
mod figures;
mod format;
mod identified;
mod invariants;
mod ladder;
mod lease;
mod merging;
mod plan;
mod ranking;
mod signals;
mod support;
mod table;
mod tasks;
mod time;
mod unclaimed;
mod undo;
mod waiting;
