//! Passwords and database numbers.

use crate::server::{NAMES, Process, QUICK, Server, handset, now, settings};
use bus::{BusHealth, OnRedis, Settings, conformance::until};

const PASSWORD: &str = "geheim-und-l@ng";
/// The same as it stands in an address.
const QUOTED: &str = "geheim-und-l%40ng";

fn at(url: String) -> Process {
    Process::start(&Settings { url, ..settings(QUICK) }, now)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_password_and_the_number_in_the_address_are_used() {
    let (_server, port) = Server::with_password(PASSWORD).await;
    let url = format!("redis://:{QUOTED}@127.0.0.1:{port}/3");
    let one = at(url.clone());
    one.put_presence(&handset("walker"), true);
    until("all is well", || one.health() == BusHealth::default()).await;
    let client = redis::Client::open(url).expect("an address");
    let mut third = client.get_multiplexed_async_connection().await.expect("a connection");
    loop {
        let keys: Vec<String> =
            redis::cmd("KEYS").arg(format!("{NAMES}online:*")).query_async(&mut third).await.expect("keys");
        if keys.len() == 1 {
            break;
        }
    }
    redis::cmd("SELECT").arg(0).exec_async(&mut third).await.expect("another number");
    let elsewhere: Vec<String> = redis::cmd("KEYS").arg("*").query_async(&mut third).await.expect("keys");
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_in_that_fails_is_said_in_words_without_the_password() {
    let (_server, port) = Server::with_password(PASSWORD).await;
    for (who, number, word) in [
        (":wrong-geheim@".to_owned(), 0, "refuses the password"),
        (format!("nobody:{QUOTED}@"), 0, "refuses the password"),
        (String::new(), 0, "wants a password"),
        (format!(":{QUOTED}@"), 9_999, "DB index"),
    ] {
        let url = format!("redis://{who}127.0.0.1:{port}/{number}");
        let process = at(url.clone());
        until("it is said", || process.health().away.is_some_and(|why| why.contains(word))).await;
        let why = process.health().away.expect("why");
        assert!(why.contains(&format!("redis://127.0.0.1:{port}/{number}")), "{why}");
        let bus = OnRedis::open(&Settings { url, ..settings(QUICK) }, now).expect("a bus");
        let said = format!("{why} {bus:?} {:?}", settings(QUICK));
        assert!(!said.contains("geheim"), "{said}");
    }
}
