//! Never fewer than ten thousand open incidents, each of somebody on record who has pressed, and some with a task of a station: the
//! queue, a claim, a close, and the deadlines of all of them. Those that are closed meanwhile are open beyond the ten thousand.

use crate::people;
use anyhow::{Context as _, Result, ensure};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use std::collections::HashMap;
use tests::{Account, Goals, Live, Platform, clock, figures::percentile};
use tokio::time::{Duration, Instant, sleep};

/// Open from the first sample to the last.
const OPEN: usize = 10_000;
/// Presses side by side.
const AT_ONCE: usize = 16;
/// Incidents that are taken and ended while all others wait; so many that twenty lie beyond the slowest hundredth.
const HANDLED: usize = 2_000;
const PRESSED: usize = OPEN + HANDLED;
/// With a task, asked of this station: the newest ones, which stand on the queue's first page, and every sixteenth of those that
/// are left when all others of the newest have been handled.
const STATION: &str = "s-xingfu";
const NEWEST_WITH_A_TASK: usize = 10;
const ONE_WITH_A_TASK_IN: usize = 16;
/// For the slowest hundredth.
const ANSWER_MS: f64 = 20.0;
const DEADLINE_MS: f64 = 250.0;
/// Every incident's ladder takes a step within a minute.
const WATCHED: Duration = Duration::from_secs(70);
/// What fell due so shortly before the end may have had no time to be seen.
const MARGIN: SignedDuration = SignedDuration::from_millis(250);

pub(crate) async fn measure(platform: &mut Platform, goals: &mut Goals) -> Result<Value> {
    platform.stop().await?;
    people::settle(&platform.data(), PRESSED).await?;
    platform.restart().await?;
    let operator = platform.log_in("operator").await?;
    let (begun, port) = (Instant::now(), platform.mqtt_port()?);
    let presses = stream::iter(0..PRESSED).map(|number| people::press_once(port, number));
    presses.buffer_unordered(AT_ONCE).try_collect::<Vec<()>>().await?;
    say!("{PRESSED} open incidents in {:.0} s", begun.elapsed().as_secs_f64());
    let with_a_task = ask_a_station(&platform.log_in("operator2").await?).await?;
    say!("{with_a_task} of them with a task");

    let (mut queue, mut claim, mut close) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..HANDLED {
        let begun = Instant::now();
        let page = operator.get("/api/incidents?state=open&limit=50").await?.ok()?;
        queue.push(ms(begun));
        let first =
            page["items"].as_array().and_then(|items| items.iter().find(|item| item["holder"].is_null()));
        let incident = first.context("nobody waits on the first page")?.clone();
        let begun = Instant::now();
        let claimed = take(&operator, &incident).await?;
        claim.push(ms(begun));
        let noted = json!({ "text": "", "contact": "resident" });
        let noted = operator.act("note", &claimed, noted).await?.ok()?;
        let begun = Instant::now();
        operator.close_at_once(&noted).await?.ok()?;
        close.push(ms(begun));
    }
    let (late_ms, stood_still) = deadlines(&operator).await?;
    say!("{stood_still} ladders stood still, and count as {} s late", WATCHED.as_secs());
    let mut figures = json!({});
    for (name, times, goal) in [
        ("queue", &queue, ANSWER_MS),
        ("claim", &claim, ANSWER_MS),
        ("close", &close, ANSWER_MS),
        ("deadlines", &late_ms, DEADLINE_MS),
    ] {
        let [p50, p99, most] = [500, 990, 1_000].map(|per_mille| percentile(times, per_mille));
        let verdict = goals.at_most(&format!("{name}, p99"), p99, goal, "ms");
        say!(
            "{name:>10} p50 {p50:>7.1} ms  p99 {p99:>7.1} ms  max {most:>7.1} ms   p99: {verdict} ({} times)",
            times.len()
        );
        figures[name] = json!({ "p50_ms": p50, "p99_ms": p99, "max_ms": most, "goal_ms": goal });
    }
    figures["with_a_task"] = with_a_task.into();
    figures["stood_still"] = stood_still.into();
    Ok(figures)
}

/// A step of its ladder may come in between; then it is taken as it is by now, as the console does.
async fn take(desk: &Account, incident: &Value) -> Result<Value> {
    let mut claimed = desk.claim(incident).await?;
    if claimed.status == 409 && claimed.body["holder"].is_null() {
        let moved = json!({ "id": incident["id"], "version": claimed.body["version"] });
        claimed = desk.claim(&moved).await?;
    }
    claimed.ok()
}

/// Somebody else at the desk holds some of them and has sent for a station.
async fn ask_a_station(desk: &Account) -> Result<usize> {
    let open = desk.incidents("open").await?;
    ensure!(open.len() >= PRESSED, "{} incidents of {PRESSED} who pressed", open.len());
    let unlike =
        open.iter().filter(|incident| incident["resident"].is_null() || incident["handset"].is_null());
    ensure!(unlike.count() == 0, "incidents without a resident or a handset");
    let newest = open.iter().take(NEWEST_WITH_A_TASK);
    let others = open.iter().skip(NEWEST_WITH_A_TASK + HANDLED).step_by(ONE_WITH_A_TASK_IN);
    let mut asked = 0;
    for incident in newest.chain(others) {
        let claimed = take(desk, incident).await?;
        let sent =
            desk.act("dispatch", &claimed, json!({ "stations": [STATION], "note": "" })).await?.ok()?;
        ensure!(sent["tasks"].as_array().is_some_and(|tasks| !tasks.is_empty()), "no task: {sent}");
        asked += 1;
    }
    Ok(asked)
}

fn ms(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1_000.0
}

/// An incident as the screen knows it.
struct Shown {
    deadline_at: Value,
    is_held: bool,
}

impl Shown {
    fn of(incident: &Value) -> Self {
        Self { deadline_at: incident["deadline_at"].clone(), is_held: !incident["holder"].is_null() }
    }

    /// Whether its ladder had to take a step before this moment, and did not.
    fn stands_still(&self, before: Timestamp) -> Result<bool> {
        let waits = !self.is_held && self.deadline_at.is_string();
        Ok(waits && clock::parse(&self.deadline_at)? < before)
    }
}

/// How long after its deadline each step of a ladder came to a screen, and how many never came: they count as late as it was
/// watched.
async fn deadlines(operator: &Account) -> Result<(Vec<f64>, usize)> {
    let (anchor, wall) = (Instant::now(), clock::now());
    let at = |moment: Instant| anyhow::Ok(wall + SignedDuration::try_from(moment.duration_since(anchor))?);
    let screen = Live::open(operator, None).await?;
    let snapshot = screen.snapshot().await?;
    let mut shown: HashMap<String, Shown> = HashMap::new();
    for incident in snapshot["incidents"].as_array().context("incidents")? {
        shown.insert(incident["id"].to_string(), Shown::of(incident));
    }
    ensure!(shown.len() >= OPEN, "{} open incidents of {OPEN}", shown.len());
    sleep(WATCHED).await;
    let (frames, until) = (screen.frames.all(), at(Instant::now())?);
    let mut late_ms = Vec::new();
    for frame in frames.into_iter().filter(|frame| frame.value["type"] == "incident") {
        let incident = &frame.value["incident"];
        let before = shown.insert(incident["id"].to_string(), Shown::of(incident));
        // Where nothing was due nothing can be late.
        let is_a_step =
            |before: &Shown| before.deadline_at.is_string() && before.deadline_at != incident["deadline_at"];
        let Some(before) = before.filter(is_a_step) else { continue };
        late_ms
            .push(at(frame.at)?.duration_since(clock::parse(&before.deadline_at)?).as_secs_f64() * 1_000.0);
    }
    ensure!(late_ms.len() > OPEN / 2, "{} steps of {OPEN} ladders", late_ms.len());
    let mut stood_still = 0;
    for last in shown.values() {
        stood_still += usize::from(last.stands_still(until - MARGIN)?);
    }
    late_ms.extend(std::iter::repeat_n(WATCHED.as_secs_f64() * 1_000.0, stood_still));
    Ok((late_ms, stood_still))
}
