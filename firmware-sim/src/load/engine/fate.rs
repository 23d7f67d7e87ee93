//! What becomes of a line: it comes up, is told off, or is lost and dialled again.

use super::{Ending, Engine, NS_A_MS, PING_AFTER, Phase, Timer, ns};
use crate::seed::mix;
use anyhow::{Result, bail};
use std::cmp::Reverse;

impl Engine {
    pub(super) fn came_up(&mut self, index: usize, now_ns: u64) {
        let Some(line) = self.lines.get_mut(index) else { return };
        self.dialling -= 1;
        self.book.up += 1;
        self.book.log_ins += 1;
        self.book.log_in_waits.record(line.dialled_ns, now_ns);
        (line.failures, line.ever_up, line.link.sent_ns) = (0, true, now_ns);
        if !std::mem::replace(&mut line.watched, true) {
            self.timers.push(Reverse((now_ns + ns(PING_AFTER), index, Timer::Ping)));
        }
    }

    pub(super) fn ended(&mut self, index: usize, ending: Ending) -> Result<()> {
        if let (Ending::Unknown(_), Some(line)) = (ending, self.lines.get(index))
            && !line.ever_up
        {
            let id = line.link.sender().id();
            bail!(
                "{id} cannot log in: {ending}.\nThe platform must know all {} handsets from {} on, each with its id as \
                 password. A demo knows demo-0001 to demo-2000, and as many as it is told to:\n  \
                 jujiale serve --demo --no-sim --demo-handsets {}",
                self.lines.len(),
                self.lines.first().map_or("", |line| line.link.sender().id().as_str()),
                self.lines.len().max(2_000),
            );
        }
        self.lost(index, &ending.to_string());
        Ok(())
    }

    pub(super) fn lost(&mut self, index: usize, reason: &str) {
        let now_ns = self.now_ns();
        let Some(line) = self.lines.get_mut(index) else { return };
        match line.link.phase {
            Phase::Up => self.book.up -= 1,
            Phase::Dialling | Phase::LoggingIn => self.dialling -= 1,
            Phase::Away => {}
        }
        self.book.lost += 1;
        self.trouble = Some(format!("{}: {reason}", line.link.sender().id()));
        let pause_ms = line.hang_up();
        let jitter_ms = mix(now_ns ^ u64::try_from(index).unwrap_or(0)) % pause_ms.max(1);
        let again_ns = now_ns + (pause_ms / 2 + jitter_ms / 2) * NS_A_MS;
        self.timers.push(Reverse((again_ns, index, Timer::Dial)));
    }
}
