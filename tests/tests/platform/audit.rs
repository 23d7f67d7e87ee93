//! Who looked at whom: on record, found by auditors, and sealed so that nobody takes it back.

use anyhow::{Context as _, Result, ensure};
use serde_json::json;
use std::process::Output;
use tests::{PATIENCE, Platform, tools, until};

/// Carries `demo-0031`.
const RESIDENT: &str = "r-0031";

async fn verify(platform: &Platform) -> Result<Output> {
    platform.command_on_data(&["audit", "verify", "--demo"]).await
}

#[tokio::test]
async fn every_look_is_found_by_whom_it_was_about() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, screen) = platform.operator().await?;
    platform.handset("demo-0031").await?.press("p-1", "b", 1).await?;
    let id = screen.press("p-1").await?.0["id"].as_str().context("an id")?.to_owned();
    ensure!(operator.get(&format!("/api/incidents/{id}")).await?.status == 200);
    let card = operator.get(&format!("/api/residents/{RESIDENT}")).await?;
    ensure!(card.status == 200, "{card:?}");
    ensure!(operator.get("/api/residents/r-0032?reason=rang").await?.status == 200);

    let auditor = platform.log_in("auditor").await?;
    let of_resident = auditor.list(&format!("/api/audit?resident={RESIDENT}")).await?;
    let actions: Vec<&str> = of_resident.iter().filter_map(|row| row["action"].as_str()).collect();
    ensure!(actions.contains(&"read_incident") && actions.contains(&"read_resident"), "{of_resident:?}");
    ensure!(of_resident.iter().all(|row| row["username"] == "operator" && row["source"] == "127.0.0.1"));
    ensure!(of_resident.iter().all(|row| row["subject"] != "r-0032"), "{of_resident:?}");
    let reasons = auditor.list("/api/audit?action=read_resident&subject=r-0032").await?;
    ensure!(reasons.len() == 1 && reasons[0]["detail"].as_str().is_some_and(|why| why.contains("rang")));
    ensure!(auditor.list("/api/audit?username=operator&to=2020-01-01T00:00:00Z").await?.is_empty());
    // A screen that has ended has said whom it showed; a call says whom it is about.
    drop(screen);
    until("the end of the screen", PATIENCE, async || {
        Ok(auditor.list("/api/audit?action=live_ended&username=operator").await?.pop())
    })
    .await?;
    let of_resident_now = auditor.list(&format!("/api/audit?resident={RESIDENT}&username=operator")).await?;
    let on_screen: Vec<_> = of_resident_now.iter().filter(|row| row["subject"] == "live").collect();
    ensure!(
        on_screen.len() == 1 && on_screen[0]["detail"] == format!("1 shown: {RESIDENT}"),
        "{on_screen:?}"
    );
    let call = json!({ "kind": "call", "resident": "r-0033", "caller": "邻居", "words": "听到呼救" });
    ensure!(operator.post("/api/incidents", &call).await?.status == 201);
    ensure!(operator.delete("/api/session").await?.status == 204);
    for question in ["resident=r-0033&action=open_call", "action=log_out&username=operator"] {
        ensure!(auditor.list(&format!("/api/audit?{question}")).await?.len() == 1, "{question}");
    }
    // Reading the log is a row of the log.
    let supervisor = platform.log_in("supervisor").await?;
    let searches = supervisor.list("/api/audit?action=read_audit&username=auditor").await?;
    let first = searches.last().context("its own rows")?;
    ensure!(first["detail"] == format!("{} shown of resident={RESIDENT}", of_resident.len()));
    for (path, action) in [
        ("/api/invitations".to_owned(), "list_invitations"),
        ("/api/roster".to_owned(), "read_roster"),
        ("/api/drills/windows".to_owned(), "list_drill_windows"),
        (format!("/api/incidents/{id}/commands"), "list_commands"),
    ] {
        ensure!(supervisor.get(&path).await?.status == 200, "{path}");
        let rows = supervisor.list(&format!("/api/audit?action={action}&username=supervisor")).await?;
        ensure!(rows.len() == 1, "{path}: {rows:?}");
    }
    for wrong in ["from=yesterday", "resident=%20", "limit=0", "cursor=x"] {
        let answer = auditor.get(&format!("/api/audit?{wrong}")).await?;
        ensure!(answer.is_problem(400), "{wrong}: {answer:?}");
    }
    Ok(())
}

/// A screen stands for days, and a platform that is killed tells of none of them that it has ended.
#[tokio::test]
async fn whom_a_screen_shows_is_on_record_while_it_is_up() -> Result<()> {
    let mut platform = Platform::start().await?;
    platform.handset("demo-0031").await?.press("p-1", "b", 1).await?;
    let (_operator, screen) = platform.operator().await?;
    let auditor = platform.log_in("auditor").await?;
    until("it is on record", PATIENCE, async || {
        Ok(auditor.list("/api/audit?action=live_shown&username=operator").await?.pop())
    })
    .await?;
    platform.kill()?;
    platform.restart().await?;
    drop(screen);
    let auditor = platform.log_in("auditor").await?;
    let rows = auditor.list(&format!("/api/audit?resident={RESIDENT}&username=operator")).await?;
    let shown: Vec<_> = rows.iter().filter(|row| row["subject"] == "live").collect();
    ensure!(shown.len() == 1 && shown[0]["action"] == "live_shown", "{rows:?}");
    ensure!(shown[0]["detail"] == format!("1 shown: {RESIDENT}"), "{rows:?}");
    Ok(())
}

/// An upgrade does not read the whole log before the doors open: whom old rows name is noted afterwards, and searches are whole from
/// the first on.
#[tokio::test]
async fn old_rows_are_found_by_whom_they_name_before_and_after_that_is_noted() -> Result<()> {
    let of_resident = format!("/api/audit?resident={RESIDENT}");
    let mut platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    ensure!(operator.get(&format!("/api/residents/{RESIDENT}?reason=rang")).await?.status == 200);
    let auditor = platform.log_in("auditor").await?;
    auditor.list(&of_resident).await?;
    let rows = auditor.list(&of_resident).await?;
    ensure!(rows.iter().any(|row| row["action"] == "read_audit"), "named by its words alone: {rows:?}");
    platform.stop().await?;
    let as_at_an_upgrade = "DELETE FROM audit_about;
        INSERT INTO cursors (name, position) SELECT 'audit_about', MAX(row_id) FROM audit;";
    tools::sqlite(&platform.data(), as_at_an_upgrade)?;
    platform.restart().await?;
    let auditor = platform.log_in("auditor").await?;
    let at_once = auditor.list(&of_resident).await?;
    ensure!(at_once.ends_with(&rows), "{at_once:?} lacks some of {rows:?}");
    until("it is noted", PATIENCE, async || Ok(platform.log_text()?.contains("audit_noted").then_some(())))
        .await?;
    let noted = auditor.list(&of_resident).await?;
    ensure!(noted.ends_with(&rows), "{noted:?} lacks some of {rows:?}");
    Ok(())
}

#[tokio::test]
async fn an_auditor_reads_nothing_else_and_others_not_the_log() -> Result<()> {
    let platform = Platform::start().await?;
    let auditor = platform.log_in("auditor").await?;
    for path in ["/api/incidents", "/api/residents?reason=x", "/api/quarantine"] {
        let answer = auditor.get(path).await?;
        ensure!(answer.is_problem(403), "{path}: {answer:?}");
    }
    for other in ["operator", "station", "relative", "admin"] {
        let answer = platform.log_in(other).await?.get("/api/audit").await?;
        ensure!(answer.is_problem(403), "{other}: {answer:?}");
    }
    Ok(())
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Waits until nothing is without a seal, and gives the newest as it is printed.
async fn sealed(platform: &Platform) -> Result<String> {
    until("everything is sealed", PATIENCE, async || {
        let verified = verify(platform).await?;
        ensure!(verified.status.success(), "{}", said(&verified));
        let told = said(&verified);
        let behind = told.split_once(" 0 of them not sealed yet; the newest seal is ");
        Ok(behind.and_then(|(_, seal)| seal.split_whitespace().next()).map(str::to_owned))
    })
    .await
}

#[tokio::test]
async fn a_row_that_was_changed_breaks_the_chain() -> Result<()> {
    let mut platform = Platform::start().await?;
    platform.log_in("operator").await?;
    let seal = sealed(&platform).await?;
    ensure!(!platform.has_problem("audit_broken").await?);
    let other = seal.replace(':', "1:");
    for (noted, code) in [(vec![&seal], 0), (vec![&seal, &seal], 0), (vec![&seal, &other], 1)] {
        let asked = noted.iter().flat_map(|seal| ["--seal", seal.as_str()]);
        let words: Vec<&str> = ["audit", "verify", "--demo"].into_iter().chain(asked).collect();
        let verified = platform.command_on_data(&words).await?;
        ensure!(verified.status.code() == Some(code), "{words:?}: {}", said(&verified));
        ensure!(said(&verified).contains("is not in the chain") == (code == 1), "{}", said(&verified));
    }
    let no_seal = platform.command_on_data(&["audit", "verify", "--demo", "--seal", "12"]).await?;
    ensure!(!no_seal.status.success() && String::from_utf8_lossy(&no_seal.stderr).contains("ROW:HEX"));
    platform.stop().await?;
    tools::sqlite(&platform.data(), "UPDATE audit SET username = 'operator2' WHERE username = 'operator'")?;
    let verified = verify(&platform).await?;
    ensure!(
        verified.status.code() == Some(1) && said(&verified).contains("does not fit"),
        "{}",
        said(&verified)
    );
    platform.restart().await?;
    until("the platform says it by itself", PATIENCE, async || {
        Ok(platform.has_problem("audit_broken").await?.then_some(()))
    })
    .await
}

/// The platform itself seals what was changed; that it had sealed it before is noted elsewhere.
#[tokio::test]
async fn a_log_that_is_sealed_anew_or_taken_away_is_found() -> Result<()> {
    let mut platform = Platform::start().await?;
    platform.log_in("operator").await?;
    sealed(&platform).await?;
    platform.stop().await?;
    let kept = platform.data().join("jujiale.db-seals");
    let before = std::fs::read_to_string(&kept).context("the newest seal is noted")?;
    for changed in [
        "UPDATE audit SET username = 'operator2' WHERE username = 'operator'; DELETE FROM audit_seals",
        "DELETE FROM audit; DELETE FROM audit_about; DELETE FROM audit_seals;
         DELETE FROM sqlite_sequence WHERE name = 'audit'",
    ] {
        tools::sqlite(&platform.data(), changed)?;
        for is_running in [false, true] {
            if is_running {
                platform.restart().await?;
                platform.log_in("supervisor").await?;
                until("the platform says it", PATIENCE, async || {
                    Ok(platform.has_problem("audit_broken").await?.then_some(()))
                })
                .await?;
            }
            let verified = verify(&platform).await?;
            ensure!(
                verified.status.code() == Some(1) && said(&verified).contains("is not in the chain"),
                "{changed}, running: {is_running}: {}",
                said(&verified)
            );
        }
        ensure!(std::fs::read_to_string(&kept)?.contains(before.trim()), "it stays noted");
        platform.stop().await?;
    }
    // Whoever has looked into it, or went back to an older copy, takes the note away.
    std::fs::remove_file(&kept)?;
    platform.restart().await?;
    sealed(&platform).await.map(drop)
}
