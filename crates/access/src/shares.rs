//! What a consent lets a relative see, in codes.

/// What of a resident a grant shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shares {
    /// That something happened, and what is done about it.
    pub news: bool,
    /// Where the person is.
    pub position: bool,
    /// Where the person was.
    pub track: bool,
}

const NEWS: &str = "news";
const POSITION: &str = "position";
const TRACK: &str = "track";

impl Shares {
    /// All of it.
    pub const ALL: Self = Self { news: true, position: true, track: true };

    /// Of these codes; none if one of them is no code, or there is not one.
    pub fn from_codes<'a>(codes: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let mut shares = Self { news: false, position: false, track: false };
        for code in codes {
            let named = match code {
                NEWS => &mut shares.news,
                POSITION => &mut shares.position,
                TRACK => &mut shares.track,
                _ => return None,
            };
            *named = true;
        }
        (shares.news || shares.position || shares.track).then_some(shares)
    }

    /// The codes, always in this order.
    pub fn codes(self) -> Vec<&'static str> {
        let all = [(self.news, NEWS), (self.position, POSITION), (self.track, TRACK)];
        all.into_iter().filter(|(shared, _)| *shared).map(|(_, code)| code).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_and_written_alike() {
        for codes in [vec!["news"], vec!["position", "track"], vec!["news", "position", "track"]] {
            assert_eq!(Shares::from_codes(codes.iter().copied()).map(Shares::codes), Some(codes));
        }
        assert_eq!(Shares::from_codes(["track", "news"]).map(Shares::codes), Some(vec!["news", "track"]));
        for wrong in [&[] as &[&str], &[""], &["news", "everything"], &["NEWS"]] {
            assert_eq!(Shares::from_codes(wrong.iter().copied()), None, "{wrong:?}");
        }
    }
}
