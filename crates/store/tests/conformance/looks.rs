//! Looks that needed a reason, and their reviews.

use store::{Look, RecordLook, Review, ReviewLook};

use crate::common::{
    House,
    made::{at, resident},
};

pub(crate) async fn a_look_waits_for_its_review(house: &House) {
    let look = |second| Look {
        at: at(second),
        username: "operator".to_owned(),
        action: "read_resident".to_owned(),
        resident: resident("r1"),
        reason: "家属来电询问".to_owned(),
    };
    for second in [1, 2, 3] {
        house.write(RecordLook { look: look(second), audit: Vec::new() }).await;
    }
    let waiting = house.store.looks(true, None, i64::MAX, 2).await.unwrap();
    assert_eq!(waiting.iter().map(|one| one.look.at).collect::<Vec<_>>(), [at(3), at(2)], "the newest first");
    let row = waiting[0].row;
    assert_eq!(house.store.looks(true, None, waiting[1].row, 2).await.unwrap().len(), 1);
    let review = |by: &str| Review {
        at: at(9),
        by: by.to_owned(),
        verdict: "justified".to_owned(),
        note: String::new(),
    };
    house.write(ReviewLook { row, review: review("supervisor"), audit: Vec::new() }).await;
    let again = ReviewLook { row, review: review("another"), audit: Vec::new() };
    assert!(house.store.write(again).await.is_err(), "the first review stands");
    assert_eq!(house.store.look(row).await.unwrap().unwrap().review, Some(review("supervisor")));
    assert_eq!(house.store.looks(true, None, i64::MAX, 9).await.unwrap().len(), 2);
    assert_eq!(house.store.looks(false, None, i64::MAX, 9).await.unwrap().len(), 3);
}
