//! What a run shows while it lasts: a line that is written over on a terminal, a line now and then elsewhere.

use super::LoadConfig;
use super::book::Book;
use super::engine::{Stage, ns};
use super::schedule::float;
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

const ON_A_TERMINAL: Duration = Duration::from_millis(250);
const ELSEWHERE: Duration = Duration::from_secs(5);
const BAR: u64 = 24;

/// Shows how far a run has come, on standard error.
#[derive(Debug)]
pub struct Progress {
    terminal: bool,
    shown_ns: Option<u64>,
    stage: Option<Stage>,
    gone: bool,
    last_acked: (u64, u64),
}

impl Progress {
    /// On a terminal, if standard error is one.
    pub fn on_standard_error() -> Self {
        Self {
            terminal: io::stderr().is_terminal(),
            shown_ns: None,
            stage: None,
            gone: false,
            last_acked: (0, 0),
        }
    }

    /// Shows nothing.
    pub fn silent() -> Self {
        Self { gone: true, ..Self::on_standard_error() }
    }

    pub(super) fn show(&mut self, now_ns: u64, stage: Stage, book: &Book, config: &LoadConfig) {
        let every = ns(if self.terminal { ON_A_TERMINAL } else { ELSEWHERE });
        let due = self.shown_ns.is_none_or(|shown| shown + every <= now_ns) || self.stage != Some(stage);
        if self.gone || !due {
            return;
        }
        let rate = self.rate(now_ns, book);
        (self.shown_ns, self.stage) = (Some(now_ns), Some(stage));
        let text = line(now_ns, stage, book, config, rate);
        self.print(&text);
    }

    /// Ends the line, so that what follows begins at the left.
    pub fn end(&mut self) {
        if self.terminal && self.shown_ns.is_some() && !self.gone {
            self.gone = writeln!(io::stderr().lock()).is_err();
        }
    }

    fn rate(&mut self, now_ns: u64, book: &Book) -> f64 {
        let (before_ns, before) = std::mem::replace(&mut self.last_acked, (now_ns, book.fixes_acked));
        let seconds = float(now_ns.saturating_sub(before_ns)) / 1e9;
        if seconds > 0.0 { float(book.fixes_acked.saturating_sub(before)) / seconds } else { 0.0 }
    }

    /// An output that is gone is not written to again; the run goes on.
    fn print(&mut self, text: &str) {
        let mut output = io::stderr().lock();
        let written =
            if self.terminal { write!(output, "\r\x1b[2K{text}") } else { writeln!(output, "{text}") };
        self.gone = written.and_then(|()| output.flush()).is_err();
    }
}

fn line(now_ns: u64, stage: Stage, book: &Book, config: &LoadConfig, rate: f64) -> String {
    let seconds = now_ns.saturating_sub(book.begin_ns) / 1_000_000_000;
    let begin = match (stage, config.lasting) {
        (Stage::Gathering, _) => {
            return format!("{} {} of {} connected", bar(book.up, config.handsets), book.up, config.handsets);
        }
        (Stage::Running, None) => {
            return format!("{} of {} connected since {seconds} s", book.up, config.handsets);
        }
        (Stage::Running, Some(lasting)) => {
            let of = usize::try_from(lasting.as_secs()).unwrap_or(usize::MAX);
            let done = usize::try_from(seconds).unwrap_or(usize::MAX);
            format!("{} {seconds} of {of} s", bar(done, of))
        }
        (Stage::Draining, _) => format!("waiting for what is not answered yet, {seconds} s"),
    };
    let mut parts =
        vec![format!("{begin}  {rate:.0} fixes/s"), format!("{} on the way", book.fixes_missing())];
    if book.presses_made > 0 {
        parts.push(format!("presses {} of {} receipted", book.presses_receipted, book.presses_made));
    }
    if book.lost > 0 {
        parts.push(format!("{} connections lost", book.lost));
    }
    parts.join(", ")
}

fn bar(done: usize, of: usize) -> String {
    let done = u64::try_from(done.min(of)).unwrap_or(0);
    let full = done * BAR / u64::try_from(of).unwrap_or(1).max(1);
    (0..BAR).map(|place| if place < full { '█' } else { '·' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_never_longer_than_its_room() {
        assert_eq!(bar(0, 10), "·".repeat(24));
        assert_eq!(bar(5, 10), format!("{}{}", "█".repeat(12), "·".repeat(12)));
        assert_eq!(bar(11, 10), "█".repeat(24));
        assert_eq!(bar(0, 0), "·".repeat(24));
    }
}
