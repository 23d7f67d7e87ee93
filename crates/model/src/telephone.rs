//! One telephone's number as the network spells it, and as people write it down.

/// How one number may stand on record, itself first. The records have numbers as people in the country dial them; an exchange may
/// bring China's code before one, or the trunk's 0 before a mobile. Signs between digits do not matter.
pub fn spellings(number: &str) -> Vec<String> {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let is_abroad = number.trim_start().starts_with(['+', '＋']);
    // `+1 380 013 8000` has the digits of somebody's mobile here.
    if is_abroad && is_mobile(&digits) {
        return Vec::new();
    }
    let mut all = vec![number.trim().to_owned()];
    let bare = digits.strip_prefix("00").or(is_abroad.then_some(digits.as_str()));
    if let Some(within) = bare.and_then(|bare| bare.strip_prefix("86")) {
        // From abroad a fixed line's code comes without its 0, but not from every exchange.
        let is_whole = is_mobile(within) || within.starts_with('0');
        all.push(if is_whole { within.to_owned() } else { format!("0{within}") });
    } else if let Some(mobile) = ["86", "0"].iter().find_map(|code| digits.strip_prefix(*code)) {
        all.extend(is_mobile(mobile).then(|| mobile.to_owned()));
    }
    // `+86 0139…`: both at once.
    let mobile =
        all.last().and_then(|last| last.strip_prefix('0')).filter(|rest| is_mobile(rest)).map(str::to_owned);
    all.extend(mobile);
    all.dedup();
    all
}

/// Eleven digits, of which the first two tell it from a fixed line's.
fn is_mobile(digits: &str) -> bool {
    let mut signs = digits.chars();
    digits.len() == 11
        && signs.next() == Some('1')
        && signs.next().is_some_and(|second| ('3'..='9').contains(&second))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_asked_for_as_it_came_and_as_it_stands_on_record() {
        for (came, others) in [
            ("13900001234", &[][..]),
            ("139 0000-1234", &[]),
            ("+86 139 0000 1234", &["13900001234"]),
            ("＋8613900001234", &["13900001234"]),
            ("008613900001234", &["13900001234"]),
            ("8613900001234", &["13900001234"]),
            ("013900001234", &["13900001234"]),
            ("+86 0139 0000 1234", &["013900001234", "13900001234"]),
            ("+8652788556266", &["052788556266"]),
            ("0086 0527 88556266", &["052788556266"]),
            ("0527-88556266", &[]),
            ("86556266", &[]),
            ("010 8655 6266", &[]),
            ("+1 202 555 0100", &[]),
            ("120", &[]),
            ("", &[]),
        ] {
            let expected: Vec<&str> = [came.trim()].into_iter().chain(others.iter().copied()).collect();
            assert_eq!(spellings(came), expected, "{came}");
        }
        assert!(spellings("+1 380 013 8000").is_empty(), "abroad, with the digits of a mobile here");
    }
}
