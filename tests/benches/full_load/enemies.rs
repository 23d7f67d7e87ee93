//! Others at the door who mean no good, all at once: silence, slowness, garbage, nonsense and far too much.

use anyhow::Result;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::{Value, json};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tests::{
    Platform,
    wire::{self, Version, Wire},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
    time::sleep,
};

/// Connections that never say CONNECT, held open and opened again as soon as the door gives up on them.
const SILENT: usize = 5_000;
/// Connections that say it one byte a second.
const SLOW: usize = 200;
/// Garbage of a new connection every so often.
const GARBAGE_EVERY: Duration = Duration::from_millis(10);
/// A handset that speaks nonsense, so many messages before it waits for their acknowledgements.
const NONSENSE: u16 = 64;
/// Fixes of one message, two hundred times what one may hold.
const BATCH: usize = 100_000;

#[derive(Debug, Default)]
struct Deeds {
    connections: AtomicU64,
    garbage: AtomicU64,
    nonsense: AtomicU64,
    batches: AtomicU64,
}

pub(crate) struct Enemies {
    tasks: JoinSet<()>,
    deeds: Arc<Deeds>,
}

impl Enemies {
    pub(crate) fn let_loose(platform: &Platform) -> Result<Self> {
        let files = getrlimit(Resource::Nofile);
        setrlimit(Resource::Nofile, Rlimit { current: files.maximum, maximum: files.maximum })?;
        let mut tasks = JoinSet::new();
        let deeds = Arc::new(Deeds::default());
        let port = platform.mqtt_port()?;
        for nth in 0..SILENT + SLOW {
            let deeds = Arc::clone(&deeds);
            tasks.spawn(async move {
                // Not all in the same moment.
                sleep(Duration::from_micros(200) * u32::try_from(nth).unwrap_or_default()).await;
                loop {
                    // The door closes it, and says so in its figures.
                    wait_there(port, nth >= SILENT).await.unwrap_or_default();
                    deeds.connections.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let (garbage, nonsense, batches) = (Arc::clone(&deeds), Arc::clone(&deeds), Arc::clone(&deeds));
        tasks.spawn(async move {
            loop {
                throw_garbage(port).await.unwrap_or_default();
                garbage.garbage.fetch_add(1, Ordering::Relaxed);
                sleep(GARBAGE_EVERY).await;
            }
        });
        tasks.spawn(async move {
            loop {
                talk_nonsense(port, &nonsense.nonsense).await.unwrap_or_default();
            }
        });
        tasks.spawn(async move {
            loop {
                send_far_too_much(port).await.unwrap_or_default();
                batches.batches.fetch_add(1, Ordering::Relaxed);
                sleep(Duration::from_secs(1)).await;
            }
        });
        Ok(Self { tasks, deeds })
    }

    /// What they did until now; they are gone then.
    pub(crate) fn end(self) -> Value {
        drop(self.tasks);
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        json!({
            "silent": SILENT, "slow": SLOW, "given_up": count(&self.deeds.connections),
            "garbage": count(&self.deeds.garbage), "malformed_messages": count(&self.deeds.nonsense),
            "batches_of_100000": count(&self.deeds.batches),
        })
    }
}

async fn wait_there(port: u16, is_slow: bool) -> Result<()> {
    let mut tcp = TcpStream::connect(("127.0.0.1", port)).await?;
    if is_slow {
        for byte in wire::connect(Version::V3, "slow", "demo-0190", "demo-0190") {
            tcp.write_all(&[byte]).await?;
            sleep(Duration::from_secs(1)).await;
        }
    }
    tcp.read_to_end(&mut Vec::new()).await?;
    Ok(())
}

async fn throw_garbage(port: u16) -> Result<()> {
    let mut tcp = TcpStream::connect(("127.0.0.1", port)).await?;
    tcp.write_all(&[0x10, 0xff, 0xff, 0xff, 0x7f, 0x00, 0x04, b'M', b'Q', 0x00, 0xc0, 0x13]).await?;
    tcp.read_to_end(&mut Vec::new()).await?;
    Ok(())
}

async fn talk_nonsense(port: u16, count: &AtomicU64) -> Result<()> {
    let wire = Wire::connect(port, Version::V3, "demo-0191").await?;
    let (mut reader, mut writer) = wire.tcp.into_split();
    let topics = ["jjl/demo-0191/fix", "jjl/demo-0191/status", "jjl/demo-0191/answer"];
    let mut acknowledged = [0; 4];
    loop {
        for (nth, topic) in (1..=NONSENSE).zip(topics.iter().cycle()) {
            writer.write_all(&wire::publish(Version::V3, topic, 1, nth, br#"{"lat":99,"lon":[[[["#)).await?;
        }
        for _ in 0..NONSENSE {
            reader.read_exact(&mut acknowledged).await?;
            count.fetch_add(1, Ordering::Relaxed);
        }
    }
}

async fn send_far_too_much(port: u16) -> Result<()> {
    let mut wire = Wire::connect(port, Version::V3, "demo-0192").await?;
    let fix = r#"{"seq":1,"fix_time":"2026-11-23T08:15:04Z","lat":33.96,"lon":118.27,"accuracy_m":18,"method":"gps"}"#;
    let batch = format!(r#"{{"boot":"a","fixes":[{}]}}"#, vec![fix; BATCH].join(","));
    wire.send(&wire::publish(Version::V3, "jjl/demo-0192/fix", 1, 1, batch.as_bytes())).await?;
    wire.read().await?;
    Ok(())
}
