//! Redis away, stopped, paused, emptied, started anew.

use crate::server::{NAMES, Process, Server, handset};
use bus::{
    BusHealth, Heard, Hint, Listener,
    conformance::{joined, until},
};
use model::{Fix, Signal, SignalId};
use rustix::process::Signal as Kill;
use std::sync::Arc;

pub(crate) fn fix(second: u32) -> Fix {
    let json = format!(
        r#"{{"fix_time":"2026-11-23T08:00:{second:02}Z","lat":33.9624,"lon":118.2757,"accuracy_m":18,"method":"gps"}}"#
    );
    serde_json::from_str(&json).expect("a position")
}

pub(crate) fn press(name: &str) -> Arc<Signal> {
    let id = SignalId::from_cause("press", &[name]);
    let json = format!(
        r#"{{"id":"{id}","kind":"press","handset":"{name}","at":"2026-11-23T08:00:00Z","received_at":"2026-11-23T08:00:00Z"}}"#
    );
    Arc::new(serde_json::from_str(&json).expect("a press"))
}

/// Everything a process can say of itself.
fn say_all(process: &Process, second: u32) {
    process.put_position(&handset("walker"), &fix(second));
    process.put_presence(&handset("walker"), true);
    process.put_unsaved(press("presser"));
}

/// Waits until another process knows all of it.
async fn knows_all(process: &Process, second: u32) {
    until("the position", || process.position(&handset("walker")) == Some(fix(second))).await;
    until("the presence", || process.is_online(&handset("walker"))).await;
    until("the press", || process.unsaved() == vec![press("presser")]).await;
}

async fn is_well(process: &Process) {
    until("all is well", || process.health() == BusHealth::default()).await;
}

async fn is_away(process: &Process) -> String {
    until("Redis is away", || process.health().away.is_some()).await;
    process.health().away.expect("it is away")
}

async fn hears_a_gap(listener: &mut Listener) {
    let heard = async { while listener.hear().await != Heard::Gap {} };
    tokio::time::timeout(std::time::Duration::from_secs(20), heard).await.expect("a gap");
}

/// The processes, once they know of each other.
async fn two(server: &Server) -> [Process; 2] {
    let processes = [server.join(), server.join()];
    joined(processes[0].bus(), processes[1].bus()).await;
    joined(processes[1].bus(), processes[0].bus()).await;
    processes
}

/// While Redis is away a process is a bus of its own: hints within it, boards as they were.
async fn works_alone(process: &Process) {
    let mut listener = process.listen();
    for hint in [Hint::Signals, Hint::Down(handset("walker")), Hint::Incidents] {
        process.hint(hint.clone());
        while listener.hear().await != Heard::Hint(hint.clone()) {}
    }
    assert!(process.put_position(&handset("walker"), &fix(30)));
    assert!(!process.put_position(&handset("walker"), &fix(29)));
    assert_eq!(process.position(&handset("walker")), Some(fix(30)));
    assert!(process.is_online(&handset("walker")));
    assert_eq!(process.unsaved(), [press("presser")]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_and_started_anew_it_is_filled_again() {
    let mut server = Server::start().await;
    let [one, other] = two(&server).await;
    say_all(&one, 1);
    knows_all(&other, 1).await;
    let mut listeners = [one.listen(), other.listen()];
    server.kill();
    for process in [&one, &other] {
        let why = is_away(process).await;
        assert!(why.contains("redis.sock"), "{why}");
    }
    works_alone(&one).await;
    // What others said last stands as it was.
    assert!(other.is_online(&handset("walker")) && other.unsaved().len() == 1);

    server.launch().await;
    is_well(&one).await;
    is_well(&other).await;
    for listener in &mut listeners {
        hears_a_gap(listener).await;
    }
    knows_all(&other, 30).await;
    let newcomer = server.join();
    knows_all(&newcomer, 30).await;
    joined(one.bus(), other.bus()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn emptied_it_is_filled_again() {
    let server = Server::start().await;
    let [one, other] = two(&server).await;
    say_all(&one, 1);
    knows_all(&other, 1).await;
    let mut listener = other.listen();
    let mut redis = server.connection().await;
    redis::cmd("FLUSHALL").exec_async(&mut redis).await.expect("emptied");
    hears_a_gap(&mut listener).await;
    // The press never left the screens, though Redis had forgotten it.
    while let Ok(heard) = tokio::time::timeout(std::time::Duration::from_millis(500), listener.hear()).await {
        assert_ne!(heard, Heard::Hint(Hint::Unsaved));
    }
    knows_all(&other, 1).await;
    let newcomer = server.join();
    knows_all(&newcomer, 1).await;
    is_well(&one).await;
}

/// What a process says between the moment Redis is emptied and its next beat is not taken for all it has.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn emptied_just_before_a_press_it_hides_none() {
    let server = Server::start().await;
    let [one, other] = two(&server).await;
    let mut redis = server.connection().await;
    one.put_unsaved(press("first"));
    until("the first is seen", || other.unsaved().len() == 1).await;
    for next in ["second", "third", "fourth"] {
        redis::cmd("FLUSHALL").exec_async(&mut redis).await.expect("emptied");
        one.put_unsaved(press(next));
        until("the next one is seen", || {
            let seen = other.unsaved();
            assert!(seen.contains(&press("first")), "the first has left the screens");
            seen.contains(&press(next))
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopped_for_some_seconds_nobody_waits_for_it() {
    let server = Server::start().await;
    let [one, other] = two(&server).await;
    say_all(&one, 1);
    knows_all(&other, 1).await;
    server.signal(Kill::STOP);
    let why = is_away(&one).await;
    assert!(why.contains("does not answer"), "{why}");
    is_away(&other).await;
    works_alone(&one).await;
    one.put_presence(&handset("walker"), false);
    one.put_presence(&handset("newcomer"), true);
    one.drop_unsaved(&press("presser").id);

    server.signal(Kill::CONT);
    is_well(&one).await;
    is_well(&other).await;
    until("the newest position", || other.position(&handset("walker")) == Some(fix(30))).await;
    until("who is online now", || other.online() == [handset("newcomer")]).await;
    until("the press is saved", || other.unsaved().is_empty()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn paused_it_counts_as_away() {
    let server = Server::start().await;
    let [one, other] = two(&server).await;
    say_all(&one, 1);
    let mut redis = server.connection().await;
    redis::cmd("CLIENT").arg("PAUSE").arg(4_000).arg("ALL").exec_async(&mut redis).await.expect("paused");
    is_away(&one).await;
    works_alone(&one).await;
    is_well(&one).await;
    is_well(&other).await;
    knows_all(&other, 30).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_platform_that_starts_without_it_finds_it_later() {
    let mut server = Server::prepare(&["--port", "0"]);
    let [one, other] = [server.join(), server.join()];
    is_away(&one).await;
    say_all(&one, 1);
    works_alone(&one).await;
    server.launch().await;
    is_well(&one).await;
    is_well(&other).await;
    knows_all(&other, 30).await;
}

/// A transaction of a connection that was given up long ago comes through.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_through_too_late_is_put_right() {
    let server = Server::start().await;
    let [one, other] = two(&server).await;
    say_all(&one, 5);
    knows_all(&other, 5).await;
    let mut redis = server.connection().await;
    let boards: Vec<String> =
        redis::cmd("KEYS").arg(format!("{NAMES}online:*")).query_async(&mut redis).await.expect("keys");
    let [board] = boards.as_slice() else { panic!("one process has a handset: {boards:?}") };
    let lives = board.replace("online:", "process:");
    redis::pipe()
        .atomic()
        .cmd("SADD")
        .arg(board)
        .arg("ghost")
        .cmd("SET")
        .arg(&lives)
        .arg("1 1 1")
        .exec_async(&mut redis)
        .await
        .expect("said too late");
    loop {
        let handsets: Vec<String> =
            redis::cmd("SMEMBERS").arg(board).query_async(&mut redis).await.expect("a set");
        if handsets == ["walker"] {
            break;
        }
    }
    until("no ghost is online", || other.online() == [handset("walker")]).await;
}
