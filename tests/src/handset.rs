//! A handset that behaves: it reconnects, subscribes to its own topics and keeps what it is told.

use crate::{PATIENCE, Timetable, clock, log::Log};
use anyhow::{Context as _, Result, ensure};
use rumqttc::{AsyncClient, Event, EventLoop, MqttOptions, Packet, QoS};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tokio::{
    sync::watch,
    task::{JoinSet, spawn_blocking},
    time::{Instant, sleep, timeout},
};

/// The largest packet it sends or takes: some tests press with ten megabytes.
const PACKET_BYTES_MAX: usize = 32 << 20;
/// How soon it dials again.
const REDIAL_AFTER: Duration = Duration::from_millis(50);

/// A message to the handset and when it came.
#[derive(Debug, Clone)]
pub struct Down {
    /// When.
    pub at: Instant,
    /// `receipt`, `progress` or `command`.
    pub kind: String,
    /// What.
    pub payload: Value,
}

/// Connected as long as it lives.
#[derive(Debug)]
pub struct Handset {
    /// Its name.
    pub id: String,
    /// All it was told.
    pub down: Log<Down>,
    client: AsyncClient,
    acknowledged: watch::Receiver<u64>,
    _polling: JoinSet<()>,
}

/// A press made now, without a position.
pub fn press(press_id: &str, boot: &str, seq: u64) -> Value {
    json!({ "press_id": press_id, "boot": boot, "seq": seq, "pressed_at": clock::now().to_string(), "fix": null })
}

/// A position taken now.
pub fn fix(boot: &str, seq: u64) -> Value {
    json!({
        "boot": boot, "seq": seq, "fix_time": clock::now().to_string(), "lat": 33.9624, "lon": 118.2757,
        "accuracy_m": 18, "method": "gps", "battery_pct": 71,
    })
}

/// The id of a press by a timetable.
pub fn nth_press(boot: &str, nth: u32) -> String {
    format!("{boot} {nth}")
}

/// Handsets press by a timetable, one after the other and again from the first, whatever became of the presses before. How long
/// after its moment each was on its way, in milliseconds: that is late by whoever measures, and by nobody else.
pub async fn press_by(table: Timetable, handsets: &Arc<Vec<Handset>>, boot: &str) -> Result<Vec<f64>> {
    let (handsets, boot) = (Arc::clone(handsets), boot.to_owned());
    // The runtime's own clock is as coarse as a press is quick.
    let pressing = spawn_blocking(move || {
        let mut whose = handsets.iter().cycle();
        table.keep(|nth| {
            let handset = whose.next().context("nobody presses")?;
            let press = press(&nth_press(&boot, nth), &boot, nth.into());
            ensure!(handset.send("press", press.to_string()), "{} has no room for a press", handset.id);
            Ok(())
        })
    });
    pressing.await?
}

impl Handset {
    /// Connects with its own name as password and waits until it listens.
    pub async fn connect(port: u16, id: &str) -> Result<Self> {
        let mut options = MqttOptions::new(format!("{id}-test"), "127.0.0.1", port);
        options
            .set_credentials(id, id)
            .set_keep_alive(Duration::from_secs(30))
            .set_max_packet_size(PACKET_BYTES_MAX, PACKET_BYTES_MAX);
        let (client, events) = AsyncClient::new(options, 256);
        let (acknowledged, acks) = watch::channel(0);
        let (listening, mut ready) = watch::channel(false);
        let down = Log::default();
        let ears = Ears { down: down.clone(), acknowledged, listening };
        let mut polling = JoinSet::new();
        polling.spawn(ears.poll(events, client.clone(), format!("jjl/{id}/down/#")));
        timeout(PATIENCE, ready.wait_for(|is_ready| *is_ready))
            .await
            .with_context(|| format!("{id} could not connect"))??;
        Ok(Self { id: id.to_owned(), down, client, acknowledged: acks, _polling: polling })
    }

    fn topic(&self, kind: &str) -> String {
        format!("jjl/{}/{kind}", self.id)
    }

    /// Sends and waits for the acknowledgement; one at a time.
    pub async fn publish(&self, kind: &str, payload: impl Into<Vec<u8>>) -> Result<()> {
        let mut acks = self.acknowledged.clone();
        let before = *acks.borrow();
        self.client.publish(self.topic(kind), QoS::AtLeastOnce, false, payload).await?;
        timeout(PATIENCE, acks.wait_for(|count| *count > before)).await.context("no PUBACK")??;
        Ok(())
    }

    /// Sends and does not wait; false if the way out is full.
    pub fn send(&self, kind: &str, payload: impl Into<Vec<u8>>) -> bool {
        self.client.try_publish(self.topic(kind), QoS::AtLeastOnce, false, payload).is_ok()
    }

    /// How many of its messages were acknowledged.
    pub fn acknowledged(&self) -> u64 {
        *self.acknowledged.borrow()
    }

    /// Presses, and waits until that is receipted.
    pub async fn press(&self, press_id: &str, boot: &str, seq: u64) -> Result<Down> {
        self.publish("press", press(press_id, boot, seq).to_string()).await?;
        self.receipt(press_id, 1).await
    }

    /// The n-th receipt of a press, come already or still to come.
    pub async fn receipt(&self, press_id: &str, nth: usize) -> Result<Down> {
        let what = format!("receipt {nth} of {press_id}");
        self.down.find_nth(nth, &what, PATIENCE, |down| down.is_receipt(press_id)).await
    }

    /// How many receipts of a press came so far.
    pub fn receipts(&self, press_id: &str) -> usize {
        self.down.count(|down| down.is_receipt(press_id))
    }

    /// A stage the handset was told of.
    pub async fn stage(&self, stage: &str) -> Result<Down> {
        let is_it = |down: &Down| down.kind == "progress" && down.payload["stage"] == stage;
        self.down.find(&format!("the stage {stage}"), PATIENCE, is_it).await
    }
}

impl Down {
    /// Whether it says that this press is on disk.
    pub fn is_receipt(&self, press_id: &str) -> bool {
        self.kind == "receipt" && self.payload["press_id"] == press_id
    }
}

struct Ears {
    down: Log<Down>,
    acknowledged: watch::Sender<u64>,
    listening: watch::Sender<bool>,
}

impl Ears {
    async fn poll(self, mut events: EventLoop, client: AsyncClient, topics: String) {
        loop {
            match events.poll().await {
                Ok(Event::Incoming(packet)) => self.hear(packet, &client, &topics),
                Ok(Event::Outgoing(_)) => {}
                Err(_) => sleep(REDIAL_AFTER).await,
            }
        }
    }

    /// Anew at every connection, for the sessions are clean ones.
    fn subscribe(&self, client: &AsyncClient, topics: &str) {
        self.listening.send_replace(false);
        if client.try_subscribe(topics, QoS::AtLeastOnce).is_err() {
            eprintln!("{topics}: no room to subscribe");
        }
    }

    fn hear(&self, packet: Packet, client: &AsyncClient, topics: &str) {
        match packet {
            Packet::ConnAck(_) => self.subscribe(client, topics),
            Packet::SubAck(_) => {
                self.listening.send_replace(true);
            }
            Packet::PubAck(_) | Packet::PubComp(_) => self.acknowledged.send_modify(|count| *count += 1),
            Packet::Publish(publish) => self.down.push(Down {
                at: Instant::now(),
                kind: publish.topic.rsplit('/').next().unwrap_or_default().to_owned(),
                payload: serde_json::from_slice(&publish.payload).unwrap_or(Value::Null),
            }),
            _ => {}
        }
    }
}
