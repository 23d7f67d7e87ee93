//! Others at the doors who mean no good, all at once: silence, slowness, garbage, and handsets that break every rule.
//!
//! Each kind goes on until it is ended and counts what it has done. To add one, give it a line in [`Enemies::let_loose`].

mod doors;
mod frames;
mod handsets;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tests::{
    Authority, Platform, tools,
    wire::{self, Version},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
    time::sleep,
};

/// Connections that never say CONNECT, held open and opened again as soon as the door gives up on them. This process and the
/// platform need a file each.
const SILENT: u32 = 10_000;
/// Connections that say it one byte a second, and such that ask over HTTP in the same way.
const SLOW: u32 = 200;
/// Silent and slow ones of each kind at the doors of websocket and TLS, before the handshake and after.
const AT_OTHER_DOORS: u32 = 50;
const KINDS_AT_OTHER_DOORS: u32 = 8;
/// What the door takes in from them like from anybody else; if there is none of it, they were not among the presses.
pub(crate) const TAKEN_IN: [&str; 5] = [
    "malformed_messages",
    "fixes_of_a_clock_that_runs_backwards",
    "packets_in_pieces",
    "packets_glued",
    "websocket_packets_glued_and_cut",
];
/// Files for everything else.
const OTHER_FILES: u64 = 1_000;
/// Between two deeds of one kind: enough of them to be a burden, and few enough that no kind is all there is.
const OFTEN: Duration = Duration::from_millis(10);
const NOW_AND_THEN: Duration = Duration::from_millis(50);
const SELDOM: Duration = Duration::from_secs(1);
/// A press of many megabytes each time.
const RARELY: Duration = Duration::from_secs(5);
/// Before a place that was lost is taken again, or a machine without ports would be asked for one without end.
const AGAIN_AFTER: Duration = Duration::from_millis(100);

/// How often each kind did what it does.
#[derive(Debug, Default)]
struct Deeds(Mutex<BTreeMap<&'static str, u64>>);

impl Deeds {
    fn add(&self, what: &'static str, count: u64) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(what).or_default() += count;
    }
}

pub(crate) struct Enemies {
    tasks: JoinSet<()>,
    deeds: Arc<Deeds>,
}

impl Enemies {
    pub(crate) fn let_loose(platform: &Platform, authority: &Arc<Authority>) -> Result<Self> {
        let connections = SILENT + 2 * SLOW + KINDS_AT_OTHER_DOORS * AT_OTHER_DOORS;
        let (files, needed) = (tools::open_files()?, u64::from(connections) + OTHER_FILES);
        ensure!(files >= needed, "{needed} open files are needed, {files} may be: ulimit -Hn");
        let mqtt = platform.mqtt_port()?;
        let (_, http) = platform.at.http.rsplit_once(':').context("an address")?;
        let http: u16 = http.parse()?;
        let mut enemies = Self { tasks: JoinSet::new(), deeds: Arc::default() };
        for _ in 0..SILENT {
            enemies.go_on("silent_given_up", AGAIN_AFTER, move || say_nothing(mqtt));
        }
        for _ in 0..SLOW {
            enemies.go_on("slow_given_up", AGAIN_AFTER, move || dribble(mqtt, slow_connect()));
            enemies.go_on("slow_requests_given_up", AGAIN_AFTER, move || dribble(http, slow_request()));
        }
        enemies.at_other_doors(platform.websocket_port()?, platform.tls_port()?, authority);
        enemies.go_on("garbage", OFTEN, move || throw_garbage(mqtt));
        enemies.go_on("wills_on_anothers_topic", NOW_AND_THEN, move || handsets::leave_a_will(mqtt));
        enemies.go_on("topics_with_nul_or_wildcards", NOW_AND_THEN, move || handsets::misname(mqtt));
        enemies.go_on("batches_of_100000", SELDOM, move || handsets::send_far_too_much(mqtt));
        enemies.go_on("oversized_presses", RARELY, move || handsets::press_far_too_much(mqtt));
        let deeds = Arc::clone(&enemies.deeds);
        enemies.go_on("nonsense_cut_off", SELDOM, move || handsets::talk_nonsense(mqtt, Arc::clone(&deeds)));
        let deeds = Arc::clone(&enemies.deeds);
        enemies.go_on("clock_cut_off", SELDOM, move || handsets::run_backwards(mqtt, Arc::clone(&deeds)));
        enemies.take_packets_apart(mqtt, platform.websocket_port()?);
        Ok(enemies)
    }

    fn at_other_doors(&mut self, websocket: u16, tls: u16, authority: &Arc<Authority>) {
        for _ in 0..AT_OTHER_DOORS {
            self.go_on("websocket_silent_given_up", AGAIN_AFTER, move || say_nothing(websocket));
            self.go_on("websocket_slow_upgrade_given_up", AGAIN_AFTER, move || {
                dribble(websocket, doors::slow_upgrade())
            });
            self.go_on("websocket_silent_frames_given_up", AGAIN_AFTER, move || {
                doors::say_nothing_in_frames(websocket)
            });
            self.go_on("websocket_slow_frames_given_up", AGAIN_AFTER, move || {
                doors::dribble_frames(websocket)
            });
            self.go_on("tls_silent_given_up", AGAIN_AFTER, move || say_nothing(tls));
            self.go_on("tls_slow_hello_given_up", AGAIN_AFTER, move || dribble(tls, doors::slow_hello()));
            let by = Arc::clone(authority);
            self.go_on("tls_silent_after_it_given_up", AGAIN_AFTER, move || {
                doors::say_nothing_encrypted(Arc::clone(&by), tls)
            });
            let by = Arc::clone(authority);
            self.go_on("tls_slow_after_it_given_up", AGAIN_AFTER, move || {
                doors::dribble_encrypted(Arc::clone(&by), tls)
            });
        }
    }

    fn take_packets_apart(&mut self, mqtt: u16, websocket: u16) {
        let deeds = Arc::clone(&self.deeds);
        self.go_on("cut_off_within_a_packet", NOW_AND_THEN, move || frames::cut(mqtt, Arc::clone(&deeds)));
        let deeds = Arc::clone(&self.deeds);
        self.go_on("glued", SELDOM, move || frames::glue(mqtt, Arc::clone(&deeds)));
        let deeds = Arc::clone(&self.deeds);
        self.go_on("glued_in_frames", SELDOM, move || frames::glue_in_frames(websocket, Arc::clone(&deeds)));
    }

    /// One of a kind, again and again; what the door makes of it the door says in its own figures.
    fn go_on<F>(&mut self, what: &'static str, pause: Duration, act: impl Fn() -> F + Send + Sync + 'static)
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        let deeds = Arc::clone(&self.deeds);
        // Not all in the same moment.
        let begin_after = Duration::from_micros(200) * u32::try_from(self.tasks.len()).unwrap_or_default();
        self.tasks.spawn(async move {
            sleep(begin_after).await;
            loop {
                act().await.unwrap_or_default();
                deeds.add(what, 1);
                sleep(pause).await;
            }
        });
    }

    /// What they did until now; they are gone then.
    pub(crate) fn end(self) -> Value {
        drop(self.tasks);
        let deeds = self.deeds.0.lock().unwrap_or_else(PoisonError::into_inner);
        json!({ "silent": SILENT, "slow": SLOW, "at_other_doors": AT_OTHER_DOORS, "deeds": *deeds })
    }
}

async fn say_nothing(port: u16) -> Result<()> {
    let mut tcp = TcpStream::connect(("127.0.0.1", port)).await?;
    tcp.read_to_end(&mut Vec::new()).await?;
    Ok(())
}

fn slow_connect() -> Vec<u8> {
    wire::connect(Version::V3, "slow", "demo-0190", "demo-0190")
}

/// A telephone's SOS whose head never comes to its end.
fn slow_request() -> Vec<u8> {
    format!("POST /osmand?id={}", "x".repeat(100)).into_bytes()
}

/// A byte a second.
async fn dribble(port: u16, bytes: Vec<u8>) -> Result<()> {
    doors::dribble_over(TcpStream::connect(("127.0.0.1", port)).await?, bytes).await
}

async fn throw_garbage(port: u16) -> Result<()> {
    let mut tcp = TcpStream::connect(("127.0.0.1", port)).await?;
    tcp.write_all(&[0x10, 0xff, 0xff, 0xff, 0x7f, 0x00, 0x04, b'M', b'Q', 0x00, 0xc0, 0x13]).await?;
    tcp.read_to_end(&mut Vec::new()).await?;
    Ok(())
}
