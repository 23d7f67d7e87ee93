//! Basic authorization: the handset's name and password.

use axum::http::{HeaderMap, header};
use base64::{Engine as _, prelude::BASE64_STANDARD};

/// The name and the password of a request; nothing if it shows none.
pub(super) fn credentials(headers: &HeaderMap) -> Option<(String, Vec<u8>)> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = text.trim().split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = BASE64_STANDARD.decode(encoded.trim()).ok()?;
    let colon = decoded.iter().position(|byte| *byte == b':')?;
    let (name, rest) = decoded.split_at(colon);
    let name = String::from_utf8(name.to_vec()).ok()?;
    Some((name, rest.get(1..)?.to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use proptest::prelude::*;

    fn of(value: &str) -> Option<(String, Vec<u8>)> {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, value.parse().unwrap());
        credentials(&headers)
    }

    #[test]
    fn a_password_may_hold_anything_but_the_name_ends_at_the_first_colon() {
        let encoded = |text: &[u8]| format!("Basic {}", BASE64_STANDARD.encode(text));
        assert_eq!(of(&encoded(b"demo-phone:a:b")), Some(("demo-phone".to_owned(), b"a:b".to_vec())));
        assert_eq!(of(&encoded(b"h:\xff\x00")), Some(("h".to_owned(), vec![0xff, 0])));
        assert_eq!(of(&encoded(b"h:").replace("Basic", "bASIC")), Some(("h".to_owned(), Vec::new())));
        for value in [encoded(b"no colon"), encoded(b"\xff:x"), "Basic".to_owned(), "Basic !!".to_owned()] {
            assert_eq!(of(&value), None, "{value}");
        }
        assert_eq!(of("Bearer abc"), None);
        assert_eq!(credentials(&HeaderMap::new()), None);
    }

    proptest! {
        #[test]
        fn whatever_is_shown_is_read(name in "[^:]{0,20}", password: Vec<u8>) {
            let shown = [name.as_bytes(), b":", &password].concat();
            let value = format!("Basic {}", BASE64_STANDARD.encode(shown));
            prop_assert_eq!(of(&value), Some((name, password)));
        }

        #[test]
        fn no_header_panics_and_no_name_has_a_colon(
            bytes: Vec<u8>,
            nearly in "(Basic|basic|Bearer) {0,2}[A-Za-z0-9+/=:]{0,40} ?",
        ) {
            for value in [HeaderValue::from_bytes(&bytes), HeaderValue::from_str(&nearly)] {
                let Ok(value) = value else { continue };
                let headers: HeaderMap = [(header::AUTHORIZATION, value)].into_iter().collect();
                if let Some((name, _)) = credentials(&headers) {
                    prop_assert!(!name.contains(':'), "{}", name);
                }
            }
        }
    }
}
