//! MQTT for pages, on the HTTP port: for our own pages and for programs, not for anybody else's.

use anyhow::{Context as _, Result, ensure};
use futures_util::{SinkExt as _, StreamExt as _};
use tests::{
    Authority, Live, Platform, press,
    wire::{self, Version},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, client::IntoClientRequest as _},
};

/// Where the HTTP port is, as a page names it.
fn host(platform: &Platform) -> &str {
    platform.at.http.trim_start_matches("http://")
}

/// Speaks to the port of that name over whatever leads there.
async fn shake_hands<S>(stream: S, host: &str, origin: Option<&str>) -> Result<WebSocketStream<S>, Error>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut request = format!("ws://{host}/mqtt").into_client_request()?;
    request.headers_mut().insert("Sec-WebSocket-Protocol", "mqtt".parse()?);
    if let Some(origin) = origin {
        request.headers_mut().insert("Origin", origin.parse()?);
    }
    Ok(client_async(request, stream).await?.0)
}

async fn dial(platform: &Platform, origin: Option<&str>) -> Result<WebSocketStream<TcpStream>, Error> {
    shake_hands(TcpStream::connect(host(platform)).await?, host(platform), origin).await
}

/// Logs in, presses, and waits until both are answered and the press is on a screen.
async fn press_by<S>(mut socket: WebSocketStream<S>, screen: &Live, press_id: &str) -> Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let hello = wire::connect(Version::V3, "page", "demo-0001", "demo-0001");
    socket.send(Message::binary(hello)).await?;
    ensure!(answer(&mut socket).await? == [0x20, 2, 0, 0], "no CONNACK");
    let payload = press(press_id, "b", 1).to_string();
    let packet = wire::publish(Version::V3, "jjl/demo-0001/press", 1, 7, payload.as_bytes());
    socket.send(Message::binary(packet)).await?;
    ensure!(answer(&mut socket).await? == [0x40, 2, 0, 7], "no PUBACK");
    screen.press(press_id).await?;
    Ok(())
}

async fn answer<S>(socket: &mut WebSocketStream<S>) -> Result<Vec<u8>>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    Ok(socket.next().await.context("the end")??.into_data().to_vec())
}

#[tokio::test]
async fn a_press_from_our_own_page_or_from_a_program_is_taken() -> Result<()> {
    let platform = Platform::start().await?;
    let (_, screen) = platform.operator().await?;
    for (number, origin) in [None, Some(platform.at.http.as_str())].into_iter().enumerate() {
        press_by(dial(&platform, origin).await?, &screen, &format!("page-{number}")).await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_same_encrypted_where_pages_are_served_so() -> Result<()> {
    let authority = Authority::found()?;
    let platform = Platform::start_encrypted(&authority).await?;
    let (_, screen) = platform.operator().await?;
    let port = platform.https_port()?;
    let (host, own) = (format!("127.0.0.1:{port}"), format!("https://127.0.0.1:{port}"));
    for (number, origin) in [None, Some(own.as_str())].into_iter().enumerate() {
        let socket = shake_hands(authority.dial(port).await?, &host, origin).await?;
        press_by(socket, &screen, &format!("encrypted-{number}")).await?;
    }
    // A page that came in plain text is another origin.
    for origin in ["https://elsewhere.example", "null", platform.at.http.as_str()] {
        let refused = shake_hands(authority.dial(port).await?, &host, Some(origin)).await;
        ensure!(
            matches!(&refused, Err(Error::Http(response)) if response.status() == 403),
            "{origin}: {}",
            refused.is_ok()
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_page_of_another_origin_does_not_get_in() -> Result<()> {
    let platform = Platform::start().await?;
    for origin in ["https://elsewhere.example", "null", "http://127.0.0.1:1"] {
        let refused = dial(&platform, Some(origin)).await;
        ensure!(
            matches!(&refused, Err(Error::Http(response)) if response.status() == 403),
            "{origin}: {refused:?}"
        );
    }
    Ok(())
}
