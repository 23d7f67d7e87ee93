//! Which station is asked to go: in order, each that is not asked with the reason.
//!
//! What speaks against asking a station at all comes first: it is off duty, it could not go before, it has its hands full. Among
//! those that are as free the nearest comes first, as far as it is known where help is needed; then who has a skill that helps,
//! then who has less to do.

mod skill;
#[cfg(test)]
mod tests;

pub use skill::{Skill, wanted};

use model::{StationId, Wgs84};
use std::cmp::Ordering;

/// Tasks of a station that have not ended; with more somebody waits.
const BUSY_AT: u32 = 3;
/// A position older than this says where the person was, not where they are: then home counts.
const POSITION_GOOD_FOR_S: i64 = 30 * 60;
/// How fast an old person may have gone on since they were seen, in metres a second.
const WALK_MPS: f64 = 0.8;
/// Whoever is nearer by less than this is not nearer: the walk that makes no difference.
const AS_NEAR_M: f64 = 200.0;
/// So much farther away a station may be that has a skill which helps: five minutes on an electric bicycle.
const SKILL_WORTH_M: f64 = 1_500.0;

/// Where help is needed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Need {
    /// Where.
    pub place: Wgs84,
    /// How far off that may be (68 %), in metres.
    pub accuracy_m: f64,
    /// It says where the person was, long ago.
    pub is_old: bool,
}

impl Need {
    /// Where somebody was seen some seconds ago. They may have gone on since, so it is the less certain the older it is.
    pub fn seen(place: Wgs84, accuracy_m: f64, age_s: i64) -> Self {
        let age = f64::from(u32::try_from(age_s.max(0)).unwrap_or(u32::MAX));
        Self { place, accuracy_m: accuracy_m + WALK_MPS * age, is_old: age_s > POSITION_GOOD_FOR_S }
    }
}

/// A station as it is now.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a reason of its own")]
pub struct Standing {
    /// Which.
    pub station: StationId,
    /// Where it is.
    pub place: Wgs84,
    /// Whether it may be asked.
    pub on_duty: bool,
    /// Whether these are hours in which somebody works there.
    pub in_hours: bool,
    /// What it can do besides going there.
    pub skills: Vec<Skill>,
    /// Whether somebody there would see a task at once; nothing where that is not known.
    pub is_online: Option<bool>,
    /// Whether anybody there has an account at all.
    pub has_account: bool,
    /// Its tasks that have not ended.
    pub live_tasks: u32,
    /// It has one in this incident.
    pub is_asked: bool,
    /// It had one in this incident, and declined or failed.
    pub has_declined: bool,
}

/// Why a station had better not be asked, or why another is asked before it. It may be asked, all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Against {
    /// Nothing: it is as good as the one that is recommended.
    Even,
    /// The person was seen too long ago to say which of them is nearer.
    PositionOld,
    /// It is as near, and has more to do.
    MoreTasks,
    /// It is farther away.
    Farther,
    /// It has none of the skills that help here, and another has.
    LacksSkill,
    /// Whether anybody there sees a task at once is not known: ring them.
    OnlineUnknown,
    /// Nobody there sees a task at once: ring them.
    NobodyOnline,
    /// Nobody there has an account: it hears of a task only by telephone.
    NoAccount,
    /// It has three tasks or more that have not ended.
    Busy,
    /// It could not go in this incident.
    Declined,
    /// Nobody works there at this hour.
    OutOfHours,
    /// It is not on duty.
    OffDuty,
    /// It is at it already.
    Asked,
}

/// They stand in the order of their weight; up to `LacksSkill` they speak of the order alone.
impl Against {
    /// Nobody online is no reason to ask nobody: they are rung.
    fn forbids(self) -> bool {
        self > Self::Busy
    }
}

/// A station that could be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Which.
    pub station: StationId,
    /// How far it is, as the crow flies; unknown if nobody knows where help is needed.
    pub distance_m: Option<f64>,
    /// Why not, the gravest reason first. Nobody but the one that is recommended has none.
    pub against: Vec<Against>,
    /// It is the one to ask.
    pub is_recommended: bool,
}

/// A candidate with what decides its place.
struct Ranked {
    candidate: Candidate,
    /// What speaks most against asking it at all.
    gravest: Option<Against>,
    /// How far it is, and as much farther as the skill is worth that it lacks.
    way_m: f64,
    /// How many times more than is known it is farther than the nearest that is as free.
    steps: f64,
    lacks_skill: bool,
    tasks: u32,
}

/// The stations in the order in which they would be asked, where any of these skills helps. A station is nearer only if it is so
/// by more than the position is uncertain.
pub fn candidates(need: Option<Need>, wanted: &[Skill], stations: &[Standing]) -> Vec<Candidate> {
    let has_skill = |one: &Standing| wanted.iter().any(|skill| one.skills.contains(skill));
    let may_go = |one: &Standing| !against(one).iter().any(|against| against.forbids());
    // Where nobody has it who could go, its lack is nobody's.
    let is_had = stations.iter().any(|one| has_skill(one) && may_go(one));
    let mut ranked: Vec<Ranked> =
        stations.iter().map(|one| Ranked::new(need, one, is_had && !has_skill(one))).collect();
    if let Some(need) = need {
        put_in_steps(need, &mut ranked);
    }
    ranked.sort_by(Ranked::order);
    recommend(need, &mut ranked);
    ranked.into_iter().map(|one| one.candidate).collect()
}

/// What speaks against asking it at all.
fn against(standing: &Standing) -> Vec<Against> {
    let found = [
        (standing.is_asked, Against::Asked),
        (!standing.on_duty, Against::OffDuty),
        (!standing.in_hours, Against::OutOfHours),
        (standing.has_declined, Against::Declined),
        (standing.live_tasks >= BUSY_AT, Against::Busy),
        (!standing.has_account, Against::NoAccount),
        (standing.has_account && standing.is_online == Some(false), Against::NobodyOnline),
        (standing.has_account && standing.is_online.is_none(), Against::OnlineUnknown),
    ];
    found.into_iter().filter_map(|(is_so, against)| is_so.then_some(against)).collect()
}

/// Distances are compared among stations that are as free: of one that may not be asked nothing follows for the others.
fn put_in_steps(need: Need, ranked: &mut [Ranked]) {
    let ways: Vec<(Option<Against>, f64)> = ranked.iter().map(|one| (one.gravest, one.way_m)).collect();
    for one in ranked {
        let as_free = ways.iter().filter(|(gravest, _)| *gravest == one.gravest).map(|(_, way_m)| *way_m);
        let nearest_m = as_free.fold(f64::INFINITY, f64::min);
        one.steps = ((one.way_m - nearest_m) / need.accuracy_m.max(AS_NEAR_M)).floor();
    }
}

/// Marks the one to ask, and says of each that is as free why it is not that one.
fn recommend(need: Option<Need>, ranked: &mut [Ranked]) {
    let Some((best, others)) = ranked.split_first_mut() else { return };
    if best.candidate.against.iter().any(|against| against.forbids()) {
        return;
    }
    best.candidate.is_recommended = true;
    for other in others.iter_mut().filter(|other| other.gravest == best.gravest) {
        let behind = other.behind(best, need);
        other.candidate.against.extend(behind);
    }
}

impl Ranked {
    fn new(need: Option<Need>, standing: &Standing, lacks_skill: bool) -> Self {
        let distance_m = need.map(|need| need.place.distance_m(standing.place));
        let mut against = against(standing);
        let gravest = against.first().copied();
        against.extend(lacks_skill.then_some(Against::LacksSkill));
        let candidate =
            Candidate { station: standing.station.clone(), distance_m, against, is_recommended: false };
        let way_m = distance_m.unwrap_or(0.0) + if lacks_skill { SKILL_WORTH_M } else { 0.0 };
        Self { candidate, gravest, way_m, steps: 0.0, lacks_skill, tasks: standing.live_tasks }
    }

    fn order(&self, other: &Self) -> Ordering {
        let by_distance = || self.steps.total_cmp(&other.steps);
        let by_the_rest = || {
            (self.lacks_skill, self.tasks, &self.candidate.station).cmp(&(
                other.lacks_skill,
                other.tasks,
                &other.candidate.station,
            ))
        };
        self.gravest.cmp(&other.gravest).then_with(by_distance).then_with(by_the_rest)
    }

    /// Why another is asked that is as free; nothing if that is said already.
    fn behind(&self, best: &Self, need: Option<Need>) -> Option<Against> {
        if self.steps > best.steps && self.candidate.distance_m > best.candidate.distance_m {
            Some(Against::Farther)
        } else if self.lacks_skill && !best.lacks_skill {
            None
        } else if self.tasks > best.tasks {
            Some(Against::MoreTasks)
        } else if need.is_some_and(|need| need.is_old) {
            Some(Against::PositionOld)
        } else {
            Some(Against::Even)
        }
    }
}
