//! For how long a thread keeps a core at a time from others who come to want it.

use std::{io, time::Duration};

/// Lets this thread, and those that it starts, keep a core for so long at a time from others who come to want it. Linux lets whoever
/// asks for short turns come in sooner, before whoever keeps a core for longer. What is usual are some milliseconds. Where Linux knows
/// no such time (before 6.12) nothing changes.
pub fn take_turns_of(time: Duration) -> io::Result<()> {
    let attributes = libc::sched_attr {
        size: u32::try_from(size_of::<libc::sched_attr>()).unwrap_or_default(),
        // The usual way of taking turns, which has the number zero.
        sched_policy: 0,
        sched_flags: 0,
        sched_nice: rustix::process::getpriority_process(None)?,
        sched_priority: 0,
        sched_runtime: u64::try_from(time.as_nanos()).unwrap_or(u64::MAX),
        sched_deadline: 0,
        sched_period: 0,
    };
    #[expect(
        unsafe_code,
        reason = "no library has this call; it reads the structure, of the size that stands in it, and keeps nothing"
    )]
    let done = unsafe { libc::syscall(libc::SYS_sched_setattr, 0, &raw const attributes, 0) };
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_takes_short_turns_stands_where_it_stood() {
        let niceness = || rustix::process::getpriority_process(None).expect("a niceness");
        let here = niceness();
        take_turns_of(Duration::from_micros(300)).expect("allowed to everybody");
        assert_eq!(niceness(), here);
        let inherited = std::thread::spawn(niceness).join().expect("a thread");
        assert_eq!(inherited, here);
    }
}
