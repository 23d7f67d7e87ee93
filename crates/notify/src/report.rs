//! What a provider tells later about a message it took: that it arrived, that somebody answered, or that it did not.
//!
//! It comes to an address that ends in a secret, in words that the settings explain. Nothing in it is believed but which
//! message it is about and what became of that.

use crate::{
    secret::{excerpt, is_same},
    settings::{ReportSettings, SettingsError},
};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

/// A secret that stands in an address is guessed at; this many signs are not guessed.
const SECRET_SIGNS: usize = 16;
/// Reports that are read of one call; no provider sends more at once.
const AT_MOST: usize = 500;

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is on the telephone.
    Delivered,
    /// Somebody took the call or read it.
    Seen,
    /// It did not arrive.
    Failed,
}

/// One message, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What the provider calls it, or what we did.
    pub id: String,
    /// What became of it.
    pub fate: Fate,
    /// Why it did not arrive.
    pub why: Option<String>,
}

/// Why a call could not be read. Nothing of what it held is shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// Neither JSON nor a form.
    #[error("this is neither a JSON document nor a form")]
    Unreadable,
    /// There is no list where there should be one.
    #[error("there is no list of reports at {0:?}")]
    NoList(String),
    /// More than anybody sends.
    #[error("there are more than {AT_MOST} reports in one call; send fewer")]
    TooMany,
    /// Something is missing, and where it was looked for.
    #[error("report {place}: there is nothing at {at:?}")]
    Missing {
        /// Which report, counted from 1.
        place: usize,
        /// Where.
        at: String,
    },
}

/// How the reports of one gateway are read.
pub(crate) struct Reports {
    secret: [u8; 32],
    settings: ReportSettings,
}

impl std::fmt::Debug for Reports {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reports").finish_non_exhaustive()
    }
}

impl Reports {
    pub(crate) fn new(setting: &str, settings: &ReportSettings) -> Result<Self, SettingsError> {
        let wrong = |name: &str, why: &str| SettingsError::value(format!("{setting}.report.{name}"), why);
        let secret = settings.secret.reveal();
        let is_plain = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_');
        if secret.len() < SECRET_SIGNS || !secret.chars().all(is_plain) {
            let why = "it has at least 16 letters, digits, - and _, for it stands in an address: openssl rand -hex 24";
            return Err(wrong("secret", why));
        }
        let pointers = [
            ("each", settings.each.as_deref()),
            ("id_at", Some(settings.id_at.as_str())),
            ("state_at", Some(settings.state_at.as_str())),
            ("reason_at", settings.reason_at.as_deref()),
        ];
        for (name, pointer) in pointers {
            if pointer.is_some_and(|pointer| !pointer.is_empty() && !pointer.starts_with('/')) {
                return Err(wrong(name, "a JSON pointer is empty or begins with a slash, as /result/code"));
            }
        }
        for (name, pointer) in [("id_at", &settings.id_at), ("state_at", &settings.state_at)] {
            if pointer.is_empty() {
                return Err(wrong(
                    name,
                    "it is needed: where a report names its message, and what became of it",
                ));
            }
        }
        if settings.delivered.is_empty() && settings.seen.is_empty() {
            return Err(wrong("delivered", "some value must mean that a message arrived, or was seen"));
        }
        Ok(Self { secret: digest(secret), settings: settings.clone() })
    }

    /// Whether this is the secret. It takes as long for every wrong one.
    pub(crate) fn knows(&self, secret: &str) -> bool {
        is_same(&self.secret, &digest(secret))
    }

    /// What the provider wants to hear, if it is particular.
    pub(crate) fn answer(&self) -> Option<&str> {
        self.settings.answer.as_deref()
    }

    /// The reports of one call. A state that the settings do not name is on its way to another, and no report.
    pub(crate) fn read(&self, body: &[u8]) -> Result<Vec<Report>, ReportError> {
        let whole = document(body).ok_or(ReportError::Unreadable)?;
        let all = match self.settings.each.as_deref() {
            None => std::slice::from_ref(&whole),
            Some(at) => {
                let list = whole.pointer(at).and_then(Value::as_array);
                list.ok_or_else(|| ReportError::NoList(at.to_owned()))?.as_slice()
            }
        };
        if all.len() > AT_MOST {
            return Err(ReportError::TooMany);
        }
        let read = all.iter().zip(1..).map(|(one, place)| self.one(one, place));
        Ok(read.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
    }

    fn one(&self, report: &Value, place: usize) -> Result<Option<Report>, ReportError> {
        let settings = &self.settings;
        let needed = |at: &str| {
            let found = report.pointer(at).filter(|found| !found.is_null());
            found.ok_or_else(|| ReportError::Missing { place, at: at.to_owned() })
        };
        let (id, state) = (plain(needed(&settings.id_at)?), needed(&settings.state_at)?);
        let means =
            |values: &[Value]| values.iter().any(|value| value == state || plain(value) == plain(state));
        let fate = if means(&settings.seen) {
            Fate::Seen
        } else if means(&settings.delivered) {
            Fate::Delivered
        } else if means(&settings.failed) {
            Fate::Failed
        } else {
            return Ok(None);
        };
        let why = (fate == Fate::Failed).then(|| {
            let reason = settings.reason_at.as_deref().and_then(|at| report.pointer(at));
            excerpt(&reason.map_or_else(|| plain(state), plain), std::iter::empty())
        });
        Ok(Some(Report { id, fate, why }))
    }
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A form is an object of texts.
fn document(body: &[u8]) -> Option<Value> {
    if let Ok(json) = serde_json::from_slice::<Value>(body) {
        return (json.is_object() || json.is_array()).then_some(json);
    }
    let text = std::str::from_utf8(body).ok()?;
    let pairs = form_urlencoded::parse(text.as_bytes());
    let form: Map<String, Value> =
        pairs.map(|(name, value)| (name.into_owned(), Value::String(value.into_owned()))).collect();
    text.contains('=').then_some(Value::Object(form))
}

#[cfg(test)]
#[path = "report_tests.rs"]
mod tests;
