//! What is logged of refused log-ins. A name is 64 KiB at most and costs a stranger nothing: the log has its beginning, and a few
//! lines a second.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::time::Instant;

/// Signs of a name that are logged: as many as of an account's, and no handset has a longer one.
const SIGNS: usize = 64;
/// Lines of one second: enough to see who tries and how, and a day of them fills no disk.
const LINES: u64 = 5;
const SECOND: Duration = Duration::from_secs(1);

/// How many there were in the present second.
#[derive(Debug, Default)]
pub(super) struct RefusedLines(Mutex<Count>);

#[derive(Debug, Default)]
struct Count {
    since: Option<Instant>,
    refused: u64,
}

impl RefusedLines {
    /// Each is counted; how many had no line of their own is said in one, with the next that has.
    pub(super) fn write(&self, name: &str, why: &'static str) {
        metrics::counter!("jujiale_handset_logins_refused_total", "why" => why).increment(1);
        let (has_line, without) = self.count(Instant::now());
        if without > 0 {
            tracing::warn!(event = "handset_logins_refused_without_line", count = without);
        }
        if has_line {
            tracing::warn!(event = "handset_login_refused", username = %beginning(name), why);
        }
    }

    /// Whether one more has a line, and how many had none before this second began.
    fn count(&self, now: Instant) -> (bool, u64) {
        let mut count = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_over = count.since.is_none_or(|since| now.duration_since(since) >= SECOND);
        let without = if is_over { count.refused.saturating_sub(LINES) } else { 0 };
        if is_over {
            *count = Count { since: Some(now), refused: 0 };
        }
        count.refused = count.refused.saturating_add(1);
        (count.refused <= LINES, without)
    }
}

/// Without what would begin another line.
fn beginning(name: &str) -> String {
    name.chars().take(SIGNS).flat_map(char::escape_debug).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_and_cannot_begin_a_line() {
        assert_eq!(beginning("demo-0001"), "demo-0001");
        assert_eq!(beginning("a\nb"), "a\\nb");
        for sign in ["n", "奶"] {
            assert_eq!(beginning(&sign.repeat(20_000)), sign.repeat(SIGNS));
        }
    }

    #[test]
    fn a_flood_has_a_few_lines_a_second_and_the_rest_are_counted() {
        let (lines, now) = (RefusedLines::default(), Instant::now());
        let shown = (0..1_000).filter(|_| lines.count(now).0).count();
        assert_eq!(u64::try_from(shown), Ok(LINES));
        assert_eq!(lines.count(now + SECOND), (true, 1_000 - LINES), "the others are said");
        assert_eq!(lines.count(now + SECOND), (true, 0), "once");
        assert_eq!(lines.count(now + SECOND * 3), (true, 0));
    }
}
