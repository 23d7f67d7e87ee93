//! Whom rows of the audit log name that were there before an upgrade: noted while the platform runs, and until then searches read them
//! one by one.

use store::{
    AddResident, AuditRow, AuditSearch, Database, JobError, Lease, NoteNamed, Store, StoreError, TakeLease,
    WriteAudit, about_whom,
};

use crate::common::{
    House, SOON,
    made::{at, audit, person, resident},
};

const ROWS: i64 = 900;
const NOTED: &str = "SELECT COUNT(*) FROM audit_about";
const LEFT: &str = "SELECT COALESCE(MAX(position), 0) FROM cursors WHERE name = 'audit_about'";

/// Rows of every kind: lists, acts on somebody with somebody else's name in the reason, looks that say whom they were about.
async fn write_rows(house: &House) {
    for id in ["r6", "r7"] {
        let (resident, keys) = (person(id, "甲"), house.store.keys().clone());
        house.write(AddResident { resident, keys, audit: Vec::new() }).await;
    }
    let row = |nth: i64| {
        let (subject, detail) = match nth % 4 {
            0 => ("residents", "looked for \"\", 2 shown: r6 r7".to_owned()),
            1 => ("r7", "because r6 said so".to_owned()),
            2 => ("i-9", format!("with position{}", about_whom("r7"))),
            _ => ("tasks", "1 shown: r6".to_owned()),
        };
        AuditRow { subject: subject.to_owned(), detail, ..audit("look", at(nth)) }
    };
    house.write(WriteAudit((0..ROWS).map(row).collect())).await;
}

/// A store whose rows were there before the upgrade; how many notes there will be, and what searches find.
async fn after_an_upgrade(house: &House) -> (i64, Vec<Vec<i64>>) {
    write_rows(house).await;
    let (notes, whole) = (house.ask(NOTED).await, answers(house).await);
    assert_eq!((notes, whole[0].len()), (ROWS, 450));
    house.run("DELETE FROM audit_about").await;
    // Both databases are told the same.
    let text = include_str!("../../migrations/sqlite/0042_audit_about.sql");
    let (_, rest) = text.split_once("INSERT INTO cursors").unwrap();
    let (statement, _) = rest.split_once(';').unwrap();
    house.run(&format!("INSERT INTO cursors{statement}")).await;
    (notes, whole)
}

async fn answers(house: &House) -> Vec<Vec<i64>> {
    let of = |id: &str| AuditSearch { resident: Some(resident(id)), ..AuditSearch::default() };
    let of_a_time = AuditSearch { from: Some(at(100)), to: Some(at(200)), ..of("r7") };
    let from_then_on = AuditSearch { from: Some(at(300)), username: Some("operator".to_owned()), ..of("r6") };
    let mut all = Vec::new();
    for (search, before, limit) in [
        (of("r6"), i64::MAX, 2_000),
        (of("r7"), i64::MAX, 7),
        (of("r7"), 450, 60),
        (of("r6"), 1, 7),
        (of_a_time, i64::MAX, 2_000),
        (from_then_on, i64::MAX, 2_000),
    ] {
        let found = house.store.audited(&search, before, limit).await.unwrap();
        all.push(found.into_iter().map(|one| one.row).collect());
    }
    all
}

async fn take(house: &House, holder: &str, now: i64) -> Option<Lease> {
    let (now, until) = (at(now), at(now + 10));
    house.write(TakeLease { name: NoteNamed::LEASE, holder: holder.to_owned(), now, until }).await
}

pub(crate) async fn old_rows_are_noted_while_searches_are_whole(house: &House) {
    let (all, whole) = after_an_upgrade(house).await;
    assert_eq!(answers(house).await, whole, "before the first step");
    let lease = take(house, "a", 0).await.unwrap();
    let (mut so_far, mut left, mut steps) = (0, house.ask(LEFT).await, 0);
    assert_eq!(left, house.ask("SELECT MAX(row_id) FROM audit").await);
    while let Some(piece) = NoteNamed::next(&house.store, lease).await.unwrap() {
        assert!(!house.store.is_all_noted().await.unwrap());
        house.write(piece).await;
        steps += 1;
        let (now, left_now) = (house.ask(NOTED).await, house.ask(LEFT).await);
        assert!(left_now < left && now - so_far <= 210, "step {steps}: {left_now}, {now}");
        assert_eq!(house.ask(&format!("{NOTED} WHERE row_id <= {left_now}")).await, 0, "newest first");
        assert_eq!(answers(house).await, whole, "after step {steps}");
        (so_far, left) = (now, left_now);
    }
    assert!(steps > 5, "a little at a time: {steps}");
    assert_eq!((so_far, left), (all, 0));
    assert!(house.store.is_all_noted().await.unwrap());
}

pub(crate) async fn a_kill_loses_no_note_and_doubles_none(house: &House) {
    let (notes, whole) = after_an_upgrade(house).await;
    let lease = take(house, "a", 0).await.unwrap();
    let piece = async || NoteNamed::next(&house.store, lease).await.unwrap().unwrap();
    let (first, again) = (piece().await, piece().await);
    house.write(first).await;
    let so_far = (house.ask(NOTED).await, house.ask(LEFT).await);
    house.write(piece().await).await;
    let further = (house.ask(NOTED).await, house.ask(LEFT).await);
    assert!(further.0 > so_far.0 && further.1 < so_far.1);
    house.write(again).await;
    assert_eq!((house.ask(NOTED).await, house.ask(LEFT).await), further, "what is done twice is there once");
    let restarted = house.another().await;
    let lease = take(&restarted, "a", 1).await.unwrap();
    while let Some(piece) = NoteNamed::next(&restarted.store, lease).await.unwrap() {
        restarted.write(piece).await;
    }
    restarted.close().await;
    assert_eq!(house.ask(NOTED).await, notes);
    assert_eq!(answers(house).await, whole);
}

pub(crate) async fn of_two_processes_one_notes_old_rows(house: &House) {
    after_an_upgrade(house).await;
    let first = take(house, "a", 0).await.unwrap();
    assert_eq!(take(house, "b", 5).await, None);
    let slow = NoteNamed::next(&house.store, first).await.unwrap().unwrap();
    let second = take(house, "b", 11).await.unwrap();
    let late = house.store.write(slow).await;
    assert!(matches!(late, Err(JobError::Conflict)), "{late:?}");
    assert_eq!(house.ask(NOTED).await, 0);
    house.write(NoteNamed::next(&house.store, second).await.unwrap().unwrap()).await;
    assert!(house.ask(NOTED).await > 0);
}

/// Their time may come while somebody has just read them.
pub(crate) async fn rows_that_went_meanwhile_leave_no_note(house: &House) {
    after_an_upgrade(house).await;
    let lease = take(house, "a", 0).await.unwrap();
    let piece = NoteNamed::next(&house.store, lease).await.unwrap().unwrap();
    house.run("DELETE FROM audit").await;
    house.write(piece).await;
    assert_eq!(house.ask(NOTED).await, 0);
    let last = NoteNamed::next(&house.store, lease).await.unwrap().unwrap();
    house.write(last).await;
    assert!(house.store.is_all_noted().await.unwrap(), "wherever the log begins by then");
}

/// The same version of the tables once noted all at once. Such a store opens, and no other that is not as it was made.
pub(crate) async fn who_noted_all_at_the_upgrade_has_nothing_to_do(house: &House) {
    write_rows(house).await;
    let (at_once, of_nobody) = match house.database {
        Database::Sqlite(_) => (
            "x'367ab608c27d3df222cbcb4ef9b2710a6accbf9214e733d0c483ace68836e15d76760cda28a77378e92c58139b3d4d9d'",
            "x'00'",
        ),
        Database::Postgres(_) => (
            "decode('cb2329a2084eadb580b2ba6842918dd4fbc407fe3ad5407c8f49e4033d974bcc72ee29fc5aa2f09cb2c9ffaed14cfb1f', 'hex')",
            "decode('00', 'hex')",
        ),
    };
    let made_with = async |digest: &str| {
        house.run(&format!("UPDATE _sqlx_migrations SET checksum = {digest} WHERE version = 42")).await;
    };
    made_with(at_once).await;
    let again = house.another().await;
    assert!(again.store.is_all_noted().await.unwrap());
    let lease = take(&again, "a", 0).await.unwrap();
    assert!(NoteNamed::next(&again.store, lease).await.unwrap().is_none());
    assert_eq!(house.ask(NOTED).await, ROWS);
    // It keeps nobody else from starting.
    let beside = tokio::time::timeout(SOON, house.another()).await.expect("a third one opens");
    beside.close().await;
    again.close().await;
    made_with(of_nobody).await;
    let refused = Store::open(&house.database, house.store.keys().clone(), None).await;
    assert!(matches!(refused, Err(StoreError::Migrate(_))), "{refused:?}");
}
