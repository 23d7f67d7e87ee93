//! The crate against real servers on loopback, kind and unkind ones.

mod authority;
mod faults;
mod gateways;
mod mail;
mod mail_server;
mod retries;
mod servers;
mod settings;
mod webhooks;
