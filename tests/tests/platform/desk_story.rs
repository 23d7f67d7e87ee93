//! What the desk does while an incident is at work, and what becomes of it when somebody does not.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::time::Duration;
use tests::{Account, Live, PATIENCE, Platform, press, until};

const RESIDENT: &str = "r-0001";
const HANDSET: &str = "demo-0001";

async fn newest(operator: &Account) -> Result<Value> {
    until("an incident", PATIENCE, async || Ok(operator.incidents("open").await?.into_iter().next())).await
}

async fn pressed(platform: &Platform, handset: &str, name: &str) -> Result<()> {
    platform.handset(handset).await?.press(name, "b", 1).await.map(drop)
}

#[tokio::test]
async fn a_second_press_sounds_until_it_is_confirmed_and_closing_needs_a_voice() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let handset = platform.handset(HANDSET).await?;
    handset.press("p-1", "b", 1).await?;
    let incident = operator.claim(&newest(&operator).await?).await?.ok()?;
    handset.press("p-2", "b", 2).await?;
    let joined = operator.incident(&incident["id"]).await?;
    ensure!(
        joined["sounding"] == true && joined["awaiting"] == json!([joined["signals"][1]["id"]]),
        "{joined}"
    );
    let noted = operator.act("note", &joined, json!({ "text": "在打电话" })).await?.ok()?;
    ensure!(
        noted["sounding"] == true && noted["awaiting"] == joined["awaiting"],
        "a note is not it: {noted}"
    );
    ensure!(operator.close_at_once(&noted).await?.body["code"] == "unconfirmed");
    let confirmed = operator.act("confirm", &noted, json!({ "signals": noted["awaiting"] })).await?.ok()?;
    ensure!(confirmed["sounding"] == false && confirmed["awaiting"] == json!([]), "{confirmed}");

    ensure!(operator.close_at_once(&confirmed).await?.body["code"] == "no_contact");
    let rang = json!({ "step": "ring_resident", "outcome": "no_answer" });
    let rang = operator.act("step", &confirmed, rang).await?.ok()?;
    let states: Vec<_> = rang["plan"].as_array().into_iter().flatten().map(|step| &step["state"]).collect();
    ensure!(states == ["done", "current", "current", "pending"], "somebody must be sent: {}", rang["plan"]);
    ensure!(operator.close_at_once(&rang).await?.body["code"] == "no_contact");
    ensure!(supervisor.close_at_once(&rang).await?.status == 200, "a supervisor answers for it");
    Ok(())
}

#[tokio::test]
async fn a_holder_whose_link_is_gone_is_missed_and_taken_over_from() -> Result<()> {
    let platform = Platform::start().await?;
    let holder = platform.log_in("operator").await?;
    let screen = Live::open(&holder, None).await?;
    pressed(&platform, HANDSET, "p-1").await?;
    let incident = holder.claim(&newest(&holder).await?).await?.ok()?;
    let other = platform.log_in("operator2").await?;
    screen.vanish();
    let lost = until("the holder to be missed", Duration::from_mins(2), async || {
        let now = other.incident(&incident["id"]).await?;
        Ok((now["holder_lost"] == true).then_some(now))
    })
    .await?;
    ensure!(
        lost["sounding"] == true && lost["holder"]["username"] == "operator",
        "named until taken: {lost}"
    );
    let taken = other.claim(&lost).await?.ok()?;
    ensure!(taken["holder"]["username"] == "operator2" && taken["holder_lost"] == false, "{taken}");
    let kinds: Vec<Value> =
        other.events(&incident["id"]).await?.into_iter().map(|event| event["kind"].clone()).collect();
    ensure!(kinds == ["opened", "claimed", "holder_lost", "claimed"], "{kinds:?}");
    Ok(())
}

#[tokio::test]
async fn a_relative_answers_and_the_desk_sees_it() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, family) = (platform.log_in("operator").await?, platform.log_in("relative").await?);
    let screen = Live::open(&operator, None).await?;
    pressed(&platform, HANDSET, "p-1").await?;
    let incident = newest(&operator).await?;
    let path = format!("/api/incidents/{}/answer", incident["id"].as_str().context("an id")?);
    ensure!(family.post(&path, &json!({ "answer": "other" })).await?.is_problem(422), "say what");
    ensure!(operator.post(&path, &json!({ "answer": "coming" })).await?.is_problem(403));
    let answer = family.post(&path, &json!({ "answer": "coming" })).await?;
    ensure!(
        answer.status == 200 && answer.body == json!({ "answer": "coming" }),
        "no word of the desk: {answer:?}"
    );
    screen.next_incident("the answer", PATIENCE, |seen| seen["version"] == 2).await?;
    let events = operator.events(&incident["id"]).await?;
    ensure!(events[1]["kind"] == "answered" && events[1]["by"] == "relative", "{events:?}");
    ensure!(operator.incident(&incident["id"]).await?["state"] == "raised", "it ends nothing");
    Ok(())
}

#[tokio::test]
async fn a_drill_runs_apart_and_the_real_thing_never_joins_it() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let due = operator.list("/api/drills/due?reason=walk").await?;
    ensure!(due.iter().any(|one| one["resident"]["id"] == RESIDENT && one["last_at"].is_null()), "{due:?}");
    let path = format!("/api/handsets/{HANDSET}/drill");
    let before = tests::clock::now().to_string();
    ensure!(operator.post(&path, &json!({ "minutes": 500 })).await?.is_problem(422));
    ensure!(operator.post(&path, &json!({ "minutes": 5 })).await?.status == 201);
    let handset = platform.handset(HANDSET).await?;
    let mut test = press("d-1", "b", 1);
    test["pressed_at"] = Value::Null;
    handset.publish("press", test.to_string()).await?;
    let drill = newest(&operator).await?;
    ensure!(drill["drill"] == true, "{drill}");
    let heard = handset.stage("received").await?;
    let say = heard.payload["say"].as_str().unwrap_or_default();
    ensure!(say.starts_with("演练：已收到您的求助"), "she knows that it is none: {heard:?}");
    // Pressed before the window was opened: real, whatever is going on.
    let mut early = press("p-1", "b", 2);
    early["pressed_at"] = json!(before);
    handset.publish("press", early.to_string()).await?;
    let real = until("the real one", PATIENCE, async || {
        Ok(operator.incidents("open").await?.into_iter().find(|one| one["drill"] == false))
    })
    .await?;
    ensure!(real["signals"].as_array().map(Vec::len) == Some(1), "{real}");
    ensure!(operator.delete(&path).await?.status == 204);
    let mut late = press("p-2", "b", 3);
    late["pressed_at"] = Value::Null;
    handset.publish("press", late.to_string()).await?;
    until("a press after the window joins what is real", PATIENCE, async || {
        let now = operator.incident(&real["id"]).await?;
        Ok((now["signals"].as_array().map(Vec::len) == Some(2)).then_some(()))
    })
    .await?;
    let drill = operator.claim(&operator.incident(&drill["id"]).await?).await?.ok()?;
    ensure!(operator.close_at_once(&drill).await?.status == 200, "nobody need be rung for a drill");
    let due = operator.list("/api/drills/due?reason=walk").await?;
    ensure!(!due.iter().any(|one| one["resident"]["id"] == RESIDENT), "tried now");
    let refused = operator.post(&path, &json!({ "minutes": 5 })).await?;
    ensure!(
        refused.is_problem(409) && refused.body["code"] == "incident_open",
        "she is in need: {refused:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_window_ends_with_its_drill() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let opened = operator.post(&format!("/api/handsets/{HANDSET}/drill"), &json!({ "minutes": 60 })).await?;
    ensure!(opened.status == 201, "{opened:?}");
    let handset = platform.handset(HANDSET).await?;
    for (id, seq, is_drill) in [("d-1", 1, true), ("p-1", 2, false)] {
        let mut press = press(id, "b", seq);
        press["pressed_at"] = Value::Null;
        handset.publish("press", press.to_string()).await?;
        let incident = newest(&operator).await?;
        ensure!(incident["drill"] == is_drill, "{incident}");
        let claimed = operator.claim(&incident).await?.ok()?;
        operator.close(&claimed).await?.ok()?;
    }
    ensure!(operator.list("/api/drills/windows?").await?.is_empty());
    Ok(())
}

/// While somebody may have to be rung back the number is whole to who asks for it; on screens and in the records only its end is.
#[tokio::test]
async fn of_a_callers_number_the_end_is_left_once_it_is_over() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let screen = Live::open(&operator, None).await?;
    let call = json!({ "number": "139 0000-1234", "call_id": "c-1" });
    let opened = operator.post("/api/calls", &call).await?.ok()?;
    let (shown, _) =
        screen.next_incident("the call", PATIENCE, |seen| seen["id"] == opened["incident"]).await?;
    ensure!(shown["signals"][0]["caller"] == "****1234", "{shown}");
    let incident = operator.incident(&opened["incident"]).await?;
    ensure!(incident["signals"][0]["caller"] == "139 0000-1234", "{incident}");
    let not_theirs = platform.log_in("admin").await?.incident(&opened["incident"]).await?;
    ensure!(not_theirs["signals"][0]["caller"] == "****1234", "{not_theirs}");
    let handover = format!("/api/incidents/{}/file?part=handover", incident["id"].as_str().context("an id")?);
    let page = operator.request(reqwest::Method::GET, &handover).send().await?.text().await?;
    ensure!(page.contains("139 0000-1234"), "who takes over may have to ring back: {page}");
    let database = platform.database()?;
    let written_ahead = format!("{}-wal", database.display());
    for file in [database, written_ahead.into()] {
        let held = std::fs::read(&file).unwrap_or_default();
        let is_plain = held.windows(13).any(|part| part == b"139 0000-1234");
        ensure!(!is_plain, "{} holds the number", file.display());
    }
    let claimed = operator.claim(&incident).await?.ok()?;
    ensure!(claimed["signals"][0]["caller"] == "****1234", "{claimed}");
    ensure!(operator.close(&claimed).await?.status == 200);
    let closed = operator.incident(&incident["id"]).await?;
    ensure!(closed["signals"][0]["caller"] == "****1234", "{closed}");
    let path = format!("/api/incidents/{}/file", closed["id"].as_str().context("an id")?);
    let page = operator.request(reqwest::Method::GET, &path).send().await?.text().await?;
    ensure!(page.contains("****1234") && !page.contains("0000-1234"), "{page}");
    // Nor does whoever looks for a number leave more of it behind.
    operator.list("/api/residents?q=139%200000-1234").await?;
    let looks = platform.log_in("auditor").await?.list("/api/audit?action=list_residents").await?;
    let detail = looks.first().and_then(|look| look["detail"].as_str()).context("a row")?;
    ensure!(detail.contains("****1234") && !detail.contains("139"), "{detail}");
    Ok(())
}

#[tokio::test]
async fn an_exchange_announces_who_rings() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let screen = Live::open(&operator, None).await?;
    pressed(&platform, HANDSET, "p-1").await?;
    let card = operator.get(&format!("/api/residents/{RESIDENT}")).await?.ok()?;
    let number = card["telephone"].as_str().context("a telephone")?;
    let call = json!({ "number": number, "call_id": "c-1" });
    let answer = operator.post("/api/calls", &call).await?;
    ensure!(answer.status == 201 && answer.body["known"] == true, "{answer:?}");
    let (seen, _) = screen
        .next_incident("the caller's card", PATIENCE, |seen| seen["signals"][1]["kind"] == "call")
        .await?;
    ensure!(seen["resident"]["id"] == RESIDENT && seen["id"] == answer.body["incident"], "{seen}");
    ensure!(operator.post("/api/calls", &call).await?.body == answer.body, "announced twice it is one call");
    ensure!(operator.incident(&seen["id"]).await?["signals"].as_array().map(Vec::len) == Some(2));
    let stranger = json!({ "number": "99999999", "call_id": "c-2" });
    let unknown = operator.post("/api/calls", &stranger).await?.ok()?;
    ensure!(unknown["known"] == false && unknown["incident"] != seen["id"], "{unknown}");
    // It turns out that the stranger rang about the same person.
    let other = operator.incident(&unknown["incident"]).await?;
    ensure!(other["signals"][0]["remarks"] == json!(["unknown_caller"]), "{other}");
    let claimed = operator.claim(&operator.incident(&seen["id"]).await?).await?.ok()?;
    let path = |act: &str| format!("/api/incidents/{}/{act}", seen["id"].as_str().unwrap_or_default());
    let keyed = async |act: &str, key: &str, body: &Value| {
        let request = operator.request(reqwest::Method::POST, &path(act)).header("Idempotency-Key", key);
        tests::Answer::of(request.json(body)).await
    };
    let together = json!({ "expected_version": claimed["version"], "from": other["id"] });
    let merged = keyed("merge", "k-1", &together).await?.ok()?;
    let again = keyed("merge", "k-1", &together).await?.ok()?;
    ensure!(again["version"] == merged["version"], "sent twice, done once: {again}");
    let ended = operator.incident(&other["id"]).await?;
    let reopened = operator.act("reopen", &ended, json!({ "reason": "还有事" })).await?;
    ensure!(reopened.is_problem(409) && reopened.body["code"] == "merged", "{reopened:?}");
    ensure!(merged["signals"].as_array().map(Vec::len) == Some(3), "{merged}");
    ensure!(operator.incident(&other["id"]).await?["state"] == "closed");
    // And that the second call was about somebody else after all.
    let call = merged["signals"][1]["id"].clone();
    let parts = json!({ "expected_version": merged["version"], "signals": [call], "resident": "r-0002" });
    let apart = keyed("split", "k-2", &parts).await?.ok()?;
    ensure!(keyed("split", "k-2", &parts).await?.ok()?["id"] == apart["id"], "sent twice, done once");
    let other_request = json!({ "expected_version": 1, "signals": [call], "resident": "r-0003" });
    ensure!(keyed("split", "k-2", &other_request).await?.body["code"] == "idempotency_key_reused");
    ensure!(apart["resident"]["id"] == "r-0002" && apart["state"] == "raised", "{apart}");
    let left = operator.incident(&seen["id"]).await?;
    ensure!(left["signals"].as_array().map(Vec::len) == Some(2), "{left}");
    Ok(())
}

/// An exchange that counts its lines calls each call on one of them the same.
#[tokio::test]
async fn a_call_under_a_name_that_was_used_before_is_a_call() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let ring = async |number: &str| {
        let call = json!({ "number": number, "call_id": "1" });
        anyhow::Ok(operator.post("/api/calls", &call).await?.ok()?["incident"].clone())
    };
    let first = ring("99999991").await?;
    ensure!(ring("999 999 91").await? == first, "announced again it is one call");
    let other = ring("99999992").await?;
    ensure!(other != first, "somebody else rings on the same line");
    ensure!(ring("99999992").await? == other);
    let claimed = operator.claim(&operator.incident(&first).await?).await?.ok()?;
    operator.close(&claimed).await?.ok()?;
    let again = ring("99999991").await?;
    ensure!(again != first && again != other, "whoever rings again once it is over");
    let incident = operator.incident(&again).await?;
    ensure!(incident["state"] == "raised", "{incident}");
    ensure!(incident["signals"][0]["remarks"] == json!(["unknown_caller", "id_reused"]), "{incident}");
    ensure!(ring("99999991").await? == again, "and is announced again");
    ensure!(operator.incidents("open").await?.len() == 2);
    Ok(())
}

#[tokio::test]
async fn whom_it_was_about_and_whom_it_is_stands_in_its_story_and_on_record() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, auditor) = (platform.log_in("operator").await?, platform.log_in("auditor").await?);
    pressed(&platform, HANDSET, "p-1").await?;
    let incident = operator.claim(&newest(&operator).await?).await?.ok()?;
    let identified = operator.act("resident", &incident, json!({ "resident": "r-0002" })).await?.ok()?;
    ensure!(identified["resident"]["id"] == "r-0002", "{identified}");
    let events = format!("/api/incidents/{}/events", incident["id"].as_str().context("an id")?);
    let told = operator.get(&events).await?.ok()?;
    let of_it = told["items"].as_array().into_iter().flatten().find(|event| event["kind"] == "identified");
    let text = of_it.and_then(|event| event["text"].as_str()).context("whom it is")?;
    let (was, is) = text.split_once(" → ").context("whom it was")?;
    let name = identified["resident"]["name"].as_str().context("a name")?;
    ensure!(was.ends_with("（r-0001）") && is == format!("{name}（r-0002）"), "{text}, {name}");
    let looks = auditor.list("/api/audit?action=identify").await?;
    let details: Vec<&Value> = looks.iter().map(|look| &look["detail"]).collect();
    let whom = ["this is whom it is about; about r-0002", "it is about somebody else; about r-0001"];
    ensure!(details == whom, "{looks:?}");
    // That a service was told is done by the handing over alone, and that somebody was sent by the sending.
    for (step, code) in [("hand_over", "by_handing_over"), ("send_station", "by_sending")] {
        let mark = json!({ "step": step, "outcome": "done", "text": "已联系" });
        let refused = operator.act("step", &identified, mark).await?;
        ensure!(refused.is_problem(422) && refused.body["code"] == code, "{refused:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_ladder_that_leaves_somebody_unheard_is_refused_and_a_good_one_runs() -> Result<()> {
    let mut platform = Platform::start().await?;
    let (supervisor, operator) = (platform.log_in("supervisor").await?, platform.log_in("operator").await?);
    ensure!(operator.get("/api/ladder").await?.is_problem(403));
    let text = supervisor.get("/api/ladder").await?.ok()?["text"].as_str().context("a text")?.to_owned();
    let bad = text.replacen("[\"everyone\", \"roster\"]", "[\"everyone\"]", 1);
    let refused = supervisor.put("/api/ladder", &json!({ "text": bad })).await?;
    let detail = refused.body["detail"].as_str().unwrap_or_default().to_owned();
    ensure!(
        refused.is_problem(422) && detail.contains("line 22") && detail.contains("telephone"),
        "{detail}"
    );
    let line = &refused.body["problems"][0];
    ensure!(
        line["line"] == 22 && line["what"].as_str().is_some_and(|what| detail.contains(what)),
        "{refused:?}"
    );
    let quick = text.replace("after_s = 30", "after_s = 5");
    ensure!(supervisor.put("/api/ladder", &json!({ "text": quick })).await?.status == 200);
    let staff = platform.log_in("station").await?;
    let _screen = Live::open(&staff, None).await?;
    pressed(&platform, HANDSET, "p-1").await?;
    let asked = until("the nearest station to be asked", Duration::from_secs(25), async || {
        let now = newest(&operator).await?;
        Ok((now["tasks"].as_array().map(Vec::len) == Some(1)).then_some(now))
    })
    .await?;
    ensure!(
        asked["holder"].is_null() && asked["state"] == "raised" && asked["tasks"][0]["state"] == "offered"
    );
    // A text that cannot run, put there behind the platform's back: the last good one runs, and it is said.
    platform.stop().await?;
    tests::tools::sqlite(
        &platform.data(),
        "INSERT INTO ladders (text, saved_at_us, saved_by) VALUES ('[[rule', 1, 'somebody')",
    )?;
    platform.restart().await?;
    let health = platform.health().await?;
    let said =
        health["problems"].as_array().into_iter().flatten().find(|one| one["code"] == "ladder_refused");
    ensure!(said.is_some_and(|one| one["detail"].to_string().contains("the last good one")), "{health}");
    let supervisor = platform.log_in("supervisor").await?;
    let runs = supervisor.get("/api/ladder").await?.ok()?;
    ensure!(runs["text"] == quick && runs["refused"][0]["line"] == 1, "{runs}");
    // None of them can run: the built-in one does, and it is said.
    platform.stop().await?;
    tests::tools::sqlite(&platform.data(), "UPDATE ladders SET text = '[[rule'")?;
    platform.restart().await?;
    let health = platform.health().await?;
    let said =
        health["problems"].as_array().into_iter().flatten().find(|one| one["code"] == "ladder_refused");
    ensure!(said.is_some_and(|one| one["detail"].to_string().contains("the built-in one")), "{health}");
    let (supervisor, operator) = (platform.log_in("supervisor").await?, platform.log_in("operator").await?);
    let runs = supervisor.get("/api/ladder").await?.ok()?;
    ensure!(runs["text"] == text && runs["saved_at"].is_null() && runs["refused"][0]["line"] == 1, "{runs}");
    pressed(&platform, "demo-0002", "p-2").await?;
    let opened = until("the other incident", PATIENCE, async || {
        Ok(operator.incidents("open").await?.into_iter().find(|one| one["handset"] == "demo-0002"))
    })
    .await?;
    let time = |field: &str| tests::clock::parse(&opened[field]);
    let first_s = time("deadline_at")?.duration_since(time("opened_at")?).as_secs_f64();
    ensure!((28.0..=30.0).contains(&first_s), "its first step comes after 30 s, not after {first_s} s");
    Ok(())
}
