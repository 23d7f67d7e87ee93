//! What the loop does with sockets: dialling, reading, writing, losing them.

use crate::load::link::{Ending, Phase};
use crate::load::mqtt::{DISCONNECT, PING};
use crate::load::poller::Ready;
use crate::load::socket;
use super::{Engine, NS_A_MS, READ_BYTES, Timer, ns};
use crate::seed::mix;
use anyhow::{Context, Result, bail};
use std::cmp::Reverse;
use std::io::{self, Read};
use std::time::Duration;

const PING_AFTER: Duration = Duration::from_mins(4);
/// A door may be busy with the hashes of thousands.
const LOG_IN_WITHIN: Duration = Duration::from_mins(1);

impl Engine {
    pub(super) fn dial_some(&mut self) -> Result<()> {
        while self.dialling < self.config.connecting
            && let Some(index) = self.to_dial.pop_front()
        {
            self.dial(index)?;
        }
        Ok(())
    }

    fn dial(&mut self, index: usize) -> Result<()> {
        let now_ns = self.now_ns();
        let source = socket::source(self.door, index, self.lines.len());
        let Some(line) = self.lines.get_mut(index) else { return Ok(()) };
        match socket::dial(self.door, source) {
            Ok(socket) => {
                self.poller.add(&socket, index).context("watch a socket")?;
                line.dial(socket, now_ns);
                self.dialling += 1;
                self.timers.push(Reverse((now_ns + ns(LOG_IN_WITHIN), index, Timer::LogIn(line.attempt))));
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::AddrNotAvailable => {
                Err(error).context("no port is left for a further connection to this address")
            }
            Err(error) => {
                self.lost(index, &error.to_string());
                Ok(())
            }
        }
    }

    pub(super) fn ping(&mut self, index: usize, now_ns: u64) {
        let Some(line) = self.lines.get_mut(index) else { return };
        line.watched = line.link.phase == Phase::Up;
        if !line.watched {
            return;
        }
        let silent_since = line.link.sent_ns;
        if silent_since + ns(PING_AFTER) <= now_ns {
            line.link.sent_ns = now_ns;
            self.output.clear();
            self.output.extend(PING);
            self.write(index);
        }
        self.timers.push(Reverse((silent_since.max(now_ns) + ns(PING_AFTER), index, Timer::Ping)));
    }

    pub(super) fn serve(&mut self, event: Ready) -> Result<()> {
        let Some(line) = self.lines.get_mut(event.index) else { return Ok(()) };
        if event.writable && line.wants_to_write() {
            match line.writable(&mut self.output) {
                Ok(true) => self.write(event.index),
                Ok(false) => {}
                Err(error) => self.lost(event.index, &error.to_string()),
            }
            self.pump(event.index, self.now_ns());
        }
        if event.readable { self.read(event.index, event.over) } else { Ok(()) }
    }

    fn read(&mut self, index: usize, over: bool) -> Result<()> {
        loop {
            let now_ns = self.now_ns();
            let Some(line) = self.lines.get_mut(index) else { return Ok(()) };
            let Some(mut socket) = line.socket.as_ref() else { return Ok(()) };
            let count = match socket.read(&mut self.input) {
                Ok(0) => {
                    self.lost(index, "the door closed the connection");
                    return Ok(());
                }
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.lost(index, &error.to_string());
                    return Ok(());
                }
            };
            let was_up = line.link.phase == Phase::Up;
            self.output.clear();
            let bytes = self.input.get(..count).unwrap_or_default();
            let outcome = line.link.received(bytes, now_ns, &mut self.output, &mut self.book);
            if let Err(ending) = outcome {
                return self.ended(index, ending);
            }
            if !was_up && self.lines.get(index).is_some_and(|line| line.link.phase == Phase::Up) {
                self.came_up(index, now_ns);
            }
            self.write(index);
            self.pump(index, now_ns);
            // A read that did not fill the buffer emptied the socket, unless the end stands behind it.
            if count < READ_BYTES && !over {
                return Ok(());
            }
        }
    }

    fn came_up(&mut self, index: usize, now_ns: u64) {
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

    fn ended(&mut self, index: usize, ending: Ending) -> Result<()> {
        if let (Ending::Unknown(_), Some(line)) = (ending, self.lines.get(index))
            && !line.ever_up
        {
            let id = line.link.sender().id();
            bail!(
                "{id} cannot log in: {ending}.\nThe platform must know the handsets {} and up, each with its id as \
                 password; `jujiale serve --demo` knows demo-0001 to demo-0200",
                self.lines.first().map_or("", |line| line.link.sender().id().as_str()),
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

    pub(super) fn pump(&mut self, index: usize, now_ns: u64) {
        loop {
            let Some(line) = self.lines.get_mut(index) else { return };
            line.pumping = false;
            if !line.rest.is_empty() {
                return;
            }
            self.output.clear();
            line.link.pump(now_ns, &mut self.output, &mut self.book, &mut self.due);
            let more = line.link.has_more();
            self.timers.extend(self.due.drain(..).map(|due_ns| Reverse((due_ns, index, Timer::Repeat))));
            self.write(index);
            if !more {
                return;
            }
        }
    }

    /// Writes what stands in `output`.
    fn write(&mut self, index: usize) {
        let Some(line) = self.lines.get_mut(index) else { return };
        if let Err(error) = line.write(&self.output) {
            self.lost(index, &error.to_string());
        }
    }

    pub(super) fn say_goodbye(&mut self) {
        self.output.clear();
        self.output.extend(DISCONNECT);
        for line in self.lines.iter_mut().filter(|line| line.link.phase == Phase::Up && line.rest.is_empty())
        {
            if let Err(error) = line.write(&self.output) {
                tracing::debug!(handset = %line.link.sender().id(), %error, "load.farewell_failed");
            }
        }
    }
}
