//! A press, two stations asked, one of which goes: what the desk, the stations, the person and the family see of it.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use tests::{Account, Answer, Handset, Live, PATIENCE, Platform, until};

const RESIDENT: &str = "r-0001";
const HANDSET: &str = "demo-0001";
const EAST: &str = "s-xingfu";
const WEST: &str = "s-hebin";
/// What the desk writes for those who go.
const NOTE: &str = "钥匙在门垫下";

/// Another station's staff, who joins by invitation.
pub(crate) async fn staff(platform: &Platform, station: &str, username: &str) -> Result<Account> {
    let admin = platform.log_in("admin").await?;
    let invitation = json!({ "role": "station", "display_name": "站员", "station": station });
    let invitation = admin.post("/api/invitations", &invitation).await?.ok()?;
    let code = invitation["code"].as_str().context("a code")?;
    let join = json!({ "username": username, "password": "河滨服务站的人都很勤快的" });
    let path = format!("{}/api/join/{code}", platform.at.http);
    let answer = Answer::of(reqwest::Client::new().post(path).json(&join)).await?;
    Account::let_in(&platform.at.http, username, answer)
}

pub(crate) async fn claimed(operator: &Account) -> Result<Value> {
    let incident =
        until("an incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    operator.claim(&incident).await?.ok()
}

pub(crate) async fn tell(account: &Account, task: &Value, act: &str, more: Value) -> Result<Answer> {
    let mut body = json!({ "expected_version": task["version"] });
    for (key, value) in more.as_object().into_iter().flatten() {
        body[key] = value.clone();
    }
    let id = task["id"].as_str().context("an id")?;
    account.post(&format!("/api/tasks/{id}/{act}"), &body).await
}

async fn only_task(account: &Account) -> Result<Value> {
    until("a task", PATIENCE, async || Ok(account.list("/api/tasks?").await?.pop())).await
}

/// The station goes; the desk, the person and the family see each stage.
async fn goes_there(
    operator: &Account,
    staff: &Account,
    mut task: Value,
    incident: &Value,
    handset: &Handset,
    phone: &Live,
) -> Result<Value> {
    for (act, more, state, stage) in [
        ("acknowledge", json!({}), "dispatched", "claimed"),
        ("en-route", json!({}), "dispatched", "on_the_way"),
        ("on-scene", json!({}), "on_scene", "on_scene"),
        ("finish", json!({ "result": "扶起来了", "note": "没有受伤" }), "claimed", "claimed"),
    ] {
        task = tell(staff, &task, act, more).await?.ok()?;
        let now = operator.incident(&incident["id"]).await?;
        ensure!(now["state"] == state, "after {act}: {now}");
        handset.stage(stage).await?;
        phone
            .next_incident("the family's screen", PATIENCE, |seen| seen["version"] == now["version"])
            .await?;
    }
    ensure!(
        phone.incidents().last().is_some_and(|seen| seen["tasks"][1]["words"] == ""),
        "no words for the family"
    );
    Ok(task)
}

#[tokio::test]
async fn two_are_asked_one_goes_and_everybody_sees_it() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, east) = (platform.log_in("operator").await?, platform.log_in("station").await?);
    let west = staff(&platform, WEST, "west").await?;
    let family = platform.log_in("relative").await?;
    let (screen, phone) = (Live::open(&east, None).await?, Live::open(&family, None).await?);
    ensure!(screen.snapshot().await?["tasks"] == json!([]), "nothing to do");
    ensure!(
        east.get(&format!("/api/residents/{RESIDENT}")).await?.is_problem(403),
        "none of its business yet"
    );

    let handset = platform.handset(HANDSET).await?;
    handset.publish("fix", tests::handset::fix("b", 1).to_string()).await?;
    handset.press("p-1", "b", 2).await?;
    let incident = claimed(&operator).await?;
    let id = incident["id"].as_str().context("an id")?;
    let candidates = operator.get(&format!("/api/incidents/{id}/candidates")).await?.ok()?;
    let order: Vec<_> = candidates["items"].as_array().into_iter().flatten().collect();
    ensure!(candidates["from"] == "position" && order.len() == 3, "{candidates}");
    ensure!(
        order[0]["station"]["id"] == EAST && order[0]["recommended"] == true && order[0]["online"] == true
    );
    ensure!(
        order[1]["station"]["id"] == WEST && order[1]["against"] == json!(["nobody_online"]),
        "{candidates}"
    );
    ensure!(
        order[2]["against"] == json!(["no_account"]) && order[2]["distance_m"].is_number(),
        "{candidates}"
    );

    let sent = json!({ "stations": [EAST, WEST], "note": "敲门要久一点" });
    let sent = operator.act("dispatch", &incident, sent).await?.ok()?;
    ensure!(sent["state"] == "dispatched" && sent["tasks"].as_array().map(Vec::len) == Some(2), "{sent}");
    let offered = screen
        .frames
        .find("the offer", PATIENCE, |frame| {
            frame.value["type"] == "task" && frame.value["task"]["state"] == "offered"
        })
        .await?;
    let task = offered.value["task"].clone();
    ensure!(
        task["station"]["id"] == EAST && task["note"] == "敲门要久一点" && task["resident"]["id"] == RESIDENT,
        "{task}"
    );
    ensure!(task["incident_id"] == id && task["deadline_at"].is_string(), "{task}");
    let card = east.get(&format!("/api/residents/{RESIDENT}")).await?.ok()?;
    ensure!(card["address"].as_str().is_some_and(|address| !address.contains('*')), "where to go: {card}");

    let foreign = only_task(&west).await?;
    ensure!(tell(&east, &foreign, "acknowledge", json!({})).await?.is_problem(404), "another station's");
    ensure!(tell(&east, &task, "on-scene", json!({})).await?.is_problem(409), "first things first");
    ensure!(tell(&east, &task, "withdraw", json!({ "reason": "x" })).await?.is_problem(422));
    let declined = tell(&east, &task, "decline", json!({})).await?;
    ensure!(declined.is_problem(422), "why? {declined:?}");
    let declined = tell(&east, &task, "decline", json!({ "reason": "两个人都在外面" })).await?.ok()?;
    ensure!(declined["state"] == "declined" && declined["resident"].is_null(), "{declined}");
    let told = screen.frames.find("that it is declined", PATIENCE, |frame| {
        frame.value["type"] == "task" && frame.value["task"]["state"] == "declined"
    });
    let (told, listed) = (told.await?.value["task"].clone(), east.list("/api/tasks?state=all").await?);
    for ended in [&declined, &told, listed.first().context("a task that has ended")?] {
        ensure!(ended["note"] == "" && ended["words"] == "两个人都在外面", "what the desk wrote: {ended}");
    }
    ensure!(operator.incident(&incident["id"]).await?["sounding"] == true, "the desk hears of it");
    ensure!(east.get(&format!("/api/residents/{RESIDENT}")).await?.is_problem(403), "not any more");

    let task = goes_there(&operator, &west, foreign, &incident, &handset, &phone).await?;
    ensure!(task["words"] == "扶起来了；没有受伤" && task["responder"] == "west", "{task}");
    ensure!(!phone.frames.all().iter().any(|frame| frame.value["type"] == "task"), "tasks are not theirs");
    let late = tell(&west, &task, "fail", json!({ "reason": "x" })).await?;
    ensure!(late.is_problem(404), "it has ended, and the case is not theirs any more: {late:?}");

    let incident = operator.incident(&incident["id"]).await?;
    let resolved = operator.act("resolve", &incident, json!({})).await?.ok()?;
    ensure!(resolved["state"] == "resolved", "{resolved}");
    operator.close_at_once(&resolved).await?.ok()?;
    let kinds: Vec<Value> =
        operator.events(&incident["id"]).await?.into_iter().map(|event| event["kind"].clone()).collect();
    ensure!(
        kinds
            == [
                "opened",
                "claimed",
                "dispatched",
                "task_moved",
                "task_moved",
                "task_moved",
                "task_moved",
                "task_moved",
                "resolved",
                "closed"
            ],
        "{kinds:?}"
    );
    platform.is_whole().await
}

#[tokio::test]
async fn the_first_that_takes_it_frees_the_other_at_once() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, east) = (platform.log_in("operator").await?, platform.log_in("station").await?);
    let west = staff(&platform, WEST, "west").await?;
    let screen = Live::open(&west, None).await?;
    let (hers, desk) = (Live::open(&east, None).await?, Live::open(&operator, None).await?);
    platform.handset(HANDSET).await?.press("p-1", "b", 1).await?;
    let incident = claimed(&operator).await?;
    let sent = json!({ "stations": [EAST, WEST], "note": NOTE });
    operator.act("dispatch", &incident, sent).await?.ok()?;
    let task = only_task(&east).await?;
    let taken = tell(&east, &task, "acknowledge", json!({})).await?.ok()?;
    screen
        .frames
        .find("that it is taken", PATIENCE, |frame| {
            frame.value["type"] == "task" && frame.value["task"]["state"] == "withdrawn"
        })
        .await?;
    ensure!(tell(&east, &task, "acknowledge", json!({})).await?.is_problem(409), "an older view");
    let by_phone = tell(&operator, &taken, "en-route", json!({})).await?;
    ensure!(by_phone.is_problem(422), "what did they say? {by_phone:?}");
    let other = platform.log_in("operator2").await?;
    ensure!(
        tell(&other, &taken, "en-route", json!({ "words": "出发了" })).await?.is_problem(409),
        "the holder's affair"
    );
    let gone = tell(&operator, &taken, "en-route", json!({ "words": "王强电话：已出发" })).await?.ok()?;
    ensure!(gone["state"] == "en_route" && gone["words"] == "王强电话：已出发", "{gone}");
    let back = tell(&operator, &gone, "withdraw", json!({ "reason": "家属已到" })).await?.ok()?;
    // The desk keeps all it wrote, the station why it need not go.
    let is_it = |frame: &tests::live::Frame| {
        let shown = &frame.value["task"];
        frame.value["type"] == "task" && shown["id"] == back["id"] && shown["state"] == "withdrawn"
    };
    let at_desk = desk.frames.find("that it is taken back", PATIENCE, is_it).await?.value["task"].clone();
    let at_station = hers.frames.find("that it is taken back", PATIENCE, is_it).await?.value["task"].clone();
    let listed = async |account: &Account| {
        let tasks = account.list("/api/tasks?state=all").await?;
        tasks.into_iter().find(|task| task["id"] == back["id"]).context("a task that has ended")
    };
    for (note, told) in [
        (NOTE, &back),
        (NOTE, &at_desk),
        (NOTE, &listed(&operator).await?),
        ("", &at_station),
        ("", &listed(&east).await?),
    ] {
        ensure!(told["state"] == "withdrawn" && told["words"] == "家属已到", "{told}");
        ensure!(told["note"] == note && told["resident"].is_null(), "{told}");
    }
    Ok(())
}

#[tokio::test]
async fn a_silent_station_is_heard_of_and_the_recommended_one_is_asked() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, operator2) = (platform.log_in("operator").await?, platform.log_in("operator2").await?);
    platform.handset(HANDSET).await?.press("p-1", "b", 1).await?;
    let incident = claimed(&operator).await?;
    ensure!(
        operator2.act("dispatch", &incident, json!({ "recommended": true })).await?.is_problem(409),
        "not theirs"
    );
    for (body, status) in [
        (json!({}), 422),
        (json!({ "stations": ["nowhere"] }), 422),
        (json!({ "stations": [EAST], "recommended": true }), 422),
    ] {
        ensure!(operator.act("dispatch", &incident, body.clone()).await?.is_problem(status), "{body}");
    }
    let sent = operator.act("dispatch", &incident, json!({ "recommended": true })).await?.ok()?;
    ensure!(sent["tasks"][0]["station"]["id"] == EAST, "{sent}");
    ensure!(
        operator.act("dispatch", &sent, json!({ "stations": [EAST] })).await?.is_problem(409),
        "asked already"
    );
    ensure!(operator.act("resolve", &sent, json!({})).await?.is_problem(409), "it is at it");
    let given = operator.act("transfer", &sent, json!({ "to": "operator2" })).await?.ok()?;
    ensure!(given["holder"]["username"] == "operator2", "{given}");
    let supervisor = platform.log_in("supervisor").await?;
    let taken = supervisor.act("transfer", &given, json!({ "to": "supervisor" })).await?.ok()?;
    ensure!(taken["holder"]["username"] == "supervisor", "from a holder who is there: {taken}");
    let given = supervisor.act("transfer", &taken, json!({ "to": "operator2" })).await?.ok()?;
    ensure!(
        operator2.act("transfer", &given, json!({ "to": "station" })).await?.is_problem(422),
        "nobody at the desk"
    );
    ensure!(operator2.act("handover", &given, json!({ "to": "120", "words": "" })).await?.is_problem(422));
    let handed =
        operator2.act("handover", &given, json!({ "to": "120", "words": "3 分钟到" })).await?.ok()?;
    let events = operator2.events(&incident["id"]).await?;
    ensure!(events.last().is_some_and(|event| event["text"] == "120：3 分钟到"), "{events:?}");
    let closed = operator2.close(&handed).await?.ok()?;
    ensure!(closed["tasks"][0]["state"] == "withdrawn", "{closed}");
    ensure!(operator.act("reopen", &closed, json!({ "reason": "" })).await?.is_problem(422));
    let again = operator.act("reopen", &closed, json!({ "reason": "又按了" })).await?.ok()?;
    ensure!(again["state"] == "claimed" && again["holder"]["username"] == "operator", "{again}");
    Ok(())
}

#[tokio::test]
async fn a_call_about_somebody_unknown_gets_its_name_later() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let call = json!({ "kind": "call", "resident": null, "caller": "邻居", "words": "有个老人坐在地上" });
    let opened = operator.post("/api/incidents", &call).await?;
    ensure!(opened.status == 201 && opened.body["resident"].is_null(), "{opened:?}");
    ensure!(operator.act("resident", &opened.body, json!({ "resident": "nobody" })).await?.is_problem(422));
    let hers = platform.handset("demo-0009").await?;
    let named = operator.act("resident", &opened.body, json!({ "resident": "r-0009" })).await?.ok()?;
    ensure!(named["resident"]["id"] == "r-0009" && named["handset"] == "demo-0009", "{named}");
    let told = hers.stage("received").await?;
    ensure!(told.payload["incident_id"] == opened.body["id"], "she hears that help is looked for: {told:?}");
    let is_asked = |down: &tests::handset::Down| down.kind == "command" && down.payload["kind"] == "locate";
    hers.down.find("where she is asked to be", PATIENCE, is_asked).await?;
    hers.press("p-1", "b", 1).await?;
    let joined = until("the press to join", PATIENCE, async || {
        let now = operator.incident(&opened.body["id"]).await?;
        Ok((tests::live::signals(&now).len() == 2).then_some(now))
    })
    .await?;
    let other = operator.post("/api/incidents", &call).await?.ok()?;
    let taken = operator.act("resident", &other, json!({ "resident": "r-0009" })).await?;
    ensure!(taken.is_problem(409) && taken.body["code"] == "has_open_incident", "{taken:?}");
    let corrected = operator.act("resident", &joined, json!({ "resident": "r-0010" })).await?.ok()?;
    ensure!(corrected["resident"]["id"] == "r-0010", "{corrected}");
    platform.is_whole().await
}

#[tokio::test]
async fn a_call_taken_for_the_wrong_person_speaks_to_the_right_one() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let (first, second) = (platform.handset("demo-0009").await?, platform.handset("demo-0010").await?);
    first.publish("fix", tests::handset::fix("b", 1).to_string()).await?;
    until("a place on disk", PATIENCE, async || Ok((first.acknowledged() > 0).then_some(()))).await?;
    let call = json!({ "kind": "call", "resident": "r-0009", "caller": "邻居", "words": "有个老人坐在地上" });
    let opened = operator.post("/api/incidents", &call).await?.ok()?;
    ensure!(opened["handset"] == "demo-0009" && opened["position"].is_object(), "{opened}");
    first.stage("received").await?;

    let corrected = operator.act("resident", &opened, json!({ "resident": "r-0010" })).await?.ok()?;
    ensure!(corrected["handset"] == "demo-0010", "{corrected}");
    ensure!(corrected["position"].is_null(), "that is where somebody else is: {corrected}");
    second.stage("received").await?;
    let last = first.stage("closed").await?;
    ensure!(last.payload["say"].as_str().is_some_and(|say| say.contains("与您无关")), "{last:?}");

    operator.claim(&corrected).await?.ok()?;
    second.stage("claimed").await?;
    let kinds = |down: &tests::handset::Down| down.kind == "progress" && down.payload["stage"] == "claimed";
    ensure!(first.down.count(kinds) == 0, "it is not told how somebody else's case goes on");
    let path = format!("/api/incidents/{}/notices?", opened["id"].as_str().context("an id")?);
    let notices = operator.list(&path).await?;
    for handset in ["demo-0009", "demo-0010"] {
        let is_told = notices.iter().any(|notice| notice["recipient"] == handset);
        ensure!(is_told, "what it was told stays on record: {notices:?}");
    }
    platform.is_whole().await
}

#[tokio::test]
async fn whoever_is_still_at_it_says_so_and_no_desk_sounds() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, east) = (platform.log_in("operator").await?, platform.log_in("station").await?);
    platform.handset(HANDSET).await?.press("p-1", "b", 1).await?;
    let incident = claimed(&operator).await?;
    operator.act("dispatch", &incident, json!({ "stations": [EAST] })).await?.ok()?;
    let mut task = only_task(&east).await?;
    for act in ["acknowledge", "en-route"] {
        task = tell(&east, &task, act, json!({})).await?.ok()?;
    }
    let due = |task: &Value| tests::clock::parse(&task["deadline_at"]);
    let on_the_way = tell(&east, &task, "still-at-it", json!({})).await?.ok()?;
    ensure!(on_the_way["state"] == "en_route" && due(&on_the_way)? > due(&task)?, "{on_the_way}");
    let there = tell(&east, &on_the_way, "on-scene", json!({})).await?.ok()?;
    let at_it = tell(&east, &there, "still-at-it", json!({})).await?.ok()?;
    ensure!(at_it["state"] == "on_scene" && at_it["said"] == "still_at_it", "{at_it}");
    ensure!(at_it["since"] == there["since"] && at_it["overdue"] == 0, "{at_it}");
    ensure!(due(&at_it)? > due(&there)?, "half an hour begins anew: {at_it}");
    let now = operator.incident(&incident["id"]).await?;
    ensure!(now["sounding"] == false && now["attention"] == "operators", "{now}");
    let events = operator.events(&incident["id"]).await?;
    let said: Vec<_> = events.iter().filter(|event| event["kind"] == "said_on_scene").collect();
    let words = [&said[0]["text"], &said[1]["text"]];
    ensure!(words == ["还在路上", "还在处理，一切正常"] && said[1]["by"] == "station", "{said:?}");

    // A call is heard, and stays with the desk whatever is said after it.
    tell(&east, &at_it, "need-help", json!({})).await?.ok()?;
    let after = tell(&east, &at_it, "still-at-it", json!({})).await?.ok()?;
    let now = operator.incident(&incident["id"]).await?;
    ensure!(after["said"] == "need_help" && now["sounding"] == true, "{now}");
    Ok(())
}

#[tokio::test]
async fn the_report_has_the_times_of_the_story() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let east = platform.log_in("station").await?;
    platform.handset(HANDSET).await?.press("p-1", "b", 1).await?;
    let incident = claimed(&operator).await?;
    operator.act("dispatch", &incident, json!({ "recommended": true })).await?.ok()?;
    let mut task = only_task(&east).await?;
    for act in ["acknowledge", "on-scene", "finish"] {
        task = tell(&east, &task, act, json!({ "result": "扶起来了" })).await?.ok()?;
    }
    operator.close(&operator.incident(&incident["id"]).await?).await?.ok()?;
    platform.handset("demo-0002").await?.press("p-2", "b", 1).await?;
    until("the other", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;

    ensure!(operator.get("/api/reports/response").await?.is_problem(403));
    let report = supervisor.get("/api/reports/response").await?.ok()?;
    let all = &report["groups"][0];
    ensure!(
        all["cases"] == 2 && all["unanswered"] == 1 && all["answered_within_60_s_pct"] == 50.0,
        "{report}"
    );
    for step in ["answered", "sent", "acknowledged", "arrived", "closed"] {
        ensure!(
            all[step]["cases"] == 1 && all[step]["max_s"].as_u64().is_some_and(|s| s < 60),
            "{step}: {report}"
        );
    }
    let stations = supervisor.get("/api/reports/response?by=station").await?.ok()?;
    ensure!(stations["groups"][1]["group"] == EAST && stations["groups"][0]["group"] == "", "{stations}");
    let csv = supervisor
        .request(reqwest::Method::GET, "/api/reports/response?by=operator&format=csv")
        .send()
        .await?;
    let csv = csv.text().await?;
    ensure!(csv.lines().count() == 3 && csv.contains("operator,1,0,100,100"), "{csv}");
    for query in
        ["by=moon", "format=pdf", "from=yesterday", "from=2026-01-01T00:00:00Z&to=2025-01-01T00:00:00Z"]
    {
        ensure!(supervisor.get(&format!("/api/reports/response?{query}")).await?.is_problem(422), "{query}");
    }
    Ok(())
}
