//! The disk is full: positions wait in the handsets, presses go to the room that was kept for them, and when
//! that is full too, operators see them all the same.

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use tests::{
    Handset, Live, PATIENCE, Platform, Setup, clock,
    handset::{fix, press},
    live,
    tools::SmallDisk,
    until,
};

/// Room for the ballast of 64 MiB, for twice that to be taken back, and some to fill.
const DISK_MB: u64 = 256;
/// Presses of 200 KB that no kept room of 64 MiB can hold.
const PRESSES_AT_MOST: u64 = 600;
/// Disks that are filled in a long run.
const DISKS_SOAK: usize = 10;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn presses_are_receipted_or_shown_unsaved_and_afterwards_all_is_well() -> Result<()> {
    clock::again(DISKS_SOAK, full_once).await
}

async fn full_once() -> Result<()> {
    let disk = SmallDisk::mount(DISK_MB)?;
    let setup = Setup { data: Some(disk.path().join("data")), ..Setup::default() };
    let mut platform = Platform::start_with(setup).await?;
    let (operator, screen) = platform.operator().await?;
    let walker = platform.handset("demo-0040").await?;
    walker.publish("fix", fix("b", 1).to_string()).await?;

    let filled = disk.fill("filled")?;
    fills_up(&platform, &walker).await?;
    let presser = platform.handset("demo-0041").await?;
    presser.press("on-a-full-disk", "b", 1).await?;
    let (incident, _) = screen.press("on-a-full-disk").await?;
    // The desk goes on: logging in, looking, claiming, closing.
    let colleague = platform.log_in("operator2").await?;
    ensure!(colleague.incidents("open").await?.len() == 1);
    let claimed = colleague.claim(&incident).await?.ok()?;
    colleague.close(&claimed).await?.ok()?;
    eprintln!("the kept room takes presses and what is done about them");

    let filled_again = disk.fill("filled-again")?;
    let (receipted, unsaved) = press_until_unsaved(&platform, &screen).await?;
    eprintln!("{receipted} large presses receipted before the last room was gone");
    std::fs::remove_file(filled)?;
    std::fs::remove_file(filled_again)?;

    if let Some((handset, press_id)) = unsaved {
        handset.receipt(&press_id, 1).await?;
        screen.press(&press_id).await?;
    }
    until("health is well again", PATIENCE, async || {
        let health = platform.health().await?;
        let names = |code: &str| health.to_string().contains(code);
        Ok((!names("disk_full") && !names("store_unavailable")).then_some(()))
    })
    .await?;
    until("positions are taken again", PATIENCE, async || Ok((walker.acknowledged() > 1).then_some(())))
        .await?;
    ensure!(platform.is_running()?);
    let open = operator.incidents("open").await?;
    ensure!(open.iter().all(|incident| incident["unsaved"] == false), "{open:?}");
    Ok(())
}

/// Sends positions until the platform notices that there is no room for them.
async fn fills_up(platform: &Platform, walker: &Handset) -> Result<()> {
    let mut seq = 1;
    until("health says that the disk is full", PATIENCE * 3, async || {
        for _ in 0..20 {
            seq += 1;
            let fixes: Vec<Value> = (0..500).map(|place| fix("full", seq * 1000 + place)).collect();
            if !walker.send("fix", serde_json::json!({ "fixes": fixes }).to_string()) {
                break;
            }
        }
        Ok(platform.has_problem("disk_full").await?.then_some(()))
    })
    .await
}

/// Presses with large payloads until one finds no room; gives how many were receipted, and that one.
async fn press_until_unsaved(platform: &Platform, screen: &Live) -> Result<(u64, Option<(Handset, String)>)> {
    let handset = platform.handset("demo-0042").await?;
    for nth in 1..=PRESSES_AT_MOST {
        let id = format!("large-{nth}");
        let mut payload = press(&id, "b", nth);
        payload["padding"] = "x".repeat(200_000).into();
        ensure!(handset.send("press", payload.to_string()), "no room to send");
        let is_unsaved = |shown: &Value| live::unsaved(shown) && live::shows(shown, &id);
        let taken = tokio::select! {
            receipt = handset.receipt(&id, 1) => { receipt?; true }
            shown = screen.next_incident("the press unsaved", PATIENCE, is_unsaved) => { shown?; false }
        };
        if !taken {
            ensure!(handset.receipts(&id) == 0, "{id} is unsaved and receipted");
            return Ok((nth - 1, Some((handset, id))));
        }
    }
    let problem = platform.health().await.context("health")?;
    eprintln!("the disk never refused a press: {problem}");
    Ok((PRESSES_AT_MOST, None))
}
