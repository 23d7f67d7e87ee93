//! MQTT for pages, on the HTTP port: for our own pages and for programs, not for anybody else's.

use anyhow::{Context as _, Result, ensure};
use futures_util::{SinkExt as _, StreamExt as _};
use tests::{
    Platform, press,
    wire::{self, Version},
};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{Error, Message, client::IntoClientRequest as _},
};

type Socket = WebSocketStream<TcpStream>;

async fn dial(platform: &Platform, origin: Option<&str>) -> Result<Socket, Error> {
    let address = platform.at.http.trim_start_matches("http://");
    let mut request = format!("ws://{address}/mqtt").into_client_request()?;
    request.headers_mut().insert("Sec-WebSocket-Protocol", "mqtt".parse()?);
    if let Some(origin) = origin {
        request.headers_mut().insert("Origin", origin.parse()?);
    }
    Ok(client_async(request, TcpStream::connect(address).await?).await?.0)
}

async fn answer(socket: &mut Socket) -> Result<Vec<u8>> {
    Ok(socket.next().await.context("the end")??.into_data().to_vec())
}

#[tokio::test]
async fn a_press_from_our_own_page_or_from_a_program_is_taken() -> Result<()> {
    let platform = Platform::start().await?;
    let (_, screen) = platform.operator().await?;
    let own = platform.at.http.clone();
    for (number, origin) in [None, Some(own.as_str())].into_iter().enumerate() {
        let mut socket = dial(&platform, origin).await?;
        let hello = wire::connect(Version::V3, "page", "demo-0001", "demo-0001");
        socket.send(Message::binary(hello)).await?;
        ensure!(answer(&mut socket).await? == [0x20, 2, 0, 0], "no CONNACK");
        let press_id = format!("page-{number}");
        let payload = press(&press_id, "b", 1).to_string();
        let packet = wire::publish(Version::V3, "jjl/demo-0001/press", 1, 7, payload.as_bytes());
        socket.send(Message::binary(packet)).await?;
        ensure!(answer(&mut socket).await? == [0x40, 2, 0, 7], "no PUBACK");
        screen.press(&press_id).await?;
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
