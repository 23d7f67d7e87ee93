use super::*;
use bus::InProcess;
use futures_util::FutureExt as _;
use protocol::UpKind;
use std::sync::Arc;
use store::{Clock, Database, Keys, Store};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// A batch of this handset, taken so long ago.
fn batch(now: Timestamp, ago_s: std::ops::Range<i64>) -> Message {
    let fix = |ago_s: i64| {
        let at = now - SignedDuration::from_secs(ago_s);
        json!({ "boot": "b", "seq": 1_000 - ago_s, "fix_time": at, "lat": 33.95, "lon": 118.28, "accuracy_m": 10.0, "method": "gps" })
    };
    let fixes: Vec<_> = ago_s.rev().map(fix).collect();
    Message {
        handset: HandsetId::new("h1").unwrap(),
        kind: UpKind::Fix,
        topic: "jjl/h1/fix".to_owned(),
        payload: json!({ "fixes": fixes }).to_string().into_bytes().into(),
        oversized: None,
    }
}

/// What runs beside it on its thread, which may be a press, goes on meanwhile.
#[tokio::test]
async fn a_large_payload_is_read_aside() {
    let now = Clock::start().now();
    let (small, large) = (batch(now, 0..100), batch(now, 0..12_000));
    assert!(large.payload.len() >= READ_ASIDE_FROM, "{}", large.payload.len());
    let read = decoded(&small, now).now_or_never().expect("it is read at once");
    assert_eq!(read.message.len(), 100);
    let mut reading = Box::pin(decoded(&large, now));
    assert!(reading.as_mut().now_or_never().is_none());
    assert_eq!(reading.await.message, decode_fixes(&large.payload, now).message);
}

#[tokio::test]
async fn what_waits_for_room_is_taken_in_the_order_in_which_it_came() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Keys::load_or_create(&folder.path().join("keys.json")).unwrap();
    let database =
        Database::from_url(&format!("sqlite://{}", folder.path().join("jujiale.db").display())).unwrap();
    let (store, writer) = Store::open(&database, keys, None).await.unwrap();
    let (stop, tasks, clock) = (CancellationToken::new(), TaskTracker::new(), Clock::start());
    tasks.spawn(writer.run(stop.clone()));
    let accept = Accept::new(store.clone(), Arc::new(InProcess::default()), clock, &tasks, &stop);

    let room = accept.as_rows.acquire_many(ROWS_OF_BYTES).await.unwrap();
    let (mut now, mut past) = (
        Box::pin(accept.take_fixes(batch(clock.now(), 0..1))),
        Box::pin(accept.take_fixes(batch(clock.now(), 10..20))),
    );
    assert!(now.as_mut().now_or_never().is_none() && past.as_mut().now_or_never().is_none());
    drop(room);
    // Whichever of the two is woken first.
    tokio::join!(past, now);

    let page = store.journal_after(0, 8).await.unwrap();
    let told: Vec<u64> = page.fixes.iter().filter_map(|one| one.fix.fix.seq).collect();
    assert_eq!(told.first(), Some(&1_000), "{told:?}");
    assert_eq!(told.len(), 11);
    stop.cancel();
    tasks.close();
    tasks.wait().await;
}
