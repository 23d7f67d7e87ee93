//! What each kind of value may look like. Each reader answers with the value or with why it is refused.

use model::{SignedDuration, Timestamp};
use serde_json::Value;

/// The longest text that is kept of an id or a note; ids are far shorter, and an index entry must hold them.
pub(crate) const TEXT_AT_MOST_BYTES: usize = 256;
/// Beyond this a floating-point number no longer counts in ones.
const EXACT_AT_MOST: f64 = 9_007_199_254_740_992.0;
/// An epoch below this counts seconds (until the year 5138), above it milliseconds (from 1973).
const SECONDS_BELOW: f64 = 1e11;
/// 2020-01-01T00:00:00Z: no handset of ours is older than that.
const EARLIEST_S: i64 = 1_577_836_800;
/// Two years: further ahead no clock runs wrong, it is not set.
const AHEAD_AT_MOST: SignedDuration = SignedDuration::from_hours(24 * 731);

/// A value as it is quoted in a defect: short, and without a control character.
pub(crate) fn excerpt(value: &Value) -> String {
    let text = value.to_string();
    let short: String = text.chars().take(60).collect();
    if short.len() < text.len() { format!("{short}…") } else { short }
}

/// A finite number, also in quotes.
pub(crate) fn number(value: &Value) -> Result<f64, String> {
    let read = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    match read {
        Some(number) if number.is_finite() => Ok(number),
        Some(_) => Err(format!("{} is not a finite number", excerpt(value))),
        None => Err(format!("{} is not a number", excerpt(value))),
    }
}

/// A count from zero up that the store can hold (63 bits); `41.0` is 41.
pub(crate) fn count(value: &Value) -> Result<u64, String> {
    let exact = match value {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    let count = match exact {
        Some(count) => Some(count),
        None => whole(number(value)?),
    };
    count
        .filter(|count| i64::try_from(*count).is_ok())
        .ok_or_else(|| format!("{} is not a count", excerpt(value)))
}

/// A floating-point number that is a count, by way of its digits: exact, and without a cast that could wrap.
fn whole(number: f64) -> Option<u64> {
    let is_count = number.fract() == 0.0 && (0.0..=EXACT_AT_MOST).contains(&number);
    if is_count { format!("{:.0}", number.abs()).parse().ok() } else { None }
}

/// Yes or no, also as 0 and 1 or in quotes.
pub(crate) fn flag(value: &Value) -> Result<bool, String> {
    let text = match value {
        Value::Bool(flag) => return Ok(*flag),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().to_ascii_lowercase(),
        Value::Null | Value::Array(_) | Value::Object(_) => String::new(),
    };
    match text.as_str() {
        "true" | "1" | "1.0" => Ok(true),
        "false" | "0" | "0.0" => Ok(false),
        _ => Err(format!("{} is neither true nor false", excerpt(value))),
    }
}

/// A text; a number stands for its digits.
pub(crate) fn text(value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            Err(format!("{} is not a text", excerpt(value)))
        }
    }
}

/// A text as the store can keep it, and what had to be changed for that. PostgreSQL has no NUL in a text, and
/// a press must not be refused for one.
pub(crate) fn storable(text: &str) -> (String, Option<&'static str>) {
    let cut = text.floor_char_boundary(TEXT_AT_MOST_BYTES);
    let kept = text.get(..cut).unwrap_or_default();
    if kept.contains('\0') {
        (kept.replace('\0', "␀"), Some("holds a NUL character"))
    } else if kept.len() < text.len() {
        (kept.to_owned(), Some("is longer than 256 bytes; its beginning is kept"))
    } else {
        (kept.to_owned(), None)
    }
}

/// A time: RFC 3339 with any offset, epoch seconds or milliseconds; whether it is believable is asked apart. A
/// text without an offset is refused: whose eight o'clock it means nobody knows.
pub(crate) fn moment(value: &Value) -> Option<Timestamp> {
    let epoch = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => match text.trim().parse() {
            Ok(epoch) => epoch,
            Err(_) => return text.trim().parse().ok(),
        },
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return None,
    };
    let seconds_or_ms = if epoch.abs() < SECONDS_BELOW { epoch * 1e6 } else { epoch * 1e3 };
    let microseconds = format!("{seconds_or_ms:.0}").parse().ok()?;
    Timestamp::from_microsecond(microseconds).ok()
}

/// Whether a handset can mean this time, seen from when it reached us.
pub(crate) fn believable(told: Timestamp, received_at: Timestamp) -> Result<(), String> {
    if told.as_second() < EARLIEST_S {
        return Err(format!("{told} is before 2020"));
    }
    if told.duration_since(received_at) > AHEAD_AT_MOST {
        return Err(format!("{told} is more than two years ahead"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_vary_but_must_be_finite() {
        for (value, read) in [(json!(33.96), 33.96), (json!("33.96"), 33.96), (json!(" -1e2 "), -100.0)] {
            assert_eq!(number(&value), Ok(read));
        }
        for value in [json!("NaN"), json!("inf"), json!("-Infinity"), json!("1e999"), json!("33,96")] {
            assert!(number(&value).is_err(), "{value}");
        }
        for value in [json!(true), json!([1]), json!({})] {
            assert!(number(&value).is_err(), "{value}");
        }
    }

    #[test]
    fn counts_vary_but_never_go_below_zero() {
        for (value, read) in [
            (json!(41), 41),
            (json!(41.0), 41),
            (json!("41"), 41),
            (json!("41.0"), 41),
            (json!(-0.0), 0),
            (json!(i64::MAX), 9_223_372_036_854_775_807),
        ] {
            assert_eq!(count(&value), Ok(read), "{value}");
        }
        for value in
            [json!(-1), json!("-1"), json!(41.5), json!(u64::MAX), json!(1e18), json!("x"), json!(true)]
        {
            assert!(count(&value).is_err(), "{value}");
        }
    }

    #[test]
    fn flags_vary() {
        for value in [json!(true), json!(1), json!(1.0), json!("true"), json!("TRUE"), json!("1")] {
            assert_eq!(flag(&value), Ok(true), "{value}");
        }
        for value in [json!(false), json!(0), json!("false"), json!("0")] {
            assert_eq!(flag(&value), Ok(false), "{value}");
        }
        for value in [json!(2), json!("maybe"), json!([]), json!("")] {
            assert!(flag(&value).is_err(), "{value}");
        }
    }

    #[test]
    fn a_time_comes_in_many_spellings() {
        let meant: Timestamp = "2026-11-23T08:15:04Z".parse().unwrap();
        for value in [
            json!("2026-11-23T08:15:04Z"),
            json!("2026-11-23T16:15:04+08:00"),
            json!("2026-11-23 08:15:04.000z"),
            json!(1_795_421_704),
            json!(1_795_421_704.0),
            json!("1795421704"),
            json!(1_795_421_704_000_i64),
            json!("1795421704000"),
        ] {
            assert_eq!(moment(&value), Some(meant), "{value}");
        }
        for value in [
            json!("2026-11-23T08:15:04"),
            json!("yesterday"),
            json!("NaN"),
            json!(1e300),
            json!(true),
            json!("2026-13-01T00:00:00Z"),
        ] {
            assert_eq!(moment(&value), None, "{value}");
        }
        assert_eq!(moment(&json!(0)), Some(Timestamp::UNIX_EPOCH));
    }

    #[test]
    fn the_years_1970_and_2099_are_not_believed() {
        let received_at: Timestamp = "2026-11-23T08:15:04Z".parse().unwrap();
        for (told, believed) in [
            ("1970-01-01T00:00:00Z", false),
            ("2019-12-31T23:59:59Z", false),
            ("2020-01-01T00:00:00Z", true),
            ("2028-11-22T00:00:00Z", true),
            ("2028-11-25T00:00:00Z", false),
            ("2099-01-01T00:00:00Z", false),
        ] {
            assert_eq!(believable(told.parse().unwrap(), received_at).is_ok(), believed, "{told}");
        }
    }

    #[test]
    fn a_text_fits_the_store() {
        assert_eq!(storable("p-1"), ("p-1".to_owned(), None));
        assert_eq!(storable("a\0b").0, "a␀b");
        assert_eq!(storable(&"求".repeat(300)).0.len(), 255);
    }
}
