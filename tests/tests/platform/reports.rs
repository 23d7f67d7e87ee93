//! Figures and papers: reports as JSON, CSV and workbooks, the quarter's review, an incident's file to be printed.

use anyhow::{Context as _, Result, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use tests::{Account, PATIENCE, Platform, clock, until};

/// The quarter that runs now, in China.
pub(crate) fn quarter() -> String {
    let there = clock::now() + model::SignedDuration::from_hours(8);
    let text = there.to_string();
    let month: u32 = text[5..7].parse().unwrap_or(1);
    format!("{}Q{}", &text[..4], (month - 1) / 3 + 1)
}

/// What a route answers that is no JSON: its type and its bytes.
pub(crate) async fn bytes(account: &Account, path: &str) -> Result<(String, Vec<u8>)> {
    let response = account.request(Method::GET, path).send().await?;
    ensure!(response.status() == 200, "{path}: {}", response.status());
    let kind = response.headers().get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    Ok((kind.to_owned(), response.bytes().await?.to_vec()))
}

/// A press that was claimed, sent to a station, taken, finished and closed.
pub(crate) async fn helped(platform: &Platform, handset: &str, station: &str, note: &str) -> Result<Value> {
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    platform.handset(handset).await?.press(handset, "b", 1).await?;
    let is_it = |one: &Value| one["handset"] == handset;
    let incident = until("the incident", PATIENCE, async || {
        Ok(operator.incidents("open").await?.into_iter().find(is_it))
    })
    .await?;
    let claimed = operator.claim(&incident).await?.ok()?;
    let noted = json!({ "text": note, "contact": "resident" });
    let noted = operator.act("note", &claimed, noted).await?.ok()?;
    let asked =
        operator.act("dispatch", &noted, json!({ "stations": [station], "note": "三楼" })).await?.ok()?;
    let task = asked["tasks"][0].clone();
    let mut version = task["version"].clone();
    for (act, words) in [("acknowledge", "王姐去"), ("on-scene", "到了"), ("finish", "量了血压")] {
        let path = format!("/api/tasks/{}/{act}", task["id"].as_str().context("a task")?);
        let word = json!({ "expected_version": version, "result": words, "words": words });
        version = supervisor.post(&path, &word).await?.ok()?["version"].clone();
    }
    let now = operator.incident(&incident["id"]).await?;
    operator.close_at_once(&now).await?.ok()
}

#[tokio::test]
async fn figures_come_as_json_csv_and_workbook() -> Result<()> {
    let platform = Platform::start().await?;
    let (supervisor, operator) = (platform.log_in("supervisor").await?, platform.log_in("operator").await?);
    let stations = supervisor.list("/api/stations?").await?;
    let station = stations.first().context("a station")?;
    let name = station["id"].as_str().context("an id")?;
    let closed = helped(&platform, "demo-0001", name, "通话正常").await?;

    ensure!(operator.get("/api/reports/quarter?quarter=2026Q4").await?.is_problem(403));
    let report = supervisor.get("/api/reports/response?by=township").await?.ok()?;
    let group = report["groups"][0].clone();
    ensure!(group["cases"] == 1 && group["false_alarm_pct"] == 100.0, "{report}");
    ensure!(group["group"].as_str().is_some_and(|code| code.len() == 9 || code.is_empty()), "{report}");
    ensure!(supervisor.get("/api/reports/response?by=weather").await?.is_problem(422));

    let told = supervisor.get("/api/reports/notices").await?.ok()?;
    let to_her = told["channels"].as_array().into_iter().flatten().find(|way| way["channel"] == "handset");
    let to_her = to_her.context("what the handset was told")?;
    ensure!(to_her["messages"].as_u64() > Some(0) && to_her["seen_p50_ms"].is_null(), "{told}");

    let path = format!("/api/reports/quarter?quarter={}", quarter());
    let review = supervisor.get(&path).await?.ok()?;
    let line =
        review["stations"].as_array().into_iter().flatten().find(|one| one["station"] == station["id"]);
    let line = line.context("the station stands in the review")?;
    ensure!(line["asked"] == 1 && line["finished"] == 1 && line["score"] == 100.0, "{review}");
    ensure!(line["place"].is_null(), "one task gives nobody a place: {line}");
    ensure!(review["from_what"].as_str().is_some_and(|words| words.contains("40%")), "{review}");
    ensure!(supervisor.get("/api/reports/quarter?quarter=2026Q5").await?.is_problem(422));

    for report in [&path, "/api/reports/response?by=kind", "/api/reports/notices?", "/api/reports/handsets?"]
    {
        ensure!(supervisor.get(report).await?.status == 200, "{report}");
        let (kind, csv) = bytes(&supervisor, &format!("{report}&format=csv")).await?;
        ensure!(kind.starts_with("text/csv") && csv.starts_with("\u{feff}".as_bytes()), "{report}: {kind}");
        let (kind, workbook) = bytes(&supervisor, &format!("{report}&format=xlsx")).await?;
        ensure!(kind.contains("spreadsheetml") && workbook.starts_with(b"PK\x03\x04"), "{report}: {kind}");
        ensure!(supervisor.get(&format!("{report}&format=pdf")).await?.is_problem(422), "{report}");
    }
    let handsets = "/api/reports/handsets?";
    for (report, table, has, lacks) in [
        ("/api/reports/response?", "late", "reviewed_by", "false_alarms"),
        (path.as_str(), "stations", "place,station,name,score", "from_what"),
        (path.as_str(), "whole", "\r\nall,1,0,", "score"),
        (path.as_str(), "from_what", "得分 = 接受率×40%", "score"),
        (handsets, "least", "handset,carried_h", "township"),
        (handsets, "townships", "township,handsets,heard_pct", "carried_h"),
        (handsets, "total", "from,to,handsets,heard_pct\r\n20", "carried_h"),
    ] {
        let (_, csv) = bytes(&supervisor, &format!("{report}&format=csv&table={table}")).await?;
        let csv = String::from_utf8(csv)?;
        ensure!(csv.contains(has) && !csv.contains(lacks), "{report} {table}: {csv}");
        ensure!(supervisor.get(&format!("{report}&table=all")).await?.is_problem(422), "{report}");
    }
    let review = format!("/api/reports/late/{}", closed["id"].as_str().context("an id")?);
    let note = json!({ "note": "两人同时来电" });
    ensure!(supervisor.post(&review, &note).await?.is_problem(422), "it was answered at once");
    // What nobody has answered yet is late already, and not to be looked into before it is known how late.
    platform.handset("demo-0002").await?.press("p-2", "b", 1).await?;
    let waiting =
        until("the incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    let id = waiting["id"].as_str().context("an id")?;
    let long_ago = format!(
        "PRAGMA busy_timeout = 5000; UPDATE incident_events SET body = json_set(body, '$.what.signal.received_at', '{0}')
         WHERE incident_id = '{id}' AND version = 1",
        tests::clock::ago(600)
    );
    tests::tools::sqlite(&platform.data(), &long_ago)?;
    let review_it = format!("/api/reports/late/{id}");
    let refused = supervisor.post(&review_it, &note).await?;
    ensure!(refused.is_problem(409) && refused.body["code"] == "unanswered", "{refused:?}");
    operator.claim(&waiting).await?.ok()?;
    ensure!(supervisor.post(&review_it, &note).await?.status == 200);
    let admin = platform.log_in("admin").await?;
    ensure!(admin.get("/api/reports/response").await?.status == 200);
    ensure!(admin.post(&review, &note).await?.is_problem(403), "late answers are a supervisor's");
    Ok(())
}

#[tokio::test]
async fn an_incident_is_printed_with_all_that_belongs_to_it() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, family) = (platform.log_in("operator").await?, platform.log_in("relative").await?);
    let stations = operator.list("/api/stations?").await?;
    let station = stations.first().and_then(|one| one["id"].as_str()).context("a station")?.to_owned();
    let handset = platform.handset("demo-0001").await?;
    let fix = tests::handset::fix("b", 1);
    handset.publish("fix", fix.to_string()).await?;
    let closed = helped(&platform, "demo-0001", &station, "她说：<script>alert(1)</script>").await?;
    let path = format!("/api/incidents/{}/file", closed["id"].as_str().context("an id")?);
    ensure!(family.get(&path).await?.status == 403, "the family is shown no words");
    let answer = operator.request(Method::GET, &path).send().await?;
    let policy = answer.headers()["content-security-policy"].to_str()?.to_owned();
    ensure!(policy.starts_with("default-src 'none'") && !policy.contains("script"), "{policy}");
    let text = answer.text().await?;
    ensure!(!text.contains("<script") && text.contains("&lt;script&gt;alert(1)"), "{text}");
    for part in [
        "信号与回执",
        "终端播报",
        "接线员已接警，正在为您处理",
        "经过",
        "服务站任务",
        "升级呼叫",
        "通知",
        "终端指令",
        "量了血压",
        "派服务站",
        "已结案",
    ] {
        ensure!(text.contains(part), "{part} is missing: {text}");
    }
    let looks = "查阅与操作记录";
    ensure!(!text.contains(looks), "who looked is for those who may read that: {text}");
    let (_, page) = bytes(&platform.log_in("supervisor").await?, &path).await?;
    let page = String::from_utf8(page)?;
    ensure!(
        page.contains(looks) && page.contains("打印警情档案"),
        "who looked after the end stands there too"
    );
    ensure!(!page.contains("<td>报告位置</td>"), "what the platform asks by itself is one line: {page}");
    let (kind, page) = bytes(&operator, &format!("{path}?part=handover")).await?;
    let page = String::from_utf8(page)?;
    ensure!(kind.starts_with("text/html"), "{kind}");
    ensure!(page.contains("WGS-84") && page.contains("GCJ-02") && page.contains("33.96"), "{page}");
    let is_learnt = page.contains("已与老人本人通话：她说") && page.contains("已完成：量了血压");
    ensure!(is_learnt && !page.contains("<script"), "what was learnt is handed over too: {page}");
    ensure!(operator.get(&format!("{path}?part=all")).await?.is_problem(422));
    Ok(())
}

/// Whether a handset can be reached has nothing to do with whether its positions may be kept.
#[tokio::test]
async fn a_handset_of_somebody_who_is_not_tracked_is_heard_by_what_it_says() -> Result<()> {
    const WHO: &str = "demo-0003";
    let platform = Platform::start().await?;
    let supervisor = platform.log_in("supervisor").await?;
    let change = |statement: &str| {
        tests::tools::sqlite(&platform.data(), &format!("PRAGMA busy_timeout = 5000; {statement}"))
    };
    change(&format!(
        "UPDATE residents SET untracked_since_us = 1 WHERE resident_id IN (
           SELECT resident_id FROM bindings WHERE handset_id = '{WHO}')"
    ))?;
    let handset = platform.handset(WHO).await?;
    handset.publish("status", json!({ "battery_pct": 80 }).to_string()).await?;
    // A count of none is refused.
    let is_noted = format!(
        "CREATE TEMP TABLE found (n CHECK (n > 0));
         INSERT INTO found SELECT COUNT(*) FROM heard_days WHERE handset_id = '{WHO}'"
    );
    until("its hour", 3 * PATIENCE, async || {
        change(&is_noted)?;
        Ok(Some(()))
    })
    .await?;

    // The hour that runs is in no report: as if all that had been yesterday, in every hour of the day.
    let (day_us, now_us) = (86_400_000_000, clock::now().as_microsecond());
    let today_us = now_us - now_us.rem_euclid(day_us);
    let yesterday_us = today_us - day_us;
    change(&format!(
        "UPDATE heard_days SET day_us = {yesterday_us}, hours = 16777215 WHERE handset_id = '{WHO}';
         UPDATE bindings SET from_us = from_us - {} WHERE handset_id = '{WHO}';
         UPDATE bindings SET to_us = from_us WHERE handset_id <> '{WHO}'",
        2 * day_us
    ))?;
    let [from, to] = [yesterday_us, today_us].map(model::Timestamp::from_microsecond);
    let report = supervisor.get(&format!("/api/reports/handsets?from={}&to={}", from?, to?)).await?.ok()?;
    let its = report["least"].as_array().into_iter().flatten().find(|one| one["handset"] == WHO);
    let its = its.with_context(|| format!("nobody carried it: {report}"))?;
    ensure!(its["carried_h"] == 24 && its["heard_h"] == 24 && its["heard_pct"] == 100.0, "{report}");
    ensure!(report["heard_pct"] == 100.0, "{report}");
    Ok(())
}
