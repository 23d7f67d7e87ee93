//! A door on a free port with a hall that records, and a client that says exactly what it is told to say.

mod client;
mod hall;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use ingest::endpoint::{Config, Endpoint, Sessions};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub(crate) use client::{BOTH, Client, Hello, Version, publish};
pub(crate) use hall::TestHall;

/// Long enough for a busy machine, short enough to fail.
pub(crate) const SOON: Duration = Duration::from_secs(10);
/// Long enough for something to happen that should not.
pub(crate) const A_WHILE: Duration = Duration::from_millis(150);

/// A running door.
pub(crate) struct Door {
    pub(crate) hall: Arc<TestHall>,
    pub(crate) sessions: Sessions,
    pub(crate) address: SocketAddr,
    pub(crate) stop: CancellationToken,
    pub(crate) tasks: TaskTracker,
}

impl Door {
    pub(crate) async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    pub(crate) async fn open_with(change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config { listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), ..Config::default() };
        change(&mut config);
        let (hall, sessions) = (Arc::new(TestHall::default()), Sessions::new());
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let endpoint =
            Endpoint::bind(config, Arc::clone(&hall) as _, sessions.clone(), stop.clone(), tasks.clone())
                .await
                .expect("a free port");
        Self { hall, sessions, address: endpoint.local_addr(), stop, tasks }
    }

    /// A client that is in.
    pub(crate) async fn client(&self, version: Version, handset: &str, client_id: &str) -> Client {
        self.client_with(version, Hello::new(handset, client_id)).await
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
