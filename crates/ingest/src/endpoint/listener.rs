//! Listening: one loop for each address, one task for each connection, whatever it speaks below MQTT.
//!
//! To add a transport: a variant of [`Transport`], its handshake in [`welcome`]. The handshake runs in the connection's
//! own task, so nobody waits behind a slow one.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::places::Place;
use super::{Shared, serve_connection, websocket};

/// After a failed accept (no file descriptors left): time for some to come back.
const ACCEPT_AGAIN_AFTER: Duration = Duration::from_millis(100);
/// Connections the kernel holds until we accept them: handsets come back by the thousand after an outage.
const BACKLOG: u32 = 4096;
/// A peer whose machine is gone is found by its kernel's silence, after twelve minutes and long before a generous keep-alive
/// of MQTT. One that is there answers without waking its app, and not before it has been quiet for ten minutes.
const PROBED: TcpKeepalive = TcpKeepalive::new()
    .with_time(Duration::from_mins(10))
    .with_interval(Duration::from_secs(30))
    .with_retries(4);

/// What is spoken below MQTT.
#[derive(Clone)]
pub enum Transport {
    /// Nothing.
    Tcp,
    /// TLS.
    Tls(TlsAcceptor),
    /// Websocket, at [`WEBSOCKET_PATH`](super::WEBSOCKET_PATH).
    Websocket,
    /// Websocket over TLS.
    WebsocketTls(TlsAcceptor),
}

impl Transport {
    /// The name in logs.
    fn name(&self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Tls(_) => "tls",
            Self::Websocket => "websocket",
            Self::WebsocketTls(_) => "websocket_tls",
        }
    }
}

impl std::fmt::Debug for Transport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Begins to listen; gives the address in use.
pub(super) fn open(
    address: SocketAddr,
    transport: Transport,
    shared: &Arc<Shared>,
) -> io::Result<SocketAddr> {
    let listener = bound(address)?;
    let local_address = listener.local_addr()?;
    tracing::info!(event = "mqtt_listening", %local_address, transport = transport.name());
    shared.tasks.spawn(listen(listener, transport, Arc::clone(shared)));
    Ok(local_address)
}

/// What is set here holds for each accepted connection too.
fn bound(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A restart must not wait for the connections of the last run to be forgotten.
    socket.set_reuseaddr(true)?;
    SockRef::from(&socket).set_tcp_keepalive(&PROBED)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

async fn listen(listener: TcpListener, transport: Transport, shared: Arc<Shared>) {
    loop {
        let accepted = tokio::select! {
            () = shared.stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => welcome(stream, peer, &transport, &shared),
            Err(error) => {
                tracing::warn!(event = "mqtt_accept_failed", %error);
                tokio::time::sleep(ACCEPT_AGAIN_AFTER).await;
            }
        }
    }
}

fn welcome(stream: TcpStream, peer: SocketAddr, transport: &Transport, shared: &Arc<Shared>) {
    let Some(place) = shared.take_place() else { return };
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(event = "mqtt_nodelay_failed", %peer, %error);
    }
    let tasks = &shared.tasks;
    let shared = Arc::clone(shared);
    // Each is a task type of its own, as large as its transport needs.
    match transport.clone() {
        Transport::Tcp => tasks.clone().spawn(serve_connection(stream, peer, shared, place)),
        Transport::Tls(acceptor) => tasks.clone().spawn(serve_tls(acceptor, stream, peer, shared, place)),
        Transport::Websocket => tasks.clone().spawn(serve_websocket(stream, peer, shared, place)),
        Transport::WebsocketTls(acceptor) => {
            tasks.clone().spawn(serve_websocket_tls(acceptor, stream, peer, shared, place))
        }
    };
}

async fn serve_tls(
    acceptor: TlsAcceptor,
    stream: TcpStream,
    peer: SocketAddr,
    shared: Arc<Shared>,
    mut place: Place,
) {
    let shaking = Box::pin(acceptor.accept(stream));
    let Some(stream) = place.within_handshake("tls_handshake", shaking).await else { return };
    Box::pin(serve_connection(stream, peer, shared, place)).await;
}

async fn serve_websocket(stream: TcpStream, peer: SocketAddr, shared: Arc<Shared>, mut place: Place) {
    let shaking = Box::pin(websocket::accept(stream));
    let Some(stream) = place.within_handshake("websocket_handshake", shaking).await else { return };
    Box::pin(serve_connection(stream, peer, shared, place)).await;
}

async fn serve_websocket_tls(
    acceptor: TlsAcceptor,
    stream: TcpStream,
    peer: SocketAddr,
    shared: Arc<Shared>,
    mut place: Place,
) {
    let shaking = Box::pin(acceptor.accept(stream));
    let Some(stream) = place.within_handshake("tls_handshake", shaking).await else { return };
    let shaking = Box::pin(websocket::accept(stream));
    let Some(stream) = place.within_handshake("websocket_handshake", shaking).await else { return };
    Box::pin(serve_connection(stream, peer, shared, place)).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_connection_whose_peer_is_gone_is_noticed_by_the_kernel() {
        let listener = bound("127.0.0.1:0".parse().unwrap()).unwrap();
        let (there, accepted) =
            tokio::join!(TcpStream::connect(listener.local_addr().unwrap()), listener.accept());
        let (here, _) = accepted.unwrap();
        let socket = SockRef::from(&here);
        assert!(socket.keepalive().unwrap());
        assert_eq!(socket.tcp_keepalive_time().unwrap(), Duration::from_mins(10));
        drop(there.unwrap());
    }
}
