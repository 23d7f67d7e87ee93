//! What a connection costs that says nothing. A process of its own, so that nothing else is counted.

#[expect(dead_code, unused_imports, reason = "shared with the tests of the door, which use all of it")]
mod common;

use common::{BOTH, Client, Door, Hello};

/// Resident memory of this process, in bytes.
fn resident_bytes() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").expect("Linux");
    statm.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).expect("a page count") * 4096
}

/// Both ends live in this process, so the figure is an upper bound for ours.
#[tokio::test]
async fn an_idle_connection_costs_at_most_16_kibibytes() {
    const CONNECTIONS: usize = 400;
    let door = Door::open().await;
    let mut clients: Vec<Client> = Vec::with_capacity(CONNECTIONS);
    let before = resident_bytes();
    for number in 0..CONNECTIONS {
        let handset = format!("h{number}");
        let mut client = door.client_with(BOTH[number % 2], Hello::new(&handset, "c")).await;
        client.ping().await;
        clients.push(client);
    }
    let each = resident_bytes().saturating_sub(before) / CONNECTIONS;
    println!("{each} bytes for each idle connection, both ends");
    assert_eq!(door.sessions.count(), CONNECTIONS);
    assert!(each <= 16 * 1024, "{each} bytes");
}
