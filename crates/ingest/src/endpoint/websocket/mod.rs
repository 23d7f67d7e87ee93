//! MQTT over websocket: for pages, and for networks that let nothing else through.
//!
//! - `frame` takes frames apart and makes them, without a socket.
//! - `stream` is a websocket as a byte stream, which [`serve_connection`](super::serve_connection) serves like any other.
//! - `upgrade` is the handshake, on a port of its own and as a route of the HTTP port.
//!
//! Binary frames carry bytes, cut anywhere. A text frame ends the connection with 1003, any other breach of RFC 6455 with
//! 1002; to MQTT either is a client that went away without a word. Pings are answered and do not count as a sign of
//! life: MQTT has its own.

mod frame;
mod stream;
mod upgrade;

pub use upgrade::PATH;
pub(super) use upgrade::{accept, routes};

use stream::WebsocketStream;
