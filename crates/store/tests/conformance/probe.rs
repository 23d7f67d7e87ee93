//! The platform's own presses: drills without a window, in no list, and only the newest kept.

use incident::Command;
use store::{
    BindHandset, CommitDesk, ForgetProbes, IncidentFilter, JobError, PROBE, PrepareProbe, TakeLease,
    TakenPress,
};

use super::placing::Unread;
use crate::common::{
    House,
    made::{at, change, claim, closing, handset, move_in, press, resident, take},
};

fn prepared() -> PrepareProbe {
    PrepareProbe { secret_hash: "-".to_owned(), lease: None }
}

/// A press goes through the desk to its end; gives its incident.
async fn drill(house: &House, name: &str, second: i64) -> model::IncidentId {
    let taken = house.write(take(PROBE, press(name), at(second))).await;
    assert!(matches!(taken, TakenPress::New(_)), "{taken:?}");
    let (from, mut unread) = house.write(Unread(1)).await;
    let one = unread.pop().unwrap();
    assert!(one.is_drill && one.open.is_none(), "{one:?}");
    let opened = change(None, &Command::Drill(Box::new(one.signal)), at(second));
    let cursor = Some(store::CursorMove { name: "desk", from, to: one.row });
    house.write(CommitDesk { changes: vec![opened.clone()], cursor, ..CommitDesk::default() }).await;
    assert_eq!(house.store.open_probe().await.unwrap().map(|open| open.id), Some(opened.incident.id.clone()));
    let claimed = claim(&opened.incident, "platform", at(second));
    let ended = closing(&claimed.incident, at(second));
    for change in [claimed, ended] {
        house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
    }
    opened.incident.id
}

pub(crate) async fn a_probe_is_a_drill_that_nobody_sees(house: &House) {
    house.write(prepared()).await;
    house.write(prepared()).await;
    let (first, second) = (drill(house, "a", 1).await, drill(house, "b", 2).await);
    assert_eq!(house.store.open_probe().await.unwrap(), None);
    for filter in [IncidentFilter::Open, IncidentFilter::Closed, IncidentFilter::All] {
        assert!(house.store.incidents(filter, None, None, 10).await.unwrap().whole.is_empty(), "{filter:?}");
    }
    assert!(house.store.handsets("", None, "", 10, at(3)).await.unwrap().is_empty());
    house.write(ForgetProbes { keep: second.clone() }).await;
    assert_eq!(house.store.incident(&first).await.unwrap(), None);
    assert!(house.store.incident_events(&first).await.unwrap().is_empty());
    assert!(house.store.incident(&second).await.unwrap().is_some());
    let taken = house.write(take(PROBE, press("a"), at(4))).await;
    assert!(matches!(taken, TakenPress::New(_)), "what it was told from is forgotten too");
    let taken = house.write(take(PROBE, press("b"), at(5))).await;
    assert_eq!(taken, TakenPress::Repeat);
}

pub(crate) async fn a_handset_that_somebody_carries_is_no_probe(house: &House) {
    move_in(house, "r1", "h1", at(0)).await;
    house.write(prepared()).await;
    house.write(BindHandset { handset: handset(PROBE), resident: resident("r1"), from: at(1) }).await;
    let refused = house.store.write(prepared()).await;
    assert!(matches!(refused, Err(JobError::Broken(_))), "{refused:?}");
}

/// Of two processes only the one whose turn it is gives the probe a secret: the other's would close the door to it.
pub(crate) async fn a_probe_is_prepared_by_whose_turn_it_is(house: &House) {
    let take = |holder: &str, now: i64| TakeLease {
        name: "heartbeat",
        holder: holder.to_owned(),
        now: at(now),
        until: at(now + 10),
    };
    let prepare = |secret: &str, lease| PrepareProbe { secret_hash: secret.to_owned(), lease: Some(lease) };
    let first = house.write(take("a", 0)).await.expect("free");
    house.write(prepare("of a", first)).await;
    let second = house.write(take("b", 19)).await.expect("it has ended");
    house.write(prepare("of b", second)).await;
    let late = house.store.write(prepare("of a", first)).await;
    assert!(matches!(late, Err(JobError::Conflict)), "{late:?}");
    let known = house.store.credential(&handset(PROBE)).await.unwrap().unwrap();
    assert_eq!(known.secret_hash, "of b");
}
