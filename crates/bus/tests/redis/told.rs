//! What one process tells, the others know without a heartbeat, which would bring it too and hide that nothing was told.

use crate::{
    faults::press,
    server::{QUICK, Server, handset, now},
};
use bus::{
    Timing,
    conformance::{joined, until},
};
use model::StationId;
use std::time::Duration;

/// One beat when they come, and no other while the test lasts.
const ONE_BEAT: Timing = Timing {
    beat: Duration::from_hours(1),
    presence_expires: Duration::from_hours(2),
    unsaved_expires: Duration::from_hours(2),
    ..QUICK
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_told_waits_for_no_heartbeat() {
    let server = Server::start().await;
    let [one, other] = [server.join_with(ONE_BEAT, now), server.join_with(ONE_BEAT, now)];
    joined(one.bus(), other.bus()).await;
    let (walker, east) = (handset("walker"), StationId::new("east").expect("an id"));
    let signal = press("presser");
    one.put_unsaved(signal.clone());
    until("the press is told", || other.unsaved().len() == 1).await;
    one.put_presence(&walker, true);
    one.put_station(&east, true);
    until("who came is told", || other.is_online(&walker) && other.is_station_online(&east)).await;
    one.drop_unsaved(&signal.id);
    until("that it is saved is told", || other.unsaved().is_empty()).await;
    one.put_presence(&walker, false);
    one.put_station(&east, false);
    until("who went is told", || !other.is_online(&walker) && !other.is_station_online(&east)).await;
}
