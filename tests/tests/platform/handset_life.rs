//! A handset's life: claimed, bound, swapped, retired, stolen; each step holds at once.

use anyhow::{Context as _, Result, ensure};
use reqwest::Client;
use serde_json::{Value, json};
use std::time::Duration;
use tests::{Account, Answer, PATIENCE, Platform, handset, until, wire::Wire};

async fn provision(platform: &Platform, code: &str) -> Result<Answer> {
    let request = Client::new().post(format!("{}/api/provision", platform.at.http));
    Answer::of(request.json(&json!({ "code": code }))).await
}

async fn claim(admin: &Account, handset: &str) -> Result<String> {
    let claim = admin.post(&format!("/api/handsets/{handset}/claim"), &json!({})).await?.ok()?;
    ensure!(claim["qr"] == format!("jjl-claim:{}", claim["code"].as_str().unwrap_or_default()), "{claim}");
    Ok(claim["code"].as_str().context("a code")?.to_owned())
}

/// Whether this secret opens the door.
async fn opens(platform: &Platform, handset: &str, secret: &str) -> Result<bool> {
    Ok(Wire::try_in(platform.mqtt_port()?, handset, secret).await?.is_some())
}

async fn line(admin: &Account, handset: &str) -> Result<Value> {
    let found = admin.list(&format!("/api/handsets?q={handset}")).await?;
    found.into_iter().find(|line| line["id"] == handset).context("it is listed")
}

#[tokio::test]
async fn a_new_handset_is_claimed_once_and_bound() -> Result<()> {
    let platform = Platform::start().await?;
    let admin = platform.log_in("admin").await?;
    let first = claim(&admin, "gps-0001").await?;
    let code = claim(&admin, "gps-0001").await?;
    ensure!(provision(&platform, &first).await?.is_problem(404), "a newer code makes it void");
    let given = provision(&platform, &format!("jjl-claim:{code}")).await?.ok()?;
    let secret = given["secret"].as_str().context("a secret")?;
    ensure!(given["handset"] == "gps-0001" && secret.len() == 64, "{given}");
    ensure!(opens(&platform, "gps-0001", secret).await? && !opens(&platform, "gps-0001", "gps-0001").await?);
    ensure!(provision(&platform, &code).await?.is_problem(404), "it is used up");
    let auditor = platform.log_in("auditor").await?;
    for (action, who, rows) in [("offer_claim", "admin", 2), ("provision", "gps-0001", 1)] {
        let found = auditor.list(&format!("/api/audit?subject=gps-0001&action={action}")).await?;
        let is_whole = |row: &Value| row["username"] == who && row["source"] == "127.0.0.1";
        ensure!(found.len() == rows && found.iter().all(is_whole), "{action}: {found:?}");
    }

    ensure!(admin.put("/api/handsets/gps-0001", &json!({ "resident": "r-0051" })).await?.status == 200);
    let swapped = line(&admin, "gps-0001").await?;
    ensure!(swapped["resident"]["id"] == "r-0051" && swapped["state"] == "active", "{swapped}");
    ensure!(admin.put("/api/handsets/gps-0001", &json!({ "resident": "r-0052" })).await?.status == 200);
    let history = admin.list("/api/handsets/gps-0001/bindings?").await?;
    ensure!(
        history.len() == 2 && history[1]["resident"] == "r-0051" && history[1]["to"].is_string(),
        "{history:?}"
    );
    let shown = auditor.list("/api/audit?action=list_bindings&resident=r-0051").await?;
    ensure!(shown.len() == 1, "found by whom it showed, though another carries it now: {shown:?}");
    let carried = admin.list("/api/residents/r-0051/handsets?").await?;
    let is_ended = carried[0]["handset"] == "gps-0001" && carried[0]["to"].is_string();
    ensure!(is_ended && carried[0]["kind"] == "handset" && carried[0]["from"].is_string(), "{carried:?}");
    ensure!(auditor.list("/api/audit?action=list_carried&resident=r-0051").await?.len() == 1);
    ensure!(admin.get("/api/residents/nobody/handsets").await?.is_problem(404));
    for (wrong, status) in [
        (json!({}), 422),
        (json!({ "resident": "nobody" }), 404),
        (json!({ "state": "lost" }), 422),
        (json!({ "resident": "r-0051", "state": "active" }), 422),
        (json!({ "heartbeat_s": 29 }), 422),
        (json!({ "heartbeat_s": 300, "state": "active" }), 422),
    ] {
        let answer = admin.put("/api/handsets/gps-0001", &wrong).await?;
        ensure!(answer.is_problem(status), "{wrong}: {answer:?}");
    }
    let odd = admin.post("/api/handsets/a%2Fb/claim", &json!({})).await?;
    ensure!(odd.is_problem(422), "{odd:?}");
    ensure!(admin.put("/api/handsets/none", &json!({ "state": "stolen" })).await?.is_problem(404));
    Ok(())
}

/// Where somebody was is not told of whoever carries their handset next, nor where that one is of them.
#[tokio::test]
async fn a_handset_that_is_given_on_takes_no_position_with_it() -> Result<()> {
    let platform = Platform::start().await?;
    let (admin, supervisor) = (platform.log_in("admin").await?, platform.log_in("supervisor").await?);
    let handset = platform.handset("demo-0052").await?;
    handset.publish("fix", handset::fix("b", 1).to_string()).await?;
    handset.press("before", "b", 2).await?;
    let position = async |resident: &str| {
        let card = supervisor.get(&format!("/api/residents/{resident}?reason=x")).await?.ok()?;
        anyhow::Ok(card["position"].clone())
    };
    until("a position", PATIENCE, async || Ok(position("r-0052").await?.is_object().then_some(()))).await?;
    ensure!(admin.put("/api/handsets/demo-0052", &json!({ "resident": "r-0053" })).await?.status == 200);
    ensure!(position("r-0053").await?.is_null(), "where the one before was");
    handset.press("after", "b", 3).await?;
    let of = async |resident: &str| {
        let open = supervisor.incidents("open").await?;
        Ok(open.into_iter().find(|incident| incident["resident"]["id"] == resident))
    };
    let next = until("the incident of the next", PATIENCE, async || of("r-0053").await).await?;
    ensure!(next["position"].is_null(), "{next}");
    handset.publish("fix", handset::fix("b", 4).to_string()).await?;
    let own = async || Ok(position("r-0053").await?.is_object().then_some(()));
    until("the own position", PATIENCE, own).await?;
    let before = of("r-0052").await?.context("the incident of the one before is open")?;
    let (told, moved) = (&before["position"]["fix_time"], position("r-0053").await?);
    ensure!(*told != moved["fix_time"], "where the next is, as if it were the one before: {before}");
    Ok(())
}

/// A handset of which nobody said anything is missed as is usual; one that has an interval of its own takes it along.
#[tokio::test]
async fn a_handset_is_missed_by_its_own_interval() -> Result<()> {
    let platform = Platform::start().await?;
    let (admin, supervisor) = (platform.log_in("admin").await?, platform.log_in("supervisor").await?);
    let record = json!({
        "id": "new-1", "name": "钱桂珍", "sex": "female", "birth_date": "1939-05-06", "lives_alone": true,
        "cognitive_impairment": false, "self_care": "partial", "division": "321302905001",
        "contacts": [{ "name": "钱敏", "relation": "女儿", "telephone": "13912345678" }]
    });
    ensure!(admin.post("/api/residents", &record).await?.status == 201);
    let policy = async || supervisor.get("/api/residents/new-1/policy?reason=x").await?.ok();
    let before = policy().await?;
    ensure!(before["watched"] == false && before["in_force"]["silence"] == false, "{before:#}");
    let path = "/api/handsets/demo-unbound";
    admin.put(path, &json!({ "resident": "new-1" })).await?.ok()?;
    let bound = policy().await?;
    ensure!(bound["watched"] == true && bound["in_force"]["silence"] == true, "as is usual: {bound:#}");
    ensure!(bound["heartbeat_s"].is_null() && bound["version"] == 0, "nobody said so: {bound:#}");
    // Watched live, although there is neither a policy nor a fence; what is told of brings the state to disk. A fix that comes before
    // the watch has heard of the binding tells it nothing, so there is another one each time.
    let handset = platform.handset("demo-unbound").await?;
    let mut seq = 0;
    until("its link", PATIENCE, async || {
        seq += 1;
        let mut fix = handset::fix("b", seq);
        fix["battery_pct"] = json!(8);
        handset.publish("fix", fix.to_string()).await?;
        Ok((policy().await?["link"] == "ok").then_some(()))
    })
    .await?;
    // Somebody says that nobody is to miss it; then how often it is heard.
    for (change, heartbeat_s, is_missed) in [
        (json!({ "heartbeat_s": 0 }), json!(0.0), false),
        (json!({ "heartbeat_s": 300 }), json!(300.0), true),
    ] {
        let changed = admin.put(path, &change).await?.ok()?;
        ensure!(changed["heartbeat_s"] == heartbeat_s && changed["resident"]["id"] == "new-1", "{changed:#}");
        ensure!(policy().await?["in_force"]["silence"] == is_missed, "{change}");
    }
    admin.put(path, &json!({ "resident": "r-0052" })).await?.ok()?;
    ensure!(policy().await?["in_force"]["silence"] == false, "nothing is carried any more");
    ensure!(line(&admin, "demo-unbound").await?["heartbeat_s"] == 300.0, "it goes with the handset");
    let usual = admin.put(path, &json!({ "usual_heartbeat": true })).await?.ok()?;
    ensure!(usual["heartbeat_s"].is_null(), "{usual:#}");
    Ok(())
}

/// Until the new secret logs in the old one opens the door: an old person is never left without.
#[tokio::test]
async fn a_new_secret_takes_the_old_ones_place_when_it_logs_in() -> Result<()> {
    let platform = Platform::start().await?;
    let admin = platform.log_in("admin").await?;
    let code = claim(&admin, "demo-0051").await?;
    ensure!(opens(&platform, "demo-0051", "demo-0051").await?);
    let mut wire =
        Wire::try_in(platform.mqtt_port()?, "demo-0051", "demo-0051").await?.context("it is let in")?;
    let lost = provision(&platform, &code).await?.ok()?;
    ensure!(opens(&platform, "demo-0051", "demo-0051").await?, "the answer may be lost on the way");
    let given = provision(&platform, &code).await?.ok()?;
    let own = given["secret"].as_str().context("a secret")?;
    ensure!(!opens(&platform, "demo-0051", lost["secret"].as_str().unwrap_or_default()).await?);
    let mut first = Wire::try_in(platform.mqtt_port()?, "demo-0051", own).await?.context("it is let in")?;
    wire.ended().await.context("who is in with the old secret is sent away")?;
    // Longer than it takes until a change is followed: the very log-in that made it stays.
    tokio::time::sleep(Duration::from_secs(1)).await;
    first.publish("jjl/demo-0051/status", 1, 1, b"{}").await.context("who brought the new secret stays")?;
    ensure!(!opens(&platform, "demo-0051", "demo-0051").await?);
    ensure!(opens(&platform, "demo-0051", own).await?);
    ensure!(provision(&platform, &code).await?.is_problem(404), "it is used up");
    Ok(())
}

#[tokio::test]
async fn a_stolen_handset_is_cut_off_at_once_and_a_retired_one_may_still_press() -> Result<()> {
    let platform = Platform::start().await?;
    let (admin, operator) = (platform.log_in("admin").await?, platform.log_in("operator").await?);
    let mut wire =
        Wire::try_in(platform.mqtt_port()?, "demo-0061", "demo-0061").await?.context("it is let in")?;
    ensure!(
        admin.put("/api/handsets/demo-0061", &json!({ "state": "stolen" })).await?.ok()?["resident"]
            .is_null()
    );
    wire.ended().await?;
    ensure!(!opens(&platform, "demo-0061", "demo-0061").await?);
    let bound = admin.put("/api/handsets/demo-0061", &json!({ "resident": "r-0061" })).await?;
    ensure!(bound.is_problem(409), "{bound:?}");
    ensure!(admin.put("/api/handsets/demo-0061", &json!({ "state": "active" })).await?.status == 200);
    ensure!(opens(&platform, "demo-0061", "demo-0061").await?, "it was found again");
    ensure!(admin.put("/api/handsets/demo-0061", &json!({ "state": "stolen" })).await?.status == 200);
    let given = provision(&platform, &claim(&admin, "demo-0061").await?).await?.ok()?;
    ensure!(admin.put("/api/handsets/demo-0061", &json!({ "state": "active" })).await?.status == 200);
    ensure!(!opens(&platform, "demo-0061", "demo-0061").await?, "the thief comes before the new secret");
    ensure!(opens(&platform, "demo-0061", given["secret"].as_str().context("a secret")?).await?);

    ensure!(admin.put("/api/handsets/demo-0062", &json!({ "state": "retired" })).await?.status == 200);
    platform.handset("demo-0062").await?.press("drawer", "b", 1).await?;
    let incident =
        until("its incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    ensure!(incident["handset"] == "demo-0062" && incident["resident"].is_null(), "{incident}");
    Ok(())
}

/// Guesses at a handset's secret keep nobody out who knows it.
#[tokio::test]
async fn guessing_locks_no_handset_out() -> Result<()> {
    let platform = Platform::start().await?;
    for guess in 0..30 {
        ensure!(!opens(&platform, "demo-0071", &format!("guess-{guess}")).await?);
    }
    platform.handset("demo-0071").await?.press("all the same", "b", 1).await?;
    Ok(())
}

/// A telephone shows nothing but an id; stolen, that opens nothing either.
#[tokio::test]
async fn a_stolen_telephone_is_cut_off_too() -> Result<()> {
    let platform = Platform::start().await?;
    let admin = platform.log_in("admin").await?;
    let url = format!("{}/osmand?id=demo-osmand-4f7c2a9e51d803b6&lat=33.961&lon=118.281", platform.at.http);
    ensure!(reqwest::get(&url).await?.status() == 200);
    ensure!(admin.put("/api/handsets/demo-phone", &json!({ "state": "stolen" })).await?.status == 200);
    let refused = reqwest::get(&url).await?.status();
    ensure!(refused.is_client_error(), "{refused}");
    let refused = reqwest::get(format!("{url}&alarm=sos")).await?.status();
    ensure!(refused.is_client_error(), "{refused}");
    let kept = admin.list("/api/quarantine").await?;
    let call = kept.iter().find(|item| item["handset"] == "demo-phone").context("its call is looked at")?;
    ensure!(call["reason"].as_str().is_some_and(|reason| reason.contains("reported stolen")), "{call}");
    let operator = platform.log_in("operator").await?;
    until("that it goes on speaking is told", PATIENCE, async || {
        let told = operator.list("/api/technical?").await?;
        let is_told = |line: &Value| line["kind"] == "login_refused" && line["handsets"][0] == "demo-phone";
        Ok(told.iter().any(is_told).then_some(()))
    })
    .await
}
