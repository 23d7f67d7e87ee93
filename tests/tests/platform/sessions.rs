//! Sessions: seen and ended from afar, locked and unlocked, with codes, with a password to be changed.

use crate::clock_steps::WallClock;
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use tests::{Account, Answer, Live, PATIENCE, Platform, account::PASSWORD, account::try_log_in, clock};

const OWN_WORDS: &str = "correct horse battery";

async fn log_in(platform: &Platform, body: &Value) -> Result<Answer> {
    Answer::of(reqwest::Client::new().post(format!("{}/api/session", platform.at.http)).json(body)).await
}

#[tokio::test]
async fn sessions_are_seen_and_ended_from_afar() -> Result<()> {
    let platform = Platform::start().await?;
    let (desk, home) = (platform.log_in("operator").await?, platform.log_in("operator").await?);
    let screen = Live::open(&home, None).await?;
    let sessions = desk.list("/api/sessions?").await?;
    ensure!(
        sessions.len() == 2 && sessions.iter().filter(|one| one["own"] == true).count() == 1,
        "{sessions:?}"
    );
    let other = sessions.iter().find(|one| one["own"] == false).context("the other")?;
    let path = format!("/api/sessions/{}", other["id"].as_str().context("an id")?);
    ensure!(platform.log_in("operator2").await?.delete(&path).await?.is_problem(404), "not theirs to end");
    ensure!(desk.delete(&path).await?.status == 204);
    ensure!(home.get("/api/me").await?.is_problem(401));
    screen.frames.find("the end of the screen", PATIENCE, |frame| frame.value["code"] == 4001).await?;
    ensure!(desk.get("/api/me").await?.status == 200);

    ensure!(desk.get("/api/sessions?username=*").await?.is_problem(403));
    let supervisor = platform.log_in("supervisor").await?;
    ensure!(supervisor.list("/api/sessions?username=*").await?.len() >= 3);
    ensure!(supervisor.delete("/api/users/operator/sessions").await?.status == 204);
    ensure!(desk.get("/api/me").await?.is_problem(401));
    Ok(())
}

#[tokio::test]
async fn a_locked_screen_says_that_something_is_up_and_not_who() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let screen = Live::open(&operator, None).await?;
    platform.handset("demo-0005").await?.press("before", "b", 1).await?;
    let (incident, _) = screen.press("before").await?;
    let name = incident["resident"]["name"].as_str().context("a name")?.to_owned();
    ensure!(operator.post("/api/session/lock", &json!({})).await?.status == 204);
    let veiled = screen
        .frames
        .find("a veiled screen", PATIENCE, |frame| {
            let shown = &frame.value["incidents"][0];
            frame.value["type"] == "snapshot" && shown.is_object() && shown["resident"].is_null()
        })
        .await?;
    ensure!(veiled.value["incidents"][0]["sounding"] == true, "it goes on sounding: {}", veiled.value);
    let handset = platform.handset("demo-0006").await?;
    handset.publish("fix", tests::handset::fix("b", 1).to_string()).await?;
    handset.press("meanwhile", "b", 2).await?;
    let new = screen
        .frames
        .find("a new one", PATIENCE, |frame| {
            frame.value["type"] == "incident" && frame.value["incident"]["id"] != incident["id"]
        })
        .await?;
    let told = new.value.to_string();
    ensure!(
        new.value["incident"]["severity"] == "life"
            && !told.contains("demo-0006")
            && !told.contains("r-0006"),
        "{told}"
    );
    ensure!(!veiled.value.to_string().contains(&name), "{}", veiled.value);
    for path in ["/api/incidents", "/api/residents/r-0005", "/api/codes"] {
        let answer = operator.get(path).await?;
        ensure!(answer.is_problem(423), "{path}: {answer:?}");
    }
    ensure!(operator.get("/api/me").await?.ok()?["locked"] == true);
    for wrong in [
        json!({ "password": "not it" }),
        json!({ "password": PASSWORD, "supervisor": "operator2" }),
        json!({ "password": "not it", "supervisor": "supervisor" }),
    ] {
        ensure!(operator.post("/api/session/unlock", &wrong).await?.is_problem(403), "{wrong}");
    }
    let by = json!({ "password": PASSWORD, "supervisor": "supervisor" });
    ensure!(operator.post("/api/session/unlock", &by).await?.status == 204);
    screen
        .frames
        .find("an open screen", PATIENCE, |frame| {
            frame.value["type"] == "snapshot"
                && frame.value.to_string().contains(&name)
                && frame.value.to_string().contains("demo-0006")
        })
        .await?;
    ensure!(operator.get("/api/residents/r-0005").await?.status == 200);
    Ok(())
}

#[tokio::test]
async fn guessing_at_the_lock_is_slowed_down_and_on_record() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    ensure!(operator.post("/api/session/lock", &json!({})).await?.status == 204);
    let unlock =
        async |password: &str| operator.post("/api/session/unlock", &json!({ "password": password })).await;
    for nth in 0..5 {
        let refused = unlock("not it").await?;
        ensure!(refused.is_problem(403), "{nth}: {refused:?}");
    }
    let slowed = unlock(PASSWORD).await?;
    ensure!(slowed.is_problem(429) && slowed.body["code"] == "throttled", "{slowed:?}");
    ensure!(operator.get("/api/me").await?.ok()?["locked"] == true, "failures end no session");
    let rows = platform.log_in("auditor").await?;
    let rows = rows.list("/api/audit?action=password_refused&username=operator").await?;
    ensure!(rows.len() == 5, "{rows:?}");
    Ok(())
}

/// In a centre that shares one address anybody may mistype a name; who sits before a locked desk is not held up by it.
#[tokio::test]
async fn wrong_passwords_from_the_same_address_keep_no_desk_locked() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    for username in ["operator", "supervisor"] {
        for nth in 0..5 {
            let refused = try_log_in(&platform.at.http, username, "not it").await?;
            ensure!(refused.is_problem(401), "{username} {nth}: {refused:?}");
        }
        let slowed = try_log_in(&platform.at.http, username, PASSWORD).await?;
        ensure!(slowed.is_problem(429), "{username}: {slowed:?}");
    }
    for unlocking in
        [json!({ "password": PASSWORD }), json!({ "password": PASSWORD, "supervisor": "supervisor" })]
    {
        ensure!(operator.post("/api/session/lock", &json!({})).await?.status == 204);
        let unlocked = operator.post("/api/session/unlock", &unlocking).await?;
        ensure!(unlocked.status == 204, "{unlocking}: {unlocked:?}");
    }
    let guess = json!({ "password": "not it", "supervisor": "supervisor" });
    for nth in 0..5 {
        ensure!(operator.post("/api/session/unlock", &guess).await?.is_problem(403), "{nth}");
    }
    ensure!(
        operator.post("/api/session/unlock", &guess).await?.is_problem(429),
        "guessing at the desk itself"
    );
    Ok(())
}

/// The code of so many steps after now, by another program. A code is taken a step early and a step late.
pub(crate) async fn code(secret: &str, step: i64) -> Result<String> {
    let script = "import base64,hashlib,hmac,struct,sys,time\n\
        k=base64.b32decode(sys.argv[1]+'='*(-len(sys.argv[1])%8))\n\
        h=hmac.new(k,struct.pack('>Q',int(time.time())//30+int(sys.argv[2])),hashlib.sha1).digest()\n\
        o=h[19]&15\n\
        print('%06d'%((struct.unpack('>I',h[o:o+4])[0]&0x7fffffff)%1000000))";
    let said = tokio::process::Command::new("python3")
        .args(["-c", script, secret, &step.to_string()])
        .output()
        .await?;
    ensure!(said.status.success(), "{said:?}");
    Ok(String::from_utf8(said.stdout)?.trim().to_owned())
}

#[tokio::test]
async fn a_second_factor_is_asked_for_and_used_once() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    ensure!(operator.post("/api/me/totp", &json!({ "password": "not it" })).await?.is_problem(403));
    let offer = operator.post("/api/me/totp", &json!({ "password": PASSWORD })).await?.ok()?;
    let secret = offer["secret"].as_str().context("a secret")?;
    ensure!(
        offer["otpauth"].as_str().is_some_and(|text| text.starts_with("otpauth://totp/JuJiaLe:operator?"))
    );
    ensure!(try_log_in(&platform.at.http, "operator", PASSWORD).await?.status == 200, "not confirmed yet");
    ensure!(operator.put("/api/me/totp", &json!({ "code": "000000" })).await?.is_problem(403));
    // Three codes are taken in one step; it is begun where there is time for that.
    let is_early = || clock::now().as_second() % 30 < 15;
    tests::until("a step that has begun", PATIENCE * 2, async || Ok(is_early().then_some(()))).await?;
    let first = code(secret, -1).await?;
    ensure!(operator.put("/api/me/totp", &json!({ "code": first })).await?.status == 204);
    let without = try_log_in(&platform.at.http, "operator", PASSWORD).await?;
    ensure!(without.is_problem(401) && without.body["code"] == "code_required", "{without:?}");
    let with = |code: &str| json!({ "username": "operator", "password": PASSWORD, "code": code });
    let replayed = log_in(&platform, &with(&first)).await?;
    ensure!(replayed.is_problem(401) && replayed.body["code"] == "bad_code", "{replayed:?}");
    let wrong = json!({ "username": "operator", "password": "not it", "code": first });
    ensure!(log_in(&platform, &wrong).await?.body["code"] == "bad_credentials", "the password comes first");
    ensure!(operator.get("/api/me").await?.ok()?["second_factor"] == true, "failures end no session");
    let second = code(secret, 0).await?;
    ensure!(log_in(&platform, &with(&second)).await?.status == 200);
    let changed = operator.post("/api/me/password", &json!({ "old": PASSWORD, "new": OWN_WORDS })).await?;
    ensure!(changed.is_problem(403) && changed.body["code"] == "code_required", "{changed:?}");
    let take_off = async |code: &str| {
        let both = json!({ "password": PASSWORD, "code": code });
        Answer::of(operator.request(reqwest::Method::DELETE, "/api/me/totp").json(&both)).await
    };
    for (code, why) in [("", "code_required"), (second.as_str(), "bad_code")] {
        let refused = take_off(code).await?;
        ensure!(refused.is_problem(403) && refused.body["code"] == why, "{refused:?}");
    }
    ensure!(take_off(&code(secret, 1).await?).await?.status == 204);
    ensure!(try_log_in(&platform.at.http, "operator", PASSWORD).await?.status == 200);
    Ok(())
}

/// Whoever knows the password guesses at the code no faster for it.
#[tokio::test]
async fn codes_are_not_guessed_with_the_right_password() -> Result<()> {
    let platform = Platform::start().await?;
    let operator = platform.log_in("operator").await?;
    let offer = operator.post("/api/me/totp", &json!({ "password": PASSWORD })).await?.ok()?;
    ensure!(operator.put("/api/me/totp", &json!({ "code": "12345" })).await?.is_problem(403));
    let first = code(offer["secret"].as_str().context("a secret")?, 0).await?;
    ensure!(operator.put("/api/me/totp", &json!({ "code": first })).await?.status == 204);
    let guess = async || {
        let both = json!({ "password": PASSWORD, "code": "12345" });
        Answer::of(operator.request(reqwest::Method::DELETE, "/api/me/totp").json(&both)).await
    };
    for nth in 0..5 {
        let refused = guess().await?;
        ensure!(refused.is_problem(403) && refused.body["code"] == "bad_code", "{nth}: {refused:?}");
    }
    let slowed = guess().await?;
    ensure!(slowed.is_problem(429) && slowed.body["code"] == "throttled", "{slowed:?}");
    let without = try_log_in(&platform.at.http, "operator", PASSWORD).await?;
    ensure!(without.is_problem(401) && without.body["code"] == "code_required", "{without:?}");
    let auditor = platform.log_in("auditor").await?;
    for (action, count) in [
        ("offer_second_factor", 1),
        ("add_second_factor", 1),
        ("code_refused", 6),
        ("log_in_without_code", 1),
        ("remove_second_factor", 0),
    ] {
        let rows = auditor.list(&format!("/api/audit?action={action}&username=operator")).await?;
        ensure!(rows.len() == count, "{action}: {rows:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_password_is_changed_and_the_old_one_is_void() -> Result<()> {
    let platform = Platform::start().await?;
    let (desk, home) = (platform.log_in("operator").await?, platform.log_in("operator").await?);
    let change = |old: &str, new: &str| json!({ "old": old, "new": new });
    ensure!(desk.post("/api/me/password", &change("not it", OWN_WORDS)).await?.is_problem(403));
    for bad in ["short", "aaaaaaaaaaaaaaa", "i am operator forever", PASSWORD] {
        ensure!(desk.post("/api/me/password", &change(PASSWORD, bad)).await?.is_problem(422), "{bad}");
    }
    ensure!(desk.post("/api/me/password", &change(PASSWORD, OWN_WORDS)).await?.status == 204);
    ensure!(home.get("/api/me").await?.is_problem(401), "whoever was in with the old one is out");
    ensure!(desk.get("/api/me").await?.status == 200);
    ensure!(try_log_in(&platform.at.http, "operator", PASSWORD).await?.is_problem(401));
    ensure!(try_log_in(&platform.at.http, "operator", OWN_WORDS).await?.status == 200);
    Ok(())
}

#[tokio::test]
async fn who_is_shut_out_is_out_and_a_forgotten_password_is_replaced_by_a_link() -> Result<()> {
    let platform = Platform::start().await?;
    let (admin, operator) = (platform.log_in("admin").await?, platform.log_in("operator").await?);
    let shut = |disabled: bool| json!({ "disabled": disabled });
    ensure!(admin.put("/api/users/operator", &shut(true)).await?.ok()?["disabled_at"].is_string());
    ensure!(operator.get("/api/me").await?.is_problem(401));
    let refused = try_log_in(&platform.at.http, "operator", PASSWORD).await?;
    ensure!(refused.is_problem(403) && refused.body["code"] == "shut_out", "{refused:?}");
    ensure!(try_log_in(&platform.at.http, "operator", "not it").await?.body["code"] == "bad_credentials");
    ensure!(admin.put("/api/users/admin", &shut(true)).await?.is_problem(422), "not oneself");
    ensure!(admin.put("/api/users/operator", &shut(false)).await?.status == 200);
    let link = admin.post("/api/invitations", &json!({ "username": "operator" })).await?.ok()?;
    let path = format!("{}/api/join/{}", platform.at.http, link["code"].as_str().context("a code")?);
    let answer =
        Answer::of(reqwest::Client::new().post(path).json(&json!({ "password": OWN_WORDS }))).await?;
    let back = Account::let_in(&platform.at.http, "operator", answer)?;
    ensure!(back.get("/api/incidents").await?.status == 200);
    ensure!(try_log_in(&platform.at.http, "operator", PASSWORD).await?.is_problem(401));
    let users = admin.list("/api/users").await?;
    ensure!(
        users.iter().any(|user| user["username"] == "operator" && user["disabled_at"].is_null()),
        "{users:?}"
    );
    Ok(())
}

/// Where a role is asked for a second factor, its accounts do nothing before they have one.
#[tokio::test]
async fn a_role_may_be_asked_for_a_second_factor() -> Result<()> {
    let setup = tests::Setup {
        env: vec![("JJL_ACCOUNTS__SECOND_FACTOR_FOR".to_owned(), "[supervisor]".to_owned())],
        ..tests::Setup::default()
    };
    let platform = Platform::start_with(setup).await?;
    let (operator, supervisor) = (platform.log_in("operator").await?, platform.log_in("supervisor").await?);
    ensure!(operator.get("/api/me").await?.ok()?["must_add_second_factor"] == false);
    ensure!(operator.get("/api/incidents").await?.status == 200);
    ensure!(supervisor.get("/api/me").await?.ok()?["must_add_second_factor"] == true);
    let refused = supervisor.get("/api/incidents").await?;
    ensure!(refused.is_problem(403) && refused.body["code"] == "second_factor_required", "{refused:?}");
    ensure!(operator.post("/api/session/lock", &json!({})).await?.status == 204);
    let by = json!({ "password": PASSWORD, "supervisor": "supervisor" });
    let refused = operator.post("/api/session/unlock", &by).await?;
    ensure!(refused.is_problem(403) && refused.body["code"] == "second_factor_required", "{refused:?}");
    let offer = supervisor.post("/api/me/totp", &json!({ "password": PASSWORD })).await?.ok()?;
    let secret = offer["secret"].as_str().context("a secret")?;
    let first = code(secret, 0).await?;
    ensure!(supervisor.put("/api/me/totp", &json!({ "code": first })).await?.status == 204);
    ensure!(supervisor.get("/api/incidents").await?.status == 200);
    let by = json!({ "password": PASSWORD, "supervisor": "supervisor", "code": code(secret, 1).await? });
    ensure!(operator.post("/api/session/unlock", &by).await?.status == 204);
    Ok(())
}

/// A tab that is closed asks for nothing and logs nobody out: the server does.
#[tokio::test]
async fn what_is_left_at_a_desk_ends_overnight_and_a_relative_stays() -> Result<()> {
    const HOUR_S: i64 = 3_600;
    let wall = WallClock::right()?;
    let mut platform = Platform::start_with(wall.setup()?).await?;
    let (left, used) = (platform.log_in("operator").await?, platform.log_in("operator").await?);
    let (auditor, relative) = (platform.log_in("auditor").await?, platform.log_in("relative").await?);
    let is_in = async |account: &Account| anyhow::Ok(account.get("/api/me").await?.status == 200);
    for hours in [8, 16, 24] {
        platform.kill()?;
        wall.set(hours * HOUR_S)?;
        platform.restart().await?;
        ensure!(is_in(&used).await?, "in use, after {hours} h");
        ensure!(hours != 8 || is_in(&auditor).await?, "not yet");
    }
    ensure!(left.get("/api/me").await?.is_problem(401), "whoever opens that browser now is nobody");
    ensure!(auditor.get("/api/me").await?.is_problem(401));
    ensure!(is_in(&relative).await?);
    Ok(())
}

#[tokio::test]
async fn whoever_has_too_many_screens_up_loses_the_oldest_of_their_own() -> Result<()> {
    let env = vec![("JJL_HTTP__SCREENS_PER_ACCOUNT".to_owned(), "2".to_owned())];
    let platform = Platform::start_with(tests::Setup { env, ..tests::Setup::default() }).await?;
    let (desk, home) = (platform.log_in("operator").await?, platform.log_in("operator").await?);
    let on_duty = Live::open(&desk, None).await?;
    let first = Live::open(&home, None).await?;
    let second = Live::open(&home, None).await?;
    let is_over = |frame: &tests::live::Frame| frame.value["type"] == "closed";
    let end = first.frames.find("the end of the oldest", PATIENCE, is_over).await?;
    ensure!(end.value["code"] == 4009, "{}", end.value);
    platform.handset("demo-0007").await?.press("still seen", "b", 1).await?;
    on_duty.press("still seen").await?;
    second.press("still seen").await?;
    ensure!(Live::open(&platform.log_in("operator2").await?, None).await.is_ok(), "another account");
    Ok(())
}
