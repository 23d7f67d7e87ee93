//! What can be said of a fence right now, for screens.

use super::state::FenceState;
use super::{Resident, State, World};
use crate::fence::FenceKind;
use crate::fence::tracker::Side;
use crate::moment::Moment;
use crate::rules::Rules;
use crate::silence::{Link, body::Outlook};
use model::{Timestamp, Wgs84};
use serde::{Deserialize, Serialize};

/// Where a resident stands to a fence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "side", rename_all = "snake_case")]
pub enum Standing {
    /// Nobody can say, and for how long.
    Unknown {
        /// Seconds since a fix last told; none if none ever did.
        age_s: Option<f64>,
    },
    /// Inside.
    Inside {
        /// Since when.
        since: Timestamp,
    },
    /// Outside.
    Outside {
        /// Since when.
        since: Timestamp,
    },
}

/// Where the resident stands to the fence of that number, and whether the fence is armed; none if there is no such fence.
pub fn standing(
    world: &World,
    resident: &Resident,
    state: &State,
    number: usize,
    now: Timestamp,
) -> Option<(Standing, bool)> {
    let (fence, now) = (resident.fences.get(number)?, Moment::from(now));
    let armed = fence.is_armed(now);
    let Some(held) = state.fences.get(number) else {
        return Some((Standing::Unknown { age_s: None }, armed));
    };
    let (tracker, supported_at) = (&held.tracker, state.supported_at(held));
    let told = supported_at != Moment::PAST;
    let age_s = now.seconds_since(supported_at);
    let since = tracker.since.timestamp();
    let standing = match tracker.side {
        Side::Unknown => Standing::Unknown { age_s: None },
        Side::Inside | Side::Outside if told && age_s > world.rules.unknown_after_s => {
            Standing::Unknown { age_s: Some(age_s) }
        }
        Side::Inside => Standing::Inside { since },
        Side::Outside => Standing::Outside { since },
    };
    Some((standing, armed))
}

impl State {
    /// When a fix last told where the resident stands to the fence of that number.
    pub fn supported(&self, number: usize) -> Option<Timestamp> {
        let supported_at = self.supported_at(self.fences.get(number)?);
        (supported_at != Moment::PAST).then(|| supported_at.timestamp())
    }

    /// The middle of where the resident rests, or was last.
    pub fn about(&self) -> Option<Wgs84> {
        let rest = self.rest.and_then(|rest| Wgs84::new(rest.lat, rest.lon).ok());
        rest.or_else(|| self.last.and_then(super::place::Place::position))
    }

    /// How the handset is reached by what is remembered, and when it was heard last.
    pub fn link(&self, rules: &Rules, heartbeat_s: Option<f64>, now: Timestamp) -> (Link, Option<Timestamp>) {
        (self.watch.link(rules, heartbeat_s, now.into()), self.watch.heard_at())
    }

    /// When its battery will be empty, as well as can be told.
    pub fn empty_at(&self) -> Option<Timestamp> {
        self.watch.empty_at().map(Moment::timestamp)
    }

    /// Whether a day without movement would be told by what is known of other days.
    pub fn outlook(&self, rules: &Rules) -> Outlook {
        self.watch.outlook(rules)
    }

    /// Until when a companion is taken to be near.
    pub fn company_until(&self) -> Option<Timestamp> {
        (self.companion_until != Moment::PAST).then(|| self.companion_until.timestamp())
    }

    /// A number that changes when the resident changes sides of any fence.
    pub fn sides(&self) -> u64 {
        let side = |held: &FenceState| match held.tracker.side {
            Side::Unknown => 0,
            Side::Inside => 1,
            Side::Outside => 2,
        };
        self.fences.iter().fold(0, |sides, held| sides.wrapping_mul(3).wrapping_add(side(held)))
    }

    /// Repeats about the fence of that number are not wanted until a moment, as was said at another. Nothing is judged by it: while a
    /// shell takes up what was on its way, the clock is ahead of what it has read.
    pub fn snooze(&mut self, number: usize, at: Timestamp, until: Timestamp) {
        if let Some(episode) = self.fences.get_mut(number).and_then(|held| held.episode.as_mut()) {
            episode.snooze(at.into(), until.into());
        }
    }

    /// The same of the zone of that number.
    pub fn snooze_zone(&mut self, zone: u32, at: Timestamp, until: Timestamp) {
        let visits = self.visits.all_mut().iter_mut().filter(|visit| visit.zone == zone);
        visits.for_each(|visit| visit.snooze(at.into(), until.into()));
    }

    /// When it was told first that the resident is in the zone of that number.
    pub fn zone_raised_at(&self, zone: u32) -> Option<Timestamp> {
        self.visits.all().iter().find(|visit| visit.zone == zone)?.raised_at()
    }

    /// Whether the resident is known to be on the right side of the fence of that number, which is of that kind.
    pub(crate) fn is_right(&self, number: usize, kind: FenceKind) -> bool {
        let side = self.fences.get(number).map_or(Side::Unknown, |held| held.tracker.side);
        side != Side::Unknown && side != kind.alarming()
    }

    /// When the open episode of the fence of that number was told first.
    pub fn raised_at(&self, number: usize) -> Option<Timestamp> {
        self.fences.get(number)?.episode.as_ref()?.raised_at.set()
    }
}
