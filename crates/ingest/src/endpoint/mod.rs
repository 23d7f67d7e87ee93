//! The MQTT door: 3.1.1 and 5, for handsets and nobody else.
//!
//! It is an endpoint, not a broker. Nothing is routed between clients, nothing is retained, no session outlives its
//! connection: what a handset says goes to the [`Hall`](crate::hall::Hall), what is said to it comes from there. So the
//! door can promise what a broker cannot: a PUBACK means *on disk*.
//!
//! From the outside in:
//!
//! - [`Endpoint`] listens, by `listener` over TCP, TLS and websocket; `serve_connection` serves any byte stream, so that
//!   a transport needs nothing of its own but its handshake. `places` holds the connection cap.
//! - `handshake` and `connect` bring a client in, `connection` moves bytes and waits, `ending` says how each way out is
//!   told and what follows from it.
//! - `session`, `uplink`, `tide`, `bulk`, `outlet`, `aliases`, `intake`, `frame` are the rules, without sockets and without waiting.
//! - `wire` makes two protocol versions one, `lenient` reads what its codec does not take; `errand` carries a message to the hall whatever becomes of its connection.
//!
//! The rules, each with a test of that name under `tests/`:
//!
//! - A publish is taken if its topic is the handset's own, or one of its phones'. Any other goes to quarantine and is
//!   refused: 3.1.1 loses its connection without a PUBACK, 5 is told 0x87 and stays.
//! - A publish that arrived whole is taken whatever happens to its connection. PUBACK and PUBREC follow the disk, in
//!   order of arrival. Reading stops at 64 publishes or 1 MiB on their way (`tide`: less, while many have much on its way)
//!   and goes on below. Of large batches of positions no more is read than there is room for (`bulk`).
//! - A press may have 16 MiB; of a larger one the first 64 KiB are taken as a press. Positions may have 4 MiB, which is
//!   more than ten thousand of them, anything else 1 MiB; of more the first 64 KiB go to quarantine, and what positions are in them
//!   to the track. The rest goes by and is gathered nowhere, then it is acknowledged (what was
//!   no press: in 5 with 0x97). Unacknowledged it would come again, each time before the press that is behind it.
//! - A publish that breaks the rules of its version ends its connection; on a topic of its own it is taken for what can be read of it
//!   (`lenient`), on any other it goes to quarantine.
//! - Down messages wait in the store. A session is sent each of them once, at most 16 unacknowledged; the first PUBACK
//!   of any session settles one. `session present` is always 0: there is nothing here that could be.
//! - QoS 2 is exact within a connection. Across connections a publish may come again, and sameness is the hall's.

use std::io;
use std::net::SocketAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::hall::Hall;
use crate::network::network;

mod aliases;
mod bulk;
mod config;
mod connect;
mod connection;
mod ending;
mod errand;
mod frame;
mod handshake;
mod intake;
mod lenient;
mod listener;
mod outlet;
mod places;
mod refusal;
mod session;
mod sessions;
mod socket;
mod tide;
mod uplink;
mod websocket;
mod will;
mod wire;

pub use config::Config;
pub(crate) use config::{FIXES_BYTES_MAX, KEPT_BEGINNING_BYTES};
pub use listener::Transport;
pub use sessions::Sessions;
pub use websocket::PATH as WEBSOCKET_PATH;

use connection::Connection;
use places::{Place, Places};
use socket::Socket;
use tide::Tide;

/// How long a newcomer waits for the session it displaced to hand on what it had.
const DISPLACED_WITHIN: Duration = Duration::from_secs(1);
/// How long our last words to a client may take.
const FAREWELL_WITHIN: Duration = Duration::from_millis(500);

/// What every connection of a door shares.
struct Shared {
    config: Config,
    hall: Arc<dyn Hall>,
    sessions: Sessions,
    stop: CancellationToken,
    tasks: TaskTracker,
    places: Places,
    tide: Tide,
    bulk: bulk::Room,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared")
            .field("config", &self.config)
            .field("places", &self.places)
            .finish_non_exhaustive()
    }
}

impl Shared {
    /// A place under the connection cap, taken before anything is read; `None` if there is none left.
    fn take_place(self: &Arc<Self>) -> Option<Place> {
        self.places.take(self)
    }
}

/// A door. It is open wherever it listens, and its limits hold over all of that together.
#[derive(Debug, Clone)]
pub struct Endpoint {
    shared: Arc<Shared>,
}

impl Endpoint {
    /// A door that does not listen yet. When `stop` is cancelled no more is accepted, every connection is told and
    /// closed, and `tasks` is idle when everything that had arrived is on disk.
    pub fn new(
        config: Config,
        hall: Arc<dyn Hall>,
        sessions: Sessions,
        stop: CancellationToken,
        tasks: TaskTracker,
    ) -> Self {
        let places = Places::new(config.max_connections);
        let (tide, bulk) = (Tide::default(), bulk::Room::default());
        Self { shared: Arc::new(Shared { config, hall, sessions, stop, tasks, places, tide, bulk }) }
    }

    /// Listens; gives the address in use, which differs where port 0 was asked for.
    pub fn listen(&self, address: SocketAddr, transport: Transport) -> io::Result<SocketAddr> {
        listener::open(address, transport, &self.shared)
    }

    /// The door as a route of an HTTP server, for pages: a websocket at [`WEBSOCKET_PATH`]. Whoever merges it sees to it
    /// that a page of another origin does not get there.
    pub fn routes(&self) -> axum::Router {
        websocket::routes(Arc::clone(&self.shared))
    }
}

/// Serves one client over any byte stream, from its CONNECT to its end. A panic ends this connection and no other.
async fn serve_connection<S>(stream: S, peer: SocketAddr, shared: Arc<Shared>, mut place: Place)
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    if AssertUnwindSafe(serve(stream, peer, shared, &mut place)).catch_unwind().await.is_err() {
        tracing::error!(event = "mqtt_connection_died", %peer, "a connection's task panicked");
    }
}

/// An idle connection holds what serving it needs: its coming and its leaving have boxes of their own.
async fn serve<S>(stream: S, peer: SocketAddr, shared: Arc<Shared>, place: &mut Place)
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let Some((mut connection, will)) = Box::pin(come_in(stream, peer, shared, place)).await else { return };
    let ending = connection.run().await;
    Box::pin(leave(connection, will, ending)).await;
}

/// From the first byte to a seat; `None` if it does not come to that.
async fn come_in<S>(
    stream: S,
    peer: SocketAddr,
    shared: Arc<Shared>,
    place: &mut Place,
) -> Option<(Connection<S>, Option<will::Will>)>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let mut socket = Socket::new(stream);
    let admitted = tokio::select! {
        () = shared.stop.cancelled() => return None,
        admitted = handshake::shake_hands(&mut socket, place, peer.ip(), &shared) => admitted,
    };
    let Some(mut admitted) = admitted else {
        // Whose place has been given away must not stay for a farewell.
        if !place.is_sent_away() {
            socket.close(FAREWELL_WITHIN).await;
        }
        return None;
    };
    let hall = Arc::clone(&shared.hall);
    let network = admitted.rights.phones().is_empty().then(|| network(peer.ip()));
    let (guard, displaced) =
        shared.sessions.enter(&admitted.handset, &admitted.client_id, admitted.as_of, network, hall);
    for old in displaced {
        if tokio::time::timeout(DISPLACED_WITHIN, old.gone()).await.is_err() {
            tracing::warn!(event = "mqtt_displaced_session_lingers", handset = %old.handset);
        }
    }
    let will = admitted.will.take();
    tracing::debug!(event = "mqtt_session_opened", handset = %admitted.handset, client_id = %admitted.client_id, %peer);
    Some((Connection::new(shared, socket, guard, admitted), will))
}

/// What is owed after the end: what had arrived, the will, a word to the client. In this order, and the seat is free
/// before the client is waited for.
async fn leave<S>(mut connection: Connection<S>, will: Option<will::Will>, ending: ending::Ending)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    if ending.drains() {
        connection.salvage().await;
    }
    let seat = Arc::clone(connection.seat.seat());
    if let Some(will) = will {
        will.execute(&connection.shared, &seat, ending);
    }
    if ending.is_offence() {
        handshake::count_refused(ending.name());
    }
    tracing::debug!(event = "mqtt_session_closed", handset = %seat.handset, client_id = %seat.client_id, why = ending.name());
    connection.part(ending);
    let Connection { socket, seat, .. } = connection;
    drop(seat);
    socket.close(FAREWELL_WITHIN).await;
}
