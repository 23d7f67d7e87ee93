//! Every route, walked as every kind of account and as nobody, against the table in the docs: about somebody in need, about the
//! same when it is over, and as staff who are for another district.

use crate::{
    access_table::{REASONED, Route, When, routes},
    outside::{token, with_links},
    reached::Gateway,
    verdict::{is_no, is_yes},
};
use anyhow::{Context as _, Result, ensure};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use std::{collections::BTreeSet, time::Duration};
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
pub(crate) const HANDSET: &str = "demo-0001";
/// Where the demo's station staff work, and where others do.
const EAST: &str = "s-xingfu";
const WEST: &str = "s-hebin";
/// Whoever has the incident walks nowhere: what the table says of the desk holds for those who have nothing to do with it.
pub(crate) const HANDLER: &str = "operator2";
/// A district in which none of the demo's residents lives.
const ELSEWHERE: &str = "321311";
/// With which those log in who came by invitation.
const OWN_WORDS: &str = "correct horse battery";

/// Whoever walks.
pub(crate) struct Walker {
    pub(crate) column: &'static str,
    pub(crate) account: Account,
    password: &'static str,
}

/// What is really there under the names in the paths.
pub(crate) struct Ids {
    pub(crate) incident: String,
    pub(crate) task: String,
    look: String,
    consent: String,
    withholding: String,
    /// What opens the task without a log-in, where the platform sends messages.
    link: String,
}

impl Ids {
    fn none() -> Self {
        let [incident, task, look, consent, withholding, link] = std::array::from_fn(|_| "none".to_owned());
        Self { incident, task, look, consent, withholding, link }
    }
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

fn address(path: &str, ids: &Ids, gives_reason: bool) -> String {
    let kind = path.split('/').nth(2).unwrap_or_default();
    let id = match kind {
        "incidents" | "reports" => ids.incident.as_str(),
        "tasks" => ids.task.as_str(),
        "looks" => ids.look.as_str(),
        "consents" => ids.consent.as_str(),
        "withholdings" => ids.withholding.as_str(),
        "residents" => RESIDENT,
        "handsets" => HANDSET,
        "stations" => WEST,
        _ => "0",
    };
    let username = if kind == "users" { "operator2" } else { "nobody" };
    let why = if gives_reason { "?reason=walk" } else { "" };
    format!(
        "{}{why}",
        path.replace("{id}", id)
            .replace("{username}", username)
            .replace("{code}", "none")
            .replace("{fence}", "none")
            .replace("{act}", "acknowledge")
            .replace("{channel}", "sms")
            .replace("{absence}", "none")
            .replace("{token}", &ids.link)
            .replace("{secret}", "none")
            .replace("{phone}", "none")
    )
}

/// Asks as the walker does, with a reason or without one. Where a reason is not asked for, what is sent stays as it is.
async fn ask(walker: &Walker, route: &Route, ids: &Ids, gives_reason: bool) -> Result<Answer> {
    let request = walker.account.request(route.method.parse()?, &address(&route.path, ids, gives_reason));
    let mut sent = body(&route.path);
    if !gives_reason && sent["reason"].is_string() && route.answers[walker.column] == REASONED {
        sent["reason"] = json!("");
    }
    if route.path == "/api/session/unlock" {
        sent = json!({ "password": walker.password });
    }
    Answer::of(if route.method == "GET" { request } else { request.json(&sent) }).await
}

/// Somebody who comes in by an invitation.
pub(crate) async fn join(
    platform: &Platform,
    by: &Account,
    invitation: &Value,
    username: &str,
) -> Result<Account> {
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
pub(crate) async fn everybody(platform: &Platform) -> Result<(Vec<Walker>, Ids)> {
    let mut walkers = Vec::new();
    for (column, username) in DEMO {
        let account = platform.log_in(username).await?;
        walkers.push(Walker { column, account, password: PASSWORD });
    }
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let (admin, handler) = (platform.log_in("admin").await?, platform.log_in(HANDLER).await?);
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
    let claimed = handler.claim(&incident).await?.ok()?;
    let sent = handler.act("dispatch", &claimed, json!({ "stations": [EAST], "note": "" })).await?.ok()?;
    let kept = json!({ "username": "withheld", "reason": "x" });
    operator.post(&format!("/api/residents/{RESIDENT}/withholdings"), &kept).await?.ok()?;
    comes("relative, granted after it happened", family("later", RESIDENT, false).await?);
    let id = |value: &Value| value.as_str().map(str::to_owned).context("an id");
    let ids = Ids {
        incident: id(&incident["id"])?,
        task: id(&sent["tasks"][0]["id"])?,
        look: id(&look["id"])?,
        consent: id(&withdrawn)?,
        withholding: "none".to_owned(),
        link: "none".to_owned(),
    };
    Ok((walkers, ids))
}

/// The same with the desk and the administrator for another district, and with something kept from a relative that they might end.
async fn for_elsewhere(
    platform: &Platform,
    mut walkers: Vec<Walker>,
    ids: Ids,
) -> Result<(Vec<Walker>, Ids)> {
    let (admin, operator) = (platform.log_in("admin").await?, platform.log_in("operator").await?);
    let kept = json!({ "username": "elsewhere", "reason": "x" });
    let kept = operator.post("/api/residents/r-0002/withholdings", &kept).await?.ok()?;
    let withholding = kept["id"].as_str().context("an id")?.to_owned();
    for walker in &mut walkers {
        let role = walker.column;
        if ["operator", "supervisor", "admin"].contains(&role) {
            let staff = json!({ "role": role, "display_name": "x", "scope": ELSEWHERE });
            walker.account = join(platform, &admin, &staff, &format!("{role}-elsewhere")).await?;
            walker.password = OWN_WORDS;
        }
    }
    Ok((walkers, Ids { withholding, ..ids }))
}

/// Where the line cannot be walked as this column.
fn is_passed_over(walker: &Walker, route: &Route) -> bool {
    let is_over = route.when != When::Open;
    match (route.name().as_str(), walker.column) {
        // The end of the session is the end of the walk.
        ("DELETE /api/session", _) => true,
        // Those that have a link walk by themselves.
        _ if is_by_link(route) => true,
        // A task ends with its incident, and is not open any more.
        (_, "station, task open") if is_over && route.about.starts_with("a resident") => true,
        // Whose task it was hears that it is over; for the desk no such task was ever there.
        ("POST /api/tasks/{id}/position", "station, task open" | "operator" | "supervisor") => is_over,
        _ => false,
    }
}

/// Whether whoever has the link of a task is answered here, and no account is asked.
fn is_by_link(route: &Route) -> bool {
    route.needs.starts_with("a link")
}

/// What is wrong with what this route answers.
async fn look(walker: &Walker, route: &Route, ids: &Ids) -> Result<Vec<String>> {
    let (column, name) = (walker.column, route.name());
    let expected = route.answers[column].as_str();
    if route.path == "/api/live" {
        let is_open = Live::open(&walker.account, None).await.is_ok();
        return Ok((is_open != (expected == "yes"))
            .then(|| format!("{column}: {name}: {is_open}"))
            .into_iter()
            .collect());
    }
    let mut wrong = Vec::new();
    let mut hold = |answer: &Answer, how: &str, is_as_said: bool| {
        if !is_as_said || answer.status >= 500 {
            let (about, status, body) = (&route.about, answer.status, &answer.body);
            let told = format!("{status} {} {}", body["code"], body["detail"]);
            wrong.push(format!("{column}: {name} ({about}): {expected}; {how} a reason: {told}"));
        }
    };
    if expected == "yes" {
        let answer = ask(walker, route, ids, false).await?;
        hold(&answer, "without", is_yes(&answer, column, &name));
        return Ok(wrong);
    }
    if expected == REASONED {
        let answer = ask(walker, route, ids, false).await?;
        hold(&answer, "without", answer.status == 403 && answer.body["code"] == "reason_required");
    }
    let answer = ask(walker, route, ids, true).await?;
    let is_as_said = if expected == REASONED { is_yes } else { is_no };
    hold(&answer, "with", is_as_said(&answer, column, &name));
    Ok(wrong)
}

async fn walk(walkers: &[Walker], ids: &Ids, when: When) -> Result<Vec<String>> {
    let routes = routes()?;
    let mut wrong = Vec::new();
    for walker in walkers {
        let its = routes.iter().filter(|route| route.when == when && !is_passed_over(walker, route));
        for route in its {
            wrong.extend(look(walker, route, ids).await?);
        }
    }
    Ok(wrong)
}

/// Ends the incident along which was walked; on the walk all sessions of this account were ended.
async fn close(platform: &Platform, ids: &Ids) -> Result<()> {
    let handler = platform.log_in(HANDLER).await?;
    let mut open = handler.incident(&json!(ids.incident)).await?;
    if open["holder"].is_null() {
        open = handler.claim(&open).await?.ok()?;
    }
    handler.close(&open).await?.ok()?;
    Ok(())
}

/// The link in a station's message is the station for its task, whoever has it.
#[tokio::test]
async fn a_link_answers_as_the_table_says() -> Result<()> {
    let gateway = Gateway::open().await?;
    let platform = Platform::start_with(with_links(&gateway)).await?;
    let (walkers, ids) = everybody(&platform).await?;
    let message = until("the station is told", Duration::from_secs(20), async || {
        Ok(gateway.taken().into_iter().find(|one| one["link"] != ""))
    })
    .await?;
    let ids = Ids { link: token(&message)?, ..ids };
    let by_link: Vec<Route> = routes()?.into_iter().filter(is_by_link).collect();
    let mut wrong = Vec::new();
    for when in [When::Open, When::Over] {
        if when == When::Over {
            close(&platform, &ids).await?;
        }
        let now: Vec<&Route> = by_link.iter().filter(|route| route.when == when).collect();
        ensure!(now.len() == 2, "{now:?}");
        for walker in &walkers {
            for route in &now {
                wrong.extend(look(walker, route, &ids).await?);
            }
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[tokio::test]
async fn every_route_answers_every_role_as_the_table_says() -> Result<()> {
    let platform = Platform::start().await?;
    let (walkers, ids) = everybody(&platform).await?;
    let columns: BTreeSet<&str> = walkers.iter().map(|walker| walker.column).collect();
    let has_all = |route: &Route| route.answers.keys().map(String::as_str).eq(columns.iter().copied());
    ensure!(routes()?.iter().all(has_all), "somebody for each column: {columns:?}");
    let mut wrong = walk(&walkers, &ids, When::Open).await?;
    close(&platform, &ids).await?;
    wrong.extend(walk(&walkers, &ids, When::Over).await?);
    let (walkers, ids) = for_elsewhere(&platform, walkers, ids).await?;
    wrong.extend(walk(&walkers, &ids, When::Outside).await?);
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[tokio::test]
async fn nobody_is_let_in_where_a_session_is_needed() -> Result<()> {
    let platform = Platform::start().await?;
    let (client, nothing) = (Client::new(), Ids::none());
    let needy = |route: &Route| route.needs != "nothing" && !is_by_link(route) && route.when == When::Open;
    for route in routes()?.into_iter().filter(needy) {
        let method: Method = route.method.parse()?;
        let path = format!("{}{}", platform.at.http, address(&route.path, &nothing, true));
        let mut request = client.request(method, path);
        if route.method != "GET" {
            request = request.json(&body(&route.path));
        }
        let answer = Answer::of(request).await?;
        ensure!(answer.is_problem(401), "{} {}: {answer:?}", route.method, route.path);
    }
    Ok(())
}
