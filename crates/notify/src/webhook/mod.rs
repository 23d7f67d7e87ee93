//! Other platforms, told by Standard Webhooks 1.0.0.

mod signature;

use crate::{
    guard::Guard,
    http::{Answer, Client, Dialler, Request, System, target::Target, trust},
    outcome::{Again, Refusal},
    outgoing::Outgoing,
    secret::excerpt,
    settings::{Receiver, SettingsError, WebhookSettings, timeout},
};
use bytes::Bytes;
use hyper::{
    HeaderMap, StatusCode,
    header::{CONTENT_TYPE, HeaderValue, USER_AGENT},
};
use model::Timestamp;
use serde_json::{Map, Value, json};
use signature::{Key, signatures};
use std::{collections::BTreeMap, sync::Arc};

/// The type of an event that names none.
const TYPE: &str = "notification";

/// Everything that webhooks need.
#[derive(Debug)]
pub(crate) struct Webhook {
    receivers: BTreeMap<String, Ready>,
    allow_http: bool,
    client: Client,
}

/// A receiver whose address and secrets have been read.
#[derive(Debug)]
struct Ready {
    target: Target,
    keys: Vec<Key>,
}

impl Ready {
    fn new(receiver: &Receiver, allow_http: bool) -> Result<Self, String> {
        // Not even to this machine in the open, unless that is allowed.
        let target = Target::parse(receiver.url.trim(), allow_http)?;
        if !target.is_https() && !allow_http {
            return Err("it begins with http:, where everybody on the way can read; `allow_http` allows it"
                .to_owned());
        }
        if receiver.secrets.is_empty() {
            return Err("it has no secret, so nobody could tell who wrote".to_owned());
        }
        let keys = receiver.secrets.iter().map(Key::read).collect::<Result<_, _>>()?;
        Ok(Self { target, keys })
    }
}

impl Webhook {
    pub(crate) fn new(settings: &WebhookSettings) -> Result<Self, SettingsError> {
        let read = |(name, receiver): (&String, &Receiver)| {
            let setting = || format!("webhook.receivers.{name}");
            let ready = Ready::new(receiver, settings.allow_http);
            Ok((name.clone(), ready.map_err(|why| SettingsError::value(setting(), why))?))
        };
        let dialler = Dialler {
            resolver: Arc::new(System),
            guard: Some(Guard::new(&settings.allow_networks)),
            tls: Some(trust::tls("webhook", settings.ca_file.as_deref())?),
        };
        Ok(Self {
            receivers: settings.receivers.iter().map(read).collect::<Result<_, SettingsError>>()?,
            allow_http: settings.allow_http,
            client: Client { dialler, timeout: timeout("webhook", settings.timeout_s)? },
        })
    }

    /// The names of the receivers, in order.
    pub(crate) fn receivers(&self) -> Vec<String> {
        self.receivers.keys().cloned().collect()
    }

    /// One attempt at the receiver that the message names.
    pub(crate) async fn send(&self, message: &Outgoing, now: Timestamp) -> Result<(), Refusal> {
        let Some(ready) = self.receivers.get(&message.to) else {
            return Err(Refusal::never("no receiver of that name stands in the settings"));
        };
        self.tell(ready, message, now).await
    }

    /// One attempt at a receiver that stands elsewhere.
    pub(crate) async fn send_to(
        &self,
        receiver: &Receiver,
        message: &Outgoing,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let ready = Ready::new(receiver, self.allow_http)
            .map_err(|why| Refusal::never(format!("the receiver cannot be used: {why}")))?;
        self.tell(&ready, message, now).await
    }

    async fn tell(&self, ready: &Ready, message: &Outgoing, now: Timestamp) -> Result<(), Refusal> {
        let body = body(message);
        let headers = headers(ready, message, now, &body)?;
        let request = Request { method: hyper::Method::POST, target: &ready.target, headers, body };
        let answer = self.client.call(request).await?;
        judge(&ready.target.host_text(), &answer, message, now)
    }
}

fn headers(ready: &Ready, message: &Outgoing, now: Timestamp, body: &[u8]) -> Result<HeaderMap, Refusal> {
    let signed = signatures(&ready.keys, &message.id, now.as_second(), body);
    let value = |text: &str| {
        HeaderValue::try_from(text).map_err(|_invalid| Refusal::never("a header could not be made of the id"))
    };
    Ok(HeaderMap::from_iter([
        (USER_AGENT, HeaderValue::from_static(crate::USER_AGENT)),
        (CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (hyper::header::HeaderName::from_static("webhook-id"), value(&message.id)?),
        (hyper::header::HeaderName::from_static("webhook-timestamp"), now.as_second().into()),
        (hyper::header::HeaderName::from_static("webhook-signature"), value(&signed)?),
    ]))
}

/// The same at every attempt: its time is that of the message.
fn body(message: &Outgoing) -> Bytes {
    let further = message.variables.iter().filter(|(name, _)| *name != "type");
    let mut data: Map<String, Value> =
        further.map(|(name, value)| (name.clone(), Value::String(value.clone()))).collect();
    data.insert("subject".to_owned(), Value::String(message.marked_subject().into_owned()));
    data.insert("text".to_owned(), Value::String(message.marked_text().into_owned()));
    data.insert("link".to_owned(), message.link.clone().map_or(Value::Null, Value::String));
    data.insert("drill".to_owned(), Value::Bool(message.drill));
    let kind = message.variables.get("type").map_or(TYPE, String::as_str);
    let whole = json!({ "type": kind, "timestamp": message.made_at.to_string(), "data": data });
    Bytes::from(whole.to_string())
}

fn judge(host: &str, answer: &Answer, message: &Outgoing, now: Timestamp) -> Result<(), Refusal> {
    if answer.status.is_success() {
        return Ok(());
    }
    let status = answer.status.as_u16();
    if answer.status == StatusCode::GONE {
        return Err(Refusal { why: format!("{host} answered 410: it wants no more"), again: Again::Gone });
    }
    let why = if answer.status.is_redirection() {
        format!("{host} answered {status}: it points elsewhere, which is not followed")
    } else {
        // Receivers like to send back what they were sent.
        let hidden = [message.text.as_str(), message.subject.as_str(), message.to.as_str()];
        let hidden = hidden.into_iter().chain(message.link.as_deref());
        let hidden = hidden.chain(message.variables.values().map(String::as_str));
        format!(
            "{host} answered {status} and said: {}",
            excerpt(&String::from_utf8_lossy(&answer.body), hidden)
        )
    };
    Err(Refusal { why, again: answer.later(now) })
}
