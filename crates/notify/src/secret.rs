//! Texts that no log shows.

use serde::Deserialize;
use std::{collections::BTreeMap, fmt, fs, hint::black_box, path::PathBuf};

/// A password, a key, a header that lets somebody in. In the settings it is the text itself, or `{ file = "PATH" }`, so that
/// the settings may be read by more people than the secrets.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub struct Secret(String);

#[derive(Deserialize)]
#[serde(untagged, expecting = "a secret is a text, or { file = \"PATH\" }")]
enum Written {
    Text(String),
    File(BTreeMap<Place, PathBuf>),
}

/// A map and no struct: that would be read from a list as well, and what stands in it be shown as a path.
#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
enum Place {
    File,
}

impl TryFrom<Written> for Secret {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        let file = match written {
            Written::Text(text) => return Ok(Self(text)),
            Written::File(mut places) => places.remove(&Place::File).unwrap_or_default(),
        };
        let text = fs::read_to_string(&file)
            .map_err(|error| format!("the secret in {} cannot be read: {error}", file.display()))?;
        // What editors and `echo` put behind it is not part of it.
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() {
            return Err(format!("the secret in {} is empty", file.display()));
        }
        Ok(Self(text.to_owned()))
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl Secret {
    /// What it says; not for messages or logs.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

/// Whether what was brought is the secret. It takes as long wherever the two differ, so that nobody finds it out sign by sign; that the
/// lengths differ may be found out.
#[must_use]
pub fn is_same(secret: &[u8], brought: &[u8]) -> bool {
    let differs = secret.iter().zip(brought).fold(0, |differs, (own, given)| differs | (own ^ given));
    // Without this the comparison could be ended at the first sign that differs.
    let differs = black_box(differs);
    secret.len() == brought.len() && differs == 0
}

/// Shorter ones are not looked for: they are words that stand everywhere.
const SHORTEST: usize = 4;

/// What the other side says, without what must not be seen, and not longer than a line or two.
pub(crate) fn excerpt<'a>(text: &str, hidden: impl Iterator<Item = &'a str>) -> String {
    const CHARACTERS: usize = 200;
    let mut longest_first: Vec<&str> = hidden.filter(|secret| secret.len() >= SHORTEST).collect();
    longest_first.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    let clean = longest_first.into_iter().fold(text.to_owned(), |text, secret| text.replace(secret, "…"));
    let printable = |sign: char| if sign.is_control() { ' ' } else { sign };
    clean.chars().take(CHARACTERS).map(printable).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(toml: &str) -> Result<Secret, String> {
        let mut table: std::collections::BTreeMap<String, Secret> =
            toml::from_str(toml).map_err(|error| error.message().to_owned())?;
        Ok(table.remove("secret").unwrap())
    }

    #[test]
    fn a_secret_stands_in_the_settings_or_in_a_file_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let named = format!("secret = {{ file = {path:?} }}");
        assert_eq!(read("secret = 'abc'").unwrap().reveal(), "abc");
        assert!(read(&named).unwrap_err().contains("cannot be read"));
        fs::write(&path, " a b\r\n").unwrap();
        assert_eq!(read(&named).unwrap().reveal(), " a b");
        fs::write(&path, "\n").unwrap();
        assert!(read(&named).unwrap_err().ends_with("is empty"));
        assert_eq!(format!("{:?}", read("secret = 'abc'").unwrap()), "…");
    }

    #[test]
    fn anything_else_is_refused_without_being_shown() {
        for toml in ["secret = 7", "secret = { path = 'hunter2' }", "secret = ['hunter2']"] {
            let why = read(toml).unwrap_err();
            assert!(why.contains("{ file = \"PATH\" }") && !why.contains("hunter2"), "{why}");
        }
    }

    #[test]
    fn the_same_and_nothing_else() {
        let secret = b"0123456789abcdef";
        assert!(is_same(secret, b"0123456789abcdef") && is_same(b"", b""));
        for nth in 0..secret.len() {
            let mut wrong = *secret;
            wrong[nth] ^= 1;
            assert!(!is_same(secret, &wrong), "{nth}");
            assert!(!is_same(secret, &secret[..nth]) && !is_same(&secret[..nth], secret), "{nth}");
        }
    }
}
