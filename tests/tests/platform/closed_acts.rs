//! A closed incident stays a record: no live screen, no act on it and no name put into another opens what is asked for with a reason.

use crate::{
    closed::closed,
    enrolment::{ELSEWHERE, narrow},
    relatives::{HANDSET, RESIDENT, press},
};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use tests::{Account, Live, PATIENCE, Platform, until};

/// Somebody else.
const OTHER: &str = "r-0022";

fn path(incident: &Value) -> Result<String> {
    Ok(format!("/api/incidents/{}", incident["id"].as_str().context("an id")?))
}

fn name(incident: &Value) -> Result<&str> {
    incident["resident"]["name"].as_str().filter(|name| !name.is_empty()).context("a name")
}

async fn is_asked_why(account: &Account, path: &str) -> Result<()> {
    let asked = account.get(path).await?;
    ensure!(asked.is_problem(403) && asked.body["code"] == "reason_required", "{path}: {asked:?}");
    Ok(())
}

/// A cursor is what the client says it is: also from the beginning.
#[tokio::test]
async fn a_screen_that_resumes_is_told_nothing_of_what_is_closed() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, other) = (platform.log_in("operator").await?, platform.log_in("operator2").await?);
    let admin = platform.log_in("admin").await?;
    let mut pressed = tests::press("p-1", "b", 1);
    pressed["fix"] = json!({ "lat": 33.9624, "lon": 118.2757, "fix_time": tests::clock::ago(0), "accuracy_m": 18,
        "method": "gps" });
    let handset = platform.handset(HANDSET).await?;
    handset.publish("press", pressed.to_string()).await?;
    let incident =
        until("an incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    let claimed = operator.claim(&incident).await?.ok()?;
    let incident = operator.close(&claimed).await?.ok()?;
    ensure!(incident["position"].is_object() && incident["closed"]["note"] == "well", "{incident}");
    platform.handset("demo-0022").await?.press("p-2", "b", 1).await?;
    let screen = Live::open(&other, None).await?;
    let cursor = screen.cursor()?;
    let (store, _) = cursor.as_str().and_then(|text| text.rsplit_once('-')).context("a cursor")?;
    let beginning = json!(format!("{store}-0"));
    let resumed = async |account: &Account| {
        let screen = Live::open(account, Some(&beginning)).await?;
        let (open, _) = screen.press("p-2").await?;
        ensure!(!name(&open)?.is_empty(), "what is open is told whole: {open}");
        let is_it = |shown: &Value| shown["id"] == incident["id"];
        let (ended, _) = screen.next_incident("that it has ended", PATIENCE, is_it).await?;
        ensure!(ended["state"] == "closed" && ended["position"].is_null(), "{ended}");
        ensure!(ended["closed"]["note"] == "" && ended["plan"] == json!([]), "{ended}");
        let told = screen.frames.all();
        ensure!(told.iter().all(|frame| frame.value["type"] != "snapshot"), "it did resume: {told:?}");
        ensure!(!ended.to_string().contains(name(&incident)?), "{ended}");
        anyhow::Ok(ended)
    };
    for account in [&other, &admin] {
        ensure!(resumed(account).await?["resident"]["id"] == RESIDENT);
    }
    narrow(&admin, "operator2", ELSEWHERE).await?;
    let ended = resumed(&other).await?;
    ensure!(ended["resident"].is_null() && ended["handset"].is_null(), "of nobody elsewhere: {ended}");
    Ok(())
}

#[tokio::test]
async fn whoever_writes_into_a_record_has_no_part_in_it() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, other) = (platform.log_in("operator").await?, platform.log_in("operator2").await?);
    let supervisor = platform.log_in("supervisor").await?;
    let incident = closed(&platform, &operator, "p-1", 1).await?;
    let (path, whom) = (path(&incident)?, name(&incident)?);
    let screen = Live::open(&supervisor, None).await?;

    let noted = other.act("note", &incident, json!({ "text": "补记" })).await?.ok()?;
    ensure!(noted["version"].as_u64() > incident["version"].as_u64(), "it is taken: {noted}");
    ensure!(!noted.to_string().contains(whom) && noted["position"].is_null(), "{noted}");
    let is_it = |shown: &Value| shown["id"] == incident["id"];
    let (shown, _) = screen.next_incident("that it was noted", PATIENCE, is_it).await?;
    ensure!(shown["version"] == noted["version"] && !shown.to_string().contains(whom), "{shown}");
    for part in ["", "/events", "/file", "/candidates"] {
        is_asked_why(&other, &format!("{path}{part}")).await?;
    }
    let near = format!("{path}/candidates");
    ensure!(operator.get(&near).await?.status == 200, "who closed it just now");
    ensure!(other.get(&format!("{near}?reason=complaint")).await?.status == 200);
    let own = operator.act("note", &noted, json!({ "text": "补记二" })).await?.ok()?;
    ensure!(name(&own)? == whom, "{own}");

    // Opened again it is everybody's, and why goes to the supervisor.
    let reopened = async || {
        let looks = supervisor.list("/api/looks?state=all").await?;
        anyhow::Ok(looks.into_iter().filter(|look| look["action"] == "reopen").collect::<Vec<_>>())
    };
    ensure!(other.act("reopen", &own, json!({ "reason": " " })).await?.is_problem(422));
    ensure!(reopened().await?.is_empty());
    let again = other.act("reopen", &own, json!({ "reason": "又有事" })).await?.ok()?;
    ensure!(name(&again)? == whom, "{again}");
    let looks = reopened().await?;
    ensure!(
        looks.len() == 1 && looks[0]["reason"] == "又有事" && looks[0]["resident"] == RESIDENT,
        "{looks:?}"
    );
    ensure!(looks[0]["username"] == "operator2", "{looks:?}");
    let ended = other.close(&again).await?.ok()?;
    ensure!(operator.act("reopen", &ended, json!({ "reason": "还有" })).await?.status == 200);
    ensure!(reopened().await?.len() == 1, "who had a part in it is asked for nothing");
    Ok(())
}

/// Whoever names somebody reads their card and way without a reason: when the name is taken away again, a supervisor sees it.
#[tokio::test]
async fn a_name_that_was_put_into_an_incident_is_reviewed() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let admin = platform.log_in("admin").await?;
    let incident = press(&platform, &operator, "p-1", 1).await?;
    let claimed = operator.claim(&incident).await?.ok()?;
    let looks = async |action: &str| {
        let looks = supervisor.list("/api/looks?state=all").await?;
        anyhow::Ok(looks.into_iter().filter(|look| look["action"] == action).collect::<Vec<_>>())
    };
    let whose = |looks: &[Value]| looks.iter().map(|look| look["resident"].clone()).collect::<Vec<_>>();
    let named = operator.act("resident", &claimed, json!({ "resident": OTHER })).await?.ok()?;
    ensure!(operator.get(&format!("/api/residents/{OTHER}")).await?.status == 200, "in need, it seems");
    ensure!(whose(&looks("identify").await?) == [RESIDENT]);
    let nobody = operator.act("resident", &named, json!({ "resident": null })).await?.ok()?;
    let back = operator.act("resident", &nobody, json!({ "resident": RESIDENT })).await?.ok()?;
    let left = looks("identify").await?;
    ensure!(whose(&left) == [OTHER, RESIDENT], "the newest first, and nobody left is nobody: {left:?}");
    let id = incident["id"].as_str().context("an id")?;
    ensure!(left[0]["username"] == "operator" && left[0]["reason"] == format!("identify {id}"), "{left:?}");

    let call = json!({ "kind": "call", "resident": RESIDENT, "caller": "邻居", "words": "听到呼救" });
    let joined = operator.post("/api/incidents", &call).await?.ok()?;
    ensure!(joined["id"] == back["id"] && joined["signals"].as_array().map(Vec::len) == Some(2), "{joined}");
    let parts = json!({ "signals": [joined["signals"][1]["id"]], "resident": OTHER });
    let apart = operator.act("split", &joined, parts).await?.ok()?;
    ensure!(apart["resident"]["id"] == OTHER && whose(&looks("split").await?) == [OTHER], "{apart}");

    narrow(&admin, "operator", ELSEWHERE).await?;
    let now = operator.incident(&incident["id"]).await?;
    let refused = operator.act("resident", &now, json!({ "resident": "r-0023" })).await?;
    ensure!(refused.is_problem(403) && refused.body["code"] == "forbidden", "of another street: {refused:?}");
    ensure!(operator.incident(&incident["id"]).await?["resident"]["id"] == RESIDENT);
    Ok(())
}

/// An incident that turns out to be about somebody else leaves in neither copy the other one's id.
#[tokio::test]
async fn a_copy_of_looks_is_of_one_person_alone() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, admin) = (platform.log_in("operator").await?, platform.log_in("admin").await?);
    let incident = press(&platform, &operator, "p-1", 1).await?;
    let path = path(&incident)?;
    let claimed = operator.claim(&incident).await?.ok()?;
    let noted = operator.act("note", &claimed, json!({ "text": "一" })).await?.ok()?;
    ensure!(operator.get(&path).await?.status == 200);
    let named = operator.act("resident", &noted, json!({ "resident": OTHER })).await?.ok()?;
    operator.act("note", &named, json!({ "text": "二" })).await?.ok()?;
    ensure!(operator.get(&path).await?.status == 200);

    let auditor = platform.log_in("auditor").await?;
    let done = async |resident: &str| {
        let rows = auditor.list(&format!("/api/audit?resident={resident}&username=operator")).await?;
        let of_it: Vec<Value> = rows.into_iter().filter(|row| row["subject"] == incident["id"]).collect();
        let mut actions: Vec<String> =
            of_it.iter().filter_map(|row| row["action"].as_str().map(str::to_owned)).collect();
        actions.sort();
        anyhow::Ok(actions)
    };
    ensure!(done(RESIDENT).await? == ["claim", "identify", "note", "read_incident"]);
    ensure!(done(OTHER).await? == ["identify", "note", "read_incident"]);
    for (of, not) in [(RESIDENT, OTHER), (OTHER, RESIDENT)] {
        let copy = format!("/api/residents/{of}/export?part=looks&reason=x");
        let copy = admin.request(reqwest::Method::GET, &copy).send().await?.text().await?;
        ensure!(copy.contains("read_incident") && copy.contains(of), "{copy}");
        ensure!(!copy.contains(not), "{copy}");
    }
    Ok(())
}

/// About each person and handset one incident is open at a time, drills apart: whoever asks for a second one hears which is open.
#[tokio::test]
async fn a_second_open_incident_is_refused_with_the_one_that_is_open() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let newest = async |name: &str| {
        let is_it = |one: &Value| tests::live::shows(one, name);
        until(name, PATIENCE, async || Ok(operator.incidents("open").await?.into_iter().find(is_it))).await
    };
    let names = |refused: &tests::Answer, open: &Value| {
        let (detail, open) = (refused.body["detail"].as_str(), open["id"].as_str());
        let is_named = detail.zip(open).is_some_and(|(detail, open)| detail.contains(open));
        refused.is_problem(409) && refused.body["code"] == "has_open_incident" && is_named
    };
    let unbound = platform.handset("demo-unbound").await?;
    unbound.press("p-1", "b", 1).await?;
    let claimed = operator.claim(&newest("p-1").await?).await?.ok()?;
    let ended = operator.close(&claimed).await?.ok()?;
    unbound.press("p-2", "b", 2).await?;
    let second = newest("p-2").await?;
    let again = operator.act("reopen", &ended, json!({ "reason": "又有事" })).await?;
    ensure!(names(&again, &second), "{again:?}");
    // The second one is about somebody, and the handset presses anew.
    let about_her = operator.act("resident", &second, json!({ "resident": OTHER })).await?.ok()?;
    unbound.press("p-3", "b", 3).await?;
    let third = newest("p-3").await?;
    let nobody = operator.act("resident", &about_her, json!({ "resident": null })).await?;
    ensure!(names(&nobody, &third), "{nobody:?}");

    // A drill is no second one beside what is real, but beside a drill.
    let handset = platform.handset(HANDSET).await?;
    let drill = async |name: &str, seq: u64| {
        operator.post(&format!("/api/handsets/{HANDSET}/drill"), &json!({ "minutes": 5 })).await?.ok()?;
        let mut pressed = tests::press(name, "b", seq);
        pressed["pressed_at"] = Value::Null;
        handset.publish("press", pressed.to_string()).await?;
        newest(name).await
    };
    let tried = operator.claim(&drill("d-1", 1).await?).await?.ok()?;
    let tried = operator.close_at_once(&tried).await?.ok()?;
    let next = drill("d-2", 2).await?;
    ensure!(tried["drill"] == true && next["drill"] == true && next["id"] != tried["id"], "{next}");
    let again = operator.act("reopen", &tried, json!({ "reason": "补做" })).await?;
    ensure!(names(&again, &next), "{again:?}");
    let next = operator.claim(&next).await?.ok()?;
    operator.close_at_once(&next).await?.ok()?;
    handset.press("p-4", "b", 3).await?;
    ensure!(newest("p-4").await?["drill"] == false);
    ensure!(operator.act("reopen", &tried, json!({ "reason": "补做" })).await?.status == 200);
    Ok(())
}

/// Whoever takes an incident apart while another writes into it is told how it stands, and never to try again what cannot be done.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_too_late_to_split_is_told_how_it_stands() -> Result<()> {
    const PRESSES: usize = 9;
    let platform = Platform::start().await?;
    let (operator, other) = (platform.log_in("operator").await?, platform.log_in("operator2").await?);
    let handset = platform.handset(HANDSET).await?;
    for (seq, nth) in (1..).zip(0..PRESSES) {
        handset.press(&format!("p-{nth}"), "b", seq).await?;
    }
    let incident = until("all presses in one", PATIENCE, async || {
        let is_whole = |one: &Value| tests::live::signals(one).len() == PRESSES;
        Ok(operator.incidents("open").await?.into_iter().find(is_whole))
    })
    .await?;
    let mut now = operator.claim(&incident).await?.ok()?;
    for _ in 1..PRESSES {
        let signal = now["signals"][1]["id"].clone();
        let apart = json!({ "signals": [signal], "resident": null });
        let split = operator.act("split", &now, apart);
        let note = other.act("note", &now, json!({ "text": "旁注" }));
        let (split, note) = futures_util::future::try_join(split, note).await?;
        for answer in [&split, &note] {
            let is_told = answer.is_problem(409) && !answer.body["version"].is_null();
            ensure!(answer.status == 200 || is_told, "{answer:?}");
        }
        ensure!(split.status == 200 || note.status == 200, "one of them wins");
        now = operator.incident(&incident["id"]).await?;
        if split.status == 200 {
            // Only one may be open about the handset that nobody carries then.
            let opened = operator.claim(&operator.incident(&split.body["id"]).await?).await?.ok()?;
            operator.close(&opened).await?.ok()?;
        }
    }
    Ok(())
}
