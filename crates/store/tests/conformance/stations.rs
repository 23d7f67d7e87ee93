//! Stations: entered, put right, and found with what they have to do.

use incident::{
    Command,
    choice::Skill,
    ladder::{Hours, OnCall},
};
use model::{StationId, Wgs84};
use store::{CommitDesk, PutStation, Station, StationLoad};

use crate::common::{
    House,
    made::{at, audit, change, claim, opening, signal},
};

fn station(id: &str, name: &str) -> Station {
    Station {
        id: StationId::new(id).unwrap(),
        name: name.to_owned(),
        place: Wgs84::new(33.9612, 118.2795).unwrap(),
        telephone: "0527-88110001".to_owned(),
        on_duty: true,
        hours: Vec::new(),
        skills: Vec::new(),
    }
}

async fn put(house: &House, station: &Station) {
    house.write(PutStation { station: station.clone(), audit: vec![audit("put_station", at(0))] }).await;
}

pub(crate) async fn a_station_comes_back_as_entered_and_is_put_right(house: &House) {
    let (mut east, west) = (station("east", "b"), station("west", "a"));
    put(house, &east).await;
    put(house, &west).await;
    let found: Vec<Station> =
        house.store.stations().await.unwrap().whole.into_iter().map(|load| load.station).collect();
    assert_eq!(found, [west, east.clone()], "by name; no hours and no skills were told");
    let weekdays = OnCall { days: 0b001_1111, hours: Hours { from: 480, to: 1_080 } };
    let sunday_night = OnCall { days: 0b100_0000, hours: Hours { from: 1_320, to: 360 } };
    east.hours = vec![weekdays, sunday_night];
    east.skills = vec![Skill::FirstAid, Skill::Key];
    east.on_duty = false;
    put(house, &east).await;
    assert_eq!(house.store.station(&east.id).await.unwrap(), Some(east.clone()));
    (east.hours, east.skills) = (Vec::new(), Vec::new());
    put(house, &east).await;
    assert_eq!(house.store.station(&east.id).await.unwrap(), Some(east), "taken back");
    let on_record = "SELECT COUNT(*) FROM audit WHERE action = 'put_station'";
    assert_eq!(house.ask(on_record).await, 4);
}

/// What a migrated store holds of stations entered before: they work always, and nothing is known of their skills.
pub(crate) async fn a_station_of_before_has_no_hours(house: &House) {
    house
        .run(
            "INSERT INTO stations (station_id, name, lat, lon, telephone, on_duty)
             VALUES ('east', 'b', 33.9612, 118.2795, '0527-88110001', TRUE)",
        )
        .await;
    let found = house.store.station(&StationId::new("east").unwrap()).await.unwrap();
    assert_eq!(found, Some(station("east", "b")));
}

pub(crate) async fn what_a_station_has_to_do_is_counted(house: &House) {
    let east = station("east", "b");
    put(house, &east).await;
    let opened = opening(signal("s1", Some("r1"), "h1", at(0)));
    let claimed = claim(&opened.incident, "anna", at(1));
    let dispatch = Command::Dispatch {
        by: "anna".to_owned(),
        role_may_override: false,
        stations: vec![(east.id.clone(), east.name.clone())],
        note: String::new(),
    };
    let asked = change(Some(&claimed.incident), &dispatch, at(2));
    for change in [opened, claimed, asked] {
        house.write(CommitDesk { changes: vec![change], ..CommitDesk::default() }).await;
    }
    let load = StationLoad { station: east, live_tasks: 1, accounts: 0 };
    assert_eq!(house.store.stations().await.unwrap().whole, [load]);
}
