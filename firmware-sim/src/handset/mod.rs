//! The firmware of a handset as a state machine. It knows no sockets and no clock: readings, presses and what the
//! network did go in, with the true time beside them; [`Effect`]s come out.
//!
//! What its flash would hold survives [`Handset::reboot`]: unreceipted presses, falls and unsent fixes. What its memory
//! would hold does not: the boot id, the sequence, what was in flight.

mod backlog;
mod boot;
mod effect;
mod falls;
mod message;
mod presses;
mod questions;

pub use backlog::Backlog;
pub use boot::Boot;
pub use effect::{Effect, Notice, PressKey, Publish, Token};
pub use falls::Falls;
pub use message::will;
pub use presses::{Presses, pause_after};
pub use questions::Answers;

use crate::clock::later;
use crate::world::{Reading, Window};
use message::{AnswerMessage, FallMessage, PressMessage, StatusMessage, fix_of, fixes_payload};
use model::{Fix, HandsetId, SignedDuration, Timestamp};
use presses::Pending;
use protocol::{Command, DownKind, Progress, Receipt, UpKind, UpTopic, down_topic};
use questions::Questions;
use std::collections::HashMap;
use std::time::Duration;

/// A handset tells when its charge falls to one of these.
const LITTLE_LEFT_PCT: [f64; 4] = [20.0, 10.0, 5.0, 2.0];

/// What a token stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum InFlight {
    Press(PressKey),
    Fall,
    Fixes,
    Status,
}

/// One virtual handset.
#[derive(Debug)]
pub struct Handset {
    id: HandsetId,
    boot: Boot,
    clock_error: SignedDuration,
    presses: Presses,
    falls: Falls,
    backlog: Backlog,
    questions: Questions,
    answers: Answers,
    connected: bool,
    in_flight: HashMap<Token, InFlight>,
    last_token: Token,
    battery_pct: f64,
    charging: bool,
    worn: bool,
}

impl Handset {
    /// A handset switched on at `now`, whose clock is wrong by `clock_error`.
    pub fn new(id: HandsetId, clock_error: SignedDuration, now: Timestamp) -> Self {
        let boot = Boot::first(&id, now);
        Self {
            id,
            boot,
            clock_error,
            presses: Presses::default(),
            falls: Falls::default(),
            backlog: Backlog::default(),
            questions: Questions::default(),
            answers: Answers::default(),
            connected: false,
            in_flight: HashMap::new(),
            last_token: 0,
            battery_pct: 80.0,
            charging: false,
            worn: true,
        }
    }

    /// Whose messages these are.
    pub fn id(&self) -> &HandsetId {
        &self.id
    }

    /// Messages of any kind that the other side does not have yet, as far as the handset knows.
    pub fn unfinished(&self) -> usize {
        self.presses.len() + self.falls.len() + self.backlog.len()
    }

    /// Presses that are not receipted yet.
    pub fn unreceipted(&self) -> usize {
        self.presses.len()
    }

    /// Fixes that are not acknowledged yet.
    pub fn unacknowledged_fixes(&self) -> usize {
        self.backlog.len()
    }

    /// When [`Handset::wake`] wants to be called.
    pub fn next_wake(&self) -> Option<Timestamp> {
        let due = [self.presses.next_due(), self.questions.next_due()];
        if self.connected { due.into_iter().flatten().min() } else { None }
    }

    /// The connection stands: presses first, then the state, the live fix and the past.
    pub fn connected(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        self.connected = true;
        effects.push(Effect::Notice(Notice::Connected));
        self.presses.due_at_once(now);
        self.send_presses(now, effects);
        self.send_falls(effects);
        self.send_status(now, effects);
        self.send_fixes(effects);
    }

    /// The connection is gone, and with it the knowledge of what of the messages in flight has arrived.
    pub fn disconnected(&mut self, effects: &mut Vec<Effect>) {
        if self.connected {
            self.connected = false;
            effects.push(Effect::Notice(Notice::Disconnected));
        }
        self.in_flight.clear();
        self.falls.restore();
        self.backlog.restore();
    }

    /// MQTT acknowledged a publish.
    pub fn acked(&mut self, token: Token, effects: &mut Vec<Effect>) {
        match self.in_flight.remove(&token) {
            Some(InFlight::Press(press)) => {
                effects.push(Effect::Notice(Notice::PressAcked(press)));
            }
            Some(InFlight::Fall) => {
                if let Some(fall_id) = self.falls.acked(token) {
                    effects.push(Effect::Notice(Notice::FallAcked(fall_id)));
                }
            }
            Some(InFlight::Fixes) => {
                effects.push(Effect::Notice(Notice::FixesAcked(self.backlog.acked(token))));
                self.send_fixes(effects);
            }
            Some(InFlight::Status) | None => {}
        }
    }

    /// A message came down.
    pub fn heard(&mut self, topic: &str, payload: &[u8], now: Timestamp, effects: &mut Vec<Effect>) {
        if topic == down_topic(&self.id, DownKind::Receipt) {
            match Receipt::from_json(payload) {
                Ok(receipt) => self.receipted(&receipt, now, effects),
                Err(_) => effects.push(unreadable(topic)),
            }
        } else if topic == down_topic(&self.id, DownKind::Progress) {
            effects.push(match Progress::from_json(payload) {
                Ok(progress) => Effect::Notice(Notice::Progress(progress)),
                Err(_) => unreadable(topic),
            });
        } else if topic == down_topic(&self.id, DownKind::Command) {
            match serde_json::from_slice::<Command>(payload) {
                Ok(command) => {
                    let say = command.say.clone().unwrap_or_default();
                    if self.questions.hear(command, now) {
                        effects.push(Effect::Notice(Notice::Asked(say)));
                    }
                }
                Err(_) => effects.push(unreadable(topic)),
            }
        }
    }

    /// What the person says when they are asked, from now on.
    pub fn person_says(&mut self, answers: Answers) {
        self.answers = answers;
    }

    /// The battery is watched also where no position is found: the handset tells when it goes on or off the charger,
    /// when it is taken off, and when there is little left.
    pub fn feel(
        &mut self,
        battery_pct: f64,
        charging: bool,
        worn: bool,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) {
        let fell_below = |mark: f64| battery_pct <= mark && self.battery_pct > mark;
        let news =
            charging != self.charging || worn != self.worn || LITTLE_LEFT_PCT.into_iter().any(fell_below);
        (self.battery_pct, self.charging, self.worn) = (battery_pct, charging, worn);
        if news && self.connected {
            self.send_status(now, effects);
        }
    }

    /// The sensor measured a position.
    pub fn take_fix(&mut self, reading: &Reading, now: Timestamp, effects: &mut Vec<Effect>) {
        let fix = self.number(reading, now);
        let thinned = self.backlog.keep(fix);
        if thinned > 0 {
            effects.push(Effect::Notice(Notice::FixesThinned(thinned)));
        }
        self.send_fixes(effects);
    }

    /// The button was pressed at `happened` (true time). The message is made once: a repeat is the same bytes.
    pub fn press(
        &mut self,
        press_id: Option<String>,
        reading: Option<&Reading>,
        happened: Timestamp,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> PressKey {
        let fix = reading.map(|reading| self.number(reading, happened));
        self.make_press(press_id, false, fix, happened, now, effects)
    }

    /// The accelerometer saw what may be a fall, at `happened` (true time); what it recorded goes along.
    pub fn fall(
        &mut self,
        window: Option<&Window>,
        reading: Option<&Reading>,
        happened: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> String {
        let fix = reading.map(|reading| self.number(reading, happened));
        let seq = self.boot.next_seq();
        let boot = self.boot.id().to_owned();
        let fall_id = format!("f-{boot}-{seq}");
        let at = self.own_time(happened);
        let payload = FallMessage::new(&fall_id, &boot, seq, at, fix, window).to_json();
        effects.push(Effect::Notice(Notice::Fell(fall_id.clone())));
        self.falls.add(fall_id.clone(), payload);
        self.send_falls(effects);
        fall_id
    }

    /// A start after which the flash no longer knows what of the newest track was acknowledged: that goes out again,
    /// with its old numbers.
    pub fn reboot_forgetting(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        self.reboot(now, effects);
        self.backlog.forget_acknowledgements();
    }

    /// The person takes a press back.
    pub fn cancel(&mut self, press_id: &str, now: Timestamp, effects: &mut Vec<Effect>) -> PressKey {
        self.make_press(Some(press_id.to_owned()), true, None, now, now, effects)
    }

    /// Switched off and on again: a new boot id, the sequence from the start, the radio silent.
    pub fn reboot(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        self.disconnected(effects);
        self.boot = self.boot.next(&self.id, now);
        effects.push(Effect::Notice(Notice::Rebooted(self.boot.id().to_owned())));
    }

    /// Time has passed: repeats what is due.
    pub fn wake(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        self.send_presses(now, effects);
        self.send_answers(now, effects);
    }

    /// What the handset's own clock shows, in the milliseconds it knows.
    fn own_time(&self, now: Timestamp) -> Timestamp {
        let shown = now.checked_add(self.clock_error).unwrap_or(now);
        Timestamp::from_millisecond(shown.as_millisecond()).unwrap_or(shown)
    }

    fn number(&mut self, reading: &Reading, now: Timestamp) -> Fix {
        let seq = self.boot.next_seq();
        fix_of(reading, self.boot.id(), seq, self.own_time(now))
    }

    fn make_press(
        &mut self,
        press_id: Option<String>,
        cancel: bool,
        fix: Option<Fix>,
        happened: Timestamp,
        now: Timestamp,
        effects: &mut Vec<Effect>,
    ) -> PressKey {
        let seq = self.boot.next_seq();
        let boot = self.boot.id().to_owned();
        let press_id = press_id.unwrap_or_else(|| format!("p-{boot}-{seq}"));
        let key = PressKey { press_id, boot, seq, pressed_at: self.own_time(happened), cancel };
        let payload = PressMessage::new(&key, fix, self.battery_pct).to_json();
        effects.push(Effect::Notice(Notice::Pressed(key.clone())));
        self.presses.add(Pending::new(key.clone(), payload, now));
        self.send_presses(now, effects);
        key
    }

    fn receipted(&mut self, receipt: &Receipt, now: Timestamp, effects: &mut Vec<Effect>) {
        let Some(press_id) = &receipt.press_id else { return };
        if let Some(settled) = self.presses.receipted(press_id, receipt.cancel) {
            effects.push(Effect::Notice(Notice::PressReceipted {
                received_at: receipt.received_at,
                waited: now.duration_since(settled.made_at),
                press: settled.key,
            }));
            // A cancel waits for its press to be receipted; it may be due now.
            self.send_presses(now, effects);
        }
    }

    fn send_presses(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if !self.connected {
            return;
        }
        for (key, payload, sends) in self.presses.take_due(now) {
            let token = self.token(InFlight::Press(key.clone()));
            effects.push(Effect::Notice(Notice::PressSent { press: key, sends }));
            effects.push(self.publish(token, UpKind::Press, payload));
        }
    }

    fn send_falls(&mut self, effects: &mut Vec<Effect>) {
        while self.connected {
            let token = self.last_token.saturating_add(1);
            let Some((fall_id, payload)) = self.falls.take(token) else { return };
            self.token(InFlight::Fall);
            effects.push(Effect::Notice(Notice::FallSent(fall_id)));
            effects.push(self.publish(token, UpKind::Fall, payload));
        }
    }

    fn send_fixes(&mut self, effects: &mut Vec<Effect>) {
        while self.connected {
            let token = self.last_token.saturating_add(1);
            let Some(fixes) = self.backlog.take(token) else { return };
            self.token(InFlight::Fixes);
            effects.push(Effect::Notice(Notice::FixesSent(fixes.len())));
            let payload = fixes_payload(&fixes);
            effects.push(self.publish(token, UpKind::Fix, payload));
        }
    }

    fn send_answers(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        if !self.connected {
            return;
        }
        for command_id in self.questions.take_due(now) {
            let Some(message) = AnswerMessage::of(&command_id, self.answers) else { continue };
            let token = self.token(InFlight::Status);
            effects.push(Effect::Notice(Notice::Replied(self.answers)));
            effects.push(self.publish(token, UpKind::Answer, message.to_json()));
        }
    }

    fn send_status(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        let status = StatusMessage::online(self.battery_pct, self.charging, self.worn, self.own_time(now));
        let token = self.token(InFlight::Status);
        effects.push(self.publish(token, UpKind::Status, status.to_json()));
    }

    fn token(&mut self, what: InFlight) -> Token {
        self.last_token = self.last_token.saturating_add(1);
        self.in_flight.insert(self.last_token, what);
        self.last_token
    }

    fn publish(&self, token: Token, kind: UpKind, payload: Vec<u8>) -> Effect {
        let topic = UpTopic { handset: self.id.clone(), kind }.name();
        Effect::Publish(Publish { token, topic, payload })
    }
}

fn unreadable(topic: &str) -> Effect {
    Effect::Notice(Notice::Unreadable { topic: topic.to_owned() })
}

/// The time a press is due again after it was sent that often.
fn due_again(now: Timestamp, sends: u32) -> Timestamp {
    later(now, pause_after(sends))
}

/// A pause in whole seconds.
const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

#[cfg(test)]
mod tests;
