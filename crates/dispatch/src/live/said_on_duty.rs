//! What a page said of its duty, and for how long that counts. A browser answers questions without the page, so one that hangs and can
//! neither show nor sound anything would hold others' calls back: its page says again with each health frame that it is on duty, which
//! a tab behind another does as well.

/// So many questions the page may let pass without a word of it: half a minute, six health frames. Questions are counted and no time is
/// taken, for a pause of this machine is nobody's silence.
const UNSAID: u8 = 6;

/// Whether the page said lately that it is on duty.
#[derive(Debug, Default)]
pub(super) struct SaidOnDuty {
    /// For so many questions more it counts.
    left: u8,
}

impl SaidOnDuty {
    /// The page says so.
    pub(super) fn hear(&mut self, on: bool) {
        self.left = if on { UNSAID } else { 0 };
    }

    /// A question was put to the other end.
    pub(super) fn asked(&mut self) {
        self.left = self.left.saturating_sub(1);
    }

    /// Whether it is.
    pub(super) fn holds(&self) -> bool {
        self.left > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_says_nothing_more_is_on_duty_no_longer() {
        let mut said = SaidOnDuty::default();
        assert!(!said.holds(), "until it says so");
        said.hear(true);
        for _ in 0..100 {
            for _ in 1..UNSAID {
                said.asked();
                assert!(said.holds());
            }
            said.hear(true);
        }
        for _ in 0..UNSAID {
            assert!(said.holds());
            said.asked();
        }
        assert!(!said.holds());
        said.asked();
        said.hear(true);
        assert!(said.holds());
        said.hear(false);
        assert!(!said.holds());
    }
}
