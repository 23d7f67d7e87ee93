//! TLS at the door: who is slow at it is slow alone, and what cannot be served is said at the start.

use anyhow::{Context as _, Result, ensure};
use std::{path::Path, process::Command, time::Duration};
use tests::{
    Authority, PATIENCE, Platform,
    account::{PASSWORD, try_log_in},
    platform, press, until,
    wire::{Version, Wire},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{sleep, timeout},
};

/// The door gives up after ten seconds.
const GIVEN_UP_WITHIN: Duration = Duration::from_secs(25);
const SILENT: usize = 300;

/// The beginning of a TLS record that says a ClientHello of 512 bytes follows.
const HELLO: &[u8] = &[0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3];

#[tokio::test]
async fn a_press_over_tls_passes_those_who_do_not_finish_their_handshake() -> Result<()> {
    let authority = Authority::found()?;
    let platform = Platform::start_encrypted(&authority).await?;
    let port = platform.tls_port()?;
    let mut silent = Vec::new();
    for number in 0..SILENT {
        let mut tcp = TcpStream::connect(("127.0.0.1", port)).await?;
        // Some say nothing, some begin, some go on byte by byte.
        tcp.write_all(HELLO.get(..number % HELLO.len()).unwrap_or_default()).await?;
        silent.push(tcp);
    }
    let (mut dribbling, mut mute) = (silent.pop().context("a socket")?, silent.pop().context("a socket")?);
    let dribble = async {
        while dribbling.write_all(&[0]).await.is_ok() {
            sleep(Duration::from_millis(100)).await;
        }
    };
    let presses = async {
        for (version, id) in [(Version::V3, "demo-0001"), (Version::V5, "demo-0002")] {
            let mut wire = Wire::over(authority.dial(port).await?, version, id).await?;
            for packet_id in 1..=5 {
                let payload = press(&format!("{id}-{packet_id}"), "b", u64::from(packet_id)).to_string();
                let topic = format!("jjl/{id}/press");
                timeout(PATIENCE, wire.publish(&topic, 1, packet_id, payload.as_bytes())).await??;
            }
        }
        anyhow::Ok(())
    };
    let closed = timeout(GIVEN_UP_WITHIN, async { tokio::join!(dribble, mute.read_u8()).1 });
    let (closed, outcome) = tokio::join!(closed, presses);
    outcome?;
    ensure!(closed.context("those who dribble and those who are silent are closed")?.is_err());
    for mut tcp in silent {
        let mut rest = Vec::new();
        timeout(GIVEN_UP_WITHIN, tcp.read_to_end(&mut rest))
            .await
            .context("a silent one is still there")?
            .unwrap_or(0);
    }
    Ok(())
}

#[tokio::test]
async fn what_is_not_tls_is_closed_and_a_stranger_to_the_authority_hangs_up() -> Result<()> {
    let authority = Authority::found()?;
    let platform = Platform::start_encrypted(&authority).await?;
    let plain = Wire::connect(platform.tls_port()?, Version::V3, "demo-0001").await;
    ensure!(plain.is_err(), "MQTT without TLS came through the TLS port");
    let distrustful = Authority::found()?;
    ensure!(distrustful.dial(platform.tls_port()?).await.is_err(), "a stranger's certificate was believed");
    platform.handset("demo-0001").await?.press("after-them", "b", 1).await?;
    let metrics = reqwest::get(format!("{}/metrics", platform.at.http)).await?.text().await?;
    ensure!(metrics.contains(r#"jujiale_mqtt_refused_total{why="tls_handshake"} 2"#), "{metrics}");
    Ok(())
}

/// Starts it with these settings and gives what it says before it ends.
fn refusal(folder: &Path, settings: &[(&str, &str)]) -> Result<String> {
    let done = Command::new(platform::binary()?)
        .args(["serve", "--demo", "--no-sim"])
        .env("JJL_HTTP__LISTEN", "127.0.0.1:0")
        .env("JJL_MQTT__LISTEN", "127.0.0.1:0")
        .env("JJL_MQTT__WEBSOCKET_LISTEN", "127.0.0.1:0")
        .env("JJL_DATA__DIR", folder)
        .envs(settings.iter().copied())
        .output()?;
    ensure!(!done.status.success(), "it started with {settings:?}");
    Ok(String::from_utf8_lossy(&done.stderr).into_owned())
}

#[tokio::test]
async fn what_cannot_be_served_is_refused_at_the_start_with_a_word_on_what_to_do() -> Result<()> {
    let authority = Authority::found()?;
    let (one, other) = (authority.issue("one")?, authority.issue("other")?);
    authority.install(&one)?;
    let folder = tempfile::tempdir()?;
    let file = |name: &str, text: &str| -> Result<String> {
        let path = folder.path().join(name);
        std::fs::write(&path, text)?;
        Ok(path.display().to_string())
    };
    let certificate = authority.certificate().display().to_string();
    let (wrong_key, empty) = (file("wrong.key", &other.key)?, file("empty.pem", "")?);
    let half = file("half.pem", &one.certificate[..one.certificate.len() / 2])?;
    let key = authority.key().display().to_string();
    let tls = ("JJL_MQTT__TLS_LISTEN", "127.0.0.1:0");
    for (settings, word) in [
        (vec![tls], "needs a certificate"),
        (vec![("JJL_MQTT__WEBSOCKET_TLS_LISTEN", "127.0.0.1:0")], "needs a certificate"),
        (vec![tls, ("JJL_TLS__CERTIFICATE", &certificate)], "go together"),
        (
            vec![tls, ("JJL_TLS__CERTIFICATE", "/nowhere.pem"), ("JJL_TLS__KEY", &key)],
            "/nowhere.pem cannot be read",
        ),
        (
            vec![tls, ("JJL_TLS__CERTIFICATE", &certificate), ("JJL_TLS__KEY", &wrong_key)],
            "do not make a pair",
        ),
        (vec![tls, ("JJL_TLS__CERTIFICATE", &certificate), ("JJL_TLS__KEY", &empty)], "no private key"),
        (vec![tls, ("JJL_TLS__CERTIFICATE", &empty), ("JJL_TLS__KEY", &key)], "holds no certificate"),
        (vec![tls, ("JJL_TLS__CERTIFICATE", &half), ("JJL_TLS__KEY", &key)], "is not PEM"),
        (
            vec![
                ("JJL_MQTT__TLS_LISTEN", "0.0.0.0:0"),
                ("JJL_TLS__CERTIFICATE", &certificate),
                ("JJL_TLS__KEY", &key),
            ],
            "listens on loopback only",
        ),
        (vec![("JJL_MQTT__WEBSOCKET_LISTEN", "0.0.0.0:0")], "listens on loopback only"),
        (vec![("JJL_STORE__URL", "postgres://localhost/jujiale")], "only SQLite is served"),
    ] {
        let said = refusal(&folder.path().join("data"), &settings)?;
        ensure!(said.contains(word), "{settings:?}: {said}");
    }
    Ok(())
}

#[tokio::test]
async fn a_low_limit_of_open_files_is_raised_to_what_is_allowed() -> Result<()> {
    let low = ["sh", "-c", r#"ulimit -Sn 128; exec "$0" "$@""#].map(str::to_owned).to_vec();
    let platform = Platform::start_with(tests::Setup { wrapper: low, ..tests::Setup::default() }).await?;
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", platform.at.pid))?;
    let files = limits.lines().find(|line| line.starts_with("Max open files")).context("no such limit")?;
    let numbers: Vec<&str> = files.split_whitespace().skip(3).take(2).collect();
    ensure!(numbers.len() == 2 && numbers[0] == numbers[1], "{files}");
    until("a press", PATIENCE, async || {
        platform.handset("demo-0003").await?.press("raised", "b", 1).await.map(Some)
    })
    .await?;
    Ok(())
}

/// What is set on an encrypted connection is never sent on another one.
#[tokio::test]
async fn the_desk_is_served_encrypted_and_its_cookie_stays_so() -> Result<()> {
    let authority = Authority::found()?;
    let platform = Platform::start_encrypted(&authority).await?;
    let mut tls = authority.dial(platform.https_port()?).await?;
    let body = format!(r#"{{"username":"operator","password":"{PASSWORD}"}}"#);
    let head = format!(
        "POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    tls.write_all(format!("{head}{body}").as_bytes()).await?;
    let mut answer = String::new();
    timeout(PATIENCE, tls.read_to_string(&mut answer)).await??;
    let answer = answer.to_lowercase();
    ensure!(answer.starts_with("http/1.1 200"), "{answer}");
    ensure!(
        answer.contains("; secure\r\n") && answer.contains("strict-transport-security: max-age="),
        "{answer}"
    );
    let plain = try_log_in(&platform.at.http, "operator", PASSWORD).await?;
    ensure!(!plain.header("set-cookie").contains("Secure"), "{plain:?}");
    ensure!(plain.header("strict-transport-security").is_empty(), "{plain:?}");
    Ok(())
}
