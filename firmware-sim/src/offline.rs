//! A life without sockets and without waiting: on a network that connects at once and acknowledges at once, and a
//! platform that receipts a press a second after it first heard of it.

use crate::clock::later;
use crate::driver::Actor;
use crate::handset::{Effect, Notice, Publish};
use model::Timestamp;
use protocol::{DownKind, Receipt, UpKind, UpTopic, decode_press, down_topic};
use std::collections::BTreeMap;
use std::time::Duration;

const RECEIPT_AFTER: Duration = Duration::from_secs(1);
/// Time goes on by this much at least, whatever the actor asks for.
const LEAST_STEP: Duration = Duration::from_millis(1);

/// What left the handset, or happened to it.
#[derive(Debug, Clone, PartialEq)]
pub enum Seen {
    /// A message.
    Sent(Publish),
    /// Something to be told.
    Notice(Notice),
}

/// Lets the actor live from one time to another and gives everything that is seen of it, in order.
pub fn play<A: Actor>(actor: &mut A, from: Timestamp, to: Timestamp, mut see: impl FnMut(Timestamp, Seen)) {
    let mut receipts: BTreeMap<(Timestamp, u64), (String, bool)> = BTreeMap::new();
    let (mut now, mut number) = (from, 0);
    while now < to {
        let mut effects = Vec::new();
        while let Some(entry) = receipts.first_entry().filter(|entry| entry.key().0 <= now) {
            let (press_id, cancel) = entry.remove();
            let receipt = Receipt { press_id: Some(press_id), received_at: now, cancel };
            let topic = down_topic(actor.handset().id(), DownKind::Receipt);
            actor.handset().heard(&topic, &receipt.to_json(), now, &mut effects);
        }
        actor.wake(now, &mut effects);
        while !effects.is_empty() {
            for effect in std::mem::take(&mut effects) {
                match effect {
                    Effect::Dial => actor.handset().connected(now, &mut effects),
                    Effect::HangUp => actor.handset().disconnected(&mut effects),
                    Effect::Notice(notice) => see(now, Seen::Notice(notice)),
                    Effect::Publish(publish) => {
                        if let Some(press) = press_of(&publish, now) {
                            number += 1;
                            receipts.insert((later(now, RECEIPT_AFTER), number), press);
                        }
                        actor.handset().acked(publish.token, &mut effects);
                        see(now, Seen::Sent(publish));
                    }
                }
            }
        }
        let receipt = receipts.keys().next().map(|(at, _)| *at);
        let next = [actor.next_wake(), receipt].into_iter().flatten().min().unwrap_or(to);
        now = next.max(later(now, LEAST_STEP));
    }
}

/// The press a message is about, if it is one and says its id, and whether it is a cancel.
fn press_of(publish: &Publish, now: Timestamp) -> Option<(String, bool)> {
    let kind = UpTopic::parse(&publish.topic).ok()?.kind;
    let press = (kind == UpKind::Press).then(|| decode_press(&publish.payload, now).message)?;
    press.press_id.map(|id| (id, press.cancel))
}

/// A message as a line of the form `jujiale replay` reads.
pub fn recorded_line(received_at: Timestamp, publish: &Publish) -> String {
    // Topics and payloads of a handset are JSON-safe by construction: ids hold no quotes, payloads are JSON.
    let payload = String::from_utf8_lossy(&publish.payload);
    format!(r#"{{"received_at":"{received_at}","topic":"{}","payload":{payload}}}"#, publish.topic)
}
