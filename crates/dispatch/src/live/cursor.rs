//! Where a client stands in the log of incident events; opaque to the client.

use std::fmt;

/// A place in one store's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The store it belongs to; a cursor of another store means nothing here.
    pub store_id: String,
    /// The place.
    pub row: i64,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:x}", self.store_id, self.row)
    }
}

impl Cursor {
    /// Reads what a client sends back; anything else is no cursor.
    pub fn parse(text: &str) -> Option<Self> {
        let (store_id, row) = text.rsplit_once('-')?;
        let is_id = !store_id.is_empty() && store_id.bytes().all(|byte| byte.is_ascii_hexdigit());
        let row = i64::from_str_radix(row, 16).ok().filter(|row| is_id && *row >= 0)?;
        Some(Self { store_id: store_id.to_owned(), row })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_comes_back_as_it_went() {
        let cursor = Cursor { store_id: "00ff".to_owned(), row: 4711 };
        assert_eq!(Cursor::parse(&cursor.to_string()), Some(cursor));
        for nonsense in ["", "-", "abc", "abc--5", "abc-xyz"] {
            assert_eq!(Cursor::parse(nonsense), None, "{nonsense}");
        }
    }
}
