//! What is said of a detector: how many falls it finds, how often it is wrong, and how sure that is.

use crate::cross::Judged;

/// So many of so many.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Share {
    pub(crate) of: usize,
    pub(crate) right: usize,
}

impl Share {
    #[expect(clippy::cast_precision_loss, reason = "a few thousand trials")]
    pub(crate) fn value(self) -> f64 {
        self.right as f64 / self.of.max(1) as f64
    }

    /// Where the true share lies with 95 % (Wilson 1927), if trials were independent of each other.
    #[expect(clippy::cast_precision_loss, reason = "a few thousand trials")]
    pub(crate) fn interval(self) -> (f64, f64) {
        let (n, p, z) = (self.of.max(1) as f64, self.value(), 1.959_964);
        let middle = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
        let half = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
        ((middle - half).max(0.0), (middle + half).min(1.0))
    }

    /// As a line of a table.
    pub(crate) fn text(self) -> String {
        let (low, high) = self.interval();
        format!("{:.3} ({low:.3}–{high:.3})", self.value())
    }
}

/// Sensitivity and specificity of what fulfils a condition.
pub(crate) fn shares(judged: &[Judged], view: usize, of: impl Fn(&Judged) -> bool) -> (Share, Share) {
    let share = |is_fall: bool| {
        let mut share = Share { of: 0, right: 0 };
        for one in judged.iter().filter(|one| one.is_fall == is_fall && of(one)) {
            share.of += 1;
            share.right += usize::from((one.margins[view] >= 0.0) == is_fall);
        }
        share
    };
    (share(true), share(false))
}

/// Sensitivity over the rate of false alarms, for every threshold.
pub(crate) fn roc(judged: &[Judged], view: usize) -> Vec<(f64, f64)> {
    let mut margins: Vec<(f64, bool)> = judged.iter().map(|one| (one.margins[view], one.is_fall)).collect();
    margins.sort_by(|one, other| other.0.total_cmp(&one.0));
    let falls = margins.iter().filter(|one| one.1).count();
    let (mut found, mut wrong) =
        (Share { of: falls, right: 0 }, Share { of: margins.len() - falls, right: 0 });
    let mut curve = vec![(0.0, 0.0)];
    for (_, is_fall) in margins {
        if is_fall {
            found.right += 1;
        } else {
            wrong.right += 1;
        }
        curve.push((wrong.value(), found.value()));
    }
    curve
}

/// The area under it.
pub(crate) fn area(curve: &[(f64, f64)]) -> f64 {
    curve.windows(2).map(|pair| (pair[1].0 - pair[0].0) * 0.5 * (pair[1].1 + pair[0].1)).sum()
}
