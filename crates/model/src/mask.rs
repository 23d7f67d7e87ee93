//! What of a telephone's number is shown to those who need not ring it.

/// Stands for what is not shown.
pub const MASK: &str = "****";

/// The last four signs, which tell two telephones apart and open none.
pub fn mask(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    let shown =
        signs.len().checked_sub(4).filter(|hidden| *hidden >= 4).and_then(|hidden| signs.get(hidden..));
    format!("{MASK}{}", shown.unwrap_or_default().iter().collect::<String>())
}

/// Digits in a row that may be a telephone's number; what is written between them does not part them.
const NUMBER: usize = 7;

fn is_between(sign: char) -> bool {
    sign.is_whitespace() || "-./()+_,·－（）–—‑，".contains(sign)
}

/// The same text with every telephone number in it masked.
pub fn mask_numbers(text: &str) -> String {
    let (mut masked, mut run) = (String::new(), String::new());
    for sign in text.chars() {
        if sign.is_numeric() || (!run.is_empty() && is_between(sign)) {
            run.push(sign);
        } else {
            put_run(&mut masked, &run);
            run.clear();
            masked.push(sign);
        }
    }
    put_run(&mut masked, &run);
    masked
}

fn put_run(masked: &mut String, run: &str) {
    let digits: String = run.chars().filter(|sign| sign.is_numeric()).collect();
    if digits.chars().count() < NUMBER {
        masked.push_str(run);
        return;
    }
    masked.push_str(&mask(&digits));
    masked.push_str(run.get(run.trim_end_matches(is_between).len()..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_telephone_the_last_signs_are_left() {
        assert_eq!(mask("13812345678"), "****5678");
        assert_eq!(mask("1234567"), "****", "too short to show any of it");
        assert_eq!(mask(""), "****");
    }

    #[test]
    fn of_numbers_in_a_text_the_last_signs_are_left() {
        for (text, masked) in [
            ("邻居 13812345678", "邻居 ****5678"),
            ("0527-8855 6266 (女儿)", "****6266 (女儿)"),
            ("+86 138 1234 5678", "+****5678"),
            ("１３８１２３４５６７８", "****５６７８"),
            ("138–1234–5678", "****5678"),
            ("138\u{3000}1234\u{3000}5678，女儿", "****5678，女儿"),
            ("王秀英", "王秀英"),
            ("r-0041", "r-0041"),
            ("110", "110"),
            ("", ""),
        ] {
            assert_eq!(mask_numbers(text), masked, "{text}");
        }
    }

    #[test]
    fn what_is_masked_stays_as_it_is() {
        for text in ["邻居 13812345678", "+86 138 1234 5678", "139 0000-1234", "王秀英"] {
            let once = mask_numbers(text);
            assert_eq!(mask_numbers(&once), once, "{text}");
        }
    }
}
