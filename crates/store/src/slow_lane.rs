//! One thread for slow hashes, behind everything else: a thousand people who log in must not take a core from a press.

use crate::{secrets::Memory, turns::take_turns_of};
use std::{io, time::Duration};
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot},
    time::timeout,
};

/// Work that waits at most; whoever comes then waits for room.
const WAITING: usize = 64;
/// How much less of a core the thread gets than others, where they want it too: about a tenth.
const NICENESS: i32 = 10;

/// How long it keeps a core at a time from others who come to want it. What is usual are some milliseconds, also behind others, and a
/// hash takes more, so that a press that woke on that core waited for them: beside a thousand log-ins a minute a thread that slept for
/// 5 ms woke up to 4.7 ms late (p99 0.5 to 3.1 ms), with this 1.0 (0.2).
const TURN: Duration = Duration::from_micros(100);
/// After so long without work its memory is given back.
const IDLE: Duration = Duration::from_secs(30);

type Work = Box<dyn FnOnce(&mut Memory) + Send>;

/// The lane; it ends when it is dropped.
#[derive(Debug)]
pub struct SlowLane(mpsc::Sender<Work>);

impl SlowLane {
    /// Starts the thread; within a runtime, whose clock it goes by.
    pub fn start() -> io::Result<Self> {
        let (sender, mut works) = mpsc::channel::<Work>(WAITING);
        let runtime = Handle::current();
        std::thread::Builder::new().name("slow-hashes".to_owned()).spawn(move || {
            if let Err(error) = stand_behind() {
                tracing::warn!(event = "slow_lane_in_a_hurry", %error);
            }
            let mut memory = Memory::default();
            loop {
                match runtime.block_on(async { timeout(IDLE, works.recv()).await }) {
                    Ok(Some(work)) => work(&mut memory),
                    Ok(None) => return,
                    Err(_) => memory = Memory::default(),
                }
            }
        })?;
        Ok(Self(sender))
    }

    /// Does it when its turn comes; nothing if it panicked. Work whose caller has gone away meanwhile is passed over.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Memory) -> T + Send + 'static,
    ) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        let work = move |memory: &mut Memory| {
            if !reply.is_closed()
                && let Ok(done) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(memory)))
            {
                // Who asked may have gone away while it was done.
                drop(reply.send(done));
            }
        };
        self.0.send(Box::new(work)).await.ok()?;
        answer.await.ok()
    }
}

/// Puts this thread alone behind the others, for a short time at a time.
fn stand_behind() -> io::Result<()> {
    rustix::process::setpriority_process(None, NICENESS)?;
    take_turns_of(TURN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_is_done_in_turn_also_after_one_that_panicked() {
        let lane = SlowLane::start().expect("a thread");
        assert_eq!(lane.run(|_| 1).await, Some(1));
        assert_eq!(lane.run(|_| -> i32 { unreachable!("on purpose") }).await, None);
        assert_eq!(lane.run(|_| 2).await, Some(2));
    }

    #[tokio::test]
    async fn the_lane_stands_behind_others_and_others_do_not() {
        let lane = SlowLane::start().expect("a thread");
        let niceness = || rustix::process::getpriority_process(None).ok();
        let here = niceness();
        assert_eq!(lane.run(move |_| niceness()).await.flatten(), Some(NICENESS));
        assert_eq!(niceness(), here);
    }
}
