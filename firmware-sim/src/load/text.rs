//! Numbers and times as JSON wants them, without the general formatter: at 150,000 fixes a second it would be what the
//! generator does most of the time.

const MS_A_DAY: i64 = 86_400_000;

/// A number in decimal digits.
pub(super) fn number(out: &mut Vec<u8>, mut number: u64) {
    let begin = out.len();
    loop {
        out.push(digit(number % 10));
        number /= 10;
        if number == 0 {
            break;
        }
    }
    if let Some(digits) = out.get_mut(begin..) {
        digits.reverse();
    }
}

/// That many digits, the last ones of the number.
fn digits(out: &mut Vec<u8>, number: i64, count: u32) {
    for place in (0..count).rev() {
        out.push(digit(number.unsigned_abs() / 10_u64.pow(place) % 10));
    }
}

fn digit(number: u64) -> u8 {
    b'0' + u8::try_from(number).unwrap_or(0)
}

/// Degrees given in their seventh decimal.
pub(super) fn degrees(out: &mut Vec<u8>, e7: i64) {
    if e7 < 0 {
        out.push(b'-');
    }
    number(out, e7.unsigned_abs() / 10_000_000);
    out.push(b'.');
    digits(out, e7, 7);
}

/// An RFC 3339 time in UTC with milliseconds, from milliseconds of the Unix epoch.
pub(super) fn time(out: &mut Vec<u8>, ms: i64) {
    let (year, month, day) = date(ms.div_euclid(MS_A_DAY));
    let within = ms.rem_euclid(MS_A_DAY);
    for (value, count, after) in [
        (year, 4, b'-'),
        (month, 2, b'-'),
        (day, 2, b'T'),
        (within / 3_600_000, 2, b':'),
        (within / 60_000 % 60, 2, b':'),
        (within / 1_000 % 60, 2, b'.'),
        (within % 1_000, 3, b'Z'),
    ] {
        digits(out, value, count);
        out.push(after);
    }
}

/// The civil date of a day since 1970-01-01, counted in eras of 400 years that begin on the first of March.
fn date(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let (era, of_era) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day_of_month = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day_of_month)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Timestamp;

    fn text(write: impl Fn(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn times_are_those_of_the_calendar() {
        // Every fifth day of sixty years, at a changing time of day.
        for step in 0..4_400_i64 {
            let ms = step * 5 * MS_A_DAY + step * 7_654_321 % MS_A_DAY;
            let expected = Timestamp::from_millisecond(ms).unwrap();
            let read: Timestamp = text(|out| time(out, ms)).parse().unwrap();
            assert_eq!(read, expected);
        }
        assert_eq!(text(|out| time(out, 1_709_164_800_007)), "2024-02-29T00:00:00.007Z");
    }

    #[test]
    fn numbers_have_their_digits() {
        for value in [0, 7, 10, 4_294_967_296, u64::MAX] {
            assert_eq!(text(|out| number(out, value)), value.to_string());
        }
        assert_eq!(text(|out| degrees(out, 339_624_001)), "33.9624001");
        assert_eq!(text(|out| degrees(out, -5)), "-0.0000005");
    }
}
