//! What is watched by, and what is remembered.

use crate::accounts::consent;
use crate::common::{
    House,
    made::{at, audit, change, claim, handset, move_in, opening, person, press, resident, signal, take},
    soon,
};
use geofence::habits::Habits;
use geofence::{Policy, Worn, fence::FenceEntry, zone::ZoneEntry};
use incident::{Command, Return};
use model::{Evidence, Signal, SignalId, SignalKind, SignedDuration};
use serde_json::json;
use store::{
    AddConsent, AddResident, ChangeResident, ClockStep, CommitDesk, Consent, EndFence, EndLease, EndZone,
    FenceReturn, ForgetHabits, JobError, KeepStates, KeepWatch, Places, PutFence, PutHabits, PutPolicy,
    PutZone, PutZones, RaiseSignals, Resident, Snoozed, StoredHabits, StoredState, TakeLease, WatchPolicy,
    WithdrawConsent,
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
    assert!(!watched.policy().policy.watches_zones(), "nothing on record says that they lose the way");
    let end = || EndFence { resident: resident("r1"), fence: "f1".to_owned(), at: at(9), audit: Vec::new() };
    house.write(end()).await;
    assert!(house.store.write(end()).await.is_err(), "it has ended");
    assert_eq!(house.store.fences(None).await.unwrap(), []);
    let ever = house.store.fences_ever(&resident("r1")).await.unwrap();
    assert_eq!(ever.iter().map(|fence| fence.ended_at).collect::<Vec<_>>(), [Some(at(9))]);
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
    house.write(put("河", None)).await;
    house.write(put("运河", Some(1))).await;
    assert!(house.store.write(put("湖", Some(1))).await.is_err());
    assert_eq!(house.store.zones().await.unwrap().remove(0).entry, zone("运河"));
    house.write(EndZone { zone: "z1".to_owned(), at: at(2), audit: Vec::new() }).await;
    assert_eq!(house.store.zones().await.unwrap(), []);

    let policy = WatchPolicy {
        policy: Policy { dementia: true, ..Policy::default() },
        heartbeat_s: Some(300.0),
        worn: Some(Worn::Wrist),
        companions: vec![handset("daughter"), handset("son")],
    };
    let put = |from_version| PutPolicy {
        resident: resident("r1"),
        policy: policy.clone(),
        from_version,
        at: at(1),
        audit: Vec::new(),
    };
    assert_eq!(house.store.worn(&handset("h1")).await.unwrap(), None);
    assert_eq!(house.write(put(0)).await, 1);
    assert!(house.store.write(put(0)).await.is_err(), "there is one");
    assert_eq!(house.write(put(1)).await, 2);
    let stored = house.store.policy(&resident("r1")).await.unwrap().unwrap();
    assert_eq!(stored.policy, policy);
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
    house.write(EndZone { zone: "z1".to_owned(), at: at(2), audit: Vec::new() }).await;
    assert_eq!(house.store.zones().await.unwrap().len(), 1);
    house.write(put(vec![(zone("z1", "江"), None)])).await;
    let stored = house.store.zones().await.unwrap();
    let stored: Vec<_> = stored.iter().map(|one| (one.entry.name.as_deref(), one.version)).collect();
    assert_eq!(stored, [(Some("江"), 3), (Some("湖"), 1)], "what is in its register again is there again");
    assert_eq!(house.ask("SELECT COUNT(*) FROM audit WHERE action = 'add_zone'").await, 3);
    assert_eq!(house.ask("SELECT COUNT(*) FROM watch_changes").await, 4);
}

/// An edge that is drawn is newer than all that were drawn before, also of zones that were taken away; a new name is none.
pub(crate) async fn zones_count_their_drawings(house: &House) {
    let zone = |id: &str, name: &str, radius_m: u32| ZoneEntry {
        id: id.to_owned(),
        name: Some(name.to_owned()),
        kind: None,
        shape: json!({"type": "Circle", "center": [118.2, 33.9], "radius_m": radius_m}),
        dwell_s: None,
    };
    let put = |entry, from_version| PutZone { entry, from_version, at: at(1), audit: Vec::new() };
    let drawn =
        async || -> Vec<i64> { house.store.zones().await.unwrap().iter().map(|zone| zone.drawn).collect() };
    house.write(put(zone("z1", "河", 50), None)).await;
    house.write(put(zone("z2", "湖", 50), None)).await;
    assert_eq!(drawn().await, [1, 2]);
    house.write(put(zone("z1", "运河", 50), Some(1))).await;
    assert_eq!(drawn().await, [1, 2]);
    let zones = vec![(zone("z1", "运河", 60), Some(2)), (zone("z3", "塘", 50), None)];
    house.write(PutZones { zones, at: at(1), audit: Vec::new() }).await;
    assert_eq!(drawn().await, [3, 2, 4]);
    house.write(EndZone { zone: "z3".to_owned(), at: at(2), audit: Vec::new() }).await;
    house.write(put(zone("z2", "湖", 60), Some(1))).await;
    assert_eq!(drawn().await, [3, 5]);
    house.write(put(zone("z3", "塘", 50), None)).await;
    assert_eq!(drawn().await, [3, 5, 6]);
}

/// Whoever may lose the way by their record is watched for zones, where nobody said anything; of all others what their handset says of
/// itself.
pub(crate) async fn the_record_says_whose_zones_are_watched(house: &House) {
    let keys = house.store.keys().clone();
    let put_right = async |id: &str, cognitive_impairment: bool| {
        let record = Resident { cognitive_impairment, ..person(id, "王秀英") };
        house.write(ChangeResident { resident: record, keys: keys.clone(), audit: Vec::new() }).await;
        house.store.watched(Some(&resident(id))).await.unwrap().pop()
    };
    move_in(house, "r1", "h1", at(0)).await;
    house
        .write(AddResident { resident: person("r2", "李建国"), keys: keys.clone(), audit: Vec::new() })
        .await;
    assert_eq!(put_right("r2", true).await, None, "there is no handset to watch");
    let watched = put_right("r1", false).await.expect("watched for the handset");
    let policy = watched.in_force().policy;
    let wants = [policy.watches_zones(), policy.watches_wandering(), policy.watches_inactivity()];
    assert_eq!((wants, watched.heartbeat_s(Some(3_600.0))), ([false; 3], Some(3_600.0)));
    let watched = put_right("r1", true).await.expect("watched by the record");
    let policy = watched.in_force().policy;
    let wants = [policy.watches_zones(), policy.watches_wandering(), policy.watches_inactivity()];
    assert_eq!((wants, watched.carried.len(), watched.policy), ([true, false, false], 1, None));
    assert_eq!(house.store.watched(None).await.unwrap().len(), 1);
    // What somebody says holds against the record.
    let said = WatchPolicy { policy: Policy { zones: Some(false), ..policy }, ..WatchPolicy::default() };
    let put =
        PutPolicy { resident: resident("r1"), policy: said, from_version: 0, at: at(1), audit: Vec::new() };
    house.write(put).await;
    let watched = house.store.watched(Some(&resident("r1"))).await.unwrap().remove(0);
    assert!(!watched.in_force().policy.watches_zones());
    let changes = soon("a change for each", async || {
        let found = house.store.watch_changes_after(0, 10).await.unwrap();
        (found.len() == 4).then_some(found)
    })
    .await;
    assert_eq!(changes.last().and_then(|change| change.resident.clone()), Some(resident("r1")));
}

/// A closing asks the watch for silence about every fence and every zone in the incident.
pub(crate) async fn what_is_snoozed_is_a_fence_or_a_zone(house: &House) {
    let about = |name: &str, fence: Option<&str>, zone: Option<&str>| {
        let (fence, zone) = (fence.map(str::to_owned), zone.map(str::to_owned));
        let mut told = signal(name, Some("r1"), "h1", at(5));
        told.kind = SignalKind::ZoneEntry;
        told.evidence = Some(Box::new(Evidence { fence, zone, ..Evidence::default() }));
        told
    };
    let opened = opening(about("one", Some("home"), None));
    let joins = Command::Signal(Box::new(about("two", None, Some("lake"))));
    let joined = change(Some(&opened.incident), &joins, at(6));
    let claimed = claim(&joined.incident, "anna", at(7));
    let close = Command::Close {
        by: "anna".to_owned(),
        role_may_override: false,
        cause: incident::CAUSES[0].code.to_owned(),
        outcome: incident::OUTCOMES[0].code.to_owned(),
        note: String::new(),
        snooze_until: Some(at(3_600)),
    };
    let closed = change(Some(&claimed.incident), &close, at(8));
    for change in [opened, joined, claimed, closed] {
        house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
    }
    let snoozes = soon("both", async || {
        let found = house.store.snoozes_after(0, 9).await.unwrap();
        (found.len() == 2).then_some(found)
    })
    .await;
    assert_eq!(house.store.held_snoozes(&resident("r1")).await.unwrap(), snoozes);
    let told: Vec<_> = snoozes.iter().map(|one| (&one.about, one.from, one.until)).collect();
    let [home, lake] = [Snoozed::Fence("home".to_owned()), Snoozed::Zone("lake".to_owned())];
    assert_eq!(told, [(&home, at(8), at(3_600)), (&lake, at(8), at(3_600))]);
    assert_eq!(house.store.snoozes_at(at(3_599)).await.unwrap(), snoozes);
    assert_eq!(house.store.snoozes_at(at(3_600)).await.unwrap(), []);
    for (from, to, count) in [(0, 8, 0), (0, 9, 2), (3_599, 9_000, 2), (3_600, 9_000, 0)] {
        let held = house.store.snoozes_between(at(from), at(to)).await.unwrap();
        assert_eq!(held.len(), count, "from {from} s to {to} s");
    }
    // By a clock that was set back they last as long as they would have.
    let by = SignedDuration::from_secs(1_000);
    house.write(KeepWatch { last_alive: at(1_500), by, states: Vec::new(), at: at(500) }).await;
    let moved = house.store.snoozes_at(at(2_599)).await.unwrap();
    assert_eq!(moved.len(), 2);
    assert!(moved.iter().all(|one| (one.from, one.until) == (at(8 - 1_000), at(2_600))), "{moved:?}");
}

/// Who took the consent to tracking back keeps their fences on record, and is watched for what the handset says of itself alone.
pub(crate) async fn without_consent_nothing_is_watched_that_wants_positions(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    let said = WatchPolicy {
        policy: Policy { dementia: true, lives_alone: true, ..Policy::default() },
        heartbeat_s: Some(300.0),
        worn: Some(Worn::Wrist),
        companions: vec![handset("daughter")],
    };
    let policy = PutPolicy {
        resident: resident("r1"),
        policy: said.clone(),
        from_version: 0,
        at: at(1),
        audit: Vec::new(),
    };
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
    assert_eq!((watched.is_tracked, watched.policy()), (false, said.clone()), "what was said stays");
    let WatchPolicy { policy, heartbeat_s, worn, companions } = watched.in_force();
    let wants = [
        policy.watches_zones(),
        policy.watches_wandering(),
        policy.watches_habits(),
        policy.watches_inactivity(),
    ];
    assert_eq!(
        (wants, heartbeat_s, worn),
        ([false; 4], Some(300.0), Some(Worn::Wrist)),
        "silence needs none"
    );
    assert_eq!(companions, [], "whose way nobody follows has no company either");
    remembered().await;
    house.write(add("t3")).await;
    assert_eq!(stands(0, 3).await.in_force(), said, "watched anew");
}

/// A start that ends on the way moves nothing twice, and what had arrived by then is known to be stamped by the clock before.
pub(crate) async fn what_the_watch_waits_for_is_moved_with_the_clock_once(house: &House) {
    house.write(take("h1", press("p-1"), at(3_500))).await;
    let state = |due: i64| StoredState {
        resident: resident("r1"),
        document: format!("{{\"at\":{due}}}"),
        places: Places::default(),
        due: Some(at(due)),
    };
    house.write(KeepStates { states: vec![state(4_000)], ..KeepStates::default() }).await;
    assert_eq!(house.store.clock_steps().await.unwrap(), []);
    let by = SignedDuration::from_secs(3_000);
    let moved = |due: i64| KeepWatch { last_alive: at(3_600), by, states: vec![state(due)], at: at(600) };
    assert!(house.write(moved(1_000)).await, "the first");
    assert!(!house.write(moved(900)).await, "and a start that begins anew");
    assert_eq!(house.store.watch_states(None).await.unwrap(), [state(1_000)]);
    let through = house.store.log_ends().await.unwrap();
    assert_eq!(house.store.clock_steps().await.unwrap(), [ClockStep { by, through }]);
    assert_eq!(through.signal, 1);
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
        soon("the log of presses", async || house.store.cries_after(0, 9).await.unwrap().pop()).await;
    assert_eq!((pressed.resident, pressed.fell_at), (Some(resident("r1")), None));
    // A fall is in it with its own time, and what is neither only with its place.
    for (name, kind) in [("fell", SignalKind::Fall), ("low", SignalKind::LowBattery)] {
        let signals = vec![Signal { kind, at: at(3), ..signal(name, Some("r1"), "h1", at(8)) }];
        let (returns, states) = (Vec::new(), Vec::new());
        house.write(RaiseSignals { signals, returns, states, at: at(8), lease: None }).await;
    }
    let cries = soon("three", async || {
        let found = house.store.cries_after(0, 9).await.unwrap();
        (found.len() == 3).then_some(found)
    })
    .await;
    let told: Vec<_> = cries.iter().map(|cry| (cry.resident.is_some(), cry.fell_at)).collect();
    assert_eq!(told, [(true, None), (true, Some(at(3))), (false, None)]);
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
    let told =
        soon("the return", async || house.store.returns_after(0, 9).await.unwrap().1.whole.pop()).await;
    assert_eq!(house.store.held_returns(&resident("r1")).await.unwrap(), std::slice::from_ref(&back));
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
