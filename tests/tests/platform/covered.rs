//! What a relative sees by the consent: what it covers, nothing older than the grant, and nothing on the side of what is withheld.

use crate::relatives::{HANDSET, OWN_WORDS, RESIDENT, consent, join, press};
use anyhow::{Context as _, Result, ensure};
use model::SignedDuration;
use reqwest::Client;
use serde_json::{Value, json};
use tests::{Account, Answer, Live, PATIENCE, Platform, clock, until};

fn card_path() -> String {
    format!("/api/residents/{RESIDENT}")
}

/// An invitation to what a consent covers; the code in its link.
async fn invited(supervisor: &Account, resident: &str, shares: Option<Value>) -> Result<String> {
    let mut given = consent();
    if let Some(shares) = shares {
        given["shares"] = shares;
    }
    let consent = supervisor.post(&format!("/api/residents/{resident}/consents"), &given).await?.ok()?;
    let who = json!({ "consent": consent["id"], "display_name": "王小红", "relation": "女儿" });
    let link = supervisor.post("/api/invitations", &who).await?.ok()?;
    link["code"].as_str().map(str::to_owned).context("a code")
}

async fn comes_in(platform: &Platform, code: &str, username: &str) -> Result<Account> {
    let path = format!("{}/api/join/{code}", platform.at.http);
    let own = json!({ "username": username, "password": OWN_WORDS });
    let answer = Answer::of(Client::new().post(path).json(&own)).await?;
    Account::let_in(&platform.at.http, username, answer)
}

async fn fix(platform: &Platform, seq: u64) -> Result<()> {
    let handset = platform.handset(HANDSET).await?;
    handset.publish("fix", tests::handset::fix("c", seq).to_string()).await?;
    // A moment, so that what follows is plainly later.
    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    Ok(())
}

/// "In hospital since just now" says what happened.
#[tokio::test]
async fn nobody_reads_of_what_is_withheld_in_the_plans() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let (son, _) = join(&platform, &supervisor, "son").await?;
    let (daughter, _) = join(&platform, &supervisor, "daughter").await?;
    let until_when = clock::now().checked_add(SignedDuration::from_hours(48))?.to_string();
    let absence = json!({ "reason": "hospital", "to": until_when });
    operator.post(&format!("{}/absences", card_path()), &absence).await?.ok()?;
    let card = son.get(&card_path()).await?.ok()?;
    ensure!(card["absences"][0]["reason"] == "hospital", "{card}");
    ensure!(!card["absences"].to_string().contains("operator"), "who of the staff entered it: {card}");

    let incident = press(&platform, &operator, "beaten", 1).await?;
    let kept = json!({ "username": "son", "incident": incident["id"], "reason": "疑似家暴" });
    operator.post(&format!("{}/withholdings", card_path()), &kept).await?.ok()?;
    let is_silent = |card: &Value| card["absences"] == json!([]) && card["last_drill_at"].is_null();
    let open = son.get(&card_path()).await?.ok()?;
    ensure!(is_silent(&open), "while it is open: {open}");
    let claimed = operator.claim(&incident).await?.ok()?;
    ensure!(operator.close(&claimed).await?.status == 200);
    let over = son.get(&card_path()).await?.ok()?;
    ensure!(is_silent(&over), "and once it is over: {over}");
    let hers = daughter.get(&card_path()).await?.ok()?;
    ensure!(hers["absences"][0]["reason"] == "hospital", "nothing is kept from her: {hers}");
    let staff = operator.get(&format!("{}?reason=x", card_path())).await?.ok()?;
    ensure!(staff["absences"][0]["by"] == "operator", "{staff}");
    Ok(())
}

/// A call takes the last known position, which is older than the grant here.
#[tokio::test]
async fn where_somebody_was_before_the_grant_is_not_shown() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    fix(&platform, 1).await?;
    let path = format!("{}?reason=x", card_path());
    until("the position", PATIENCE, async || {
        Ok(operator.get(&path).await?.ok()?["position"].is_object().then_some(()))
    })
    .await?;
    let (daughter, _) = join(&platform, &supervisor, "daughter").await?;
    let screen = Live::open(&daughter, None).await?;
    let call = json!({ "kind": "call", "resident": RESIDENT, "caller": "邻居", "words": "听到呼救" });
    let incident = operator.post("/api/incidents", &call).await?.ok()?;
    ensure!(incident["position"].is_object(), "the desk needs it: {incident}");
    let (shown, _) =
        screen.next_incident("the call", PATIENCE, |shown| shown["id"] == incident["id"]).await?;
    ensure!(shown["position"].is_null(), "{shown}");
    let listed = daughter.incidents("open").await?;
    ensure!(listed.len() == 1 && listed[0]["position"].is_null(), "{listed:?}");
    ensure!(daughter.incident(&incident["id"]).await?["position"].is_null());
    let begun = Live::open(&daughter, None).await?.snapshot().await?;
    ensure!(begun["incidents"][0]["position"].is_null() && begun["positions"] == json!([]), "{begun}");
    ensure!(daughter.get(&card_path()).await?.ok()?["position"].is_null());
    fix(&platform, 2).await?;
    until("a position of her time", PATIENCE, async || {
        Ok(daughter.incident(&incident["id"]).await?["position"].is_object().then_some(()))
    })
    .await?;
    Ok(())
}

/// A consent to news is none to being followed, and one to a position is none to news.
#[tokio::test]
async fn a_relative_sees_what_the_consent_covers() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let news = invited(&supervisor, RESIDENT, Some(json!(["news"]))).await?;
    let news = comes_in(&platform, &news, "news").await?;
    let place = invited(&supervisor, RESIDENT, Some(json!(["position"]))).await?;
    let place = comes_in(&platform, &place, "place").await?;
    let all = invited(&supervisor, RESIDENT, None).await?;
    let all = comes_in(&platform, &all, "all").await?;
    for wrong in [json!([]), json!(["news", "everything"])] {
        let mut given = consent();
        given["shares"] = wrong;
        let answer = supervisor.post(&format!("{}/consents", card_path()), &given).await?;
        ensure!(answer.is_problem(422), "{answer:?}");
    }
    let entered = supervisor.list(&format!("{}/consents", card_path())).await?;
    ensure!(entered.iter().any(|one| one["shares"] == json!(["news"])), "{entered:?}");

    fix(&platform, 1).await?;
    let incident = press(&platform, &operator, "p-1", 2).await?;
    until("the position", PATIENCE, async || {
        Ok(all.incident(&incident["id"]).await?["position"].is_object().then_some(()))
    })
    .await?;
    ensure!(news.incident(&incident["id"]).await?["position"].is_null(), "news without the place");
    ensure!(news.get(&card_path()).await?.ok()?["position"].is_null());
    ensure!(news.get(&format!("{}/track", card_path())).await?.is_problem(403));
    ensure!(place.incidents("all").await?.is_empty(), "the place without news");
    let path = format!("/api/incidents/{}", incident["id"].as_str().context("an id")?);
    ensure!(place.get(&path).await?.is_problem(404));
    ensure!(place.get(&card_path()).await?.ok()?["position"].is_object());
    ensure!(place.get(&format!("{}/track", card_path())).await?.is_problem(403));
    ensure!(all.get(&format!("{}/track", card_path())).await?.status == 200);
    Ok(())
}

/// Illness, the birth date and whom to ring are for those who help; no consent of the family's covers them.
#[tokio::test]
async fn a_relative_is_not_told_what_is_on_record_for_helpers() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let known = operator.get(&format!("{}?reason=x", card_path())).await?.ok()?;
    ensure!(
        known["birth_date"] != "" && known["age"].is_number() && known["cognitive_impairment"].is_boolean(),
        "{known}"
    );
    ensure!(known["self_care"] != "" && known["contacts"] != json!([]), "{known}");
    for (username, shares) in [("news", Some(json!(["news"]))), ("all", None)] {
        let code = invited(&supervisor, RESIDENT, shares).await?;
        let card = comes_in(&platform, &code, username).await?.get(&card_path()).await?.ok()?;
        ensure!(card["name"] == known["name"] && card["sex"] == known["sex"], "{card}");
        ensure!(card["birth_date"] == "" && card["age"].is_null() && card["self_care"] == "", "{card}");
        ensure!(card["cognitive_impairment"].is_null() && card["contacts"] == json!([]), "{card}");
        ensure!(card["conditions"] == json!([]) && card["allergies"] == json!([]), "{card}");
    }
    Ok(())
}

/// Consent given anew, and a second parent: nobody needs another name for it.
#[tokio::test]
async fn a_relative_uses_an_invitation_with_the_account_they_have() -> Result<()> {
    let platform = Platform::start().await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    let (daughter, old) = join(&platform, &supervisor, "daughter").await?;
    supervisor.post(&format!("/api/consents/{old}/withdraw"), &json!({})).await?.ok()?;
    ensure!(daughter.get(&card_path()).await?.is_problem(403));
    let again = json!({ "code": invited(&supervisor, RESIDENT, None).await? });
    let other = json!({ "code": invited(&supervisor, "r-0022", Some(json!(["news"]))).await? });
    ensure!(operator.post("/api/me/grants", &again).await?.is_problem(422), "no relative's account");
    ensure!(daughter.post("/api/me/grants", &again).await?.status == 204);
    ensure!(daughter.post("/api/me/grants", &other).await?.status == 204);
    for path in [card_path(), "/api/residents/r-0022".to_owned()] {
        ensure!(daughter.get(&path).await?.status == 200, "{path}");
    }
    let used = daughter.post("/api/me/grants", &again).await?;
    ensure!(used.is_problem(404) && used.body["code"] == "invitation_void", "{used:?}");
    let admin = platform.log_in("admin").await?;
    let staff = json!({ "role": "operator", "display_name": "新人" });
    let staff = json!({ "code": admin.post("/api/invitations", &staff).await?.ok()?["code"] });
    ensure!(
        daughter.post("/api/me/grants", &staff).await?.is_problem(422),
        "it is for an account of its own"
    );
    let joined = platform.log_in("auditor").await?.list("/api/audit?action=join&username=daughter").await?;
    ensure!(joined.len() == 3, "each is on record: {joined:?}");
    Ok(())
}
