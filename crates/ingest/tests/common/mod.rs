//! A door on a free port with a hall that records, and a client that says exactly what it is told to say.

mod client;
mod hall;
pub(crate) mod websocket;

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};
use std::sync::Arc;
use std::time::Duration;

use ingest::endpoint::{Config, Endpoint, Sessions, Transport};
use tokio::net::TcpSocket;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub(crate) use client::{BOTH, Client, Hello, Version, publish};
pub(crate) use hall::TestHall;

/// Long enough for a busy machine, short enough to fail.
pub(crate) const SOON: Duration = Duration::from_secs(10);
/// Long enough for something to happen that should not.
pub(crate) const A_WHILE: Duration = Duration::from_millis(150);

pub(crate) const ANY_PORT: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 0));

/// A running door.
pub(crate) struct Door {
    pub(crate) hall: Arc<TestHall>,
    pub(crate) sessions: Sessions,
    pub(crate) endpoint: Endpoint,
    pub(crate) address: SocketAddr,
    pub(crate) stop: CancellationToken,
    pub(crate) tasks: TaskTracker,
}

impl Door {
    pub(crate) async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    #[expect(clippy::unused_async, reason = "to listen takes a runtime, and whoever awaits is in one")]
    pub(crate) async fn open_with(change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::default();
        change(&mut config);
        let (hall, sessions) = (Arc::new(TestHall::default()), Sessions::new());
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let endpoint =
            Endpoint::new(config, Arc::clone(&hall) as _, sessions.clone(), stop.clone(), tasks.clone());
        let address = endpoint.listen(ANY_PORT, Transport::Tcp).expect("a free port");
        Self { hall, sessions, endpoint, address, stop, tasks }
    }

    /// The same door over websocket, on a port of its own.
    pub(crate) fn websocket(&self) -> SocketAddr {
        self.endpoint.listen(ANY_PORT, Transport::Websocket).expect("a free port")
    }

    /// A client that is in.
    pub(crate) async fn client(&self, version: Version, handset: &str, client_id: &str) -> Client {
        self.client_with(version, Hello::new(handset, client_id)).await
    }

    /// A client from another address of this machine.
    pub(crate) async fn client_from(&self, address: &str, hello: Hello) -> Client {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind(SocketAddr::new(address.parse().expect("an address"), 0)).expect("a local address");
        let mut client =
            Client::over(socket.connect(self.address).await.expect("the door is open"), Version::V5);
        assert_eq!(client.connect(hello).await, Some(0), "the CONNACK");
        client
    }

    pub(crate) async fn client_with(&self, version: Version, hello: Hello) -> Client {
        let mut client = Client::dial(self.address, version).await;
        let code = client.connect(hello).await;
        assert_eq!(code, Some(0), "the CONNACK");
        client
    }
}

/// Waits until something is so.
pub(crate) async fn until(what: &str, mut so: impl FnMut() -> bool) {
    let waited = tokio::time::timeout(SOON, async {
        while !so() {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    });
    assert!(waited.await.is_ok(), "in vain: {what}");
}
