//! Places under the connection cap, and who gives way when none is left.
//!
//! A place is taken at the accepted socket, before anything is read. When all are taken, the connection that has said
//! nothing for longest (no whole CONNECT yet) gives its place to the newcomer: ten thousand silent sockets must not keep
//! a handset out. Who has sent its CONNECT stays; if all have, the newcomer is refused.

use std::collections::VecDeque;
use std::fmt::Display;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use super::Shared;
use super::handshake::count_refused;

/// The places of one door.
#[derive(Debug)]
pub(super) struct Places {
    most: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    taken: usize,
    /// Who has not said who it is, in order of arrival; the dead among them have said it or are gone.
    strangers: VecDeque<Weak<CancellationToken>>,
}

/// A place under the connection cap, free again when dropped.
#[derive(Debug)]
pub(super) struct Place {
    shared: Arc<Shared>,
    /// When its client must have said who it is.
    until: Instant,
    /// Cancelled when the place has been given to somebody else.
    stranger: Option<Arc<CancellationToken>>,
}

impl Places {
    pub(super) fn new(most: usize) -> Self {
        Self { most, state: Mutex::default() }
    }

    /// Takes a place; `None` if all are held by clients that have said who they are.
    pub(super) fn take(&self, shared: &Arc<Shared>) -> Option<Place> {
        let mut state = self.state();
        if state.taken < self.most {
            state.taken += 1;
            metrics::gauge!("jujiale_mqtt_connections").increment(1.0);
        } else if !state.send_stranger_away() {
            count_refused("connection_cap");
            return None;
        }
        let stranger = Arc::new(CancellationToken::new());
        state.welcome(&stranger);
        let until = Instant::now() + shared.config.handshake_timeout();
        Some(Place { shared: Arc::clone(shared), until, stranger: Some(stranger) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn welcome(&mut self, stranger: &Arc<CancellationToken>) {
        while self.strangers.front().is_some_and(|oldest| oldest.strong_count() == 0) {
            self.strangers.pop_front();
        }
        self.strangers.push_back(Arc::downgrade(stranger));
    }

    /// Its place goes to the newcomer, so the count stays.
    fn send_stranger_away(&mut self) -> bool {
        while let Some(oldest) = self.strangers.pop_front() {
            if let Some(stranger) = oldest.upgrade() {
                stranger.cancel();
                return true;
            }
        }
        false
    }
}

impl Place {
    pub(super) fn until(&self) -> Instant {
        self.until
    }

    /// Waits until the place has been given to somebody else.
    pub(super) async fn sent_away(&self) {
        match &self.stranger {
            Some(stranger) => stranger.cancelled().await,
            None => std::future::pending().await,
        }
    }

    pub(super) fn is_sent_away(&self) -> bool {
        self.stranger.as_ref().is_some_and(|stranger| stranger.is_cancelled())
    }

    /// The client has said who it is and keeps its place; false if it was too late.
    pub(super) fn keep(&mut self) -> bool {
        let shared = Arc::clone(&self.shared);
        let _order = shared.places.state();
        if self.is_sent_away() {
            return false;
        }
        self.stranger = None;
        true
    }

    /// A handshake of the transport, within the time that this place has for all of them.
    pub(super) async fn within_handshake<T, E: Display>(
        &mut self,
        what: &'static str,
        shaking: impl Future<Output = Result<T, E>>,
    ) -> Option<T> {
        let shaken = tokio::select! {
            () = self.shared.stop.cancelled() => return None,
            () = self.sent_away() => {
                count_refused("gave_way");
                return None;
            }
            shaken = timeout_at(self.until, shaking) => shaken,
        };
        match shaken {
            Ok(Ok(done)) => return Some(done),
            Ok(Err(error)) => {
                tracing::debug!(event = "mqtt_transport_refused", what, %error);
                count_refused(what);
            }
            Err(_) => count_refused("handshake_timeout"),
        }
        None
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.shared.places.state();
        // A place that was given away goes on being taken, by its new holder.
        if !self.is_sent_away() {
            state.taken -= 1;
            metrics::gauge!("jujiale_mqtt_connections").decrement(1.0);
        }
    }
}
