//! `jujiale check` and `jujiale backup`, while handsets send and press, and after the platform was killed.

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use std::{
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Output,
};
use tests::{
    Handset, Platform, Setup,
    handset::{fix, press},
    platform::binary,
};
use tokio::{process::Command, sync::watch};

const HANDSETS: u64 = 8;
const FIXES_A_MESSAGE: u64 = 50;

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Sends fixes, and a press now and then, until told to stop; how many presses were receipted.
async fn live(handset: &Handset, stop: &watch::Receiver<bool>) -> Result<u64> {
    let (mut round, mut presses) = (0, 0);
    while !*stop.borrow() {
        let fixes: Vec<_> =
            (0..FIXES_A_MESSAGE).map(|seq| fix("load", round * FIXES_A_MESSAGE + seq)).collect();
        handset.publish("fix", json!({ "fixes": fixes }).to_string()).await?;
        if round % 20 == 0 {
            handset.press(&format!("{}-{round}", handset.id), "load", round).await?;
            presses += 1;
        }
        round += 1;
    }
    Ok(presses)
}

async fn check_of(database: &Path) -> Result<Output> {
    let mut command = Command::new(binary()?);
    let url = format!("sqlite://{}", database.display());
    Ok(command.args(["check", "--demo"]).env("JJL_STORE__URL", url).output().await?)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_made_under_load_is_whole_and_can_be_gone_back_to() -> Result<()> {
    let mut platform = Platform::start().await?;
    let folder = tempfile::tempdir()?;
    let mut handsets = Vec::new();
    for number in 1..=HANDSETS {
        handsets.push(platform.handset(&format!("demo-{number:04}")).await?);
    }
    let (stop, stopped) = watch::channel(false);
    let load = futures_util::future::try_join_all(handsets.iter().map(|handset| live(handset, &stopped)));
    let looking = async {
        for round in 0..4 {
            platform.is_whole().await.with_context(|| format!("check {round} under load"))?;
            let copy = folder.path().join(format!("copy-{round}.db"));
            let copied =
                platform.command_on_data(&["backup", "--demo", copy.to_str().context("a path")?]).await?;
            ensure!(copied.status.success() && said(&copied).contains("keys.json"), "{}", said(&copied));
            let checked = check_of(&copy).await?;
            ensure!(checked.status.success(), "copy {round}: {}", said(&checked));
        }
        stop.send_replace(true);
        anyhow::Ok(())
    };
    let (presses, ()) = tokio::try_join!(load, looking)?;
    let presses: u64 = presses.into_iter().sum();
    for path in files_of(&platform.data())?.into_iter().chain([folder.path().join("copy-0.db")]) {
        let mode = std::fs::metadata(&path)?.permissions().mode();
        ensure!(mode.trailing_zeros() >= 6, "{} is for others too: {mode:o}", path.display());
    }
    refuses_to_overwrite(&platform, &folder.path().join("copy-0.db")).await?;
    let last = folder.path().join("last.db");
    let copied = platform.command_on_data(&["backup", "--demo", last.to_str().context("a path")?]).await?;
    ensure!(copied.status.success(), "{}", said(&copied));
    let before = signals(&platform).await?;
    ensure!(before == presses, "{before} of {presses} presses");
    platform.kill()?;
    platform.is_whole().await.context("after it was killed")?;

    let restored = restore(&platform, &last, folder.path()).await?;
    let on_record =
        restored.log_in("auditor").await?.list("/api/audit?action=back_up&subject=records").await?;
    let is_of_it = on_record.first().is_some_and(|row| row["detail"] == last.display().to_string());
    ensure!(is_of_it && on_record.len() >= 5, "each copy is on record, in itself too: {on_record:?}");
    ensure!(signals(&restored).await? == presses, "every press that was receipted before the copy is in it");
    restored.handset("demo-0001").await?.press("afterwards", "b", 1).await?;
    restored.is_whole().await
}

/// What the platform has made in its folder; the records, what is written ahead of them and the keys among them.
fn files_of(data: &Path) -> Result<Vec<PathBuf>> {
    let found: Vec<PathBuf> = std::fs::read_dir(data)?.flatten().map(|entry| entry.path()).collect();
    for name in ["jujiale.db", "jujiale.db-wal", "keys.json"] {
        ensure!(found.iter().any(|path| path.ends_with(name)), "{name} is not there: {found:?}");
    }
    Ok(found)
}

async fn signals(platform: &Platform) -> Result<u64> {
    let incidents = platform.log_in("supervisor").await?.incidents("all").await?;
    let signals =
        incidents.iter().filter_map(|incident| incident["signals"].as_array()).map(Vec::len).sum::<usize>();
    Ok(u64::try_from(signals)?)
}

async fn refuses_to_overwrite(platform: &Platform, copy: &Path) -> Result<()> {
    let before = std::fs::read(copy)?;
    let again = platform.command_on_data(&["backup", "--demo", copy.to_str().context("a path")?]).await?;
    ensure!(!again.status.success() && said(&again).contains("is not overwritten"), "{}", said(&again));
    ensure!(std::fs::read(copy)? == before);
    let nowhere = platform.command_on_data(&["backup", "--demo", "/nowhere/copy.db"]).await?;
    ensure!(!nowhere.status.success() && said(&nowhere).contains("/nowhere"), "{}", said(&nowhere));
    let folder = copy.parent().context("a folder")?;
    let names: Vec<_> = std::fs::read_dir(folder)?.flatten().map(|entry| entry.file_name()).collect();
    ensure!(
        names.iter().all(|name| name.to_string_lossy().starts_with("copy-")),
        "nothing unfinished is left: {names:?}"
    );
    Ok(())
}

/// Another platform on the copy, as `jujiale backup` says.
async fn restore(platform: &Platform, copy: &Path, folder: &Path) -> Result<Platform> {
    let data = folder.join("restored");
    std::fs::create_dir(&data)?;
    std::fs::copy(copy, data.join("jujiale.db"))?;
    std::fs::copy(platform.data().join("keys.json"), data.join("keys.json"))?;
    Platform::start_with(Setup { data: Some(data), ..Setup::default() }).await
}

#[tokio::test]
async fn a_check_says_what_is_wrong_and_exits_with_it() -> Result<()> {
    let mut platform = Platform::start().await?;
    let handset = platform.handset("demo-0001").await?;
    handset.publish("press", press("p-1", "b", 1).to_string()).await?;
    let words = "needle-in-the-journal";
    let fixes: Vec<_> = (0..3).map(|seq| fix(words, seq)).collect();
    handset.publish("fix", json!({ "fixes": fixes }).to_string()).await?;
    platform.is_whole().await?;
    platform.stop().await?;
    platform.is_whole().await.context("of a platform that stands still")?;

    // A copy, for what was written last may still stand beside the file of the original.
    let database = platform.data().join("copy.db");
    let copied =
        platform.command_on_data(&["backup", "--demo", database.to_str().context("a path")?]).await?;
    ensure!(copied.status.success(), "{}", said(&copied));
    let mut bytes = std::fs::read(&database)?;
    let place =
        bytes.windows(words.len()).position(|window| window == words.as_bytes()).context("the fixes")?;
    bytes[place] ^= 1;
    std::fs::write(&database, bytes)?;
    let checked = check_of(&database).await?;
    ensure!(checked.status.code() == Some(1), "{:?}", checked.status);
    let told = said(&checked);
    ensure!(told.contains("WRONG journal") && told.contains("checksum does not fit"), "{told}");
    ensure!(told.contains("ok    incidents") && told.contains("something is wrong"), "{told}");

    let elsewhere = check_of(Path::new("/nowhere/jujiale.db")).await?;
    ensure!(
        elsewhere.status.code() == Some(2) && said(&elsewhere).contains("/nowhere"),
        "{}",
        said(&elsewhere)
    );
    for command in ["check", "backup"] {
        let help = said(&platform.command_on_data(&[command, "--help"]).await?);
        ensure!(help.contains("Examples:"), "{help}");
    }
    Ok(())
}

/// Started from another folder than the platform's they would look after records of their own.
#[tokio::test]
async fn a_command_that_looks_after_records_makes_none() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("elsewhere");
    let copy = folder.path().join("copy.db").display().to_string();
    let run = async |words: &[&str]| {
        let mut command = Command::new(binary()?);
        command.args(words).env("JJL_DATA__DIR", &data).stdin(std::process::Stdio::null());
        anyhow::Ok(command.output().await?)
    };
    for words in [
        &["check"][..],
        &["audit", "verify"],
        &["keys", "status"],
        &["keys", "rotate"],
        &["keys", "retire"],
        &["backup", &copy],
    ] {
        let refused = run(words).await?;
        let told = said(&refused);
        ensure!(!refused.status.success(), "{words:?}: {told}");
        let names_it = told.contains("there are no records in") && told.contains(&data.display().to_string());
        ensure!(names_it && !data.exists(), "{words:?}: {told}");
    }
    Ok(())
}
