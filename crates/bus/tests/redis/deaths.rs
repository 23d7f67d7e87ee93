//! Processes that die, and processes that leave.

use crate::{
    faults::press,
    server::{QUICK, Server, handset, now},
};
use bus::{Timing, conformance::until};
use model::StationId;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_dead_leave_no_ghosts_and_their_presses_stay_a_while() {
    let server = Server::start().await;
    let [one, other] = [server.join(), server.join()];
    let east = StationId::new("east").expect("an id");
    one.put_presence(&handset("walker"), true);
    one.put_station(&east, true);
    one.put_unsaved(press("presser"));
    until("both are seen", || other.is_online(&handset("walker")) && other.unsaved().len() == 1).await;
    until("and the station", || other.is_station_online(&east)).await;
    one.die().await;
    until("nobody is online", || other.online().is_empty() && !other.is_station_online(&east)).await;
    assert_eq!(other.unsaved(), [press("presser")], "its handset has had no time to repeat it");
    // Whoever comes now sees it too.
    let newcomer = server.join();
    until("the press of the dead", || newcomer.unsaved() == [press("presser")]).await;
    assert!(newcomer.online().is_empty());
    until("it expires", || other.unsaved().is_empty() && newcomer.unsaved().is_empty()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_press_of_the_dead_that_was_repeated_elsewhere_is_off_every_board() {
    let server = Server::start().await;
    let long = Timing { unsaved_expires: Duration::from_mins(10), ..QUICK };
    let [one, other, third] = [(); 3].map(|()| server.join_with(long, now));
    one.put_unsaved(press("presser"));
    until("all see it", || other.unsaved().len() == 1 && third.unsaved().len() == 1).await;
    one.die().await;
    other.drop_unsaved(&press("presser").id);
    until("it is gone", || third.unsaved().is_empty()).await;
    let newcomer = server.join_with(long, now);
    newcomer.put_presence(&handset("newcomer"), true);
    until("the newcomer has joined", || other.is_online(&handset("newcomer"))).await;
    assert!(newcomer.unsaved().is_empty() && other.unsaved().is_empty());
}

/// A handset that goes from one process to another is online all the time.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handset_that_moves_to_another_process_stays_online() {
    let server = Server::start().await;
    let [one, other, third] = [server.join(), server.join(), server.join()];
    let walker = handset("walker");
    one.put_presence(&walker, true);
    until("it is online", || third.is_online(&walker)).await;
    other.put_presence(&walker, true);
    one.put_presence(&walker, false);
    one.put_presence(&handset("marker"), true);
    until("the move was heard", || third.is_online(&handset("marker"))).await;
    until("it is online through the other", || third.is_online(&walker)).await;
    assert_eq!(third.online().iter().filter(|handset| **handset == walker).count(), 1);
    other.put_presence(&walker, false);
    until("it is offline", || !third.is_online(&walker)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_stops_says_good_bye() {
    let server = Server::start().await;
    let long = Timing { presence_expires: Duration::from_mins(10), ..QUICK };
    let [one, other] = [server.join_with(long, now), server.join_with(long, now)];
    one.put_presence(&handset("walker"), true);
    one.put_unsaved(press("presser"));
    until("both are seen", || other.is_online(&handset("walker")) && other.unsaved().len() == 1).await;
    one.stop().await;
    until("nobody is online", || other.online().is_empty()).await;
    assert_eq!(other.unsaved(), [press("presser")], "a stop saves no press");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_stops_while_redis_is_away_does_not_wait_for_it() {
    let mut server = Server::start().await;
    let one = server.join();
    one.put_presence(&handset("walker"), true);
    server.kill();
    until("Redis is away", || one.health().away.is_some()).await;
    tokio::time::timeout(Duration::from_secs(20), one.stop()).await.expect("an end");
}
