//! From the button to the operator's screen, through the whole chain and onto the disk, near idle.
//!
//! Three things are measured in the same seconds, each by a timetable of its own and counted from it, so that what else the machine
//! does meets all of them alike and nothing waits unseen behind something slow: the press (a handset's publish → the operator's websocket frame, and → the handset's receipt), a bare
//! append of 4 KiB with fdatasync on the same disk, and a publish through Mosquitto to a subscriber with no disk
//! at all. Both limits go before other programs by as much as the platform does. The table gives medians over the rounds; `bench-results/press_path.json` has every round. A goal that is missed is said
//! at the end, and is exit code 1.

use anyhow::{Context as _, Result};
use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};
use serde_json::{Value, json};
use std::{io::Write as _, process::ExitCode, sync::Arc, time::Duration};
use tests::{
    Goals, Handset, Mosquitto, Platform, Setup, Timetable, clock,
    figures::{self, Disk, ms, percentile},
    handset::{nth_press, press_by},
};
use tokio::{
    sync::mpsc,
    task::{JoinSet, spawn_blocking},
    time::Instant,
    try_join,
};

const ROUNDS: usize = 5;
const PRESSES: u32 = 200;
/// Each presses once a round.
const HANDSETS: u32 = PRESSES;
/// From a press to the next: the platform is at rest again.
const EVERY: Duration = Duration::from_millis(25);
/// Behind each press an append, and behind that a publish through Mosquitto, a third of the time later each.
const APART: Duration = Duration::from_millis(8);
/// Published at Mosquitto; about as long as a press.
const PAYLOAD: [u8; 160] = [0x5a; 160];

/// Times in milliseconds, one a press.
#[derive(Default)]
struct Round {
    frame: Vec<f64>,
    receipt: Vec<f64>,
    fdatasync: Vec<f64>,
    mosquitto: Vec<f64>,
    /// By how much this process was late with a press; part of the first two.
    behind: Vec<f64>,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let platform = Platform::start_with(Setup::as_a_service()).await?;
    let broker = Broker::start().await?;
    let mut results = Vec::new();
    let handsets = Arc::new(connect(&platform).await?);
    for round in 0..ROUNDS {
        eprintln!("round {} of {ROUNDS}", round + 1);
        results.push(run(round, &platform, &handsets, &broker).await?);
    }
    report(&results)
}

async fn connect(platform: &Platform) -> Result<Vec<Handset>> {
    let mut handsets = Vec::new();
    for number in 1..=HANDSETS {
        handsets.push(platform.handset(&format!("demo-{number:04}")).await?);
    }
    Ok(handsets)
}

async fn run(
    round: usize,
    platform: &Platform,
    handsets: &Arc<Vec<Handset>>,
    broker: &Broker,
) -> Result<Round> {
    let (_, live) = platform.operator().await?;
    let (disk, boot) = (Disk::beside(platform)?, format!("bench-{round}"));
    let presses = Timetable::new(Instant::now() + EVERY, EVERY, PRESSES);
    let (appends, publishes) = (presses.shifted(APART), presses.shifted(2 * APART));
    let (behind, fdatasync, mosquitto) =
        try_join!(press_by(presses, handsets, &boot), disk.keep(appends), broker.round_trips(publishes))?;
    let press_ids: Vec<String> = (0..PRESSES).map(|nth| nth_press(&boot, nth)).collect();
    let shown = live.presses(&press_ids).await?;
    let mut receipt = Vec::new();
    for ((press_id, handset), moment) in press_ids.iter().zip(handsets.iter()).zip(presses.moments()) {
        receipt.push(ms(handset.receipt(press_id, 1).await?.at - moment));
    }
    let frame = shown.into_iter().zip(presses.moments()).map(|(at, moment)| ms(at - moment)).collect();
    Ok(Round { frame, receipt, fdatasync, mosquitto, behind })
}

/// Mosquitto with one client that publishes to itself.
struct Broker {
    client: AsyncClient,
    heard: tokio::sync::Mutex<mpsc::Receiver<Instant>>,
    _polling: JoinSet<()>,
    _mosquitto: Mosquitto,
}

impl Broker {
    async fn start() -> Result<Self> {
        let mosquitto = Mosquitto::start().await?;
        let mut options = MqttOptions::new("bench", "127.0.0.1", mosquitto.port);
        options.set_keep_alive(Duration::from_secs(30));
        // Room for a whole round: whoever is behind keeps nobody from publishing.
        let room = usize::try_from(PRESSES)?;
        let (client, mut events) = AsyncClient::new(options, room);
        let (tell, heard) = mpsc::channel(room);
        let mut polling = JoinSet::new();
        polling.spawn(async move {
            loop {
                match events.poll().await {
                    Ok(Event::Incoming(Packet::Publish(_) | Packet::SubAck(_))) => {
                        if tell.send(Instant::now()).await.is_err() {
                            return;
                        }
                    }
                    Ok(_) => {}
                    Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
                }
            }
        });
        client.subscribe("bench", QoS::AtLeastOnce).await?;
        let broker = Self { client, heard: heard.into(), _polling: polling, _mosquitto: mosquitto };
        broker.hear().await?;
        Ok(broker)
    }

    async fn hear(&self) -> Result<Instant> {
        let mut heard = self.heard.lock().await;
        tokio::time::timeout(clock::PATIENCE, heard.recv()).await?.context("mosquitto is gone")
    }

    /// How long after its moment each comes back. Over one connection they come in the order in which they were sent.
    async fn round_trips(&self, table: Timetable) -> Result<Vec<f64>> {
        let client = self.client.clone();
        let publishing = spawn_blocking(move || {
            table.keep(|_| Ok(client.try_publish("bench", QoS::AtLeastOnce, false, PAYLOAD)?))
        });
        let mut round_trips = Vec::new();
        for moment in table.moments() {
            round_trips.push(ms(self.hear().await? - moment));
        }
        publishing.await??;
        Ok(round_trips)
    }
}

fn median_over(rounds: &[Round], pick: fn(&Round) -> &Vec<f64>, per_mille: usize) -> f64 {
    let each: Vec<f64> = rounds.iter().map(|round| percentile(pick(round), per_mille)).collect();
    percentile(&each, 500)
}

/// What it is called, its goals in milliseconds, and where it stands in a round.
type Row = (&'static str, &'static [(&'static str, usize, f64)], fn(&Round) -> &Vec<f64>);

const ROWS: [Row; 5] = [
    ("press -> operator's frame, durable", &[("p50", 500, 2.0), ("p99", 990, 10.0)], |round| &round.frame),
    ("press -> handset's receipt, durable", &[], |round| &round.receipt),
    ("limit: bare 4 KiB append + fdatasync", &[], |round| &round.fdatasync),
    ("limit: publish -> subscriber, Mosquitto, no disk", &[], |round| &round.mosquitto),
    ("of it the bench was late with the press by", &[], |round| &round.behind),
];

fn report(rounds: &[Round]) -> Result<ExitCode> {
    let mut goals = Goals::default();
    let mut out = std::io::stdout().lock();
    writeln!(out, "\nmedians of {ROUNDS} rounds of {PRESSES} presses, in ms")?;
    writeln!(out, "{:<52}{:>8}{:>8}{:>8}   goal", "", "p50", "p90", "p99")?;
    let mut json = Vec::new();
    for (name, wanted, pick) in ROWS {
        let [p50, p90, p99] = [500, 900, 990].map(|per_mille| median_over(rounds, pick, per_mille));
        let each = wanted.iter().map(|(which, per_mille, goal)| {
            let measured = median_over(rounds, pick, *per_mille);
            format!("{which} {}", goals.at_most(&format!("{name}, {which}"), measured, *goal, "ms"))
        });
        let verdicts = each.collect::<Vec<_>>().join(", ");
        writeln!(out, "{name:<52}{p50:>8.3}{p90:>8.3}{p99:>8.3}   {verdicts}")?;
        let each: Vec<Value> = rounds
            .iter()
            .map(|round| json!({"p50": percentile(pick(round), 500), "p99": percentile(pick(round), 990)}))
            .collect();
        json.push(json!({"name": name, "p50_ms": p50, "p90_ms": p90, "p99_ms": p99, "rounds": each}));
    }
    figures::keep("press_path", &json)?;
    goals.conclude(&mut out)
}
