//! Performs what an actor asks for: waits for its times, brings it what its radio hears, sends what it says.

use crate::clock::Clock;
use crate::handset::{Effect, Handset, Notice};
use crate::observer::Observer;
use crate::radio::{Radio, RadioEvent};
use model::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Whoever acts through a handset: a simulated life, or one press from the command line.
pub trait Actor: Send {
    /// The handset, for what the network brings.
    fn handset(&mut self) -> &mut Handset;
    /// When [`Actor::wake`] wants to be called, if ever.
    fn next_wake(&self) -> Option<Timestamp>;
    /// Time has passed.
    fn wake(&mut self, now: Timestamp, effects: &mut Vec<Effect>);
}

/// How long to wait when the actor wants nothing.
const IDLE: Duration = Duration::from_hours(1);

/// One actor with its radio.
pub struct Driver<A> {
    actor: A,
    radio: Radio,
    clock: Clock,
    observer: Arc<dyn Observer>,
}

impl<A> std::fmt::Debug for Driver<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Driver").field("radio", &self.radio).finish_non_exhaustive()
    }
}

impl<A: Actor> Driver<A> {
    /// Puts the parts together; nothing happens before [`Driver::run`].
    pub fn new(actor: A, radio: Radio, clock: Clock, observer: Arc<dyn Observer>) -> Self {
        Self { actor, radio, clock, observer }
    }

    /// Acts until stopped, then takes leave of the door.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut effects = Vec::new();
        loop {
            let wake = self.actor.next_wake().unwrap_or_else(|| crate::clock::later(self.clock.now(), IDLE));
            tokio::select! {
                () = stop.cancelled() => break,
                event = self.radio.next() => self.heard(event, &mut effects),
                () = self.clock.sleep_until(wake) => self.actor.wake(self.clock.now(), &mut effects),
            }
            self.perform(&mut effects);
        }
        self.radio.say_goodbye().await;
        self.actor.handset().disconnected(&mut effects);
        self.perform(&mut effects);
    }

    fn heard(&mut self, event: RadioEvent, effects: &mut Vec<Effect>) {
        let now = self.clock.now();
        let handset = self.actor.handset();
        match event {
            RadioEvent::Connected => handset.connected(now, effects),
            RadioEvent::Lost(reason) => {
                handset.disconnected(effects);
                effects.push(Effect::Notice(Notice::Unreachable { reason }));
            }
            RadioEvent::Acked(token) => handset.acked(token, effects),
            RadioEvent::Message { topic, payload } => handset.heard(&topic, &payload, now, effects),
        }
    }

    fn perform(&mut self, effects: &mut Vec<Effect>) {
        let mut refused = false;
        for effect in effects.drain(..) {
            match effect {
                Effect::Dial => self.radio.dial(),
                Effect::HangUp => self.radio.hang_up(),
                Effect::Publish(publish) => refused |= !self.radio.publish(publish),
                Effect::Notice(notice) => {
                    let now = self.clock.now();
                    self.observer.notice(self.actor.handset().id(), now, &notice);
                }
            }
        }
        if refused {
            self.start_over(effects);
        }
    }

    /// The line did not take a message: it has just been lost, or is choked. A new one makes the handset send again what
    /// is not acknowledged.
    fn start_over(&mut self, effects: &mut Vec<Effect>) {
        let now = self.clock.now();
        self.actor.handset().disconnected(effects);
        for effect in effects.drain(..) {
            if let Effect::Notice(notice) = effect {
                self.observer.notice(self.actor.handset().id(), now, &notice);
            }
        }
        self.radio.dial();
    }
}
