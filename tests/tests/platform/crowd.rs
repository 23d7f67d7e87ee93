//! Ten thousand connections that say nothing, and handsets that have to press among them; and whoever asks without a pause.

use anyhow::{Context as _, Result, ensure};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use reqwest::Method;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::time::Duration;
use tests::{Account, Answer, PATIENCE, Platform, Setup, handset};
use tokio::{io::AsyncReadExt as _, net::TcpStream, time::timeout};

const CROWD: usize = 10_000;
/// Fewer places than there are in the crowd.
const PLACES: usize = 6_000;
/// The door gives up on a silent one after ten seconds.
const GIVEN_UP_WITHIN: Duration = Duration::from_secs(40);

/// Lets this process hold so many connections. Where it may not, the test fails: nobody would see that it says nothing.
fn make_room_for(files: u64) -> Result<()> {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    setrlimit(Resource::Nofile, raised).context("the limit of open files")?;
    let most = limit.maximum;
    ensure!(
        most.is_none_or(|most| most >= files),
        "this needs {files} open files, and {most:?} may be (ulimit -Hn {files} as root, or LimitNOFILE of a service)"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_silent_connections_keep_no_press_out() -> Result<()> {
    make_room_for(11_000)?;
    let env = vec![("JJL_MQTT__MAX_CONNECTIONS".to_owned(), PLACES.to_string())];
    let platform = Platform::start_with(Setup { env, ..Setup::default() }).await?;
    let (_, screen) = platform.operator().await?;
    let steady = platform.handset("demo-0110").await?;
    let address = platform.at.mqtt.clone();
    let mut crowd = Vec::with_capacity(CROWD);
    for nth in 0..CROWD {
        crowd.push(TcpStream::connect(&address).await.with_context(|| format!("connection {nth}"))?);
        if nth % 1000 == 999 {
            let nth = nth as u64;
            steady.press(&format!("steady-{nth}"), "b", nth).await?;
            // A handset that was not there before gets in as well.
            let newcomer = platform.handset(&format!("demo-{:04}", 120 + nth / 1000)).await?;
            newcomer.press(&format!("newcomer-{nth}"), "b", nth).await?;
            screen.press(&format!("newcomer-{nth}")).await?;
        }
    }
    for mut tcp in crowd {
        let mut rest = Vec::new();
        let ended = timeout(GIVEN_UP_WITHIN, tcp.read_to_end(&mut rest)).await;
        ended.context("a silent connection is still there")?.unwrap_or(0);
    }
    let metrics = reqwest::get(format!("{}/metrics", platform.at.http)).await?.text().await?;
    for why in ["gave_way", "handshake_timeout"] {
        ensure!(
            metrics.contains(&format!(r#"jujiale_mqtt_refused_total{{why="{why}"}}"#)),
            "{why}: {metrics}"
        );
    }
    steady.publish("press", handset::press("at-the-end", "b", 1).to_string()).await?;
    timeout(PATIENCE, steady.receipt("at-the-end", 1)).await??;
    Ok(())
}

/// More silent connections than the HTTP port has places, and somebody who wants to log in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silent_connections_keep_no_browser_out() -> Result<()> {
    const SILENT: usize = 4_500;
    make_room_for(5_500)?;
    let platform = Platform::start().await?;
    let (operator, screen) = platform.operator().await?;
    let address = platform.at.http.trim_start_matches("http://").to_owned();
    let mut crowd = Vec::with_capacity(SILENT);
    for nth in 0..SILENT {
        crowd.push(TcpStream::connect(&address).await.with_context(|| format!("connection {nth}"))?);
    }
    timeout(PATIENCE, platform.log_in("supervisor")).await.context("a new browser")??;
    ensure!(timeout(PATIENCE, operator.get("/api/me")).await??.status == 200);
    platform.handset("demo-0131").await?.press("among them", "b", 1).await?;
    screen.press("among them").await?;
    let metrics = reqwest::get(format!("{}/metrics", platform.at.http)).await?.text().await?;
    ensure!(metrics.contains(r#"jujiale_http_refused_total{why="gave_way"}"#), "{metrics}");
    Ok(())
}

async fn ask_from(account: &Account, address: &str) -> Result<Answer> {
    Answer::of(account.request(Method::GET, "/api/codes").header("x-forwarded-for", address)).await
}

/// From beyond a proxy, since this machine is not counted.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_without_a_pause_is_told_when_to_come_again() -> Result<()> {
    const THERE: &str = "198.51.100.7";
    let env = vec![("JJL_HTTP__TRUSTED_PROXIES".to_owned(), "[127.0.0.1]".to_owned())];
    let platform = Platform::start_with(Setup { env, ..Setup::default() }).await?;
    let (hasty, other) = (platform.log_in("operator").await?, platform.log_in("operator2").await?);
    let asked = stream::iter(0..800).map(|_| ask_from(&hasty, THERE));
    let answers: Vec<Answer> = asked.buffer_unordered(16).try_collect().await?;
    let answered = answers.iter().filter(|answer| answer.status == 200).count();
    ensure!(answered >= 200, "{answered}");
    let refused = answers.iter().find(|answer| answer.status != 200).context("nobody is held up")?;
    ensure!(refused.is_problem(429) && refused.body["code"] == "too_fast", "{refused:?}");
    ensure!(refused.header("retry-after") == "1" && refused.body["retry_after_s"] == 1, "{refused:?}");
    ensure!(ask_from(&other, THERE).await?.status == 200, "another session of that network");
    ensure!(hasty.get("/api/codes").await?.status == 200, "this machine");
    let (_, screen) = platform.operator().await?;
    platform.handset("demo-0132").await?.press("beside them", "b", 1).await?;
    screen.press("beside them").await?;
    Ok(())
}
