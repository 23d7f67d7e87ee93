//! What opens something stands in no log, whatever is done with it and however closely the log is kept.

use crate::{reached::Gateway, sessions::code};
use anyhow::{Context as _, Result, ensure};
use reqwest::Client;
use serde_json::{Value, json};
use std::collections::HashSet;
use tests::{
    Account, Answer, Platform,
    account::{PASSWORD, try_log_in},
    wire::Wire,
};

const OWN_WORDS: &str = "correct horse battery";
const WRONG_WORDS: &str = "a wrong guess at them";
const WRONG_SECRET: &str = "wrong-secret-of-a-handset";
const METRICS_TOKEN: &str = "figures-for-nobody-else";
const SMS_KEY: &str = "key-of-the-sms-gateway";
const VOICE_PATH: &str = "secret-in-the-path-of-a-gateway";
const REPORT_SECRET: &str = "secret-of-the-reports";

/// A secret with what it is.
type Named = (&'static str, String);

fn settings() -> [(&'static str, String); 6] {
    let report = format!(
        r#"{{secret="{REPORT_SECRET}",id_at="/id",state_at="/state",delivered=["DELIVRD"],failed=["UNDELIV"]}}"#
    );
    [
        ("RUST_LOG", "debug".to_owned()),
        ("JJL_HTTP__METRICS_TOKEN", METRICS_TOKEN.to_owned()),
        ("JJL_NOTIFY__SMS__HEADERS", format!(r#"{{x-key="{SMS_KEY}"}}"#)),
        ("JJL_NOTIFY__SMS__REPORT", report),
        // Nobody listens there, and that is said.
        ("JJL_NOTIFY__VOICE__URL", format!("http://127.0.0.1:1/{VOICE_PATH}")),
        ("JJL_NOTIFY__VOICE__FIELDS", r#"{mobile="{to}",text="{text}"}"#.to_owned()),
    ]
}

fn text(value: &Value) -> Result<String> {
    Ok(value.as_str().context("a text")?.to_owned())
}

fn token(account: &Account) -> String {
    account.cookie.trim_start_matches("jujiale_session=").to_owned()
}

/// Passwords, sessions and second factors, right and wrong.
async fn of_people(platform: &Platform) -> Result<Vec<Named>> {
    let operator = platform.log_in("operator").await?;
    let change = json!({ "old": PASSWORD, "new": OWN_WORDS });
    ensure!(operator.post("/api/me/password", &change).await?.status == 204);
    ensure!(try_log_in(&platform.at.http, "operator", WRONG_WORDS).await?.status == 401);
    ensure!(try_log_in(&platform.at.http, "operator", OWN_WORDS).await?.status == 200);
    let offer = operator.post("/api/me/totp", &json!({ "password": OWN_WORDS })).await?.ok()?;
    let factor = text(&offer["secret"])?;
    let now = code(&factor, 0).await?;
    ensure!(operator.put("/api/me/totp", &json!({ "code": now })).await?.status == 204);
    let again = json!({ "username": "operator", "password": OWN_WORDS, "code": now });
    let again = Client::new().post(format!("{}/api/session", platform.at.http)).json(&again);
    ensure!(Answer::of(again).await?.is_problem(401), "it was used");
    let own = [("a password", OWN_WORDS), ("a wrong password", WRONG_WORDS)];
    let mut named = Vec::from(own.map(|(what, secret)| (what, secret.to_owned())));
    named.extend([("a session", token(&operator)), ("a second factor", factor), ("a code", now)]);
    Ok(named)
}

/// Codes of links, and what they give.
async fn of_links(platform: &Platform) -> Result<Vec<Named>> {
    let admin = platform.log_in("admin").await?;
    let who = json!({ "role": "operator", "display_name": "新人" });
    let link = text(&admin.post("/api/invitations", &who).await?.ok()?["code"])?;
    let path = format!("{}/api/join/{link}", platform.at.http);
    let own = json!({ "username": "newcomer", "password": OWN_WORDS });
    let joined = Answer::of(Client::new().post(&path).json(&own)).await?;
    let newcomer = Account::let_in(&platform.at.http, "newcomer", joined)?;
    ensure!(Answer::of(Client::new().get(&path)).await?.is_problem(404), "it is used up");

    let claim = text(&admin.post("/api/handsets/gps-0009/claim", &json!({})).await?.ok()?["code"])?;
    let request = Client::new().post(format!("{}/api/provision", platform.at.http));
    let given = Answer::of(request.json(&json!({ "code": claim }))).await?.ok()?;
    let secret = text(&given["secret"])?;
    for (secret, opens) in [(secret.as_str(), true), (WRONG_SECRET, false)] {
        let door = Wire::try_in(platform.mqtt_port()?, "gps-0009", secret).await?;
        ensure!(door.is_some() == opens);
    }
    let phone = Client::new().post(format!("{}/owntracks", platform.at.http)).body("{}");
    let refused = phone.basic_auth("demo-phone", Some(WRONG_SECRET)).send().await?;
    ensure!(refused.status().is_client_error(), "{refused:?}");
    Ok(vec![
        ("a link", link),
        ("a session by a link", token(&newcomer)),
        ("a claim code", claim),
        ("a handset's secret", secret),
        ("a wrong secret", WRONG_SECRET.to_owned()),
        ("a session", token(&admin)),
    ])
}

/// What the settings hold.
async fn of_machines(platform: &Platform, gateway: &Gateway) -> Result<Vec<Named>> {
    let supervisor = platform.log_in("supervisor").await?;
    for channel in ["sms", "voice"] {
        let path = format!("/api/channels/{channel}/test");
        let tested = supervisor.post(&path, &json!({ "to": "13900000001" })).await?.ok()?;
        ensure!(tested["ok"] == (channel == "sms"), "{channel}: {tested}");
    }
    ensure!(!gateway.taken().is_empty());
    let base = &platform.at.http;
    let report = Client::new().post(format!("{base}/api/delivery/sms/{REPORT_SECRET}")).body("<xml/>");
    ensure!(Answer::of(report).await?.status == 422);
    let figures = Client::new().get(format!("{base}/metrics")).bearer_auth(METRICS_TOKEN);
    ensure!(figures.send().await?.status() == 200);
    let keys = std::fs::read_to_string(platform.data().join("keys.json"))?;
    let keys = keys.split('"').filter(|part| part.len() >= 32).map(|key| ("a key", key.to_owned()));
    let configured = [
        ("the token for figures", METRICS_TOKEN),
        ("a gateway's key", SMS_KEY),
        ("a gateway's address", VOICE_PATH),
        ("the secret of reports", REPORT_SECRET),
    ];
    let named: Vec<Named> = keys.collect();
    ensure!(!named.is_empty(), "keys.json has keys");
    Ok(named.into_iter().chain(configured.map(|(what, secret)| (what, secret.to_owned()))).collect())
}

#[tokio::test]
async fn what_opens_something_stands_in_no_log() -> Result<()> {
    let gateway = Gateway::open().await?;
    let mut setup = gateway.setup();
    setup.env.extend(settings().map(|(name, value)| (name.to_owned(), value)));
    let platform = Platform::start_with(setup).await?;
    let mut secrets = of_people(&platform).await?;
    secrets.extend(of_links(&platform).await?);
    secrets.extend(of_machines(&platform, &gateway).await?);
    platform.handset("demo-0008").await?.press("p", "b", 1).await?;

    let log = platform.log_text()?;
    ensure!(log.contains("request_refused"), "it is kept closely: {log}");
    // Behind its time, in which six digits are no code.
    let lines = log.lines().filter_map(|line| line.split_once(' '));
    let words: HashSet<&str> =
        lines.flat_map(|(_, said)| said.split(|sign: char| !sign.is_ascii_alphanumeric())).collect();
    for (what, secret) in secrets {
        let stands = if secret.len() < 16 { words.contains(secret.as_str()) } else { log.contains(&secret) };
        ensure!(!stands, "{what} stands in the log: {secret}");
    }
    Ok(())
}

/// Whoever mends a key file by hand makes a slip, and asks for help with what it says on the screen.
#[tokio::test]
async fn a_key_file_that_cannot_be_read_is_not_repeated() -> Result<()> {
    let mut platform = Platform::start().await?;
    platform.stop().await?;
    let key = "bm90LWEtbGlzdC1vZi1ieXRlcy1idXQtYS1rZXk";
    let text = format!(r#"{{"key_id":"k1","seal":"{key}"}}"#);
    std::fs::write(platform.data().join("keys.json"), &text)?;
    for from_environment in [false, true] {
        if from_environment {
            platform.setup().env = vec![("JJL_KEYS__TEXT".to_owned(), text.clone())];
        }
        for words in [&["keys", "status", "--demo"][..], &["serve", "--demo"]] {
            let refused = platform.command_on_data(words).await?;
            let said = String::from_utf8([refused.stdout, refused.stderr].concat())?;
            ensure!(!refused.status.success() && said.contains("line 1, column "), "{words:?}: {said}");
            ensure!(!said.contains(key), "{words:?}: {said}");
        }
    }
    Ok(())
}
