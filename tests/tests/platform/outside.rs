//! Beyond the screens: a station's message with a link that opens its task alone, and other programs that hear of everything.

use crate::{database_locked::Lock, reached::Gateway};
use anyhow::{Context as _, Result, ensure};
use reqwest::Client;
use serde_json::{Value, json};
use std::time::Duration;
use tests::{Account, Answer, PATIENCE, Platform, Setup, until};

async fn read(platform: &Platform, token: &str) -> Result<Answer> {
    Answer::of(Client::new().get(format!("{}/api/task/{token}", platform.at.http))).await
}

async fn say(platform: &Platform, token: &str, act: &str, word: &Value) -> Result<Answer> {
    Answer::of(Client::new().post(format!("{}/api/task/{token}/{act}", platform.at.http)).json(word)).await
}

/// A platform whose messages carry links.
pub(crate) fn with_links(gateway: &Gateway) -> Setup {
    let mut setup = gateway.setup();
    setup.env.push(("JJL_HTTP__PUBLIC_URL".to_owned(), "https://jjl.example".to_owned()));
    setup.env.retain(|(key, _)| key != "JJL_NOTIFY__SMS__FIELDS");
    let fields = r#"{mobile="{to}",text="{text}",link="{link}",id="{id}"}"#;
    setup.env.push(("JJL_NOTIFY__SMS__FIELDS".to_owned(), fields.to_owned()));
    setup
}

pub(crate) fn token(message: &Value) -> Result<String> {
    let link = message["link"].as_str().context("a link")?;
    let token = link.strip_prefix("https://jjl.example/task/#").with_context(|| link.to_owned())?;
    Ok(token.to_owned())
}

/// Says it of the task as it stands: a word that falls due meanwhile makes another version.
async fn say_now(platform: &Platform, token: &str, act: &str) -> Result<Value> {
    until(act, PATIENCE, async || {
        let version = read(platform, token).await?.ok()?["task"]["version"].clone();
        let said = say(platform, token, act, &json!({ "expected_version": version })).await?;
        if said.is_problem(409) { Ok(None) } else { said.ok().map(Some) }
    })
    .await
}

#[tokio::test]
async fn a_station_that_says_nothing_is_reminded_once_for_each_silence_by_the_same_link() -> Result<()> {
    let gateway = Gateway::open().await?;
    let platform = Platform::start_with(with_links(&gateway)).await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let ladder = supervisor.get("/api/ladder").await?.ok()?;
    let quick = ladder["text"].as_str().context("a text")?.replace("task_answer_s = 60", "task_answer_s = 5");
    let quick = quick.replace("task_way_s = 1800", "task_way_s = 5");
    supervisor.put("/api/ladder", &json!({ "text": quick })).await?.ok()?;
    platform.handset("demo-0001").await?.press("p-1", "b", 1).await?;
    let incident =
        until("an incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    let claimed = operator.claim(&incident).await?.ok()?;
    let asked = operator.act("dispatch", &claimed, json!({ "stations": ["s-xingfu"] })).await?.ok()?;
    let task = asked["tasks"][0]["id"].as_str().context("a task")?;
    let told = |reminder: &str| -> Vec<Value> {
        gateway.taken().into_iter().filter(|one| one["id"] == format!("task:{task}{reminder}")).collect()
    };
    let soon = Duration::from_secs(20);
    let offer = until("the offer", soon, async || Ok(told("").pop())).await?;
    let reminder = until("a reminder of the offer", soon, async || Ok(told(":1").pop())).await?;
    ensure!(reminder["link"] == offer["link"], "{reminder}");
    ensure!(reminder["text"].as_str().is_some_and(|text| text.contains("没有人答复")), "{reminder}");
    let token = token(&offer)?;
    for act in ["acknowledge", "on-scene"] {
        say_now(&platform, &token, act).await?;
    }
    let silent = until("a reminder at the door", soon, async || Ok(told(":scene").pop())).await?;
    ensure!(silent["text"].as_str().is_some_and(|text| text.contains("说明情况")), "{silent}");
    // Two more words fall due, and nobody is rung for them.
    tokio::time::sleep(Duration::from_secs(12)).await;
    for reminder in ["", ":1", ":scene"] {
        ensure!(told(reminder).len() == 1, "{reminder}: {:?}", told(reminder));
    }
    let path = format!("/api/incidents/{}/notices?", incident["id"].as_str().context("an id")?);
    let states = async || -> Result<Vec<Value>> {
        let notices = operator.list(&path).await?.into_iter();
        Ok(notices.filter(|one| one["recipient_kind"] == "station").map(|one| one["state"].clone()).collect())
    };
    ensure!(states().await? == ["acknowledged", "acknowledged", "sent"], "{:?}", states().await?);
    say_now(&platform, &token, "need-ambulance").await?;
    ensure!(states().await? == ["acknowledged"; 3], "{:?}", states().await?);
    // Half an hour (here some seconds) after a word it is another silence.
    let at_it = say_now(&platform, &token, "still-at-it").await?;
    ensure!(at_it["overdue"] == 0 && at_it["state"] == "on_scene", "{at_it}");
    let again = until("another reminder at the door", soon, async || Ok(told(":scene:1").pop())).await?;
    ensure!(again["link"] == offer["link"], "{again}");
    Ok(())
}

/// Its page asks every few seconds: while the first look cannot be put on record, the next one is told nothing either.
#[tokio::test]
async fn a_link_tells_nothing_of_which_no_row_stands() -> Result<()> {
    let gateway = Gateway::open().await?;
    let platform = Platform::start_with(with_links(&gateway)).await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    platform.handset("demo-0001").await?.press("p-1", "b", 1).await?;
    let incident =
        until("an incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    let claimed = operator.claim(&incident).await?.ok()?;
    operator.act("dispatch", &claimed, json!({ "stations": ["s-xingfu"] })).await?.ok()?;
    let message = until("the station is told", Duration::from_secs(20), async || {
        Ok(gateway.taken().into_iter().find(|one| one["link"] != ""))
    })
    .await?;
    let token = token(&message)?;
    let lock = Lock::take(&platform.database()?)?;
    for _ in 0..2 {
        let answer = tokio::time::timeout(Duration::from_secs(1), read(&platform, &token)).await;
        ensure!(!matches!(&answer, Ok(Ok(told)) if told.status == 200), "{answer:?}");
    }
    lock.release()?;
    read(&platform, &token).await?.ok()?;
    ensure!(!supervisor.list("/api/audit?action=read_linked_task").await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_link_opens_its_task_alone_until_that_ends() -> Result<()> {
    let gateway = Gateway::open().await?;
    let platform = Platform::start_with(with_links(&gateway)).await?;
    let operator = platform.log_in("operator").await?;
    let handset = platform.handset("demo-0001").await?;
    handset.publish("fix", tests::handset::fix("b", 1).to_string()).await?;
    handset.press("p-1", "b", 2).await?;
    let incident = until("an incident with its place", PATIENCE, async || {
        Ok(operator.incidents("open").await?.pop().filter(|one| one["position"].is_object()))
    })
    .await?;
    let claimed = operator.claim(&incident).await?.ok()?;
    let stations = operator.list("/api/stations?").await?;
    let named = json!({ "stations": [stations[0]["id"], stations[1]["id"]], "note": "三楼" });
    let asked = operator.act("dispatch", &claimed, named).await?.ok()?;
    ensure!(asked["tasks"].as_array().map(Vec::len) == Some(2), "{asked}");
    let messages = until("both stations are told", Duration::from_secs(20), async || {
        let told: Vec<Value> = gateway.taken().into_iter().filter(|one| one["link"] != "").collect();
        Ok((told.len() == 2).then_some(told))
    })
    .await?;
    let (first, second) = (token(&messages[0])?, token(&messages[1])?);
    ensure!(first != second && first.len() == 32, "one for each task");
    let database = std::fs::read(platform.database()?)?;
    ensure!(!database.windows(32).any(|text| text == first.as_bytes()), "only its digest is kept");

    let opened = read(&platform, &first).await?.ok()?;
    ensure!(opened["task"]["position"].is_object(), "where to go: {opened}");
    ensure!(
        opened["resident"]["position"].is_null(),
        "what is older than the offer is not on the card: {opened}"
    );
    read(&platform, &first).await?.ok()?;
    ensure!(opened["task"]["state"] == "offered" && opened["resident"]["name"].is_string(), "{opened}");
    ensure!(opened["resident"]["telephone"].is_string() && opened["task"]["note"] == "三楼", "{opened}");
    let word = |version: &Value, result: &str| json!({ "expected_version": version, "result": result });
    ensure!(
        say(&platform, &first, "withdraw", &word(&opened["task"]["version"], "x")).await?.is_problem(422)
    );
    let accepted =
        say(&platform, &first, "acknowledge", &word(&opened["task"]["version"], "")).await?.ok()?;
    ensure!(accepted["state"] == "acknowledged", "{accepted}");
    let station = accepted["station"]["id"].as_str().context("a station")?;
    ensure!(accepted["responder"] == format!("link:{station}"), "{accepted}");
    ensure!(read(&platform, &second).await?.is_problem(404), "the other one is not needed any more");
    let there = say(&platform, &first, "on-scene", &word(&accepted["version"], "")).await?.ok()?;
    let done = say(&platform, &first, "finish", &word(&there["version"], "量了血压")).await?.ok()?;
    ensure!(done["state"] == "finished", "{done}");
    ensure!(read(&platform, &first).await?.body["code"] == "task_over");
    ensure!(say(&platform, &first, "fail", &word(&done["version"], "x")).await?.is_problem(404));
    ensure!(read(&platform, "0123456789abcdef0123456789abcdef").await?.is_problem(404));
    let supervisor = platform.log_in("supervisor").await?;
    let looks = supervisor.list("/api/audit?action=read_linked_task").await?;
    ensure!(looks.len() == 1 && looks[0]["username"] == format!("link:{station}"), "{looks:?}");
    Ok(())
}

/// A platform on which the press of a resident was claimed and the first two stations asked; with the messages to them.
async fn two_asked(
    gateway: &Gateway,
    platform: &Platform,
    operator: &Account,
) -> Result<(Value, Vec<Value>)> {
    platform.handset("demo-0001").await?.press("p-1", "b", 1).await?;
    let incident =
        until("an incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    let claimed = operator.claim(&incident).await?.ok()?;
    let stations = operator.list("/api/stations?").await?;
    let named = json!({ "stations": [stations[0]["id"], stations[1]["id"]], "note": "钥匙在门垫下" });
    let asked = operator.act("dispatch", &claimed, named).await?.ok()?;
    let messages = until("both stations are told", Duration::from_secs(20), async || {
        let told: Vec<Value> = gateway.taken().into_iter().filter(|one| one["link"] != "").collect();
        Ok((told.len() == 2).then_some(told))
    })
    .await?;
    Ok((asked, messages))
}

#[tokio::test]
async fn a_station_that_was_told_hears_that_its_task_was_taken_back() -> Result<()> {
    let gateway = Gateway::open().await?;
    let platform = Platform::start_with(with_links(&gateway)).await?;
    let operator = platform.log_in("operator").await?;
    let (asked, messages) = two_asked(&gateway, &platform, &operator).await?;
    let over = |offer: &Value| -> Vec<Value> {
        let id = offer["id"].as_str().map(|id| format!("{id}:over"));
        gateway.taken().into_iter().filter(|one| one["id"].as_str() == id.as_deref()).collect()
    };
    say_now(&platform, &token(&messages[0])?, "acknowledge").await?;
    let soon = Duration::from_secs(20);
    let other = until("the other one is told", soon, async || Ok(over(&messages[1]).pop())).await?;
    ensure!(other["mobile"] == messages[1]["mobile"] && other["link"] == "", "{other}");
    ensure!(other["text"].as_str().is_some_and(|text| text.contains("已撤回")), "{other}");
    ensure!(over(&messages[0]).is_empty(), "who goes there is not called back");
    say_now(&platform, &token(&messages[0])?, "en-route").await?;
    let now = operator.incident(&asked["id"]).await?;
    operator.close(&now).await?.ok()?;
    until("who is under way is called back", soon, async || Ok(over(&messages[0]).pop())).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    ensure!([0, 1].map(|nth: usize| over(&messages[nth]).len()) == [1, 1], "each once");
    Ok(())
}

#[tokio::test]
async fn the_step_that_ended_a_task_is_taken_back_by_its_link_for_a_moment() -> Result<()> {
    let gateway = Gateway::open().await?;
    let platform = Platform::start_with(with_links(&gateway)).await?;
    let operator = platform.log_in("operator").await?;
    let (_asked, messages) = two_asked(&gateway, &platform, &operator).await?;
    let [first, second] = [token(&messages[0])?, token(&messages[1])?];
    let act = async |token: &str, act: &str, version: &Value| {
        let word = json!({ "expected_version": version, "reason": "x", "result": "x" });
        say(&platform, token, act, &word).await
    };
    let version = read(&platform, &second).await?.ok()?["task"]["version"].clone();
    let declined = act(&second, "decline", &version).await?.ok()?;
    ensure!(declined["note"] == "" && declined["words"] != "", "what the desk wrote is not kept: {declined}");
    ensure!(read(&platform, &second).await?.body["code"] == "task_over");
    let offered = act(&second, "undo", &declined["version"]).await?.ok()?;
    ensure!(offered["state"] == "offered" && offered["note"] != "", "{offered}");
    ensure!(read(&platform, &second).await?.ok()?["task"]["state"] == "offered", "the link opens it again");

    for name in ["acknowledge", "on-scene"] {
        say_now(&platform, &first, name).await?;
    }
    let version = read(&platform, &first).await?.ok()?["task"]["version"].clone();
    let finished = act(&first, "finish", &version).await?.ok()?;
    let back = act(&first, "undo", &finished["version"]).await?.ok()?;
    ensure!(back["state"] == "on_scene", "{back}");
    let failed = act(&first, "fail", &back["version"]).await?.ok()?;
    ensure!(
        act(&first, "acknowledge", &failed["version"]).await?.is_problem(404),
        "nothing else is done by it"
    );
    tokio::time::sleep(Duration::from_secs(11)).await;
    ensure!(act(&first, "undo", &failed["version"]).await?.body["code"] == "too_late_to_undo");
    ensure!(act(&second, "undo", &version).await?.is_problem(409), "what was withdrawn stays so");
    Ok(())
}

#[tokio::test]
async fn who_is_silent_at_a_door_is_rung_themselves() -> Result<()> {
    let gateway = Gateway::open().await?;
    // Without a public URL no link is sent, and without calls the station is not told of its task by any way.
    let platform = Platform::start_with(gateway.setup()).await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let (station, admin) = (platform.log_in("station").await?, platform.log_in("admin").await?);
    admin.put("/api/users/station", &json!({ "telephone": "13900000009" })).await?.ok()?;
    let ladder = supervisor.get("/api/ladder").await?.ok()?;
    let quick = ladder["text"].as_str().context("a text")?.replace("task_way_s = 1800", "task_way_s = 5");
    supervisor.put("/api/ladder", &json!({ "text": quick })).await?.ok()?;
    platform.handset("demo-0001").await?.press("p-1", "b", 1).await?;
    let incident =
        until("an incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    let claimed = operator.claim(&incident).await?.ok()?;
    let asked = operator.act("dispatch", &claimed, json!({ "stations": ["s-xingfu"] })).await?.ok()?;
    let task = asked["tasks"][0]["id"].as_str().context("a task")?;
    for act in ["acknowledge", "on-scene"] {
        until(act, PATIENCE, async || {
            let tasks = station.list("/api/tasks?").await?;
            let version = tasks.iter().find(|one| one["id"] == task).map(|one| one["version"].clone());
            let word = json!({ "expected_version": version });
            let said = station.post(&format!("/api/tasks/{task}/{act}"), &word).await?;
            if said.is_problem(409) { Ok(None) } else { said.ok().map(Some) }
        })
        .await?;
    }
    let rung = until("a reminder at the door", Duration::from_secs(20), async || {
        Ok(gateway.taken().into_iter().find(|one| one["id"] == format!("task:{task}:scene")))
    })
    .await?;
    ensure!(rung["mobile"] == "13900000009", "{rung}");
    ensure!(rung["text"].as_str().is_some_and(|text| text.contains("说明情况")), "{rung}");
    Ok(())
}

#[tokio::test]
async fn other_programs_hear_of_every_event_once() -> Result<()> {
    let receiver = Gateway::open().await?;
    let receivers = format!(
        r#"{{township={{url="{}",secrets=["whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"]}}}}"#,
        receiver.url
    );
    let env = [
        ("JJL_NOTIFY__WEBHOOK__ALLOW_HTTP", "true"),
        ("JJL_NOTIFY__WEBHOOK__ALLOW_NETWORKS", r#"["127.0.0.0/8"]"#),
        ("JJL_NOTIFY__WEBHOOK__RECEIVERS", &receivers),
    ];
    let env = env.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
    let mut platform = Platform::start_with(Setup { env, ..Setup::default() }).await?;
    let operator = platform.log_in("operator").await?;
    platform.handset("demo-0001").await?.press("p-1", "b", 1).await?;
    let incident =
        until("an incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    let claimed = operator.claim(&incident).await?.ok()?;
    operator.close(&claimed).await?.ok()?;
    let kinds = || -> Vec<String> {
        receiver.taken().iter().filter_map(|told| told["type"].as_str().map(str::to_owned)).collect()
    };
    let expected = ["incident.claimed", "incident.closed", "incident.noted", "incident.opened"];
    until("all four are told", Duration::from_secs(20), async || {
        let mut told = kinds();
        told.sort();
        Ok((told == expected).then_some(()))
    })
    .await?;
    let told = receiver.taken();
    ensure!(told.iter().all(|one| one["data"]["incident"] == incident["id"]), "{told:?}");
    let text = json!(told).to_string();
    let name = incident["resident"]["name"].as_str().context("a name")?;
    ensure!(!text.contains(name) && !text.contains("well"), "no name and no words: {text}");
    platform.stop().await?;
    platform.restart().await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    ensure!(kinds().len() == 4, "told twice after a restart: {:?}", kinds());
    Ok(())
}
