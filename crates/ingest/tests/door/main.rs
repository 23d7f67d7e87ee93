//! The MQTT door over real sockets, with a hall that records and can be slow.

#[path = "../common/mod.rs"]
mod common;

mod bulk;
mod crowd;
mod cut;
mod down;
mod large;
mod log_in;
mod properties;
mod publish;
mod real_clients;
mod rude;
mod sessions;
mod stop;
mod websocket;
mod websocket_rude;
mod wills;
