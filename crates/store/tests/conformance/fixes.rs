//! The journal of fixes.

use model::{Fix, HandsetId, Method, Wgs84};
use store::{AppendFixes, JournalFix};

use crate::common::{
    House,
    made::{at, fix, handset, journal},
};

fn whole(boot: &str, seq: u64, second: i64) -> Fix {
    Fix {
        boot: Some(boot.to_owned()),
        seq: Some(seq),
        position: Wgs84::new(-34.0, 118.275_712_345_678_9).unwrap(),
        accuracy_m: 0.1 + 0.2,
        method: Method::Aflt,
        speed_mps: Some(0.0),
        bearing_deg: Some(359.9),
        battery_pct: Some(71.0),
        ..fix(at(second))
    }
}

async fn newest(house: &House, of: &HandsetId) -> Fix {
    house.store.newest_fix(of).await.unwrap().unwrap()
}

pub(crate) async fn a_batch_keeps_order_and_what_is_not_known(house: &House) {
    let told =
        JournalFix { told_time: Some(at(9_000)), received_at: at(70), ..journal("h1", whole("b", 7, 3)) };
    house.write(AppendFixes(vec![told, journal("h1", fix(at(2))), journal("h1", whole("b", 5, 1))])).await;
    assert_eq!(house.store.count_fixes(&handset("h1")).await.unwrap(), 3);
    let kept = house.store.fixes_of(&handset("h1"), at(0), at(100)).await.unwrap();
    let times: Vec<_> = kept.iter().map(|fix| fix.fix.fix.fix_time).collect();
    assert_eq!(times, [at(3), at(2), at(1)], "in the order given, whatever their times");
    assert_eq!(kept[0].fix.told_time, Some(at(9_000)));
    assert_eq!(kept[0].fix.received_at, at(70));
    assert_eq!(kept[1].fix, journal("h1", fix(at(2))), "what is not known stays unknown");
    assert_eq!(newest(house, &handset("h1")).await, whole("b", 7, 3), "every digit comes back");
    let mut numbers = house.store.fix_numbers(&handset("h1"), at(0)).await.unwrap();
    numbers.sort();
    assert_eq!(numbers, [("b".to_owned(), 5), ("b".to_owned(), 7)]);
    assert_eq!(house.store.fix_numbers(&handset("h1"), at(2)).await.unwrap(), [("b".to_owned(), 7)]);
}

pub(crate) async fn a_thousand_rows_are_one_batch(house: &House) {
    let rows = (0..1_000).map(|seq| journal("h1", whole("b", seq, i64::try_from(seq).unwrap()))).collect();
    house.write(AppendFixes(rows)).await;
    assert_eq!(house.store.count_fixes(&handset("h1")).await.unwrap(), 1_000);
    assert_eq!(house.ask("SELECT COUNT(*) FROM fix_log").await, 1);
    let kept = house.store.fixes_of(&handset("h1"), at(0), at(1_000)).await.unwrap();
    assert!(kept.iter().enumerate().all(|(place, fix)| fix.fix.fix.seq == u64::try_from(place).ok()));
    assert!(kept.iter().zip(1..).all(|(fix, number)| fix.number == number), "numbers without a gap");
    house.write(AppendFixes(Vec::new())).await;
    assert_eq!(house.ask("SELECT COUNT(*) FROM fix_log").await, 1, "nothing is no row");
    let rows = (0..2_001).map(|seq| journal("h2", whole("b", seq, 0))).collect();
    house.write(AppendFixes(rows)).await;
    assert_eq!(house.ask("SELECT MAX(row_id + fixes) FROM fix_log").await, 3_002);
}

pub(crate) async fn strange_texts_come_back(house: &House) {
    let strange = [
        "a'b",
        "a\"b",
        "a\\b",
        "a\\u0000b",
        "a\0b",
        "␀",
        "中文",
        "😀",
        "",
        " ",
        "null",
        "[1]",
        "$1",
        "\u{7f}\u{1}",
    ];
    for (place, boot) in strange.into_iter().enumerate() {
        let second = i64::try_from(place).unwrap();
        house.write(AppendFixes(vec![journal("h1", whole(boot, 1, second))])).await;
        assert_eq!(newest(house, &handset("h1")).await.boot.as_deref(), Some(boot));
    }
    let last = Fix { seq: Some(u64::MAX), ..whole("b", 0, 101) };
    house.write(AppendFixes(vec![journal("h1", last.clone())])).await;
    assert_eq!(newest(house, &handset("h1")).await, last);
    let numbers = house.store.fix_numbers(&handset("h1"), at(100)).await.unwrap();
    assert_eq!(numbers, [("b".to_owned(), u64::MAX)]);
}

pub(crate) async fn the_newest_fix_is_by_its_own_time(house: &House) {
    assert_eq!(house.store.newest_fix(&handset("h1")).await.unwrap(), None);
    let rows =
        vec![journal("h1", whole("b", 2, 20)), journal("h1", whole("b", 1, 10)), journal("h2", fix(at(99)))];
    house.write(AppendFixes(rows)).await;
    assert_eq!(newest(house, &handset("h1")).await, whole("b", 2, 20));
    house.write(AppendFixes(vec![journal("h1", whole("b", 3, 20))])).await;
    assert_eq!(newest(house, &handset("h1")).await.seq, Some(3), "of two at one time the later to come");
}

pub(crate) async fn an_impossible_fix_takes_nobody_with_it(house: &House) {
    let impossible = Fix { accuracy_m: f64::NAN, ..fix(at(1)) };
    let job = AppendFixes(vec![journal("h1", fix(at(0))), journal("h1", impossible)]);
    assert!(house.store.write(job).await.is_err());
    assert_eq!(
        house.store.count_fixes(&handset("h1")).await.unwrap(),
        0,
        "a batch is kept whole or not at all"
    );
    assert_eq!(house.store.health(), store::WriterHealth::default(), "the store itself is well");
}
