//! The loop that drives all sessions from one thread.
//!
//! A busy load goes in ticks: what became due and what came in since the last one is handled together, so that a
//! message costs one write, a read shared with others, and hardly a wake-up. A light load wakes for each event.

mod fate;

use super::book::Book;
use super::line::Line;
use super::link::{Ending, Habits, Link, Phase};
use super::message::{Kind, Message, Sender};
use super::poller::{Poller, Ready};
use super::progress::Progress;
use super::schedule::Schedule;
use super::{LoadConfig, Outage, socket};
use crate::clock::Clock;
use anyhow::{Context, Result, bail, ensure};
use model::HandsetId;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::io::{self, Read};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

const KEEP_ALIVE_S: u16 = 600;
const PING_AFTER: Duration = Duration::from_mins(4);
/// A door may be busy with the hashes of thousands.
const LOG_IN_WITHIN: Duration = Duration::from_mins(1);
/// Nothing is overslept by more: stopping, the progress line.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// After Ctrl-C what is on its way may still arrive.
const FAREWELL: Duration = Duration::from_secs(5);
const READ_BYTES: usize = 64 * 1024;
const NS_A_MS: u64 = 1_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Timer {
    Dial,
    /// The attempt whose answer has not come.
    LogIn(u32),
    Repeat,
    Ping,
}

/// Where the run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Connections are being made; nothing is sent yet.
    Gathering,
    /// The load runs, or the connections are held.
    Running,
    /// Everything is sent; answers are awaited.
    Draining,
}

#[derive(Debug)]
pub(super) struct Engine {
    config: LoadConfig,
    door: SocketAddr,
    clock: Clock,
    anchor: Instant,
    poller: Poller,
    lines: Vec<Line>,
    to_dial: VecDeque<usize>,
    dialling: usize,
    timers: BinaryHeap<Reverse<(u64, usize, Timer)>>,
    schedule: Schedule,
    stage: Stage,
    /// When the plan ends, once it has begun, and when waiting for answers ends.
    end_ns: u64,
    give_up_ns: u64,
    to_pump: Vec<usize>,
    due: Vec<u64>,
    input: Vec<u8>,
    output: Vec<u8>,
    book: Book,
    trouble: Option<String>,
}

impl Engine {
    pub(super) fn new(config: LoadConfig, clock: Clock) -> Result<Self> {
        ensure!(config.handsets > 0, "a load without a handset sends nothing");
        let door = socket::resolve(&config.mqtt)?;
        socket::allow(config.handsets)?;
        let habits = Habits { version: config.version, window: config.window, keep_alive_s: KEEP_ALIVE_S };
        let lines = (1..=config.handsets)
            .map(|number| {
                let id = format!("{}{number:0width$}", config.prefix, width = config.width);
                let id = HandsetId::new(&id).with_context(|| format!("handset {id:?}"))?;
                Ok(Line::new(Link::new(Sender::new(id, clock.now()), habits)))
            })
            .collect::<Result<Vec<Line>>>()?;
        Ok(Self {
            schedule: config.schedule(),
            door,
            clock,
            anchor: Instant::now(),
            poller: Poller::new().context("ask the kernel for an epoll")?,
            to_dial: (0..lines.len()).collect(),
            lines,
            dialling: 0,
            timers: BinaryHeap::new(),
            stage: Stage::Gathering,
            end_ns: u64::MAX,
            give_up_ns: u64::MAX,
            to_pump: Vec::new(),
            due: Vec::new(),
            input: vec![0; READ_BYTES],
            output: Vec::new(),
            book: Book::default(),
            trouble: None,
            config,
        })
    }

    /// Runs to the end, or until stopped.
    pub(super) fn run(mut self, stop: &CancellationToken, progress: &mut Progress) -> Result<Book> {
        if let Some(outage) = self.config.outage.clone() {
            self.come_back(&outage);
            self.begin();
        }
        let mut ready = Vec::new();
        loop {
            self.dial_some()?;
            let now_ns = self.now_ns();
            self.advance(now_ns, stop.is_cancelled())?;
            self.feed(now_ns);
            self.fire(now_ns);
            progress.show(now_ns, self.stage, &self.book, &self.config);
            if self.is_over(now_ns) {
                break;
            }
            self.pause(&mut ready).context("wait for sockets")?;
            for event in ready.drain(..) {
                self.serve(event)?;
            }
        }
        let now_ns = self.now_ns();
        for line in &self.lines {
            line.link.still_owes(now_ns, &mut self.book);
        }
        self.say_goodbye();
        Ok(self.book)
    }

    fn now_ns(&self) -> u64 {
        ns(self.anchor.elapsed())
    }

    fn begin(&mut self) {
        self.stage = Stage::Running;
        self.book.begin_ns = self.now_ns();
        self.book.begin_cpu = super::processor_time();
        self.end_ns = self.config.lasting.map_or(u64::MAX, |lasting| self.book.begin_ns + ns(lasting));
        self.give_up_ns = self.end_ns.saturating_add(ns(self.config.drain));
    }

    fn advance(&mut self, now_ns: u64, stopped: bool) -> Result<()> {
        match self.stage {
            Stage::Gathering if self.book.up == self.lines.len() => self.begin(),
            Stage::Gathering if stopped => (self.end_ns, self.give_up_ns) = (now_ns, now_ns),
            Stage::Gathering if now_ns > ns(self.config.connect_within) => bail!(
                "{} of {} handsets were connected within {:?}; the last trouble: {}",
                self.book.up,
                self.lines.len(),
                self.config.connect_within,
                self.trouble.as_deref().unwrap_or("none, the door is only slow"),
            ),
            Stage::Running if stopped => {
                self.stage = Stage::Draining;
                self.end_ns = now_ns;
                self.give_up_ns = now_ns + ns(FAREWELL.min(self.config.drain));
            }
            Stage::Running if now_ns >= self.end_ns => self.stage = Stage::Draining,
            Stage::Gathering | Stage::Running | Stage::Draining => {}
        }
        Ok(())
    }

    fn is_over(&mut self, now_ns: u64) -> bool {
        let planned = self.schedule.next_ns().is_some_and(|at| at + self.book.begin_ns < self.end_ns);
        now_ns >= self.end_ns && (now_ns >= self.give_up_ns || (!planned && self.book.complete()))
    }

    /// Hands out what has become due, then sends it.
    fn feed(&mut self, now_ns: u64) {
        if self.stage == Stage::Gathering {
            return;
        }
        let begin_ns = self.book.begin_ns;
        let until = now_ns.min(self.end_ns).saturating_sub(begin_ns);
        while let Some(due) = self.schedule.take_until(until) {
            let intended_ns = begin_ns + due.at_ns;
            self.book.behind.record(intended_ns, now_ns);
            let count = if due.kind == Kind::Press { 0 } else { self.config.batch };
            let at_ms = self.wall_ms(intended_ns);
            let Some(line) = self.lines.get_mut(due.handset) else { continue };
            let seq = line.link.numbers(u32::from(count.max(1)));
            let apart_ms = self.config.apart_ms;
            let message = Message { kind: due.kind, late: false, intended_ns, count, seq, at_ms, apart_ms };
            line.link.give(message, &mut self.book);
            if !line.pumping {
                line.pumping = true;
                self.to_pump.push(due.handset);
            }
        }
        while let Some(index) = self.to_pump.pop() {
            self.pump(index, now_ns);
        }
    }

    /// Fills every handset with what it could not send while it was cut off.
    fn come_back(&mut self, outage: &Outage) {
        let now_ms = self.wall_ms(0);
        for (index, at_ms) in outage.presses(self.config.seed, self.lines.len(), now_ms) {
            if let Some(line) = self.lines.get_mut(index) {
                let seq = line.link.numbers(1);
                let press = Message {
                    kind: Kind::Press,
                    late: true,
                    intended_ns: 0,
                    count: 0,
                    seq,
                    at_ms,
                    apart_ms: 0,
                };
                line.link.give(press, &mut self.book);
            }
        }
        for line in &mut self.lines {
            let first = line.link.numbers(outage.positions());
            for message in outage.messages(first, now_ms) {
                line.link.give(message, &mut self.book);
            }
        }
    }

    fn wall_ms(&self, at_ns: u64) -> i64 {
        let since_start = i64::try_from(at_ns / NS_A_MS).unwrap_or(i64::MAX);
        self.clock.started().as_millisecond().saturating_add(since_start)
    }

    fn dial_some(&mut self) -> Result<()> {
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

    fn fire(&mut self, now_ns: u64) {
        while let Some(Reverse((at_ns, index, timer))) = self.timers.peek().copied()
            && at_ns <= now_ns
        {
            self.timers.pop();
            let Some(line) = self.lines.get_mut(index) else { continue };
            match timer {
                Timer::Dial => self.to_dial.push_back(index),
                Timer::LogIn(attempt) if attempt == line.attempt && line.is_logging_in() => {
                    self.lost(index, "no answer to the log-in");
                }
                Timer::LogIn(_) => {}
                Timer::Repeat => {
                    line.link.repeat(now_ns);
                    self.pump(index, now_ns);
                }
                Timer::Ping => self.ping(index, now_ns),
            }
        }
    }

    fn ping(&mut self, index: usize, now_ns: u64) {
        let Some(line) = self.lines.get_mut(index) else { return };
        line.watched = line.link.phase == Phase::Up;
        if !line.watched {
            return;
        }
        let silent_since = line.link.sent_ns;
        if silent_since + ns(PING_AFTER) <= now_ns {
            line.link.sent_ns = now_ns;
            self.output.clear();
            self.output.extend(super::mqtt::PING);
            self.write(index);
        }
        self.timers.push(Reverse((silent_since.max(now_ns) + ns(PING_AFTER), index, Timer::Ping)));
    }

    fn pause(&mut self, ready: &mut Vec<Ready>) -> io::Result<()> {
        let now_ns = self.now_ns();
        let mut next_ns = now_ns + ns(LOOK_EVERY);
        if self.stage != Stage::Gathering
            && let Some(due) = self.schedule.next_ns()
        {
            next_ns = next_ns.min(self.book.begin_ns + due);
        }
        if let Some(Reverse((at_ns, ..))) = self.timers.peek() {
            next_ns = next_ns.min(*at_ns);
        }
        if self.config.tick.is_zero() || self.stage == Stage::Gathering {
            return self.poller.wait(Duration::from_nanos(next_ns.saturating_sub(now_ns)), ready);
        }
        let tick_ns = ns(self.config.tick);
        std::thread::sleep(Duration::from_nanos(tick_ns - now_ns % tick_ns));
        self.poller.look(ready)
    }

    fn serve(&mut self, event: Ready) -> Result<()> {
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

    fn pump(&mut self, index: usize, now_ns: u64) {
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

    fn say_goodbye(&mut self) {
        self.output.clear();
        self.output.extend(super::mqtt::DISCONNECT);
        for line in self.lines.iter_mut().filter(|line| line.link.phase == Phase::Up && line.rest.is_empty())
        {
            if let Err(error) = line.write(&self.output) {
                tracing::debug!(handset = %line.link.sender().id(), %error, "load.farewell_failed");
            }
        }
    }
}

pub(super) fn ns(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
