//! The id: all that an OsmAnd phone shows of itself, so it is a secret that nobody can guess.

use super::is_json;
use crate::defect::Defects;
use crate::gps_one::open_object;
use serde_json::Value;
use std::fmt;

/// Shorter ids can be guessed; a telephone's own number or IMEI must not be one.
const AT_LEAST_BYTES: usize = 16;
const AT_MOST_BYTES: usize = 128;
/// The names of the parameter.
const NAMES: [&str; 2] = ["id", "deviceid"];
/// The name of the member.
const MEMBER: &str = "device_id";

/// Why a text cannot be a phone's id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an OsmAnd id has 16 to 128 letters, digits and . _ - : ~ only, so that nobody can guess it")]
pub struct OsmAndIdError;

/// The unguessable id of an OsmAnd phone.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct OsmAndId(String);

impl fmt::Debug for OsmAndId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OsmAndId(…)")
    }
}

impl OsmAndId {
    /// Takes a text as an id, or says why it cannot be one.
    pub fn new(text: impl Into<String>) -> Result<Self, OsmAndIdError> {
        let text = text.into();
        let fits = (AT_LEAST_BYTES..=AT_MOST_BYTES).contains(&text.len())
            && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | ':' | '~'));
        if fits { Ok(Self(text)) } else { Err(OsmAndIdError) }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Parts a report into the id it came with and the rest, which alone may be kept and shown.
pub fn split(payload: &[u8]) -> (Option<String>, Vec<u8>) {
    if is_json(payload) { split_json(payload) } else { split_form(payload) }
}

fn split_form(payload: &[u8]) -> (Option<String>, Vec<u8>) {
    let mut id = None;
    let mut rest: Vec<&[u8]> = Vec::new();
    for pair in payload.split(|byte| *byte == b'&') {
        match form_urlencoded::parse(pair).next() {
            Some((name, value)) if NAMES.contains(&name.as_ref()) => {
                id = id.or_else(|| Some(value.trim().to_owned()).filter(|id| !id.is_empty()));
            }
            Some(_) | None => rest.push(pair),
        }
    }
    (id, rest.join(&b'&'))
}

/// Every other byte stays where it is: asterisks take the place of the id.
fn split_json(payload: &[u8]) -> (Option<String>, Vec<u8>) {
    let mut rest = payload.to_vec();
    let opened = open_object(payload, &mut Defects::default()).ok();
    let id = match opened.and_then(|(mut object, _)| object.remove(MEMBER)) {
        Some(Value::String(id)) => id.trim().to_owned(),
        Some(Value::Number(id)) => id.to_string(),
        Some(_) | None => return (None, rest),
    };
    let mut place: usize = 0;
    while let Some(window) = rest.get_mut(place..place.saturating_add(id.len())).filter(|_| !id.is_empty()) {
        if *window == *id.as_bytes() {
            window.fill(b'*');
        }
        place = place.saturating_add(1);
    }
    (Some(id).filter(|id| !id.is_empty()), rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parted(payload: &str) -> (Option<String>, String) {
        let (id, rest) = split(payload.as_bytes());
        (id, String::from_utf8(rest).unwrap())
    }

    #[test]
    fn the_id_is_taken_out_wherever_it_stands() {
        for (payload, id, rest) in [
            ("id=902064&lat=42.1&lon=-88.2", Some("902064"), "lat=42.1&lon=-88.2"),
            ("lat=1&deviceid=ab%2Dcd&lon=2", Some("ab-cd"), "lat=1&lon=2"),
            ("lat=1&%69d=secret", Some("secret"), "lat=1"),
            ("id=first&id=second&lat=1", Some("first"), "lat=1"),
            ("id=&lat=1", None, "lat=1"),
            ("timestamp=1377177267&lat=60.0&lon=30.0", None, "timestamp=1377177267&lat=60.0&lon=30.0"),
            ("", None, ""),
            (r#"{"device_id":"s-1", "x":NaN}"#, Some("s-1"), r#"{"device_id":"***", "x":NaN}"#),
            (r#"{"device_id":7,"location":{"la"#, Some("7"), r#"{"device_id":*,"location":{"la"#),
            (r#"{"device_id":""}"#, None, r#"{"device_id":""}"#),
            (r#"{"location":{}}"#, None, r#"{"location":{}}"#),
        ] {
            assert_eq!(parted(payload), (id.map(str::to_owned), rest.to_owned()), "{payload}");
        }
    }

    #[test]
    fn an_id_cannot_be_guessed_and_is_never_printed() {
        for text in ["", "902064", "353861053849681", "0123456789abcde/", "求助求助求助求助"] {
            assert_eq!(OsmAndId::new(text), Err(OsmAndIdError), "{text}");
        }
        let id = OsmAndId::new("0123456789abcdef").unwrap();
        assert_eq!((id.as_str(), format!("{id:?}")), ("0123456789abcdef", "OsmAndId(…)".to_owned()));
    }
}
