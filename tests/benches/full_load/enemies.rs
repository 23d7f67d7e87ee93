//! Others at the doors who mean no good, all at once: silence, slowness, garbage, and handsets that break every rule.
//!
//! Each kind goes on until it is ended and counts what it has done; what it could not do it counts apart. One that did less than its
//! [`Pace`] promises, or failed too often, is a goal missed. Of a kind that the door closes on, the close is what is counted. To add one, give it a line in
//! [`Enemies::let_loose`].

mod doors;
mod frames;
mod handsets;
mod packed;

use crate::stages::connections;
use anyhow::{Context as _, Result, ensure};
use doors::until_closed;
use reqwest::Client;
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
    time::{Instant, sleep},
};

/// So many connections that never say CONNECT are held at any time.
pub(crate) const SILENT_HELD: f64 = 10_000.0;
/// A tenth more, for each is away for a moment after the door gave up on it, until it is opened again. This process and the
/// platform need a file each.
const SILENT: u32 = 11_000;
/// Connections that say it one byte a second, and such that ask over HTTP in the same way.
const SLOW: u32 = 200;
/// Silent and slow ones of each kind at the doors of websocket and TLS, before the handshake and after.
const AT_OTHER_DOORS: u32 = 50;
const KINDS_AT_OTHER_DOORS: u32 = 8;
/// All that may be at the doors beside the silent ones: these, those who press, and one of each other kind.
const OTHERS: u32 = SLOW + KINDS_AT_OTHER_DOORS * AT_OTHER_DOORS + 100;
/// How often it is looked at how many are held.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// Files for everything else.
const OTHER_FILES: u64 = 1_000;

/// How one of a kind goes on: enough deeds to be a burden, and few enough that no kind is all there is.
#[derive(Debug, Clone, Copy)]
struct Pace {
    /// Between two deeds.
    pause: Duration,
    /// One in so long there must have been, on a slow machine as well: a quarter of what the pause alone would let it do, at most.
    at_least_every: Duration,
}

impl Pace {
    const fn of(pause: Duration, at_least_every: Duration) -> Self {
        Self { pause, at_least_every }
    }
}

const OFTEN: Pace = Pace::of(Duration::from_millis(10), Duration::from_millis(40));
const NOW_AND_THEN: Pace = Pace::of(Duration::from_millis(50), Duration::from_millis(200));
/// What takes seconds itself, or is very large.
const SELDOM: Pace = Pace::of(Duration::from_secs(1), Duration::from_mins(1));
/// A press of many megabytes each time.
const RARELY: Pace = Pace::of(Duration::from_secs(5), Duration::from_mins(1));
/// What never comes to an end by itself counts as it goes; only one that was cut off begins again.
const ENDLESS: Pace = Pace::of(Duration::from_secs(1), Duration::from_millis(40));
/// Before a place that was lost is taken again, or a machine without ports would be asked for one without end. The door gives each
/// up well within the minute.
const AGAIN_AFTER: Pace = Pace::of(Duration::from_millis(100), Duration::from_mins(1));

/// What became of one kind.
#[derive(Debug, Default)]
struct Deed {
    /// How many go on with it.
    places: u32,
    /// For each of them; none has what is counted beside another kind.
    at_least_every: Option<Duration>,
    done: u64,
    failed: u64,
    /// The last failure.
    why: String,
}

impl Deed {
    /// How often it was to be done in this time.
    fn least(&self, lasted: Duration) -> f64 {
        let each = self.at_least_every.map_or(0.0, |every| lasted.as_secs_f64() / every.as_secs_f64());
        (each * f64::from(self.places)).floor().max(1.0)
    }
}

/// How often each kind did what it does, and how often it could not.
#[derive(Debug, Default)]
struct Deeds(Mutex<BTreeMap<&'static str, Deed>>);

impl Deeds {
    /// From now on the kind has a count, if only of nothing.
    fn begin(&self, what: &'static str, pace: Pace) {
        self.change(what, |deed| {
            deed.places += 1;
            deed.at_least_every = Some(pace.at_least_every);
        });
    }

    fn add(&self, what: &'static str, count: u64) {
        self.change(what, |deed| deed.done += count);
    }

    fn fail(&self, what: &'static str, why: &anyhow::Error) {
        self.change(what, |deed| {
            deed.failed += 1;
            deed.why = format!("{why:#}");
        });
    }

    fn change(&self, what: &'static str, change: impl FnOnce(&mut Deed)) {
        change(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(what).or_default());
    }

    fn told(&self, lasted: Duration) -> Value {
        let deeds = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let done: BTreeMap<_, _> = deeds.iter().map(|(what, deed)| (*what, deed.done)).collect();
        let least: BTreeMap<_, _> = deeds.iter().map(|(what, deed)| (*what, deed.least(lasted))).collect();
        let failed = deeds.iter().filter(|(_, deed)| deed.failed > 0);
        let failed = failed.map(|(what, deed)| (*what, json!({ "times": deed.failed, "last": deed.why })));
        let failed: BTreeMap<_, _> = failed.collect();
        json!({ "lasted_s": lasted.as_secs_f64(), "deeds": done, "least": least, "failed": failed })
    }
}

pub(crate) struct Enemies {
    begun: Instant,
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
        let mut enemies = Self { begun: Instant::now(), tasks: JoinSet::new(), deeds: Arc::default() };
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
        enemies.go_on(handsets::NONSENSE, ENDLESS, move || handsets::talk_nonsense(mqtt, Arc::clone(&deeds)));
        let deeds = Arc::clone(&enemies.deeds);
        enemies
            .go_on(handsets::BACKWARDS, ENDLESS, move || handsets::run_backwards(mqtt, Arc::clone(&deeds)));
        enemies.take_packets_apart(mqtt, platform.websocket_port()?);
        enemies.post_what_is_packed(&platform.at.http)?;
        Ok(enemies)
    }

    fn post_what_is_packed(&mut self, http: &str) -> Result<()> {
        let client = Client::builder().no_proxy().build()?;
        for (what, path) in [
            ("packed_reports_refused_at_owntracks", "owntracks?u=demo&d=phone"),
            ("packed_reports_refused_at_osmand", "osmand?id=demo-osmand-4f7c2a9e51d803b6"),
        ] {
            let (client, address) = (client.clone(), format!("{http}/{path}"));
            self.go_on(what, NOW_AND_THEN, move || packed::post(client.clone(), address.clone()));
        }
        Ok(())
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
        for taken_in in frames::TAKEN_IN {
            self.deeds.add(taken_in, 0);
        }
        let deeds = Arc::clone(&self.deeds);
        self.go_on("cut_off_within_a_packet", SELDOM, move || frames::cut(mqtt, Arc::clone(&deeds)));
        let deeds = Arc::clone(&self.deeds);
        self.go_on("glued", SELDOM, move || frames::glue(mqtt, Arc::clone(&deeds)));
        let deeds = Arc::clone(&self.deeds);
        self.go_on("glued_in_frames", SELDOM, move || frames::glue_in_frames(websocket, Arc::clone(&deeds)));
    }

    /// One of a kind, again and again; what the door makes of it the door says in its own figures.
    fn go_on<F>(&mut self, what: &'static str, pace: Pace, act: impl Fn() -> F + Send + Sync + 'static)
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        let deeds = Arc::clone(&self.deeds);
        deeds.begin(what, pace);
        // Not all in the same moment.
        let begin_after = Duration::from_micros(200) * u32::try_from(self.tasks.len()).unwrap_or_default();
        self.tasks.spawn(async move {
            sleep(begin_after).await;
            loop {
                match act().await {
                    Ok(()) => deeds.add(what, 1),
                    Err(why) => deeds.fail(what, &why),
                }
                sleep(pace.pause).await;
            }
        });
    }

    /// What they did until now, and what they should have done at least; they are gone then.
    pub(crate) fn end(self) -> Value {
        let lasted = self.begun.elapsed();
        drop(self.tasks);
        let mut told = self.deeds.told(lasted);
        for (what, count) in [("silent", SILENT), ("slow", SLOW), ("at_other_doors", AT_OTHER_DOORS)] {
            told[what] = json!(count);
        }
        told
    }
}

/// Looks again and again at how many silent connections the platform has by its own count, and notes it. Ends only if it cannot be
/// asked.
pub(crate) async fn count_silent(platform: &Platform, held: &mut Vec<f64>) -> anyhow::Error {
    loop {
        match connections(platform).await {
            Ok(all) => held.push(all - f64::from(OTHERS)),
            Err(error) => return error,
        }
        sleep(LOOK_EVERY).await;
    }
}

async fn say_nothing(port: u16) -> Result<()> {
    let mut tcp = TcpStream::connect(("127.0.0.1", port)).await?;
    until_closed(tcp.read_to_end(&mut Vec::new())).await
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
    until_closed(tcp.read_to_end(&mut Vec::new())).await
}
