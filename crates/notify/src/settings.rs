//! The settings as they stand in the file. What they mean is checked when a [`Sender`](crate::Sender) is made of them.

use crate::{Secret, TemplateError};
use ipnet::IpNet;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::{collections::BTreeMap, fmt, path::PathBuf, time::Duration};

/// Every way out. One that is absent is not set up.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The gateway of short messages.
    pub sms: Option<GatewaySettings>,
    /// The gateway that calls and reads aloud.
    pub voice: Option<GatewaySettings>,
    /// Other platforms.
    pub webhook: Option<WebhookSettings>,
    /// The mail server.
    pub email: Option<EmailSettings>,
}

/// Why settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// An address that is none, or none to be trusted.
    #[error("{setting} cannot be used: {why}")]
    Value {
        /// Which setting.
        setting: String,
        /// What is wrong with it, without showing it.
        why: String,
    },
    /// A template that cannot be filled.
    #[error("{setting} cannot be filled")]
    Template {
        /// Which setting.
        setting: String,
        /// What is wrong with it.
        #[source]
        source: TemplateError,
    },
    /// A body that would not be JSON.
    #[error("{setting} is not JSON; variables stand within quotes, as in {{\"to\":\"{{to}}\"}}")]
    Body {
        /// Which setting.
        setting: String,
        /// Where it breaks off.
        #[source]
        source: serde_json::Error,
    },
    /// The certificates of those whose word is taken.
    #[error("{setting}: {path} cannot be read")]
    Authorities {
        /// Which setting.
        setting: String,
        /// Which file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: rustls::pki_types::pem::Error,
    },
    /// A certificate in such a file, or TLS itself.
    #[error("{setting}: TLS cannot be set up")]
    Tls {
        /// Which setting.
        setting: String,
        /// Why not.
        #[source]
        source: rustls::Error,
    },
    /// The mail client's TLS.
    #[error("{setting}: TLS cannot be set up")]
    MailTls {
        /// Which setting.
        setting: String,
        /// Why not.
        #[source]
        source: lettre::transport::smtp::Error,
    },
}

impl SettingsError {
    pub(crate) fn value(setting: impl Into<String>, why: impl Into<String>) -> Self {
        Self::Value { setting: setting.into(), why: why.into() }
    }
}

/// How long one attempt may take: longer than a slow gateway, shorter than the next step of the ladder.
const TIMEOUT_S: u64 = 15;
/// Longer than this an attempt would hold up the next one of a life alarm.
const LONGEST_TIMEOUT_S: u64 = 60;

pub(crate) fn timeout(setting: &str, seconds: u64) -> Result<Duration, SettingsError> {
    if !(1..=LONGEST_TIMEOUT_S).contains(&seconds) {
        let why = format!("{seconds} s is not between 1 and {LONGEST_TIMEOUT_S}");
        return Err(SettingsError::value(format!("{setting}.timeout_s"), why));
    }
    Ok(Duration::from_secs(seconds))
}

/// How a gateway is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// The fields stand in the address.
    Get,
    /// The fields are the body.
    Post,
    /// The fields are the body.
    Put,
}

/// What the body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Content {
    /// `application/json`.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
}

/// A provider of short messages or calls, spoken to over HTTP.
#[derive(Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GatewaySettings {
    /// Where; a template behind the host.
    pub url: Secret,
    /// How it is asked.
    pub method: Method,
    /// What the body is.
    pub content: Content,
    /// Header fields; templates.
    pub headers: BTreeMap<String, Secret>,
    /// For Basic authorization.
    pub username: Option<String>,
    /// The same.
    pub password: Option<Secret>,
    /// The body's fields. Texts are templates; JSON may be nested and hold numbers too.
    pub fields: Map<String, Value>,
    /// Instead of `fields`: the JSON text, with variables within its quotes.
    pub body: Option<Secret>,
    /// What an answer must be like to count.
    pub success: Success,
    /// Where the provider's id stands in the answer, as a JSON pointer.
    pub id_at: Option<String>,
    /// Where the answer says in words what it refuses, as a JSON pointer.
    pub reason_at: Option<String>,
    /// How long an attempt may take, from 1 to 60.
    pub timeout_s: u64,
    /// Authorities in PEM, instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// Whether an address may be http:// although it is not on this machine.
    pub allow_http: bool,
    /// How the provider tells later what became of a message; absent: it does not.
    pub report: Option<ReportSettings>,
}

impl Default for GatewaySettings {
    fn default() -> Self {
        Self {
            url: Secret::default(),
            method: Method::Post,
            content: Content::Json,
            headers: BTreeMap::new(),
            username: None,
            password: None,
            fields: Map::new(),
            body: None,
            success: Success::default(),
            id_at: None,
            reason_at: None,
            timeout_s: TIMEOUT_S,
            ca_file: None,
            allow_http: false,
            report: None,
        }
    }
}

/// How a provider tells what became of a message it took.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReportSettings {
    /// The last part of the address that the provider is given.
    pub secret: Secret,
    /// Where the list of reports stands, as a JSON pointer; absent: a call is one report.
    pub each: Option<String>,
    /// Where a report names its message, by the provider's id or by `{id}`.
    pub id_at: String,
    /// Where it says what became of it.
    pub state_at: String,
    /// What stands there once it is on the telephone.
    pub delivered: Vec<Value>,
    /// What stands there once somebody took the call or read it.
    pub seen: Vec<Value>,
    /// What stands there if it did not arrive.
    pub failed: Vec<Value>,
    /// Where it says in words why not.
    pub reason_at: Option<String>,
    /// What the provider wants to hear, as text.
    pub answer: Option<String>,
}

/// Keys stand in addresses, headers and fields, so none of them is shown.
impl fmt::Debug for GatewaySettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GatewaySettings")
            .field("method", &self.method)
            .field("content", &self.content)
            .field("success", &self.success)
            .field("id_at", &self.id_at)
            .field("timeout_s", &self.timeout_s)
            .finish_non_exhaustive()
    }
}

/// What an answer must be like to count as taken. Everything that is asked for here must hold.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Success {
    /// HTTP statuses, as 200 or "200-299".
    pub status: Vec<Statuses>,
    /// Where in a JSON answer the provider says whether it took the message, as a JSON pointer.
    pub at: Option<String>,
    /// What stands there if it did.
    pub equals: Option<Value>,
    /// What stands there if the same would be refused again, such as a number that does not exist.
    pub refused_for_good: Vec<Value>,
    /// How the answer's text begins, of providers that do not speak JSON.
    pub starts_with: Option<String>,
}

impl Default for Success {
    fn default() -> Self {
        let status = vec![Statuses { first: 200, last: 299 }];
        Self { status, at: None, equals: None, refused_for_good: Vec::new(), starts_with: None }
    }
}

/// A range of HTTP statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "StatusText")]
pub struct Statuses {
    /// The lowest.
    pub first: u16,
    /// The highest.
    pub last: u16,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum StatusText {
    One(u16),
    Range(String),
}

impl TryFrom<StatusText> for Statuses {
    type Error = String;
    fn try_from(text: StatusText) -> Result<Self, String> {
        let (first, last) = match &text {
            StatusText::One(status) => (Some(*status), Some(*status)),
            StatusText::Range(range) => {
                let (first, last) = range.split_once('-').unwrap_or((range, range));
                (first.trim().parse().ok(), last.trim().parse().ok())
            }
        };
        match (first, last) {
            (Some(first), Some(last)) if 100 <= first && first <= last && last <= 599 => {
                Ok(Self { first, last })
            }
            _ => Err("an HTTP status is a number from 100 to 599, or a range such as \"200-299\"".to_owned()),
        }
    }
}

/// Other platforms that are told.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WebhookSettings {
    /// Each under the name by which messages are addressed to it.
    pub receivers: BTreeMap<String, Receiver>,
    /// Whether an address may be http://. What it carries can then be read on the way.
    pub allow_http: bool,
    /// Networks that may be reached although they are not public, such as 10.20.0.0/16.
    pub allow_networks: Vec<IpNet>,
    /// How long an attempt may take, from 1 to 60.
    pub timeout_s: u64,
    /// Authorities in PEM, instead of the system's.
    pub ca_file: Option<PathBuf>,
}

impl Default for WebhookSettings {
    fn default() -> Self {
        Self {
            receivers: BTreeMap::new(),
            allow_http: false,
            allow_networks: Vec::new(),
            timeout_s: TIMEOUT_S,
            ca_file: None,
        }
    }
}

/// One receiver of webhooks.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receiver {
    /// Where it listens.
    pub url: String,
    /// `whsec_…`; while one is exchanged for another, both sign.
    pub secrets: Vec<Secret>,
}

/// An address of a webhook may be a secret itself.
impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").field("secrets", &self.secrets.len()).finish_non_exhaustive()
    }
}

/// How the connection to the mail server is kept private.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTls {
    /// Begins in the open and must become TLS before anything is said (port 587).
    Starttls,
    /// TLS from the first byte on (port 465).
    Tls,
    /// None, for a server on this machine.
    None,
}

/// A mail server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmailSettings {
    /// Its name, which its certificate must bear.
    pub host: String,
    /// 587 with STARTTLS, 465 with TLS, 25 without, unless given.
    pub port: Option<u16>,
    /// How the connection is kept private.
    #[serde(default = "starttls")]
    pub tls: MailTls,
    /// To log in.
    pub username: Option<String>,
    /// The same.
    pub password: Option<Secret>,
    /// Who writes: `address` or `Name <address>`.
    pub from: String,
    /// How long an attempt may take, from 1 to 60.
    #[serde(default = "mail_timeout_s")]
    pub timeout_s: u64,
    /// Authorities in PEM, instead of the system's.
    pub ca_file: Option<PathBuf>,
}

fn starttls() -> MailTls {
    MailTls::Starttls
}

/// Mail servers make strangers wait.
fn mail_timeout_s() -> u64 {
    30
}
