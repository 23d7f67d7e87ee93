//! Relatives: by consent and invitation in, and out at once; what is kept from them looks as if it were not there.

use anyhow::{Context as _, Result, ensure};
use reqwest::Client;
use serde_json::{Value, json};
use tests::{Account, Answer, Live, PATIENCE, Platform, until};

pub(crate) const RESIDENT: &str = "r-0021";
pub(crate) const HANDSET: &str = "demo-0021";
pub(crate) const OWN_WORDS: &str = "correct horse battery";

pub(crate) fn consent() -> Value {
    json!({ "purpose": "family", "given_by": "resident", "giver": "王秀英", "data": "位置、轨迹、警情",
        "text_version": "2026-11", "channel": "paper" })
}

/// A relative who came in by a consent and an invitation; gives the consent's id too.
pub(crate) async fn join(
    platform: &Platform,
    supervisor: &Account,
    username: &str,
) -> Result<(Account, String)> {
    let consent = supervisor.post(&format!("/api/residents/{RESIDENT}/consents"), &consent()).await?.ok()?;
    let consent = consent["id"].as_str().context("an id")?.to_owned();
    let who = json!({ "consent": consent, "display_name": "王小红", "relation": "女儿" });
    let link = supervisor.post("/api/invitations", &who).await?.ok()?;
    let code = link["code"].as_str().context("a code")?;
    ensure!(link["path"] == format!("/#/join/{code}"), "{link}");
    let path = format!("{}/api/join/{code}", platform.at.http);
    let shown = Answer::of(Client::new().get(&path)).await?.ok()?;
    ensure!(shown["role"] == "relative" && shown["relation"] == "女儿", "{shown}");
    let own = json!({ "username": username, "password": OWN_WORDS });
    let answer = Answer::of(Client::new().post(&path).json(&own)).await?;
    let account = Account::let_in(&platform.at.http, username, answer)?;
    let again = json!({ "username": "thief", "password": OWN_WORDS });
    let again = Answer::of(Client::new().post(&path).json(&again)).await?;
    ensure!(again.is_problem(404) && again.body["code"] == "invitation_void", "{again:?}");
    Ok((account, consent))
}

pub(crate) async fn press(platform: &Platform, operator: &Account, id: &str, seq: u64) -> Result<Value> {
    let before = operator.incidents("open").await?.len();
    platform.handset(HANDSET).await?.press(id, "b", seq).await?;
    until("an incident", PATIENCE, async || {
        let open = operator.incidents("open").await?;
        let has = |incident: &Value| {
            incident["signals"].as_array().is_some_and(|all| all.iter().any(|one| one["press_id"] == id))
        };
        Ok(open.into_iter().find(|incident| has(incident)))
    })
    .await
    .with_context(|| format!("{before} open before"))
}

#[tokio::test]
async fn a_relative_comes_in_by_consent_and_is_out_when_it_is_withdrawn() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let earlier = press(&platform, &operator, "earlier", 1).await?;
    ensure!(operator.claim(&earlier).await?.status == 200);
    let earlier = operator.incident(&earlier["id"]).await?;
    ensure!(operator.close(&earlier).await?.status == 200);
    let (daughter, consent) = join(&platform, &supervisor, "daughter").await?;
    let (son, _) = join(&platform, &supervisor, "son").await?;
    let auditor = platform.log_in("auditor").await?;
    for (action, who) in [("invite", vec!["supervisor"; 2]), ("join", vec!["son", "daughter"])] {
        let rows = auditor.list(&format!("/api/audit?action={action}")).await?;
        let from = |row: &Value| row["source"] == "127.0.0.1" && row["subject"].is_string();
        let names: Vec<&Value> = rows.iter().map(|row| &row["username"]).collect();
        ensure!(names == who && rows.iter().all(from), "{action}: {rows:?}");
    }
    // Who let them look is found by whom they may look at, also by the resident.
    for action in ["invite", "join"] {
        let rows = auditor.list(&format!("/api/audit?action={action}&resident={RESIDENT}")).await?;
        let says_both = |row: &Value| row["detail"] == format!("relative; about {RESIDENT}");
        ensure!(rows.len() == 2 && rows.iter().all(says_both), "{action}: {rows:?}");
    }
    let looks = format!("/api/residents/{RESIDENT}/export?part=looks&reason=x");
    let admin = platform.log_in("admin").await?;
    let looks = admin.request(reqwest::Method::GET, &looks).send().await?.text().await?;
    ensure!(looks.contains(",invite,") && looks.contains(",join,"), "{looks}");
    let screen = Live::open(&daughter, None).await?;
    let incident = press(&platform, &operator, "now", 2).await?;
    screen.press("now").await?;
    ensure!(daughter.incidents("all").await?.len() == 1, "one from before the grant is not theirs");
    let path = format!("/api/residents/{RESIDENT}");
    let card = daughter.get(&path).await?.ok()?;
    ensure!(card["telephone"].as_str().is_some_and(|told| told.starts_with("****")), "{card}");
    for (who, known) in [(&daughter, [json!("daughter"), Value::Null]), (&son, [Value::Null, json!("son")])] {
        let family = who.get(&format!("{path}/relatives")).await?.ok()?;
        let each = family["relatives"].as_array().context("a list")?;
        let names: Vec<&Value> = each.iter().map(|one| &one["username"]).collect();
        ensure!(names == known.iter().collect::<Vec<_>>() && family.get("withheld").is_none(), "{family}");
        ensure!(each.iter().all(|one| one["display_name"] == "王小红"), "{family}");
    }
    ensure!(daughter.get("/api/residents/r-0022").await?.is_problem(403));

    let withdrawn = supervisor.post(&format!("/api/consents/{consent}/withdraw"), &json!({})).await?.ok()?;
    ensure!(withdrawn["withdrawn_at"].is_string(), "{withdrawn}");
    // Her screen begins anew at once, with nothing on it.
    screen
        .frames
        .find("an empty screen", PATIENCE, |frame| {
            frame.value["type"] == "snapshot" && frame.value["incidents"] == json!([])
        })
        .await?;
    ensure!(daughter.get(&path).await?.is_problem(403));
    ensure!(daughter.get(&format!("{path}/track")).await?.is_problem(403));
    ensure!(daughter.get("/api/incidents").await?.is_problem(403));
    ensure!(son.incident(&incident["id"]).await.is_ok(), "his stands on a consent of its own");
    ensure!(supervisor.delete(&format!("{path}/relatives/son")).await?.status == 204);
    ensure!(son.get(&path).await?.is_problem(403));
    Ok(())
}

#[tokio::test]
async fn what_is_withheld_looks_as_if_it_were_not_there() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let (son, _) = join(&platform, &supervisor, "son").await?;
    let (daughter, _) = join(&platform, &supervisor, "daughter").await?;
    let handset = platform.handset(HANDSET).await?;
    handset.publish("fix", tests::handset::fix("b", 1).to_string()).await?;
    let incident = press(&platform, &operator, "beaten", 2).await?;
    let (path, id) = (format!("/api/residents/{RESIDENT}"), incident["id"].as_str().context("an id")?);
    let screen = Live::open(&son, None).await?;
    let way = format!("{path}/track");
    let known = son.get(&path).await?.ok()?["position"]["fix_time"].clone();
    ensure!(known.is_string(), "{known}");
    let behind = until("the way", PATIENCE, async || {
        let behind = son.get(&way).await?.ok()?["features"].clone();
        Ok((behind != json!([])).then_some(behind))
    })
    .await?;
    let kept = json!({ "username": "son", "incident": id, "reason": "疑似家暴" });
    let kept = operator.post(&format!("{path}/withholdings"), &kept).await?.ok()?;
    screen
        .frames
        .find("the incident gone", PATIENCE, |frame| {
            frame.value["type"] == "snapshot" && frame.value["incidents"] == json!([])
        })
        .await?;
    let card = son.get(&path).await?.ok()?;
    ensure!(card["position"]["fix_time"] == known && card["name"].is_string(), "the card stays: {card}");
    let missing = son.get(&format!("/api/incidents/{id}")).await?;
    ensure!(missing.is_problem(404), "{missing:?}");
    ensure!(
        missing.body == son.get("/api/incidents/none").await?.body,
        "it looks like one that is not there"
    );
    let track = son.get(&way).await?.ok()?;
    ensure!(track["features"] == behind, "a past that goes away would tell: {track}");
    let family = son.get(&format!("{path}/relatives")).await?.ok()?;
    ensure!(!family.to_string().contains("withheld"), "{family}");
    let staff = operator.get(&format!("{path}/relatives")).await?.ok()?;
    ensure!(
        staff["withheld"][0]["username"] == "son" && staff["withheld"][0]["reason"] == "疑似家暴",
        "{staff}"
    );
    ensure!(daughter.incident(&incident["id"]).await.is_ok(), "nothing is kept from her");

    let withholding = kept["id"].as_str().context("an id")?;
    ensure!(son.delete(&format!("/api/withholdings/{withholding}")).await?.is_problem(403));
    ensure!(supervisor.delete(&format!("/api/withholdings/{withholding}")).await?.status == 204);
    ensure!(son.incident(&incident["id"]).await.is_ok());
    ensure!(son.get(&path).await?.ok()?["position"].is_object());
    for (wrong, status) in [
        (json!({ "username": "nobody", "reason": "x" }), 404),
        (json!({ "username": "son", "reason": " " }), 422),
        (json!({ "username": "son", "incident": "none", "reason": "x" }), 422),
    ] {
        let answer = operator.post(&format!("{path}/withholdings"), &wrong).await?;
        ensure!(answer.is_problem(status), "{wrong}: {answer:?}");
    }
    Ok(())
}

/// Nor does it come back under another name.
#[tokio::test]
async fn what_is_withheld_stays_so_in_what_it_is_put_together_with() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let (son, _) = join(&platform, &supervisor, "son").await?;
    let (daughter, _) = join(&platform, &supervisor, "daughter").await?;
    let incident = press(&platform, &operator, "beaten", 1).await?;
    let kept = json!({ "username": "son", "incident": incident["id"], "reason": "疑似家暴" });
    operator.post(&format!("/api/residents/{RESIDENT}/withholdings"), &kept).await?.ok()?;
    let call = json!({ "kind": "call", "resident": null, "caller": "路人", "words": "有老人求救" });
    let stranger = operator.post("/api/incidents", &call).await?.ok()?;
    let claimed = operator.claim(&stranger).await?.ok()?;
    let merged = operator.act("merge", &claimed, json!({ "from": incident["id"] })).await?.ok()?;
    ensure!(merged["resident"]["id"] == RESIDENT, "{merged}");
    let seen = daughter.incident(&merged["id"]).await?;
    ensure!(seen["signals"].as_array().map(Vec::len) == Some(2), "nothing is kept from her: {seen}");
    for id in [&incident["id"], &merged["id"]] {
        let missing = son.get(&format!("/api/incidents/{}", id.as_str().context("an id")?)).await?;
        ensure!(missing.is_problem(404), "{missing:?}");
    }
    ensure!(son.incidents("all").await?.is_empty());
    let later = Live::open(&son, None).await?.snapshot().await?;
    ensure!(later["incidents"] == json!([]), "{later}");
    ensure!(son.get(&format!("/api/residents/{RESIDENT}")).await?.ok()?["position"].is_null());
    Ok(())
}

/// The way of that time stays kept once it is over, and so does the place where it ended.
#[tokio::test]
async fn where_somebody_was_while_a_withheld_incident_was_open_stays_hidden() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let (son, _) = join(&platform, &supervisor, "son").await?;
    let (daughter, _) = join(&platform, &supervisor, "daughter").await?;
    let handset = platform.handset(HANDSET).await?;
    let path = format!("/api/residents/{RESIDENT}");
    let last =
        async |account: &Account| anyhow::Ok(account.get(&path).await?.ok()?["position"]["fix_time"].clone());
    let fixes = async |account: &Account| {
        let track = account.get(&format!("{path}/track")).await?.ok()?;
        track["fixes"].as_u64().context("a number")
    };
    // A moment between them, so that each fix is plainly before, within or after.
    let moved = async |seq: u64| {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        handset.publish("fix", tests::handset::fix("w", seq).to_string()).await?;
        until("the fix", PATIENCE, async || Ok((fixes(&daughter).await? == seq).then_some(()))).await?;
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        anyhow::Ok(())
    };
    moved(1).await?;
    let known = last(&son).await?;
    ensure!(known.is_string(), "{known}");
    handset.press("beaten", "b", 2).await?;
    let incident =
        until("an incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    let kept = json!({ "username": "son", "incident": incident["id"], "reason": "疑似家暴" });
    operator.post(&format!("{path}/withholdings"), &kept).await?.ok()?;
    moved(2).await?;
    ensure!(fixes(&son).await? == 1, "while it is open what was before stays, and nothing comes");
    ensure!(last(&son).await? == known && last(&daughter).await? != known, "as of a handset out of reach");
    let claimed = operator.claim(&incident).await?.ok()?;
    ensure!(operator.close(&claimed).await?.status == 200);
    ensure!(last(&son).await? == known, "its end is not told either, nor where it ended");
    ensure!(last(&daughter).await? != known, "nothing is kept from her");
    ensure!(fixes(&son).await? == 1, "what was before");
    moved(3).await?;
    ensure!(fixes(&son).await? == 2, "before and after");
    let now = last(&son).await?;
    ensure!(now == last(&daughter).await? && now != known, "{now}");
    Ok(())
}

/// A late press brings the place in which it was made; that, and the way until it came, are from before it arrived.
#[tokio::test]
async fn where_a_withheld_press_was_made_is_no_last_place() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let (son, _) = join(&platform, &supervisor, "son").await?;
    let (daughter, _) = join(&platform, &supervisor, "daughter").await?;
    let handset = platform.handset(HANDSET).await?;
    let path = format!("/api/residents/{RESIDENT}");
    let last =
        async |account: &Account| anyhow::Ok(account.get(&path).await?.ok()?["position"]["fix_time"].clone());
    // A moment between them, so that each is plainly before or after.
    let moved = async |seq: u64, before: &Value| {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        handset.publish("fix", tests::handset::fix("w", seq).to_string()).await?;
        let is_new = |at: &Value| at.is_string() && at != before;
        let now =
            until("the fix", PATIENCE, async || Ok(Some(last(&daughter).await?).filter(is_new))).await?;
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        anyhow::Ok(now)
    };
    let known = moved(1, &Value::Null).await?;
    let mut pressed = tests::press("beaten", "b", 1);
    pressed["fix"] = json!({ "lat": 33.9624, "lon": 118.2757, "fix_time": pressed["pressed_at"],
        "accuracy_m": 18, "method": "gps" });
    let on_the_way = moved(2, &known).await?;
    ensure!(last(&son).await? == on_the_way, "nothing is kept yet");
    handset.publish("press", pressed.to_string()).await?;
    let incident =
        until("an incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    let kept = json!({ "username": "son", "incident": incident["id"], "reason": "疑似家暴" });
    operator.post(&format!("{path}/withholdings"), &kept).await?.ok()?;
    ensure!(last(&son).await? == known, "where it was before: {known}");
    let way = son.get(&format!("{path}/track")).await?.ok()?;
    ensure!(way["fixes"] == 1, "the way until the press: {way}");
    ensure!(last(&daughter).await? == on_the_way, "nothing is kept from her");
    Ok(())
}

/// A screen that begins anew, or on which something goes away that never stood there, tells in the same second.
#[tokio::test]
async fn a_screen_does_not_show_that_something_is_withheld() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let (son, _) = join(&platform, &supervisor, "son").await?;
    let (daughter, _) = join(&platform, &supervisor, "daughter").await?;
    let (his, hers) = (Live::open(&son, None).await?, Live::open(&daughter, None).await?);
    his.snapshot().await?;
    let all = json!({ "username": "son", "reason": "疑似家暴" });
    let path = format!("/api/residents/{RESIDENT}/withholdings");
    let first = operator.post(&path, &all).await?.ok()?;
    let incident = press(&platform, &operator, "beaten", 1).await?;
    hers.press("beaten").await?;
    let this = json!({ "username": "son", "incident": incident["id"], "reason": "疑似家暴" });
    operator.post(&path, &this).await?.ok()?;
    let claimed = operator.claim(&incident).await?.ok()?;
    ensure!(operator.close(&claimed).await?.status == 200);
    hers.next_incident("the end of it", PATIENCE, |shown| shown["state"] == "closed").await?;
    // His rights are looked at again once it is over.
    let first = format!("/api/withholdings/{}", first["id"].as_str().context("an id")?);
    ensure!(operator.delete(&first).await?.status == 204);
    let told = his.frames.count(|frame| frame.value["type"] == "health");
    until("the next heartbeat", PATIENCE, async || {
        Ok((his.frames.count(|frame| frame.value["type"] == "health") > told).then_some(()))
    })
    .await?;
    let kinds: Vec<Value> = his.frames.all().into_iter().map(|frame| frame.value["type"].clone()).collect();
    let but_health: Vec<&Value> = kinds.iter().filter(|kind| **kind != "health").collect();
    ensure!(but_health == ["snapshot"], "{kinds:?}");
    Ok(())
}

#[tokio::test]
async fn what_cannot_be_an_invitation_is_refused_in_words() -> Result<()> {
    let platform = Platform::start().await?;
    let (supervisor, admin) = (platform.log_in("supervisor").await?, platform.log_in("admin").await?);
    for (account, wrong, status) in [
        (&admin, json!({}), 422),
        (&admin, json!({ "role": "relative", "display_name": "x" }), 422),
        (&admin, json!({ "role": "operator", "display_name": " " }), 422),
        (&admin, json!({ "role": "operator", "display_name": "x", "username": "admin" }), 422),
        (&admin, json!({ "username": "nobody" }), 404),
        (&supervisor, json!({ "role": "operator", "display_name": "x" }), 403),
        (&supervisor, json!({ "username": "operator" }), 403),
        (&supervisor, json!({ "consent": "none", "display_name": "x", "relation": "x" }), 422),
    ] {
        let answer = account.post("/api/invitations", &wrong).await?;
        ensure!(answer.is_problem(status), "{wrong}: {answer:?}");
    }
    let link =
        admin.post("/api/invitations", &json!({ "role": "operator", "display_name": "新人" })).await?.ok()?;
    let path = format!("{}/api/join/{}", platform.at.http, link["code"].as_str().context("a code")?);
    for (username, password, status) in [
        ("operator", OWN_WORDS, 409),
        ("a b", OWN_WORDS, 422),
        ("", OWN_WORDS, 422),
        ("newcomer", "short", 422),
        ("newcomer", "my name is newcomer", 422),
        ("newcomer", "jujiale-demo", 422),
    ] {
        let request = Client::new().post(&path).json(&json!({ "username": username, "password": password }));
        let answer = Answer::of(request).await?;
        ensure!(answer.is_problem(status), "{username} {password}: {answer:?}");
    }
    let id = link["invitation"]["id"].as_str().context("an id")?;
    ensure!(supervisor.delete(&format!("/api/invitations/{id}")).await?.is_problem(404), "not theirs");
    ensure!(admin.delete(&format!("/api/invitations/{id}")).await?.status == 204);
    let late = Answer::of(Client::new().get(&path)).await?;
    ensure!(late.is_problem(404), "{late:?}");
    Ok(())
}

/// What a neighbour says about the daughter is not for the daughter.
#[tokio::test]
async fn the_family_reads_no_words_of_callers_and_staff() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let (daughter, _) = join(&platform, &supervisor, "daughter").await?;
    let screen = Live::open(&daughter, None).await?;
    let call =
        json!({ "kind": "call", "resident": RESIDENT, "caller": "邻居 13900000000", "words": "女儿打她" });
    let incident = operator.post("/api/incidents", &call).await?.ok()?;
    let claimed = operator.claim(&incident).await?.ok()?;
    let noted =
        operator.act("note", &claimed, json!({ "text": "疑似家暴", "contact": "witness" })).await?.ok()?;
    let closing = json!({ "cause": "other", "outcome": "resolved_by_phone", "note": "已报派出所" });
    operator.act("close", &noted, closing).await?.ok()?;
    let id = incident["id"].as_str().context("an id")?;
    screen
        .next_incident("the end of it", PATIENCE, |shown| shown["id"] == id && shown["state"] == "closed")
        .await?;
    let later = Live::open(&daughter, None).await?.snapshot().await?;
    let mut told: String = screen.frames.all().iter().map(|frame| frame.value.to_string()).collect();
    told.push_str(&later.to_string());
    for path in
        ["/api/incidents?state=all", &format!("/api/incidents/{id}"), &format!("/api/incidents/{id}/events")]
    {
        told.push_str(&daughter.get(path).await?.ok()?.to_string());
    }
    ensure!(told.contains("\"noted\""), "that something was noted is no secret: {told}");
    for word in ["13900000000", "女儿打她", "疑似家暴", "派出所"] {
        ensure!(!told.contains(word), "{word}: {told}");
    }
    ensure!(operator.get(&format!("/api/incidents/{id}")).await?.ok()?.to_string().contains("女儿打她"));
    Ok(())
}
