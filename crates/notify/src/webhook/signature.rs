//! Signatures of Standard Webhooks 1.0.0: `v1`, HMAC-SHA256 with a secret both sides know.

use crate::Secret;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The bytes a secret must have.
const KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// A secret of a receiver, ready to sign.
pub(super) struct Key(Hmac<Sha256>);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    /// Reads `whsec_…`, or says without showing it why it cannot be used.
    pub(super) fn read(secret: &Secret) -> Result<Self, String> {
        let text = secret.reveal().trim();
        let encoded = text.strip_prefix("whsec_").ok_or("a secret begins with whsec_")?;
        let bytes = BASE64_STANDARD.decode(encoded).map_err(|_error| "behind whsec_ stands no base64")?;
        if !KEY_BYTES.contains(&bytes.len()) {
            return Err(format!("a secret has 24 to 64 bytes, this one has {}", bytes.len()));
        }
        let mac = Hmac::new_from_slice(&bytes).map_err(|error| error.to_string())?;
        Ok(Self(mac))
    }

    fn sign(&self, id: &str, timestamp: i64, body: &[u8]) -> String {
        let head = format!("{id}.{timestamp}.");
        let mac = self.0.clone().chain_update(head).chain_update(body);
        format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()))
    }
}

/// The header `webhook-signature`: one by each key, so that a receiver may know the old secret or the new one.
pub(super) fn signatures(keys: &[Key], id: &str, timestamp: i64, body: &[u8]) -> String {
    keys.iter().map(|key| key.sign(id, timestamp, body)).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const BODY: &[u8] = br#"{"test": 2432232314}"#;

    fn key(text: &str) -> Key {
        Key::read(&Secret::from(text)).unwrap()
    }

    #[test]
    fn the_published_vector_is_met() {
        let keys = [key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")];
        let signed = signatures(&keys, ID, 1_614_265_330, BODY);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn while_a_secret_is_exchanged_both_sign() {
        let (old, new) = ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX");
        let both = signatures(&[key(new), key(old)], ID, 1_614_265_330, BODY);
        let each = [new, old].map(|text| signatures(&[key(text)], ID, 1_614_265_330, BODY));
        assert_eq!(both, each.join(" "));
        assert_ne!(each[0], each[1]);
    }

    #[test]
    fn what_is_no_secret_is_refused_and_not_shown() {
        let cases = [
            ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "begins with whsec_"),
            ("whsec_MfKQ9r8GKYqrTw*UPD8ILPZIo2LaLaSw", "no base64"),
            ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLQ==", "24 to 64 bytes, this one has 22"),
            ("whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "begins with whsec_"),
        ];
        for (text, words) in cases {
            let why = Key::read(&Secret::from(text)).unwrap_err();
            assert!(why.contains(words) && !why.contains("MfKQ"), "{text}: {why}");
        }
    }
}
