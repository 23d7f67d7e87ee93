//! Who gets in, who sees what, and how a refusal looks.

use anyhow::{Context as _, Result, ensure};
use reqwest::{Client, Method, header};
use serde_json::{Value, json};
use tests::{
    Account, Answer, Live, PATIENCE, Platform, Setup,
    account::{PASSWORD, try_log_in},
    live, until,
};
use tokio::net::TcpStream;
use tokio_tungstenite::client_async;

#[tokio::test]
async fn a_session_that_ended_opens_nothing() -> Result<()> {
    let platform = Platform::start().await?;
    let nobody = platform.log_in("operator").await?;
    ensure!(nobody.request(Method::DELETE, "/api/session").send().await?.status() == 204);
    ensure!(nobody.get("/api/me").await?.is_problem(401), "the session outlived its end");
    ensure!(Live::open(&nobody, None).await.is_err(), "a screen without a session");
    let open = Client::new();
    for path in ["/healthz", "/readyz", "/metrics", "/api/openapi.json"] {
        let answer = Answer::of(open.get(format!("{}{path}", platform.at.http))).await?;
        ensure!(answer.status == 200, "{path}: {answer:?}");
    }
    Ok(())
}

/// Behind a proxy everybody has its address; it says for whom it asks.
#[tokio::test]
async fn figures_are_for_this_machine_and_for_who_brings_the_token() -> Result<()> {
    let token = "0123456789abcdef";
    let env = vec![("JJL_HTTP__METRICS_TOKEN".to_owned(), token.to_owned())];
    let platform = Platform::start_with(Setup { env, ..Setup::default() }).await?;
    let open = Client::new();
    let proxied = |path: &str| {
        let request = open.get(format!("{}{path}", platform.at.http));
        request.header("X-Forwarded-For", "10.0.0.9")
    };
    ensure!(Answer::of(open.get(format!("{}/metrics", platform.at.http))).await?.status == 200);
    for brought in ["", "0123456789abcdeX", "0123456789abcde", "0123456789abcdef0"] {
        let refused = Answer::of(proxied("/metrics").bearer_auth(brought)).await?;
        ensure!(refused.is_problem(403), "{brought:?}: {refused:?}");
    }
    ensure!(Answer::of(proxied("/metrics")).await?.is_problem(403));
    ensure!(Answer::of(proxied("/metrics").bearer_auth(token)).await?.status == 200);
    ensure!(Answer::of(proxied("/readyz")).await?.status == 200, "whoever balances load asks from elsewhere");
    ensure!(!platform.log_text()?.contains(token), "the token is in the log");
    Ok(())
}

/// A proxy that is named says for whom it asks; what stands before, anybody may have made up.
#[tokio::test]
async fn behind_a_named_proxy_each_is_counted_by_the_own_address() -> Result<()> {
    let env = vec![("JJL_HTTP__TRUSTED_PROXIES".to_owned(), "[127.0.0.1]".to_owned())];
    let platform = Platform::start_with(Setup { env, ..Setup::default() }).await?;
    let log_in = async |chain: &str, password: &str| {
        let request = Client::new().post(format!("{}/api/session", platform.at.http));
        let request = request.header("X-Forwarded-For", chain).header("X-Forwarded-Proto", "https");
        Answer::of(request.json(&json!({ "username": "operator", "password": password }))).await
    };
    for nth in 0..5 {
        let refused = log_in(&format!("192.0.2.{nth}, 198.51.100.7"), "guess").await?;
        ensure!(refused.is_problem(401), "{nth}: {refused:?}");
    }
    let slowed = log_in("198.51.100.7", PASSWORD).await?;
    ensure!(slowed.is_problem(429), "{slowed:?}");
    let elsewhere = log_in("198.51.100.8", PASSWORD).await?;
    ensure!(elsewhere.status == 200, "{elsewhere:?}");
    ensure!(elsewhere.header("set-cookie").contains("Secure"), "{elsewhere:?}");
    let auditor = platform.log_in("auditor").await?;
    for (action, source) in [("log_in_failed", "198.51.100.7"), ("log_in", "198.51.100.8")] {
        let rows = auditor.list(&format!("/api/audit?username=operator&action={action}")).await?;
        ensure!(!rows.is_empty() && rows.iter().all(|row| row["source"] == source), "{action}: {rows:?}");
    }
    Ok(())
}

#[tokio::test]
async fn guessing_is_slowed_down_and_the_cookie_is_kept_from_scripts() -> Result<()> {
    let platform = Platform::start().await?;
    let base = &platform.at.http;
    let welcome = try_log_in(base, "station", PASSWORD).await?;
    ensure!(
        welcome.body
            == json!({
        "username": "station", "display_name": welcome.body["display_name"], "role": "station",
        "must_change_password": false, "second_factor": false, "must_add_second_factor": false,
        "scope": null, "station": "s-xingfu", "locked": false, "residents": null }),
        "{welcome:?}"
    );
    let cookie = welcome.header("set-cookie");
    ensure!(cookie.starts_with("jujiale_session="), "{cookie}");
    ensure!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");

    for nth in 1..=5 {
        let answer = try_log_in(base, "admin", "guess").await?;
        ensure!(answer.is_problem(401) && answer.body["code"] == "bad_credentials", "{nth}: {answer:?}");
    }
    let answer = try_log_in(base, "admin", PASSWORD).await?;
    ensure!(answer.is_problem(429) && answer.body["code"] == "throttled", "{answer:?}");
    ensure!(answer.body["retry_after_s"].as_u64().is_some_and(|wait_s| wait_s > 0), "{answer:?}");
    let unknown = try_log_in(base, "nobody", "guess").await?;
    ensure!(unknown.is_problem(401) && unknown.body["code"] == "bad_credentials", "{unknown:?}");
    platform.log_in("operator").await?;
    Ok(())
}

#[tokio::test]
async fn a_relative_sees_one_resident_and_a_station_none() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, screen) = platform.operator().await?;
    let relative = platform.log_in("relative").await?;
    let theirs = Live::open(&relative, None).await?;
    for nth in 1..=3 {
        platform.handset(&format!("demo-{nth:04}")).await?.press("seen", "b", nth).await?;
    }
    let all = until("three incidents", PATIENCE, async || {
        let open = operator.incidents("open").await?;
        Ok((open.len() == 3).then_some(open))
    })
    .await?;
    let own = relative.incidents("open").await?;
    ensure!(own.len() == 1 && own[0]["handset"] == "demo-0001", "{own:?}");
    theirs.press("seen").await?;
    // Everybody else has had all three; what is not on the relative's screen by now was kept from it.
    for incident in &all {
        let is_it = |shown: &Value| shown["id"] == incident["id"];
        screen.next_incident("each on the operator's screen", PATIENCE, is_it).await?;
    }
    ensure!(theirs.incidents().iter().all(|shown| shown["id"] == own[0]["id"]), "{:?}", theirs.incidents());
    let later = Live::open(&relative, None).await?.snapshot().await?;
    ensure!(later["incidents"].as_array().is_some_and(|shown| shown.len() == 1), "{later}");
    ensure!(!later.to_string().contains("demo-0002"), "{later}");

    for other in all.iter().filter(|incident| incident["id"] != own[0]["id"]) {
        let id = other["id"].as_str().context("an id")?;
        for path in [format!("/api/incidents/{id}"), format!("/api/incidents/{id}/events")] {
            let answer = relative.get(&path).await?;
            ensure!(answer.is_problem(404) || answer.is_problem(403), "{path}: {answer:?}");
        }
        let resident = other["resident"]["id"].as_str().context("a resident")?;
        let answer = relative.get(&format!("/api/residents/{resident}")).await?;
        ensure!(answer.is_problem(404) || answer.is_problem(403), "{answer:?}");
    }
    refused_acts(&relative, &own[0]).await?;
    a_station_sees_nothing(&platform.log_in("station").await?, &own[0]).await
}

async fn refused_acts(relative: &Account, incident: &Value) -> Result<()> {
    for act in ["claim", "release", "note", "close"] {
        let body = json!({ "text": "x", "reason": "x", "cause": "other", "outcome": "other", "note": "x" });
        let answer = relative.act(act, incident, body).await?;
        ensure!(answer.is_problem(403), "{act}: {answer:?}");
    }
    ensure!(relative.get("/api/residents").await?.is_problem(403));
    ensure!(relative.get("/api/quarantine").await?.is_problem(403));
    Ok(())
}

async fn a_station_sees_nothing(station: &Account, incident: &Value) -> Result<()> {
    let list = station.get("/api/incidents?state=all").await?;
    ensure!(list.is_problem(403) || list.body["items"] == json!([]), "{list:?}");
    let id = incident["id"].as_str().context("an id")?;
    let one = station.get(&format!("/api/incidents/{id}")).await?;
    ensure!(one.is_problem(403) || one.is_problem(404), "{one:?}");
    ensure!(station.claim(incident).await?.is_problem(403));
    if let Ok(screen) = Live::open(station, None).await {
        let snapshot = screen.snapshot().await?;
        ensure!(snapshot["incidents"] == json!([]) && snapshot["positions"] == json!([]), "{snapshot}");
    }
    Ok(())
}

#[tokio::test]
async fn a_page_of_another_origin_can_do_nothing() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let call = json!({ "kind": "call", "resident": null, "caller": "x", "words": "x" });
    let from = |origin: &str| {
        let request = operator.request(Method::POST, "/api/incidents").json(&call);
        Answer::of(request.header(header::ORIGIN, origin))
    };
    for foreign in ["http://evil.example", "null", "http://127.0.0.1:1"] {
        let answer = from(foreign).await?;
        ensure!(answer.is_problem(403), "{foreign}: {answer:?}");
        let mut request = live::request(&operator)?;
        request.headers_mut().insert("origin", foreign.parse()?);
        let tcp = TcpStream::connect(operator.base.trim_start_matches("http://")).await?;
        ensure!(client_async(request, tcp).await.is_err(), "a screen on {foreign}");
    }
    let own = from(&operator.base).await?;
    ensure!(own.status == 201, "{own:?}");
    ensure!(operator.incidents("all").await?.len() == 1);
    Ok(())
}

#[tokio::test]
async fn the_same_request_twice_is_done_once() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, screen) = platform.operator().await?;
    platform.handset("demo-0004").await?.press("p", "b", 1).await?;
    let (incident, _) = screen.press("p").await?;
    let path = format!("/api/incidents/{}/note", incident["id"].as_str().context("an id")?);
    let note = |text: &str, key: &str| {
        let body = json!({ "expected_version": 1, "text": text });
        Answer::of(operator.request(Method::POST, &path).json(&body).header("Idempotency-Key", key))
    };
    let first = note("一次", "k1").await?;
    let again = note("一次", "k1").await?;
    ensure!(first.status == 200 && again.status == 200, "{first:?} {again:?}");
    ensure!(first.body["version"] == 2 && again.body["version"] == 2, "{first:?} {again:?}");
    ensure!(operator.events(&incident["id"]).await?.len() == 2);
    let reused = note("another", "k1").await?;
    ensure!(reused.is_problem(422), "{reused:?}");
    let stale = note("一次", "k2").await?;
    ensure!(stale.is_problem(409) && stale.body["version"] == 2, "{stale:?}");
    Ok(())
}

#[tokio::test]
async fn every_refusal_is_a_problem_document() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let plain = |method: Method, path: &str, body: &'static str| {
        let request = operator.request(method, path).header(header::CONTENT_TYPE, "application/json");
        Answer::of(request.body(body))
    };
    let cases = [
        (Method::GET, "/api/no-such-thing", "", [404, 404]),
        (Method::GET, "/api/incidents/unknown", "", [404, 404]),
        (Method::GET, "/api/incidents/..%2f..%2fx", "", [404, 400]),
        (Method::GET, "/api/incidents?state=lost", "", [400, 422]),
        (Method::GET, "/api/incidents?limit=201", "", [400, 422]),
        (Method::GET, "/api/incidents?cursor=%00%ff", "", [400, 422]),
        (Method::GET, "/api/residents/nobody?reason=test", "", [404, 404]),
        (Method::GET, "/api/quarantine", "", [403, 403]),
        (Method::GET, "/api/residents/nobody", "", [403, 404]),
        (Method::PUT, "/api/incidents", "{}", [405, 404]),
        (Method::POST, "/api/incidents", "{", [400, 422]),
        (Method::POST, "/api/incidents", "{}", [400, 422]),
        (Method::POST, "/api/incidents", r#"{"kind":"press"}"#, [400, 422]),
        (Method::POST, "/api/incidents/unknown/claim", r#"{"expected_version":1}"#, [404, 404]),
        (Method::POST, "/api/incidents/unknown/claim", "{}", [400, 422]),
        (Method::POST, "/api/incidents/unknown/claim", r#"{"expected_version":-1}"#, [400, 422]),
        (Method::POST, "/api/session", "[]", [400, 422]),
        (Method::POST, "/api/session", "", [400, 422]),
    ];
    let mut failures = Vec::new();
    for (method, path, body, statuses) in cases {
        let answer = plain(method.clone(), path, body).await?;
        if !statuses.iter().any(|status| answer.is_problem(*status)) {
            let kind = answer.header("content-type");
            failures.push(format!("{method} {path} {body}: {} {kind} {}", answer.status, answer.body));
        }
    }
    let request = operator.request(Method::POST, "/api/incidents").body("kind=call");
    let form = Answer::of(request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")).await?;
    if !form.is_problem(415) {
        failures.push(format!("a form: {form:?}"));
    }
    let large = operator.post("/api/incidents", &json!({ "words": "x".repeat(1 << 20) })).await?;
    if !large.is_problem(413) {
        failures.push(format!("a megabyte: {large:?}"));
    }
    ensure!(failures.is_empty(), "{}", failures.join("\n"));
    Ok(())
}
