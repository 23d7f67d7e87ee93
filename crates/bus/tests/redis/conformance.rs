//! The contract of every bus.

use crate::server::{Process, QUICK, Server, now, settings};
use bus::{Bus, Settings};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_bus_on_redis_holds_the_contract() {
    let server = Server::start().await;
    let stores = AtomicU64::new(0);
    bus::conformance::holds(|| {
        let store_id = format!("{:016x}", stores.fetch_add(1, Ordering::Relaxed));
        let settings = Settings { url: server.url(), store_id, ..settings(QUICK) };
        [(); 2].map(|()| Arc::clone(Process::start(&settings, now).bus()) as Arc<dyn Bus>)
    })
    .await;
}
