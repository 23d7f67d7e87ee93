//! The way in: doors that speak MQTT or HTTP, and the hall behind them that takes what handsets say.
//!
//! A door ([`endpoint`]) knows connections, sessions and packets; it knows nothing of presses or of a database. Whatever
//! it takes it hands to the [`hall`], and it acknowledges to the handset only what the hall says is on disk. Telephones
//! that speak HTTP come in through [`http`], under the same promise.

pub mod accept;
mod doors;
pub mod endpoint;
pub mod hall;
pub mod http;
mod network;

pub use doors::doors_in_words;
