//! Slow hashes, behind everything else: a thousand people who log in must not take a core from a press.
//!
//! They are made in turn on a thread that gets a core only while nobody else wants it. Where that takes longer than somebody who logs in
//! has patience, since others want every core or since many wait before them, the hash is begun again on another one, which gets a tenth
//! of what others get.

use crate::secrets::Memory;
use std::{io, pin::pin, sync::Arc, time::Duration};
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot},
    time::timeout,
};

/// Work that waits on a thread at most; whoever comes then waits for room.
const WAITING: usize = 64;
/// How much less of a core the second thread gets than others, where they want it too: about a tenth.
const NICENESS: i32 = 10;
/// How long the first thread may take: many times what a hash takes.
const PATIENCE: Duration = Duration::from_millis(500);
/// After so long without work its memory is given back.
const IDLE: Duration = Duration::from_secs(30);

type Work = Box<dyn FnOnce(&mut Memory) + Send>;

/// The lane; it ends when it is dropped.
#[derive(Debug)]
pub struct SlowLane {
    idle: Thread,
    behind: Thread,
}

impl SlowLane {
    /// Starts the threads; within a runtime, whose clock they go by.
    pub fn start() -> io::Result<Self> {
        Ok(Self {
            idle: Thread::start("slow-hashes", only_when_idle)?,
            behind: Thread::start("slow-hashes-2", || {
                rustix::process::setpriority_process(None, NICENESS).map_err(io::Error::from)
            })?,
        })
    }

    /// Does it when its turn comes, and once more elsewhere where that takes too long; nothing if it panicked. Work whose caller has gone
    /// away meanwhile is passed over.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl Fn(&mut Memory) -> T + Send + Sync + 'static,
    ) -> Option<T> {
        let work = Arc::new(work);
        let mut idle = pin!(self.idle.run(Arc::clone(&work)));
        if let Ok(done) = timeout(PATIENCE, &mut idle).await {
            return done;
        }
        tokio::select! {
            done = idle => done,
            done = self.behind.run(work) => done,
        }
    }
}

/// A thread that does one thing after the other.
#[derive(Debug)]
struct Thread(mpsc::Sender<Work>);

impl Thread {
    fn start(name: &str, stand_behind: impl Fn() -> io::Result<()> + Send + 'static) -> io::Result<Self> {
        let (sender, mut works) = mpsc::channel::<Work>(WAITING);
        let runtime = Handle::current();
        std::thread::Builder::new().name(name.to_owned()).spawn(move || {
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

    async fn run<T: Send + 'static>(
        &self,
        work: Arc<impl Fn(&mut Memory) -> T + Send + Sync + 'static>,
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

/// Puts this thread alone where it gets a core only while nobody wants it. To stand behind others is not enough: whoever wakes on its core
/// waits for the rest of its turn. Beside bursts of 14 ms every 60 ms, as a thousand log-ins a minute make them, an append with fdatasync
/// took 6.8 ms in the slowest hundredth where they stood behind, and 0.75 where they were idle, as without them.
fn only_when_idle() -> io::Result<()> {
    let parameters = libc::sched_param { sched_priority: 0 };
    #[expect(
        unsafe_code,
        reason = "no library that is kept has this call; it reads the structure and keeps nothing"
    )]
    let done = unsafe { libc::sched_setscheduler(0, libc::SCHED_IDLE, &raw const parameters) };
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
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
        let policy = || {
            let stat = std::fs::read_to_string("/proc/thread-self/stat").unwrap_or_default();
            let mut fields = stat.rsplit(')').next().unwrap_or_default().split(' ').map(str::to_owned);
            fields.nth(39)
        };
        let (usual, idle) = (Some("0".to_owned()), Some("5".to_owned()));
        assert_eq!((lane.run(move |_| policy()).await.flatten(), policy()), (idle, usual));
        assert_eq!(
            lane.behind.run(Arc::new(move |_: &mut Memory| niceness())).await.flatten(),
            Some(NICENESS)
        );
        assert_eq!(niceness(), here);
    }

    #[tokio::test]
    async fn where_the_first_thread_gets_no_core_another_does_its_work() {
        let lane = SlowLane::start().expect("a thread");
        let (release, held) = std::sync::mpsc::sync_channel::<()>(1);
        let held = std::sync::Mutex::new(held);
        let holds = lane.idle.run(Arc::new(move |_: &mut Memory| held.lock().expect("one").recv().is_ok()));
        let work = async {
            let done = lane.run(|_| 2).await;
            release.send(()).expect("it waits");
            done
        };
        assert_eq!(tokio::join!(holds, work), (Some(true), Some(2)));
    }
}
