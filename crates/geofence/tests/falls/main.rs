//! The fall detector and what follows from a report.

mod episode;
mod invariants;
mod synthetic;
mod windows;
