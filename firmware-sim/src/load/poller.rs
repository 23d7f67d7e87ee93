//! The kernel's answer to "which sockets have something?", and waiting that is exact to microseconds.

use rustix::buffer::spare_capacity;
use rustix::event::epoll::{self, CreateFlags, EventData, EventFlags};
use rustix::fd::{AsFd, OwnedFd};
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create, timerfd_settime,
};
use std::io;
use std::time::Duration;

/// So many sockets are told of at once.
const EVENTS: usize = 1_024;
/// The timer's own number.
const TIMER: u64 = u64::MAX;

/// What a socket has to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ready {
    pub(super) index: usize,
    pub(super) readable: bool,
    pub(super) writable: bool,
    /// The other side has hung up, perhaps after some last words.
    pub(super) over: bool,
}

/// An epoll with a timer in it: its own timeout counts whole milliseconds.
pub(super) struct Poller {
    epoll: OwnedFd,
    timer: OwnedFd,
    events: Vec<epoll::Event>,
}

impl std::fmt::Debug for Poller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Poller").finish_non_exhaustive()
    }
}

impl Poller {
    pub(super) fn new() -> io::Result<Self> {
        let epoll = epoll::create(CreateFlags::CLOEXEC)?;
        let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
        let timer = timerfd_create(TimerfdClockId::Monotonic, flags)?;
        epoll::add(&epoll, &timer, EventData::new_u64(TIMER), EventFlags::IN | EventFlags::ET)?;
        Ok(Self { epoll, timer, events: Vec::with_capacity(EVENTS) })
    }

    /// Tells from now on when this socket has become readable or writable. It ends when the socket is closed.
    pub(super) fn add(&self, socket: impl AsFd, index: usize) -> io::Result<()> {
        let flags = EventFlags::IN | EventFlags::OUT | EventFlags::RDHUP | EventFlags::ET;
        let data = EventData::new_u64(u64::try_from(index).unwrap_or(TIMER - 1));
        Ok(epoll::add(&self.epoll, socket, data, flags)?)
    }

    /// Waits for a socket, and so long at most.
    pub(super) fn wait(&mut self, at_most: Duration, ready: &mut Vec<Ready>) -> io::Result<()> {
        self.timer_in(at_most)?;
        self.take(None, ready)
    }

    /// Tells at once what there is.
    pub(super) fn look(&mut self, ready: &mut Vec<Ready>) -> io::Result<()> {
        self.take(Some(&Timespec { tv_sec: 0, tv_nsec: 0 }), ready)
    }

    fn take(&mut self, timeout: Option<&Timespec>, ready: &mut Vec<Ready>) -> io::Result<()> {
        self.events.clear();
        match epoll::wait(&self.epoll, spare_capacity(&mut self.events), timeout) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        ready.extend(self.events.iter().filter_map(|event| {
            let (data, flags) = (event.data.u64(), event.flags);
            let index = usize::try_from(data).ok().filter(|_| data != TIMER)?;
            let over = flags.intersects(EventFlags::RDHUP | EventFlags::HUP | EventFlags::ERR);
            let readable = over || flags.contains(EventFlags::IN);
            Some(Ready { index, readable, writable: flags.contains(EventFlags::OUT), over })
        }));
        Ok(())
    }

    /// A timer of zero would be no timer.
    fn timer_in(&self, after: Duration) -> io::Result<()> {
        let after = after.max(Duration::from_nanos(1));
        let value = Timespec {
            tv_sec: i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: i64::from(after.subsec_nanos()),
        };
        let once = Itimerspec { it_interval: Timespec { tv_sec: 0, tv_nsec: 0 }, it_value: value };
        timerfd_settime(&self.timer, TimerfdTimerFlags::empty(), &once)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::net::{TcpListener, TcpStream};

    #[test]
    fn sockets_are_told_of_once_and_the_timer_ends_the_wait() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (far, _) = listener.accept().unwrap();
        let (mut poller, mut ready) = (Poller::new().unwrap(), Vec::new());
        poller.add(&far, 7).unwrap();
        near.write_all(b"x").unwrap();
        while !ready.iter().any(|ready: &Ready| ready.index == 7 && ready.readable) {
            poller.wait(Duration::from_secs(10), &mut ready).unwrap();
        }
        ready.clear();
        poller.wait(Duration::from_millis(1), &mut ready).unwrap();
        assert_eq!(ready, [], "only the timer");
        drop(near);
        while !ready.iter().any(|ready| ready.over) {
            poller.wait(Duration::from_secs(10), &mut ready).unwrap();
        }
    }
}
