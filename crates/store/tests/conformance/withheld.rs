//! What is kept from a relative of an incident, and what becomes of that when incidents are put together or taken apart.

use access::Role;
use incident::{Command, Decision, Hand, Incident, Ladder, evolve, merge, split};
use model::{IncidentId, Remark, Signal, SignalKind};
use store::{Account, AddGrant, AddUser, CommitDesk, EndWithholding, IncidentChange, Withhold, Withholding};

use crate::common::{
    House,
    made::{at, change, claim, fix, move_in, opening, resident, signal},
};

/// Two residents, and their children, who see both.
async fn family(house: &House) {
    for (id, handset) in [("r1", "h1"), ("r2", "h2")] {
        move_in(house, id, handset, at(0)).await;
    }
    for username in ["son", "daughter"] {
        let account = Account::new(username, "家属", Role::Relative, "$argon2id$…".to_owned());
        house.write(AddUser { account, audit: Vec::new() }).await;
        for whom in ["r1", "r2"] {
            let (username, relation) = (username.to_owned(), String::new());
            house
                .write(AddGrant { username, resident: resident(whom), relation, consent: None, from: at(0) })
                .await;
        }
    }
}

async fn commit(house: &House, changes: Vec<IncidentChange>) {
    house.write(CommitDesk { changes, ..CommitDesk::default() }).await;
}

async fn opened(house: &House, signal: Signal) -> Incident {
    let change = opening(signal);
    let incident = change.incident.clone();
    commit(house, vec![change]).await;
    incident
}

async fn claimed(house: &House, incident: &Incident) -> Incident {
    let change = claim(incident, "operator", at(3));
    let incident = change.incident.clone();
    commit(house, vec![change]).await;
    incident
}

async fn keep(house: &House, id: &str, incident: &Incident) {
    let withholding = Withholding {
        id: id.to_owned(),
        username: "son".to_owned(),
        resident: incident.resident.clone().unwrap(),
        incident: Some(incident.id.clone()),
        reason: "家暴警情".to_owned(),
        from: at(2),
        by: "operator".to_owned(),
    };
    house.write(Withhold { withholding, audit: Vec::new() }).await;
}

fn hand(incident: &Incident) -> Hand<'_> {
    Hand { by: "operator", role_may_override: false, expected_version: Some(incident.version) }
}

/// What was decided, as the desk would commit it.
fn decided(before: Option<&Incident>, decision: Decision) -> IncidentChange {
    let mut after = before.cloned();
    for event in &decision.events {
        after = evolve(after.take(), event);
    }
    let signals = decision.events.iter().filter_map(|event| event.what.signal());
    IncidentChange {
        incident: after.unwrap(),
        base_version: before.map_or(0, |incident| incident.version),
        moved_signals: signals.map(|signal| signal.id.clone()).collect(),
        events: decision.events,
        signals: Vec::new(),
        outbox: Vec::new(),
        calls: Vec::new(),
    }
}

/// The incidents that are kept from an account.
async fn kept(house: &House, username: &str) -> Vec<IncidentId> {
    let withheld = house.store.withheld(username).await.unwrap();
    let mut kept: Vec<IncidentId> = withheld.into_iter().filter_map(|kept| kept.incident).collect();
    kept.sort();
    kept
}

fn sorted<const N: usize>(incidents: [&Incident; N]) -> Vec<IncidentId> {
    let mut ids: Vec<IncidentId> = incidents.iter().map(|incident| incident.id.clone()).collect();
    ids.sort();
    ids
}

/// Whichever of the two it was kept of, and whichever goes on.
pub(crate) async fn what_is_kept_of_one_is_kept_of_both_put_together(house: &House) {
    family(house).await;
    let known = opened(house, signal("a", Some("r1"), "h1", at(1))).await;
    let stranger = claimed(house, &opened(house, signal("b", None, "h9", at(1))).await).await;
    keep(house, "w1", &known).await;
    let merged = merge(&stranger, &known, hand(&stranger), &Ladder::default(), at(4)).unwrap();
    let goes_on = decided(Some(&stranger), merged.into);
    assert_eq!(goes_on.incident.resident, Some(resident("r1")), "it is about them now");
    commit(house, vec![decided(Some(&known), merged.from), goes_on]).await;
    let first = sorted([&known, &stranger]);
    assert_eq!(kept(house, "son").await, first);
    let all = house.store.withholdings(&resident("r1")).await.unwrap();
    let carried = all.iter().find(|one| one.incident.as_ref() == Some(&stranger.id)).unwrap();
    assert_eq!((carried.reason.as_str(), carried.by.as_str(), carried.from), ("家暴警情", "operator", at(2)));
    let end =
        EndWithholding { id: carried.id.clone(), at: at(5), by: "operator".to_owned(), audit: Vec::new() };
    house.write(end).await;
    assert_eq!(kept(house, "son").await, [known.id], "it ends by hand like any other");

    let known = claimed(house, &opened(house, signal("c", Some("r2"), "h2", at(1))).await).await;
    let stranger = opened(house, signal("d", None, "h8", at(1))).await;
    keep(house, "w2", &known).await;
    let merged = merge(&known, &stranger, hand(&known), &Ladder::default(), at(4)).unwrap();
    commit(house, vec![decided(Some(&stranger), merged.from), decided(Some(&known), merged.into)]).await;
    let of_r2: Vec<_> = house.store.withholdings(&resident("r2")).await.unwrap();
    let mut of_r2: Vec<IncidentId> = of_r2.into_iter().filter_map(|kept| kept.incident).collect();
    of_r2.sort();
    assert_eq!(of_r2, sorted([&known, &stranger]));
    assert_eq!(kept(house, "daughter").await, [], "nothing is kept from her");
}

pub(crate) async fn what_is_kept_of_one_is_kept_of_both_parts(house: &House) {
    family(house).await;
    let whole = opened(house, signal("a", Some("r1"), "h1", at(1))).await;
    let second = signal("b", Some("r1"), "h1", at(2));
    let joined = change(Some(&whole), &Command::Signal(Box::new(second.clone())), at(2));
    let whole = joined.incident.clone();
    commit(house, vec![joined]).await;
    let whole = claimed(house, &whole).await;
    keep(house, "w1", &whole).await;
    let parted = split(&whole, &[second.id], (None, None), hand(&whole), &Ladder::default(), at(4)).unwrap();
    let part = decided(None, parted.opened);
    let opened = part.incident.clone();
    commit(house, vec![part, decided(Some(&whole), parted.off)]).await;
    assert_eq!(kept(house, "son").await, sorted([&whole, &opened]));
    assert_eq!(kept(house, "daughter").await, []);

    // It turns out about whom the other part is: then it is theirs of which nothing is shown.
    let (by, resident_2) = ("operator".to_owned(), Some(resident("r2")));
    let identify = Command::Identify { by, resident: resident_2, handset: None };
    commit(house, vec![change(Some(&opened), &identify, at(5))]).await;
    let of_r2 = house.store.withholdings(&resident("r2")).await.unwrap();
    assert_eq!(of_r2.len(), 1, "{of_r2:?}");
    assert_eq!((of_r2[0].username.as_str(), of_r2[0].incident.as_ref()), ("son", Some(&opened.id)));
}

/// And where: both are from before it arrived.
pub(crate) async fn what_is_kept_begins_when_it_happened(house: &House) {
    family(house).await;
    for (id, handset) in [("r3", "h3"), ("r4", "h4"), ("r5", "h5")] {
        move_in(house, id, handset, at(0)).await;
    }
    let ago = |seconds: i64| at(5_000_000 - seconds);
    let made = |whom: &str| signal(whom, Some(whom), &whom.replace('r', "h"), ago(0));
    let placed = |whom: &str, seconds: i64| Signal { fix: Some(fix(ago(seconds))), ..made(whom) };
    for (what, signal, since) in [
        ("late, with its own place", Signal { at: ago(60), ..placed("r1", 70) }, ago(70)),
        (
            "the last place known before it is not where it was",
            Signal { at: ago(60), remarks: vec![Remark::LastKnown], ..placed("r2", 70) },
            ago(60),
        ),
        ("stamped after it came", Signal { at: ago(-60), ..made("r3") }, ago(0)),
        (
            "only the handset is not heard",
            Signal { kind: SignalKind::Silence, at: ago(60), ..made("r4") },
            ago(0),
        ),
        ("a place of long ago", Signal { at: ago(60), ..placed("r5", 40 * 86_400) }, ago(60)),
    ] {
        let incident = opened(house, signal).await;
        keep(house, what, &incident).await;
        let kept = house.store.withheld("son").await.unwrap();
        let kept = kept.into_iter().find(|kept| kept.incident.as_ref() == Some(&incident.id)).unwrap();
        assert_eq!((kept.since, kept.until), (since, None), "{what}");
    }
}

/// A caller who stands in plain in an incident of before goes with their signal, and is sealed where it goes.
pub(crate) async fn what_is_to_be_sealed_goes_with_its_signal(house: &House) {
    family(house).await;
    let before = opened(house, signal("a", Some("r1"), "h1", at(1))).await;
    let other = claimed(house, &opened(house, signal("b", None, "h9", at(1))).await).await;
    house.run(&format!("INSERT INTO callers_in_plain (incident_id) VALUES ('{}')", before.id)).await;
    let merged = merge(&other, &before, hand(&other), &Ladder::default(), at(4)).unwrap();
    commit(house, vec![decided(Some(&before), merged.from), decided(Some(&other), merged.into)]).await;
    let question = format!("SELECT COUNT(*) FROM callers_in_plain WHERE incident_id = '{}'", other.id);
    assert_eq!(house.ask(&question).await, 1);
}
