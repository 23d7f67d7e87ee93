//! What others write: garbage, another version, another program, another store.

use crate::{
    faults::press,
    server::{NAMES, Process, QUICK, STORE, Server, handset, now, settings},
};
use bus::{
    Heard, Hint, Settings,
    conformance::{joined, until},
};
use model::{Fix, Remark, SignedDuration};
use redis::aio::MultiplexedConnection;

/// A process whose id is well formed and that nobody runs.
const STRANGER: &str = "00000000000000aa";

fn fix_now() -> Fix {
    let json =
        r#"{"fix_time":"2026-11-23T08:00:00Z","lat":33.9624,"lon":118.2757,"accuracy_m":18,"method":"gps"}"#;
    Fix { fix_time: now(), ..serde_json::from_str(json).expect("a position") }
}

async fn run(redis: &mut MultiplexedConnection, words: &[&str]) {
    let (command, rest) = words.split_first().expect("a command");
    redis::cmd(command).arg(rest).exec_async(redis).await.expect("Redis does it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn garbage_for_a_position_is_no_position_and_gives_way() {
    let server = Server::start().await;
    let [one, other] = [server.join(), server.join()];
    let mut redis = server.connection().await;
    let hash = format!("{NAMES}positions");
    let fix = fix_now();
    let future = Fix { fix_time: now() + SignedDuration::from_hours(1), ..fix.clone() };
    let since_first = future.fix_time.as_nanosecond() - model::Timestamp::MIN.as_nanosecond();
    let ahead = format!("1 {since_first:021} {}", serde_json::to_string(&future).expect("JSON"));
    let garbage = ["", "garbage", "1 ", "2 000 {}", "\u{0}\u{1}", "1 999999999999999999999 {}", &ahead];
    for (number, word) in garbage.iter().enumerate() {
        run(&mut redis, &["HSET", &hash, &format!("h-{number}"), word]).await;
    }
    // Another one says when everything before it has been looked up.
    one.put_position(&handset("marker"), &fix);
    let all: Vec<_> = (0..garbage.len()).map(|number| handset(&format!("h-{number}"))).collect();
    assert!(all.iter().all(|walker| other.position(walker).is_none()));
    until("the marker", || other.position(&handset("marker")).is_some()).await;
    assert!(all.iter().all(|walker| other.position(walker).is_none()));
    for walker in &all {
        assert!(one.put_position(walker, &fix));
    }
    until("real positions", || all.iter().all(|walker| other.position(walker) == Some(fix.clone()))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_nobody_understands_is_a_gap_and_the_next_is_heard() {
    let server = Server::start().await;
    let [one, other] = [server.join(), server.join()];
    joined(one.bus(), other.bus()).await;
    let mut redis = server.connection().await;
    let mut listener = other.listen();
    let channel = format!("{NAMES}hints");
    for message in ["", "garbage", "\u{0}", "2 00000000000000aa signals", "1 00000000000000aa dance"] {
        run(&mut redis, &["PUBLISH", &channel, message]).await;
        let heard = async { while listener.hear().await != Heard::Gap {} };
        tokio::time::timeout(std::time::Duration::from_secs(20), heard).await.expect("a gap");
    }
    run(&mut redis, &["PUBLISH", &channel, &format!("1 {STRANGER} signals")]).await;
    while listener.hear().await != Heard::Hint(Hint::Signals) {}
    joined(one.bus(), other.bus()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_board_of_garbage_shows_the_presses_that_are_on_it() {
    let server = Server::start().await;
    let one = server.join();
    let mut redis = server.connection().await;
    let newer = press("newer");
    let json = serde_json::to_string(&*newer).expect("JSON");
    let json = json.replace(r#""remarks":[]"#, r#""remarks":["unsaved","smells_of_smoke"],"mood":"grim""#);
    let (board, online) = (format!("{NAMES}unsaved:{STRANGER}"), format!("{NAMES}online:{STRANGER}"));
    for (id, word) in [("a", "garbage"), ("b", "{}"), ("not-its-own", &json), (newer.id.as_str(), &json)] {
        run(&mut redis, &["HSET", &board, id, word]).await;
    }
    run(&mut redis, &["SADD", &online, "walker", "not an id", "\u{0}"]).await;
    for (id, versions) in [(STRANGER, "1 1 1 4"), ("somebody", "1 1 1 0"), ("00000000000000bb", "three")] {
        run(&mut redis, &["SET", &format!("{NAMES}process:{id}"), versions]).await;
        run(&mut redis, &["SADD", &format!("{NAMES}processes"), id]).await;
    }
    until("the handset is online", || one.online() == [handset("walker")]).await;
    until("the press of a newer version", || one.unsaved().len() == 1).await;
    let shown = one.unsaved();
    assert_eq!((&shown[0].id, shown[0].remarks.as_slice()), (&newer.id, [Remark::Unsaved].as_slice()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_of_another_program_are_named_and_left_alone() {
    let server = Server::start().await;
    let mut redis = server.connection().await;
    for key in ["positions", "processes"] {
        let key = format!("{NAMES}{key}");
        run(&mut redis, &["SET", &key, "of another program"]).await;
        let one = server.join();
        one.put_position(&handset("walker"), &fix_now());
        until("it is said", || one.health().away.is_some_and(|why| why.contains("bus.prefix"))).await;
        let left: String = redis::cmd("GET").arg(&key).query_async(&mut redis).await.expect("the key");
        assert_eq!(left, "of another program");
        run(&mut redis, &["DEL", &key]).await;
        until("all is well", || one.health().away.is_none()).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_store_and_another_prefix_are_another_bus() {
    let server = Server::start().await;
    let bus = |prefix: &str, store_id: &str| {
        let (prefix, store_id) = (prefix.to_owned(), store_id.to_owned());
        Process::start(&Settings { url: server.url(), prefix, store_id, timing: QUICK }, now)
    };
    let one = server.join();
    let strangers = [bus("jjl:", "0a0b0c0d0e0f0002"), bus("test:", STORE), bus("", STORE)];
    for stranger in &strangers {
        stranger.put_position(&handset("walker"), &fix_now());
        stranger.put_presence(&handset("walker"), true);
        stranger.put_unsaved(press("presser"));
    }
    let friend = Process::start(&Settings { url: server.url(), ..settings(QUICK) }, now);
    friend.put_presence(&handset("friend"), true);
    until("a friend is seen", || one.is_online(&handset("friend"))).await;
    joined(friend.bus(), one.bus()).await;
    assert_eq!(one.online(), [handset("friend")]);
    assert_eq!((one.unsaved(), one.position(&handset("walker"))), (Vec::new(), None));
}
