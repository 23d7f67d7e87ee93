//! How incidents are found.

use incident::Incident;
use model::Division;
use store::{AddResident, CommitDesk, IncidentFilter, Resident};

use crate::common::{
    House,
    made::{at, claim, closing, opening, person, signal},
    soon,
};

/// Opens an incident about a resident of its own; the number is the second of its opening.
async fn open(house: &House, name: &str, second: i64) -> Incident {
    let change = opening(signal(name, Some(name), "h1", at(second)));
    let incident = change.incident.clone();
    house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
    incident
}

async fn close(house: &House, incident: &Incident) -> Incident {
    let claimed = claim(incident, "operator", at(50));
    let closed = closing(&claimed.incident, at(51));
    let after = closed.incident.clone();
    house.write(CommitDesk { changes: vec![claimed], ..CommitDesk::default() }).await;
    house.write(CommitDesk { changes: vec![closed], ..CommitDesk::default() }).await;
    after
}

pub(crate) async fn the_most_overdue_come_first(house: &House) {
    let later = open(house, "r1", 20).await;
    let sooner = open(house, "r2", 10).await;
    let over = open(house, "r3", 0).await;
    close(house, &over).await;
    let due = sooner.deadline_at.unwrap();
    let just_before = due.checked_sub(model::SignedDuration::from_micros(1)).unwrap();
    assert_eq!(house.store.due_incidents(just_before, 10).await.unwrap().whole, []);
    assert_eq!(house.store.due_incidents(due, 10).await.unwrap().whole, std::slice::from_ref(&sooner));
    assert_eq!(
        house.store.due_incidents(at(1_000), 10).await.unwrap().whole,
        [sooner.clone(), later.clone()]
    );
    assert_eq!(house.store.due_incidents(at(1_000), 1).await.unwrap().whole, std::slice::from_ref(&sooner));
    assert_eq!(house.store.open_incidents().await.unwrap().whole, [sooner, later]);
}

pub(crate) async fn pages_hold_everything_once(house: &House) {
    let mut all = Vec::new();
    for (place, name) in ["r1", "r2", "r3", "r4", "r5", "r6", "r7"].into_iter().enumerate() {
        // Three at a time were opened in the same moment.
        all.push(open(house, name, i64::try_from(place / 3).unwrap()).await);
    }
    all[2] = close(house, &all[2]).await;
    let mut seen = Vec::new();
    let mut before = None;
    loop {
        let page = house.store.incidents(IncidentFilter::All, None, before, 2).await.unwrap().whole;
        let Some(last) = page.last() else { break };
        before = Some((last.opened_at.as_microsecond(), last.id.to_string()));
        seen.extend(page);
    }
    assert!(seen.is_sorted_by_key(|incident| std::cmp::Reverse(incident.opened_at)), "newest first");
    let ids = |of: &[Incident]| {
        of.iter().map(|incident| incident.id.clone()).collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!((seen.len(), ids(&seen)), (7, ids(&all)));
    let open = house.store.incidents(IncidentFilter::Open, None, None, 10).await.unwrap().whole;
    assert_eq!((open.len(), open.iter().all(Incident::is_open)), (6, true));
    assert_eq!(
        house.store.incidents(IncidentFilter::Closed, None, None, 10).await.unwrap().whole,
        [all[2].clone()]
    );
}

/// What is closed is found by those who keep the records of where its resident lives, what is open by everybody.
pub(crate) async fn closed_incidents_are_listed_within_a_scope(house: &House) {
    for (id, code) in [("r1", Some("321302005003")), ("r2", Some("321302006001")), ("r3", None)] {
        let division = code.map(|code| Division::new(code).unwrap());
        let resident = Resident { division, ..person(id, "王秀英") };
        house.write(AddResident { resident, keys: house.store.keys().clone(), audit: Vec::new() }).await;
        let incident = open(house, id, 0).await;
        close(house, &incident).await;
    }
    let again = opening(signal("again", Some("r2"), "h1", at(60)));
    house.write(CommitDesk { changes: vec![again], ..CommitDesk::default() }).await;
    let scope = Division::new("321302005").unwrap();
    for (filter, everywhere, here) in
        [(IncidentFilter::Open, 1, 1), (IncidentFilter::Closed, 3, 2), (IncidentFilter::All, 4, 3)]
    {
        let all = house.store.incidents(filter, None, None, 10).await.unwrap().whole;
        let within = house.store.incidents(filter, Some(&scope), None, 10).await.unwrap().whole;
        assert_eq!((all.len(), within.len()), (everywhere, here), "{filter:?}");
        let elsewhere =
            |incident: &Incident| incident.resident.as_ref().is_some_and(|id| id.as_str() == "r2");
        assert!(!within.iter().any(|one| elsewhere(one) && !one.is_open()), "{filter:?}");
    }
}

pub(crate) async fn events_are_read_by_cursor(house: &House) {
    assert_eq!(house.store.events_end().await.unwrap(), 0);
    let first = open(house, "r1", 0).await;
    let second = open(house, "r2", 1).await;
    close(house, &first).await;
    let log = soon("the log shows its events", async || {
        let found = house.store.events_after(0, 10).await.unwrap();
        (found.len() == 4).then_some(found)
    })
    .await;
    let whose: Vec<_> = log.iter().map(|logged| &logged.incident).collect();
    assert_eq!(whose, [&first.id, &second.id, &first.id, &first.id]);
    let rest = house.store.events_after(log[1].row, 1).await.unwrap();
    assert_eq!((rest.len(), rest[0].row), (1, log[2].row));
    assert_eq!(house.store.events_end().await.unwrap(), log[3].row);
}

pub(crate) async fn incidents_that_moved_are_told_once_as_they_stand(house: &House) {
    let resident = person("r1", "王秀英");
    house.write(AddResident { resident, keys: house.store.keys().clone(), audit: Vec::new() }).await;
    let first = open(house, "r1", 0).await;
    let second = open(house, "r2", 1).await;
    close(house, &first).await;
    let (end, moved) = soon("the log shows its events", async || {
        let found = house.store.moved_after(0, 10).await.unwrap();
        (found.1.len() == 2 && found.1.iter().any(|one| !one.incident.is_open())).then_some(found)
    })
    .await;
    let log = house.store.events_after(0, 10).await.unwrap();
    let told: Vec<_> = moved.iter().map(|one| (one.row, &one.incident.id, one.incident.is_open())).collect();
    assert_eq!(told, [(log[1].row, &second.id, true), (log[3].row, &first.id, false)]);
    assert_eq!(end, Some(log[3].row));
    let names: Vec<_> = moved.iter().map(|one| one.resident_name.as_deref()).collect();
    assert_eq!(names, [None, Some("王秀英")]);
    let (end, moved) = house.store.moved_after(log[0].row, 1).await.unwrap();
    assert_eq!((end, moved.len(), &moved[0].incident.id), (Some(log[1].row), 1, &second.id));
    assert!(house.store.moved_after(log[3].row, 10).await.unwrap().1.is_empty());
}
