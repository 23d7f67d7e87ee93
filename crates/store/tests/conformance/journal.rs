//! What becomes of fixes in the journal: sorted, written by the hour, removed; and that nothing read of them changes.

use std::collections::BTreeMap;

use model::{Fix, HandsetId, SignedDuration, Timestamp, Wgs84};
use store::{
    AppendFixes, BindHandset, Compactor, CursorMove, EraseResident, JournalFix, Kept, Kind, NumberedFix,
    RemoveErasedTracks, Step,
};

use crate::common::{
    House,
    made::{at, fix, handset, journal, move_in, resident},
    soon,
};

/// Steps until there is nothing left to do.
pub(crate) async fn compact(house: &House, now: Timestamp) {
    let mut compactor = Compactor::new(house.store.clone(), Kept::default());
    for _ in 0..2_000 {
        if compactor.step(now).await.unwrap() == Step::Nothing {
            return adds_up(house).await;
        }
    }
    unreachable!("the work in the background never ends");
}

/// Every fix that ever came is in one form, or counted as removed.
pub(crate) async fn adds_up(house: &House) {
    let held = "SELECT CAST(settled - removed - (SELECT COALESCE(SUM(fixes), 0) FROM fix_blocks)
        - (SELECT COALESCE(SUM(fixes), 0) FROM track_hours) AS BIGINT) FROM journal";
    assert_eq!(house.ask(held).await, 0);
}

pub(crate) fn hours(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count)
}

/// A fix whose every value is its own.
pub(crate) fn sample(from: &str, seq: u64, second: i64) -> JournalFix {
    let step = f64::from(u32::try_from(seq % 10_000).unwrap());
    let fix = Fix {
        boot: Some(format!("boot-{}", seq % 3)),
        seq: Some(seq),
        position: Wgs84::new(33.9 + step / 1e5, 118.2 + step / 3e5).unwrap(),
        accuracy_m: 5.0 + step / 7.0,
        speed_mps: (!seq.is_multiple_of(5)).then_some(step / 1_000.0),
        ..fix(at(second))
    };
    let received_at = fix.fix_time.checked_add(SignedDuration::from_micros(1_234_567)).unwrap();
    JournalFix {
        received_at,
        told_time: seq.is_multiple_of(7).then(|| at(second + 99)),
        ..journal(from, fix)
    }
}

async fn all_of(house: &House, name: &str) -> Vec<NumberedFix> {
    house.store.fixes_of(&handset(name), Timestamp::MIN, Timestamp::MAX).await.unwrap()
}

type Read = (Vec<NumberedFix>, Option<Fix>, Vec<(String, u64)>, i64);

/// Everything that can be read of a handset.
async fn read(house: &House, name: &str, since: Timestamp) -> Read {
    let id: HandsetId = handset(name);
    (
        all_of(house, name).await,
        house.store.newest_fix(&id).await.unwrap(),
        house.store.fix_numbers(&id, since).await.unwrap(),
        house.store.count_fixes(&id).await.unwrap(),
    )
}

pub(crate) async fn sorting_changes_nothing_that_is_read(house: &House) {
    let names: Vec<String> = (0..40).map(|number| format!("h-{number:02}")).collect();
    // One handset with many fixes in a message, many with one, and late ones between.
    for batch in 0..130_u64 {
        let second = i64::try_from(batch).unwrap() * 10;
        let mut rows: Vec<JournalFix> = names.iter().map(|name| sample(name, batch, second)).collect();
        if batch % 10 == 0 {
            rows.extend((0..300).map(|seq| sample("h-07", 1_000 + batch * 300 + seq, second - 5_000)));
        }
        house.write(AppendFixes(rows)).await;
    }
    let mut before: BTreeMap<&str, Read> = BTreeMap::new();
    for name in &names {
        before.insert(name, read(house, name, at(400)).await);
    }
    compact(house, at(2_000)).await;
    assert!(house.ask("SELECT COUNT(*) FROM fix_blocks").await > 0);
    assert_eq!(house.ask("SELECT COUNT(*) FROM track_hours").await, 0, "nothing is older than the window");
    let own = house.ask("SELECT COUNT(*) FROM fix_blocks WHERE slot < 0").await;
    assert!(own > 0, "what is ripe has a shelf of its own");
    for name in &names {
        assert_eq!(read(house, name, at(400)).await, before[name.as_str()], "{name}");
    }
    assert_eq!(before["h-07"].3, 130 + 13 * 300);
}

pub(crate) async fn what_is_old_goes_to_its_hour_and_late_rows_join_it(house: &House) {
    let rows: Vec<JournalFix> =
        (0..900).map(|seq| sample("h1", seq, i64::try_from(seq).unwrap() * 10)).collect();
    house.write(AppendFixes(rows)).await;
    let before = read(house, "h1", at(0)).await;
    let much_later = at(0).checked_add(hours(60)).unwrap();
    compact(house, much_later).await;
    assert_eq!(house.ask("SELECT COUNT(*) FROM fix_blocks").await, 0);
    assert_eq!(house.ask("SELECT COUNT(*) FROM track_hours").await, 3, "two hours and a half, one part each");
    assert_eq!(house.ask("SELECT COUNT(*) FROM track_hours WHERE resident_id IS NULL").await, 3);
    let after = read(house, "h1", at(0)).await;
    assert_eq!((after.0.len(), &after.2, after.3), (900, &before.2, 900));
    for (kept, came) in after.0.iter().zip(&before.0) {
        same_but_rounded(kept, came);
    }
    assert_eq!(
        after.1.unwrap().fix_time,
        before.1.unwrap().fix_time,
        "also what is old is the newest there is"
    );

    let late = JournalFix { received_at: much_later, ..sample("h1", 5_000, 15) };
    house.write(AppendFixes(vec![late])).await;
    assert_eq!(read(house, "h1", at(0)).await.3, 901);
    compact(house, much_later.checked_add(hours(60)).unwrap()).await;
    let parts = format!("SELECT COUNT(*) FROM track_hours WHERE hour_us = {}", at(0).as_microsecond());
    assert_eq!(house.ask(&parts).await, 2, "a further part of the same hour");
    let numbers: Vec<i64> = all_of(house, "h1").await.iter().map(|fix| fix.number).collect();
    assert_eq!(numbers, (1..=901).collect::<Vec<_>>());
}

fn same_but_rounded(kept: &NumberedFix, came: &NumberedFix) {
    let near = |a: f64, b: f64, by: f64| assert!((a - b).abs() <= by, "{a} {b}");
    let (now, then) = (&kept.fix.fix, &came.fix.fix);
    near(now.position.lat(), then.position.lat(), 0.51e-7);
    near(now.position.lon(), then.position.lon(), 0.51e-7);
    near(now.accuracy_m, then.accuracy_m, 0.051);
    near(now.speed_mps.unwrap_or(-1.0), then.speed_mps.unwrap_or(-1.0), 0.0051);
    let exact = |one: &NumberedFix| {
        let (fix, one_fix) = (&one.fix.fix, &one.fix);
        (
            one.number,
            fix.boot.clone(),
            fix.seq,
            fix.fix_time,
            one_fix.received_at,
            one_fix.told_time,
            fix.method,
        )
    };
    assert_eq!(exact(kept), exact(came));
}

pub(crate) async fn an_hour_belongs_to_who_carried_the_handset(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    house
        .write(store::AddResident {
            resident: crate::common::made::person("r2", "李桂芳"),
            keys: house.store.keys().clone(),
            audit: Vec::new(),
        })
        .await;
    // The handset changes hands within an hour.
    house.write(BindHandset { handset: handset("h1"), resident: resident("r2"), from: at(1_000) }).await;
    let rows = (0..360).map(|seq| sample("h1", seq, i64::try_from(seq).unwrap() * 10 - 500)).collect();
    house.write(AppendFixes(rows)).await;
    compact(house, at(0).checked_add(hours(60)).unwrap()).await;
    let fixes_of = |whose: &str| {
        format!("SELECT CAST(COALESCE(SUM(fixes), 0) AS BIGINT) FROM track_hours WHERE resident_id {whose}")
    };
    assert_eq!(house.ask(&fixes_of("IS NULL")).await, 50, "before anybody had it");
    assert_eq!(house.ask(&fixes_of("= 'r1'")).await, 100);
    assert_eq!(house.ask(&fixes_of("= 'r2'")).await, 210);
    assert_eq!(house.store.count_fixes(&handset("h1")).await.unwrap(), 360);
}

pub(crate) async fn the_log_is_read_by_number_and_kept_for_its_readers(house: &House) {
    let moved = CursorMove { name: "journal:test", from: 0, to: 10 };
    house.write(store::CommitDesk { cursor: Some(moved), ..store::CommitDesk::default() }).await;
    for seq in 0..200 {
        house.write(AppendFixes(vec![sample("h1", seq, 0), sample("h2", seq, 1)])).await;
    }
    let read_all = async |after: i64| {
        let (mut numbers, mut through) = (Vec::new(), after);
        loop {
            let page = house.store.journal_after(through, 7).await.unwrap();
            if page.through == through {
                return numbers;
            }
            numbers.extend(page.fixes.iter().map(|fix| fix.number));
            through = page.through;
        }
    };
    soon("the log is there", async || (read_all(10).await == (11..=400).collect::<Vec<_>>()).then_some(()))
        .await;
    compact(house, at(100)).await;
    assert_eq!(read_all(10).await, (11..=400).collect::<Vec<_>>(), "sorted, and still there for its reader");
    assert_eq!(read_all(11).await, (12..=400).collect::<Vec<_>>(), "from the middle of a batch");
    let moved = CursorMove { name: "journal:test", from: 10, to: 300 };
    house.write(store::CommitDesk { cursor: Some(moved), ..store::CommitDesk::default() }).await;
    for seq in 200..270 {
        house.write(AppendFixes(vec![sample("h1", seq, 0), sample("h2", seq, 1)])).await;
    }
    compact(house, at(100)).await;
    assert_eq!(house.ask("SELECT MIN(row_id) FROM fix_log").await, 301, "what it has read is gone");
    // One that never comes back does not hold the log for ever.
    house.write(AppendFixes(vec![sample("h1", 900, 0)])).await;
    compact(house, at(0).checked_add(hours(60)).unwrap()).await;
    assert_eq!(house.ask("SELECT COUNT(*) FROM fix_log").await, 1, "the last row stays");
    house.write(AppendFixes(vec![sample("h1", 901, 0)])).await;
    assert_eq!(house.ask("SELECT MAX(row_id) FROM fix_log").await, 542, "and the numbers go on from it");
}

pub(crate) async fn old_tracks_are_removed_and_it_is_on_record(house: &House) {
    for hour in 0..230 {
        house
            .write(AppendFixes(vec![sample("h1", 1, hour * 3_600), sample("h1", 2, hour * 3_600 + 1)]))
            .await;
    }
    let after_a_month = at(0).checked_add(hours(24 * 30)).unwrap();
    compact(house, after_a_month).await;
    assert_eq!(house.store.count_fixes(&handset("h1")).await.unwrap(), 460);
    assert_eq!(house.ask("SELECT COUNT(*) FROM audit").await, 0);
    let kept_until = at(0).checked_add(hours(24 * 90 + 210)).unwrap();
    compact(house, kept_until).await;
    assert_eq!(house.store.count_fixes(&handset("h1")).await.unwrap(), 40);
    assert_eq!(house.ask("SELECT removed FROM journal").await, 420);
    let on_record =
        "SELECT COUNT(*) FROM audit WHERE username = 'system' AND action = 'remove_tracks' AND detail LIKE ";
    assert_eq!(house.ask(&format!("{on_record}'begins: %'")).await, 1);
    assert_eq!(house.ask(&format!("{on_record}'done: 420 fixes in 210 hours before %'")).await, 1);
    compact(house, kept_until).await;
    assert_eq!(house.ask("SELECT COUNT(*) FROM audit").await, 2, "nothing to remove is nothing to say");
    assert_eq!(house.ask("SELECT COUNT(*) FROM track_days").await, 0, "nobody carried it");
}

pub(crate) async fn by_a_clock_that_is_not_believed_no_track_is_old(house: &House) {
    house.store.found(Kind::Real, at(0)).await.unwrap();
    for nth in 1..=10_u32 {
        house.write(AppendFixes(vec![sample("h1", u64::from(nth), i64::from(nth))])).await;
    }
    let ahead = at(0).checked_add(hours(24 * 730)).unwrap();
    house.store.resume(at(10), ahead).await.unwrap();
    compact(house, ahead).await;
    assert_eq!(house.store.count_fixes(&handset("h1")).await.unwrap(), 10);
    compact(house, ahead.checked_add(hours(24)).unwrap()).await;
    assert_eq!(house.store.count_fixes(&handset("h1")).await.unwrap(), 0, "a day later it is");
}

/// Of a track that is removed the days are left: how much there was of it, and no place.
pub(crate) async fn what_is_removed_is_summed_up(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    for hour in 0..230 {
        house
            .write(AppendFixes(vec![sample("h1", 1, hour * 3_600), sample("h1", 2, hour * 3_600 + 1)]))
            .await;
    }
    compact(house, at(0).checked_add(hours(24 * 90 + 210)).unwrap()).await;
    assert_eq!(
        house.ask("SELECT CAST(SUM(fixes) AS BIGINT) FROM track_days WHERE resident_id = 'r1'").await,
        420
    );
    assert_eq!(house.ask("SELECT CAST(SUM(hours) AS BIGINT) FROM track_days").await, 210);
    let days = house.ask("SELECT COUNT(*) FROM track_days").await;
    assert!((9..=10).contains(&days), "{days}");
    let held = house.store.held_days(&resident("r1")).await.unwrap();
    assert_eq!((i64::try_from(held.len()), held.iter().map(|day| day.fixes).sum::<i64>()), (Ok(days), 420));
    assert!(held.is_sorted_by_key(|day| day.from));
    house.write(EraseResident { resident: resident("r1"), at: at(1), audit: Vec::new() }).await;
    assert_eq!(house.ask("SELECT COUNT(*) FROM track_days").await, 0);
}

/// Some at a time, of nobody else, and what was not in its hour yet once it has come there.
pub(crate) async fn tracks_of_the_erased_go(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    move_in(house, "r2", "h2", at(0)).await;
    // Sparse: each fix is an hour of its own.
    for name in ["h1", "h2"] {
        let sparse = (0..250).map(|seq| sample(name, seq, i64::try_from(seq).unwrap() * 3_600)).collect();
        house.write(AppendFixes(sparse)).await;
    }
    let now = at(250 * 3_600).checked_add(hours(60)).unwrap();
    compact(house, now).await;
    let held = async |whose: &str| {
        house.ask(&format!("SELECT COUNT(*) FROM track_hours WHERE resident_id = '{whose}'")).await
    };
    assert_eq!((held("r1").await, held("r2").await), (250, 250));
    assert!(!house.write(RemoveErasedTracks).await, "nobody is erased");
    assert_eq!((held("r1").await, held("r2").await), (250, 250));

    // The last that was heard lies in the log still when the person is forgotten.
    house.write(AppendFixes(vec![sample("h1", 300, 250 * 3_600)])).await;
    let erased_at = at(250 * 3_600 + 10);
    house.write(EraseResident { resident: resident("r1"), at: erased_at, audit: Vec::new() }).await;
    for (is_more, left) in [(true, 150), (true, 50), (false, 0), (false, 0)] {
        assert_eq!((house.write(RemoveErasedTracks).await, held("r1").await), (is_more, left));
    }
    assert_eq!(held("r2").await, 250, "the others keep theirs");
    assert_eq!(house.store.count_fixes(&handset("h1")).await.unwrap(), 1, "what lies in the log");
    house.write(AppendFixes(vec![sample("h2", 300, 250 * 3_600)])).await;
    compact(house, now).await;
    assert_eq!(held("r1").await, 1, "it comes to its hour under whose it was");
    assert!(!house.write(RemoveErasedTracks).await);
    adds_up(house).await;
    assert_eq!(house.store.count_fixes(&handset("h1")).await.unwrap(), 0, "and goes from there");
    assert_eq!(house.store.count_fixes(&handset("h2")).await.unwrap(), 251);
    let sums = "SELECT COUNT(*) FROM track_days WHERE resident_id = 'r1'";
    assert_eq!(house.ask(sums).await, 0, "not even sums are left");
}
