//! Machines whose clocks differ.

use crate::server::{QUICK, Server, handset, now};
use bus::conformance::until;
use model::{Fix, SignedDuration, Timestamp};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn in_an_hour() -> Timestamp {
    now() + HOUR
}

fn an_hour_ago() -> Timestamp {
    now() - HOUR
}

fn fix(fix_time: Timestamp) -> Fix {
    let json =
        r#"{"fix_time":"2026-11-23T08:00:00Z","lat":33.9624,"lon":118.2757,"accuracy_m":18,"method":"gps"}"#;
    Fix { fix_time, ..serde_json::from_str(json).expect("a position") }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_differs_from_the_servers_is_said() {
    let server = Server::start().await;
    let good = server.join();
    for (clock, sign) in [(in_an_hour as fn() -> Timestamp, 1), (an_hour_ago, -1)] {
        let bad = server.join_with(QUICK, clock);
        until("it is said", || bad.health().clock_off.is_some()).await;
        let off = bad.health().clock_off.expect("how far");
        assert!((off - HOUR * sign).abs() < SignedDuration::from_mins(1), "{off}");
        assert_eq!(bad.health().away, None);
    }
    until("the other is heard", || good.health().away.is_none()).await;
    assert_eq!(good.health().clock_off, None);
}

/// What a machine from the future puts is not believed here, and what is put here replaces it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_position_from_the_future_hides_nothing() {
    let server = Server::start().await;
    let ahead = server.join_with(QUICK, in_an_hour);
    let [one, other] = [server.join(), server.join()];
    let (walker, marker) = (handset("walker"), handset("marker"));
    let (future, present) = (fix(in_an_hour()), fix(now()));
    ahead.put_position(&walker, &future);
    ahead.put_position(&marker, &present);
    assert_eq!(other.position(&walker), None);
    until("what the other says is heard", || other.position(&marker).is_some()).await;
    assert_eq!(other.position(&walker), None);
    assert!(one.put_position(&walker, &present));
    until("the present is seen", || other.position(&walker) == Some(present.clone())).await;
    assert_eq!(ahead.position(&walker), Some(future), "over there the clock is believed");
}
