//! Hours of the week as they are written: `mon` to `sun`, from `22:00` to `06:00`.

use super::{problem::Problem, words::unprocessable};
use incident::ladder::{Hours, OnCall, minutes};

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The names of the days on which the hours begin.
pub(super) fn days(on_call: OnCall) -> Vec<String> {
    let days = (0..7u8).zip(DAYS).filter(|(day, _)| on_call.days >> day & 1 == 1);
    days.map(|(_, name)| name.to_owned()).collect()
}

/// The hours that are meant, or what is wrong with them.
pub(super) fn read(days: &[String], from: &str, to: &str) -> Result<OnCall, Problem> {
    let day = |name: &String| DAYS.iter().position(|day| day == name);
    let days = days.iter().try_fold(0u8, |days, name| day(name).map(|day| days | 1 << day));
    let days = days.filter(|days| *days != 0);
    let days = days.ok_or_else(|| unprocessable("days are some of mon tue wed thu fri sat sun"))?;
    Ok(OnCall { days, hours: Hours { from: minute("from", from)?, to: minute("to", to)? } })
}

fn minute(field: &str, text: &str) -> Result<u16, Problem> {
    let minute = minutes(text).filter(|minute| *minute < 1_440);
    minute.ok_or_else(|| unprocessable(format!("{field} is a time of day such as 22:00")))
}
