//! Rules, from outside: a day is recorded and replayed, a file of rules is put live, areas of a register are brought in.

use anyhow::{Context as _, Result, ensure};
use jiff::tz::Offset;
use rustix::process::Signal;
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    fs::{self, File},
    os::unix::fs::MetadataExt as _,
    path::Path,
    process::{Output, Stdio},
};
use tests::{Account, Handset, PATIENCE, Platform, Setup, clock, platform::binary, until};

/// Metres of a degree of latitude.
const DEGREE_M: f64 = 111_195.0;

/// One of those who may lose the way, with an armed fence of 200 m round the home.
struct Who {
    handset: Handset,
    home: (f64, f64),
}

impl Who {
    async fn of(platform: &Platform, supervisor: &Account, number: u32) -> Result<Self> {
        let path = format!("/api/residents/r-{number:04}/fences?reason=rules");
        let fences = supervisor.list(&path).await?;
        let center = &fences.first().context("the demo's own fence")?["shape"]["center"];
        let home = center[1].as_f64().zip(center[0].as_f64()).context("a middle")?;
        Ok(Self { handset: platform.handset(&format!("demo-{number:04}")).await?, home })
    }

    async fn stands(&self, north_m: f64, ago_s: i64) -> Result<()> {
        let fix = json!({
            "boot": "rules", "seq": 1_000_000 - ago_s, "fix_time": clock::ago(ago_s),
            "lat": self.home.0 + north_m / DEGREE_M, "lon": self.home.1, "accuracy_m": 8, "method": "gps",
        });
        self.handset.publish("fix", fix.to_string()).await
    }

    async fn goes_out(&self) -> Result<()> {
        for ago_s in [570, 530, 490] {
            self.stands(5.0, ago_s).await?;
        }
        for ago_s in [300, 200, 100] {
            self.stands(420.0, ago_s).await?;
        }
        Ok(())
    }
}

/// The signals about a handset's resident in all open cases.
async fn told(account: &Account, handset: &str) -> Result<Vec<Value>> {
    let open = account.incidents("open").await?;
    let theirs = open.iter().filter(|incident| incident["handset"] == handset);
    Ok(theirs.filter_map(|incident| incident["signals"].as_array()).flatten().cloned().collect())
}

async fn exit(account: &Account, handset: &str) -> Result<Value> {
    until("a fence that is left", PATIENCE, async || {
        Ok(told(account, handset).await?.into_iter().find(|signal| signal["kind"] == "fence_exit"))
    })
    .await
}

async fn replay(folder: &Path, until: &str) -> Result<Output> {
    let replay = tokio::process::Command::new(binary()?)
        .args(["replay", "--until", until, "--residents"])
        .arg(folder.join("residents.json"))
        .stdin(Stdio::from(File::open(folder.join("messages.ndjson"))?))
        .output();
    Ok(replay.await?)
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test]
async fn a_day_that_is_recorded_gives_the_signals_that_were_raised() -> Result<()> {
    let platform = Platform::start().await?;
    let supervisor = platform.log_in("supervisor").await?;
    let who = Who::of(&platform, &supervisor, 197).await?;
    who.goes_out().await?;
    let fall =
        json!({ "fall_id": "f-1", "boot": "rules", "seq": 7, "at": clock::now().to_string(), "fix": null });
    who.handset.publish("fall", fall.to_string()).await?;
    who.handset
        .publish("status", json!({ "battery_pct": 80, "at": clock::now().to_string() }).to_string())
        .await?;
    who.handset.press("p-1", "rules", 8).await?;
    // Somebody else, who is not asked for.
    let other = Who::of(&platform, &supervisor, 198).await?;
    other.stands(5.0, 30).await?;
    exit(&supervisor, "demo-0197").await?;
    let live = until("three signals", PATIENCE, async || {
        let told = told(&supervisor, "demo-0197").await?;
        let ids: BTreeSet<String> =
            told.iter().filter_map(|one| one["id"].as_str().map(str::to_owned)).collect();
        Ok((ids.len() == 3).then_some(ids))
    })
    .await?;

    let folder = tempfile::tempdir()?;
    let into = folder.path().join("today");
    let day = Offset::from_hours(8)?.to_datetime(clock::now()).date().to_string();
    let target = into.display().to_string();
    let words = ["record", "--demo", "--day", &day, "--resident", "r-0197", "--into", &target];
    let recorded = platform.command_on_data(&words).await?;
    ensure!(recorded.status.success(), "{}", said(&recorded));
    ensure!(
        said(&recorded).contains("in plain text") && said(&recorded).contains("jujiale replay --residents")
    );
    for name in ["messages.ndjson", "residents.json"] {
        ensure!(fs::metadata(into.join(name))?.mode() & 0o777 == 0o600, "{name} is its owner's alone");
    }
    let auditor = platform.log_in("auditor").await?;
    let rows = auditor.list("/api/audit?action=record_day&resident=r-0197").await?;
    let is_told = rows.len() == 1 && rows[0]["username"] == "system" && rows[0]["source"] == "command line";
    ensure!(is_told && rows[0]["detail"] == format!("{day}: 1 shown: r-0197"), "{rows:?}");
    let left: Vec<_> = fs::read_dir(&into)?.collect();
    ensure!(left.len() == 2, "{left:?}");
    let residents: Value = serde_json::from_str(&fs::read_to_string(into.join("residents.json"))?)?;
    let recorded_ids: Vec<_> =
        residents["residents"].as_array().into_iter().flatten().map(|one| &one["id"]).collect();
    ensure!(recorded_ids == ["r-0197"] && residents["zones"][0]["id"] == "z-canal", "{residents:#}");

    let output = replay(&into, &clock::now().to_string()).await?;
    ensure!(output.status.success(), "{}", said(&output));
    let lines: Vec<Value> =
        String::from_utf8(output.stdout)?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let raised = lines.iter().filter(|line| line["raised"] == true);
    let ids: BTreeSet<String> = raised.filter_map(|line| line["id"].as_str().map(str::to_owned)).collect();
    ensure!(ids == live, "replayed {lines:#?}, live {live:?}");
    let fall = lines.iter().find(|line| line["kind"] == "fall").context("the fall")?;
    ensure!(fall["evidence"]["rule"] == "fall/not_judged" && fall["resident"] == "r-0197", "{fall:#}");

    for (words, why) in [
        (words, "is there already"),
        (
            ["record", "--demo", "--day", &day, "--resident", "r-9999", "--into", &target],
            "r-9999 is not watched",
        ),
        (
            ["record", "--demo", "--day", "2026-02-30", "--resident", "r-0197", "--into", &target],
            "2026-11-28",
        ),
        (["record", "--demo", "--day", "2001-01-01", "--resident", "r-0197", "--into", &target], "are gone"),
    ] {
        let refused = platform.command_on_data(&words).await?;
        ensure!(!refused.status.success() && said(&refused).contains(why), "{why}: {}", said(&refused));
    }
    // Of whom nothing arrived there is nothing, and nothing is left behind.
    let none = folder.path().join("none");
    let target = none.display().to_string();
    let words = ["record", "--demo", "--day", &day, "--resident", "r-0199", "--into", &target];
    let refused = platform.command_on_data(&words).await?;
    ensure!(!refused.status.success() && said(&refused).contains("nothing arrived"), "{}", said(&refused));
    ensure!(fs::read_dir(&none)?.next().is_none(), "something is left");
    platform.is_whole().await
}

/// Where a companion is weighs in what looks like wandering, so it is recorded: of nobody, whoever carries it.
#[tokio::test]
async fn where_companions_were_is_recorded_too() -> Result<()> {
    let platform = Platform::start().await?;
    let supervisor = platform.log_in("supervisor").await?;
    let who = Who::of(&platform, &supervisor, 197).await?;
    let path = "/api/residents/r-0197/policy";
    let before = supervisor.get(&format!("{path}?reason=rules")).await?.ok()?;
    let change = json!({
        "expected_version": before["version"], "dementia": true, "lives_alone": false, "companions": ["demo-0198"],
    });
    supervisor.put(path, &change).await?.ok()?;
    let friend = Who { handset: platform.handset("demo-0198").await?, home: who.home };
    for ago_s in [560, 520, 480] {
        friend.stands(9.0, ago_s).await?;
    }
    who.goes_out().await?;
    exit(&supervisor, "demo-0197").await?;

    let folder = tempfile::tempdir()?;
    let into = folder.path().join("today");
    let day = Offset::from_hours(8)?.to_datetime(clock::now()).date().to_string();
    let target = into.display().to_string();
    let words = ["record", "--demo", "--day", &day, "--resident", "r-0197", "--into", &target];
    let recorded = platform.command_on_data(&words).await?;
    ensure!(recorded.status.success() && said(&recorded).contains("companions"), "{}", said(&recorded));
    let text = fs::read_to_string(into.join("messages.ndjson"))?;
    let lines: Vec<Value> = text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let of = |handset: &str| -> Vec<&Value> {
        let topic = format!("jjl/{handset}/fix");
        lines.iter().filter(|line| line["topic"] == topic.as_str()).collect()
    };
    ensure!(of("demo-0198").len() == 3, "{lines:#?}");
    ensure!(of("demo-0198").iter().all(|line| line.get("resident").is_none() && line["believed"] == true));
    ensure!(of("demo-0197").iter().all(|line| line["resident"] == "r-0197"), "{lines:#?}");
    let residents: Value = serde_json::from_str(&fs::read_to_string(into.join("residents.json"))?)?;
    let known: Vec<_> = residents["residents"].as_array().into_iter().flatten().collect();
    ensure!(known.len() == 1 && known[0]["companions"] == json!(["demo-0198"]), "{residents:#}");
    let output = replay(&into, &clock::now().to_string()).await?;
    ensure!(output.status.success(), "{}", said(&output));
    let told = String::from_utf8(output.stdout)?;
    ensure!(told.contains("fence/exit") && !told.contains("r-0198"), "{told}");
    platform.is_whole().await
}

/// How often a replay of these files repeats that somebody is still out, an hour on.
async fn repeats(folder: &Path) -> Result<usize> {
    let output = replay(folder, &clock::ago(-3_600)).await?;
    ensure!(output.status.success(), "{}", said(&output));
    let text = String::from_utf8(output.stdout)?;
    ensure!(text.contains("fence/exit"), "{text}");
    Ok(text.lines().filter(|line| line.contains("fence/still_outside")).count())
}

#[tokio::test]
async fn what_was_snoozed_is_recorded_and_a_replay_repeats_none_of_it() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    Who::of(&platform, &supervisor, 198).await?.goes_out().await?;
    exit(&operator, "demo-0198").await?;
    let open = operator.incidents("open").await?;
    let incident = open.iter().find(|one| one["handset"] == "demo-0198").context("the case")?;
    operator.claim(incident).await?.ok()?;
    let ending = json!({
        "cause": "other", "outcome": "resolved_by_phone", "note": "with her son", "snooze_until": clock::ago(-7_200),
    });
    let claimed = operator.incident(&incident["id"]).await?;
    operator.act("close", &claimed, ending).await?.ok()?;

    let folder = tempfile::tempdir()?;
    let into = folder.path().join("today");
    let day = Offset::from_hours(8)?.to_datetime(clock::now()).date().to_string();
    let target = into.display().to_string();
    let words = ["record", "--demo", "--day", &day, "--resident", "r-0198", "--into", &target];
    let recorded = platform.command_on_data(&words).await?;
    ensure!(recorded.status.success(), "{}", said(&recorded));
    let file = into.join("residents.json");
    let mut residents: Value = serde_json::from_str(&fs::read_to_string(&file)?)?;
    let snoozes = residents["residents"][0]["snoozes"].as_array().cloned().unwrap_or_default();
    ensure!(snoozes.len() == 1 && snoozes[0]["fence"].is_string(), "{snoozes:#?}");
    ensure!(repeats(&into).await? == 0);
    residents["residents"][0]["snoozes"] = json!([]);
    fs::write(&file, residents.to_string())?;
    ensure!(repeats(&into).await? > 0, "it would be told again but for that");
    platform.is_whole().await
}

#[tokio::test]
async fn rules_go_live_by_their_file_and_a_broken_one_stops_nothing() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("rules.toml");
    fs::write(&file, "# tried on the week before\nversion = \"bureau-1\"\nthreshold = 7.0\n")?;
    let env = vec![("JJL_WATCH__RULES".to_owned(), file.display().to_string())];
    let mut platform = Platform::start_with(Setup { env, ..Setup::default() }).await?;
    let supervisor = platform.log_in("supervisor").await?;
    Who::of(&platform, &supervisor, 195).await?.goes_out().await?;
    let signal = exit(&supervisor, "demo-0195").await?;
    ensure!(signal["evidence"]["version"] == "bureau-1", "{signal:#}");
    ensure!(!platform.has_problem("rules_refused").await?);

    fs::write(&file, "version = \"bureau-2\"\ntreshold = 7.0\n")?;
    platform.stop().await?;
    platform.restart().await?;
    let health = platform.health().await?;
    let problems = health["problems"].as_array().cloned().unwrap_or_default();
    let refused = problems.iter().find(|one| one["code"] == "rules_refused").context("it is said")?;
    let detail = refused["detail"].as_str().unwrap_or_default();
    for word in ["treshold", "JJL_WATCH__RULES", "the last good ones run", "bureau-1"] {
        ensure!(detail.contains(word), "{word}: {detail}");
    }
    let supervisor = platform.log_in("supervisor").await?;
    let who = Who::of(&platform, &supervisor, 196).await?;
    who.handset.press("p-1", "rules", 1).await?;
    who.goes_out().await?;
    let signal = exit(&supervisor, "demo-0196").await?;
    ensure!(signal["evidence"]["version"] == "bureau-1", "{signal:#}");

    // Of a file that never was good the built-in rules run.
    fs::remove_file(platform.data().join("watch-rules.json"))?;
    platform.stop().await?;
    platform.restart().await?;
    let health = platform.health().await?.to_string();
    ensure!(health.contains("the built-in ones run"), "{health}");
    platform.is_whole().await
}

/// What the health says of the file of rules, once it is what is looked for.
async fn refusal(platform: &Platform, is_looked_for: impl Fn(Option<&str>) -> bool) -> Result<()> {
    until("the rules in the health", PATIENCE, async || {
        let health = platform.health().await?;
        let problems = health["problems"].as_array().cloned().unwrap_or_default();
        let found = problems.iter().find(|one| one["code"] == "rules_refused");
        let detail = found.and_then(|one| one["detail"].as_str());
        Ok(is_looked_for(detail).then_some(()))
    })
    .await
}

#[tokio::test]
async fn rules_go_live_while_it_runs_and_a_broken_file_changes_nothing() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("rules.toml");
    fs::write(&file, "version = \"bureau-1\"\noffline_heartbeats = 3\n")?;
    let env = vec![("JJL_WATCH__RULES".to_owned(), file.display().to_string())];
    let platform = Platform::start_with(Setup { env, ..Setup::default() }).await?;
    let supervisor = platform.log_in("supervisor").await?;
    let version = async |number: u32| -> Result<Value> {
        Who::of(&platform, &supervisor, number).await?.goes_out().await?;
        Ok(exit(&supervisor, &format!("demo-{number:04}")).await?["evidence"]["version"].clone())
    };
    ensure!(version(195).await? == "bureau-1");

    // Broken: said with its line, and what runs stays.
    fs::write(&file, "version = \"bureau-2\"\n\ntreshold = 7.0\n")?;
    platform.signal(Signal::HUP)?;
    let words = ["line 3", "treshold", "those that ran before run", "bureau-1"];
    refusal(&platform, |said| said.is_some_and(|said| words.iter().all(|word| said.contains(word)))).await?;
    ensure!(version(196).await? == "bureau-1");
    // Other numbers by the same name.
    fs::write(&file, "version = \"bureau-1\"\noffline_heartbeats = 4\n")?;
    platform.signal(Signal::HUP)?;
    refusal(&platform, |said| said.is_some_and(|said| said.contains("one of their own"))).await?;

    fs::write(&file, "version = \"bureau-2\"\noffline_heartbeats = 1000\nlate_heartbeats = 1000\n")?;
    platform.signal(Signal::HUP)?;
    refusal(&platform, |said| said.is_none()).await?;
    until("the watch to have them", PATIENCE, async || {
        Ok(platform.log_text()?.contains("watch_rules_live").then_some(()))
    })
    .await?;
    ensure!(version(197).await? == "bureau-2");
    let kept = fs::read_to_string(platform.data().join("watch-rules.json"))?;
    ensure!(kept.contains("bureau-2"), "{kept}");
    let rows = platform.log_in("auditor").await?.list("/api/audit?action=rules_live").await?;
    let told: Vec<&str> = rows.iter().filter_map(|row| row["detail"].as_str()).collect();
    let first = told.get(1).is_some_and(|first| first.starts_with("version bureau-1 instead of "));
    ensure!(told.len() == 2 && told[0] == "version bureau-2 instead of bureau-1" && first, "{rows:?}");
    ensure!(rows.iter().all(|row| row["username"] == "system"), "{rows:?}");
    platform.is_whole().await
}

/// Rules that settings name no more, and name again, each time take the place of what ran before.
#[tokio::test]
async fn rules_that_go_and_come_back_between_two_runs_are_on_record() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("rules.toml");
    fs::write(&file, "version = \"bureau-1\"\nthreshold = 7.0\n")?;
    let env = vec![("JJL_WATCH__RULES".to_owned(), file.display().to_string())];
    let mut platform = Platform::start_with(Setup { env: env.clone(), ..Setup::default() }).await?;
    let mut told: Vec<String> = Vec::new();
    for (nth, env) in [env.clone(), Vec::new(), env.clone(), env].into_iter().enumerate() {
        if nth > 0 {
            platform.stop().await?;
            platform.setup().env = env;
            platform.restart().await?;
        }
        let auditor = platform.log_in("auditor").await?;
        // The fourth run is as the third was.
        let rows = until("what took whose place", PATIENCE, async || {
            let rows = auditor.list("/api/audit?action=rules_live").await?;
            Ok((rows.len() > nth.min(2)).then_some(rows))
        })
        .await?;
        told = rows.iter().filter_map(|row| row["detail"].as_str().map(str::to_owned)).collect();
    }
    ensure!(told.len() == 3 && told[0] == told[2], "{told:?}");
    let (built_in, is_first) =
        (told[1].strip_suffix(" instead of bureau-1"), told[0].starts_with("version bureau-1"));
    ensure!(
        is_first && built_in.is_some_and(|version| told[0].ends_with(version.trim_start_matches("version "))),
        "{told:?}"
    );
    platform.is_whole().await
}

fn register(features: &[Value]) -> String {
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

fn area(name: &str, kind: &str, south: f64) -> Value {
    let (west, east, north) = (118.30, 118.302, south + 0.002);
    let ring = [[west, south], [east, south], [east, north], [west, north], [west, south]];
    json!({
        "type": "Feature", "id": format!("h-{name}"), "properties": { "name": name, "kind": kind },
        "geometry": { "type": "Polygon", "coordinates": [ring] },
    })
}

#[tokio::test]
async fn areas_of_a_register_are_brought_in_all_or_none() -> Result<()> {
    let platform = Platform::start().await?;
    let supervisor = platform.log_in("supervisor").await?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("hazards.geojson");
    let path = file.display().to_string();
    let names = async || -> Result<Vec<String>> {
        let zones = supervisor.list("/api/zones").await?;
        Ok(zones.iter().filter_map(|zone| zone["name"].as_str().map(str::to_owned)).collect())
    };
    let import = async |words: &[&str]| -> Result<(bool, String)> {
        let words = [&["zones", "import", "--demo", path.as_str()][..], words].concat();
        let output = platform.command_on_data(&words).await?;
        let out = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok((output.status.success(), format!("{out}{}", said(&output))))
    };
    let canal = names().await?;
    let (mut pit, quarry) = (area("pit", "hazard", 33.95), area("quarry", "hazard", 33.96));

    let mut open = area("river", "river", 33.97);
    open["geometry"]["coordinates"][0][4] = json!([118.3, 33.9705]);
    fs::write(&file, register(&[pit.clone(), open, quarry.clone()]))?;
    let (done, told) = import(&["--write"]).await?;
    ensure!(!done && told.contains("feature 2 (river)") && told.contains("ring 1 is open"), "{told}");
    ensure!(names().await? == canal, "none of them");

    fs::write(&file, register(&[pit.clone(), quarry.clone()]))?;
    let (done, told) = import(&[]).await?;
    ensure!(
        done && told.contains("2 areas") && told.contains("2 new, 0 changed") && told.contains("--write"),
        "{told}"
    );
    ensure!(names().await? == canal, "only tried");
    let (done, told) = import(&["--write"]).await?;
    ensure!(done && told.contains("brought in"), "{told}");
    ensure!(names().await?.len() == canal.len() + 2);

    pit["properties"]["name"] = json!("old pit");
    fs::write(&file, register(&[pit, quarry]))?;
    let (done, told) = import(&["--write"]).await?;
    ensure!(done && told.contains("0 new, 1 changed, 1 as they are"), "{told}");
    ensure!(names().await?.contains(&"old pit".to_owned()));
    let (done, told) = import(&["--write"]).await?;
    ensure!(done && told.contains("there is nothing to write"), "{told}");

    // What is written out is what is read, the canal that was drawn here included.
    let written = platform.command_on_data(&["zones", "export", "--demo"]).await?;
    ensure!(written.status.success(), "{}", said(&written));
    fs::write(&file, &written.stdout)?;
    let (done, told) = import(&["--write"]).await?;
    ensure!(done && told.contains("0 new, 0 changed, 3 as they are"), "{told}");
    platform.is_whole().await
}
