//! Forbidden ground that was passed between two fixes.
//!
//! Both are surely outside of it and somebody on foot had no time to go round: then they came through, too fast to be seen inside. But
//! one fix may be off, and where a network is mapped to the other bank each change of method looks like a way across. So a passage waits
//! until fixes on the same side give as much evidence as a side takes ([`tracker`]) and the resting place has gone over with
//! them. The first that is back, or too near to the edge to say, ends it; and a fix that agrees with the resting place begins none.
//!
//! [`tracker`]: crate::fence::tracker

use super::Context;
use super::edges::REACH_M;
use super::place::{Here, Place};
use crate::fence::rest::{Becomes, Seen};
use crate::fence::tracker::{Look, Side, at_most};
use crate::fence::{Fence, FenceKind};
use crate::moment::Moment;
use crate::rules::Rules;
use crate::shape::Passage;
use model::SignedDuration;
use serde::{Deserialize, Serialize};

/// So far beyond what matters a way round is looked for.
const ROUND_M: f64 = 10.0;
/// Whoever is further from an edge than so many standard deviations is surely on that side of it.
const BEYOND_SIGMAS: f64 = 2.0;

/// Forbidden ground that was passed, to be told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Crossing {
    /// The time of the last fix before it.
    pub(super) since: Moment,
    pub(super) passage: Passage,
    pub(super) gap_s: f64,
    /// So far somebody on foot gets in that time, with the errors of both fixes; a way round is longer.
    pub(super) walked_m: f64,
}

/// Passages that wait to be borne out. Nearly nobody has any, so none take no room.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Crossings(Option<Box<Waiting>>);

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Waiting {
    all: Vec<Pending>,
}

/// A passage that waits.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Pending {
    /// The number of the fence.
    fence: usize,
    /// The last fix before it, and the first beyond.
    from: Place,
    to: Place,
    passage: Passage,
    gap_s: f64,
    walked_m: f64,
    /// Evidence that they are beyond it.
    score: f64,
    /// Whether the resting place is beyond it too.
    has_moved: bool,
}

impl Crossings {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(super) fn bytes(&self) -> usize {
        let of = |waiting: &Waiting| waiting.all.capacity().saturating_mul(size_of::<Pending>());
        self.0.as_ref().map_or(0, |waiting| of(waiting).saturating_add(size_of::<Waiting>()))
    }

    /// Our clock was set back by so much.
    pub(super) fn clock_went_back(&mut self, by: SignedDuration) {
        for pending in self.0.iter_mut().flat_map(|waiting| &mut waiting.all) {
            pending.from.at.set_back(by);
            pending.to.at.set_back(by);
        }
    }

    /// Shows a fix that can decide to one fence, on whose `side` they were until now; what it bears out is to be told.
    pub(super) fn take(
        &mut self,
        context: &Context<'_>,
        last: Option<Place>,
        (number, fence): (usize, &Fence),
        side: Side,
        here: &Here,
        look: &Look,
    ) -> Option<Crossing> {
        let is_beyond = fence.kind == FenceKind::Forbidden
            && side == Side::Outside
            && look.distance_m > BEYOND_SIGMAS * look.sigma_m;
        let rules = &context.world.rules;
        let Some(held) = self.remove(number) else {
            let begun =
                last.filter(|_| is_beyond).and_then(|last| Pending::begin(rules, last, here, look, fence));
            self.extend(begun.map(|begun| Pending { fence: number, ..begun }));
            return None;
        };
        let next = held.after(rules, fence, here, look).filter(|_| is_beyond)?;
        if next.is_borne_out(rules) {
            return Some(next.crossing());
        }
        self.extend(Some(next));
        None
    }

    fn remove(&mut self, number: usize) -> Option<Pending> {
        let waiting = self.0.as_mut()?;
        let place = waiting.all.iter().position(|pending| pending.fence == number)?;
        let found = waiting.all.swap_remove(place);
        self.0.take_if(|waiting| waiting.all.is_empty());
        Some(found)
    }

    fn extend(&mut self, more: Option<Pending>) {
        if let Some(pending) = more {
            self.0.get_or_insert_default().all.push(pending);
        }
    }
}

impl Pending {
    /// Of the way from the last fix to this one, which is surely outside. Whoever was inside for less than the fence's dwell is not told
    /// of.
    fn begin(rules: &Rules, last: Place, here: &Here, look: &Look, fence: &Fence) -> Option<Self> {
        // Who is where they rested is back from a fix that was off; and who has moved less than the distance has not reached it.
        let is_back = matches!(look.seen, Some(Seen { becomes: Becomes::Nearer(_), .. }));
        if is_back || here.away_m(last) < look.distance_m {
            return None;
        }
        let (from, gap_s) = (last.position()?, look.at.seconds_since(last.at));
        let last_sigma_m = f64::from(last.sigma_m);
        let is_outside = fence.area.within_reach_m(from, REACH_M) > BEYOND_SIGMAS * last_sigma_m;
        if gap_s > rules.cross_within_s || !is_outside || !fence.is_armed(look.at) {
            return None;
        }
        let walked_m = rules.vehicle_mps * gap_s + 2.0 * (last_sigma_m + look.sigma_m);
        let passage = fence.area.passage(from, here.position, walked_m + ROUND_M)?;
        let inside_s = gap_s * passage.inside_m / passage.length_m.max(1.0);
        let is_crossed = passage.detour_m > walked_m && inside_s >= fence.dwell_s;
        is_crossed.then_some(Self {
            fence: 0,
            from: last,
            to: here.place,
            passage,
            gap_s,
            walked_m,
            score: at_most(look.method, rules),
            has_moved: has_moved(look),
        })
    }

    /// After a further fix; none, if it is back through the ground, or neither beyond it as seen from where they came nor nearer to where
    /// they came out: round a corner no ground lies between, and a fix beyond that was off leaves the next ones near where they came from.
    /// What comes too late for that may have come round.
    fn after(self, rules: &Rules, fence: &Fence, here: &Here, look: &Look) -> Option<Self> {
        let leads_through = |from: Place| {
            from.position().is_some_and(|from| fence.area.passage(from, here.position, 0.0).is_some())
        };
        let is_soon = look.at.seconds_since(self.to.at) <= rules.cross_within_s;
        let is_over = leads_through(self.from) || here.away_m(self.to) < here.away_m(self.from);
        let stays = is_soon && is_over && !leads_through(self.to);
        let score = self.score + at_most(look.method, rules) * look.news;
        stays.then_some(Self { score, has_moved: self.has_moved || has_moved(look), ..self })
    }

    fn is_borne_out(&self, rules: &Rules) -> bool {
        self.has_moved && self.score >= rules.threshold
    }

    fn crossing(&self) -> Crossing {
        let Self { from, passage, gap_s, walked_m, .. } = *self;
        Crossing { since: from.at, passage, gap_s, walked_m }
    }
}

fn has_moved(look: &Look) -> bool {
    matches!(look.seen, Some(Seen { becomes: Becomes::Moved, .. }))
}
