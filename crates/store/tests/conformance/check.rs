//! The checks of a whole store: what is whole passes, and each kind of damage is found by its own check.

use model::Timestamp;
use store::{AppendFixes, Check, CommitDesk, CursorMove, Inspector, NoteLogIn, WriteAudit};

use crate::{
    common::{
        House,
        made::{at, audit, handset, move_in, opening, press, resident, take},
        soon,
    },
    journal::{compact, hours, sample},
};

pub(crate) async fn problems(house: &House, check: Check) -> Vec<String> {
    let inspector = Inspector::open(&house.database).await.unwrap();
    let mut told = Vec::new();
    let findings = inspector.check(check, &mut |done, all| told.push((done, all))).await.unwrap();
    assert!(told.is_sorted() && told.iter().all(|(done, all)| done <= all), "{told:?}");
    assert_eq!(findings.problems.len(), findings.count.min(20));
    assert!(!findings.looked_at.is_empty());
    findings.problems
}

/// A store in which something of everything has happened.
async fn lived_in(house: &House) {
    house.store.found(store::Kind::Real, at(0)).await.unwrap();
    move_in(house, "r1", "h1", at(0)).await;
    house.write(take("h1", press("p-1"), at(5))).await;
    let taken = soon("the log", async || house.store.signals_after(0, 10).await.unwrap().pop()).await;
    let press = taken.row;
    let cursor = Some(CursorMove { name: "desk", from: 0, to: press });
    house.write(CommitDesk { changes: vec![opening(taken.signal)], cursor, ..CommitDesk::default() }).await;
    // What is technical stands in the list of the day, and in no incident.
    house.write(NoteLogIn { kind: model::SignalKind::LoginRefused, handset: handset("h1"), at: at(6) }).await;
    let noted = soon("the log", async || house.store.signals_after(press, 10).await.unwrap().pop()).await;
    let cursor = Some(CursorMove { name: "desk", from: press, to: noted.row });
    house.write(CommitDesk { cursor, ..CommitDesk::default() }).await;
    house.write(WriteAudit((0..5).map(|row| audit(&format!("look-{row}"), at(row))).collect())).await;
    let seal = soon("a seal", async || house.store.next_audit_seal(at(9)).await.unwrap()).await;
    house.write(seal).await;
    let fixes = |from: i64, to: i64| {
        (from..to).map(|seq| sample("h1", u64::try_from(seq).unwrap(), seq * 10)).collect()
    };
    house.write(AppendFixes(fixes(0, 700))).await;
    compact(house, at(0).checked_add(hours(60)).unwrap()).await;
    house.write(AppendFixes(fixes(700, 1_000))).await;
    for seq in 0..70 {
        house.write(AppendFixes(vec![sample("h2", seq, 20), sample("h3", seq, 30)])).await;
    }
    compact(house, at(10_000)).await;
    house.write(AppendFixes(vec![sample("h1", 2_000, 50)])).await;
}

pub(crate) async fn a_whole_store_passes_every_check(house: &House) {
    let empty = Inspector::open(&house.database).await.unwrap();
    for check in Check::ALL {
        assert_eq!(
            empty.check(check, &mut |_, _| {}).await.unwrap().problems,
            Vec::<String>::new(),
            "{check:?}"
        );
    }
    lived_in(house).await;
    for check in Check::ALL {
        assert_eq!(problems(house, check).await, Vec::<String>::new(), "{check:?}");
    }
}

/// Breaks something, sees that its check says so, and mends it.
async fn finds(house: &House, check: Check, breaks: &str, mends: &str, says: &str) {
    house.run(breaks).await;
    let found = problems(house, check).await;
    assert!(found.iter().any(|problem| problem.contains(says)), "{breaks}: {found:?}");
    house.run(mends).await;
    assert_eq!(problems(house, check).await, Vec::<String>::new(), "after {mends}");
}

pub(crate) async fn damage_is_found_by_its_check(house: &House) {
    lived_in(house).await;
    let journal =
        async |breaks: &str, mends: &str, says: &str| finds(house, Check::Journal, breaks, mends, says).await;
    for table in ["fix_log", "fix_blocks", "track_hours"] {
        let set = |what: &str| format!("UPDATE {table} SET {what}");
        journal(&set("fixes = fixes + 1"), &set("fixes = fixes - 1"), "fixes, not").await;
        journal(&set("to_us = to_us + 1"), &set("to_us = to_us - 1"), "of another time").await;
        house.run(&format!("CREATE TABLE kept AS SELECT row_id, body FROM {table}")).await;
        let mend =
            format!("UPDATE {table} SET body = (SELECT body FROM kept WHERE kept.row_id = {table}.row_id)");
        journal(&set("body = SUBSTR(body, 1, 40)"), &mend, "cannot be read").await;
        house.run("DROP TABLE kept").await;
    }
    journal("UPDATE fix_blocks SET slot = slot + 1", "UPDATE fix_blocks SET slot = slot - 1", "on a shelf")
        .await;
    journal(
        "UPDATE track_hours SET handset_id = 'x'",
        "UPDATE track_hours SET handset_id = 'h1'",
        "another hour or handset",
    )
    .await;
    journal("UPDATE journal SET removed = 7", "UPDATE journal SET removed = 0", "were sorted, but").await;
    journal("UPDATE journal SET broken = 7", "UPDATE journal SET broken = 0", "7 fixes are lost").await;
    house.run("CREATE TABLE kept AS SELECT * FROM track_hours WHERE hour_us = (SELECT MIN(hour_us) FROM track_hours)").await;
    let twice = "INSERT INTO track_hours (handset_id, resident_id, hour_us, fixes, from_us, to_us, body)
        SELECT handset_id, resident_id, hour_us, fixes, from_us, to_us, body FROM kept";
    let once = "DELETE FROM track_hours WHERE row_id = (SELECT MAX(row_id) FROM track_hours)";
    journal(twice, once, "which is in another one too").await;

    let signals =
        async |breaks: &str, mends: &str, says: &str| finds(house, Check::Signals, breaks, mends, says).await;
    house.run("CREATE TABLE kept_signals AS SELECT * FROM incident_signals").await;
    signals(
        "DELETE FROM incident_signals",
        "INSERT INTO incident_signals SELECT * FROM kept_signals",
        "in no incident",
    )
    .await;
    signals(
        "UPDATE presses SET signal_id = signal_id || 'x'",
        "UPDATE presses SET signal_id = RTRIM(signal_id, 'x')",
        "without its signal",
    )
    .await;
    let columns =
        "handset_id, identity, press_id, cancel, received_at_us, signal_id, payload, full_size, defects";
    house.run(&format!("CREATE TABLE kept_presses AS SELECT {columns} FROM presses")).await;
    let back = format!("INSERT INTO presses ({columns}) SELECT {columns} FROM kept_presses");
    signals("DELETE FROM presses", &back, "signal without its press").await;
    signals(
        "UPDATE incident_signals SET incident_id = incident_id || 'x'",
        "UPDATE incident_signals SET incident_id = RTRIM(incident_id, 'x')",
        "is not there",
    )
    .await;

    let incidents = async |breaks: &str, mends: &str, says: &str| {
        finds(house, Check::Incidents, breaks, mends, says).await;
    };
    incidents(
        "UPDATE incidents SET version = version + 1",
        "UPDATE incidents SET version = version - 1",
        "columns",
    )
    .await;
    incidents(
        "UPDATE incidents SET snapshot = REPLACE(snapshot, '\"drill\":false', '\"drill\":true')",
        "UPDATE incidents SET snapshot = REPLACE(snapshot, '\"drill\":true', '\"drill\":false')",
        "add up",
    )
    .await;
    incidents(
        "UPDATE incidents SET snapshot = 'x' || snapshot",
        "UPDATE incidents SET snapshot = SUBSTR(snapshot, 2)",
        "cannot be read",
    )
    .await;

    finds(
        house,
        Check::Audit,
        "UPDATE audit SET subject = subject || '!' WHERE row_id = 2",
        "UPDATE audit SET subject = RTRIM(subject, '!') WHERE row_id = 2",
        "does not fit",
    )
    .await;
    finds(
        house,
        Check::Cursors,
        "UPDATE cursors SET position = position + 1000",
        "UPDATE cursors SET position = position - 1000",
        "desk stands at",
    )
    .await;
    assert_eq!(
        house.store.track(&resident("r1"), Timestamp::MIN, Timestamp::MAX).await.unwrap().points.len(),
        1_001
    );
    // A signal that the desk has not read yet is no damage.
    house.write(take("h1", press("p-2"), at(6))).await;
    assert_eq!(problems(house, Check::Signals).await, Vec::<String>::new());
}
