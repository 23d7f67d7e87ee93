//! Moving fixes between their forms while others move them too, or things are not as they should be.

use model::{SignedDuration, Timestamp};
use store::{
    AppendFixes, BindHandset, Check, Compactor, Database, JobError, Kept, Quarantine, Step, StoreError,
};

use crate::{
    check::problems,
    common::{
        House,
        made::{at, handset, move_in, person, resident},
    },
    journal::{adds_up, compact, hours, sample},
};

async fn append(house: &House, batches: u64) {
    for batch in 0..batches {
        let second = i64::try_from(batch).unwrap();
        let rows = (0..20).map(|handset| sample(&format!("h-{handset}"), batch, second)).collect();
        house.write(AppendFixes(rows)).await;
    }
}

pub(crate) async fn of_two_that_move_the_same_one_does(house: &House) {
    append(house, 300).await;
    let other = house.another().await;
    let now = at(0).checked_add(hours(60)).unwrap();
    let work = async |house: &House| {
        let mut compactor = Compactor::new(house.store.clone(), Kept::default());
        let mut conflicts = 0;
        loop {
            match compactor.step(now).await {
                Ok(Step::Nothing) => return conflicts,
                Ok(_) => {}
                Err(error) if error.is_conflict() => conflicts += 1,
                Err(StoreError::Write { source: JobError::Database(error), .. })
                    if error.to_string().contains("locked") => {}
                Err(error) => unreachable!("{error:?}"),
            }
        }
    };
    let (one, two) = tokio::join!(work(house), work(&other));
    eprintln!("conflicts: {one} and {two}");
    other.close().await;
    adds_up(house).await;
    for handset_number in 0..20 {
        let name = handset(&format!("h-{handset_number}"));
        assert_eq!(house.store.count_fixes(&name).await.unwrap(), 300);
    }
}

pub(crate) async fn a_binding_that_changes_meanwhile_is_heard(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    house
        .write(store::AddResident {
            resident: person("r2", "李桂芳"),
            keys: house.store.keys().clone(),
            audit: Vec::new(),
        })
        .await;
    house.write(AppendFixes((0..300).map(|seq| sample("h1", seq, 2_000)).collect())).await;
    let now = at(0).checked_add(hours(60)).unwrap();
    let mut compactor = Compactor::new(house.store.clone(), Kept::default());
    assert_eq!(compactor.step(now).await.unwrap(), Step::Sorted(300));
    // The writer is held; the step reads the bindings, and then somebody changes them before its job.
    let gate = house.hold().await;
    let bind = BindHandset { handset: handset("h1"), resident: resident("r2"), from: at(1_000) };
    let bound = house.hand_in(bind).await;
    let (stepped, ()) = tokio::join!(compactor.step(now), async {
        tokio::time::sleep(crate::common::A_WHILE).await;
        gate.open();
    });
    crate::common::answer(bound).await.unwrap();
    assert!(stepped.unwrap_err().is_conflict());
    compact(house, now).await;
    assert_eq!(house.ask("SELECT COUNT(*) FROM track_hours WHERE resident_id = 'r2'").await, 1);
    assert_eq!(house.ask("SELECT COUNT(*) FROM track_hours").await, 1);
}

pub(crate) async fn a_broken_block_is_set_aside_whole(house: &House) {
    append(house, 3).await;
    house.run("UPDATE fix_log SET body = SUBSTR(body, 1, 30) WHERE row_id = 21").await;
    assert_eq!(
        house.store.count_fixes(&handset("h-1")).await.unwrap(),
        2,
        "the others are read all the same"
    );
    assert!(house.store.newest_fix(&handset("h-1")).await.unwrap().is_some());
    let now = at(0).checked_add(hours(60)).unwrap();
    compact(house, now).await;
    let kept = house.store.quarantined(i64::MAX, 10).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0].topic.as_str(), kept[0].payload.len()), ("journal", 30));
    assert!(kept[0].reason.contains("block 21 of 20 fixes"), "{}", kept[0].reason);
    assert_eq!(house.ask("SELECT removed FROM journal").await, 20);
    assert_eq!(house.ask("SELECT broken FROM journal").await, 20);
    assert_eq!(house.store.blocks_in_quarantine().await.unwrap(), 1);
    let found = problems(house, Check::Journal).await;
    assert!(found.len() == 1 && found[0].starts_with("20 fixes are lost"), "{found:?}");
    assert_eq!(house.ask("SELECT CAST(SUM(fixes) AS BIGINT) FROM track_hours").await, 40);
}

/// What the migration finds of a store that has set blocks aside already.
pub(crate) async fn broken_blocks_of_before_are_counted(house: &House) {
    let block = "block 21 of 20 fixes cannot be read: it holds 3 rows";
    for (from, topic, reason) in [
        (None, "journal", block),
        (None, "journal", "block 7 of 1500 fixes cannot be read: the end is missing"),
        (None, "journal", "a fix of before cannot be read: method guess"),
        (None, "osmand", block),
        (Some(handset("h1")), "journal", block),
    ] {
        let (topic, reason) = (topic.to_owned(), reason.to_owned());
        house.write(Quarantine { handset: from, topic, received_at: at(1), reason, payload: vec![7] }).await;
    }
    let text = match house.database {
        Database::Sqlite(_) => include_str!("../../migrations/sqlite/0026_broken_blocks.sql"),
        Database::Postgres(_) => include_str!("../../migrations/postgres/0026_broken_blocks.sql"),
    };
    let (_, rest) = text.split_once("UPDATE journal").unwrap();
    let (statement, _) = rest.split_once(';').unwrap();
    house.run(&format!("UPDATE journal{statement}")).await;
    assert_eq!(house.ask("SELECT broken FROM journal").await, 1_520);
    assert_eq!(house.store.blocks_in_quarantine().await.unwrap(), 3);
}

/// No transaction in the background is long, whatever lies on the shelves.
pub(crate) async fn a_few_rows_at_a_time_are_moved(house: &House) {
    // Sparse: each fix is an hour of its own.
    let sparse = (0..600).map(|seq| sample("h1", seq, i64::try_from(seq).unwrap() * 3_600)).collect();
    house.write(AppendFixes(sparse)).await;
    append(house, 1).await;
    let now = at(600 * 3_600).checked_add(hours(60)).unwrap();
    let mut compactor = Compactor::new(house.store.clone(), Kept::default());
    let mut parts_before = 0;
    loop {
        let step = compactor.step(now).await.unwrap();
        let parts = house.ask("SELECT COUNT(*) FROM track_hours").await;
        assert!(parts - parts_before <= 64, "{step:?} wrote {}", parts - parts_before);
        parts_before = parts;
        if step == Step::Nothing {
            break;
        }
    }
    assert_eq!(parts_before, 600 + 20);
    adds_up(house).await;
    let back = house.store.fixes_of(&handset("h1"), Timestamp::MIN, Timestamp::MAX).await.unwrap();
    assert_eq!(back.len(), 600);
}

pub(crate) async fn fixes_of_before_are_carried_over(house: &House) {
    house.write(AppendFixes(vec![sample("h1", 1, 50)])).await;
    for seq in 0..1_500 {
        house
            .run(&format!(
                "INSERT INTO fixes (handset_id, boot, seq, fix_time_us, told_time_us, received_at_us, lat, lon, accuracy_m, method)
                 VALUES ('h1', 'b', {seq}, {}, NULL, {}, 33.9624, 118.2757, 18.5, '{}')",
                at(seq).as_microsecond(),
                at(seq + 1).as_microsecond(),
                if seq == 7 { "guess" } else { "gps" },
            ))
            .await;
    }
    let again = house.another().await;
    assert_eq!(house.ask("SELECT COUNT(*) FROM fixes").await, 0);
    assert_eq!(again.store.count_fixes(&handset("h1")).await.unwrap(), 1_500);
    let newest = again.store.newest_fix(&handset("h1")).await.unwrap().unwrap();
    assert_eq!((newest.fix_time, newest.boot.as_deref(), newest.seq), (at(1_499), Some("b"), Some(1_499)));
    let received = again.store.fixes_of(&handset("h1"), at(100), at(101)).await.unwrap();
    assert_eq!(received[0].fix.received_at.duration_since(at(100)), SignedDuration::from_secs(1));
    let kept = again.store.quarantined(i64::MAX, 10).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert!(kept[0].reason.contains("method guess"), "{}", kept[0].reason);
    again.close().await;
}
