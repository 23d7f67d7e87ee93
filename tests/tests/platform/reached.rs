//! Nobody at a screen takes a press: whoever is on the roster and the family are told by message, until somebody does.

use crate::reports::bytes;
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tests::{Account, Live, Platform, Setup, handset::Down, until};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

/// What a provider says to those who ask it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Says {
    #[default]
    Yes,
    /// It is out of order.
    Broken,
    /// It takes the message and never answers.
    Nothing,
    /// It points to where machines in a cloud tell their secrets.
    Elsewhere,
    /// It wants nothing more.
    Gone,
}

/// A provider of short messages on this machine: it writes down what it is asked, and says yes unless it is told to say something
/// else.
pub(crate) struct Gateway {
    pub(crate) url: String,
    book: Arc<Mutex<Book>>,
    /// Ends with it.
    _listening: JoinSet<()>,
}

#[derive(Debug, Default)]
struct Book {
    says: Says,
    /// All that it was asked, with what it said.
    asked: Vec<(Value, Says)>,
}

impl Gateway {
    pub(crate) async fn open() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/send", listener.local_addr()?);
        let book: Arc<Mutex<Book>> = Arc::default();
        let shared = Arc::clone(&book);
        let mut listening = JoinSet::new();
        listening.spawn(async move {
            // Each for itself: one that is kept waiting keeps nobody else.
            let mut answering = JoinSet::new();
            while let Ok((socket, _)) = listener.accept().await {
                answering.spawn(answer(socket, Arc::clone(&shared)));
            }
        });
        Ok(Self { url, book, _listening: listening })
    }

    fn locked(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From now on it says this.
    pub(crate) fn say(&self, says: Says) {
        self.locked().says = says;
    }

    /// All that it was asked, whatever it said.
    pub(crate) fn asked(&self) -> Vec<Value> {
        self.locked().asked.iter().map(|(body, _)| body.clone()).collect()
    }

    /// What it took.
    pub(crate) fn taken(&self) -> Vec<Value> {
        let book = self.locked();
        book.asked.iter().filter(|(_, says)| *says == Says::Yes).map(|(body, _)| body.clone()).collect()
    }

    pub(crate) fn setup(&self) -> Setup {
        let env = [
            ("JJL_NOTIFY__SMS__URL", self.url.as_str()),
            ("JJL_NOTIFY__SMS__FIELDS", r#"{mobile="{to}",text="{text}",id="{id}"}"#),
            ("JJL_NOTIFY__SMS__ID_AT", "/id"),
        ];
        Setup { env: env.map(|(key, value)| (key.to_owned(), value.to_owned())).into(), ..Setup::default() }
    }
}

async fn answer(mut socket: TcpStream, book: Arc<Mutex<Book>>) {
    let mut read = Vec::new();
    let body = loop {
        let mut more = [0; 4096];
        match socket.read(&mut more).await {
            Ok(0) | Err(_) => return,
            Ok(count) => read.extend_from_slice(&more[..count]),
        }
        let text = String::from_utf8_lossy(&read);
        let body = text.split_once("\r\n\r\n").map(|(_, body)| body.to_owned());
        if let Some(body) = body.and_then(|body| serde_json::from_str::<Value>(&body).ok()) {
            break body;
        }
    };
    let says = {
        let mut book = book.lock().unwrap_or_else(PoisonError::into_inner);
        let says = book.says;
        book.asked.push((body, says));
        says
    };
    let status = match says {
        Says::Yes => "200 OK",
        Says::Broken => "500 Broken",
        Says::Gone => "410 Gone",
        Says::Elsewhere => "302 Found\r\nlocation: http://169.254.169.254/latest/meta-data/",
        // Until whoever asked goes away.
        Says::Nothing => return drop(socket.read(&mut [0; 1]).await),
    };
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: 12\r\nconnection: close\r\n\r\n{{\"id\":\"s-1\"}}"
    );
    drop(socket.write_all(answer.as_bytes()).await);
}

fn problem(health: &Value, code: &str) -> bool {
    health["problems"].as_array().into_iter().flatten().any(|problem| problem["code"] == code)
}

#[tokio::test]
async fn who_is_on_the_roster_and_the_family_are_told_until_somebody_takes_it() -> Result<()> {
    let gateway = Gateway::open().await?;
    let platform = Platform::start_with(gateway.setup()).await?;
    let (supervisor, admin) = (platform.log_in("supervisor").await?, platform.log_in("admin").await?);
    let operator = platform.log_in("operator").await?;
    ensure!(problem(&platform.health().await?, "no_channel_tested"), "said from the start");
    let tested = supervisor.post("/api/channels/sms/test", &json!({ "to": "13900000001" })).await?.ok()?;
    ensure!(tested["ok"] == true && tested["detail"] == "s-1", "{tested}");
    let every_day = json!(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]);
    let entry = json!({ "name": "值班 李强", "days": every_day, "from": "00:00", "to": "00:00", "channel": "sms",
        "address": "13900000002" });
    let kept = supervisor.post("/api/roster", &entry).await?;
    ensure!(kept.status == 201 && kept.body["address"] == "****0002", "{kept:?}");
    ensure!(supervisor.get("/api/roster").await?.ok()?["uncovered"] == json!([]));
    let health = "the channel counts and the roster is filled";
    until(health, Duration::from_secs(30), async || {
        let health = platform.health().await?;
        Ok((!problem(&health, "no_channel_tested") && !problem(&health, "roster_gaps")).then_some(()))
    })
    .await?;
    admin.put("/api/users/relative", &json!({ "telephone": "13900000003" })).await?.ok()?;
    let ladder = supervisor.get("/api/ladder").await?.ok()?;
    let quick = ladder["text"].as_str().context("a text")?.replace("after_s = 30", "after_s = 5");
    let quick = quick.replace("repeat = { after_s = 60", "repeat = { after_s = 5");
    supervisor.put("/api/ladder", &json!({ "text": quick })).await?.ok()?;

    gateway.say(Says::Broken);
    platform.handset("demo-0001").await?.press("p-1", "b", 1).await?;
    let incident =
        until("the incident", Duration::from_secs(5), async || Ok(operator.incidents("open").await?.pop()))
            .await?;
    let path = format!("/api/incidents/{}/notices", incident["id"].as_str().context("an id")?);
    let failed = until("an attempt that failed", Duration::from_secs(40), async || {
        let notices = operator.list(&format!("{path}?")).await?;
        Ok(notices.into_iter().find(|one| one["recipient"] == "relative" && one["state"] == "failed"))
    })
    .await?;
    ensure!(
        failed["why"].as_str().is_some_and(|why| why.contains("500")) && failed["next_at"].is_string(),
        "{failed}"
    );
    gateway.say(Says::Yes);
    until("both are told", Duration::from_mins(1), async || {
        let told: Vec<Value> = gateway.taken().iter().map(|one| one["mobile"].clone()).collect();
        Ok((told.contains(&json!("13900000002")) && told.contains(&json!("13900000003"))).then_some(()))
    })
    .await?;
    let told = gateway.taken();
    let to_family = told.iter().find(|one| one["mobile"] == "13900000003").context("the family's message")?;
    ensure!(to_family["text"].as_str().is_some_and(|text| text.contains("按了求助键")), "{to_family}");
    let ids: Vec<&Value> = told.iter().map(|one| &one["id"]).collect();
    ensure!(ids.iter().all(|id| ids.iter().filter(|other| *other == id).count() == 1), "each once: {told:?}");
    let family = platform.log_in("relative").await?;
    let answer = format!("/api/incidents/{}/answer", incident["id"].as_str().context("an id")?);
    family.post(&answer, &json!({ "answer": "coming" })).await?.ok()?;
    let notices = operator.list(&format!("{path}?")).await?;
    let answered =
        notices.iter().find(|one| one["recipient"] == "relative").context("the family's notice")?;
    ensure!(answered["state"] == "acknowledged" && answered["acknowledged_at"].is_string(), "{answered}");
    ensure!(
        notices.iter().all(|one| one["recipient_kind"] != "roster" || one["acknowledged_at"].is_null()),
        "{notices:?}"
    );
    Ok(())
}

/// The text of the ladder with short waits, whose last step calls these.
pub(crate) async fn quick_ladder(supervisor: &Account, last: &str) -> Result<Value> {
    let ladder = supervisor.get("/api/ladder").await?.ok()?;
    let quick = ladder["text"].as_str().context("a text")?.replace("after_s = 30", "after_s = 5");
    let quick = quick.replace("repeat = { after_s = 60", "repeat = { after_s = 5");
    let quick = quick.replace("[\"everyone\", \"roster\"]", last);
    supervisor.put("/api/ladder", &json!({ "text": quick })).await?.ok()
}

#[tokio::test]
async fn a_relative_from_whom_it_is_withheld_is_sent_nothing_not_even_again() -> Result<()> {
    let gateway = Gateway::open().await?;
    let platform = Platform::start_with(gateway.setup()).await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let admin = platform.log_in("admin").await?;
    admin.put("/api/users/relative", &json!({ "telephone": "13900000003" })).await?.ok()?;
    quick_ladder(&supervisor, "[\"everyone\", \"roster\", \"relatives\"]").await?;
    gateway.say(Says::Broken);
    platform.handset("demo-0001").await?.press("p-1", "b", 1).await?;
    let incident =
        until("the incident", Duration::from_secs(5), async || Ok(operator.incidents("open").await?.pop()))
            .await?;
    let path = format!("/api/incidents/{}/notices?", incident["id"].as_str().context("an id")?);
    let in_state = async |state: &str| -> Result<Option<Value>> {
        let notices = operator.list(&path).await?;
        Ok(notices.into_iter().find(|one| one["recipient"] == "relative" && one["state"] == state))
    };
    until("an attempt that failed", Duration::from_secs(40), async || in_state("failed").await).await?;
    let kept = json!({ "username": "relative", "incident": incident["id"], "reason": "疑似家暴" });
    operator.post("/api/residents/r-0001/withholdings", &kept).await?.ok()?;
    gateway.say(Says::Yes);
    let ended = until("its end", Duration::from_mins(1), async || in_state("ended").await).await?;
    ensure!(ended["why"].as_str().is_some_and(|why| why.contains("no more")), "{ended}");
    let step = operator.incident(&incident["id"]).await?["ladder_step"].as_u64().unwrap_or_default();
    until("two more calls of the family", Duration::from_secs(30), async || {
        let now = operator.incident(&incident["id"]).await?["ladder_step"].as_u64();
        Ok(now.is_some_and(|now| now >= step + 2).then_some(()))
    })
    .await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let told = gateway.taken();
    ensure!(!told.iter().any(|one| one["mobile"] == "13900000003"), "{told:?}");
    Ok(())
}

#[tokio::test]
async fn a_station_that_nobody_hears_is_not_asked_and_the_person_is_not_told_so() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    quick_ladder(&supervisor, "[\"everyone\", \"roster\", \"station\"]").await?;
    let handset = platform.handset("demo-0001").await?;
    handset.press("p-1", "b", 1).await?;
    let incident =
        until("the incident", Duration::from_secs(5), async || Ok(operator.incidents("open").await?.pop()))
            .await?;
    let path = format!("/api/incidents/{}/file", incident["id"].as_str().context("an id")?);
    until("that nobody there would hear it", Duration::from_secs(30), async || {
        let (_, file) = bytes(&operator, &path).await?;
        Ok(String::from_utf8(file)?.contains("没有人在线，也发不了消息").then_some(()))
    })
    .await?;
    let is_said =
        |down: &Down| down.payload["say"].as_str().is_some_and(|say| say.contains("已同时请服务站"));
    ensure!(operator.incident(&incident["id"]).await?["tasks"] == json!([]), "nobody was asked");
    ensure!(handset.down.count(is_said) == 0, "more was said than is true");
    let staff = platform.log_in("station").await?;
    let _screen = Live::open(&staff, None).await?;
    handset.down.find("that a station was asked", Duration::from_secs(30), is_said).await?;
    let asked = operator.incident(&incident["id"]).await?;
    ensure!(asked["tasks"][0]["station"]["id"] == "s-xingfu", "{asked}");
    Ok(())
}

/// Two ways are set up and one has passed its test: the steps that go the other way do not count, and are named.
#[tokio::test]
async fn a_step_whose_own_way_passed_no_test_is_named() -> Result<()> {
    let gateway = Gateway::open().await?;
    let mut setup = gateway.setup();
    let further = [
        ("JJL_HTTP__PUBLIC_URL", "https://jjl.example"),
        ("JJL_NOTIFY__VOICE__URL", gateway.url.as_str()),
        ("JJL_NOTIFY__VOICE__FIELDS", r#"{mobile="{to}",text="{text}",id="{id}"}"#),
        ("JJL_NOTIFY__VOICE__ID_AT", "/id"),
    ];
    setup.env.extend(further.map(|(key, value)| (key.to_owned(), value.to_owned())));
    let platform = Platform::start_with(setup).await?;
    let supervisor = platform.log_in("supervisor").await?;
    let warned = async || -> Result<Option<String>> {
        let ladder = supervisor.get("/api/ladder").await?.ok()?;
        let warnings = ladder["warnings"].as_array().context("a list")?;
        let found = warnings.iter().find(|one| one["code"] == "step_not_tested");
        Ok(found.and_then(|one| one["detail"].as_str()).map(str::to_owned))
    };
    let test = async |channel: &str| -> Result<()> {
        let path = format!("/api/channels/{channel}/test");
        let tested = supervisor.post(&path, &json!({ "to": "13900000001" })).await?.ok()?;
        ensure!(tested["ok"] == true, "{tested}");
        Ok(())
    };
    test("voice").await?;
    let detail = warned().await?.context("a warning")?;
    let step = "rule \"built-in\", step 3:";
    for whom in ["station", "relatives"] {
        ensure!(detail.contains(&format!("{step} {whom}: sms has passed no test")), "{detail}");
    }
    ensure!(!detail.contains("step 2") && !detail.contains("repeated"), "{detail}");
    until("the health says so", Duration::from_secs(30), async || {
        Ok(problem(&platform.health().await?, "step_not_tested").then_some(()))
    })
    .await?;
    test("sms").await?;
    ensure!(warned().await?.is_none(), "both ways passed");
    Ok(())
}
