//! The client's end of a websocket, by a library that is not the door's.

use std::net::SocketAddr;

use futures_util::{SinkExt as _, StreamExt as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::handshake::client::Response;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

/// Shakes hands at a path, offering subprotocols if there are any.
pub(crate) async fn shake(
    address: SocketAddr,
    path: &str,
    subprotocols: &str,
) -> Result<(WebSocketStream<TcpStream>, Response), Error> {
    let stream = TcpStream::connect(address).await.expect("the door is open");
    stream.set_nodelay(true).expect("nodelay");
    let mut request = format!("ws://{address}{path}").into_client_request().expect("a request");
    if !subprotocols.is_empty() {
        request.headers_mut().insert("Sec-WebSocket-Protocol", subprotocols.parse().expect("a header"));
    }
    client_async(request, stream).await
}

/// A websocket to the door.
pub(crate) async fn dial(address: SocketAddr) -> WebSocketStream<TcpStream> {
    shake(address, "/mqtt", "mqtt").await.expect("a websocket").0
}

/// The same as a stream of bytes, in frames of at most `frame_bytes`.
pub(crate) fn bytes_of(websocket: WebSocketStream<TcpStream>, frame_bytes: usize) -> DuplexStream {
    let (near, far) = tokio::io::duplex(64 * 1024);
    let (mut up, mut down) = websocket.split();
    let (mut from_client, mut to_client) = tokio::io::split(far);
    let sending = async move {
        let mut buffer = vec![0; frame_bytes];
        while let Ok(count @ 1..) = from_client.read(&mut buffer).await {
            if up.send(Message::binary(buffer[..count].to_vec())).await.is_err() {
                break;
            }
        }
    };
    let receiving = async move {
        while let Some(Ok(message)) = down.next().await {
            if let Message::Binary(bytes) = message
                && to_client.write_all(&bytes).await.is_err()
            {
                break;
            }
        }
    };
    #[expect(clippy::disallowed_methods, reason = "a task of a test ends with its runtime")]
    tokio::spawn(async move {
        // Whichever side hangs up, the other one is told by the end of everything here.
        tokio::select! {
            () = sending => {}
            () = receiving => {}
        }
    });
    near
}
