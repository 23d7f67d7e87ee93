//! Who is connected: up to four sessions of a handset side by side, each in its seat.
//!
//! A session is named by its handset and its client id; the client id alone says nothing, so two handsets may use the
//! same one. A client id that connects again takes its own old session over. A fifth client id sends the session away
//! that has been silent longest: a handset that forgets its client ids at every boot still gets in.
//!
//! No session outlives its connection. What waits for a handset waits in the store, so there is nothing to resume and
//! every CONNACK says `session present = 0`.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use model::HandsetId;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::config::SESSIONS_PER_HANDSET;
use super::ending::Ending;
use crate::hall::Hall;

/// The registry of sessions, shared by every door.
#[derive(Debug, Clone)]
pub struct Sessions {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    state: Mutex<State>,
    /// Held while a change of presence is made and told, so that `online` and `offline` are told in the order in which
    /// they happened. The state itself is not locked then: the hall may ask for counts.
    telling: Mutex<()>,
    opened_at: Instant,
}

#[derive(Debug, Default)]
struct State {
    seats: HashMap<HandsetId, Vec<Arc<Seat>>>,
    /// Wills that wait for their delay, called off when their session's name comes back or its log-in may no longer hold.
    wills: HashMap<(HandsetId, String), KeptWill>,
    last_serial: u64,
    count: usize,
}

/// A will that waits.
#[derive(Debug)]
struct KeptWill {
    /// Whose it is.
    serial: u64,
    /// Of which change of the handset its log-in knew.
    as_of: i64,
    called_off: CancellationToken,
}

/// One session's place in the registry.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) handset: HandsetId,
    pub(super) client_id: String,
    /// Of which change of the handset its log-in knew.
    as_of: i64,
    serial: u64,
    /// Rings for news in the outbox and for a dismissal.
    bell: Notify,
    dismissal: OnceLock<Ending>,
    seated_ms: u64,
    heard_ms: AtomicU64,
    /// From which network; nothing of a handset with telephones, which are elsewhere as they like.
    network: Option<IpAddr>,
    /// Cancelled when the session has handed on everything it had to.
    gone: CancellationToken,
}

impl Seat {
    /// Waits for news; the ending if the session has been sent away.
    pub(super) async fn called(&self) -> Option<Ending> {
        self.bell.notified().await;
        self.dismissal.get().copied()
    }

    /// Whether it was sent away because its log-in may no longer hold.
    pub(super) fn must_log_in_again(&self) -> bool {
        self.dismissal.get() == Some(&Ending::MustLogInAgain)
    }

    /// Waits until the session has handed on everything it had to.
    pub(super) async fn gone(&self) {
        self.gone.cancelled().await;
    }

    /// Whether both have gone on speaking for so long side by side, from two networks.
    fn is_beside(&self, other: &Self, for_ms: u64) -> bool {
        let since_ms = self.seated_ms.max(other.seated_ms).saturating_add(for_ms);
        let is_heard = |seat: &Self| seat.heard_ms.load(Ordering::Relaxed) >= since_ms;
        let networks = self.network.zip(other.network);
        networks.is_some_and(|(one, two)| one != two) && is_heard(self) && is_heard(other)
    }

    fn dismiss(&self, ending: Ending) {
        // A second dismissal finds the first one standing; one is enough.
        self.dismissal.get_or_init(|| ending);
        self.bell.notify_one();
    }
}

impl Default for Sessions {
    fn default() -> Self {
        let inner = Inner { state: Mutex::default(), telling: Mutex::default(), opened_at: Instant::now() };
        Self { inner: Arc::new(inner) }
    }
}

impl Sessions {
    /// An empty registry.
    pub fn new() -> Self {
        Self::default()
    }

    /// The outbox has something for this handset: its sessions look. Cheap, and safe to call for nothing.
    pub fn wake(&self, handset: &HandsetId) {
        if let Some(seats) = self.state().seats.get(handset) {
            for seat in seats {
                seat.bell.notify_one();
            }
        }
    }

    /// The handset's secret or its standing has changed: its sessions that do not know of it are sent away and must log in again, and
    /// what they left to be said later is not said.
    pub fn dismiss(&self, handset: &HandsetId, change: i64) {
        let mut state = self.state();
        if let Some(seats) = state.seats.get(handset) {
            for seat in seats.iter().filter(|seat| seat.as_of < change) {
                seat.dismiss(Ending::MustLogInAgain);
            }
        }
        state.wills.retain(|(whose, _), will| {
            let stands = whose != handset || will.as_of >= change;
            if !stands {
                will.called_off.cancel();
            }
            stands
        });
    }

    /// How many sessions are up.
    pub fn count(&self) -> usize {
        self.state().count
    }

    /// The handsets of which two sessions were heard side by side for so long, from two networks.
    pub fn in_two_places(&self, side_by_side: Duration) -> Vec<HandsetId> {
        let for_ms = u64::try_from(side_by_side.as_millis()).unwrap_or(u64::MAX);
        let is_double = |seats: &[Arc<Seat>]| {
            let mut pairs = seats
                .iter()
                .enumerate()
                .flat_map(|(nth, one)| seats.iter().skip(nth + 1).map(move |two| one.is_beside(two, for_ms)));
            pairs.any(|is_beside| is_beside)
        };
        let state = self.state();
        let doubles = state.seats.iter().filter(|(_, seats)| is_double(seats));
        doubles.map(|(handset, _)| handset.clone()).collect()
    }

    /// Whether this handset has a session.
    pub fn is_online(&self, handset: &HandsetId) -> bool {
        self.state().seats.contains_key(handset)
    }

    /// A name for a client that brought none. Unique in this process, which is as long as any session lives.
    pub(super) fn assign_client_id(&self) -> String {
        format!("auto-{}", self.state().next_serial())
    }

    /// Takes a seat. Whoever had to leave for it is dismissed and returned, so that the newcomer can wait for them.
    pub(super) fn enter(
        &self,
        handset: &HandsetId,
        client_id: &str,
        as_of: i64,
        network: Option<IpAddr>,
        hall: Arc<dyn Hall>,
    ) -> (SeatGuard, Vec<Arc<Seat>>) {
        let _order = lock(&self.inner.telling);
        let mut state = self.state();
        if let Some(will) = state.wills.remove(&(handset.clone(), client_id.to_owned())) {
            will.called_off.cancel();
        }
        let seat = Arc::new(Seat {
            handset: handset.clone(),
            client_id: client_id.to_owned(),
            as_of,
            serial: state.next_serial(),
            bell: Notify::new(),
            dismissal: OnceLock::new(),
            seated_ms: self.now_ms(),
            heard_ms: AtomicU64::new(self.now_ms()),
            network,
            gone: CancellationToken::new(),
        });
        let seats = state.seats.entry(handset.clone()).or_default();
        let first = seats.is_empty();
        let displaced = make_room(seats, client_id);
        seats.push(Arc::clone(&seat));
        state.count = state.count + 1 - displaced.len();
        drop(state);
        if first {
            hall.presence(handset, true);
        }
        (SeatGuard { sessions: self.clone(), seat, hall }, displaced)
    }

    /// Keeps a will for its delay; `None` if the session's name is already back, or its log-in may no longer hold.
    pub(super) fn keep_will(&self, seat: &Seat) -> Option<CancellationToken> {
        let mut state = self.state();
        let back = state.seats.get(&seat.handset).is_some_and(|seats| {
            seats.iter().any(|other| other.client_id == seat.client_id && other.serial != seat.serial)
        });
        if back || seat.must_log_in_again() {
            return None;
        }
        let called_off = CancellationToken::new();
        let will = KeptWill { serial: seat.serial, as_of: seat.as_of, called_off: called_off.clone() };
        state.wills.insert((seat.handset.clone(), seat.client_id.clone()), will);
        Some(called_off)
    }

    /// A kept will has been published or cancelled.
    pub(super) fn drop_will(&self, seat: &Seat) {
        let mut state = self.state();
        let name = (seat.handset.clone(), seat.client_id.clone());
        if state.wills.get(&name).is_some_and(|will| will.serial == seat.serial) {
            state.wills.remove(&name);
        }
    }

    fn leave(&self, seat: &Seat, hall: &dyn Hall) {
        let _order = lock(&self.inner.telling);
        let mut state = self.state();
        let Some(seats) = state.seats.get_mut(&seat.handset) else { return };
        let before = seats.len();
        seats.retain(|other| other.serial != seat.serial);
        let (left, last) = (before - seats.len(), seats.is_empty());
        if last {
            state.seats.remove(&seat.handset);
        }
        state.count -= left;
        drop(state);
        if last {
            hall.presence(&seat.handset, false);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.inner.state)
    }

    fn now_ms(&self) -> u64 {
        u64::try_from(self.inner.opened_at.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

impl State {
    fn next_serial(&mut self) -> u64 {
        self.last_serial += 1;
        self.last_serial
    }
}

/// Removes and dismisses who has to go before `client_id` may sit down.
fn make_room(seats: &mut Vec<Arc<Seat>>, client_id: &str) -> Vec<Arc<Seat>> {
    let (place, ending) = match seats.iter().position(|seat| seat.client_id == client_id) {
        Some(place) => (Some(place), Ending::TakenOver),
        None if seats.len() >= SESSIONS_PER_HANDSET => {
            let silent =
                seats.iter().enumerate().min_by_key(|(_, seat)| seat.heard_ms.load(Ordering::Relaxed));
            (silent.map(|(place, _)| place), Ending::Crowded)
        }
        None => (None, Ending::Crowded),
    };
    let displaced: Vec<_> = place.map(|place| seats.remove(place)).into_iter().collect();
    for seat in &displaced {
        seat.dismiss(ending);
    }
    displaced
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Holds a seat until it is dropped, however the connection ends.
pub(super) struct SeatGuard {
    sessions: Sessions,
    seat: Arc<Seat>,
    hall: Arc<dyn Hall>,
}

impl SeatGuard {
    pub(super) fn seat(&self) -> &Arc<Seat> {
        &self.seat
    }

    /// The client said something.
    pub(super) fn heard(&self) {
        self.seat.heard_ms.store(self.sessions.now_ms(), Ordering::Relaxed);
    }
}

impl Drop for SeatGuard {
    fn drop(&mut self) {
        self.sessions.leave(&self.seat, self.hall.as_ref());
        self.seat.gone.cancel();
    }
}
