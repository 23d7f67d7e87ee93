//! What a provider is asked. Each place for values escapes them in one way only.

use super::{header_error, template_error};
use crate::{
    http::{Request, target::Target},
    outgoing::Outgoing,
    settings::{Content, GatewaySettings, Method, SettingsError},
    template::{Known, Template},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use hyper::{
    HeaderMap,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, USER_AGENT},
};
use serde_json::{Map, Value};

/// The request, with its variables open.
pub(super) struct Recipe {
    method: hyper::Method,
    url: Template,
    allow_http: bool,
    headers: Vec<(HeaderName, Template)>,
    authorization: Option<HeaderValue>,
    password: Option<String>,
    body: Body,
}

/// It is made of keys.
impl std::fmt::Debug for Recipe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recipe").field("method", &self.method).finish_non_exhaustive()
    }
}

enum Body {
    /// Behind the address.
    Query(Vec<(String, Template)>),
    Form(Vec<(String, Template)>),
    Json(Tree),
}

/// JSON whose texts are templates. It is filled as a tree and written by the serializer, so that no value can end a
/// text and begin something else.
enum Tree {
    Text(Template),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
    Fixed(Value),
}

impl Recipe {
    pub(super) fn new(
        setting: &str,
        settings: &GatewaySettings,
        known: Known<'_>,
    ) -> Result<Self, SettingsError> {
        let authorization = authorization(setting, settings)?;
        let recipe = Self {
            method: match settings.method {
                Method::Get => hyper::Method::GET,
                Method::Post => hyper::Method::POST,
                Method::Put => hyper::Method::PUT,
            },
            url: url(setting, settings, known)?,
            allow_http: settings.allow_http,
            headers: headers(setting, settings, known)?,
            authorization,
            password: settings.password.as_ref().map(|password| password.reveal().to_owned()),
            body: body(setting, settings, known)?,
        };
        recipe.target(&sample()).map_err(|why| SettingsError::value(format!("{setting}.url"), why))?;
        Ok(recipe)
    }

    /// Where this message goes.
    pub(super) fn target(&self, message: &Outgoing) -> Result<Target, String> {
        let mut filled = self.url.fill(message, percent);
        let path = filled.split(['?', '#']).next().unwrap_or_default();
        // A browser's rules make such a step a step up, out of what the administrator meant.
        if self.url.variable().is_some() && path.split(['/', '\\']).any(is_step) {
            return Err("a value would change the path of the gateway's address".to_owned());
        }
        if let Body::Query(fields) = &self.body {
            let query = form(fields, message);
            if !query.is_empty() {
                filled.push(if filled.contains('?') { '&' } else { '?' });
                filled.push_str(&query);
            }
        }
        Target::parse(&filled, self.allow_http)
    }

    /// The request for this message.
    pub(super) fn request<'a>(&self, target: &'a Target, message: &Outgoing) -> Result<Request<'a>, String> {
        let mut headers = HeaderMap::new();
        headers.insert(USER_AGENT, HeaderValue::from_static(crate::USER_AGENT));
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        let (content_type, body) = match &self.body {
            Body::Query(_) => (None, Bytes::new()),
            Body::Form(fields) => {
                (Some("application/x-www-form-urlencoded"), Bytes::from(form(fields, message)))
            }
            Body::Json(tree) => (Some("application/json"), Bytes::from(tree.fill(message).to_string())),
        };
        if let Some(content_type) = content_type {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        }
        if let Some(authorization) = &self.authorization {
            headers.insert(AUTHORIZATION, authorization.clone());
        }
        for (name, template) in &self.headers {
            let mut value = HeaderValue::try_from(template.fill_plain(message)).map_err(|_invalid| {
                format!("the header {name} would hold a character that no header may hold")
            })?;
            value.set_sensitive(true);
            headers.insert(name.clone(), value);
        }
        Ok(Request { method: self.method.clone(), target, headers, body })
    }

    /// Everything that must not be shown: what may be a key, and what the message is about.
    pub(super) fn hidden<'a>(&'a self, message: &'a Outgoing) -> impl Iterator<Item = &'a str> {
        let keys = self.headers.iter().flat_map(|(_, template)| template.words());
        // "Bearer x" is also known as "x".
        let keys = keys.flat_map(str::split_whitespace).chain(self.password.as_deref());
        let authorization = self.authorization.as_ref().and_then(|value| value.to_str().ok());
        let keys = keys.chain(authorization.and_then(|text| text.split_once(' ')).map(|(_, key)| key));
        // Scheme, nothing and the host stand in front.
        let address = self.url.words().flat_map(|words| words.split(['/', '?', '&', '=', '#'])).skip(3);
        let named = [&message.to, &message.text, &message.subject].map(String::as_str);
        let named = named.into_iter().chain(message.link.as_deref());
        let named = named.chain(message.variables.values().map(String::as_str));
        keys.chain(address.filter(may_be_key)).chain(self.body.words()).chain(named)
    }
}

fn url(setting: &str, settings: &GatewaySettings, known: Known<'_>) -> Result<Template, SettingsError> {
    let setting = format!("{setting}.url");
    let text = settings.url.reveal().trim();
    // Who may name the host may take the keys elsewhere.
    let host_end = text.find("://").and_then(|at| {
        let behind = text.get(at + 3..)?;
        Some(at + 3 + behind.find(['/', '?', '#']).unwrap_or(behind.len()))
    });
    let host = host_end.and_then(|end| text.get(..end)).unwrap_or(text);
    let host = Template::parse(host, known).map_err(template_error(&setting))?;
    if let Some(name) = host.variable() {
        let source = crate::TemplateError::NotHere(name.to_owned());
        return Err(SettingsError::Template { setting, source });
    }
    Template::parse(text, known).map_err(template_error(&setting))
}

fn headers(
    setting: &str,
    settings: &GatewaySettings,
    known: Known<'_>,
) -> Result<Vec<(HeaderName, Template)>, SettingsError> {
    let one = |(name, value): (&String, &crate::Secret)| {
        let setting = format!("{setting}.headers.{name}");
        let header = HeaderName::try_from(name).map_err(|error| header_error(&setting, &error))?;
        let framing = ["host", "content-length", "content-type", "transfer-encoding", "connection"];
        if framing.contains(&header.as_str()) {
            return Err(SettingsError::value(setting, "it is made by the program itself"));
        }
        HeaderValue::try_from(value.reveal()).map_err(|error| header_error(&setting, &error))?;
        let template = Template::parse(value.reveal(), known).map_err(template_error(&setting))?;
        Ok((header, template))
    };
    settings.headers.iter().map(one).collect()
}

fn authorization(setting: &str, settings: &GatewaySettings) -> Result<Option<HeaderValue>, SettingsError> {
    let (username, password) = match (&settings.username, &settings.password) {
        (Some(username), Some(password)) => (username, password.reveal()),
        (None, None) => return Ok(None),
        _ => {
            let why = "user name and password stand together or not at all";
            return Err(SettingsError::value(format!("{setting}.username"), why));
        }
    };
    let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("{username}:{password}")));
    let mut value = HeaderValue::try_from(basic).map_err(|error| header_error(setting, &error))?;
    value.set_sensitive(true);
    Ok(Some(value))
}

fn body(setting: &str, settings: &GatewaySettings, known: Known<'_>) -> Result<Body, SettingsError> {
    let fields_setting = format!("{setting}.fields");
    let body_setting = format!("{setting}.body");
    let is_form = settings.content == Content::Form || settings.method == Method::Get;
    let Some(text) = &settings.body else {
        if !is_form {
            return Tree::object(&fields_setting, &settings.fields, known).map(Body::Json);
        }
        let flat = flat(&fields_setting, &settings.fields, known)?;
        return Ok(if settings.method == Method::Get { Body::Query(flat) } else { Body::Form(flat) });
    };
    if is_form || !settings.fields.is_empty() {
        let why = "it stands alone, with content json, and not in a GET; otherwise name the fields";
        return Err(SettingsError::value(body_setting, why));
    }
    let parsed = serde_json::from_str::<Value>(text.reveal());
    let value = parsed.map_err(|source| SettingsError::Body { setting: body_setting.clone(), source })?;
    Tree::new(&body_setting, &value, known).map(Body::Json)
}

fn flat(
    setting: &str,
    fields: &Map<String, Value>,
    known: Known<'_>,
) -> Result<Vec<(String, Template)>, SettingsError> {
    let one = |(name, value): (&String, &Value)| {
        let setting = format!("{setting}.{name}");
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(_) | Value::Bool(_) => value.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => {
                return Err(SettingsError::value(setting, "a form holds texts and numbers only"));
            }
        };
        Ok((name.clone(), Template::parse(&text, known).map_err(template_error(&setting))?))
    };
    fields.iter().map(one).collect()
}

fn form(fields: &[(String, Template)], message: &Outgoing) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, template) in fields {
        form.append_pair(name, &template.fill_plain(message));
    }
    form.finish()
}

/// All but the characters that mean nothing anywhere in an address.
fn percent(value: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    let escape = |byte| if is_plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    value.bytes().map(escape).collect()
}

fn is_step(segment: &str) -> bool {
    let segment = segment.to_ascii_lowercase().replace("%2e", ".");
    segment == "." || segment == ".."
}

impl Body {
    fn words(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        match self {
            Self::Query(fields) | Self::Form(fields) => {
                Box::new(fields.iter().flat_map(|(_, template)| template.words()).filter(may_be_key))
            }
            Self::Json(tree) => Box::new(tree.words().into_iter().filter(may_be_key)),
        }
    }
}

/// Short words of a body are words of the provider's, not keys.
fn may_be_key(words: &&str) -> bool {
    words.len() > 7
}

impl Tree {
    fn new(setting: &str, value: &Value, known: Known<'_>) -> Result<Self, SettingsError> {
        Ok(match value {
            Value::String(text) => Self::Text(Template::parse(text, known).map_err(template_error(setting))?),
            Value::Array(list) => {
                let all = list.iter().map(|value| Self::new(setting, value, known));
                Self::List(all.collect::<Result<_, _>>()?)
            }
            Value::Object(fields) => Self::object(setting, fields, known)?,
            Value::Null | Value::Bool(_) | Value::Number(_) => Self::Fixed(value.clone()),
        })
    }

    fn object(setting: &str, fields: &Map<String, Value>, known: Known<'_>) -> Result<Self, SettingsError> {
        let one = |(name, value): (&String, &Value)| {
            let setting = format!("{setting}.{name}");
            let key = Template::parse(name, known).map_err(template_error(&setting))?;
            if let Some(variable) = key.variable() {
                let source = crate::TemplateError::NotHere(variable.to_owned());
                return Err(SettingsError::Template { setting, source });
            }
            Ok((name.clone(), Self::new(&setting, value, known)?))
        };
        Ok(Self::Object(fields.iter().map(one).collect::<Result<_, _>>()?))
    }

    fn fill(&self, message: &Outgoing) -> Value {
        match self {
            Self::Text(template) => Value::String(template.fill_plain(message)),
            Self::List(list) => list.iter().map(|tree| tree.fill(message)).collect(),
            Self::Object(fields) => {
                let filled = fields.iter().map(|(name, tree)| (name.clone(), tree.fill(message)));
                Value::Object(filled.collect())
            }
            Self::Fixed(value) => value.clone(),
        }
    }

    fn words(&self) -> Vec<&str> {
        match self {
            Self::Text(template) => template.words().collect(),
            Self::List(list) => list.iter().flat_map(Self::words).collect(),
            Self::Object(fields) => fields.iter().flat_map(|(_, tree)| tree.words()).collect(),
            Self::Fixed(_) => Vec::new(),
        }
    }
}

/// A message by which an address is tried at the start.
fn sample() -> Outgoing {
    Outgoing {
        id: "sample".to_owned(),
        channel: crate::Channel::Sms,
        to: "+8613800000000".to_owned(),
        subject: "sample".to_owned(),
        text: "sample".to_owned(),
        link: Some("https://sample.example/".to_owned()),
        variables: std::collections::BTreeMap::new(),
        drill: true,
        made_at: model::Timestamp::UNIX_EPOCH,
    }
}

#[cfg(test)]
#[path = "request_tests.rs"]
mod tests;
