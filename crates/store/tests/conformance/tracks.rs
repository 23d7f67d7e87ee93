//! Whose track a fix is on.

use model::Timestamp;
use store::{AddResident, AppendFixes, BindHandset, Track};

use crate::{
    common::{
        House,
        made::{at, handset, move_in, person, resident},
    },
    journal::{compact, hours, sample},
};

async fn track(house: &House, of: &str, from: i64, to: i64) -> Track {
    house.store.track(&resident(of), at(from), at(to)).await.unwrap()
}

/// The seconds of the points, by which they are told.
fn seconds(track: &Track) -> Vec<i64> {
    track.points.iter().map(|point| point.fix_time.duration_since(at(0)).as_secs()).collect()
}

fn steps(from: i64, to: i64) -> Vec<i64> {
    (from..to).step_by(10).collect()
}

async fn walk(house: &House, name: &str, from: i64, to: i64) {
    let rows = steps(from, to)
        .into_iter()
        .map(|second| sample(name, u64::try_from(second + 100_000).unwrap(), second));
    house.write(AppendFixes(rows.collect())).await;
}

/// Two residents swap a handset, and one of them gets another; before, after, and with a half of it in its hours.
pub(crate) async fn a_track_is_of_who_carried_the_handset_then(house: &House) {
    move_in(house, "r1", "h1", at(1_000)).await;
    move_in(house, "r2", "h2", at(0)).await;
    walk(house, "h1", 0, 3_000).await;
    walk(house, "h2", 0, 3_000).await;
    house.write(BindHandset { handset: handset("h1"), resident: resident("r2"), from: at(2_000) }).await;
    house.write(BindHandset { handset: handset("h2"), resident: resident("r1"), from: at(2_000) }).await;
    let check = async |state: &str| {
        let first = track(house, "r1", 0, 10_000).await;
        assert_eq!(seconds(&first), steps(1_000, 3_000), "{state}");
        let of = |track: &Track, second: i64| {
            let point = track.points.iter().find(|point| point.fix_time == at(second)).unwrap();
            track.handsets[point.handset].to_string()
        };
        assert_eq!((of(&first, 1_990), of(&first, 2_000)), ("h1".to_owned(), "h2".to_owned()), "{state}");
        let second = track(house, "r2", 0, 10_000).await;
        assert_eq!(seconds(&second), steps(0, 3_000), "{state}");
        assert_eq!((of(&second, 1_990), of(&second, 2_000)), ("h2".to_owned(), "h1".to_owned()), "{state}");
        assert_eq!(
            seconds(&track(house, "r1", 1_500, 1_600).await),
            steps(1_500, 1_600),
            "from it on, and before"
        );
        assert_eq!(track(house, "nobody", 0, 10_000).await, Track::default());
    };
    check("as it came").await;
    compact(house, at(4_000)).await;
    check("sorted").await;
    compact(house, at(0).checked_add(hours(60)).unwrap()).await;
    assert_eq!(house.ask("SELECT COUNT(*) FROM fix_blocks").await, 0);
    check("by the hour").await;
    walk(house, "h2", -100, 0).await;
    check("with rows that came late and are nobody's").await;
    walk(house, "h2", 3_000, 3_050).await;
    assert_eq!(
        seconds(&track(house, "r1", 2_900, 9_000).await),
        steps(2_900, 3_050),
        "hours and log together"
    );
}

/// The times stand in order, whatever the order of arrival was, and everything of a point comes back.
pub(crate) async fn a_track_is_in_the_order_of_its_own_times(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    walk(house, "h1", 500, 1_000).await;
    walk(house, "h1", 0, 500).await;
    let found = track(house, "r1", 0, 1_000).await;
    assert_eq!(seconds(&found), steps(0, 1_000));
    let one = sample("h1", 100_490, 490);
    let point = found.points[49];
    assert_eq!(
        (point.fix_time, point.received_at, point.told_time),
        (at(490), one.received_at, one.told_time)
    );
    assert_eq!(
        (point.position, point.accuracy_m, point.method),
        (one.fix.position, one.fix.accuracy_m, one.fix.method)
    );
    assert_eq!((point.speed_mps, point.bearing_deg, point.battery_pct), (one.fix.speed_mps, None, None));
    assert_eq!(found.unreadable, 0);
    house.run("UPDATE fix_log SET body = SUBSTR(body, 1, 30) WHERE row_id = 1").await;
    let found = track(house, "r1", 0, 1_000).await;
    assert_eq!((seconds(&found), found.unreadable), (steps(0, 500), 1), "what is broken is said");
}

/// A handset that walked before it was registered: its hours are found once it is.
pub(crate) async fn a_binding_that_is_entered_late_brings_its_track(house: &House) {
    walk(house, "h1", 0, 1_000).await;
    compact(house, at(0).checked_add(hours(60)).unwrap()).await;
    move_in(house, "r1", "h1", at(500)).await;
    assert_eq!(seconds(&track(house, "r1", 0, 1_000).await), steps(500, 1_000));
    house
        .write(AddResident {
            resident: person("r2", "李桂芳"),
            keys: house.store.keys().clone(),
            audit: Vec::new(),
        })
        .await;
    let everything = house.store.track(&resident("r2"), Timestamp::MIN, Timestamp::MAX).await.unwrap();
    assert_eq!(everything, Track::default());
}
