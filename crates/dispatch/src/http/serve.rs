//! Listening: one loop for each address, one task for each connection, with an end to everything that never ends.
//!
//! A head that does not come whole in time ends its connection, as does a TLS handshake; so does a connection on which
//! nothing more is asked, and one that does not read what it asked for. What is answered has a time of its own (the
//! router's). One address cannot take all places, and when all are taken a stranger [gives way](super::places).

use super::{
    crowd::{Addresses, Impatient},
    pace::Uncounted,
    places::{Guest, Places},
    proxies::Proxies,
};
use axum::{Router, body::Body, extract::ConnectInfo, http::Request};
use futures_util::FutureExt as _;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    net::{IpAddr, SocketAddr},
    panic::AssertUnwindSafe,
    sync::Arc,
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::Service as _;

/// Connections at once over all addresses: a district's screens, with room for their tiles and for families.
const CONNECTIONS: usize = 4_096;
/// How long a head may take to come whole, also the next one on a connection that is kept.
const HEAD_WITHIN: Duration = Duration::from_secs(20);
/// Of these so many may come from one address; from this machine, where a proxy may be, and from named proxies all.
const FROM_ONE_ADDRESS: usize = CONNECTIONS / 8;
/// How long an answer may lie unread before its connection is given up.
const READ_WITHIN: Duration = Duration::from_secs(20);
/// How long a TLS handshake may take.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);
/// Bytes a head may have; cookies and a long link have far less.
const HEAD_BYTES: usize = 32 * 1024;
/// Header fields a head may have.
const HEADERS: usize = 100;
/// After a failed accept (no file descriptors left): time for some to come back.
const ACCEPT_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// The connection is encrypted: cookies set on it stay on such connections.
#[derive(Debug, Clone, Copy)]
pub(super) struct Encrypted;

/// Serves a router on as many addresses as are opened.
#[derive(Clone)]
pub struct Server {
    router: Router,
    places: Places,
    addresses: Addresses,
    proxies: Proxies,
    tracker: TaskTracker,
    stop: CancellationToken,
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("places", &self.places.left()).finish_non_exhaustive()
    }
}

impl Server {
    /// A server that does not listen yet. When stopped no more is accepted, and `tracker` is idle when everything that
    /// was asked is answered.
    pub fn new(router: Router, tracker: TaskTracker, stop: CancellationToken) -> Self {
        Self {
            router,
            places: Places::new(CONNECTIONS),
            addresses: Addresses::new(FROM_ONE_ADDRESS),
            proxies: Proxies::default(),
            tracker,
            stop,
        }
    }

    /// The same, where these are proxies and believed in what they say of whom they were asked by.
    #[must_use]
    pub fn behind(self, proxies: &[IpAddr]) -> Self {
        Self { proxies: Proxies::new(proxies), ..self }
    }

    /// Serves this address, encrypted where there is an acceptor.
    pub fn listen(&self, listener: TcpListener, tls: Option<TlsAcceptor>) {
        self.tracker.spawn(self.clone().accept(listener, tls));
    }

    async fn accept(self, listener: TcpListener, tls: Option<TlsAcceptor>) {
        while let Some(accepted) = self.stop.run_until_cancelled(listener.accept()).await {
            let (stream, peer) = match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(event = "http_accept_failed", %error);
                    sleep(ACCEPT_AGAIN_AFTER).await;
                    continue;
                }
            };
            let here = self.addresses.enter(peer.ip());
            if here.is_none() && !self.proxies.has(peer.ip()) {
                refused("crowded_address");
                continue;
            }
            let Some(Some(place)) = self.stop.run_until_cancelled(self.places.take()).await else { return };
            let (server, tls) = (self.clone(), tls.clone());
            self.tracker.spawn(async move {
                tokio::select! {
                    () = place.sent_away() => refused("gave_way"),
                    () = server.welcome(stream, peer, tls, Arc::clone(place.guest())) => {}
                }
                drop((place, here));
            });
        }
    }

    async fn welcome(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        tls: Option<TlsAcceptor>,
        guest: Arc<Guest>,
    ) {
        // Frames and answers leave at once instead of waiting for more to send.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(event = "http_nodelay_failed", %error);
        }
        let Some(acceptor) = tls else { return self.serve(stream, peer, false, guest).await };
        match timeout(HANDSHAKE_WITHIN, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => self.serve(stream, peer, true, guest).await,
            Ok(Err(error)) => tracing::debug!(event = "http_tls_failed", %peer, %error),
            Err(_elapsed) => tracing::debug!(event = "http_tls_slow", %peer),
        }
    }

    async fn serve(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        peer: SocketAddr,
        encrypted: bool,
        guest: Arc<Guest>,
    ) {
        let (router, proxies) = (self.router.clone(), self.proxies.clone());
        let answer = service_fn(move |mut request: Request<Incoming>| {
            let speaker = proxies.speaker(peer, request.headers());
            let encrypted = encrypted || proxies.is_encrypted(peer, request.headers());
            request.extensions_mut().insert(ConnectInfo(speaker));
            if speaker.ip().to_canonical().is_loopback() || proxies.has(speaker.ip()) {
                request.extensions_mut().insert(Uncounted);
            }
            request.extensions_mut().insert(Arc::clone(&guest));
            if encrypted {
                request.extensions_mut().insert(Encrypted);
            }
            // Each request has a router of its own; a router is always ready.
            router.clone().call(request.map(Body::new))
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_WITHIN)
            .max_headers(HEADERS)
            .max_buf_size(HEAD_BYTES)
            .serve_connection(TokioIo::new(Impatient::new(stream, READ_WITHIN)), answer)
            .with_upgrades();
        let served = AssertUnwindSafe(self.until_stopped(connection)).catch_unwind().await;
        if served.is_err() {
            tracing::error!(event = "http_connection_died", %peer, "a connection's task panicked");
        }
    }

    /// When stopped, what is being asked is still answered, and nothing after it.
    async fn until_stopped<S, F>(&self, connection: http1::UpgradeableConnection<TokioIo<S>, F>)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        F: hyper::service::HttpService<Incoming, ResBody = Body>,
        F::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let mut connection = std::pin::pin!(connection);
        let ended = tokio::select! {
            ended = &mut connection => ended,
            () = self.stop.cancelled() => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(event = "http_connection_ended", %error);
        }
    }
}

fn refused(why: &'static str) {
    metrics::counter!("jujiale_http_refused_total", "why" => why).increment(1);
}
