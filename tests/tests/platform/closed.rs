//! Closed incidents are records: whoever had no part in one says why they open it, and a supervisor reads that.

use crate::{
    relatives::{RESIDENT, press},
    station_story::tell,
};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use tests::{Account, Platform};

pub(crate) async fn closed(
    platform: &Platform,
    operator: &Account,
    press_id: &str,
    seq: u64,
) -> Result<Value> {
    let incident = press(platform, operator, press_id, seq).await?;
    let claimed = operator.claim(&incident).await?.ok()?;
    operator.close(&claimed).await?.ok()
}

#[tokio::test]
async fn a_closed_incident_is_opened_for_a_recorded_reason() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, other) = (platform.log_in("operator").await?, platform.log_in("operator2").await?);
    let (supervisor, admin) = (platform.log_in("supervisor").await?, platform.log_in("admin").await?);
    let incident = closed(&platform, &operator, "p-1", 1).await?;
    let path = format!("/api/incidents/{}", incident["id"].as_str().context("an id")?);
    for part in ["", "/events", "/notices", "/commands", "/responders", "/file", "/file?part=handover"] {
        let own = operator.request(reqwest::Method::GET, &format!("{path}{part}")).send().await?;
        ensure!(own.status() == 200, "{part}: who closed it just now");
        for account in [&other, &supervisor] {
            let asked = account.get(&format!("{path}{part}")).await?;
            ensure!(asked.is_problem(403) && asked.body["code"] == "reason_required", "{part}: {asked:?}");
        }
        let joint = if part.contains('?') { '&' } else { '?' };
        let blank = other.get(&format!("{path}{part}{joint}reason=%20")).await?;
        ensure!(blank.is_problem(403), "{part}: {blank:?}");
        let told = other.request(reqwest::Method::GET, &format!("{path}{part}{joint}reason=complaint"));
        ensure!(told.send().await?.status() == 200, "{part}");
    }
    ensure!(
        admin.get(&path).await?.is_problem(403)
            && admin.get(&format!("{path}?reason=x")).await?.status == 200
    );
    let looks = supervisor.list("/api/looks").await?;
    let of_other: Vec<&Value> = looks.iter().filter(|look| look["username"] == "operator2").collect();
    ensure!(of_other.len() == 1, "its parts are one look: {looks:?}");
    ensure!(of_other[0]["reason"] == "complaint" && of_other[0]["resident"] == RESIDENT, "{looks:?}");
    ensure!(of_other[0]["action"] == "read_incident", "{looks:?}");
    let auditor = platform.log_in("auditor").await?;
    let rows = auditor.list("/api/audit?username=operator2&action=read_incident").await?;
    let detail = rows[0]["detail"].as_str().context("a detail")?;
    ensure!(detail == format!("with position: complaint; about {RESIDENT}"), "{rows:?}");

    // In a list it stands without the person.
    let listed = other.incidents("closed").await?;
    let name = incident["resident"]["name"].as_str().context("a name")?;
    ensure!(listed.len() == 1 && listed[0]["id"] == incident["id"], "{listed:?}");
    ensure!(!listed[0].to_string().contains(name) && listed[0]["position"].is_null(), "{listed:?}");
    let own = operator.incidents("closed").await?;
    ensure!(own[0]["resident"]["name"] == name, "who had a part in it: {own:?}");
    Ok(())
}

/// A call entered by hand opens a card without a reason, so one for which nobody was sent is looked at.
#[tokio::test]
async fn a_call_by_hand_that_came_to_nothing_is_reviewed() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, other) = (platform.log_in("operator").await?, platform.log_in("operator2").await?);
    let supervisor = platform.log_in("supervisor").await?;
    let call = |resident: &str, words: &str| json!({ "kind": "call", "resident": resident, "caller": "x", "words": words });
    let opened = operator.post("/api/incidents", &call(RESIDENT, "想看看")).await?.ok()?;
    let claimed = other.claim(&opened).await?.ok()?;
    ensure!(supervisor.list("/api/looks").await?.is_empty(), "as long as it is open it is work");
    other.close(&claimed).await?.ok()?;
    let looks = supervisor.list("/api/looks").await?;
    ensure!(looks.len() == 1 && looks[0]["action"] == "open_call", "{looks:?}");
    ensure!(
        looks[0]["username"] == "operator" && looks[0]["reason"] == "想看看",
        "who entered it: {looks:?}"
    );
    // Somebody was sent, as another hand than the caller's wrote down; a handset pressed; an exchange announced it.
    let given = json!({ "to": "120", "words": "髋部疼痛" });
    let opened = operator.post("/api/incidents", &call("r-0022", "摔倒了")).await?.ok()?;
    let claimed = other.claim(&opened).await?.ok()?;
    other.close(&other.act("handover", &claimed, given.clone()).await?.ok()?).await?.ok()?;
    closed(&platform, &operator, "p-1", 1).await?;
    ensure!(supervisor.list("/api/looks").await?.len() == 1);
    // What the same hand typed is no proof that anybody was.
    let opened = operator.post("/api/incidents", &call("r-0023", "头晕")).await?.ok()?;
    let claimed = operator.claim(&opened).await?.ok()?;
    operator.close(&operator.act("handover", &claimed, given).await?.ok()?).await?.ok()?;
    let looks = supervisor.list("/api/looks").await?;
    ensure!(looks.len() == 2 && looks.iter().any(|look| look["reason"] == "头晕"), "{looks:?}");
    Ok(())
}

/// A station that was asked and sent back at once went nowhere; one that said it goes did.
#[tokio::test]
async fn a_call_by_hand_is_spared_by_a_station_that_goes() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let station = platform.log_in("station").await?;
    for (resident, words, goes) in [("r-0022", "想看看", false), ("r-0023", "摔倒了", true)] {
        let call = json!({ "kind": "call", "resident": resident, "caller": "x", "words": words });
        let opened = operator.post("/api/incidents", &call).await?.ok()?;
        let claimed = operator.claim(&opened).await?.ok()?;
        let asked = json!({ "stations": ["s-xingfu"], "note": "" });
        let mut task = operator.act("dispatch", &claimed, asked).await?.ok()?["tasks"][0].clone();
        if goes {
            for act in ["acknowledge", "on-scene"] {
                task = tell(&station, &task, act, json!({})).await?.ok()?;
            }
            tell(&station, &task, "finish", json!({ "result": "扶起来了" })).await?.ok()?;
        } else {
            tell(&operator, &task, "withdraw", json!({ "reason": "不用了" })).await?.ok()?;
        }
        operator.close(&operator.incident(&opened["id"]).await?).await?.ok()?;
    }
    let looks = supervisor.list("/api/looks").await?;
    ensure!(looks.len() == 1 && looks[0]["reason"] == "想看看", "{looks:?}");
    Ok(())
}

/// What is reviewed of it is written with the closing: where it cannot be, nothing is closed.
#[tokio::test]
async fn a_call_by_hand_is_closed_and_reviewed_in_one() -> Result<()> {
    let mut platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let call = json!({ "kind": "call", "resident": RESIDENT, "caller": "x", "words": "想看看" });
    let opened = operator.post("/api/incidents", &call).await?.ok()?;
    let claimed = operator.claim(&opened).await?.ok()?;
    platform.stop().await?;
    let trigger = "CREATE TRIGGER no_look BEFORE INSERT ON looks BEGIN SELECT RAISE(ABORT, 'no look'); END";
    tests::tools::sqlite(&platform.data(), trigger)?;
    platform.restart().await?;
    let operator = platform.log_in("operator").await?;
    let refused = operator.close_at_once(&operator.incident(&claimed["id"]).await?).await?;
    ensure!(refused.is_problem(503), "{refused:?}");
    let still = operator.incident(&claimed["id"]).await?;
    ensure!(still["state"] == "claimed" && still["closed"].is_null(), "{still}");
    platform.stop().await?;
    tests::tools::sqlite(&platform.data(), "DROP TRIGGER no_look")?;
    platform.restart().await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    operator.close_at_once(&operator.incident(&claimed["id"]).await?).await?.ok()?;
    let looks = supervisor.list("/api/looks").await?;
    ensure!(looks.len() == 1 && looks[0]["action"] == "open_call", "{looks:?}");
    Ok(())
}

/// Whoever asks for more than a copy names, asks for a range; a session that read the log about somebody is in their copy.
#[tokio::test]
async fn a_copy_of_looks_has_a_range_and_those_at_the_log() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let admin = platform.log_in("admin").await?;
    ensure!(operator.get(&format!("/api/residents/{RESIDENT}?reason=first")).await?.status == 200);
    supervisor.list(&format!("/api/audit?resident={RESIDENT}")).await?;
    supervisor.list("/api/audit?resident=r-0022").await?;
    let copy = async |more: &str| {
        let path = format!("/api/residents/{RESIDENT}/export?part=looks&reason=x{more}");
        anyhow::Ok(admin.request(reqwest::Method::GET, &path).send().await?.text().await?)
    };
    let whole = copy("").await?;
    ensure!(whole.contains("first"), "{whole}");
    ensure!(whole.matches("read_audit").count() == 1, "one was about somebody else: {whole}");
    ensure!(!copy("&to=2020-01-01T00:00:00Z").await?.contains("first"));
    ensure!(!copy("&from=2099-01-01T00:00:00Z").await?.contains("first"));
    ensure!(copy("&from=2020-01-01T00:00:00Z&to=2099-01-01T00:00:00Z").await?.contains("first"));
    let wrong = format!("/api/residents/{RESIDENT}/export?part=looks&reason=x&from=yesterday");
    ensure!(admin.get(&wrong).await?.is_problem(400));
    Ok(())
}

/// What is not a station's own is nowhere in its list, and cannot be told from what is not there.
#[tokio::test]
async fn a_station_reads_its_own_incidents_alone() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, station) = (platform.log_in("operator").await?, platform.log_in("station").await?);
    let older = press(&platform, &operator, "p-1", 1).await?;
    let claimed = operator.claim(&older).await?.ok()?;
    operator.act("dispatch", &claimed, json!({ "stations": ["s-xingfu"], "note": "" })).await?.ok()?;
    let call = json!({ "kind": "call", "resident": "r-0022", "caller": "x", "words": "x" });
    let newer = operator.post("/api/incidents", &call).await?.ok()?;
    let page = station.get("/api/incidents?limit=1").await?.ok()?;
    ensure!(page["items"].as_array().is_some_and(|items| items.len() == 1), "no empty page first: {page}");
    ensure!(page["items"][0]["id"] == older["id"], "{page}");
    let id = newer["id"].as_str().context("an id")?;
    ensure!(!page.to_string().contains(id), "the end of it names no other: {page}");
    ensure!(station.incidents("all").await?.len() == 1 && station.incidents("closed").await?.is_empty());
    for part in ["", "/events", "/file"] {
        let others = station.get(&format!("/api/incidents/{id}{part}")).await?;
        let unknown = station.get(&format!("/api/incidents/none{part}")).await?;
        ensure!(
            (others.status, &others.body) == (unknown.status, &unknown.body),
            "{part}: {others:?} {unknown:?}"
        );
        ensure!(others.is_problem(403), "{part}: {others:?}");
    }
    Ok(())
}
