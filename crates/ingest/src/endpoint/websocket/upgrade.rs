//! The websocket handshake: on a port of its own, where nothing else is served, and on the pages' own port.
//!
//! The own port takes pages of any origin: nothing that a browser sends of its own accord (a cookie) counts here, a
//! handset's name and secret stand in the CONNECT. On the HTTP port the guard of all its routes asks for the origin.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::tungstenite;
use tungstenite::handshake::server::{self as handshake, ErrorResponse};
use tungstenite::protocol::WebSocketConfig;

use super::WebsocketStream;
use crate::endpoint::{Shared, serve_connection};

/// Where MQTT is served, on either port.
pub const PATH: &str = "/mqtt";
/// The subprotocols that are MQTT: the registered name, and the one that clients of 3.1 used before there was one.
const SUBPROTOCOLS: [&str; 2] = ["mqtt", "mqttv3.1"];
/// The handshake alone is tungstenite's; its buffer for frames is never used.
const UNUSED_BUFFER_BYTES: usize = 0;

/// The client offers subprotocols, and MQTT is not among them.
struct NotMqtt;

/// Shakes hands on a stream that is a websocket's alone.
pub(in crate::endpoint) async fn accept<S>(stream: S) -> Result<WebsocketStream<S>, tungstenite::Error>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let config = WebSocketConfig::default().read_buffer_size(UNUSED_BUFFER_BYTES);
    let accepted = tokio_tungstenite::accept_hdr_async_with_config(stream, check, Some(config)).await?;
    Ok(WebsocketStream::new(accepted.into_inner()))
}

#[expect(clippy::result_large_err, reason = "the shape of the callback is tungstenite's")]
fn check(
    request: &handshake::Request,
    mut response: handshake::Response,
) -> Result<handshake::Response, ErrorResponse> {
    let refused = |status: StatusCode, word: &str| {
        let mut response = ErrorResponse::new(Some(format!("{word}\n")));
        *response.status_mut() = status;
        Err(response)
    };
    if request.uri().path() != PATH {
        return refused(StatusCode::NOT_FOUND, "MQTT is at /mqtt");
    }
    match agree(request.headers(), response.headers_mut()) {
        Ok(()) => Ok(response),
        Err(NotMqtt) => refused(StatusCode::BAD_REQUEST, "the subprotocol is mqtt"),
    }
}

/// Answers the offer of subprotocols. A client that offers none is taken at its word: its first packet will show it.
fn agree(request: &HeaderMap, response: &mut HeaderMap) -> Result<(), NotMqtt> {
    let mut offers = request.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter().peekable();
    if offers.peek().is_none() {
        return Ok(());
    }
    let mut offered = offers.filter_map(|offer| offer.to_str().ok()).flat_map(|offer| offer.split(','));
    let agreed = offered.find_map(|offer| SUBPROTOCOLS.into_iter().find(|known| *known == offer.trim()));
    let agreed = agreed.ok_or(NotMqtt)?;
    response.insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(agreed));
    Ok(())
}

/// The door as a route among others, for pages of the same origin.
pub(in crate::endpoint) fn routes(shared: Arc<Shared>) -> Router {
    Router::new().route(PATH, any(upgrade)).with_state(shared)
}

async fn upgrade(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let mut response = match handshake::create_response_with_body(&request, Body::empty) {
        Ok(response) => response,
        Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
    };
    if agree(request.headers(), response.headers_mut()).is_err() {
        return (StatusCode::BAD_REQUEST, "the subprotocol is mqtt\n").into_response();
    }
    let Some(mut place) = shared.take_place() else {
        return (StatusCode::SERVICE_UNAVAILABLE, "no place is free\n").into_response();
    };
    let unknown = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map_or(unknown, |info| info.0);
    let upgraded = hyper::upgrade::on(request);
    shared.tasks.clone().spawn(async move {
        if let Some(upgraded) = place.within_handshake("websocket_handshake", upgraded).await {
            let stream = WebsocketStream::new(TokioIo::new(upgraded));
            serve_connection(stream, peer, shared, place).await;
        }
    });
    response
}
