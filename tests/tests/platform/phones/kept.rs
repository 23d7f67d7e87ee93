//! What is kept of an app's words from which nothing follows here, and what is not where nobody agreed to it.

use super::{OSMAND_ID, PHONE, TOPIC, osmand, post, publish, quarantined};
use anyhow::{Context as _, Result, ensure};
use reqwest::{Client, StatusCode};
use serde_json::json;
use std::time::Duration;
use tests::{Platform, clock};

/// Nothing follows from an app's regions and rights here; they are kept as it said them.
#[tokio::test]
async fn an_apps_regions_and_status_are_kept() -> Result<()> {
    let platform = Platform::start().await?;
    let region =
        |name: &str| json!({ "_type": "waypoint", "desc": name, "lat": 33.96, "lon": 118.28, "rad": 80 });
    let all = |name: &str| json!({ "_type": "waypoints", "waypoints": [region(name)] }).to_string();
    let status = |version: &str| json!({ "_type": "status", "iOS": { "version": version } }).to_string();
    for (below, payload) in [("waypoints", all("by-mqtt")), ("status", status("18.1-by-mqtt"))] {
        let sent = publish(&platform, PHONE, &format!("{TOPIC}/{below}"), &payload).await?;
        ensure!(sent.status.success(), "{below}: {sent:?}");
    }
    for payload in [all("by-http"), status("18.1-by-http")] {
        ensure!(post(&platform, PHONE, &payload)?.send().await?.status() == StatusCode::OK, "{payload}");
    }
    for kind in ["waypoints", "status"] {
        let figure = format!("jujiale_owntracks_total{{kind=\"{kind}\"}}");
        ensure!(platform.figure(&figure).await? >= 2.0, "{kind} is not counted");
    }
    ensure!(quarantined(&platform, PHONE).await?.is_empty(), "nothing of it is a misfit");
    let bytes = all_that_is_kept(&platform).await?;
    for words in ["\"by-mqtt\"", "\"18.1-by-mqtt\"", "\"by-http\"", "\"18.1-by-http\""] {
        ensure!(holds(&bytes, words), "{words} is not kept");
    }
    Ok(())
}

async fn all_that_is_kept(platform: &Platform) -> Result<Vec<u8>> {
    let copy = platform.data().join("copy.db");
    let copied = platform.command_on_data(&["backup", "--demo", &copy.display().to_string()]).await?;
    ensure!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
    Ok(std::fs::read(copy)?)
}

fn holds(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|window| window == words.as_bytes())
}

/// Of somebody who is not tracked nothing is kept of where they were, whatever else their telephone says beside it.
#[tokio::test]
async fn without_consent_what_an_app_says_is_kept_without_its_place() -> Result<()> {
    let platform = Platform::start().await?;
    let (supervisor, operator) = (platform.log_in("supervisor").await?, platform.log_in("operator").await?);
    let found = operator.list("/api/residents?q=demo-phone").await?;
    let resident = found.first().and_then(|one| one["id"].as_str()).context("nobody carries it")?;
    let given = json!({ "purpose": "tracking", "given_by": "guardian", "giver": "王小红", "data": "位置",
        "text_version": "2026-11", "channel": "telephone" });
    let given = supervisor.post(&format!("/api/residents/{resident}/consents"), &given).await?.ok()?;
    let id = given["id"].as_str().context("an id")?;
    let say = async |word: &str| {
        let report = format!("id={OSMAND_ID}&lat=33.8765&lon=118.2757&event=event-{word}&wifi=wifi-{word}");
        ensure!(osmand(&platform, &report).await? == StatusCode::OK);
        let region = format!("region-{word}");
        let entered = json!({ "_type": "transition", "event": "enter", "desc": region, "lat": 33.8765, "lon": 118.2757,
            "acc": 12, "tst": clock::ago(0) });
        let sent = post(&platform, PHONE, &entered.to_string())?.send().await?;
        ensure!(sent.status() == StatusCode::OK, "{sent:?}");
        anyhow::Ok(())
    };
    say("tracked").await?;
    supervisor.post(&format!("/api/consents/{id}/withdraw"), &json!({})).await?.ok()?;
    // A withdrawal holds within two seconds.
    tokio::time::sleep(Duration::from_secs(3)).await;
    say("untracked").await?;
    let filling = "x".repeat(5 * 1024 * 1024);
    let large = format!("id={OSMAND_ID}&lat=33.8765&lon=118.2757&wifi=wifi-large&x={filling}");
    let sent = Client::builder().no_proxy().build()?.post(format!("{}/osmand", platform.at.http));
    ensure!(sent.body(large).send().await?.status() == StatusCode::OK);
    let bytes = all_that_is_kept(&platform).await?;
    for words in ["event-tracked", "wifi-tracked", "region-tracked", "event-untracked"] {
        ensure!(holds(&bytes, words), "{words} is not kept");
    }
    for words in ["wifi-untracked", "region-untracked", "wifi-large"] {
        ensure!(!holds(&bytes, words), "{words} is kept");
    }
    Ok(())
}
