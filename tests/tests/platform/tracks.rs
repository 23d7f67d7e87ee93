//! A resident's track: read in three forms by those who may, the same after it was compacted, gone when it is old.

use anyhow::{Context as _, Result, ensure};
use reqwest::{Method, header};
use serde_json::{Value, json};
use std::time::Duration;
use tests::{Account, Handset, PATIENCE, Platform, Setup, clock, tools, until};

/// An hour of fixes, one every ten seconds, sent at once.
const FIXES: i64 = 360;
/// The first fix's age.
const BEGAN_S: i64 = 5_400;

async fn walk(handset: &Handset) -> Result<()> {
    let fixes: Vec<Value> = (0..FIXES)
        .map(|place| {
            json!({
                "boot": "walk", "seq": place, "fix_time": clock::ago(BEGAN_S - place * 10), "accuracy_m": 12.5,
                "lat": f64::from(3_396_240 + i32::try_from(place).unwrap_or_default()) / 1e5, "lon": 118.2757,
                "method": "gps", "speed_mps": 0.9,
            })
        })
        .collect();
    handset.publish("fix", json!({ "fixes": fixes }).to_string()).await
}

async fn resident_of(account: &Account, handset: &str) -> Result<String> {
    let all = account.list(&format!("/api/residents?q={handset}")).await?;
    let found = all.iter().find(|resident| resident["handset"] == handset).context("nobody wears it")?;
    Ok(found["id"].as_str().context("an id")?.to_owned())
}

async fn text(account: &Account, path: &str, accept: &str) -> Result<(String, String)> {
    let answer = account.request(Method::GET, path).header(header::ACCEPT, accept).send().await?;
    let kind = answer.headers()[header::CONTENT_TYPE].to_str()?.to_owned();
    Ok((kind, answer.error_for_status()?.text().await?))
}

/// The track in the forms that are not JSON.
async fn texts(account: &Account, path: &str) -> Result<[String; 2]> {
    let gpx = text(account, &format!("{path}&format=gpx"), "*/*").await?.1;
    Ok([gpx, text(account, &format!("{path}&format=csv"), "*/*").await?.1])
}

fn latitudes(track: &Value) -> Result<Vec<f64>> {
    let features = track["features"].as_array().context("features")?;
    features.iter().map(|one| one["geometry"]["coordinates"][1].as_f64().context("a latitude")).collect()
}

#[tokio::test]
async fn it_is_read_in_three_forms_and_only_with_a_reason_on_record() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    walk(&platform.handset("demo-0001").await?).await?;
    let resident = resident_of(&operator, "demo-0001").await?;
    let path = format!("/api/residents/{resident}/track");
    let needs_reason = operator.get(&path).await?;
    ensure!(
        needs_reason.is_problem(403) && needs_reason.body["code"] == "reason_required",
        "{needs_reason:?}"
    );
    let with_reason = format!("{path}?reason=family%20rang");
    let track = operator.get(&with_reason).await?.ok()?;
    ensure!(track["datum"] == "WGS-84" && track["fixes"] == FIXES, "{}", track["fixes"]);
    ensure!(latitudes(&track)?.is_sorted() && latitudes(&track)?.len() == 360);
    let (kind, csv) = text(&operator, &with_reason, "text/csv").await?;
    ensure!(kind.starts_with("text/csv") && csv.lines().count() == 361, "{kind}");
    let (kind, gpx) = text(&operator, &format!("{with_reason}&format=gpx"), "*/*").await?;
    ensure!(kind.starts_with("application/gpx+xml") && gpx.matches("<trkpt ").count() == 360, "{kind}");
    let thinned = operator.get(&format!("{with_reason}&max_points=10")).await?.ok()?;
    ensure!(latitudes(&thinned)?.len() == 10 && thinned["fixes"] == FIXES);
    for wrong in [
        "from=yesterday",
        "from=2026-01-01T00:00:00Z",
        "max_points=1",
        "format=kml",
        "to=2020-01-01T00:00:00Z&from=2021-01-01T00:00:00Z",
    ] {
        ensure!(operator.get(&format!("{with_reason}&{wrong}")).await?.is_problem(400), "{wrong}");
    }
    ensure!(operator.get("/api/residents/nobody/track?reason=x").await?.is_problem(404));
    who_else(&platform, &path).await?;

    // With an incident open no reason is needed: that is the reason.
    platform.handset("demo-0001").await?.press("p-1", "b", 1).await?;
    until("the incident", PATIENCE, async || Ok(operator.get(&path).await?.ok().ok())).await?;
    // All of it is on record: a copy of the records holds the words.
    let copy = platform.data().join("copy.db");
    let copied = platform.command_on_data(&["backup", "--demo", copy.to_str().context("a path")?]).await?;
    ensure!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
    let bytes = std::fs::read(copy)?;
    for words in [
        "read_track",
        "360 of 360 fixes as csv: family rang",
        "10 of 360 fixes as geojson",
        "as geojson: open incident",
    ] {
        ensure!(
            bytes.windows(words.len()).any(|window| window == words.as_bytes()),
            "{words} is not on record"
        );
    }
    platform.is_whole().await
}

async fn who_else(platform: &Platform, path: &str) -> Result<()> {
    let relative = platform.log_in("relative").await?;
    let theirs = relative.get(path).await?.ok()?;
    ensure!(theirs["fixes"] == FIXES, "their own: {}", theirs["fixes"]);
    let from = clock::ago(86_400 * 30 + 40_000);
    let clipped = relative.get(&format!("{path}?from={from}")).await?.ok()?;
    let begins = clock::parse(&clipped["from"])?;
    ensure!(begins > from.parse()?, "from the grant on, not from {begins}");
    let admin = platform.log_in("admin").await?;
    let other = path.replace("0001", "0002");
    ensure!(relative.get(&other).await?.is_problem(403), "somebody else's");
    ensure!(relative.get(&format!("{other}?reason=curious")).await?.is_problem(403));
    ensure!(platform.log_in("station").await?.get(path).await?.is_problem(403));
    ensure!(
        admin.get(path).await?.is_problem(403)
            && admin.get(&format!("{path}?reason=audit")).await?.status == 200
    );
    Ok(())
}

/// What `check` says of the journal.
async fn journal(platform: &Platform) -> Result<String> {
    let checked = platform.command_on_data(&["check", "--demo"]).await?;
    let said = String::from_utf8_lossy(&checked.stdout).into_owned();
    ensure!(checked.status.success(), "{said}");
    Ok(said.lines().find(|line| line.contains("journal")).unwrap_or_default().to_owned())
}

#[tokio::test]
async fn it_is_the_same_when_it_is_old_and_gone_when_it_is_too_old() -> Result<()> {
    let mut platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    walk(&platform.handset("demo-0003").await?).await?;
    let resident = resident_of(&operator, "demo-0003").await?;
    let (from, to) = (clock::ago(BEGAN_S + 60), clock::ago(0));
    let path = format!("/api/residents/{resident}/track?reason=x&from={from}&to={to}");
    let young = operator.get(&path).await?.ok()?;
    ensure!(latitudes(&young)?.len() == 360);
    let young_texts = texts(&operator, &path).await?;
    ensure!(young_texts.iter().all(|text| text.lines().count() > 360), "{young_texts:?}");

    in_hours(&mut platform, 70).await?;
    let written = format!("{FIXES} by the hour");
    until("it is compacted", PATIENCE * 3, async || {
        Ok(journal(&platform).await?.contains(&written).then_some(()))
    })
    .await?;
    let operator = platform.log_in("operator").await?;
    let old = operator.get(&path).await?.ok()?;
    ensure!(
        old["features"] == young["features"],
        "compacted it is the same, for nothing in it had more digits"
    );
    let old_texts = texts(&operator, &path).await?;
    for (old, young) in old_texts.iter().zip(&young_texts) {
        let differs = old.lines().zip(young.lines()).find(|(old, young)| old != young);
        ensure!(old == young, "compacted it is the same in every form: {differs:?}");
    }

    // The platform was away for so long that it does not believe the clock, and removes nothing until a day has passed by it.
    in_hours(&mut platform, 24 * 100).await?;
    until("it says so", PATIENCE, async || Ok(platform.has_problem("removals_held").await?.then_some(())))
        .await?;
    in_hours(&mut platform, 24 * 101 + 1).await?;
    let removed = format!("{FIXES} are removed");
    until("it is removed", PATIENCE * 3, async || {
        Ok(journal(&platform).await?.contains(&removed).then_some(()))
    })
    .await?;
    let gone = platform.log_in("operator").await?.get(&path).await?.ok()?;
    ensure!(gone["fixes"] == 0, "{}", gone["fixes"]);
    platform.is_whole().await
}

/// Other days than the ones that are built in: after two and a half of them it is there, after four it is not.
#[tokio::test]
async fn it_is_kept_for_as_many_days_as_are_set() -> Result<()> {
    let three_days = ("JJL_RETENTION__TRACKS_DAYS".to_owned(), "3".to_owned());
    let mut platform = Platform::start_with(Setup { env: vec![three_days], ..Setup::default() }).await?;
    walk(&platform.handset("demo-0004").await?).await?;
    let resident = resident_of(&platform.log_in("operator").await?, "demo-0004").await?;
    let (from, to) = (clock::ago(BEGAN_S + 60), clock::ago(0));
    let path = format!("/api/residents/{resident}/track?reason=x&from={from}&to={to}");

    for (hours, fate, left) in [(60, "by the hour", FIXES), (96, "are removed", 0)] {
        in_hours(&mut platform, hours).await?;
        let fate = format!("{FIXES} {fate}");
        until(&fate, PATIENCE * 3, async || Ok(journal(&platform).await?.contains(&fate).then_some(())))
            .await?;
        let track = platform.log_in("operator").await?.get(&path).await?.ok()?;
        ensure!(track["fixes"] == left, "after {hours} hours {}", track["fixes"]);
    }
    platform.is_whole().await
}

/// A block that the sorting found broken stands in quarantine, and its fixes are counted.
#[tokio::test]
async fn positions_that_were_lost_to_a_broken_block_are_said() -> Result<()> {
    let mut platform = Platform::start().await?;
    ensure!(!platform.has_problem("fixes_unreadable").await?);
    tools::need("sqlite3", "sqlite3")?;
    let broken = "INSERT INTO quarantine (topic, received_at_us, reason, payload) VALUES ('journal',
          CAST(strftime('%s', 'now') AS INTEGER) * 1000000, 'block 1 of 20 fixes cannot be read: it is cut off', x'00');
        UPDATE journal SET broken = 20;";
    platform.stop().await?;
    let done =
        std::process::Command::new("sqlite3").arg(platform.data().join("jujiale.db")).arg(broken).output()?;
    ensure!(done.status.success(), "{done:?}");
    platform.restart().await?;
    until("the health says it", PATIENCE, async || {
        Ok(platform.has_problem("fixes_unreadable").await?.then_some(()))
    })
    .await?;
    let checked = platform.command_on_data(&["check", "--demo"]).await?;
    let said = String::from_utf8_lossy(&checked.stdout).into_owned();
    ensure!(checked.status.code() == Some(1) && said.contains("20 fixes are lost to tracks"), "{said}");
    Ok(())
}

/// Starts it again with a wall clock so many hours ahead.
async fn in_hours(platform: &mut Platform, hours: i64) -> Result<()> {
    platform.stop().await?;
    let library = tools::faketime_library()?.display().to_string();
    let seconds = Duration::from_hours(hours.unsigned_abs()).as_secs();
    let env = [
        ("LD_PRELOAD", library.as_str()),
        ("FAKETIME", &format!("+{seconds}s")),
        ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
        ("DONT_FAKE_MONOTONIC", "1"),
        ("NO_FAKE_STAT", "1"),
    ];
    let kept = &mut platform.setup().env;
    kept.retain(|(known, _)| env.iter().all(|(name, _)| known != name));
    kept.extend(env.map(|(name, value)| (name.to_owned(), value.to_owned())));
    platform.restart().await
}
