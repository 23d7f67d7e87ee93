//! `jujiale check`: whether the records are whole, with a line for each check.

use crate::{config::Config, seals::SealsFile};
use anyhow::Context as _;
use std::{process::ExitCode, time::Duration};
use store::{Check, Database, Findings, Inspector, NotedSeal};
use tokio::time::Instant;

/// How often a long check says how far it is.
const SAID_EVERY: Duration = Duration::from_secs(2);
/// The exit code that says: the check was made, and something is wrong.
const EXIT_WRONG: u8 = 1;
/// The exit code that says: the check could not be made.
const EXIT_NOT_CHECKED: u8 = 2;

/// Makes these checks and prints each one's result. That of the audit log's chain asks for seals that were noted, too.
pub(crate) async fn run(config: &Config, checks: &[Check], noted: &[NotedSeal]) -> ExitCode {
    match check(config, checks, noted).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(EXIT_WRONG),
        Err(error) => {
            said(&mut std::io::stderr(), &format!("jujiale check: {error:#}"));
            ExitCode::from(EXIT_NOT_CHECKED)
        }
    }
}

/// Whoever reads may have gone; the exit code says it too.
fn said(out: &mut impl std::io::Write, line: &str) {
    writeln!(out, "{line}").and_then(|()| out.flush()).unwrap_or_default();
}

async fn check(config: &Config, checks: &[Check], noted: &[NotedSeal]) -> anyhow::Result<bool> {
    let url = config.store_url();
    config.has_records()?;
    let opened = Inspector::open(&Database::from_url(&url)?).await;
    let inspector = opened.with_context(|| format!("the records at {url} cannot be looked at"))?;
    said(&mut std::io::stdout(), &format!("checking {url}"));
    let mut is_whole = true;
    for check in checks.iter().copied() {
        let started = Instant::now();
        let mut last = started;
        let mut findings = inspector
            .check(check, &mut |done, all| {
                if last.elapsed() >= SAID_EVERY {
                    last = Instant::now();
                    said(&mut std::io::stderr(), &format!("  … {}: {done} of {all}", check.name()));
                }
            })
            .await
            .with_context(|| format!("the check of {} could not be made", check.name()))?;
        if check == Check::Audit {
            let kept = SealsFile::of(config)?;
            inspector.look_for_seals(&kept.read()?, &kept.place(), &mut findings).await?;
            inspector.look_for_seals(noted, "elsewhere", &mut findings).await?;
        }
        is_whole &= findings.count == 0;
        tell(check, &findings, started.elapsed());
    }
    let end = if is_whole {
        "all is whole"
    } else {
        "something is wrong: keep a copy of the data folder as it is before anything else"
    };
    said(&mut std::io::stdout(), end);
    Ok(is_whole)
}

fn tell(check: Check, findings: &Findings, took: Duration) {
    let mut out = std::io::stdout().lock();
    let mark = if findings.count == 0 { "ok   " } else { "WRONG" };
    said(
        &mut out,
        &format!("{mark} {:<10} {} ({:.1} s)", check.name(), findings.looked_at, took.as_secs_f64()),
    );
    for problem in &findings.problems {
        said(&mut out, &format!("        {problem}"));
    }
    let more = findings.count.saturating_sub(findings.problems.len());
    if more > 0 {
        said(&mut out, &format!("        and {more} more"));
    }
}
