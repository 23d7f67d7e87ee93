//! The commands, one file each.

pub(crate) mod hammer;
pub(crate) mod load;
pub(crate) mod press;
pub(crate) mod run;
pub(crate) mod screen;
pub(crate) mod story;

use std::io::{self, Write};
use std::time::Duration;

/// Where the demo's door is.
pub(crate) const DEMO_DOOR: &str = "127.0.0.1:1883";

/// Prints a line; an output that is gone (a closed pipe) is an error like any other.
pub(crate) fn say(line: impl std::fmt::Display) -> io::Result<()> {
    let mut output = io::stdout().lock();
    writeln!(output, "{line}")?;
    output.flush()
}

/// Reads `500ms`, `10s`, `40m`, `2h`; a bare number is seconds.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: f64 = digits.parse().map_err(|error| format!("{digits:?} is not a number: {error}"))?;
    let seconds = match text.strip_prefix(digits).unwrap_or_default() {
        "ms" => 0.001,
        "" | "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        unit => return Err(format!("{unit:?} is not a unit; ms, s, m and h are")),
    };
    Duration::try_from_secs_f64(number * seconds).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_people_write_them() {
        for (text, millis) in [
            ("10s", 10_000),
            ("40m", 2_400_000),
            ("2h", 7_200_000),
            ("500ms", 500),
            ("7", 7_000),
            ("1.5s", 1_500),
        ] {
            assert_eq!(duration(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "s", "-1s", "10 days", "10d", "NaN"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
