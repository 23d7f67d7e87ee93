//! Who is on the roster is reached by the way that stands there: a call is asked of its gateway, a letter goes to the mail server. A
//! letter is sent and covers no hour.

use crate::reached::Gateway;
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tests::{Account, Platform, until};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufStream},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};

/// As much of a mail server as a letter needs; it writes down what it hears.
struct MailServer {
    port: u16,
    heard: Arc<Mutex<Vec<String>>>,
    /// Ends with it.
    _listening: JoinSet<()>,
}

impl MailServer {
    async fn open() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let heard = Arc::<Mutex<Vec<String>>>::default();
        let book = Arc::clone(&heard);
        let mut listening = JoinSet::new();
        listening.spawn(async move {
            let mut talks = JoinSet::new();
            while let Ok((socket, _)) = listener.accept().await {
                let book = Arc::clone(&book);
                talks.spawn(async move { drop(talk(BufStream::new(socket), &book).await) });
            }
        });
        Ok(Self { port, heard, _listening: listening })
    }

    fn heard(&self, line: &str) -> usize {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.iter().filter(|said| *said == line).count()
    }
}

async fn talk(mut stream: BufStream<TcpStream>, book: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let (mut in_letter, mut line) = (false, String::new());
    let mut answer = "220 mail.example ready";
    loop {
        stream.write_all(format!("{answer}\r\n").as_bytes()).await?;
        stream.flush().await?;
        let said = loop {
            line.clear();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let said = line.trim_end();
            if !in_letter || said == "." {
                break said.to_owned();
            }
        };
        book.lock().unwrap_or_else(PoisonError::into_inner).push(said.clone());
        in_letter = said == "DATA";
        answer = match said.split(' ').next().unwrap_or_default() {
            "EHLO" => "250 mail.example",
            "DATA" => "354 go on",
            "." => "250 2.0.0 Ok: queued as 4F2A",
            "QUIT" => "221 bye",
            _ => "250 Ok",
        };
    }
}

async fn put_on_roster(supervisor: &Account, name: &str, channel: &str, address: &str) -> Result<Value> {
    let every_day = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let entry = json!({ "name": name, "days": every_day, "from": "00:00", "to": "00:00", "channel": channel,
        "address": address });
    supervisor.post("/api/roster", &entry).await?.ok()
}

async fn warnings(supervisor: &Account) -> Result<Vec<Value>> {
    let ladder = supervisor.get("/api/ladder").await?.ok()?;
    Ok(ladder["warnings"].as_array().context("a list")?.iter().map(|one| one["code"].clone()).collect())
}

#[tokio::test]
async fn who_is_on_the_roster_is_called_or_written_to() -> Result<()> {
    let (voice, mail) = (Gateway::open().await?, MailServer::open().await?);
    let mut setup = voice.setup();
    setup.env = [
        ("JJL_NOTIFY__VOICE__URL", voice.url.as_str()),
        ("JJL_NOTIFY__VOICE__FIELDS", r#"{mobile="{to}",text="{text}",id="{id}",way="{channel}"}"#),
        ("JJL_NOTIFY__VOICE__ID_AT", "/id"),
        ("JJL_NOTIFY__EMAIL__HOST", "localhost"),
        ("JJL_NOTIFY__EMAIL__PORT", &mail.port.to_string()),
        ("JJL_NOTIFY__EMAIL__TLS", "none"),
        ("JJL_NOTIFY__EMAIL__FROM", "alarm@jjl.example"),
    ]
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .into();
    let platform = Platform::start_with(setup).await?;
    let (supervisor, operator) = (platform.log_in("supervisor").await?, platform.log_in("operator").await?);

    // By a letter nobody is woken: the hours stay uncovered however well it was tested.
    put_on_roster(&supervisor, "孙丽", "email", "sunli@jjl.example").await?;
    let roster = supervisor.get("/api/roster").await?.ok()?;
    ensure!(roster["uncovered"].as_array().map(Vec::len) == Some(7), "{roster}");
    let tested =
        supervisor.post("/api/channels/email/test", &json!({ "to": "test@jjl.example" })).await?.ok()?;
    ensure!(tested["ok"] == true && mail.heard("RCPT TO:<test@jjl.example>") == 1, "{tested}");
    ensure!(warnings(&supervisor).await? == ["no_channel_tested"]);
    let tested = supervisor.post("/api/channels/voice/test", &json!({ "to": "13900000001" })).await?.ok()?;
    ensure!(tested["ok"] == true && voice.taken()[0]["way"] == "voice", "{tested}");
    let ladder = supervisor.get("/api/ladder").await?.ok()?;
    let quick = ladder["text"].as_str().context("a text")?.replace("after_s = 30", "after_s = 5");
    let quick = quick.replace("repeat = { after_s = 60", "repeat = { after_s = 5");
    let saved = supervisor.put("/api/ladder", &json!({ "text": quick })).await?.ok()?;
    ensure!(saved["warnings"][0]["code"] == "roster_gaps", "{saved}");
    // Messages are not set up, so relatives hear nothing; stations are rung.
    let step = saved["warnings"][1]["detail"].as_str().unwrap_or_default();
    ensure!(
        step.contains("relatives: no way") && !step.contains("station") && saved["warnings"][2].is_null(),
        "{saved}"
    );
    put_on_roster(&supervisor, "李强", "voice", "13900000002").await?;
    ensure!(
        warnings(&supervisor).await? == ["step_not_tested"]
            && supervisor.get("/api/roster").await?.ok()?["uncovered"] == json!([])
    );

    platform.handset("demo-0001").await?.press("p-1", "b", 1).await?;
    let called = until("the call", Duration::from_mins(1), async || {
        Ok(voice.taken().into_iter().find(|one| one["mobile"] == "13900000002"))
    })
    .await?;
    ensure!(called["text"].as_str().is_some_and(|text| text.contains("按了求助键")), "{called}");
    until("the letter", Duration::from_mins(1), async || {
        Ok((mail.heard("RCPT TO:<sunli@jjl.example>") == 1).then_some(()))
    })
    .await?;
    let incident = operator.incidents("open").await?.pop().context("the incident")?;
    let path = format!("/api/incidents/{}/notices?", incident["id"].as_str().context("an id")?);
    until("both to be on record", Duration::from_secs(20), async || {
        let notices = operator.list(&path).await?;
        let is_sent = |channel: &str| {
            notices
                .iter()
                .any(|one| one["channel"] == channel && one["state"] == "sent" && one["sent_at"].is_string())
        };
        Ok((is_sent("voice") && is_sent("email")).then_some(()))
    })
    .await
}
