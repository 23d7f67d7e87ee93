//! Residents entered and put right by an administrator, and accounts that are for a part of the district alone.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use tests::{Account, PATIENCE, Platform, account::PASSWORD, until};

/// The street that the new resident lives in, and another one.
const HERE: &str = "321302905";
pub(crate) const ELSEWHERE: &str = "321302906";

fn record(change: &Value) -> Value {
    let mut record = json!({
        "id": "new-1", "name": "钱桂珍", "sex": "female", "birth_date": "1939-05-06", "lives_alone": true,
        "cognitive_impairment": true, "self_care": "partial", "conditions": ["高血压"], "allergies": [],
        "home": { "lat": 33.961, "lon": 118.281 }, "division": format!("{HERE}001"),
        "telephone": "0527-88001234", "address": "幸福路1号",
        "contacts": [{ "name": "钱敏", "relation": "女儿", "telephone": "13912345678" }]
    });
    for (key, value) in change.as_object().into_iter().flatten() {
        record[key] = value.clone();
    }
    record
}

pub(crate) async fn narrow(admin: &Account, username: &str, scope: &str) -> Result<()> {
    let user = admin.put(&format!("/api/users/{username}"), &json!({ "scope": scope })).await?.ok()?;
    ensure!(user["scope"].as_str().unwrap_or_default() == scope, "{user}");
    Ok(())
}

#[tokio::test]
async fn a_new_resident_is_entered_corrected_given_a_handset_and_helped() -> Result<()> {
    let platform = Platform::start().await?;
    let (admin, operator) = (platform.log_in("admin").await?, platform.log_in("operator").await?);
    ensure!(operator.post("/api/residents", &record(&json!({}))).await?.is_problem(403));
    let bad = admin.post("/api/residents", &record(&json!({ "birth_date": "06.05.1939" }))).await?;
    ensure!(
        bad.is_problem(422) && bad.body["detail"].as_str().is_some_and(|why| why.contains("birth_date")),
        "{bad:?}"
    );
    let card = admin.post("/api/residents", &record(&json!({}))).await?;
    ensure!(card.status == 201 && card.body["telephone"] == "****1234", "{card:?}");
    ensure!(admin.post("/api/residents", &record(&json!({}))).await?.is_problem(409), "once");

    let change =
        json!({ "name": "钱桂真", "telephone": null, "address": "", "contacts": null, "home": null });
    let card = admin.put("/api/residents/new-1", &record(&change)).await?.ok()?;
    ensure!(
        card["name"] == "钱桂真" && card["address"].is_null() && card["contacts"][0]["name"] == "钱敏",
        "{card}"
    );
    ensure!(admin.put("/api/residents/nobody", &record(&change)).await?.is_problem(404));
    let acts: Vec<_> = platform.log_in("auditor").await?.list("/api/audit?resident=new-1").await?;
    for act in ["add_resident", "change_resident"] {
        ensure!(acts.iter().any(|row| row["action"] == act), "{act}: {acts:?}");
    }

    admin.put("/api/handsets/demo-unbound", &json!({ "resident": "new-1" })).await?.ok()?;
    platform.handset("demo-unbound").await?.press("p-1", "b", 1).await?;
    let incident =
        until("an incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    ensure!(incident["resident"]["name"] == "钱桂真", "{incident}");
    let card = operator.get("/api/residents/new-1").await?.ok()?;
    ensure!(card["telephone"] == "0527-88001234", "it was kept through the correction: {card}");
    Ok(())
}

#[tokio::test]
async fn an_account_for_one_street_sees_no_other_unless_somebody_is_in_need() -> Result<()> {
    let platform = Platform::start().await?;
    let (admin, operator) = (platform.log_in("admin").await?, platform.log_in("operator").await?);
    for (id, street) in [("new-1", HERE), ("new-2", ELSEWHERE)] {
        let change = json!({ "id": id, "division": format!("{street}001") });
        ensure!(admin.post("/api/residents", &record(&change)).await?.status == 201);
    }
    ensure!(admin.put("/api/users/operator", &json!({ "scope": "3213" })).await?.is_problem(422));
    ensure!(admin.put("/api/users/admin", &json!({ "scope": HERE })).await?.is_problem(422), "not one's own");
    narrow(&admin, "operator", HERE).await?;
    ensure!(operator.get("/api/me").await?.ok()?["scope"] == HERE);
    let found = operator.list("/api/residents?q=钱桂珍").await?;
    ensure!(found.len() == 1 && found[0]["id"] == "new-1", "{found:?}");
    ensure!(operator.get("/api/residents/new-1?reason=家属来电").await?.status == 200);
    for path in ["/api/residents/new-2?reason=x", "/api/residents/new-2/track?reason=x"] {
        let refused = operator.get(path).await?;
        ensure!(refused.is_problem(403) && refused.body["code"] == "forbidden", "{refused:?}");
    }
    admin.put("/api/handsets/demo-unbound", &json!({ "resident": "new-2" })).await?.ok()?;
    platform.handset("demo-unbound").await?.press("p-1", "b", 1).await?;
    let incident =
        until("an incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    ensure!(incident["resident"]["id"] == "new-2", "a press is everybody's: {incident}");
    ensure!(operator.get("/api/residents/new-2").await?.status == 200, "in need");
    narrow(&admin, "operator", "").await?;
    Ok(())
}

/// Those that nobody carries it may take for its own people; those of another street it neither sees nor touches.
async fn street_keeps_its_own_handsets(admin: &Account, street: &Account) -> Result<()> {
    let path = "/api/handsets/demo-unbound";
    let is_listed = async || anyhow::Ok(street.list("/api/handsets?q=demo-unbound").await?.len() == 1);
    ensure!(is_listed().await? && street.get(&format!("{path}/bindings")).await?.status == 200);
    admin.put(path, &json!({ "resident": "new-2" })).await?.ok()?;
    ensure!(!is_listed().await?, "somebody of another street carries it");
    ensure!(street.get(&format!("{path}/bindings")).await?.is_problem(403));
    ensure!(street.post(&format!("{path}/claim"), &json!({})).await?.is_problem(403));
    ensure!(street.put(path, &json!({ "state": "stolen" })).await?.is_problem(403));
    let phones = format!("{path}/phones");
    ensure!(street.get(&phones).await?.is_problem(403));
    ensure!(street.post(&phones, &json!({ "kind": "osmand" })).await?.is_problem(403));
    ensure!(street.delete(&format!("{phones}/osmand")).await?.is_problem(403));
    admin.put(path, &json!({ "unbound": true })).await?.ok()?;
    ensure!(street.post(&phones, &json!({ "kind": "osmand" })).await?.status == 201);
    street.put(path, &json!({ "resident": "new-3" })).await?.ok()?;
    let history = street.list(&format!("{path}/bindings")).await?;
    ensure!(history.len() == 1 && history[0]["resident"] == "new-3", "not who had it before: {history:?}");
    Ok(())
}

/// A window of another street would turn a cry for help into a drill; what was asked of a handset tells of who carries it.
#[tokio::test]
async fn drills_and_handsets_words_end_at_the_border() -> Result<()> {
    let platform = Platform::start().await?;
    let (admin, operator) = (platform.log_in("admin").await?, platform.log_in("operator").await?);
    let change = json!({ "id": "new-2", "division": format!("{ELSEWHERE}001") });
    ensure!(admin.post("/api/residents", &record(&change)).await?.status == 201);
    admin.put("/api/handsets/demo-unbound", &json!({ "resident": "new-2" })).await?.ok()?;
    narrow(&admin, "operator", HERE).await?;
    let (path, minutes) = ("/api/handsets/demo-unbound", json!({ "minutes": 5 }));
    let (drill, commands) = (format!("{path}/drill"), format!("{path}/commands"));
    let refused = operator.post(&drill, &minutes).await?;
    ensure!(refused.is_problem(403) && refused.body["code"] == "forbidden", "{refused:?}");
    ensure!(operator.delete(&drill).await?.is_problem(403));
    ensure!(operator.get(&commands).await?.is_problem(403));
    ensure!(admin.post(&drill, &minutes).await?.status == 201);
    let windows = async |who: &Account| who.list("/api/drills/windows").await;
    ensure!(windows(&admin).await?.len() == 1 && windows(&operator).await?.is_empty());
    ensure!(admin.delete(&drill).await?.status == 204);

    platform.handset("demo-unbound").await?.press("p-1", "b", 1).await?;
    let incident =
        until("an incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    ensure!(incident["drill"] == false, "{incident}");
    ensure!(operator.get(&commands).await?.status == 200, "in need");
    ensure!(operator.post(&drill, &minutes).await?.is_problem(403), "in need nobody needs a drill");
    narrow(&admin, "operator", ELSEWHERE).await?;
    let own = operator.post(&drill, &minutes).await?;
    ensure!(own.is_problem(409) && own.body["code"] == "incident_open", "the own street: {own:?}");
    Ok(())
}

/// A station goes to everybody: whoever keeps a street ends its session too, when its telephone is stolen at night.
async fn a_station_is_logged_out(platform: &Platform, supervisor: &Account) -> Result<()> {
    let station = platform.log_in("station").await?;
    let session = supervisor.list("/api/sessions?username=station").await?.pop().context("its session")?;
    let session = format!("/api/sessions/{}", session["id"].as_str().context("an id")?);
    ensure!(supervisor.delete(&session).await?.status == 204);
    ensure!(station.get("/api/me").await?.is_problem(401));
    let station = platform.log_in("station").await?;
    ensure!(supervisor.delete("/api/users/station/sessions").await?.status == 204);
    ensure!(station.get("/api/me").await?.is_problem(401));
    ensure!(supervisor.delete("/api/users/admin/sessions").await?.is_problem(403), "it sees more");
    Ok(())
}

/// What is closed is a record like others, and lists that name people name those of the own street.
#[tokio::test]
async fn closed_cases_and_lists_end_at_the_border() -> Result<()> {
    let platform = Platform::start().await?;
    let (admin, operator) = (platform.log_in("admin").await?, platform.log_in("operator").await?);
    let supervisor = platform.log_in("supervisor").await?;
    for (id, street) in [("new-1", HERE), ("new-2", ELSEWHERE)] {
        let change = json!({ "id": id, "division": format!("{street}001") });
        ensure!(admin.post("/api/residents", &record(&change)).await?.status == 201);
        ensure!(operator.get(&format!("/api/residents/{id}?reason=家属来电")).await?.status == 200);
    }
    admin.put("/api/handsets/demo-unbound", &json!({ "resident": "new-2" })).await?.ok()?;
    for username in ["operator", "supervisor"] {
        narrow(&admin, username, HERE).await?;
    }
    let is_due = async |who: &Account| {
        let due = who.list("/api/drills/due?reason=walk").await?;
        anyhow::Ok(due.iter().any(|one| one["resident"]["id"] == "new-2"))
    };
    ensure!(is_due(&admin).await? && !is_due(&operator).await?);
    let looks = supervisor.list("/api/looks").await?;
    ensure!(looks.len() == 1 && looks[0]["resident"] == "new-1", "{looks:?}");
    let refused = supervisor.get("/api/quarantine").await?;
    ensure!(refused.is_problem(403) && admin.get("/api/quarantine").await?.status == 200, "{refused:?}");
    let refused = supervisor.get("/api/audit").await?;
    ensure!(
        refused.is_problem(403) && refused.body["code"] == "forbidden",
        "it is about everybody: {refused:?}"
    );

    let consent = json!({ "purpose": "family", "given_by": "resident", "giver": "钱桂珍", "data": "位置", "text_version": "1",
        "channel": "paper" });
    let consent = admin.post("/api/residents/new-2/consents", &consent).await?.ok()?;
    let who = json!({ "consent": consent["id"], "display_name": "钱敏", "relation": "女儿" });
    let link = admin.post("/api/invitations", &who).await?.ok()?;
    let invitation = format!("/api/invitations/{}", link["invitation"]["id"].as_str().context("an id")?);
    ensure!(admin.list("/api/invitations").await?.len() == 1);
    ensure!(supervisor.list("/api/invitations").await?.is_empty(), "of another street");
    ensure!(supervisor.delete(&invitation).await?.is_problem(404));
    let session = admin.list("/api/sessions").await?.pop().context("a session")?;
    let session = format!("/api/sessions/{}", session["id"].as_str().context("an id")?);
    ensure!(supervisor.delete(&session).await?.is_problem(403), "of an account that sees more");
    let shown = supervisor.list("/api/sessions?username=*").await?;
    let is_within = |one: &Value| one["username"] == "operator" || one["username"] == "supervisor";
    ensure!(shown.len() >= 2 && shown.iter().all(is_within), "{shown:?}");
    ensure!(supervisor.list("/api/sessions?username=admin").await?.is_empty());
    ensure!(admin.list("/api/sessions?username=*").await?.len() > shown.len());
    ensure!(admin.post("/api/session/lock", &json!({})).await?.status == 204);
    let by_another = json!({ "password": PASSWORD, "supervisor": "supervisor" });
    ensure!(admin.post("/api/session/unlock", &by_another).await?.is_problem(403), "it shows more");
    ensure!(admin.post("/api/session/unlock", &json!({ "password": PASSWORD })).await?.status == 204);

    a_station_is_logged_out(&platform, &supervisor).await?;

    platform.handset("demo-unbound").await?.press("p-1", "b", 1).await?;
    let incident =
        until("an incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    let claimed = operator.claim(&incident).await?.ok()?;
    ensure!(operator.close(&claimed).await?.status == 200, "while it is open it is theirs");
    let id = incident["id"].as_str().context("an id")?;
    for part in ["", "/events", "/notices", "/commands", "/file"] {
        let refused = operator.get(&format!("/api/incidents/{id}{part}")).await?;
        ensure!(refused.is_problem(403) && refused.body["code"] == "forbidden", "{part}: {refused:?}");
    }
    ensure!(operator.incidents("closed").await?.is_empty() && admin.incidents("closed").await?.len() == 1);
    let refused = format!("/api/audit?action=look_refused&username=operator&subject={id}");
    ensure!(platform.log_in("auditor").await?.list(&refused).await?.len() == 5);
    Ok(())
}

/// Somebody who comes in by an invitation.
async fn comes_in(platform: &Platform, by: &Account, who: &Value, username: &str) -> Result<Account> {
    let link = by.post("/api/invitations", who).await?.ok()?;
    let path = format!("{}/api/join/{}", platform.at.http, link["code"].as_str().context("a code")?);
    let join = json!({ "username": username, "password": "街道的人都认识我这个人吧对" });
    let answer = tests::Answer::of(reqwest::Client::new().post(path).json(&join)).await?;
    Account::let_in(&platform.at.http, username, answer)
}

/// The words of an invitation for a relative of this resident.
async fn family_of(admin: &Account, resident: &str) -> Result<Value> {
    let consent = json!({ "purpose": "family", "given_by": "resident", "giver": "钱桂珍", "data": "位置", "text_version": "1",
        "channel": "paper" });
    let consent = admin.post(&format!("/api/residents/{resident}/consents"), &consent).await?.ok()?;
    Ok(json!({ "consent": consent["id"], "display_name": "钱敏", "relation": "女儿" }))
}

/// When a telephone is stolen whoever keeps the street shuts its owner out: the family of its own people, and a station, which goes to
/// everybody. Whoever also sees people elsewhere is not theirs to shut out.
#[tokio::test]
async fn a_street_shuts_out_its_own_families_and_stations() -> Result<()> {
    let platform = Platform::start().await?;
    let admin = platform.log_in("admin").await?;
    for (id, street) in [("new-1", HERE), ("new-2", ELSEWHERE)] {
        let change = json!({ "id": id, "division": format!("{street}001") });
        ensure!(admin.post("/api/residents", &record(&change)).await?.status == 201);
    }
    let keeper = json!({ "role": "admin", "display_name": "街道管理员", "scope": HERE });
    let street = comes_in(&platform, &admin, &keeper, "street-admin").await?;
    let own = comes_in(&platform, &admin, &family_of(&admin, "new-1").await?, "daughter").await?;
    comes_in(&platform, &admin, &family_of(&admin, "new-2").await?, "neighbour").await?;
    let both = comes_in(&platform, &admin, &family_of(&admin, "new-1").await?, "son").await?;
    let too = admin.post("/api/invitations", &family_of(&admin, "new-2").await?).await?.ok()?;
    ensure!(both.post("/api/me/grants", &json!({ "code": too["code"] })).await?.status == 204);

    let shut = async |username: &str, disabled: bool| {
        street.put(&format!("/api/users/{username}"), &json!({ "disabled": disabled })).await
    };
    ensure!(shut("daughter", true).await?.status == 200 && own.get("/api/me").await?.is_problem(401));
    ensure!(shut("daughter", false).await?.status == 200);
    let station = platform.log_in("station").await?;
    ensure!(shut("station", true).await?.status == 200 && station.get("/api/me").await?.is_problem(401));
    ensure!(shut("station", false).await?.status == 200);
    let telephone = json!({ "telephone": "13900000009" });
    for narrower in [json!({ "scope": HERE }), json!({ "station": "s-hebin" }), telephone.clone()] {
        let refused = street.put("/api/users/station", &narrower).await?;
        ensure!(refused.is_problem(403), "it goes to everybody: {narrower}: {refused:?}");
    }
    for other in ["neighbour", "son", "operator", "auditor", "admin"] {
        let refused = shut(other, true).await?;
        ensure!(refused.is_problem(403) && refused.body["code"] == "forbidden", "{other}: {refused:?}");
        ensure!(street.put(&format!("/api/users/{other}"), &telephone).await?.is_problem(403), "{other}");
    }
    ensure!(both.get("/api/me").await?.status == 200, "nothing was done to them");
    ensure!(admin.delete("/api/residents/new-2/relatives/son").await?.status == 204);
    ensure!(shut("son", true).await?.status == 200, "now everybody they see lives here");
    Ok(())
}

#[tokio::test]
async fn who_keeps_a_street_keeps_no_other() -> Result<()> {
    let platform = Platform::start().await?;
    let (admin, auditor) = (platform.log_in("admin").await?, platform.log_in("supervisor").await?);
    let change = json!({ "id": "new-2", "division": format!("{ELSEWHERE}001") });
    ensure!(admin.post("/api/residents", &record(&change)).await?.status == 201);
    narrow(&admin, "supervisor", HERE).await?;
    let consent = json!({ "purpose": "family", "given_by": "resident", "giver": "钱桂珍", "data": "位置", "text_version": "1",
        "channel": "paper" });
    ensure!(auditor.post("/api/residents/new-2/consents", &consent).await?.is_problem(403));
    let invitation = admin
        .post("/api/invitations", &json!({ "role": "admin", "display_name": "街道管理员", "scope": HERE }))
        .await?;
    ensure!(invitation.status == 201, "{invitation:?}");
    let shown = admin.list("/api/invitations").await?;
    ensure!(shown.iter().any(|one| one["role"] == "admin" && one["scope"] == HERE), "{shown:?}");
    let code = invitation.body["code"].as_str().context("a code")?;
    let join = json!({ "username": "street-admin", "password": "街道的人都认识我这个人吧对" });
    let path = format!("{}/api/join/{code}", platform.at.http);
    let answer = tests::Answer::of(reqwest::Client::new().post(path).json(&join)).await?;
    let street = Account::let_in(&platform.at.http, "street-admin", answer)?;
    ensure!(street.post("/api/residents", &record(&change)).await?.is_problem(409));
    ensure!(
        street
            .post("/api/residents", &record(&json!({ "id": "new-3", "division": ELSEWHERE })))
            .await?
            .is_problem(422)
    );
    ensure!(street.post("/api/residents", &record(&json!({ "id": "new-3" }))).await?.status == 201);
    for path in ["/api/residents/new-2", "/api/residents/new-2/erase"] {
        let body = if path.ends_with("erase") {
            json!({ "reason": "x", "confirm": "new-2" })
        } else {
            record(&json!({}))
        };
        let refused = if path.ends_with("erase") {
            street.post(path, &body).await?
        } else {
            street.put(path, &body).await?
        };
        ensure!(refused.is_problem(403), "{path}: {refused:?}");
    }
    ensure!(street.put("/api/handsets/demo-unbound", &json!({ "resident": "new-2" })).await?.is_problem(403));
    street_keeps_its_own_handsets(&admin, &street).await?;
    let users = street.list("/api/users").await?;
    let is_listed = |name: &str| users.iter().any(|user| user["username"] == name);
    ensure!(is_listed("street-admin") && is_listed("supervisor"), "{users:?}");
    ensure!(!is_listed("admin") && !is_listed("operator") && !is_listed("auditor"), "{users:?}");
    ensure!(
        street.put("/api/users/operator", &json!({ "disabled": true })).await?.is_problem(403),
        "wider than its own"
    );
    Ok(())
}
