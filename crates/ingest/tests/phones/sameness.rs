//! The same message twice changes nothing, also when a restart lies between.

use crate::house::{House, ID, answer};

#[tokio::test]
async fn a_repeat_is_known_by_topic_and_payload_also_after_a_restart() {
    let mut house = House::open().await;
    let second = house.now().as_second();
    let location = format!(r#"{{"_type":"location","lat":33.9624,"lon":118.2757,"tst":{second}}}"#);
    let moved = location.replace("118.2757", "118.2758");
    let osmand = format!("id={ID}&lat=33.1&lon=118.1&timestamp={second}&batt=40");
    for _ in 0..2 {
        for _ in 0..2 {
            house.publish("owntracks/u/d", &location).await;
            house.publish("owntracks/u/d", &moved).await;
            assert_eq!(answer(house.post_as("u", "d", location.clone())).await.status, 200);
            assert_eq!(answer(house.get_osmand(&osmand)).await.status, 200);
            assert_eq!(answer(house.get_osmand(&osmand.replace("batt=40", "batt=39"))).await.status, 200);
        }
        assert_eq!(house.fixes("h1").await, 3, "two places by OwnTracks, one by OsmAnd");
        house = house.reopen().await;
    }
    house.close().await;
}

#[tokio::test]
async fn a_long_queue_is_kept_once_although_its_end_is_sent_again() {
    let house = House::open().await;
    let first = house.now().as_second() - 1_000;
    let location = |number: i64| {
        format!(r#"{{"_type":"location","lat":33.9624,"lon":118.2757,"tst":{}}}"#, first + number)
    };
    for number in 0..400 {
        house.publish("owntracks/u/d", &location(number)).await;
    }
    let house = house.reopen().await;
    for number in 200..400 {
        house.publish("owntracks/u/d", &location(number)).await;
    }
    assert_eq!(house.fixes("h1").await, 400);
    house.close().await;
}
