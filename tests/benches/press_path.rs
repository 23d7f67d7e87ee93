//! From the button to the operator's screen, through the whole chain and onto the disk, near idle.
//!
//! Three things are measured in turn, press by press, so that what else the machine does meets all of them
//! alike: the press (a handset's publish → the operator's websocket frame, and → the handset's receipt), a bare
//! append of 4 KiB with fdatasync on the same disk, and a publish through Mosquitto to a subscriber with no disk
//! at all. Both limits go before other programs by as much as the platform does. The table gives medians over the rounds; `bench-results/press_path.json` has every round. A goal that is missed is said
//! at the end, and is exit code 1.

use anyhow::{Context as _, Result};
use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS};
use serde_json::{Value, json};
use std::{io::Write as _, process::ExitCode, time::Duration};
use tests::{
    Goals, Handset, Live, Mosquitto, Platform, Setup, clock,
    figures::{self, Disk, ms, percentile},
    press,
};
use tokio::{sync::mpsc, task::JoinSet, time::Instant};

const ROUNDS: usize = 5;
const PRESSES: usize = 200;
const HANDSETS: usize = 200;
/// Between two presses: the platform is at rest again.
const PAUSE: Duration = Duration::from_millis(20);

/// Times in milliseconds, one a press.
#[derive(Default)]
struct Round {
    frame: Vec<f64>,
    receipt: Vec<f64>,
    fdatasync: Vec<f64>,
    mosquitto: Vec<f64>,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let platform = Platform::start_with(Setup::as_a_service()).await?;
    let broker = Broker::start().await?;
    let mut results = Vec::new();
    let handsets = connect(&platform).await?;
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

async fn run(round: usize, platform: &Platform, handsets: &[Handset], broker: &Broker) -> Result<Round> {
    let (_, live) = platform.operator().await?;
    let disk = Disk::beside(platform)?;
    let mut result = Round::default();
    for (number, handset) in handsets.iter().cycle().take(PRESSES).enumerate() {
        let press_id = format!("bench-{round}-{number}");
        let begun = Instant::now();
        handset.send("press", serde_json::to_vec(&press(&press_id, "bench", number as u64))?);
        let seen = frame(&live, &press_id).await?;
        let receipt = handset.receipt(&press_id, 1).await?.at;
        result.frame.push(ms(seen - begun));
        result.receipt.push(ms(receipt - begun));
        result.fdatasync.push(disk.append().await?);
        result.mosquitto.push(broker.round_trip().await?);
        tokio::time::sleep(PAUSE).await;
    }
    Ok(result)
}

async fn frame(live: &Live, press_id: &str) -> Result<Instant> {
    Ok(live.press(press_id).await?.1)
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
        let (client, mut events) = AsyncClient::new(options, 10);
        let (tell, heard) = mpsc::channel(10);
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

    async fn round_trip(&self) -> Result<f64> {
        let begun = Instant::now();
        self.client.publish("bench", QoS::AtLeastOnce, false, vec![0x5a; 160]).await?;
        Ok(ms(self.hear().await? - begun))
    }
}

fn median_over(rounds: &[Round], pick: fn(&Round) -> &Vec<f64>, per_mille: usize) -> f64 {
    let each: Vec<f64> = rounds.iter().map(|round| percentile(pick(round), per_mille)).collect();
    percentile(&each, 500)
}

/// What it is called, its goals in milliseconds, and where it stands in a round.
type Row = (&'static str, &'static [(&'static str, usize, f64)], fn(&Round) -> &Vec<f64>);

const ROWS: [Row; 4] = [
    ("press -> operator's frame, durable", &[("p50", 500, 2.0), ("p99", 990, 10.0)], |round| &round.frame),
    ("press -> handset's receipt, durable", &[], |round| &round.receipt),
    ("limit: bare 4 KiB append + fdatasync", &[], |round| &round.fdatasync),
    ("limit: publish -> subscriber, Mosquitto, no disk", &[], |round| &round.mosquitto),
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
