//! Waiting for a statement of a press, or of what somebody at a screen waits for, without going to sleep.
//!
//! Near idle most of what a statement takes is two threads waking each other. Whoever waits for one of these looks again
//! and again for as long as a statement usually takes, and lets everybody else run in between; only then it sleeps.

use std::{
    pin::{Pin, pin},
    task::{Context, Poll},
    time::{Duration, Instant},
};

/// Several times what such a statement takes, and far less than a sync.
const LOOKS_FOR: Duration = Duration::from_micros(100);

/// Waits for it; awake, if it is urgent.
pub(crate) async fn eagerly<T>(is_urgent: bool, waited_for: impl Future<Output = T>) -> T {
    let mut waited_for = pin!(waited_for);
    std::future::poll_fn(|context| look(is_urgent, waited_for.as_mut(), context)).await
}

#[expect(
    clippy::disallowed_methods,
    reason = "the time decides only whether to sleep, never what is written"
)]
fn look<F: Future>(
    is_urgent: bool,
    mut waited_for: Pin<&mut F>,
    context: &mut Context<'_>,
) -> Poll<F::Output> {
    let mut begun = None;
    loop {
        let looked = waited_for.as_mut().poll(context);
        if looked.is_ready() || !is_urgent {
            return looked;
        }
        if begun.get_or_insert_with(Instant::now).elapsed() > LOOKS_FOR {
            return Poll::Pending;
        }
        std::thread::yield_now();
    }
}
