//! The dead-man's switch: a monitor is called while presses come through, and not while they do not.

use crate::database_locked::Lock;
use anyhow::{Context as _, Result, ensure};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tests::{Live, PATIENCE, Platform, Setup, until};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
    task::JoinSet,
    time::{Instant, sleep},
};

/// Somebody who counts how often they are called.
struct Monitor {
    url: String,
    calls: Arc<AtomicUsize>,
    is_broken: Arc<AtomicBool>,
    _listening: JoinSet<()>,
}

impl Monitor {
    async fn open() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/ping/7c2a", listener.local_addr()?);
        let (calls, is_broken): (Arc<AtomicUsize>, Arc<AtomicBool>) = Default::default();
        let (count, broken) = (Arc::clone(&calls), Arc::clone(&is_broken));
        let mut listening = JoinSet::new();
        listening.spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                let mut read = [0; 4096];
                let length = socket.read(&mut read).await.unwrap_or_default();
                if read[..length].starts_with(b"GET /ping/7c2a HTTP/1.1\r\n") {
                    count.fetch_add(1, Ordering::SeqCst);
                }
                let status = if broken.load(Ordering::SeqCst) { "503 Busy" } else { "200 OK" };
                let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                drop(socket.write_all(answer.as_bytes()).await);
            }
        });
        Ok(Self { url, calls, is_broken, _listening: listening })
    }

    fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    async fn is_called_again(&self, what: &str) -> Result<()> {
        let before = self.calls();
        until(what, PATIENCE * 2, async || Ok((self.calls() > before).then_some(()))).await
    }

    fn setup(&self) -> Setup {
        let env =
            [("JJL_MONITOR__HEARTBEAT_URL", self.url.as_str()), ("JJL_MONITOR__HEARTBEAT_EVERY_S", "1")];
        Setup { env: env.map(|(key, value)| (key.to_owned(), value.to_owned())).into(), ..Setup::default() }
    }
}

#[tokio::test]
async fn a_monitor_is_called_while_presses_come_through_and_not_while_they_do_not() -> Result<()> {
    let monitor = Monitor::open().await?;
    let mut platform = Platform::start_with(monitor.setup()).await?;
    let (operator, screen) = platform.operator().await?;
    until("it is called every second", PATIENCE * 2, async || Ok((monitor.calls() >= 4).then_some(())))
        .await?;
    ensure!(!platform.has_problem("chain_broken").await?, "{}", platform.health().await?);

    let lock = Lock::take(&platform.database()?)?;
    until("health says so", PATIENCE * 2, async || {
        Ok(platform.has_problem("chain_broken").await?.then_some(()))
    })
    .await?;
    // Longer than an unsaved press takes to a screen, and than several turns.
    let (before, began) = (monitor.calls(), Instant::now());
    while began.elapsed() < Duration::from_secs(5) {
        ensure!(monitor.calls() == before, "called although nothing comes to the disk");
        sleep(Duration::from_millis(100)).await;
    }
    lock.release()?;
    monitor.is_called_again("it is called again").await?;
    until("health is well again", PATIENCE, async || {
        Ok((!platform.has_problem("chain_broken").await?).then_some(()))
    })
    .await?;

    monitor.is_broken.store(true, Ordering::SeqCst);
    until("health says that the monitor does not listen", PATIENCE, async || {
        Ok(platform.has_problem("monitor_unreached").await?.then_some(()))
    })
    .await?;
    let health = platform.health().await?.to_string();
    ensure!(health.contains("503") && !health.contains("7c2a"), "the address is a secret: {health}");
    monitor.is_broken.store(false, Ordering::SeqCst);
    until("and that it does", PATIENCE, async || {
        Ok((!platform.has_problem("monitor_unreached").await?).then_some(()))
    })
    .await?;

    nobody_else_hears_of_it(&platform, &operator, &screen).await?;
    ensure!(platform.stop().await?.success());
    platform.is_whole().await?;
    platform.restart().await?;
    monitor.is_called_again("it is called after a restart").await
}

/// Of two processes on one store one presses: the other waits its turn, and neither takes the other's secret for a broken chain.
#[tokio::test]
async fn while_another_process_presses_this_one_stands_by() -> Result<()> {
    let monitor = Monitor::open().await?;
    let platform = Platform::start_with(monitor.setup()).await?;
    monitor.is_called_again("it is called").await?;
    let run = |statement: &str| -> Result<()> {
        tests::tools::need("sqlite3", "sqlite3")?;
        let command = std::process::Command::new("sqlite3")
            .args(["-cmd", ".timeout 10000"])
            .arg(platform.database()?)
            .arg(statement)
            .output()?;
        ensure!(command.status.success(), "{command:?}");
        Ok(())
    };
    // Another takes over, with a secret of its own.
    run(
        "UPDATE leases SET holder = 'another', epoch = epoch + 1, until_us = 9000000000000000 WHERE name = 'probe'",
    )?;
    run("UPDATE handsets SET secret_hash = 'another', quick_tag = NULL WHERE handset_id = 'platform-probe'")?;
    sleep(Duration::from_secs(5)).await;
    let before = monitor.calls();
    sleep(Duration::from_secs(6)).await;
    ensure!(monitor.calls() == before, "it goes on pressing");
    ensure!(!platform.has_problem("chain_broken").await?, "{}", platform.health().await?);
    run("UPDATE leases SET until_us = 0 WHERE name = 'probe'")?;
    monitor.is_called_again("it is its turn again").await?;
    ensure!(!platform.has_problem("chain_broken").await?, "{}", platform.health().await?);
    Ok(())
}

/// Neither screens nor lists nor figures know of the platform's own presses.
async fn nobody_else_hears_of_it(
    platform: &Platform,
    operator: &tests::Account,
    screen: &Live,
) -> Result<()> {
    let is_about_it = |frame: &tests::live::Frame| frame.value.to_string().contains("platform-probe");
    ensure!(screen.frames.count(is_about_it) == 0, "a screen heard of it");
    ensure!(screen.incidents().is_empty(), "{:?}", screen.incidents());
    let snapshot = Live::open(operator, None).await?.snapshot().await?;
    ensure!(snapshot["incidents"].as_array().is_some_and(Vec::is_empty), "{snapshot}");
    ensure!(operator.incidents("all").await?.is_empty());
    let (supervisor, admin) = (platform.log_in("supervisor").await?, platform.log_in("admin").await?);
    let report = supervisor.get("/api/reports/response?by=kind").await?.ok()?;
    ensure!(report["groups"].as_array().is_some_and(Vec::is_empty), "{report}");
    ensure!(operator.list("/api/drills/windows?").await?.is_empty());
    let due = operator.get("/api/drills/due").await?.ok()?.to_string();
    ensure!(!due.contains("platform-probe"), "{due}");
    ensure!(admin.list("/api/handsets?q=platform").await?.is_empty());
    let refused = admin.post("/api/handsets/platform-probe/claim", &serde_json::json!({})).await?;
    ensure!(refused.is_problem(422), "{refused:?}");
    tests::tools::need("sqlite3", "sqlite3")?;
    let kept = std::process::Command::new("sqlite3")
        .arg(platform.database()?)
        .arg("SELECT (SELECT COUNT(*) FROM incidents), (SELECT COUNT(*) FROM presses), (SELECT COUNT(*) FROM signals)")
        .output()?;
    let kept = String::from_utf8(kept.stdout)?;
    let counts: Vec<u32> =
        kept.trim().split('|').map(str::parse).collect::<Result<_, _>>().context(kept.clone())?;
    ensure!(counts.iter().all(|count| (1..=3).contains(count)), "only the newest are kept: {kept}");
    Ok(())
}
