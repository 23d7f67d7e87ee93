//! A quarter's review of stations: what is counted, and how places are given.

use crate::support::{at, station};
use incident::{
    TaskState,
    ranking::{FEWEST, Work, rank},
};

fn task(name: &str, taken_s: Option<u32>, state: TaskState) -> Work {
    Work {
        station: station(name),
        name: name.to_owned(),
        offered_at: at(0),
        taken_s,
        arrived_s: taken_s.map(|taken_s| taken_s + 600),
        state,
        was_silent: false,
    }
}

#[test]
fn the_score_can_be_done_again_by_hand() {
    let mut tasks = vec![
        task("east", Some(30), TaskState::Finished),
        task("east", Some(60), TaskState::Finished),
        task("east", Some(61), TaskState::Failed),
        task("east", None, TaskState::Declined),
        task("east", None, TaskState::Offered),
        // Taken back before it could answer: nobody's fault.
        task("east", None, TaskState::Withdrawn),
        // Called back on the way: neither finished nor failed.
        task("east", Some(10), TaskState::Withdrawn),
    ];
    tasks[4].was_silent = true;
    let ranked = rank(&tasks).remove(0);
    assert_eq!((ranked.asked, ranked.taken, ranked.declined, ranked.silent), (6, 4, 1, 1));
    assert_eq!((ranked.finished, ranked.failed), (2, 1));
    assert_eq!((ranked.taken_pct, ranked.prompt_pct, ranked.finished_pct), (66.7, 50.0, 66.7));
    // 0.4 * 66.7 + 0.3 * 50.0 + 0.3 * 66.7
    assert_eq!((ranked.score, ranked.place), (61.7, Some(1)));
    assert_eq!((ranked.answered.p50_s, ranked.arrived.max_s), (Some(30), Some(661)));
}

#[test]
fn places_go_by_score_and_whoever_was_asked_seldom_has_none() {
    let some = |name: &'static str, count: usize, taken_s: u32| {
        (0..count).map(move |_| task(name, Some(taken_s), TaskState::Finished))
    };
    let tasks: Vec<Work> = some("slow", FEWEST, 90)
        .chain(some("good", FEWEST, 20))
        .chain(some("fine", FEWEST, 20))
        .chain(some("rare", FEWEST - 1, 1))
        .collect();
    let places: Vec<(String, Option<usize>)> =
        rank(&tasks).into_iter().map(|ranked| (ranked.name, ranked.place)).collect();
    let expected = [("fine", Some(1)), ("good", Some(1)), ("slow", Some(3)), ("rare", None)];
    assert_eq!(places, expected.map(|(name, place)| (name.to_owned(), place)));
    assert_eq!(rank(&[]), []);
}
