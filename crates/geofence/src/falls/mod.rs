//! Did somebody fall?
//!
//! [`assess`] judges one window of accelerations and says why; [`episode`] decides what follows from it: raise, or ask the
//! person first. `docs/detection.md` has the method, its sources and what was measured.
//!
//! The way of a window: `window` turns it into g and says when it cannot be used, `trace` brings every rate to one,
//! `impact` finds what may have been the fall, `measures` describes each such place by numbers that do not depend on how
//! the handset lies, `crate::trees` weighs them with the table of the profile in `weights`, and `reasons` says it in words.
//!
//! To add a measure: a name and a value in `measures`, then train anew (`make train-detection`). The tables in `weights`
//! are written by that command and by nobody else.

mod assessment;
pub mod episode;
mod impact;
mod measures;
mod reasons;
mod trace;
pub mod training;
mod weights;
mod window;

pub use assessment::{Assessment, Judged, RAISED_FROM, VERSION, Verdict, assess};
pub use reasons::{Findings, Pull};
pub use window::{Unit, Unusable, Window, Worn};
