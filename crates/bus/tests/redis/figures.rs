//! What positions cost Redis: `cargo nextest run -p bus --run-ignored all figures --no-capture`.

use crate::server::{Server, handset, now};
use bus::{Timing, conformance::until};
use model::{Fix, SignedDuration, Timestamp};
use redis::aio::MultiplexedConnection;
use std::time::Duration;

fn fix(fix_time: Timestamp) -> Fix {
    let json =
        r#"{"fix_time":"2026-11-23T08:00:00Z","lat":33.9624,"lon":118.2757,"accuracy_m":18,"method":"gps"}"#;
    Fix { fix_time, ..serde_json::from_str(json).expect("a position") }
}

/// A number of Redis's own figures.
async fn figure(redis: &mut MultiplexedConnection, section: &str, name: &str) -> f64 {
    let text: String = redis::cmd("INFO").arg(section).query_async(redis).await.expect("figures");
    let number = text.split([',', '\n', '\r']).find_map(|part| part.split_once(name));
    number.map_or(0.0, |(_, number)| number.trim().parse().expect("a number"))
}

/// Only the newest of each handset is sent.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_positions_is_few_words_to_redis() {
    const HANDSETS: usize = 20;
    const EACH: i64 = 1_000;
    let server = Server::start().await;
    let [one, other] = [server.join(), server.join()];
    let start = now() - SignedDuration::from_hours(1);
    let walkers: Vec<_> = (0..HANDSETS).map(|number| handset(&format!("h-{number}"))).collect();
    let at = |step: i64| fix(start + SignedDuration::from_millis(step));
    for step in 0..EACH {
        for walker in &walkers {
            assert!(one.put_position(walker, &at(step)));
        }
    }
    let last = at(EACH - 1);
    until("the last", || walkers.iter().all(|walker| other.position(walker) == Some(last.clone()))).await;
    let mut redis = server.connection().await;
    let written = figure(&mut redis, "commandstats", "cmdstat_hset:calls=").await;
    eprintln!("{} positions put, {written} written", HANDSETS * 1_000);
    assert!(written <= 10_000.0, "{written} written");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures; asserts nothing"]
async fn figures_of_twenty_thousand_fixes_a_second() {
    const SECONDS: i64 = 5;
    for handsets in [1_000_u32, 5_000, 20_000, 100_000] {
        let server = Server::start().await;
        let one = server.join_with(Timing::default(), now);
        let walkers: Vec<_> = (0..handsets).map(|number| handset(&format!("h-{number:06}"))).collect();
        until("it is there", || one.health().away.is_none()).await;
        let mut redis = server.connection().await;
        let mut cpu = -figure(&mut redis, "cpu", "used_cpu_user:").await
            - figure(&mut redis, "cpu", "used_cpu_sys:").await;
        let mut tick = tokio::time::interval(Duration::from_millis(10));
        let mut walker = walkers.iter().cycle();
        let start = now() - SignedDuration::from_hours(1);
        for step in 0..SECONDS * 100 {
            tick.tick().await;
            for _ in 0..200 {
                let fix = fix(start + SignedDuration::from_millis(step));
                one.put_position(walker.next().expect("endless"), &fix);
            }
        }
        cpu += figure(&mut redis, "cpu", "used_cpu_user:").await
            + figure(&mut redis, "cpu", "used_cpu_sys:").await;
        let written = figure(&mut redis, "commandstats", "cmdstat_hset:calls=").await;
        let share = cpu * 100.0 / 5.0;
        eprintln!("{handsets} handsets: {written} of 100000 written, {share:.1} % of one core of Redis");
    }
}
