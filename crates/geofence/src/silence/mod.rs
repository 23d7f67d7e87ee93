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
use model::{Severity, SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Who fell silent within so long after a press or a fall is no technical matter.
const AFTER_PRESS_S: f64 = 24.0 * 3_600.0;
/// Longer than any night: whoever was not heard for so long was not seen either, whatever their handset's interval.
const UNHEARD_S: f64 = 12.0 * 3_600.0;
/// A restart takes a minute; after so long a stop nobody can say what was done meanwhile.
const DEAF_S: f64 = 3_600.0;
/// Who was last seen outside so long before the last word may have come home meanwhile, by a handset that is heard and places nobody.
const SEEN_OUTSIDE_S: f64 = 24.0 * 3_600.0;

/// What an interval may be, in seconds. A handset that speaks more often than that is watched by its connection; one that speaks more
/// seldom, by nobody.
pub const HEARTBEAT_S: std::ops::RangeInclusive<f64> = 30.0..=86_400.0;

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
    /// Since when a handset that was never heard should have been.
    #[serde(default = "never")]
    supervised_from: Moment,
    pressed_at: Moment,
    silence_told: bool,
    /// How often this silence was told before.
    #[serde(default)]
    silence_again: u16,
    quiet: Option<Quiet>,
    battery: Battery,
    wearing: Wearing,
    /// When the body last moved, and how long it usually rests.
    stillness: Stillness,
    /// A fall after which it did not, which is seldom.
    #[serde(default)]
    fallen: Option<Box<Fallen>>,
}

/// Of what was kept before it could be said.
fn never() -> Moment {
    Moment::NEVER
}

/// What a handset says of itself is for the list of the day, unless its wearer is outside: then somebody should look.
fn severity(is_outside: bool) -> Severity {
    if is_outside { Severity::Notice } else { Severity::Technical }
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
            supervised_from: Moment::NEVER,
            pressed_at: Moment::PAST,
            silence_told: false,
            silence_again: 0,
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
        let is_known = self.heard_at != Moment::NEVER;
        if !is_known {
            self.stillness.unheard(Moment::PAST, now);
        } else if self.silence_told || now.seconds_since(self.heard_at) > UNHEARD_S {
            self.stillness.unheard(self.heard_at, now);
        }
        self.heard_at = if is_known { self.heard_at.max(now) } else { now };
        (self.silence_told, self.silence_again) = (false, 0);
    }

    /// We heard nobody until then: what was silent meanwhile may not have been. What was told before stays told.
    pub fn were_deaf(&mut self, until: Moment) {
        if self.silence_told {
            return;
        }
        if self.heard_at != Moment::NEVER {
            if until.seconds_since(self.heard_at) > DEAF_S {
                self.stillness.unheard(self.heard_at, until);
            }
            self.heard_at = self.heard_at.max(until);
        } else if self.supervised_from != Moment::NEVER {
            self.supervised_from = self.supervised_from.max(until);
        }
    }

    /// They were away as planned for that time and are expected again. What was told meanwhile asked nobody to look, but for
    /// what follows a press or a fall: if it still holds, it is told once more.
    pub fn expect(&mut self, around: Around<'_>, away: &Range<Moment>) {
        if self.silence_told && away.contains(&self.offline_at(around)) && !self.is_after_press() {
            (self.silence_told, self.silence_again) = (false, self.silence_again.saturating_add(1));
        }
        self.battery.expect(away);
        self.wearing.expect(away, around.rules);
        self.stillness.expect(away);
        self.quiet = None;
    }

    /// Our clock was set back by so much: what was left until something is due is left.
    pub(crate) fn clock_went_back(&mut self, by: SignedDuration) {
        for moment in [&mut self.heard_at, &mut self.supervised_from, &mut self.pressed_at] {
            moment.set_back(by);
        }
        self.battery.clock_went_back(by);
        self.wearing.clock_went_back(by);
        self.stillness.clock_went_back(by);
        if let Some(fallen) = &mut self.fallen {
            fallen.clock_went_back(by);
        }
        // When all is judged the next time is partly an hour of the day.
        self.quiet = None;
    }

    /// From now on the handset should be heard; if it is supervised already, nothing changes.
    pub(crate) fn supervise(&mut self, now: Moment) {
        if self.silent_since() == Moment::NEVER {
            self.supervised_from = now;
        }
    }

    /// Another handset is carried: what the one before said of itself is not true of this one.
    pub(crate) fn change_handset(&mut self, now: Moment) {
        let Self { pressed_at, mut stillness, ref mut fallen, .. } = *self;
        let fallen = fallen.take();
        stillness.put_on(now);
        *self = Self { pressed_at, stillness, fallen, ..Self::default() };
    }

    /// Notes a press: from then on silence is grave.
    pub fn press(&mut self, now: Moment) {
        self.pressed_at = now;
    }

    /// Notes what the handset says of itself. A last will is said by the broker and is no sign of life.
    pub fn take(&mut self, told: &Told, now: Moment) {
        if told.online != Some(false) {
            self.hear(now);
        }
        self.quiet = None;
        let (was_carried, was_charging) = (self.is_carried(), self.battery.is_charging());
        self.battery.take(told, now);
        self.wearing.take(told, now);
        self.carry(was_carried, was_charging, now);
    }

    /// What follows where it is on its wearer again, or no more.
    fn carry(&mut self, was_carried: bool, was_charging: bool, now: Moment) {
        if was_charging && !self.battery.is_charging() {
            self.wearing.unplug(now);
        }
        match (was_carried, self.is_carried()) {
            (true, false) => self.stillness.put_down(now),
            (false, true) => self.stillness.put_on(now),
            (true, true) | (false, false) => {}
        }
    }

    /// Notes the charge of the battery that came with a fix.
    pub fn charge(&mut self, pct: f64, at: Moment) {
        let (was_carried, was_charging) = (self.is_carried(), self.battery.is_charging());
        if self.battery.charge(pct, at) {
            self.quiet = None;
            self.carry(was_carried, was_charging, at);
        }
    }

    /// Notes that the body moved.
    pub fn moved(&mut self, at: Moment) {
        self.quiet = None;
        self.stillness.moved(at);
    }

    /// Notes that a fix shows the body where it rests.
    pub fn rested(&mut self, at: Moment) {
        self.stillness.rested(at);
    }

    /// How the body moved is forgotten; what is known of the handset is not.
    pub(crate) fn forget_movement(&mut self) {
        let forgotten = Self::default();
        self.stillness = forgotten.stillness;
        (self.quiet, self.fallen) = (forgotten.quiet, forgotten.fallen);
    }

    /// How the handset is reached.
    pub fn link(&self, rules: &Rules, heartbeat_s: Option<f64>, now: Moment) -> Link {
        let since = self.silent_since();
        let Some(heartbeat_s) = heartbeat_s.filter(|_| since != Moment::NEVER) else {
            return Link::Unknown;
        };
        let silent_s = now.seconds_since(since);
        if silent_s >= rules.offline_heartbeats * heartbeat_s {
            Link::Offline
        } else if self.heard_at == Moment::NEVER {
            Link::Unknown
        } else if silent_s < rules.late_heartbeats * heartbeat_s {
            Link::Online
        } else {
            Link::Late
        }
    }

    /// When it was heard last, or should have been for the first time.
    fn silent_since(&self) -> Moment {
        if self.heard_at == Moment::NEVER { self.supervised_from } else { self.heard_at }
    }

    /// When it is given up if nothing is heard; never, where nobody misses it.
    fn offline_at(&self, around: Around<'_>) -> Moment {
        let silent_s = around.heartbeat_s.map(|heartbeat_s| heartbeat_s * around.rules.offline_heartbeats);
        silent_s.map_or(Moment::NEVER, |silent_s| self.silent_since().plus_s(silent_s))
    }

    /// Whether the last word came soon after a press. When it is given up is no matter of the press: three heartbeats may be longer than
    /// a day.
    fn is_after_press(&self) -> bool {
        self.silent_since().seconds_since(self.pressed_at) < AFTER_PRESS_S
    }

    /// The same of having been seen, for who was outside.
    fn is_seen_lately(&self, seen_at: Moment) -> bool {
        self.silent_since().seconds_since(seen_at) < SEEN_OUTSIDE_S
    }

    /// Whether a day without movement would be told by what is known.
    pub fn outlook(&self, rules: &Rules) -> body::Outlook {
        self.stillness.outlook(rules)
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
        let is_heard = self.link(around.rules, around.heartbeat_s, now) != Link::Offline;
        due.extend(if is_heard { None } else { self.silence(around, now) });
        due.extend(self.still_after_fall(around, now));
        // Without a heartbeat nobody says that it is silent: then it is heard for as long as a day with a night may be quiet.
        if is_heard && (0.0..=UNHEARD_S).contains(&now.seconds_since(self.heard_at)) {
            self.stillness.turn_day(now, now);
        }
        if self.quiet.is_some_and(|quiet| quiet.holds(around, now)) {
            return;
        }
        let Around { rules, policy, is_outside, up_by, .. } = around;
        due.extend(self.battery.judge(is_outside, rules, now));
        due.extend(self.wearing.judge(self.battery.is_charging(), is_outside, rules, now));
        let mut is_whole = is_heard;
        if policy.watches_inactivity() && self.is_carried() && is_heard {
            due.extend(self.stillness.judge(up_by, rules, now));
            is_whole = !self.stillness.awaits_fix(up_by, rules, now);
        }
        // Whoever is not heard, or not seen where it matters, is not judged whole; that is done once they are.
        self.quiet = is_whole.then(|| Quiet { policy, up_by, until: self.due_after(around, now) });
    }

    fn is_carried(&self) -> bool {
        self.wearing.is_worn() && !self.battery.is_charging()
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

    /// How many bytes it points to.
    pub(crate) fn bytes(&self) -> usize {
        self.fallen.as_ref().map_or(0, |_| size_of::<Fallen>())
    }

    /// Reads a little of it.
    pub(crate) fn touch(&self) -> usize {
        usize::from(self.heard_at > self.pressed_at).wrapping_add(usize::from(self.quiet.is_some()))
    }

    /// What there is to tell of a handset that is offline.
    fn silence(&mut self, around: Around<'_>, now: Moment) -> Option<Due> {
        if self.silence_told {
            return None;
        }
        self.silence_told = true;
        // As it was when they fell silent, also where it is told later or once more.
        let (rule, severity) = if self.is_after_press() {
            ("silence/after_press", Severity::Urgent)
        } else if around.is_outside && self.is_seen_lately(around.seen_at) {
            ("silence/outside", Severity::Urgent)
        } else {
            ("silence/offline", Severity::Technical)
        };
        let limit = around.heartbeat_s.map(|heartbeat_s| heartbeat_s * around.rules.offline_heartbeats);
        let since = self.silent_since();
        let findings = vec![finding("silent_s", now.seconds_since(since), limit)];
        Some(Due { kind: Kind::Silence, rule, since, again: self.silence_again, severity, findings })
    }

    /// When it must be judged although nothing is heard; after `now`.
    pub fn wakes_at(&self, around: Around<'_>, now: Moment) -> Moment {
        let silence = if self.silence_told { Moment::NEVER } else { self.offline_at(around) };
        let else_due = match self.quiet {
            Some(quiet) if quiet.holds(around, now) => quiet.until,
            Some(_) | None => self.due_after(around, now),
        };
        let fallen = self.fallen.as_deref().map_or(Moment::NEVER, Fallen::wakes_at);
        [silence, fallen, else_due].into_iter().filter(|moment| *moment > now).min().unwrap_or(Moment::NEVER)
    }
}
