//! A client that is nobody's code here: rumqttc, in both versions.

use std::time::Duration;

use ingest::hall::Hall as _;
use model::HandsetId;
use rumqttc::{AsyncClient, Event, MqttOptions, Packet, QoS, v5};

use crate::common::{Door, SOON, until};

#[tokio::test]
async fn rumqttc_publishes_subscribes_and_settles() {
    let door = Door::open().await;
    door.hall.put(1, "h1", "jjl/h1/down/receipt", "taken");
    let mut options = MqttOptions::new("c", "127.0.0.1", door.address.port());
    options.set_credentials("h1", "h1").set_keep_alive(Duration::from_secs(5));
    let (client, mut events) = AsyncClient::new(options, 10);
    client.subscribe("jjl/h1/down/#", QoS::AtLeastOnce).await.unwrap();
    client.publish("jjl/h1/press", QoS::AtLeastOnce, false, "one").await.unwrap();
    client.publish("jjl/h1/press", QoS::ExactlyOnce, false, "two").await.unwrap();
    let (mut acknowledged, mut completed, mut heard) = (false, false, false);
    let run = async {
        while !(acknowledged && completed && heard && door.hall.settled() == [1]) {
            match events.poll().await.unwrap() {
                Event::Incoming(Packet::PubAck(_)) => acknowledged = true,
                Event::Incoming(Packet::PubComp(_)) => completed = true,
                Event::Incoming(Packet::Publish(publish)) => heard = publish.payload == "taken",
                _ => {}
            }
        }
    };
    tokio::time::timeout(SOON, run).await.unwrap();
    assert_eq!(door.hall.arrived_payloads(), ["one", "two"]);
}

#[tokio::test]
async fn rumqttc_speaks_5_with_the_door() {
    let door = Door::open().await;
    door.hall.put(1, "h1", "jjl/h1/down/receipt", "taken");
    let mut options = v5::MqttOptions::new("c", "127.0.0.1", door.address.port());
    options.set_credentials("h1", "h1").set_keep_alive(Duration::from_secs(5));
    let (client, mut events) = v5::AsyncClient::new(options, 10);
    client.subscribe("jjl/h1/down/#", v5::mqttbytes::QoS::AtLeastOnce).await.unwrap();
    client.publish("jjl/h1/press", v5::mqttbytes::QoS::AtLeastOnce, false, "one").await.unwrap();
    let run = async {
        loop {
            if let v5::Event::Incoming(v5::mqttbytes::v5::Packet::Publish(publish)) =
                events.poll().await.unwrap()
            {
                assert_eq!(publish.payload, "taken");
            }
            if door.hall.settled() == [1] && door.hall.stored().len() == 1 {
                break;
            }
        }
    };
    tokio::time::timeout(SOON, run).await.unwrap();
    let handset = HandsetId::new("h1").unwrap();
    until("nothing waits", || door.hall.settled() == [1]).await;
    assert!(door.hall.waiting(&handset, 0, 10).await.is_empty());
}
