//! The crate against real servers on loopback, kind and unkind ones.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic, in its helpers too")]

mod authority;
mod faults;
mod gateways;
mod mail;
mod mail_server;
mod retries;
mod servers;
mod settings;
mod webhooks;
