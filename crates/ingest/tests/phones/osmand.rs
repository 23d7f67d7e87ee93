//! OsmAnd and Traccar Client.

use model::SignalKind;
use protocol::{DownKind, down_topic};
use std::time::Duration;
use store::{ChangeHandset, HandsetChange, HandsetState};
use tokio::io::AsyncReadExt as _;

use crate::house::{House, ID, answer, handset};
use crate::passwords::once_told;

fn report(house: &House, more: &str) -> String {
    format!("id={ID}&lat=33.9624&lon=118.2757&timestamp={}&speed=1&batt=79{more}", house.now().as_second())
}

#[tokio::test]
async fn a_position_comes_in_every_shape() {
    let house = House::open().await;
    let query = report(&house, "");
    assert_eq!(answer(house.get_osmand(&query)).await.status, 200);
    assert_eq!(
        answer(house.post_osmand("").query(&[("id", ID), ("lat", "33.1"), ("lon", "118.1")])).await.status,
        200
    );
    let form = house.post_osmand(query.replace("33.9624", "33.9625"));
    let form = form.header("Content-Type", "application/x-www-form-urlencoded");
    assert_eq!(answer(form).await.status, 200);
    let json = format!(
        r#"{{"device_id":"{ID}","location":{{"timestamp":"{}","coords":{{"latitude":33.9,"longitude":118.2,"speed":1.5}}}}}}"#,
        house.now()
    );
    let taken = answer(house.post_osmand(json).header("Content-Type", "application/json")).await;
    assert_eq!((taken.status, taken.text.as_str()), (200, ""));
    assert_eq!(house.fixes("h1").await, 4);
    assert!(house.misfits().await.is_empty());
    house.close().await;
}

#[tokio::test]
async fn an_id_that_is_nobodys_is_refused_in_the_words_of_each_shape() {
    let house = House::open().await;
    for query in ["lat=1&lon=2", "id=902064&lat=1&lon=2", "id=an-id-that-nobody-has-got&lat=1&lon=2"] {
        let refused = answer(house.get_osmand(query)).await;
        assert_eq!(refused.status, 400, "{query}");
        assert!(refused.text.contains("unknown_id"), "{}", refused.text);
    }
    for body in [r#"{"location":{}}"#, r#"{"device_id":"an-id-that-nobody-has-got","location":{}}"#] {
        assert_eq!(answer(house.post_osmand(body)).await.status, 404, "{body}");
    }
    assert!(house.misfits().await.is_empty());
    let refused = answer(house.get_osmand("id=mistyped-0123456789&alarm=sos&lat=1&lon=2")).await;
    assert_eq!(refused.status, 400);
    let misfits = house.misfits().await;
    assert_eq!(misfits.len(), 1, "an emergency call is looked at, whoever it is");
    assert_eq!(misfits[0].payload, b"alarm=sos&lat=1&lon=2");
    house.close().await;
}

#[tokio::test]
async fn a_stolen_telephone_is_refused_as_nobodys_and_told_of() {
    let house = House::open().await;
    let change = HandsetChange::State(HandsetState::Stolen);
    house.write(ChangeHandset { handset: handset("h1"), change, at: house.now(), audit: Vec::new() }).await;
    let refused = answer(house.get_osmand(&report(&house, ""))).await;
    assert!(refused.status == 400 && refused.text.contains("unknown_id"), "{}", refused.text);
    assert!(house.misfits().await.is_empty());
    assert_eq!(answer(house.get_osmand(&report(&house, "&alarm=sos"))).await.status, 400);
    let misfits = house.misfits().await;
    let [call] = misfits.as_slice() else { panic!("{misfits:?}") };
    assert_eq!(call.handset, Some(handset("h1")));
    assert_eq!(call.reason, "an emergency call of a telephone that was reported stolen");
    let told = once_told(&house).await;
    let told: Vec<_> = told.iter().map(|signal| (signal.kind, signal.handset.clone())).collect();
    assert_eq!(told, [(SignalKind::LoginRefused, Some(handset("h1")))], "once, however often it speaks");
    house.close().await;
}

#[tokio::test]
async fn sos_is_a_press_with_its_position_and_the_id_is_kept_nowhere() {
    let house = House::open().await;
    let sos = report(&house, "&alarm=sos");
    assert_eq!(answer(house.get_osmand(&sos)).await.status, 200);
    assert_eq!(answer(house.get_osmand(&sos)).await.status, 200);
    let signals = house.store.signals_after(0, 10).await.unwrap();
    assert_eq!(signals.len(), 1, "the same again within the minute is the same");
    let signal = &signals[0].signal;
    assert_eq!((signal.handset.as_ref(), signal.kind.as_str()), (Some(&handset("h1")), "press"));
    assert!(signal.fix.is_some() && !signal.cancel && signal.press_id.is_some());
    let payload = house.store.press_payload(&signal.id).await.unwrap().unwrap();
    assert!(!String::from_utf8(payload).unwrap().contains(ID));
    let receipts = down_topic(&handset("h1"), DownKind::Receipt);
    assert_eq!(house.store.waiting_on(&handset("h1"), &receipts, 10, house.now()).await.unwrap().len(), 1);
    for broken in [format!("id={ID}&alarm=sos&lat=99&lon=x"), format!("id={ID}&alarm=sos")] {
        assert_eq!(answer(house.post_osmand(broken)).await.status, 200);
    }
    assert_eq!(house.store.signals_after(0, 10).await.unwrap().len(), 3);
    house.close().await;
}

/// So many positions in JSON, one a second, the newest now; named before or behind them.
fn list(house: &House, count: i64, is_named_first: bool) -> String {
    let now = house.now().as_second();
    let one = |nth| {
        let at = now - count + nth;
        format!(
            r#"{{"timestamp":{at},"coords":{{"latitude":33.9,"longitude":118.2,"accuracy":9,"speed":1.5}}}}"#
        )
    };
    let all = (1..=count).map(one).collect::<Vec<_>>().join(",");
    if is_named_first {
        format!(r#"{{"device_id":"{ID}","location":[{all}]}}"#)
    } else {
        format!(r#"{{"location":[{all}],"device_id":"{ID}"}}"#)
    }
}

#[tokio::test]
async fn a_list_of_a_day_is_taken_whole_wherever_its_telephone_is_named() {
    for is_named_first in [true, false] {
        let house = House::open().await;
        let list = list(&house, 3_000, is_named_first);
        assert!(list.len() > 256 * 1024, "{}", list.len());
        assert_eq!(answer(house.post_osmand(list)).await.status, 200);
        assert_eq!(house.fixes("h1").await, 3_000);
        assert!(house.misfits().await.is_empty());
        house.close().await;
    }
}

#[tokio::test]
async fn of_a_list_that_is_too_large_the_beginning_is_taken() {
    let house = House::open().await;
    let list = list(&house, 50_000, true);
    assert!(list.len() > 4 * 1024 * 1024, "{}", list.len());
    assert_eq!(answer(house.post_osmand(list.clone())).await.status, 200);
    let found = house.fixes("h1").await;
    assert!((500..1_000).contains(&found), "{found}");
    let misfits = house.misfits().await;
    let [misfit] = misfits.as_slice() else { panic!("{misfits:?}") };
    assert_eq!(misfit.payload.len(), 64 * 1024);
    assert!(misfit.reason.contains(&list.len().to_string()), "{}", misfit.reason);
    house.close().await;
}

/// Told to come again it would bring the call of its address again, which has no time and would be another one.
#[tokio::test]
async fn who_called_by_the_address_is_answered_whatever_becomes_of_the_body() {
    let house = House::open().await;
    let list = list(&house, 3_000, true);
    let query = format!("id={ID}&alarm=sos");
    let mut stream = house.stalled_osmand(&query, list.len(), &list[..100_000]).await;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    drop(stream);
    assert_eq!(house.store.signals_after(0, 10).await.unwrap().len(), 1);
    assert!(house.fixes("h1").await > 500, "what was there of it is taken");
    house.close().await;
}

#[tokio::test]
async fn a_call_for_help_is_looked_at_although_others_keep_its_name_from_being_read() {
    let house = House::open().await;
    let filling = "x".repeat(100_000);
    let first = house.stalled_osmand("", 500_000, &filling).await;
    let second = house.stalled_osmand("", 500_000, &filling).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    let form = format!("alarm=sos&lat=1&lon=2&x={filling}&id={ID}");
    assert_eq!(answer(house.post_osmand(form)).await.status, 503);
    let misfits = house.misfits().await;
    let [call] = misfits.as_slice() else { panic!("{misfits:?}") };
    assert_eq!(call.reason, "an emergency call whose telephone is named behind what could be read");
    drop((first, second));
    house.close().await;
}

/// After 64 KiB it is looked for whose a form is, and there this one's id is cut in two.
#[tokio::test]
async fn an_id_is_never_half_a_one() {
    let house = House::open().await;
    let said = report(&house, "").split_once('&').unwrap().1.to_owned();
    let (half, name) = (20, "&id=");
    let before = format!("{said}&x=");
    let filling = "x".repeat(64 * 1024 - half - name.len() - before.len());
    let form = format!("{before}{filling}{name}{ID}");
    assert!(form.len() > 64 * 1024 && form[..64 * 1024].ends_with(&ID[..half]), "{}", form.len());
    assert_eq!(answer(house.post_osmand(form)).await.status, 200);
    assert_eq!(house.fixes("h1").await, 1);
    house.close().await;
}

#[tokio::test]
async fn of_a_list_of_calls_for_help_so_many_are_taken_and_the_newest_is_among_them() {
    let house = House::open().await;
    let calls = list(&house, 100, true).replace(r#","coords""#, r#","alarm":"sos","coords""#);
    assert_eq!(answer(house.post_osmand(calls)).await.status, 200);
    let signals = house.store.signals_after(0, 200).await.unwrap();
    assert_eq!(signals.len(), 64);
    let last = signals[63].signal.fix.as_ref().map(|fix| fix.fix_time.as_second());
    let newest =
        signals.iter().filter_map(|one| one.signal.fix.as_ref()).map(|fix| fix.fix_time.as_second()).max();
    assert_eq!(last, newest);
    assert_eq!(house.fixes("h1").await, 100, "the positions of the others are kept");
    let misfits = house.misfits().await;
    assert!(misfits.iter().any(|misfit| misfit.reason.starts_with("36 older calls")), "{misfits:?}");
    house.close().await;
}

#[tokio::test]
async fn an_sos_is_heard_whatever_its_body_is() {
    let house = House::open().await;
    let large = "x".repeat(5 * 1024 * 1024);
    let bodies =
        [large.clone(), "x".repeat(100_000), list(&house, 2_000, true), format!("alarm=sos&x={large}")];
    for (heard, body) in (1..).zip(bodies) {
        let query = [("id", ID), ("alarm", "sos")];
        let asked = if body.starts_with("alarm") { &query[..1] } else { &query[..] };
        assert_eq!(answer(house.post_osmand(body).query(asked)).await.status, 200, "{heard}");
        assert_eq!(house.store.signals_after(0, 10).await.unwrap().len(), heard);
    }
    assert_eq!(house.fixes("h1").await, 2_000, "beside a list it is a report of its own");
    let stranger = house.post_osmand(large).query(&[("id", "an-id-that-nobody-has-got"), ("alarm", "sos")]);
    assert_eq!(answer(stranger).await.status, 400);
    let misfits = house.misfits().await;
    let call = misfits.iter().find(|misfit| misfit.handset.is_none()).unwrap();
    assert!(call.payload.len() < 65 * 1024, "{}", call.payload.len());
    house.close().await;
}

#[tokio::test]
async fn what_is_no_position_is_kept_and_what_lies_is_aside() {
    let house = House::open().await;
    assert_eq!(answer(house.get_osmand(&format!("id={ID}&event=motion"))).await.status, 200);
    assert_eq!(answer(house.get_osmand(&format!("id={ID}&lat=99&lon=118"))).await.status, 200);
    assert_eq!(house.kinds().await, ["osmand", "osmand"]);
    let misfits = house.misfits().await;
    assert_eq!((misfits.len(), misfits[0].reason.as_str()), (1, "lat: latitude 99 is outside -90..90"));
    assert_eq!(house.fixes("h1").await, 0);
    house.close().await;
}
