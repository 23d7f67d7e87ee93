//! The handset and the body that carries it: silence, battery, taken off, no movement, a rest after a fall.
//!
//! Nothing here is a timer. [`Watch::take`] notes what was heard, [`Watch::judge`] says what is due by now, and
//! [`Watch::wakes_at`] when it must be asked again; so a deadline is stored with the rest of the state and survives a
//! restart. To add something that is supervised: a file with these three, and a line in each of them here.

pub mod battery;
pub mod body;
pub mod fallen;

use crate::moment::Moment;
use crate::policy::Policy;
use crate::rules::Rules;
use crate::signal::{Finding, Kind, finding};
use battery::Battery;
use body::{Stillness, Wearing};
use fallen::Fallen;
use model::{Severity, Timestamp};
use serde::{Deserialize, Serialize};

/// After a press or a fall, silence is no technical matter for so long.
const AFTER_PRESS_S: f64 = 24.0 * 3_600.0;

/// How a handset is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// Never heard, or not supervised.
    Unknown,
    /// Heard within its heartbeat.
    Online,
    /// Overdue.
    Late,
    /// Given up for now.
    Offline,
}

/// What a handset says of itself; what is not said stays as it was.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Told {
    /// Connected; false in a last will.
    pub online: Option<bool>,
    /// Charge of the battery.
    pub battery_pct: Option<f64>,
    /// On its charger.
    pub charging: Option<bool>,
    /// On its wearer.
    pub worn: Option<bool>,
}

/// What is supervised of one handset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Watch {
    heard_at: Moment,
    pressed_at: Moment,
    silence_told: bool,
    quiet: Option<Quiet>,
    battery: Battery,
    wearing: Wearing,
    /// When the body last moved, and how long it usually rests.
    stillness: Stillness,
    /// A fall after which it did not, which is seldom.
    #[serde(default)]
    fallen: Option<Box<Fallen>>,
}

/// Whom it was last judged for, and until when nothing but silence and a rest after a fall can become due for them if nothing is
/// noted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Quiet {
    policy: Policy,
    up_by: Option<u16>,
    until: Moment,
}

impl Quiet {
    fn holds(self, around: Around<'_>, now: Moment) -> bool {
        self.policy == around.policy && self.up_by == around.up_by && now < self.until
    }
}

impl Default for Watch {
    fn default() -> Self {
        Self {
            heard_at: Moment::NEVER,
            pressed_at: Moment::PAST,
            silence_told: false,
            quiet: None,
            battery: Battery::default(),
            wearing: Wearing::default(),
            stillness: Stillness::default(),
            fallen: None,
        }
    }
}

/// What the supervision must know of the resident.
#[derive(Debug, Clone, Copy)]
pub struct Around<'a> {
    /// The numbers it works by.
    pub rules: &'a Rules,
    /// Who it is.
    pub policy: Policy,
    /// The handset's own interval; without one it is not supervised.
    pub heartbeat_s: Option<f64>,
    /// Whether the resident was last believed outside of a safe fence.
    pub is_outside: bool,
    /// The minute of the day by which they have always been out, if habits say so.
    pub up_by: Option<u16>,
    /// When a fix last told where they are.
    pub seen_at: Moment,
}

/// Something that is due.
#[derive(Debug, Clone, PartialEq)]
pub struct Due {
    /// What.
    pub kind: Kind,
    /// The rule, as evidence names it.
    pub rule: &'static str,
    /// Since when.
    pub since: Moment,
    /// How often it was told before in this episode.
    pub again: u16,
    /// How grave.
    pub severity: Severity,
    /// What was measured.
    pub findings: Vec<Finding>,
}

impl Watch {
    /// Notes that the handset was heard.
    pub fn hear(&mut self, now: Moment) {
        self.heard_at = if self.heard_at == Moment::NEVER { now } else { self.heard_at.max(now) };
        self.silence_told = false;
    }

    /// We heard nobody until then: what was silent meanwhile may not have been. What was told before stays told.
    pub fn were_deaf(&mut self, until: Moment) {
        if self.heard_at != Moment::NEVER && !self.silence_told {
            self.heard_at = self.heard_at.max(until);
        }
    }

    /// Notes a press: from then on silence is grave.
    pub fn press(&mut self, now: Moment) {
        self.pressed_at = now;
    }

    /// Notes a fall: from then on silence is as grave as after a press, and so is a rest.
    pub fn fall(&mut self, at: Moment, now: Moment) {
        self.press(now);
        let fallen = Fallen::new(at, now);
        if self.stillness.moved_at().is_none_or(|moved_at| !fallen.is_over(moved_at)) {
            self.fallen = Some(Box::new(fallen));
        }
    }

    /// Notes what the handset says of itself. A last will is said by the broker and is no sign of life.
    pub fn take(&mut self, told: &Told, now: Moment) {
        if told.online != Some(false) {
            self.hear(now);
        }
        self.quiet = None;
        self.battery.take(told, now);
        self.wearing.take(told, now);
    }

    /// Notes the charge of the battery that came with a fix.
    pub fn charge(&mut self, pct: f64, at: Moment) {
        if self.battery.charge(pct, at) {
            self.quiet = None;
        }
    }

    /// Notes that the body moved.
    pub fn moved(&mut self, at: Moment) {
        self.quiet = None;
        self.stillness.moved(at);
        self.fallen.take_if(|fallen| fallen.is_over(at));
    }

    /// How the body moved is forgotten; what is known of the handset is not.
    pub(crate) fn forget_movement(&mut self) {
        let Self { heard_at, pressed_at, silence_told, battery, wearing, .. } = *self;
        *self = Self { heard_at, pressed_at, silence_told, battery, wearing, ..Self::default() };
    }

    /// How the handset is reached.
    pub fn link(&self, rules: &Rules, heartbeat_s: Option<f64>, now: Moment) -> Link {
        let Some(heartbeat_s) = heartbeat_s.filter(|_| self.heard_at != Moment::NEVER) else {
            return Link::Unknown;
        };
        let silent_s = now.seconds_since(self.heard_at);
        if silent_s < rules.late_heartbeats * heartbeat_s {
            Link::Online
        } else if silent_s < rules.offline_heartbeats * heartbeat_s {
            Link::Late
        } else {
            Link::Offline
        }
    }

    /// When the handset was heard last.
    pub fn heard_at(&self) -> Option<Timestamp> {
        self.heard_at.set()
    }

    /// When the battery will be empty, as well as can be told.
    pub fn empty_at(&self) -> Option<Moment> {
        self.battery.empty_at()
    }

    /// What is due by now.
    pub fn judge(&mut self, around: Around<'_>, now: Moment, due: &mut Vec<Due>) {
        due.extend(self.silence(around, now));
        due.extend(self.still_after_fall(around, now));
        if self.quiet.is_some_and(|quiet| quiet.holds(around, now)) {
            return;
        }
        due.extend(self.battery.judge(around.rules, now));
        due.extend(self.wearing.judge(self.battery.is_charging(), around.rules, now));
        let is_heard = self.link(around.rules, around.heartbeat_s, now) != Link::Offline;
        if around.policy.watches_inactivity() && self.is_carried() && is_heard {
            due.extend(self.stillness.judge(around.up_by, around.rules, now));
        }
        // Whoever is not heard is not judged whole; that is done once they are.
        let Around { policy, up_by, .. } = around;
        self.quiet = is_heard.then(|| Quiet { policy, up_by, until: self.due_after(around, now) });
    }

    fn is_carried(&self) -> bool {
        self.wearing.is_worn() && !self.battery.is_charging()
    }

    /// Of a handset that is on nobody, or silent, nobody can say that its wearer does not move.
    fn still_after_fall(&mut self, around: Around<'_>, now: Moment) -> Option<Due> {
        let fallen = self.fallen.as_deref().copied()?;
        let can_tell = self.is_carried() && self.link(around.rules, around.heartbeat_s, now) != Link::Offline;
        let is_due = can_tell && fallen.is_due(around.seen_at, now);
        if is_due || fallen.is_forgotten(now) {
            self.fallen = None;
        }
        is_due.then(|| fallen.told(now))
    }

    /// When something other than silence and a rest after a fall can become due if nothing is noted; after `now`.
    fn due_after(&self, around: Around<'_>, now: Moment) -> Moment {
        let still = if around.policy.watches_inactivity() {
            self.stillness.wakes_at(around.up_by, around.rules, now)
        } else {
            Moment::NEVER
        };
        let wakes = [self.battery.wakes_at(now), self.wearing.wakes_at(around.rules), still];
        wakes.into_iter().filter(|moment| *moment > now).min().unwrap_or(Moment::NEVER)
    }

    /// Judges everything the next time, whether or not anything can have become due: by other numbers it may have.
    pub(crate) fn judge_whole(&mut self) {
        self.quiet = None;
    }

    /// Reads a little of it.
    pub(crate) fn touch(&self) -> usize {
        usize::from(self.heard_at > self.pressed_at).wrapping_add(usize::from(self.quiet.is_some()))
    }

    fn silence(&mut self, around: Around<'_>, now: Moment) -> Option<Due> {
        if self.silence_told || self.link(around.rules, around.heartbeat_s, now) != Link::Offline {
            return None;
        }
        self.silence_told = true;
        let after_press = now.seconds_since(self.pressed_at) < AFTER_PRESS_S;
        let (rule, severity) = if after_press {
            ("silence/after_press", Severity::Urgent)
        } else if around.is_outside {
            ("silence/outside", Severity::Urgent)
        } else {
            ("silence/offline", Severity::Technical)
        };
        let limit = around.heartbeat_s.map(|heartbeat_s| heartbeat_s * around.rules.offline_heartbeats);
        let findings = vec![finding("silent_s", now.seconds_since(self.heard_at), limit)];
        Some(Due { kind: Kind::Silence, rule, since: self.heard_at, again: 0, severity, findings })
    }

    /// When it must be judged although nothing is heard; after `now`.
    pub fn wakes_at(&self, around: Around<'_>, now: Moment) -> Moment {
        let silence = match around.heartbeat_s {
            Some(heartbeat_s) if !self.silence_told && self.heard_at != Moment::NEVER => {
                self.heard_at.plus_s(heartbeat_s * around.rules.offline_heartbeats)
            }
            Some(_) | None => Moment::NEVER,
        };
        let else_due = match self.quiet {
            Some(quiet) if quiet.holds(around, now) => quiet.until,
            Some(_) | None => self.due_after(around, now),
        };
        let fallen = self.fallen.as_deref().map_or(Moment::NEVER, Fallen::wakes_at);
        [silence, fallen, else_due].into_iter().filter(|moment| *moment > now).min().unwrap_or(Moment::NEVER)
    }
}
