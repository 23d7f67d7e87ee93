//! What is laid down beforehand for a life in a story.

use super::Life;
use crate::clock::later;
use crate::handset::{Effect, Notice};
use crate::world::{Battery, Ground, Leg, Motion};
use model::Timestamp;
use std::time::Duration;

/// Something that happens at its time.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// A sentence for whoever watches.
    Tell(String),
    /// The person is there.
    BeAt(Ground),
    /// The person sets out on this way.
    Go(Vec<Leg>),
    /// The button is pressed.
    Press,
    /// The last press is taken back.
    TakeBack,
    /// The body does this; the handset reports it if it looks like a fall.
    Move(Motion),
    /// The network goes away, or comes back.
    Network(bool),
    /// The handset starts anew; it may have forgotten what was acknowledged.
    Reboot {
        /// Whether it has.
        forgetting: bool,
    },
    /// So much is in the battery, in percent.
    Charge(f64),
    /// Somebody puts the handset on its charger.
    PutOnCharger,
    /// The handset is taken off, or put on again.
    Wear(bool),
    /// Positions are measured this often from now on.
    MeasureEvery(Duration),
    /// From now on this share of messages goes out twice.
    SendTwice(f64),
}

/// Acts and when they come after the begin, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Script {
    acts: Vec<(Duration, Act)>,
    lasting: Duration,
}

impl Script {
    /// An empty one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an act; it must not come before the one added last.
    #[must_use]
    pub fn at(mut self, after: Duration, act: Act) -> Self {
        debug_assert!(after >= self.lasting, "acts stand in the order of time");
        self.lasting = self.lasting.max(after);
        self.acts.push((self.lasting, act));
        self
    }

    /// Adds a sentence.
    #[must_use]
    pub fn tell(self, after: Duration, text: &str) -> Self {
        self.at(after, Act::Tell(text.to_owned()))
    }

    /// The story goes on until then without anything laid down.
    #[must_use]
    pub fn until(mut self, after: Duration) -> Self {
        self.lasting = self.lasting.max(after);
        self
    }

    /// How long it lasts.
    pub fn lasting(&self) -> Duration {
        self.lasting
    }

    /// All acts.
    pub(super) fn into_acts(self) -> impl Iterator<Item = (Duration, Act)> {
        self.acts.into_iter()
    }
}

impl Life {
    pub(super) fn follow_script(&mut self, now: Timestamp, effects: &mut Vec<Effect>) {
        while let Some((_, act)) = self.script.pop_front_if(|(at, _)| *at <= now) {
            self.perform(act, now, effects);
        }
    }

    fn perform(&mut self, act: Act, now: Timestamp, effects: &mut Vec<Effect>) {
        match act {
            Act::Tell(text) => effects.push(Effect::Notice(Notice::Told(text))),
            Act::BeAt(place) => self.person.be_at(place),
            Act::Go(way) => self.person.go(way, now),
            Act::Press => self.press(now, effects),
            Act::TakeBack => {
                if let Some(press_id) = self.last_press.take() {
                    self.handset.cancel(&press_id, now, effects);
                }
            }
            Act::Move(motion) => self.move_body(motion, now, effects),
            Act::Network(there) => self.obstacles.cut_off = !there,
            Act::Reboot { forgetting } => self.reboot(forgetting, now, effects),
            Act::Charge(charge_pct) => {
                self.battery =
                    Battery::charged(charge_pct).of_a_person_who_forgets(self.traits.forgets_charging);
            }
            Act::PutOnCharger => self.battery.put_on_charger(),
            Act::Wear(worn) => self.worn = worn,
            Act::MeasureEvery(every) => {
                self.plan.fix_every = every;
                self.agenda.fix = later(now, every);
            }
            Act::SendTwice(share) => self.traits.sends_twice = share,
        }
    }
}
