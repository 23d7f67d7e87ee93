//! Texts that no log shows.

use serde::Deserialize;
use std::fmt;

/// A password, a key, a header that lets somebody in.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct Secret(String);

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
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
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
