//! Which moments of a window may have been the impact.

use super::trace::Trace;

/// A stumble before the fall or the handset knocked afterwards may be harder than the fall itself, so more than the
/// hardest moment is looked at; the window is judged by the one that looks most like a fall.
pub(super) const IMPACTS: usize = 3;
/// Two maxima nearer than this are one impact, in ticks: a body that comes down bounces.
const APART: usize = 50;

/// The hardest moments, the hardest first, as places in the trace.
pub(super) fn impacts(trace: &Trace) -> Vec<usize> {
    let mut found: Vec<usize> = Vec::with_capacity(IMPACTS);
    for _ in 0..IMPACTS {
        let is_apart = |at: usize| found.iter().all(|other| at.abs_diff(*other) > APART);
        let free = trace.lengths.iter().copied().enumerate().filter(|(at, _)| is_apart(*at));
        let hardest = free.reduce(|best, next| if next.1 > best.1 { next } else { best });
        found.extend(hardest.map(|(at, _)| at));
    }
    found
}
