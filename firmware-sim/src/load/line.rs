//! One handset's session with its socket.

use super::link::{Link, Phase};
use std::io::{self, Write};
use std::net::TcpStream;

/// The pause after a lost connection in milliseconds, doubled up to the second figure.
const REDIAL_MS: (u64, u64) = (200, 5_000);

/// A session with its socket.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) link: Link,
    pub(super) socket: Option<TcpStream>,
    /// What the socket did not take.
    pub(super) rest: Vec<u8>,
    pub(super) attempt: u32,
    pub(super) dialled_ns: u64,
    pub(super) failures: u32,
    pub(super) ever_up: bool,
    pub(super) pumping: bool,
    /// A timer asks now and then whether a sign of life is due.
    pub(super) watched: bool,
}

impl Line {
    pub(super) fn new(link: Link) -> Self {
        Self {
            link,
            socket: None,
            rest: Vec::new(),
            attempt: 0,
            dialled_ns: 0,
            failures: 0,
            ever_up: false,
            pumping: false,
            watched: false,
        }
    }

    pub(super) fn dial(&mut self, socket: TcpStream, now_ns: u64) {
        self.link.phase = Phase::Dialling;
        self.socket = Some(socket);
        self.attempt = self.attempt.wrapping_add(1);
        self.dialled_ns = now_ns;
    }

    pub(super) fn is_logging_in(&self) -> bool {
        matches!(self.link.phase, Phase::Dialling | Phase::LoggingIn)
    }

    /// Forgets the connection and says how long to wait before the next.
    pub(super) fn hang_up(&mut self) -> u64 {
        self.link.lost();
        self.socket = None;
        self.rest = Vec::new();
        self.failures = self.failures.saturating_add(1);
        REDIAL_MS.0.saturating_mul(1 << self.failures.min(10)).min(REDIAL_MS.1)
    }

    /// Whether it waits for the socket to take bytes.
    pub(super) fn wants_to_write(&self) -> bool {
        self.link.phase == Phase::Dialling || !self.rest.is_empty()
    }

    /// The socket takes bytes again, or for the first time; says whether `output` holds a log-in to be written.
    pub(super) fn writable(&mut self, output: &mut Vec<u8>) -> io::Result<bool> {
        output.clear();
        let Some(socket) = &self.socket else { return Ok(false) };
        if self.link.phase == Phase::Dialling {
            if let Some(error) = socket.take_error()? {
                return Err(error);
            }
            self.link.log_in(output);
            return Ok(true);
        }
        let rest = std::mem::take(&mut self.rest);
        self.write(&rest)?;
        Ok(false)
    }

    /// Writes, and keeps what the socket does not take.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let Some(mut socket) = self.socket.as_ref().filter(|_| !bytes.is_empty()) else { return Ok(()) };
        let mut taken = 0;
        while self.rest.is_empty()
            && let Some(left) = bytes.get(taken..).filter(|left| !left.is_empty())
        {
            match socket.write(left) {
                Ok(count) => taken += count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.rest.extend(bytes.iter().skip(taken));
        Ok(())
    }
}
