//! What the benchmarks say of a goal that is missed, and how they end.

use crate::common::goals::Goals;
use std::process::ExitCode;

fn concluded(goals: &Goals) -> (bool, String) {
    let mut out = Vec::new();
    let code = goals.conclude(&mut out).unwrap();
    (format!("{code:?}") == format!("{:?}", ExitCode::SUCCESS), String::from_utf8(out).unwrap())
}

#[test]
fn a_goal_that_is_missed_stands_at_the_end_and_in_the_exit_code() {
    let mut goals = Goals::default();
    goals.at_most("bytes", 1_024.0, 1_024.0);
    goals.at_least("found", 0.9, 0.9);
    assert_eq!(concluded(&goals), (true, "\n2 of 2 goals met\n".to_owned()));
    goals.at_least("fixes a second", 999_999.4, 1e6);
    goals.at_most("in vain", f64::NAN, 0.1);
    let told = "\n2 of 4 goals met\ngoal missed: fixes a second  999999   goal >= 1000000\ngoal missed: in vain  NaN   goal <= 0.1\n";
    assert_eq!(concluded(&goals), (false, told.to_owned()));
}
