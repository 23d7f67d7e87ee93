//! The seam to the telephones and machines of people outside: one attempt to send one message, and when the next is due.
//!
//! A [`Sender`] is made of [`Settings`] once, at the start, and refuses what cannot work. [`Sender::send`] makes one
//! attempt at an [`Outgoing`] and says how it ended: [`Sent`], or [`Failed`] with words for an operator and whether
//! another attempt makes sense. [`retry`] says when. Nothing is stored here and nothing runs by itself: whoever calls
//! keeps the outbox, and counts.
//!
//! - **What is sent is not a person who knows.** `Sent` means that the other side took it; a [`Report`] may say later that it arrived.
//! - **An attempt always ends**, at the channel's timeout, whatever the other side does.
//! - **A value stays a value.** Bodies are built as trees and pairs and written by a serializer; no name, quote or `&` in
//!   a text becomes part of a request.
//! - **A webhook reaches no neighbour** of the platform: `guard` looks at the address that is connected to.
//! - **Secrets, recipients and texts stand in no error and no debug text.**
//! - A drill is marked in every text, whatever the templates say.
//!
//! [`Heartbeat`] is the one call that tells nobody anything but that all is well.
//!
//! # Adding a provider
//!
//! Most providers of messages and calls need no code: [`GatewaySettings`] says how they are asked and what their
//! answer must be like, and `docs/notify.md` has two examples. Begin with the provider's own example request, put
//! `{to}`, `{text}` and `{id}` where its values stand, and find in its reference which answer means *taken*; a status
//! alone rarely does. Put a line for it into the table of `tests/outside/gateways.rs`, with answers as the provider documents them.
//!
//! A provider that must be asked differently (a log-in before each message, a signature over the body) gets a file of
//! its own beside `webhook`, which is the shortest example: settings that are checked in `new`, one `send` that gives a
//! refusal or nothing, and every byte over `http::Client`, which keeps the promises above. Then it gets a variant of
//! [`Channel`] or a field in [`GatewaySettings`] that chooses it; the compiler names the places.
#![warn(missing_docs)]
#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

mod email;
mod gateway;
mod guard;
mod heartbeat;
mod http;
mod outcome;
mod outgoing;
mod report;
pub mod retry;
mod secret;
mod sender;
mod settings;
mod template;
mod webhook;

pub use heartbeat::Heartbeat;
pub use ipnet::IpNet;
pub use outcome::{Again, Failed, Sent};
pub use outgoing::{Channel, Outgoing};
pub use report::{Fate, Report, ReportError};
pub use secret::{Secret, is_same};
pub use sender::{Reported, Sender};
pub use settings::{
    Content, EmailSettings, GatewaySettings, MailTls, Method, Receiver, ReportSettings, Settings,
    SettingsError, Statuses, Success, WebhookSettings,
};
pub use template::TemplateError;

/// How the platform names itself to others.
const USER_AGENT: &str = concat!("jujiale/", env!("CARGO_PKG_VERSION"));
