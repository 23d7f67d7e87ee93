//! What a person may ask for: a copy, who looked, and to be forgotten; and looks that a supervisor reviews.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::{fs, time::Duration};
use tests::{PATIENCE, Platform, Setup, clock, until};

const RESIDENT: &str = "r-0041";
const HANDSET: &str = "demo-0041";

#[tokio::test]
async fn a_look_without_an_incident_is_reviewed_by_somebody_else() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let path = format!("/api/residents/{RESIDENT}");
    ensure!(operator.get(&path).await?.is_problem(403));
    let card = operator.get(&format!("{path}?reason=家属来电")).await?.ok()?;
    ensure!(
        card["telephone"].as_str().is_some_and(|told| told.starts_with("****")) && card["home"].is_null(),
        "{card}"
    );
    ensure!(supervisor.get(&format!("{path}/track?reason=复核")).await?.status == 200);
    ensure!(operator.get("/api/residents/nobody?reason=x").await?.is_problem(404));
    let looks = supervisor.list("/api/looks").await?;
    let told: Vec<_> =
        looks.iter().map(|look| (look["username"].as_str(), look["reason"].as_str())).collect();
    ensure!(told == [(Some("supervisor"), Some("复核")), (Some("operator"), Some("家属来电"))], "{looks:?}");
    let review = |place: usize, verdict: &str, note: &str| {
        let path = format!("/api/looks/{}/review", looks[place]["id"].as_str().unwrap_or_default());
        let body = json!({ "verdict": verdict, "note": note });
        let supervisor = supervisor.clone();
        async move { supervisor.post(&path, &body).await }
    };
    ensure!(review(0, "justified", "").await?.is_problem(403), "not one's own");
    ensure!(review(1, "questioned", "").await?.is_problem(422), "why?");
    ensure!(review(1, "perhaps", "x").await?.is_problem(422));
    ensure!(review(1, "justified", "").await?.ok()?["review"]["by"] == "supervisor");
    ensure!(review(1, "questioned", "x").await?.is_problem(409), "the first review stands");
    ensure!(supervisor.list("/api/looks").await?.len() == 1);
    ensure!(supervisor.list("/api/looks?state=all").await?.len() == 2);
    Ok(())
}

#[tokio::test]
async fn who_looks_at_very_many_people_is_told_of_once() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let look = async |nth: u32| operator.get(&format!("/api/residents/r-{nth:04}?reason=核对")).await?.ok();
    let told = async || {
        let looks = supervisor.list("/api/looks").await?;
        anyhow::Ok(looks.into_iter().filter(|look| look["action"] == "many_looks").collect::<Vec<_>>())
    };
    for nth in (1..=60).chain([1]) {
        look(nth).await?;
    }
    ensure!(told().await?.is_empty(), "sixty people, one of them twice");
    for nth in 61..=64 {
        look(nth).await?;
    }
    let told = told().await?;
    ensure!(
        told.len() == 1 && told[0]["username"] == "operator" && told[0]["resident"] == "r-0061",
        "{told:?}"
    );
    let reason = "more than 60 residents within the hour";
    ensure!(told[0]["reason"] == reason && told[0]["review"].is_null(), "{told:?}");
    let rows = supervisor.list("/api/audit?action=many_looks").await?;
    ensure!(rows.len() == 1 && rows[0]["subject"] == "operator", "{rows:?}");
    Ok(())
}

#[tokio::test]
async fn a_resident_gets_a_copy_and_is_forgotten_on_request() -> Result<()> {
    let platform = Platform::start().await?;
    let (admin, operator) = (platform.log_in("admin").await?, platform.log_in("operator").await?);
    let handset = platform.handset(HANDSET).await?;
    handset.publish("fix", tests::handset::fix("b", 1).to_string()).await?;
    handset.press("p-1", "b", 2).await?;
    let incident =
        until("an incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    let name = incident["resident"]["name"].as_str().context("a name")?.to_owned();
    ensure!(operator.get(&format!("/api/residents/{RESIDENT}?reason==HYPERLINK(1)")).await?.status == 200);
    let path = format!("/api/residents/{RESIDENT}");
    ensure!(admin.get(&format!("{path}/export")).await?.is_problem(403), "who asked?");
    let copy = admin.get(&format!("{path}/export?reason=本人申请")).await?.ok()?;
    ensure!(copy["resident"]["name"] == name && copy["incidents"][0]["id"] == incident["id"], "{copy}");
    ensure!(copy["handsets"][0]["handset"] == HANDSET && copy["handsets"][0]["to"].is_null(), "{copy}");
    let is_masked = |told: &Value| told.as_str().is_some_and(|told| told.starts_with("****"));
    let kept = |copy: &Value| {
        let card = &copy["resident"];
        let contact = card["contacts"][0]["telephone"].clone();
        [copy["identity_number"].clone(), card["telephone"].clone(), card["address"].clone(), contact]
    };
    ensure!(kept(&copy).iter().all(is_masked) && copy["resident"]["home"].is_null(), "{copy}");
    let whole = admin.get(&format!("{path}/export?reason=本人申请&whole=true")).await?.ok()?;
    let is_told = |told: &Value| told.is_string() && !is_masked(told);
    ensure!(kept(&whole).iter().all(is_told) && whole["resident"]["home"].is_object(), "{whole}");
    ensure!(whole["positions_held"] == 1, "{whole}");
    let looks = admin.request(reqwest::Method::GET, &format!("{path}/export?part=looks&reason=本人申请"));
    let looks = looks.send().await?.text().await?;
    ensure!(looks.starts_with("\u{feff}at,who,from,what,subject,why\r\n"), "{looks}");
    ensure!(looks.contains("read_resident") && looks.contains("export_resident"), "{looks}");
    ensure!(looks.contains("all: 本人申请") && looks.contains("all, whole: 本人申请"), "{looks}");
    ensure!(looks.contains("\"'=HYPERLINK(1)\""), "no formula reaches a spreadsheet: {looks}");

    let ask = json!({ "reason": "本人申请", "confirm": RESIDENT });
    let open = admin.post(&format!("{path}/erase"), &ask).await?;
    ensure!(open.is_problem(409) && open.body["code"] == "incident_open", "{open:?}");
    let claimed = operator.claim(&incident).await?.ok()?;
    ensure!(operator.close(&claimed).await?.status == 200);
    let slip = json!({ "reason": "本人申请", "confirm": "r-0042" });
    ensure!(admin.post(&format!("{path}/erase"), &slip).await?.is_problem(422));
    let done = admin.post(&format!("{path}/erase"), &ask).await?.ok()?;
    ensure!(
        done["incidents"] == 1 && done["stays"].as_array().is_some_and(|stays| stays.len() == 5),
        "{done}"
    );
    ensure!(admin.post(&format!("{path}/erase"), &ask).await?.is_problem(409), "once");

    let kept = operator.incident(&incident["id"]).await?;
    ensure!(
        kept["resident"].is_null() && kept["position"].is_null() && kept["closed"]["note"] == "",
        "{kept}"
    );
    ensure!(kept["closed"]["cause"] == "test_press" && kept["opened_at"] == incident["opened_at"], "{kept}");
    let card = operator.get(&format!("{path}?reason=x")).await?.ok()?;
    ensure!(card["name"] == "" && card["contacts"] == json!([]) && card["handset"].is_null(), "{card}");
    let database = platform.database()?;
    let everything = format!(
        "SELECT body FROM signals UNION ALL SELECT body FROM incident_events UNION ALL SELECT snapshot FROM incidents
         UNION ALL SELECT name FROM residents WHERE resident_id = '{RESIDENT}'
         UNION ALL SELECT CAST(payload AS TEXT) FROM presses"
    );
    tests::tools::need("sqlite3", "sqlite3")?;
    let dump = std::process::Command::new("sqlite3").arg(database).arg(everything).output()?;
    let dump = String::from_utf8(dump.stdout)?;
    for gone in [RESIDENT, "33.9624", "p-1\",\"boot", name.as_str()] {
        ensure!(!dump.contains(gone), "{gone} is still there: {dump}");
    }
    // The handset's next press is nobody's, and is taken.
    handset.press("p-2", "b", 3).await?;
    let next =
        until("the next incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    ensure!(next["resident"].is_null(), "{next}");
    platform.is_whole().await
}

/// A press of before the erasure that the handset could not bring: it is heard, nothing else is entered about whoever was erased, and
/// once its incident is closed they are in it no more.
#[tokio::test]
async fn a_press_that_was_on_its_way_is_heard_and_forgotten_when_it_is_closed() -> Result<()> {
    let mut platform = Platform::start().await?;
    let (admin, operator) = (platform.log_in("admin").await?, platform.log_in("operator").await?);
    let handset = platform.handset(HANDSET).await?;
    let kept = tests::handset::press("kept", "b", 1).to_string();
    let ask = json!({ "reason": "本人申请", "confirm": RESIDENT });
    admin.post(&format!("/api/residents/{RESIDENT}/erase"), &ask).await?.ok()?;
    handset.publish("press", kept).await?;
    let incident =
        until("its incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    ensure!(incident["resident"]["id"] == RESIDENT && incident["resident"]["name"] == "", "{incident}");
    let call = json!({ "kind": "call", "resident": RESIDENT, "caller": "邻居", "words": "敲门没人应" });
    let claimed = operator.claim(&incident).await?.ok()?;
    let named = operator.act("resident", &claimed, json!({ "resident": RESIDENT })).await?;
    let closed = operator.close(&claimed).await?.ok()?;
    let reopened = operator.act("reopen", &closed, json!({ "reason": "再看一次" })).await?;
    for refused in [operator.post("/api/incidents", &call).await?, named, reopened] {
        ensure!(refused.is_problem(409) && refused.body["code"] == "erased", "{refused:?}");
    }
    // What is kept for a term is looked through at the start and every ten minutes.
    drop(handset);
    platform.stop().await?;
    platform.restart().await?;
    let operator = platform.log_in("operator").await?;
    let forgotten = until("that it is forgotten", PATIENCE, async || {
        let id = incident["id"].as_str().unwrap_or_default();
        let seen = operator.get(&format!("/api/incidents/{id}?reason=复核")).await?.ok()?;
        Ok(seen["resident"].is_null().then_some(seen))
    });
    let forgotten = forgotten.await?;
    ensure!(forgotten["handset"].is_null() && forgotten["closed"]["note"] == "", "{forgotten}");
    let auditor = platform.log_in("auditor").await?;
    let rows = auditor.list("/api/audit?action=make_nameless").await?;
    ensure!(rows.len() == 1 && rows[0]["detail"] == "erased" && rows[0]["username"] == "system", "{rows:?}");
    platform.is_whole().await
}

/// What the demo has not entered is entered here; each part of the copy has it.
#[tokio::test]
async fn a_copy_holds_what_is_held() -> Result<()> {
    let platform = Platform::start().await?;
    let (admin, operator) = (platform.log_in("admin").await?, platform.log_in("operator").await?);
    let supervisor = platform.log_in("supervisor").await?;
    let path = format!("/api/residents/{RESIDENT}");
    let copy = async |how: &str| admin.get(&format!("{path}/export?reason=本人申请{how}")).await?.ok();
    let home = copy("&whole=true").await?["resident"]["home"].clone();
    let home = home["lat"].as_f64().zip(home["lon"].as_f64()).context("a home")?;
    let until_when = clock::now().checked_add(model::SignedDuration::from_hours(48))?.to_string();
    let away = json!({ "reason": "holiday", "to": until_when });
    let away = operator.post(&format!("{path}/absences"), &away).await?.ok()?;
    let drawn = crate::fences::fence(&crate::fences::circle(home));
    let fences = format!("{path}/fences");
    let (ended, kept) =
        (supervisor.post(&fences, &drawn).await?.ok()?, supervisor.post(&fences, &drawn).await?.ok()?);
    let gone = format!("{fences}/{}", ended["id"].as_str().context("an id")?);
    ensure!(supervisor.delete(&gone).await?.status == 204);
    let policy = json!({ "expected_version": 0, "dementia": true, "lives_alone": true, "heartbeat_s": 7200 });
    supervisor.put(&format!("{path}/policy"), &policy).await?.ok()?;
    platform.handset(HANDSET).await?.press("p-1", "b", 1).await?;
    let incident =
        until("an incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    let note = json!({ "expected_version": incident["version"], "text": "女儿说已经到家" });
    let id = incident["id"].as_str().context("an id")?;
    operator.post(&format!("/api/incidents/{id}/note"), &note).await?.ok()?;
    let say = json!({ "kind": "say", "say": "女儿马上就到" });
    let asked = operator.post(&format!("/api/handsets/{HANDSET}/commands"), &say).await?;
    ensure!(asked.status == 202, "{asked:?}");

    let masked = copy("").await?;
    ensure!(masked["resident"]["absences"][0]["id"] == away["id"], "{masked:#}");
    ensure!(masked["absences"][0]["id"] == away["id"], "{masked:#}");
    let of_incident = &masked["incidents"][0];
    ensure!(of_incident["history"].to_string().contains("女儿说已经到家"), "{of_incident:#}");
    ensure!(of_incident["commands"].to_string().contains("\"say\""), "{of_incident:#}");
    let messages = of_incident["messages"].as_array().context("a list")?;
    ensure!(!messages.is_empty() && messages.iter().all(|one| one["address"] == ""), "{messages:#?}");
    ensure!(masked["watch"]["policy"].to_string().contains("7200"), "{masked:#}");
    for part in ["other_signals", "falls", "fall_answers", "days"] {
        ensure!(masked[part].is_array(), "{part}: {masked:#}");
    }
    let of = |copy: &Value, id: &Value| {
        let fences = copy["watch"]["fences"].as_array().cloned().unwrap_or_default();
        fences.into_iter().find(|fence| fence["id"] == *id)
    };
    let told = of(&masked, &ended["id"]).context("the fence that was taken away")?;
    ensure!(told["ended_at"].is_string() && told["shape"].is_null(), "its middle is the home: {told}");
    let told = of(&copy("&whole=true").await?, &kept["id"]).context("the other one")?;
    ensure!(told["ended_at"].is_null() && told["shape"] == kept["shape"], "{told}");
    Ok(())
}

#[tokio::test]
async fn without_consent_no_trail_is_kept_and_a_press_is_taken_all_the_same() -> Result<()> {
    let platform = Platform::start().await?;
    let (supervisor, operator) = (platform.log_in("supervisor").await?, platform.log_in("operator").await?);
    let consents = format!("/api/residents/{RESIDENT}/consents");
    let given = json!({ "purpose": "tracking", "given_by": "guardian", "giver": "王小红", "data": "位置",
        "text_version": "2026-11", "channel": "telephone" });
    let given = supervisor.post(&consents, &given).await?.ok()?;
    let handset = platform.handset(HANDSET).await?;
    let fix = async |seq: u64| handset.publish("fix", tests::handset::fix("b", seq).to_string()).await;
    fix(1).await?;
    let track = format!("/api/residents/{RESIDENT}/track?reason=x");
    let points = async || {
        let track = supervisor.get(&track).await?.ok()?;
        anyhow::Ok(track["fixes"].as_u64().context("a number")?)
    };
    until("the first point", PATIENCE, async || Ok((points().await? == 1).then_some(()))).await?;
    let id = given["id"].as_str().context("an id")?;
    supervisor.post(&format!("/api/consents/{id}/withdraw"), &json!({})).await?.ok()?;
    // It holds within seconds: from some point on nothing more is kept.
    let mut seq = 1;
    until("a point that is not kept", PATIENCE, async || {
        seq += 1;
        let before = points().await?;
        fix(seq).await?;
        let kept = until("it is kept", Duration::from_millis(300), async || {
            Ok((points().await? > before).then_some(()))
        });
        Ok(kept.await.is_err().then_some(()))
    })
    .await?;
    handset.press("still heard", "b", 1_000).await?;
    let incident =
        until("an incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    ensure!(incident["resident"]["id"] == RESIDENT, "{incident}");
    Ok(())
}

/// A handset that was out of reach tells late; what is kept of that goes by when it was taken.
#[tokio::test]
async fn what_was_taken_without_consent_is_not_kept_later() -> Result<()> {
    let platform = Platform::start().await?;
    let (supervisor, operator) = (platform.log_in("supervisor").await?, platform.log_in("operator").await?);
    let agree = async || {
        let given = json!({ "purpose": "tracking", "given_by": "guardian", "giver": "王小红", "data": "位置",
            "text_version": "2026-11", "channel": "telephone" });
        let given = supervisor.post(&format!("/api/residents/{RESIDENT}/consents"), &given).await?.ok()?;
        Ok::<String, anyhow::Error>(given["id"].as_str().context("an id")?.to_owned())
    };
    let withdraw =
        async |id: String| supervisor.post(&format!("/api/consents/{id}/withdraw"), &json!({})).await?.ok();
    let points = async || {
        let track = supervisor.get(&format!("/api/residents/{RESIDENT}/track?reason=x")).await?.ok()?;
        track["fixes"].as_u64().context("a number")
    };
    // A withdrawal and a new consent hold within two seconds.
    let it_holds = || tokio::time::sleep(Duration::from_secs(3));
    withdraw(agree().await?).await?;
    it_holds().await;
    let without = clock::now().to_string();
    it_holds().await;
    let second = agree().await?;
    it_holds().await;
    let handset = platform.handset(HANDSET).await?;
    let told = async |seq: u64, taken_at: &str| {
        let mut fix = tests::handset::fix("b", seq);
        fix["fix_time"] = json!(taken_at);
        handset.publish("fix", fix.to_string()).await
    };
    for (seq, taken_at, kept) in
        [(1, clock::ago(600), 1), (2, without.clone(), 1), (3, clock::now().to_string(), 2)]
    {
        told(seq, &taken_at).await?;
        ensure!(points().await? == kept, "{taken_at}: {} kept, and not {kept}", points().await?);
    }
    // Help is called for, and whoever comes looks where the person is and not where they went.
    withdraw(second).await?;
    it_holds().await;
    told(4, &clock::now().to_string()).await?;
    ensure!(points().await? == 2, "withdrawn once more");
    handset.press("help", "b", 1_000).await?;
    until("an incident", PATIENCE, async || Ok(operator.incidents("open").await?.pop())).await?;
    it_holds().await;
    for (seq, taken_at, kept) in [(5, clock::ago(900), 2), (6, without, 2), (7, clock::now().to_string(), 3)]
    {
        told(seq, &taken_at).await?;
        let found = points().await?;
        ensure!(found == kept, "{taken_at}: {found} kept, and not {kept}");
    }
    platform.is_whole().await
}

/// Where nobody is followed, a handset that is empty or silent is told of all the same: its button may be wanted.
#[tokio::test]
async fn without_consent_a_handset_is_missed_all_the_same() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("rules.toml");
    // Silent after one heartbeat, that nobody waits for three.
    fs::write(&file, "version = \"quick\"\nlate_heartbeats = 1\noffline_heartbeats = 1\n")?;
    let env = vec![("JJL_WATCH__RULES".to_owned(), file.display().to_string())];
    let platform = Platform::start_with(Setup { env, ..Setup::default() }).await?;
    let (supervisor, operator) = (platform.log_in("supervisor").await?, platform.log_in("operator").await?);
    let given = json!({ "purpose": "tracking", "given_by": "guardian", "giver": "王小红", "data": "位置",
        "text_version": "2026-11", "channel": "telephone" });
    let given = supervisor.post(&format!("/api/residents/{RESIDENT}/consents"), &given).await?.ok()?;
    let policy = format!("/api/residents/{RESIDENT}/policy");
    let said = json!({ "expected_version": 0, "dementia": false, "lives_alone": true, "heartbeat_s": 30 });
    supervisor.put(&policy, &said).await?.ok()?;
    let id = given["id"].as_str().context("an id")?;
    supervisor.post(&format!("/api/consents/{id}/withdraw"), &json!({})).await?.ok()?;
    let view = supervisor.get(&format!("{policy}?reason=x")).await?.ok()?;
    ensure!(view["watched"] == false && view["in_force"]["silence"] == true, "{view:#}");
    ensure!(view["in_force"]["inactivity"] == false, "{view:#}");
    // A withdrawal holds within two seconds.
    tokio::time::sleep(Duration::from_secs(3)).await;

    let handset = platform.handset(HANDSET).await?;
    let mut fix = tests::handset::fix("b", 1);
    fix["battery_pct"] = json!(8);
    handset.publish("fix", fix.to_string()).await?;
    let told = async |kind: &str, within: Duration| {
        until(kind, within, async || {
            let lines = operator.list("/api/technical?").await?;
            Ok(lines.into_iter().find(|line| line["kind"] == kind))
        })
        .await
    };
    told("low_battery", PATIENCE).await?;
    told("silence", Duration::from_mins(1)).await?;
    let track = supervisor.get(&format!("/api/residents/{RESIDENT}/track?reason=x")).await?.ok()?;
    ensure!(track["fixes"] == 0, "nothing of where it was: {track:#}");
    platform.is_whole().await
}

/// The first page of whose buttons are to be tried is the day's work, and so is the last day; more is a list of names like another.
#[tokio::test]
async fn who_lists_names_beyond_the_days_work_says_why() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, auditor) = (platform.log_in("operator").await?, platform.log_in("auditor").await?);
    let due = operator.get("/api/drills/due?limit=2").await?.ok()?;
    let next = due["next"].as_str().context("more than a page")?;
    operator.get("/api/technical").await?.ok()?;
    for beyond in [
        format!("/api/drills/due?limit=2&cursor={next}"),
        "/api/technical?to=2020-01-01T00:00:00Z".to_owned(),
    ] {
        for reason in ["", "&reason=%20"] {
            let refused = operator.get(&format!("{beyond}{reason}")).await?;
            ensure!(refused.is_problem(403) && refused.body["code"] == "reason_required", "{refused:?}");
        }
        operator.get(&format!("{beyond}&reason=inspection")).await?.ok()?;
    }
    operator.get(&format!("/api/drills/due?limit=2&cursor={next}&q=demo")).await?.ok()?;
    for action in ["list_drills_due", "list_technical"] {
        let rows = auditor.list(&format!("/api/audit?action={action}")).await?;
        let says_why =
            |row: &Value| row["detail"].as_str().is_some_and(|said| said.starts_with("inspection, "));
        ensure!(rows.iter().filter(|row| says_why(row)).count() == 1, "{action}: {rows:?}");
    }
    Ok(())
}
