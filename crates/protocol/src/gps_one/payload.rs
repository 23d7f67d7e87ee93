//! From bytes to one JSON object, as whole as the bytes allow.

use super::salvage::salvage;
use crate::defect::Defects;
use serde_json::{Map, Value};

/// A payload, opened.
#[derive(Debug, PartialEq)]
pub(crate) enum Opened {
    /// No byte of meaning.
    Empty,
    /// A JSON value; `cut_off` when members may be missing that nobody can name.
    Json { value: Value, cut_off: bool },
    /// Nothing of it is JSON.
    Unreadable,
}

/// Opens a payload; what does not parse is salvaged member by member.
pub(crate) fn open(payload: &[u8], defects: &mut Defects) -> Opened {
    let trimmed = trim(payload);
    if trimmed.is_empty() {
        defects.add("payload", "is empty");
        return Opened::Empty;
    }
    if let Ok(value) = serde_json::from_slice(trimmed) {
        return Opened::Json { value, cut_off: false };
    }
    let Some((value, cut_off)) = salvage(trimmed, defects) else {
        defects.add("payload", "is not JSON");
        return Opened::Unreadable;
    };
    Opened::Json { value, cut_off }
}

/// The object of a payload that has to be one, and whether it was cut off.
pub(crate) fn open_object(
    payload: &[u8],
    defects: &mut Defects,
) -> Result<(Map<String, Value>, bool), Opened> {
    match open(payload, defects) {
        Opened::Json { value: Value::Object(object), cut_off } => Ok((object, cut_off)),
        Opened::Json { .. } => {
            defects.add("payload", "is not a JSON object");
            Err(Opened::Unreadable)
        }
        other @ (Opened::Empty | Opened::Unreadable) => Err(other),
    }
}

/// Takes off the byte order mark, the white space and the NULs that C firmware leaves around its text.
fn trim(payload: &[u8]) -> &[u8] {
    let text = payload.strip_prefix(b"\xef\xbb\xbf").unwrap_or(payload);
    let means = |byte: &u8| !byte.is_ascii_whitespace() && *byte != 0;
    let Some(first) = text.iter().position(means) else { return &[] };
    let last = text.iter().rposition(means).unwrap_or(first);
    text.get(first..=last).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_surrounds_the_text_is_taken_off() {
        for (payload, text) in [
            (&b"\xef\xbb\xbf{}"[..], &b"{}"[..]),
            (b" \r\n{}\n", b"{}"),
            (b"{}\0\0\0", b"{}"),
            (b"\0 \0", b""),
            (b"", b""),
            (b"x", b"x"),
        ] {
            assert_eq!(trim(payload), text);
        }
    }
}
