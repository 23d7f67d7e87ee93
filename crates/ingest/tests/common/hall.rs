//! A hall that records what it is given and takes as long over it as a test wants.

use std::collections::HashSet;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use ingest::hall::{Down, Hall, LogIn, Message};
use model::HandsetId;
use protocol::{PhoneName, Rights};
use tokio::sync::Notify;

/// A quarantined message: topic, payload, reason.
pub(crate) type Misfit = (String, Bytes, String);

#[derive(Debug, Default)]
pub(crate) struct TestHall {
    arrived: Mutex<Vec<Message>>,
    stored: Mutex<Vec<Message>>,
    misfits: Mutex<Vec<Misfit>>,
    outbox: Mutex<Vec<(String, Down)>>,
    settled: Mutex<Vec<i64>>,
    presence: Mutex<Vec<(String, bool)>>,
    log_ins: AtomicUsize,
    held: AtomicBool,
    let_through: Mutex<HashSet<Bytes>>,
    changed: Notify,
}

impl TestHall {
    /// From now on nothing reaches the disk until it is let through.
    pub(crate) fn hold(&self) {
        self.held.store(true, Ordering::SeqCst);
    }

    pub(crate) fn let_all_through(&self) {
        self.held.store(false, Ordering::SeqCst);
        self.changed.notify_waiters();
    }

    pub(crate) fn let_through(&self, payload: &str) {
        self.let_through.lock().expect("lock").insert(Bytes::copy_from_slice(payload.as_bytes()));
        self.changed.notify_waiters();
    }

    pub(crate) fn put(&self, row: i64, handset: &str, topic: &str, payload: &str) {
        self.put_for(row, handset, topic, payload, None);
    }

    pub(crate) fn put_for(
        &self,
        row: i64,
        handset: &str,
        topic: &str,
        payload: &str,
        expires_in_s: Option<NonZeroU32>,
    ) {
        let payload = Bytes::copy_from_slice(payload.as_bytes());
        let down = Down { row, topic: topic.to_owned(), payload, expires_in_s };
        self.outbox.lock().expect("lock").push((handset.to_owned(), down));
    }

    /// What the hall was given, in order.
    pub(crate) fn arrived(&self) -> Vec<Message> {
        self.arrived.lock().expect("lock").clone()
    }

    pub(crate) fn arrived_payloads(&self) -> Vec<String> {
        self.arrived().iter().map(|message| String::from_utf8_lossy(&message.payload).into_owned()).collect()
    }

    pub(crate) fn stored(&self) -> Vec<Message> {
        self.stored.lock().expect("lock").clone()
    }

    pub(crate) fn misfits(&self) -> Vec<Misfit> {
        self.misfits.lock().expect("lock").clone()
    }

    pub(crate) fn settled(&self) -> Vec<i64> {
        self.settled.lock().expect("lock").clone()
    }

    pub(crate) fn presence_told(&self) -> Vec<(String, bool)> {
        self.presence.lock().expect("lock").clone()
    }

    /// How many log-ins were asked about.
    pub(crate) fn log_ins(&self) -> usize {
        self.log_ins.load(Ordering::SeqCst)
    }

    fn is_held(&self, payload: &Bytes) -> bool {
        self.held.load(Ordering::SeqCst) && !self.let_through.lock().expect("lock").contains(payload)
    }

    async fn pass(&self, payload: &Bytes) {
        loop {
            let changed = self.changed.notified();
            if !self.is_held(payload) {
                return;
            }
            changed.await;
        }
    }
}

fn rights(handset: HandsetId) -> Rights {
    let phone = PhoneName::new("u", "d").expect("a name");
    let phones = if handset.as_str() == "h1" { vec![phone] } else { Vec::new() };
    Rights::new(handset, phones)
}

#[async_trait]
impl Hall for TestHall {
    /// The password is the handset, as in the demo. Handset `h1` has the phone `owntracks/u/d`.
    async fn log_in(&self, username: &str, password: &[u8], _from: IpAddr) -> LogIn {
        self.log_ins.fetch_add(1, Ordering::SeqCst);
        match username {
            "stuck" => std::future::pending().await,
            "unavailable" => LogIn::Unavailable,
            name if name.as_bytes() == password => HandsetId::new(name)
                .map_or(LogIn::Refused, |handset| LogIn::Welcome { rights: rights(handset), as_of: 0 }),
            _ => LogIn::Refused,
        }
    }

    async fn accept(&self, message: Message) {
        assert!(message.payload != "die", "as the test asked");
        self.arrived.lock().expect("lock").push(message.clone());
        self.pass(&message.payload).await;
        self.stored.lock().expect("lock").push(message);
    }

    async fn waiting(&self, handset: &HandsetId, after: i64, limit: usize) -> Vec<Down> {
        let outbox = self.outbox.lock().expect("lock");
        let own = outbox.iter().filter(|(owner, down)| owner == handset.as_str() && down.row > after);
        own.map(|(_, down)| down.clone()).take(limit).collect()
    }

    async fn settle(&self, _handset: &HandsetId, row: i64) {
        self.outbox.lock().expect("lock").retain(|(_, down)| down.row != row);
        self.settled.lock().expect("lock").push(row);
    }

    fn presence(&self, handset: &HandsetId, online: bool) {
        self.presence.lock().expect("lock").push((handset.to_string(), online));
    }

    async fn quarantine(&self, _handset: Option<&HandsetId>, topic: &str, payload: Bytes, reason: String) {
        self.pass(&payload).await;
        self.misfits.lock().expect("lock").push((topic.to_owned(), payload, reason));
    }
}
