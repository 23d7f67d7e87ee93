//! What the training command needs of the detector: the same measures that it will be asked about.

pub use super::measures::{COUNT, Measures, NAMES};
pub use crate::trees::{SCALE, probability};

use super::{Unusable, Window, impact, measures::Around, trace::Trace, window};

/// The measures of every moment of the window that may have been an impact, the hardest first.
pub fn candidates(window: &Window<'_>) -> Result<Vec<Measures>, Unusable> {
    let rows = window::in_g(window)?;
    let trace = Trace::new(&rows, window.hz);
    let range_g = window::range_g(&rows);
    Ok(impact::impacts(&trace).into_iter().map(|at| Around::new(&trace, at, range_g).measures()).collect())
}
