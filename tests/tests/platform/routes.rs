//! Every route, walked as every kind of account and as nobody, against the table in the docs.

use anyhow::{Context as _, Result, ensure};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tests::{Account, Answer, Live, PATIENCE, Platform, account::PASSWORD, until};

/// Which account of the demo stands for which column; the others come in by invitation.
const DEMO: [(&str, &str); 6] = [
    ("operator", "operator"),
    ("supervisor", "supervisor"),
    ("station, task open", "station"),
    ("relative, grant runs", "relative"),
    ("admin", "admin"),
    ("auditor", "auditor"),
];
/// The relative's resident, who has an open incident here.
const RESIDENT: &str = "r-0001";
const HANDSET: &str = "demo-0001";
/// Where the demo's station staff work, and where others do.
const EAST: &str = "s-xingfu";
const WEST: &str = "s-hebin";
/// With which those log in who came by invitation.
const OWN_WORDS: &str = "correct horse battery";

/// Whoever walks.
struct Walker {
    column: &'static str,
    account: Account,
    password: &'static str,
}

/// What is really there under the names in the paths.
struct Ids {
    incident: String,
    task: String,
    look: String,
    consent: String,
}

impl Ids {
    fn none() -> Self {
        let [incident, task, look, consent] = std::array::from_fn(|_| "none".to_owned());
        Self { incident, task, look, consent }
    }
}

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
        ("/api/me/grants", json!({ "code": "none" })),
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
        ("/api/handsets/{id}/phones", json!({ "kind": "x" })),
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

fn address(path: &str, ids: &Ids) -> String {
    let kind = path.split('/').nth(2).unwrap_or_default();
    let id = match kind {
        "incidents" | "reports" => ids.incident.as_str(),
        "tasks" => ids.task.as_str(),
        "looks" => ids.look.as_str(),
        "consents" => ids.consent.as_str(),
        "residents" => RESIDENT,
        "handsets" => HANDSET,
        "stations" => WEST,
        _ => "0",
    };
    let username = if kind == "users" { "operator2" } else { "nobody" };
    let asks_why = path.ends_with("/export") || path == "/api/residents";
    let why = if asks_why { "?reason=walk&q=walk" } else { "" };
    format!(
        "{}{why}",
        path.replace("{id}", id)
            .replace("{username}", username)
            .replace("{code}", "none")
            .replace("{fence}", "none")
            .replace("{act}", "acknowledge")
            .replace("{channel}", "sms")
            .replace("{absence}", "none")
            .replace("{token}", "none")
            .replace("{secret}", "none")
            .replace("{phone}", "none")
    )
}

/// Whether the account was turned away, as against the request. To stations and relatives a case that they may not see looks
/// as if it were not there.
fn is_refused(answer: &Answer, column: &str, path: &str) -> bool {
    let code = answer.body["code"].as_str().unwrap_or_default();
    let is_told =
        answer.status == 401 || (answer.status == 403 && ["forbidden", "reason_required"].contains(&code));
    let begins = |with: [&str; 2], text: &str| with.iter().any(|beginning| text.starts_with(beginning));
    let is_hidden = answer.status == 404
        && begins(["station", "relative"], column)
        && begins(["/api/incidents/{id}", "/api/tasks/{id}"], path);
    is_told || is_hidden
}

async fn ask(walker: &Walker, route: &Route, ids: &Ids) -> Result<Answer> {
    let mut request = walker.account.request(route.method.parse()?, &address(&route.path, ids));
    if route.path == "/api/session/unlock" {
        request = request.json(&json!({ "password": walker.password }));
    } else if route.method != "GET" {
        request = request.json(&body(&route.path));
    }
    Answer::of(request).await
}

/// Somebody who comes in by an invitation.
async fn join(platform: &Platform, by: &Account, invitation: &Value, username: &str) -> Result<Account> {
    let link = by.post("/api/invitations", invitation).await?.ok()?;
    let path = format!("{}/api/join/{}", platform.at.http, link["code"].as_str().context("a code")?);
    let own = json!({ "username": username, "password": OWN_WORDS });
    let answer = Answer::of(Client::new().post(path).json(&own)).await?;
    Account::let_in(&platform.at.http, username, answer)
}

async fn consent(supervisor: &Account, resident: &str, purpose: &str) -> Result<Value> {
    let consent = json!({ "purpose": purpose, "given_by": "resident", "giver": "x", "data": "x",
        "text_version": "x", "channel": "paper" });
    let given = supervisor.post(&format!("/api/residents/{resident}/consents"), &consent).await?.ok()?;
    Ok(given["id"].clone())
}

/// A relative of this resident; of whoever is to see nobody any more the grant ends at once.
async fn relative(
    platform: &Platform,
    supervisor: &Account,
    username: &str,
    resident: &str,
    ends: bool,
) -> Result<Account> {
    let consent = consent(supervisor, resident, "family").await?;
    let who = json!({ "consent": consent, "display_name": "x", "relation": "x" });
    let account = join(platform, supervisor, &who, username).await?;
    if ends {
        let grant = format!("/api/residents/{resident}/relatives/{username}");
        ensure!(supervisor.delete(&grant).await?.status == 204);
    }
    Ok(account)
}

/// Somebody for each column of the table, and what they walk along: an incident with a task, a look, a consent.
async fn everybody(platform: &Platform) -> Result<(Vec<Walker>, Ids)> {
    let mut walkers = Vec::new();
    for (column, username) in DEMO {
        let account = platform.log_in(username).await?;
        walkers.push(Walker { column, account, password: PASSWORD });
    }
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let admin = platform.log_in("admin").await?;
    let mut comes = |column, account| walkers.push(Walker { column, account, password: OWN_WORDS });
    let family = async |username: &str, resident: &str, ends: bool| {
        relative(platform, &supervisor, username, resident, ends).await
    };
    comes("relative, news withheld", family("withheld", RESIDENT, false).await?);
    comes("relative, grant ended", family("ended", RESIDENT, true).await?);
    comes("relative of somebody else", family("elsewhere", "r-0002", false).await?);
    let staff = json!({ "role": "station", "display_name": "x", "station": WEST });
    comes("station, no task", join(platform, &admin, &staff, "west").await?);
    let program = json!({ "role": "service", "display_name": "x" });
    comes("another program", join(platform, &admin, &program, "exchange").await?);

    ensure!(operator.get("/api/residents/r-0002?reason=walk").await?.status == 200);
    let look = supervisor.list("/api/looks").await?.pop().context("a look")?;
    let withdrawn = consent(&supervisor, "r-0003", "tracking").await?;
    platform.handset(HANDSET).await?.press("walk", "b", 1).await?;
    let incident =
        until("an incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    let claimed = operator.claim(&incident).await?.ok()?;
    let sent = operator.act("dispatch", &claimed, json!({ "stations": [EAST], "note": "" })).await?.ok()?;
    let kept = json!({ "username": "withheld", "reason": "x" });
    operator.post(&format!("/api/residents/{RESIDENT}/withholdings"), &kept).await?.ok()?;
    comes("relative, granted after it happened", family("later", RESIDENT, false).await?);
    let id = |value: &Value| value.as_str().map(str::to_owned).context("an id");
    let ids = Ids {
        incident: id(&incident["id"])?,
        task: id(&sent["tasks"][0]["id"])?,
        look: id(&look["id"])?,
        consent: id(&withdrawn)?,
    };
    Ok((walkers, ids))
}

#[tokio::test]
async fn every_route_answers_every_role_as_the_table_says() -> Result<()> {
    let platform = Platform::start().await?;
    let (walkers, ids) = everybody(&platform).await?;
    let routes = routes()?;
    let columns: BTreeSet<&str> = walkers.iter().map(|walker| walker.column).collect();
    ensure!(routes.iter().all(|route| route.answers.keys().map(String::as_str).eq(columns.iter().copied())));
    let mut wrong = Vec::new();
    for walker in &walkers {
        let column = walker.column;
        for route in &routes {
            // The end of the session is the end of the walk.
            if route.method == "DELETE" && route.path == "/api/session" {
                continue;
            }
            let expected = route.answers[column] != "–";
            let allowed = if route.path == "/api/live" {
                Live::open(&walker.account, None).await.is_ok()
            } else {
                let answer = ask(walker, route, &ids).await?;
                if answer.status >= 500 {
                    wrong.push(format!("{column}: {} {} fails: {answer:?}", route.method, route.path));
                }
                !is_refused(&answer, column, &route.path) || route.path == "/api/session"
            };
            if allowed != expected {
                wrong.push(format!("{column}: {} {}: allowed is {allowed}", route.method, route.path));
            }
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[tokio::test]
async fn nobody_is_let_in_where_a_session_is_needed() -> Result<()> {
    let platform = Platform::start().await?;
    let (client, nothing) = (Client::new(), Ids::none());
    for route in routes()?.into_iter().filter(|route| route.needs != "nothing") {
        let method: Method = route.method.parse()?;
        let path = format!("{}{}", platform.at.http, address(&route.path, &nothing));
        let mut request = client.request(method, path);
        if route.method != "GET" {
            request = request.json(&body(&route.path));
        }
        let answer = Answer::of(request).await?;
        ensure!(answer.is_problem(401), "{} {}: {answer:?}", route.method, route.path);
    }
    Ok(())
}
