//! What arrived in a stretch of time, and a store that is opened to be read alone.

use store::{AppendFixes, RecordedMessage, RecordedPress, Store, TakeMessage};

use crate::common::{
    House,
    made::{at, fix, handset, journal, move_in, press, resident, take},
};

pub(crate) async fn what_arrived_is_read_by_the_time_of_its_arrival(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    for (second, kind) in [(30, "status"), (10, "answer"), (60, "fall"), (59, "lwt")] {
        let (payload, received_at) = (format!("{{\"n\":{second}}}").into_bytes(), at(second));
        let message = TakeMessage { handset: handset("h1"), kind, identity: None, payload, received_at };
        assert!(house.write(message).await);
    }
    house.write(take("h1", press("p-1"), at(20))).await;
    house.write(take("h2", press("p-2"), at(25))).await;
    house.write(take("h1", press("p-1"), at(26))).await;
    house.write(take("h1", press("p-3"), at(60))).await;
    house.write(AppendFixes(vec![journal("h1", fix(at(15)))])).await;

    // Nothing is written by who opens it to read.
    let read = Store::open_to_read(&house.database, house.store.keys().clone()).await.unwrap();
    let said = |message: &RecordedMessage| {
        assert_eq!(message.handset, handset("h1"));
        (message.kind.clone(), message.received_at, String::from_utf8(message.payload.clone()).unwrap())
    };
    let messages = read.messages_between(at(10), at(60)).await.unwrap();
    let told = |kind: &str, second: i64| (kind.to_owned(), at(second), format!("{{\"n\":{second}}}"));
    assert_eq!(
        messages.iter().map(said).collect::<Vec<_>>(),
        [told("answer", 10), told("status", 30), told("lwt", 59)]
    );
    let whose = |press: &RecordedPress| (press.handset.clone(), press.resident.clone(), press.received_at);
    let presses = read.presses_between(at(10), at(60)).await.unwrap();
    assert_eq!(
        presses.iter().map(whose).collect::<Vec<_>>(),
        [(handset("h1"), Some(resident("r1")), at(20)), (handset("h2"), None, at(25))],
        "a repeat is no press"
    );
    assert_eq!(presses[0].payload, press("p-1").as_bytes());
    assert_eq!(read.fixes_of(&handset("h1"), at(0), at(60)).await.unwrap().len(), 1);
    let refused = read.write(AppendFixes(vec![journal("h1", fix(at(16)))])).await;
    assert!(refused.is_err_and(|error| store::is_writer_gone(&error)));
    assert_eq!(read.fixes_of(&handset("h1"), at(0), at(60)).await.unwrap().len(), 1);
}
