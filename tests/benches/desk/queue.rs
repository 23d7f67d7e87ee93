//! Ten thousand open incidents: the queue, a claim, a close, and the deadlines of all of them.

use anyhow::{Context as _, Result, ensure};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::{Value, json};
use std::collections::HashMap;
use tests::{Account, Live, Platform, clock, figures::percentile};
use tokio::time::{Duration, Instant, sleep};

const OPEN: usize = 10_000;
/// Calls entered side by side.
const AT_ONCE: usize = 16;
/// Incidents that are taken and ended while all others wait; so many that twenty lie beyond the slowest hundredth.
const HANDLED: usize = 2_000;
/// Every incident's ladder takes a step within a minute.
const WATCHED: Duration = Duration::from_secs(70);

pub(crate) async fn measure(platform: &Platform) -> Result<Value> {
    let operator = platform.log_in("operator").await?;
    let begun = Instant::now();
    let calls = stream::iter(0..OPEN).map(|number| call(&operator, number));
    calls.buffer_unordered(AT_ONCE).try_collect::<Vec<()>>().await?;
    say!("{OPEN} open incidents in {:.0} s", begun.elapsed().as_secs_f64());

    let (mut queue, mut claim, mut close) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..HANDLED {
        let begun = Instant::now();
        let page = operator.get("/api/incidents?state=open&limit=50").await?.ok()?;
        queue.push(ms(begun));
        let incident = page["items"][0].clone();
        let begun = Instant::now();
        let claimed = operator.claim(&incident).await?.ok()?;
        claim.push(ms(begun));
        let noted = json!({ "text": "", "contact": "witness" });
        let noted = operator.act("note", &claimed, noted).await?.ok()?;
        let begun = Instant::now();
        operator.close_at_once(&noted).await?.ok()?;
        close.push(ms(begun));
    }
    let late_ms = deadlines(&operator).await?;
    let mut figures = json!({});
    for (name, times, goal) in [
        ("queue", &queue, 20.0),
        ("claim", &claim, 20.0),
        ("close", &close, 20.0),
        ("deadlines", &late_ms, 250.0),
    ] {
        let [p50, p99, most] = [500, 990, 1_000].map(|per_mille| percentile(times, per_mille));
        say!(
            "{name:>10} p50 {p50:>7.1} ms  p99 {p99:>7.1} ms  max {most:>7.1} ms   goal p99 <= {goal} ms ({} times)",
            times.len()
        );
        figures[name] = json!({ "p50_ms": p50, "p99_ms": p99, "max_ms": most, "goal_ms": goal });
    }
    Ok(figures)
}

async fn call(operator: &Account, number: usize) -> Result<()> {
    let call = json!({ "kind": "call", "resident": null, "caller": format!("{number}"), "words": "摔倒了" });
    operator.post("/api/incidents", &call).await?.ok().map(drop)
}

fn ms(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1_000.0
}

/// How long after its deadline each step of a ladder came to a screen.
async fn deadlines(operator: &Account) -> Result<Vec<f64>> {
    let screen = Live::open(operator, None).await?;
    let snapshot = screen.snapshot().await?;
    let mut due: HashMap<String, Value> = HashMap::new();
    for incident in snapshot["incidents"].as_array().context("incidents")? {
        due.insert(incident["id"].to_string(), incident["deadline_at"].clone());
    }
    screen.forget();
    let (anchor, wall) = (Instant::now(), clock::now());
    sleep(WATCHED).await;
    let mut late_ms = Vec::new();
    for frame in screen.frames.all().into_iter().filter(|frame| frame.value["type"] == "incident") {
        let incident = &frame.value["incident"];
        let before = due.insert(incident["id"].to_string(), incident["deadline_at"].clone());
        let Some(before) = before.filter(|before| *before != incident["deadline_at"]) else { continue };
        let shown = wall + jiff::SignedDuration::try_from(frame.at.duration_since(anchor))?;
        late_ms.push(shown.duration_since(clock::parse(&before)?).as_secs_f64() * 1_000.0);
    }
    ensure!(late_ms.len() > OPEN / 2, "{} steps of {OPEN} ladders", late_ms.len());
    Ok(late_ms)
}
