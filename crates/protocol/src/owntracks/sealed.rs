//! Payloads that only the phone and the platform can read: libsodium's `crypto_secretbox` (XSalsa20-Poly1305) under a
//! key that is the passphrase, filled up with zeros. `data` is the nonce and then the box, in Base64.
//!
//! The box is put together here from RustCrypto's cipher and authenticator, whose present releases are those of the
//! sealed columns; the crate of that name has only an old release, or one that is no release yet.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use poly1305::Poly1305;
use poly1305::universal_hash::KeyInit as _;
use salsa20::XSalsa20;
use salsa20::cipher::{KeyIvInit as _, StreamCipher as _};
use std::fmt;

/// What stands in front of a box.
pub const NONCE_BYTES: usize = 24;
const KEY_BYTES: usize = 32;
const TAG_BYTES: usize = 16;

/// Why a sealed payload stays closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// A passphrase that the app would not take.
    #[error("a passphrase has 1 to 32 bytes")]
    Passphrase,
    /// Not Base64, or too short for a nonce and a box.
    #[error("the data is no sealed payload")]
    Form,
    /// Another passphrase, or bytes that were changed on the way.
    #[error("it does not open with this phone's passphrase")]
    Closed,
}

/// What the phone's app was given as its encryption key.
#[derive(Clone, PartialEq, Eq)]
pub struct Passphrase([u8; KEY_BYTES]);

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

impl Passphrase {
    /// Takes the words as they are typed into the app.
    pub fn new(words: &str) -> Result<Self, SealError> {
        let mut key = [0; KEY_BYTES];
        match key.get_mut(..words.len()) {
            Some(beginning) if !words.is_empty() => beginning.copy_from_slice(words.as_bytes()),
            Some(_) | None => return Err(SealError::Passphrase),
        }
        Ok(Self(key))
    }

    /// Opens the `data` of an encrypted message.
    pub fn open(&self, data: &str) -> Result<Vec<u8>, SealError> {
        let bytes = BASE64_STANDARD.decode(data.trim()).map_err(|_alphabet| SealError::Form)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_BYTES>().ok_or(SealError::Form)?;
        let (tag, ciphertext) = sealed.split_first_chunk::<TAG_BYTES>().ok_or(SealError::Form)?;
        let (mut stream, authenticator) = self.begin(nonce);
        let expected = authenticator.compute_unpadded(ciphertext);
        if !is_same(expected.as_slice(), tag) {
            return Err(SealError::Closed);
        }
        let mut opened = ciphertext.to_vec();
        stream.apply_keystream(&mut opened);
        Ok(opened)
    }

    /// Seals a message as the app does; a nonce must never be used twice under one passphrase.
    pub fn seal(&self, nonce: &[u8; NONCE_BYTES], message: &[u8]) -> String {
        let (mut stream, authenticator) = self.begin(nonce);
        let mut ciphertext = message.to_vec();
        stream.apply_keystream(&mut ciphertext);
        let tag = authenticator.compute_unpadded(&ciphertext);
        BASE64_STANDARD.encode([nonce.as_slice(), tag.as_slice(), &ciphertext].concat())
    }

    /// The key stream, and the authenticator that its first 32 bytes are the key of.
    fn begin(&self, nonce: &[u8; NONCE_BYTES]) -> (XSalsa20, Poly1305) {
        let mut stream = XSalsa20::new(&self.0.into(), &(*nonce).into());
        let mut first = [0; KEY_BYTES];
        stream.apply_keystream(&mut first);
        (stream, Poly1305::new(&first.into()))
    }
}

/// Compares in constant time.
fn is_same(expected: &[u8], tag: &[u8; TAG_BYTES]) -> bool {
    expected.len() == tag.len() && expected.iter().zip(tag).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "a panic is how a test fails")]
mod tests {
    use super::*;

    /// Made by PyNaCl 1.6.2 (libsodium) with the nonce 00..17.
    const VECTOR: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXSvrMdfOvsAQywtLb01ZiC9v2hFEi673vdntViQ9cMNc1+D0+ozL8qjPhwiJd3xSskSYCrhBek+vKwPTlr5Y/abMSFLqJE4wEMSJJeaG/rVPx3+EcFceDuqB2ppne/VFjy5giUMhfjchYl3Kri8vYzg==";
    const MESSAGE: &str =
        r#"{"_type":"location","tid":"e1","lat":33.9624,"lon":118.2757,"acc":30,"batt":85,"tst":1795400115}"#;

    fn passphrase(words: &str) -> Passphrase {
        Passphrase::new(words).unwrap()
    }

    #[test]
    fn what_libsodium_sealed_is_opened_and_sealed_the_same() {
        let secret = passphrase("mysecreTpass01");
        assert_eq!(secret.open(VECTOR).unwrap(), MESSAGE.as_bytes());
        let nonce = std::array::from_fn(|place| u8::try_from(place).unwrap());
        assert_eq!(secret.seal(&nonce, MESSAGE.as_bytes()), VECTOR);
    }

    /// The example of the NaCl distribution (`tests/secretbox.c`), in hexadecimal.
    #[test]
    fn the_box_of_nacls_own_example_is_the_same() {
        let bytes = |text: &str| -> Vec<u8> {
            let digits: String = text.split_whitespace().collect();
            let pairs = (0..digits.len()).step_by(2).map(|at| &digits[at..at + 2]);
            pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
        };
        let key = bytes("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");
        let nonce = bytes("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37");
        let message = bytes(
            "be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c6129
             6cdc3c01233561f41db66cce314adb310e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde
             048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f937763848645e0705",
        );
        let sealed = bytes(
            "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186a
             c0dfc17c98dce87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae
             90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74
             e355a5",
        );
        let secret = Passphrase(key.try_into().unwrap());
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().unwrap();
        let data = secret.seal(&nonce, &message);
        assert_eq!(BASE64_STANDARD.decode(&data).unwrap()[NONCE_BYTES..], sealed);
        assert_eq!(secret.open(&data).unwrap(), message);
    }

    #[test]
    fn another_passphrase_or_a_changed_bit_opens_nothing() {
        for words in ["mysecreTpass02", "mysecreTpass01\u{1}", "x"] {
            assert_eq!(passphrase(words).open(VECTOR), Err(SealError::Closed), "{words:?}");
        }
        let whole = BASE64_STANDARD.decode(VECTOR).unwrap();
        for place in 0..whole.len() {
            let mut bent = whole.clone();
            bent[place] ^= 0x40;
            let opened = passphrase("mysecreTpass01").open(&BASE64_STANDARD.encode(&bent));
            assert_eq!(opened, Err(SealError::Closed), "byte {place}");
        }
        for data in ["", "AAECAwQF", "not base64", &BASE64_STANDARD.encode(&whole[..39])] {
            assert_eq!(passphrase("mysecreTpass01").open(data), Err(SealError::Form), "{data}");
        }
        let cut = BASE64_STANDARD.encode(&whole[..whole.len() - 1]);
        assert_eq!(passphrase("mysecreTpass01").open(&cut), Err(SealError::Closed));
    }

    #[test]
    fn a_passphrase_has_at_most_32_bytes_and_is_never_printed() {
        assert_eq!(Passphrase::new(""), Err(SealError::Passphrase));
        assert_eq!(Passphrase::new(&"x".repeat(33)), Err(SealError::Passphrase));
        assert!(Passphrase::new(&"x".repeat(32)).is_ok());
        assert_eq!(format!("{:?}", passphrase("secret")), "Passphrase(…)");
    }
}
