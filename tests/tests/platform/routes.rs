//! Every route, walked as every kind of account and as nobody, against the table in the docs.

use anyhow::{Context as _, Result, ensure};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tests::{Account, Answer, Live, PATIENCE, Platform, account::PASSWORD, until};

/// Which account stands for which column.
const COLUMNS: [(&str, &str); 6] = [
    ("operator", "operator"),
    ("supervisor", "supervisor"),
    ("station, no task", "station"),
    ("relative, grant runs", "relative"),
    ("admin", "admin"),
    ("auditor", "auditor"),
];
/// The relative's resident, who has an open incident here.
const RESIDENT: &str = "r-0001";
const HANDSET: &str = "demo-0001";

/// A line of the table.
#[derive(Debug, Clone)]
struct Route {
    method: String,
    path: String,
    needs: String,
    /// Column → `yes`, `with a reason` or `–`.
    answers: BTreeMap<String, String>,
}

/// The table of routes in the docs; of those that can be about several things, the line about an open incident.
fn routes() -> Result<Vec<Route>> {
    let docs = include_str!("../../../docs/access.md");
    let mut lines = docs.lines().skip_while(|line| !line.starts_with("| route |"));
    let cells =
        |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let heads = cells(lines.next().context("a table of routes")?);
    let mut routes = Vec::new();
    for line in lines.skip(1).take_while(|line| line.starts_with('|')) {
        let cells = cells(line);
        let (method, path) = cells[0].trim_matches('`').split_once(' ').context("a route")?;
        if ["a closed incident", "a resident without one"].iter().any(|about| cells[2].starts_with(about)) {
            continue;
        }
        routes.push(Route {
            method: method.to_owned(),
            path: path.to_owned(),
            needs: cells[1].clone(),
            answers: heads.iter().cloned().zip(cells.iter().cloned()).skip(3).collect(),
        });
    }
    ensure!(routes.len() > 40, "{routes:?}");
    Ok(routes)
}

/// A body that is whole, and does no harm where it is allowed.
fn body(path: &str) -> Value {
    let harmless = [
        ("/api/me/password", json!({ "old": "not it", "new": "x" })),
        ("/api/me/totp", json!({ "code": "1", "password": "not it" })),
        ("/api/session/unlock", json!({ "password": PASSWORD })),
        ("/api/users/{username}", json!({ "disabled": false })),
        ("/api/invitations", json!({ "consent": "none", "display_name": "x", "relation": "x" })),
        (
            "/api/residents/{id}/consents",
            json!({ "purpose": "x", "given_by": "x", "giver": "x", "data": "x", "text_version": "x", "channel": "x" }),
        ),
        ("/api/residents/{id}/withholdings", json!({ "username": "nobody", "reason": "x" })),
        ("/api/looks/{id}/review", json!({ "verdict": "x" })),
        ("/api/incidents", json!({ "kind": "x", "resident": null, "caller": "x", "words": "x" })),
        (
            "/api/incidents/{id}/close",
            json!({ "expected_version": 999, "cause": "other", "outcome": "other", "note": "x" }),
        ),
        (
            "/api/residents/{id}",
            json!({ "name": "", "sex": "x", "birth_date": "x", "lives_alone": true, "cognitive_impairment": false, "self_care": "x" }),
        ),
        ("/api/incidents/{id}/transfer", json!({ "expected_version": 999, "to": "nobody" })),
        ("/api/incidents/{id}/handover", json!({ "expected_version": 999, "to": "120", "words": "x" })),
        (
            "/api/stations/{id}",
            json!({ "name": "", "place": { "lat": 0, "lon": 0 }, "telephone": "x", "on_duty": true }),
        ),
        ("/api/incidents/{id}/confirm", json!({ "expected_version": 999, "signals": ["x"] })),
        (
            "/api/incidents/{id}/step",
            json!({ "expected_version": 999, "step": "ring_resident", "outcome": "done", "text": "x" }),
        ),
        ("/api/incidents/{id}/answer", json!({ "answer": "other", "text": "" })),
        ("/api/incidents/{id}/merge", json!({ "expected_version": 999, "from": "none" })),
        ("/api/incidents/{id}/split", json!({ "expected_version": 999, "signals": ["x"], "resident": null })),
        ("/api/reports/late/{id}", json!({ "note": "" })),
        ("/api/calls", json!({ "number": "", "call_id": "x" })),
        ("/api/handsets/{id}/drill", json!({ "minutes": 0 })),
        ("/api/handsets/{id}/commands", json!({ "kind": "locate" })),
        ("/api/residents/{id}/absences", json!({ "reason": "x", "to": "2026-01-01T00:00:00Z" })),
        (
            "/api/roster",
            json!({ "name": "", "days": [], "from": "x", "to": "x", "channel": "sms", "address": "x" }),
        ),
        ("/api/channels/{channel}/test", json!({ "to": "x" })),
        ("/api/ladder", json!({ "text": "" })),
        ("/api/residents/{id}/erase", json!({ "reason": "x", "confirm": "not it" })),
        ("/api/handsets/{id}", json!({ "state": "x" })),
        ("/api/join/{code}", json!({ "username": "x", "password": "x" })),
        ("/api/residents/{id}/fences", json!({ "name": "x", "kind": "safe", "shape": {} })),
        ("/api/residents/{id}/fences/{fence}", json!({ "name": "x", "kind": "safe", "shape": {} })),
        (
            "/api/residents/{id}/policy",
            json!({ "expected_version": 999, "dementia": false, "lives_alone": false }),
        ),
        ("/api/zones", json!({ "name": "x", "shape": {} })),
        ("/api/zones/{id}", json!({ "name": "x", "shape": {} })),
        ("/api/provision", json!({ "code": "x" })),
        ("/api/me/position", json!({ "agreed": false })),
        (
            "/api/tasks/{id}/position",
            json!({ "lat": 91, "lon": 0, "accuracy_m": 1, "at": "2026-01-01T00:00:00Z" }),
        ),
        ("/api/session", json!({ "username": "nobody", "password": "x" })),
    ];
    if path == "/api/residents" {
        return body("/api/residents/{id}");
    }
    let of_this = harmless.into_iter().find(|(route, _)| *route == path).map(|(_, body)| body);
    of_this.unwrap_or_else(|| json!({ "expected_version": 999, "reason": "x", "text": "x" }))
}

fn address(path: &str, incident: &str) -> String {
    let id = match path.split('/').nth(2) {
        Some("incidents") => incident,
        Some("residents") => RESIDENT,
        Some("handsets") => HANDSET,
        _ => "0",
    };
    let asks_why = path.ends_with("/export") || path == "/api/residents";
    let why = if asks_why { "?reason=walk&q=walk" } else { "" };
    format!(
        "{}{why}",
        path.replace("{id}", id)
            .replace("{username}", "nobody")
            .replace("{code}", "none")
            .replace("{fence}", "none")
            .replace("{act}", "acknowledge")
            .replace("{channel}", "sms")
            .replace("{absence}", "none")
            .replace("{token}", "none")
            .replace("{secret}", "none")
    )
}

/// Whether the account was turned away, as against the request.
fn is_refused(answer: &Answer) -> bool {
    let code = answer.body["code"].as_str().unwrap_or_default();
    answer.status == 401 || (answer.status == 403 && ["forbidden", "reason_required"].contains(&code))
}

async fn ask(account: &Account, route: &Route, incident: &str) -> Result<Answer> {
    let mut request = account.request(route.method.parse()?, &address(&route.path, incident));
    if route.method != "GET" {
        request = request.json(&body(&route.path));
    }
    Answer::of(request).await
}

#[tokio::test]
async fn every_route_answers_every_role_as_the_table_says() -> Result<()> {
    let platform = Platform::start().await?;
    platform.handset(HANDSET).await?.press("walk", "b", 1).await?;
    let operator = platform.log_in("operator").await?;
    let incident =
        until("an incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    let incident = incident["id"].as_str().context("an id")?;
    let mut wrong = Vec::new();
    for (column, username) in COLUMNS {
        let account = platform.log_in(username).await?;
        for route in routes()? {
            // The end of the session is the end of the walk.
            if route.method == "DELETE" && route.path == "/api/session" {
                continue;
            }
            let expected = route.answers[column] != "–";
            let allowed = if route.path == "/api/live" {
                Live::open(&account, None).await.is_ok()
            } else {
                let answer = ask(&account, &route, incident).await?;
                if answer.status >= 500 {
                    wrong.push(format!("{username}: {} {} fails: {answer:?}", route.method, route.path));
                }
                !is_refused(&answer) || route.path == "/api/session"
            };
            if allowed != expected {
                wrong.push(format!("{username}: {} {}: allowed is {allowed}", route.method, route.path));
            }
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[tokio::test]
async fn nobody_is_let_in_where_a_session_is_needed() -> Result<()> {
    let platform = Platform::start().await?;
    let client = Client::new();
    for route in routes()?.into_iter().filter(|route| route.needs != "nothing") {
        let method: Method = route.method.parse()?;
        let path = format!("{}{}", platform.at.http, address(&route.path, "none"));
        let mut request = client.request(method, path);
        if route.method != "GET" {
            request = request.json(&body(&route.path));
        }
        let answer = Answer::of(request).await?;
        ensure!(answer.is_problem(401), "{} {}: {answer:?}", route.method, route.path);
    }
    Ok(())
}
