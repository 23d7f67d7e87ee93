//! A start that cannot be: it says why and what to do, and ends.

use anyhow::{Context as _, Result, ensure};
use rustix::process::{Pid, Signal, kill_process};
use std::{fs::File, process::Command, process::Stdio, time::Duration};
use tests::{PATIENCE, Platform, handset, platform::binary, until};
use tokio::net::TcpListener;

#[tokio::test]
async fn a_taken_port_is_named_with_the_setting_that_moves_it_and_the_program_ends() -> Result<()> {
    for (name, variable) in [("http.listen", "JJL_HTTP__LISTEN"), ("mqtt.listen", "JJL_MQTT__LISTEN")] {
        let holder = TcpListener::bind("127.0.0.1:0").await?;
        let taken = holder.local_addr()?.to_string();
        let folder = tempfile::tempdir()?;
        let log = folder.path().join("log");
        let mut child = Command::new(binary()?)
            .arg("serve")
            .env("JJL_HTTP__LISTEN", "127.0.0.1:0")
            .env("JJL_MQTT__LISTEN", "127.0.0.1:0")
            .env(variable, &taken)
            .env("JJL_DATA__DIR", folder.path().join("data"))
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&log)?)
            .spawn()?;
        let ended = until("it ends", PATIENCE, async || Ok(child.try_wait()?)).await;
        if ended.is_err() {
            child.kill()?;
            child.wait()?;
        }
        let said = std::fs::read_to_string(&log)?;
        let status = ended.with_context(|| format!("{name} is taken and it stays; it says {said:?}"))?;
        ensure!(!status.success(), "{status}");
        for word in [name, variable, taken.as_str()] {
            ensure!(said.contains(word), "{word} is not in {said:?}");
        }
    }
    Ok(())
}

/// A proxy that encrypts may stand before it, so it is served; but it is said.
#[tokio::test]
async fn a_listener_that_encrypts_nothing_beyond_this_machine_is_warned_of() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let log = folder.path().join("log");
    let mut child = Command::new(binary()?)
        .arg("serve")
        .env("JJL_HTTP__LISTEN", "0.0.0.0:0")
        .env("JJL_MQTT__LISTEN", "127.0.0.1:0")
        .env("JJL_MQTT__WEBSOCKET_LISTEN", "127.0.0.1:0")
        .env("JJL_DATA__DIR", folder.path().join("data"))
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::create(&log)?)
        .spawn()?;
    let warned = until("the warning", PATIENCE, async || {
        let said = std::fs::read_to_string(&log)?;
        Ok(said.contains("plain_listener_beyond_this_machine").then_some(said))
    })
    .await;
    child.kill()?;
    child.wait()?;
    let said = warned?;
    ensure!(said.contains("http.listen") && !said.contains("mqtt.listen"), "{said}");
    Ok(())
}

/// `systemctl reload` asks for the certificate again, also where there is none.
#[tokio::test]
async fn a_platform_without_a_certificate_outlives_a_hangup() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let mut child = Command::new(binary()?)
        .arg("serve")
        .env("JJL_HTTP__LISTEN", "127.0.0.1:0")
        .env("JJL_MQTT__LISTEN", "127.0.0.1:0")
        .env("JJL_MQTT__WEBSOCKET_LISTEN", "127.0.0.1:0")
        .env("JJL_DATA__DIR", &data)
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let outlived = async {
        let file = data.join("endpoints.json");
        until("it is ready", PATIENCE * 2, async || Ok(file.exists().then_some(()))).await?;
        kill_process(Pid::from_child(&child), Signal::HUP)?;
        tokio::time::sleep(Duration::from_secs(1)).await;
        anyhow::Ok(())
    };
    let outlived = outlived.await;
    let ended = child.try_wait()?;
    child.kill()?;
    child.wait()?;
    outlived?;
    ensure!(ended.is_none(), "{ended:?}");
    Ok(())
}

/// Two thousand unless told otherwise, as the load that is written down wants; more are known from the next start on also to a demo
/// that is there already. They are in no list of residents, for nobody carries them, and in that of handsets behind those that somebody
/// carries.
#[tokio::test]
async fn a_demo_knows_as_many_handsets_as_a_load_wants() -> Result<()> {
    let mut platform = Platform::start().await?;
    let admin = platform.log_in("admin").await?;
    let residents = admin.list("/api/residents?q=r-").await?.len();
    let handsets = admin.list("/api/handsets?q=demo-").await?;
    ensure!(
        handsets.iter().take(200).all(|handset| !handset["resident"].is_null()),
        "those of people come first"
    );
    ensure!(admin.list("/api/handsets?q=demo-20").await?.len() == 1, "demo-2000 is the last");
    speaks(&platform, "demo-2000").await?;
    platform.stop().await?;
    platform.setup().words = ["--demo-handsets", "2040"].map(str::to_owned).to_vec();
    platform.restart().await?;
    let admin = platform.log_in("admin").await?;
    ensure!(admin.list("/api/handsets?q=demo-20").await?.len() == 41, "to demo-2040");
    ensure!(admin.list("/api/residents?q=r-").await?.len() == residents);
    speaks(&platform, "demo-2040").await
}

async fn speaks(platform: &Platform, name: &str) -> Result<()> {
    let handset = platform.handset(name).await?;
    handset.publish("fix", handset::fix("b", 1).to_string()).await?;
    handset.press("p", "b", 2).await?;
    Ok(())
}

/// What a browser gets is what was built, byte for byte.
#[tokio::test]
async fn the_pages_are_served_as_they_were_built() -> Result<()> {
    let platform = Platform::start().await?;
    let built = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../dashboards/dist");
    let (mut folders, mut compared) = (vec![built.clone()], 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(&built)?.to_string_lossy().into_owned();
            let served = reqwest::get(format!("{}/{name}", platform.at.http)).await?.bytes().await?;
            ensure!(served == std::fs::read(&path)?, "{name} is not what was built");
            compared += 1;
        }
    }
    ensure!(compared > 0, "nothing was built");
    Ok(())
}
