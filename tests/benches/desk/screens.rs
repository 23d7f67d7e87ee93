//! A thousand operators and five thousand relatives have a screen up when somebody presses: how far apart the first and the last
//! hear of it, and whether those on duty hear first.

use anyhow::{Context as _, Result, ensure};
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tests::{Account, Goals, Platform, figures::percentile, live};
use tokio::{
    net::TcpStream,
    sync::mpsc,
    task::JoinSet,
    time::{Duration, Instant, sleep, timeout},
};

const OPERATORS: usize = 1_000;
const RELATIVES: usize = 5_000;
const PRESSES: usize = 10;
const GOAL_MS: f64 = 60.0;
/// The relative of the demo has a grant for whoever carries this.
const HANDSET: &str = "demo-0001";

/// A frame that shows a press came to a screen.
struct Shown {
    is_on_duty: bool,
    press: usize,
    at: Instant,
}

pub(crate) async fn measure(platform: &Platform, goals: &mut Goals) -> Result<Value> {
    let (operator, relative) = (platform.log_in("operator").await?, platform.log_in("relative").await?);
    let (tell, mut told) = mpsc::channel(OPERATORS + RELATIVES);
    let mut screens = JoinSet::new();
    // The family first: whoever came first must not be told first for that.
    for (account, count, is_on_duty) in [(&relative, RELATIVES, false), (&operator, OPERATORS, true)] {
        for _ in 0..count {
            let socket = open(account).await?;
            screens.spawn(watch(socket, is_on_duty, tell.clone()));
        }
    }
    say!("{OPERATORS} operators and {RELATIVES} relatives have a screen up");
    sleep(Duration::from_secs(2)).await;
    let handset = platform.handset(HANDSET).await?;
    let (mut spread, mut family, mut overtaken) = (Vec::new(), Vec::new(), 0usize);
    for press in 0..PRESSES {
        handset.press(&format!("press-{press}-"), "b", u64::try_from(press)? + 1).await?;
        let (mut desk, mut others) = (Vec::new(), Vec::new());
        while desk.len() < OPERATORS || others.len() < RELATIVES {
            let shown: Shown =
                timeout(Duration::from_secs(30), told.recv()).await?.context("screens are up")?;
            if shown.press == press {
                if shown.is_on_duty { desk.push(shown.at) } else { others.push(shown.at) }
            }
        }
        let first = *desk.iter().min().context("a first")?;
        let last = *desk.iter().max().context("a last")?;
        spread.push(last.duration_since(first).as_secs_f64() * 1_000.0);
        family.push(others.iter().max().context("a last")?.duration_since(first).as_secs_f64() * 1_000.0);
        overtaken += others.iter().filter(|at| **at < last).count();
        sleep(Duration::from_secs(1)).await;
    }
    let [p50, most] = [500, 1_000].map(|per_mille| percentile(&spread, per_mille));
    let last_relative = percentile(&family, 1_000);
    let goal =
        goals.at_most("a press, from the first operator's screen to the last one's", most, GOAL_MS, "ms");
    say!("last operator after the first p50 {p50:.1} ms, max {most:.1} ms   {goal}");
    let what = "relatives before the last operator";
    let goal = goals.at_most(what, f64::from(u32::try_from(overtaken)?), 0.0, "");
    say!("last relative after the first operator, max {last_relative:.1} ms; {overtaken} {what}   {goal}");
    ensure!(!spread.is_empty());
    Ok(
        json!({ "operators": OPERATORS, "relatives": RELATIVES, "last_operator_p50_ms": p50, "last_operator_max_ms": most,
        "last_relative_max_ms": last_relative, "relatives_before_the_last_operator": overtaken, "goal_ms": GOAL_MS }),
    )
}

async fn open(account: &Account) -> Result<live::Socket> {
    let tcp = TcpStream::connect(account.base.trim_start_matches("http://")).await?;
    live::connect(account, tcp, None).await
}

/// Looks for the presses in what comes, and tells when each was there first.
async fn watch(mut socket: live::Socket, is_on_duty: bool, tell: mpsc::Sender<Shown>) {
    let mut next = 0;
    while let Some(Ok(message)) = socket.next().await {
        let at = Instant::now();
        let text = message.into_text().unwrap_or_default();
        // Presses of one resident join: the newest shows which it is.
        let is_it = text.contains("\"type\":\"incident\"") && is_shown(&text, next, is_on_duty);
        if is_it {
            if tell.send(Shown { is_on_duty, press: next, at }).await.is_err() {
                return;
            }
            next += 1;
        }
    }
}

/// The family is shown no press id, but each press is a signal more.
fn is_shown(text: &str, press: usize, is_on_duty: bool) -> bool {
    if is_on_duty {
        text.contains(&format!("press-{press}-"))
    } else {
        text.matches("\"kind\":\"press\"").count() > press
    }
}
