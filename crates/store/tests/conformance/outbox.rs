//! Messages to handsets.

use store::{CommitDesk, DownMessage, IncidentChange, Kind, PutCommands, Settle};

use crate::common::{
    House,
    made::{at, command, handset, message, opening, signal},
    soon,
};

/// Puts messages out with an incident of their own, the only way there is.
async fn put(house: &House, name: &str, messages: &[(&str, &str, &str)]) {
    let outbox = messages.iter().map(|(to, key, payload)| message(to, key, payload, at(0))).collect();
    let change = IncidentChange { outbox, ..opening(signal(name, Some(name), "h9", at(0))) };
    house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
}

async fn payloads(house: &House, of: &str, after: i64, limit: u32, second: i64) -> Vec<String> {
    let found = house.store.waiting(&handset(of), after, limit, at(second)).await.unwrap();
    found.into_iter().map(|waiting| waiting.payload).collect()
}

pub(crate) async fn messages_wait_in_order_until_they_expire(house: &House) {
    put(house, "r1", &[("h1", "a", "1"), ("h2", "a", "2"), ("h1", "b", "3"), ("h1", "c", "4")]).await;
    assert_eq!(payloads(house, "h1", 0, 10, 1).await, ["1", "3", "4"]);
    assert_eq!(payloads(house, "h1", 0, 2, 1).await, ["1", "3"]);
    let first = house.store.waiting(&handset("h1"), 0, 1, at(1)).await.unwrap();
    assert_eq!(payloads(house, "h1", first[0].row, 10, 1).await, ["3", "4"]);
    assert_eq!(payloads(house, "h1", 0, 10, 99).await.len(), 3);
    assert_eq!(payloads(house, "h1", 0, 10, 100).await.len(), 0, "nobody needs them any more");
}

/// A pause and a clock that is another take nothing of the time in which something may be heard; what a handset is to do is no
/// longer wanted after a pause.
pub(crate) async fn what_waits_keeps_what_was_left_of_its_time(house: &House) {
    house.store.found(Kind::Real, at(0)).await.unwrap();
    put(house, "r1", &[("h1", "progress", "word")]).await;
    let carried = DownMessage { topic: "jjl/h1/down/command".to_owned(), ..message("h1", "c", "do", at(0)) };
    let commands = vec![(command("h1", "c-1", at(0)), vec![carried])];
    let keys = house.store.keys().clone();
    house.write(PutCommands { commands, keys, audit: Vec::new() }).await;
    assert_eq!(payloads(house, "h1", 0, 10, 10).await, ["word", "do"]);

    house.store.resume(at(10), at(10_000)).await.unwrap();
    assert_eq!(payloads(house, "h1", 0, 10, 10_089).await, ["word"]);
    assert_eq!(payloads(house, "h1", 0, 10, 10_091).await.len(), 0);

    house.store.resume(at(10_020), at(-3_600)).await.unwrap();
    assert_eq!(payloads(house, "h1", 0, 10, -3_531).await, ["word"]);
    assert_eq!(payloads(house, "h1", 0, 10, -3_529).await.len(), 0, "an hour back is no hour more");
}

pub(crate) async fn only_its_own_handset_settles_a_message(house: &House) {
    put(house, "r1", &[("h1", "a", "1"), ("h1", "b", "2")]).await;
    let row = house.store.waiting(&handset("h1"), 0, 1, at(1)).await.unwrap()[0].row;
    house.write(Settle { handset: handset("h2"), row, at: at(2) }).await;
    assert_eq!(payloads(house, "h1", 0, 10, 2).await, ["1", "2"]);
    house.write(Settle { handset: handset("h1"), row, at: at(3) }).await;
    house.write(Settle { handset: handset("h1"), row, at: at(4) }).await;
    assert_eq!(payloads(house, "h1", 0, 10, 4).await, ["2"]);
    let settled = "SELECT MAX(settled_at_us) FROM outbox";
    assert_eq!(house.ask(settled).await, at(3).as_microsecond(), "the first session's word counts");
}

pub(crate) async fn a_newer_message_takes_the_older_ones_place(house: &House) {
    put(house, "r1", &[("h1", "a", "old"), ("h2", "a", "theirs"), ("h1", "b", "other")]).await;
    let old = house.store.waiting(&handset("h1"), 0, 1, at(1)).await.unwrap()[0].row;
    put(house, "r2", &[("h1", "a", "new")]).await;
    assert_eq!(payloads(house, "h1", 0, 10, 1).await, ["other", "new"]);
    assert_eq!(payloads(house, "h2", 0, 10, 1).await, ["theirs"]);
    house.write(Settle { handset: handset("h1"), row: old, at: at(2) }).await;
    assert_eq!(
        payloads(house, "h1", 0, 10, 2).await,
        ["other", "new"],
        "to have the old is not to have the new"
    );
}

pub(crate) async fn who_has_news_is_read_by_cursor(house: &House) {
    assert_eq!(house.store.outbox_end().await.unwrap(), 0);
    put(house, "r1", &[("h1", "a", "1"), ("h2", "a", "2"), ("h3", "a", "3")]).await;
    let news = soon("the outbox shows its rows", async || {
        let found = house.store.outbox_after(0, 10).await.unwrap();
        (found.len() == 3).then_some(found)
    })
    .await;
    let handsets: Vec<&str> = news.iter().map(|(_, handset)| handset.as_str()).collect();
    assert_eq!(handsets, ["h1", "h2", "h3"]);
    assert_eq!(house.store.outbox_after(news[0].0, 1).await.unwrap(), news[1..2]);
    assert_eq!(house.store.outbox_end().await.unwrap(), news[2].0);
    house.write(Settle { handset: handset("h2"), row: news[1].0, at: at(2) }).await;
    assert_eq!(house.store.outbox_after(0, 10).await.unwrap().len(), 2, "what is settled is no news");
}
