//! A certificate is renewed while the platform runs: well, half, and wrongly.

use anyhow::{Result, ensure};
use rustix::process::Signal;
use std::time::Duration;
use tests::{
    Authority, Platform,
    certificate::Pair,
    press, until,
    wire::{Version, Wire},
};

/// The files are looked at every five seconds.
const NOTICED_WITHIN: Duration = Duration::from_secs(30);
const TROUBLE: &str = "certificate_unusable";

async fn is_served(authority: &Authority, platform: &Platform, pair: &Pair) -> Result<Option<()>> {
    let stream = authority.dial(platform.tls_port()?).await?;
    Ok(pair.is_shown(&stream)?.then_some(()))
}

async fn troubled(platform: &Platform, want: bool) -> Result<()> {
    let what = format!("health {}naming the certificate", if want { "" } else { "not " });
    until(&what, NOTICED_WITHIN, async || Ok((platform.has_problem(TROUBLE).await? == want).then_some(())))
        .await
}

#[tokio::test]
async fn a_renewed_certificate_is_shown_to_newcomers_and_nobody_loses_a_connection() -> Result<()> {
    let authority = Authority::found()?;
    let platform = Platform::start_encrypted(&authority).await?;
    let mut steady =
        Wire::over(authority.dial(platform.tls_port()?).await?, Version::V5, "demo-0001").await?;
    for (number, by_signal) in [(1, true), (2, false)] {
        let pair = authority.issue(&format!("renewed {number}"))?;
        ensure!(is_served(&authority, &platform, &pair).await?.is_none());
        authority.install(&pair)?;
        if by_signal {
            platform.signal(Signal::HUP)?;
        }
        until("the new certificate", NOTICED_WITHIN, async || is_served(&authority, &platform, &pair).await)
            .await?;
        let payload = press(&format!("p-{number}"), "b", u64::from(number)).to_string();
        steady.publish("jjl/demo-0001/press", 1, number, payload.as_bytes()).await?;
        ensure!(!platform.has_problem(TROUBLE).await?);
    }
    Ok(())
}

#[tokio::test]
async fn a_pair_that_cannot_be_used_is_said_aloud_and_the_old_one_serves_on() -> Result<()> {
    let authority = Authority::found()?;
    let platform = Platform::start_encrypted(&authority).await?;
    let old = Pair {
        certificate: std::fs::read_to_string(authority.certificate())?,
        key: std::fs::read_to_string(authority.key())?,
    };
    let new = authority.issue("new")?;
    let half = new.certificate[..new.certificate.len() / 2].to_owned();
    for wrong in [
        Pair { certificate: half, key: new.key.clone() },
        Pair { certificate: new.certificate.clone(), key: old.key.clone() },
        Pair { certificate: "not a certificate".to_owned(), key: "not a key".to_owned() },
    ] {
        authority.install(&wrong)?;
        troubled(&platform, true).await?;
        ensure!(is_served(&authority, &platform, &old).await?.is_some(), "{wrong:?}");
        authority.install(&old)?;
        troubled(&platform, false).await?;
    }
    std::fs::remove_file(authority.key())?;
    troubled(&platform, true).await?;
    ensure!(is_served(&authority, &platform, &old).await?.is_some());
    authority.install(&new)?;
    platform.signal(Signal::HUP)?;
    troubled(&platform, false).await?;
    ensure!(is_served(&authority, &platform, &new).await?.is_some());
    Ok(())
}

#[tokio::test]
async fn a_certificate_that_is_not_renewed_in_time_is_said_aloud() -> Result<()> {
    const ENDING: &str = "certificate_ending";
    let authority = Authority::found()?;
    let platform = Platform::start_encrypted(&authority).await?;
    authority.install(&authority.issue_ending("soon")?)?;
    until("a word on its end", NOTICED_WITHIN, async || {
        Ok(platform.has_problem(ENDING).await?.then_some(()))
    })
    .await?;
    authority.install(&authority.issue("in time")?)?;
    until("all well", NOTICED_WITHIN, async || Ok((!platform.has_problem(ENDING).await?).then_some(())))
        .await?;
    Ok(())
}
