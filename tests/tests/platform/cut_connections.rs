//! The connection is cut in every phase: half a press is none, a whole one is on disk.

use anyhow::{Result, ensure};
use tests::{
    PATIENCE, Platform, Setup,
    handset::press,
    live, until,
    wire::{self, Version, Wire},
};
use tokio::{io::AsyncWriteExt as _, net::TcpStream};

#[tokio::test]
async fn a_publish_cut_after_any_byte_leaves_nothing_and_a_whole_one_everything() -> Result<()> {
    let mut platform = Platform::start_with(Setup::default()).await?;
    let (operator, screen) = platform.operator().await?;
    let port = platform.mqtt_port()?;
    for (version, id) in [(Version::V3, "demo-0050"), (Version::V5, "demo-0051")] {
        let payload = press(id, "b", 1).to_string();
        for qos in [1, 2] {
            let packet = wire::publish(version, &format!("jjl/{id}/press"), qos, 3, payload.as_bytes());
            for length in 0..packet.len() {
                let mut wire = Wire::connect(port, version, id).await?;
                wire.send(packet.get(..length).unwrap_or_default()).await?;
            }
        }
    }
    ensure!(platform.is_running()?, "the platform is gone");
    // A press of somebody else, made after all of these, has come through; nothing of theirs has.
    platform.handset("demo-0052").await?.press("witness", "b", 1).await?;
    screen.press("witness").await?;
    let all = operator.incidents("all").await?;
    ensure!(all.len() == 1, "half a press opened an incident: {all:?}");

    for (version, id) in [(Version::V3, "demo-0050"), (Version::V5, "demo-0051")] {
        for qos in 0..=2_u8 {
            let press_id = format!("whole-{qos}");
            let payload = press(&press_id, "b", u64::from(qos)).to_string();
            let packet = wire::publish(version, &format!("jjl/{id}/press"), qos, 3, payload.as_bytes());
            let mut wire = Wire::connect(port, version, id).await?;
            wire.send(&packet).await?;
            wire.tcp.shutdown().await?;
        }
        until("all three whole ones", PATIENCE, async || {
            let open = operator.incidents("open").await?;
            let its = open.iter().find(|incident| incident["handset"] == id);
            Ok(its.is_some_and(|incident| live::signals(incident).len() == 3).then_some(()))
        })
        .await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_connect_cut_after_any_byte_holds_nobody_up() -> Result<()> {
    let mut platform = Platform::start().await?;
    let port = platform.mqtt_port()?;
    let hello = wire::connect(Version::V5, "cut", "demo-0053", "demo-0053");
    let mut half_open = Vec::new();
    for length in 0..hello.len() {
        let mut tcp = TcpStream::connect(("127.0.0.1", port)).await?;
        tcp.write_all(hello.get(..length).unwrap_or_default()).await?;
        if length % 2 == 0 {
            // Every other one stays as it is, silent: a handshake that waits must not wait in front of others.
            half_open.push(tcp);
        }
    }
    let handset = platform.handset("demo-0053").await?;
    handset.press("past-them-all", "b", 1).await?;
    ensure!(platform.is_running()?, "the platform is gone");
    drop(half_open);
    Ok(())
}
