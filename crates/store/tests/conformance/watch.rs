//! What is watched by, what is remembered, and what follows from a fall report.

use crate::accounts::consent;
use crate::common::{
    House,
    made::{at, audit, handset, move_in, resident, signal},
    soon,
};
use geofence::falls::{Assessment, Window, Worn, assess, episode::Reply};
use geofence::habits::Habits;
use geofence::{Policy, fence::FenceEntry, zone::ZoneEntry};
use incident::Return;
use model::{SignalId, SignedDuration};
use protocol::decode_fall;
use serde_json::json;
use store::{
    AddConsent, AnswerFall, Consent, EndFence, EndLease, EndQuestions, EndZone, FenceReturn, ForgetHabits,
    JobError, KeepQuestions, KeepStates, Places, PutFence, PutHabits, PutPolicy, PutZone, PutZones,
    RaiseSignals, Settle, StoredHabits, StoredState, TakeFall, TakeLease, TakeMessage, WatchPolicy,
    WithdrawConsent, asked_about,
};

fn fence(radius_m: u32, armed: bool) -> FenceEntry {
    serde_json::from_value(json!({
        "id": "f1", "name": "家", "kind": "safe", "armed": armed, "schedule": [], "dwell_s": 30.0, "home_by": ["18:00"],
        "shape": {"type": "Circle", "center": [118.2757, 33.9624], "radius_m": radius_m},
    }))
    .unwrap()
}

fn put(entry: FenceEntry, from_version: Option<i64>) -> PutFence {
    PutFence {
        resident: resident("r1"),
        entry,
        from_version,
        at: at(1),
        audit: vec![audit("put_fence", at(1))],
    }
}

pub(crate) async fn a_fence_is_entered_changed_and_ended(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    assert!(
        house.store.watched(None).await.unwrap().is_empty(),
        "without a fence and a policy nobody is watched"
    );
    assert_eq!(house.write(put(fence(200, true), None)).await, 1);
    let taken = house.store.write(put(fence(200, true), None)).await;
    assert!(matches!(taken, Err(JobError::Conflict)), "{taken:?}");
    let stored = house.store.fence("f1").await.unwrap().unwrap();
    assert_eq!((stored.entry, stored.version, stored.drawn), (fence(200, true), 1, 1));
    // Its edge stays where it was; then it is drawn anew.
    assert_eq!(house.write(put(fence(200, false), Some(1))).await, 2);
    assert_eq!(house.write(put(fence(300, false), Some(2))).await, 3);
    assert!(house.store.write(put(fence(400, false), Some(2))).await.is_err(), "somebody else was faster");
    let stored = house.store.fences(Some(&resident("r1"))).await.unwrap().remove(0);
    assert_eq!((stored.entry, stored.version, stored.drawn), (fence(300, false), 3, 3));
    let watched = house.store.watched(None).await.unwrap().remove(0);
    assert_eq!((watched.id.clone(), watched.carried.len()), (resident("r1"), 1));
    assert_eq!(watched.policy().policy.zones, Some(false));
    let end = || EndFence { resident: resident("r1"), fence: "f1".to_owned(), at: at(9), audit: Vec::new() };
    house.write(end()).await;
    assert!(house.store.write(end()).await.is_err(), "it has ended");
    assert_eq!(house.store.fences(None).await.unwrap(), []);
    let changes = soon("four changes", async || {
        let found = house.store.watch_changes_after(0, 10).await.unwrap();
        (found.len() == 4).then_some(found)
    })
    .await;
    assert!(changes.iter().all(|change| change.resident == Some(resident("r1"))));
    assert_eq!(house.ask("SELECT COUNT(*) FROM audit WHERE action = 'put_fence'").await, 3);
}

pub(crate) async fn zones_and_policies_have_versions(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    let zone = |name: &str| ZoneEntry {
        id: "z1".to_owned(),
        name: Some(name.to_owned()),
        kind: None,
        shape: json!({"type": "Circle", "center": [118.2, 33.9], "radius_m": 50}),
        dwell_s: None,
    };
    let put = |name, from_version| PutZone { entry: zone(name), from_version, at: at(1), audit: Vec::new() };
    assert_eq!(house.write(put("河", None)).await, 1);
    assert_eq!(house.write(put("运河", Some(1))).await, 2);
    assert!(house.store.write(put("湖", Some(1))).await.is_err());
    assert_eq!(house.store.zones().await.unwrap().remove(0).entry, zone("运河"));
    house.write(EndZone { zone: "z1".to_owned(), at: at(2), audit: Vec::new() }).await;
    assert_eq!(house.store.zones().await.unwrap(), []);

    let policy = WatchPolicy {
        policy: Policy { dementia: true, ..Policy::default() },
        heartbeat_s: Some(300.0),
        worn: Some(Worn::Wrist),
    };
    let put = |from_version| PutPolicy {
        resident: resident("r1"),
        policy,
        from_version,
        at: at(1),
        audit: Vec::new(),
    };
    assert_eq!(house.store.worn(&handset("h1")).await.unwrap(), None);
    assert_eq!(house.write(put(0)).await, 1);
    assert!(house.store.write(put(0)).await.is_err(), "there is one");
    assert_eq!(house.write(put(1)).await, 2);
    assert_eq!(house.store.policy(&resident("r1")).await.unwrap().map(|stored| stored.policy), Some(policy));
    assert_eq!(house.store.worn(&handset("h1")).await.unwrap(), Some(Worn::Wrist));
    assert_eq!(house.store.watched(Some(&resident("r1"))).await.unwrap()[0].policy(), policy);
}

pub(crate) async fn zones_are_brought_in_all_or_none(house: &House) {
    let zone = |id: &str, name: &str| ZoneEntry {
        id: id.to_owned(),
        name: Some(name.to_owned()),
        kind: None,
        shape: json!({"type": "Circle", "center": [118.2, 33.9], "radius_m": 50}),
        dwell_s: None,
    };
    let put = |zones| PutZones { zones, at: at(1), audit: vec![audit("add_zone", at(1))] };
    house.write(put(vec![(zone("z1", "河"), None), (zone("z2", "湖"), None)])).await;
    // One is taken, and one was changed by somebody else: of either nothing is written.
    for zones in [
        vec![(zone("z3", "塘"), None), (zone("z1", "江"), None)],
        vec![(zone("z1", "江"), Some(1)), (zone("z2", "塘"), Some(7))],
    ] {
        let refused = house.store.write(put(zones)).await;
        assert!(matches!(refused, Err(JobError::Conflict)), "{refused:?}");
    }
    house.write(put(vec![(zone("z1", "江"), Some(1))])).await;
    let stored = house.store.zones().await.unwrap();
    let stored: Vec<_> = stored.iter().map(|one| (one.entry.name.as_deref(), one.version)).collect();
    assert_eq!(stored, [(Some("江"), 2), (Some("湖"), 1)]);
    assert_eq!(house.ask("SELECT COUNT(*) FROM audit WHERE action = 'add_zone'").await, 2);
    assert_eq!(house.ask("SELECT COUNT(*) FROM watch_changes").await, 2);
}

/// Who took the consent to tracking back keeps their fences on record, and is watched for what the handset says of itself alone.
pub(crate) async fn without_consent_nothing_is_watched_that_wants_positions(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    let said = WatchPolicy {
        policy: Policy { dementia: true, lives_alone: true, ..Policy::default() },
        heartbeat_s: Some(300.0),
        worn: Some(Worn::Wrist),
    };
    let policy =
        PutPolicy { resident: resident("r1"), policy: said, from_version: 0, at: at(1), audit: Vec::new() };
    house.write(policy).await;
    let remembered = async || {
        let state = StoredState {
            resident: resident("r1"),
            document: "{}".to_owned(),
            places: Places::default(),
            due: Some(at(90)),
        };
        house.write(KeepStates { states: vec![state], ..KeepStates::default() }).await;
    };
    let consent = |id: &str| Consent { purpose: "tracking".to_owned(), ..consent(id) };
    let add = |id: &str| AddConsent { consent: consent(id), audit: Vec::new() };
    let withdraw =
        |id: &str| WithdrawConsent { id: id.to_owned(), at: at(9), by: String::new(), audit: Vec::new() };
    let stands = async |states: usize, changes: i64| {
        assert_eq!(house.store.watch_states(None).await.unwrap().len(), states);
        assert_eq!(house.ask("SELECT COUNT(*) FROM watch_changes").await, changes);
        house.store.watched(None).await.unwrap().remove(0)
    };
    remembered().await;
    house.write(add("t1")).await;
    house.write(add("t2")).await;
    house.write(withdraw("t1")).await;
    let watched = stands(1, 1).await;
    assert!(watched.is_tracked && watched.in_force() == said, "another one stands, and nothing has changed");
    house.write(withdraw("t2")).await;
    let watched = stands(0, 2).await;
    assert_eq!((watched.is_tracked, watched.policy()), (false, said), "what was said stays");
    let WatchPolicy { policy, heartbeat_s, worn } = watched.in_force();
    let wants = [
        policy.watches_zones(),
        policy.watches_wandering(),
        policy.watches_habits(),
        policy.watches_inactivity(),
    ];
    assert_eq!((wants, heartbeat_s, worn), ([false; 4], None, Some(Worn::Wrist)));
    remembered().await;
    house.write(add("t3")).await;
    assert_eq!(stands(0, 3).await.in_force(), said, "watched anew");
}

pub(crate) async fn a_signal_is_raised_once_with_its_state(house: &House) {
    assert_eq!(house.store.watch_places().await.unwrap(), None);
    let places = |fix| Places { fix, message: 2, signal: 3 };
    let state = |fix| StoredState {
        resident: resident("r1"),
        document: format!("{{\"at\":{fix}}}"),
        places: places(fix),
        due: Some(at(90)),
    };
    let raise = |fix| RaiseSignals {
        signals: vec![signal("one", Some("r1"), "h1", at(5))],
        returns: Vec::new(),
        states: vec![state(fix)],
        at: at(6),
        lease: None,
    };
    house.write(raise(1)).await;
    house.write(raise(2)).await;
    assert_eq!(house.ask("SELECT COUNT(*) FROM signals").await, 1);
    assert_eq!(house.store.watch_states(None).await.unwrap(), [state(2)]);
    let keep = KeepStates { states: vec![state(7)], cursors: Some(places(4)), at: Some(at(7)), lease: None };
    house.write(keep).await;
    assert_eq!(house.store.watch_states(Some(&resident("r1"))).await.unwrap(), [state(7)]);
    assert_eq!(house.store.watch_places().await.unwrap(), Some(places(4)));
    let pressed =
        soon("the log of presses", async || house.store.presses_after(0, 9).await.unwrap().pop()).await;
    assert_eq!(pressed.resident, Some(resident("r1")));
}

pub(crate) async fn of_two_who_want_a_lease_one_has_it(house: &House) {
    let take = |holder: &str, now: i64| TakeLease {
        name: "watch",
        holder: holder.to_owned(),
        now: at(now),
        until: at(now + 10),
    };
    let first = house.write(take("a", 0)).await.expect("free");
    assert_eq!(house.write(take("b", 5)).await, None, "it is held");
    assert_eq!(house.write(take("a", 8)).await, Some(first), "renewed, also after a restart");
    let keep = |lease| KeepStates { lease: Some(lease), ..KeepStates::default() };
    house.write(keep(first)).await;
    let second = house.write(take("b", 19)).await.expect("it has ended");
    assert_eq!(second.epoch, first.epoch + 1);
    let late = house.store.write(keep(first)).await;
    assert!(matches!(late, Err(JobError::Conflict)), "what the old holder still writes is refused: {late:?}");
    house.write(keep(second)).await;
    house.write(EndLease(second)).await;
    assert!(house.write(take("a", 20)).await.is_some(), "nobody waits for one that was let go");
}

pub(crate) async fn a_return_is_told_once_and_habits_are_forgotten(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    let back = FenceReturn {
        resident: resident("r1"),
        of: Return {
            id: SignalId::from_cause("fence_return", &["r1"]),
            fence: Some("f1".to_owned()),
            zone: None,
            since: at(3),
            why: "回到「家」".to_owned(),
        },
        at: at(5),
    };
    for _ in 0..2 {
        let returns = vec![back.clone()];
        house
            .write(RaiseSignals { signals: Vec::new(), returns, states: Vec::new(), at: at(6), lease: None })
            .await;
    }
    let told = soon("the return", async || house.store.returns_after(0, 9).await.unwrap().pop()).await;
    assert_eq!((told.resident, told.of), (resident("r1"), back.of));
    assert_eq!(house.ask("SELECT COUNT(*) FROM fence_returns").await, 1);

    let learned = |version, through_day| StoredHabits {
        resident: resident("r1"),
        habits: Habits::default(),
        through_day,
        version,
    };
    house.write(PutHabits { learned: learned(0, 20_000) }).await;
    assert!(house.store.write(PutHabits { learned: learned(0, 20_001) }).await.is_err(), "learned meanwhile");
    house.write(PutHabits { learned: learned(1, 20_001) }).await;
    let forget = ForgetHabits {
        resident: resident("r1"),
        near: None,
        today: 20_050,
        audit: vec![audit("forget_habits", at(9))],
    };
    house.write(forget).await;
    let kept = house.store.habits(Some(&resident("r1"))).await.unwrap().remove(0);
    assert_eq!((kept.through_day, kept.version), (20_050, 3), "the past is not learned again");
    assert_eq!(house.ask("SELECT COUNT(*) FROM audit WHERE action = 'forget_habits'").await, 1);
}

/// A window in which nobody falls.
fn weak() -> Assessment {
    let xyz: Vec<[f64; 3]> =
        (0..500).map(|tick| [0.0, 30.0 * f64::from(tick % 7), 1_000.0 + f64::from(tick % 5)]).collect();
    let assessment = assess(&Window { hz: 50.0, unit: "mg", xyz: &xyz }, Worn::Waist);
    assert!(assessment.probability().is_some_and(|probability| probability < 0.5), "{assessment:?}");
    assessment
}

fn fall(id: &str, second: i64) -> TakeFall {
    let bytes =
        format!(r#"{{"fall_id":"{id}","boot":"b","seq":{second},"at":"2026-11-23T08:00:00Z","fix":null}}"#);
    TakeFall {
        handset: handset("h1"),
        fall: decode_fall(bytes.as_bytes(), at(second)).message,
        payload: bytes.into_bytes(),
        assessment: weak(),
        answer_within: SignedDuration::from_secs(60),
        clock_ahead: None,
        last_known: None,
        received_at: at(second),
    }
}

async fn raised(house: &House) -> i64 {
    house.ask("SELECT COUNT(*) FROM signals WHERE kind = 'fall'").await
}

pub(crate) async fn a_weak_fall_waits_for_an_answer(house: &House) {
    move_in(house, "r1", "h1", at(-90_000)).await;
    let first = house.write(fall("one", 10)).await.unwrap();
    assert_eq!(house.write(fall("one", 10)).await, None, "a repeat asks nobody");
    let asked = house.store.waiting(&handset("h1"), 0, 9, at(11)).await.unwrap();
    let command: serde_json::Value = serde_json::from_str(&asked[0].payload).unwrap();
    assert_eq!((asked.len(), command["kind"].as_str()), (1, Some("ask")));
    assert_eq!(asked_about(command["command_id"].as_str().unwrap()), Some(first.id.clone()));
    assert_eq!(
        house.store.waiting(&handset("h1"), 0, 9, at(70)).await.unwrap(),
        [],
        "it expires with the question"
    );
    assert_eq!(raised(house).await, 0);
    let answer = |from: &str, is_well| AnswerFall {
        message: TakeMessage {
            handset: handset(from),
            kind: "answer",
            identity: None,
            payload: b"{}".to_vec(),
            received_at: at(20),
        },
        signal: first.id.clone(),
        is_well,
    };
    house.write(answer("h2", false)).await;
    assert_eq!(raised(house).await, 0, "another handset's word does not count");
    house.write(answer("h1", true)).await;
    house.write(EndQuestions { now: at(200) }).await;
    assert_eq!(raised(house).await, 0, "they are well");
    let timeline = house.store.fall_reports(&resident("r1"), 9).await.unwrap().remove(0);
    assert_eq!((timeline.raised, timeline.reply, timeline.answer_by), (false, Some(Reply::Well), None));
    // A no.
    let second = house.write(fall("two", 300)).await.unwrap();
    house.write(AnswerFall { signal: second.id, ..answer("h1", false) }).await;
    assert_eq!(raised(house).await, 1);
}

pub(crate) async fn silence_raises_a_weak_fall(house: &House) {
    move_in(house, "r1", "h1", at(-90_000)).await;
    // Heard and not answered.
    house.write(fall("heard", 10)).await;
    let asked = house.store.waiting(&handset("h1"), 0, 9, at(11)).await.unwrap();
    house.write(Settle { handset: handset("h1"), row: asked[0].row, at: at(12) }).await;
    house.write(KeepQuestions { by: SignedDuration::from_secs(5) }).await;
    assert!(!house.store.are_questions_due(at(64)).await.unwrap());
    assert!(house.store.are_questions_due(at(65)).await.unwrap(), "the clock went back by five seconds");
    assert!(house.write(EndQuestions { now: at(65) }).await);
    assert!(!house.write(EndQuestions { now: at(65) }).await);
    // Never delivered.
    house.write(fall("unheard", 100)).await;
    house.write(EndQuestions { now: at(160) }).await;
    assert_eq!(raised(house).await, 2);
    let reports = house.store.fall_reports(&resident("r1"), 9).await.unwrap();
    let because: Vec<_> = reports.iter().map(|report| report.because.as_deref().unwrap()).collect();
    assert_eq!(because, ["fall/not_reached", "fall/no_answer"]);
    let evidence = reports[1].signal.evidence.as_deref().unwrap();
    assert!(evidence.probability.is_some() && evidence.why.contains("没有回答"), "{evidence:?}");
    assert_eq!(
        house.write(store::RemoveOldMessages { before: at(150) }).await,
        6,
        "two messages, two reports, two questions"
    );
}
