//! A screen that does not read slows nobody, is closed, and gets what it missed.

use anyhow::{Context as _, Result, ensure};
use futures_util::StreamExt as _;
use serde_json::Value;
use std::{collections::HashMap, time::Duration};
use tests::{
    Account, Live, PATIENCE, Platform,
    handset::press,
    live::{self, Frame, Socket},
    until,
};
use tokio::{
    net::{TcpSocket, TcpStream},
    time::Instant,
};

/// Presses of one handset; with each the frame of its incident grows, so that no socket holds them all.
const PRESSES: u64 = 500;
/// How long the platform waits for a screen to take a frame, and some.
const CLOSED_WITHIN: Duration = Duration::from_secs(25);

/// A cable that was pulled tells nobody. Whoever is not there must not be taken for somebody at the desk.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_screen_that_answers_no_question_is_let_go_and_one_that_does_stays() -> Result<()> {
    let platform = Platform::start().await?;
    let (_operator, _screen) = platform.operator().await?;
    let silent = platform.log_in("operator2").await?;
    let address = silent.base.trim_start_matches("http://").to_owned();
    let _socket = live::connect(&silent, TcpStream::connect(address).await?, None).await?;
    connections(&platform, 2).await?;
    until("the silent screen is let go", CLOSED_WITHIN, async || {
        Ok((live_connections(&platform).await? == 1).then_some(()))
    })
    .await?;
    tokio::time::sleep(Duration::from_secs(6)).await;
    ensure!(live_connections(&platform).await? == 1, "who answers stays");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_slows_nobody_is_closed_and_resumes_where_it_was() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, screen) = platform.operator().await?;
    let sleeper = platform.log_in("operator2").await?;
    let socket = narrow_socket(&sleeper).await?;
    connections(&platform, 2).await?;

    let handset = platform.handset("demo-0080").await?;
    let started = Instant::now();
    let mut slowest = Duration::ZERO;
    for nth in 1..=PRESSES {
        let id = format!("flood-{nth}");
        let sent = Instant::now();
        handset.publish("press", press(&id, "b", nth).to_string()).await?;
        if nth % 50 == 0 {
            let (_, seen) = screen.press(&id).await?;
            slowest = slowest.max(seen.duration_since(sent));
        }
    }
    eprintln!("{PRESSES} presses in {:?}; the other screen had them within {slowest:?}", started.elapsed());
    ensure!(slowest < Duration::from_secs(5), "{slowest:?}");
    until("the sleeping screen is let go", CLOSED_WITHIN, async || {
        Ok((live_connections(&platform).await? == 1).then_some(()))
    })
    .await?;

    platform.handset("demo-0083").await?.press("meanwhile", "b", 1).await?;

    // It wakes up, reads what still stood in its socket, and comes back with the last cursor it saw.
    let woken = Live::read(socket);
    let end = woken.frames.find("the end", PATIENCE, |frame| frame.value["type"] == "closed").await?;
    eprintln!("the sleeping screen was closed with {}", end.value["code"]);
    let resumed = Live::open(&sleeper, Some(&woken.cursor()?)).await?;
    resumed.press("meanwhile").await?;
    missed_frames_came_once(&operator, &woken, &resumed).await
}

#[tokio::test]
async fn a_screen_that_vanishes_leaves_nothing_behind() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let mut screens = Vec::new();
    for _ in 0..20 {
        screens.push(Live::open(&operator, None).await?);
    }
    connections(&platform, 20).await?;
    screens.into_iter().for_each(Live::vanish);
    connections(&platform, 0).await
}

#[tokio::test]
async fn a_cursor_of_nowhere_gets_a_snapshot_and_a_known_one_only_what_is_new() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, screen) = platform.operator().await?;
    let handset = platform.handset("demo-0081").await?;
    handset.press("known", "b", 1).await?;
    screen.press("known").await?;
    let cursor = screen.cursor()?;
    screen.vanish();
    platform.handset("demo-0082").await?.press("missed", "b", 1).await?;

    let resumed = Live::open(&operator, Some(&cursor)).await?;
    resumed.press("missed").await?;
    ensure!(
        resumed.frames.count(|frame| frame.value["type"] == "snapshot") == 0,
        "{:?}",
        resumed.frames.all()
    );
    ensure!(!resumed.incidents().iter().any(|incident| live::shows(incident, "known")), "told again");
    for nowhere in ["", "x", "0000-ffffffffff", "0123456789abcdef-1"] {
        let lost = Live::open(&operator, Some(&nowhere.into())).await?;
        let snapshot = lost.snapshot().await?;
        ensure!(snapshot["incidents"].as_array().is_some_and(|all| all.len() == 2), "{snapshot}");
    }
    Ok(())
}

/// A socket that takes little, with its snapshot read.
async fn narrow_socket(account: &Account) -> Result<Socket> {
    let tcp = TcpSocket::new_v4()?;
    tcp.set_recv_buffer_size(4096)?;
    let address = account.base.trim_start_matches("http://").parse()?;
    let tcp: TcpStream = tcp.connect(address).await?;
    let mut socket = live::connect(account, tcp, None).await?;
    socket.next().await.context("no snapshot")??;
    Ok(socket)
}

async fn live_connections(platform: &Platform) -> Result<u32> {
    let text = reqwest::get(format!("{}/metrics", platform.at.http)).await?.text().await?;
    let line = text.lines().find_map(|line| line.strip_prefix("jujiale_live_connections "));
    Ok(line.context("no such gauge")?.parse()?)
}

async fn connections(platform: &Platform, count: u32) -> Result<()> {
    until(&format!("{count} live connections"), PATIENCE, async || {
        Ok((live_connections(platform).await? == count).then_some(()))
    })
    .await
}

/// Before and after together: no version older than one shown before, and in the end the newest.
async fn missed_frames_came_once(operator: &Account, woken: &Live, resumed: &Live) -> Result<()> {
    let is_snapshot = |frame: &Frame| frame.value["type"] == "snapshot";
    ensure!(resumed.frames.count(is_snapshot) == 0, "a snapshot instead of what was missed");
    let open = operator.incidents("open").await?;
    for incident in &open {
        let is_newest =
            |shown: &Value| shown["id"] == incident["id"] && shown["version"] == incident["version"];
        if !woken.incidents().iter().any(is_newest) {
            resumed.next_incident("the newest version", PATIENCE, is_newest).await?;
        }
    }
    let mut versions: HashMap<String, u64> = HashMap::new();
    for shown in woken.incidents().iter().chain(&resumed.incidents()) {
        let version = shown["version"].as_u64().unwrap_or_default();
        let before = versions.insert(shown["id"].to_string(), version).unwrap_or_default();
        ensure!(before <= version, "{} came at version {version} after {before}", shown["id"]);
    }
    eprintln!("{} frames before, {} after", woken.incidents().len(), resumed.incidents().len());
    Ok(())
}
