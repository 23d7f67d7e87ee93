//! Whether a provider took the message. A status alone proves little: many answer 200 to everything.

use crate::{
    http::{Answer, BODY_AT_MOST},
    outcome::{Again, Refusal},
    secret::excerpt,
    settings::{GatewaySettings, SettingsError, Success},
};
use hyper::StatusCode;
use model::Timestamp;
use serde_json::Value;

/// What is asked of an answer.
#[derive(Debug)]
pub(super) struct Verdict {
    success: Success,
    id_at: Option<String>,
    reason_at: Option<String>,
}

impl Verdict {
    pub(super) fn new(setting: &str, settings: &GatewaySettings) -> Result<Self, SettingsError> {
        let success = settings.success.clone();
        let pointers =
            [("success.at", &success.at), ("id_at", &settings.id_at), ("reason_at", &settings.reason_at)];
        for (name, pointer) in pointers {
            if pointer.as_ref().is_some_and(|pointer| !pointer.is_empty() && !pointer.starts_with('/')) {
                let why = "a JSON pointer is empty or begins with a slash, as /result/code";
                return Err(SettingsError::value(format!("{setting}.{name}"), why));
            }
        }
        if success.at.is_some() != success.equals.is_some() {
            let why = "success.at and success.equals stand together or not at all";
            return Err(SettingsError::value(format!("{setting}.success"), why));
        }
        if success.at.is_none() && !success.refused_for_good.is_empty() {
            let why = "values need success.at, where they stand";
            return Err(SettingsError::value(format!("{setting}.success.refused_for_good"), why));
        }
        Ok(Self { success, id_at: settings.id_at.clone(), reason_at: settings.reason_at.clone() })
    }

    /// The provider's id if it took the message, or why it did not.
    pub(super) fn judge<'a, H: Iterator<Item = &'a str>>(
        &self,
        host: &str,
        answer: &Answer,
        now: Timestamp,
        hidden: impl Fn() -> H,
    ) -> Result<Option<String>, Refusal> {
        let json = if answer.is_cut { None } else { serde_json::from_slice::<Value>(&answer.body).ok() };
        let text = String::from_utf8_lossy(&answer.body);
        let said = || {
            let reason = pointed(json.as_ref(), self.reason_at.as_deref()).map(plain);
            match excerpt(reason.as_deref().unwrap_or(&text), hidden()) {
                words if words.is_empty() => "nothing".to_owned(),
                words => words,
            }
        };
        let status = answer.status.as_u16();
        if !self.success.status.iter().any(|range| (range.first..=range.last).contains(&status)) {
            let again = if is_final(answer.status) { Again::Never } else { answer.later(now) };
            return Err(Refusal { why: format!("{host} answered {status} and said: {}", said()), again });
        }
        let refused = |why: String| Refusal { why, again: answer.later(now) };
        if let (Some(at), Some(wanted)) = (&self.success.at, &self.success.equals) {
            if answer.is_cut {
                return Err(refused(format!("{host} said more than {} KiB", BODY_AT_MOST / 1024)));
            }
            let found = pointed(json.as_ref(), Some(at));
            if found.is_some_and(|found| self.success.refused_for_good.contains(found)) {
                return Err(Refusal::never(format!("{host} refused it for good and said: {}", said())));
            }
            if found != Some(wanted) {
                return Err(refused(format!("{host} answered {status} but refused it and said: {}", said())));
            }
        }
        if self.success.starts_with.as_ref().is_some_and(|start| !text.trim_start().starts_with(start)) {
            return Err(refused(format!("{host} answered {status} but refused it and said: {}", said())));
        }
        Ok(pointed(json.as_ref(), self.id_at.as_deref()).map(plain).filter(|id| !id.is_empty()))
    }
}

fn pointed<'a>(json: Option<&'a Value>, at: Option<&str>) -> Option<&'a Value> {
    json?.pointer(at?).filter(|value| !value.is_null())
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Refusals of the request itself. Log-in, credit and place (401, 402, 403, 404) are what somebody mends meanwhile.
fn is_final(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::BAD_REQUEST
            | StatusCode::METHOD_NOT_ALLOWED
            | StatusCode::NOT_ACCEPTABLE
            | StatusCode::GONE
            | StatusCode::LENGTH_REQUIRED
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::URI_TOO_LONG
            | StatusCode::UNSUPPORTED_MEDIA_TYPE
            | StatusCode::UNPROCESSABLE_ENTITY
    )
}
