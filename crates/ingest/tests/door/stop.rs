//! The end of the process: told, orderly, and not before what had arrived is on disk.

use tokio::net::TcpStream;

use crate::common::{A_WHILE, Door, Version, publish, until};

#[tokio::test]
async fn a_stop_tells_every_client_and_waits_for_the_disk() {
    let door = Door::open().await;
    door.hall.hold();
    let mut old = door.client(Version::V3, "h1", "c").await;
    let mut new = door.client(Version::V5, "h2", "c").await;
    new.publish(publish("jjl/h2/press", "help", 1)).await;
    until("it arrived", || door.hall.arrived().len() == 1).await;
    // Not yet looked at when the stop comes, but there.
    old.publish(publish("jjl/h1/press", "me too", 1)).await;
    door.stop.cancel();
    assert_eq!(old.ends().await, None);
    assert_eq!(new.ends().await, Some(0x8b));
    door.tasks.close();
    assert!(tokio::time::timeout(A_WHILE, door.tasks.wait()).await.is_err(), "the disk has not answered yet");
    door.hall.let_all_through();
    door.tasks.wait().await;
    assert_eq!(door.hall.stored().len(), 2);
    assert_eq!(door.sessions.count(), 0);
    assert!(TcpStream::connect(door.address).await.is_err());
}
