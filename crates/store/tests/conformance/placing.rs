//! What the desk reads within the transaction in which it places signals.

use async_trait::async_trait;
use model::IncidentId;
use store::{AddResident, CommitDesk, Connection, CursorMove, Job, JobError, Lane, TakeCall, UnreadSignal};

use crate::common::{
    House,
    made::{at, audit, claim, closing, opening, person, press, signal, take},
};

/// Reads what waits for the reader `desk`.
pub(crate) struct Unread(pub(crate) u32);

#[async_trait]
impl Job for Unread {
    type Output = (i64, Vec<UnreadSignal>);
    const LANE: Lane = Lane::Life;

    async fn run(&self, connection: &mut Connection) -> Result<Self::Output, JobError> {
        connection.unread_signals("desk", self.0).await
    }
}

/// Puts a signal about a resident into the log, as a call does that somebody entered.
async fn log(house: &House, name: &str, about: Option<&str>, from: &str) {
    let (keys, audit) = (house.store.keys().clone(), audit("call", at(1)));
    let job = TakeCall { signal: signal(name, about, from, at(1)), keys, audit, idempotency: None };
    house.write(job).await;
}

pub(crate) async fn signals_wait_with_the_open_case_they_belong_to(house: &House) {
    let resident = person("r1", "王秀英");
    house.write(AddResident { resident, keys: house.store.keys().clone(), audit: Vec::new() }).await;
    let about_resident = opening(signal("earlier", Some("r1"), "h1", at(0)));
    let about_handset = opening(signal("unbound", None, "h2", at(0)));
    let over = opening(signal("over", Some("r3"), "h3", at(0)));
    let claimed = claim(&over.incident, "operator", at(0));
    let ended = closing(&claimed.incident, at(1));
    for change in [about_resident.clone(), about_handset.clone(), over, claimed, ended] {
        house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
    }

    log(house, "a", Some("r1"), "h1").await;
    house.write(take("h2", press("b"), at(2))).await;
    log(house, "c", Some("r3"), "h3").await;
    log(house, "d", Some("r1"), "h2").await;
    let (from, unread) = house.write(Unread(10)).await;
    let open: Vec<Option<IncidentId>> =
        unread.iter().map(|one| one.open.as_ref().map(|open| open.id.clone())).collect();
    let (first, second) = (about_resident.incident.id, about_handset.incident.id);
    assert_eq!((from, open), (0, vec![Some(first.clone()), Some(second), None, Some(first)]));
    let names: Vec<_> = unread.iter().map(|one| one.resident_name.as_deref()).collect();
    assert_eq!(names, [Some("王秀英"), None, None, Some("王秀英")]);
    let ids: Vec<_> = unread.iter().map(|one| one.signal.press_id.as_deref()).collect();
    assert_eq!(ids, ["a", "b", "c", "d"].map(Some));

    let to = unread[1].row;
    let cursor = Some(CursorMove { name: "desk", from: 0, to });
    house.write(CommitDesk { cursor, ..CommitDesk::default() }).await;
    let (from, rest) = house.write(Unread(1)).await;
    assert_eq!((from, rest.len(), rest[0].row), (to, 1, unread[2].row));
}
