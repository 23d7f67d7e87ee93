//! Silence and slowness at the doors behind which a handshake stands: websocket and TLS, before it and after.

use super::slow_connect;
use anyhow::Result;
use futures_util::{SinkExt as _, StreamExt as _};
use std::{io, sync::Arc, time::Duration};
use tests::Authority;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _},
    net::TcpStream,
    time::sleep,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Message, client::IntoClientRequest as _},
};

/// Between two bytes of those who are slow.
const A_BYTE_EVERY: Duration = Duration::from_secs(1);
/// How a ClientHello begins: a record of a handshake, and a length that never comes.
const HELLO_BEGINS: [u8; 11] = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03];

/// MQTT over websocket, as far as the answer to the upgrade.
pub(super) async fn upgrade(port: u16) -> Result<WebSocketStream<TcpStream>> {
    let tcp = TcpStream::connect(("127.0.0.1", port)).await?;
    let mut request = format!("ws://127.0.0.1:{port}/mqtt").into_client_request()?;
    request.headers_mut().insert("Sec-WebSocket-Protocol", "mqtt".parse()?);
    Ok(client_async(request, tcp).await?.0)
}

/// Upgraded, and then not a word.
pub(super) async fn say_nothing_in_frames(port: u16) -> Result<()> {
    wait_for_the_end(upgrade(port).await?).await
}

/// The CONNECT in frames of a byte.
pub(super) async fn dribble_frames(port: u16) -> Result<()> {
    let mut socket = upgrade(port).await?;
    for byte in slow_connect() {
        // An upgraded socket takes whatever is sent as long as the door has not closed it.
        if socket.send(Message::binary(vec![byte])).await.is_err() {
            return Ok(());
        }
        sleep(A_BYTE_EVERY).await;
    }
    wait_for_the_end(socket).await
}

async fn wait_for_the_end(mut socket: WebSocketStream<TcpStream>) -> Result<()> {
    while let Some(Ok(_)) = socket.next().await {}
    Ok(())
}

/// The request for an upgrade, whose head never comes to its end.
pub(super) fn slow_upgrade() -> Vec<u8> {
    format!("GET /mqtt HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nX-Slow: {}", "x".repeat(200))
        .into_bytes()
}

/// A ClientHello that never comes to its end.
pub(super) fn slow_hello() -> Vec<u8> {
    let mut hello = HELLO_BEGINS.to_vec();
    hello.resize(200, 0x5a);
    hello
}

/// Shaken hands over TLS, and then not a word.
pub(super) async fn say_nothing_encrypted(authority: Arc<Authority>, port: u16) -> Result<()> {
    let mut stream = authority.dial(port).await?;
    until_closed(stream.read_to_end(&mut Vec::new())).await
}

/// Shaken hands over TLS, and the CONNECT in records of a byte.
pub(super) async fn dribble_encrypted(authority: Arc<Authority>, port: u16) -> Result<()> {
    dribble_over(authority.dial(port).await?, slow_connect()).await
}

/// A byte a second, and then nothing more.
pub(super) async fn dribble_over<S>(mut stream: S, bytes: Vec<u8>) -> Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let dribbling = async {
        for byte in bytes {
            stream.write_all(&[byte]).await?;
            stream.flush().await?;
            sleep(A_BYTE_EVERY).await;
        }
        stream.read_to_end(&mut Vec::new()).await
    };
    until_closed(dribbling).await
}

/// Talks until the door closes, which is what is waited for. Whoever writes meanwhile is told of a reset, and over TLS the end may
/// come without the word before it; any other failure is one.
pub(super) async fn until_closed<T>(talking: impl Future<Output = io::Result<T>>) -> Result<()> {
    let closed = [
        io::ErrorKind::BrokenPipe,
        io::ErrorKind::ConnectionAborted,
        io::ErrorKind::ConnectionReset,
        io::ErrorKind::UnexpectedEof,
    ];
    match talking.await {
        Err(error) if !closed.contains(&error.kind()) => Err(error.into()),
        Ok(_) | Err(_) => Ok(()),
    }
}
