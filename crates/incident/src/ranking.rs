//! How stations worked, task by task, and which of them did best: a quarter's review that says from what.
//!
//! The score is a plain sum that anybody can do again: 40 parts for taking the tasks that one is asked to take, 30 for taking them
//! within a minute, 30 for finishing what was taken. How long the way took is shown and not counted: who has the farthest
//! villages is not the worst station.

use crate::figures::{PROMPT_S, Spread, is_arrived, seconds, share, spread};
use crate::ladder::before;
use crate::{Event, TaskState, What};
use model::{StationId, TaskId, Timestamp};
use serde::Serialize;
use std::collections::BTreeMap;

/// Who was asked less often has no place: a single day would decide it.
pub const FEWEST: usize = 5;
const TAKEN_PARTS: f64 = 0.4;
const PROMPT_PARTS: f64 = 0.3;
const FINISHED_PARTS: f64 = 0.3;

/// A task as it went. Times are in seconds from the moment in which it was offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// Whose.
    pub station: StationId,
    /// The station's name, as it was then.
    pub name: String,
    /// When it was offered, by the clock there was at the end of the history.
    pub offered_at: Timestamp,
    /// Until it was taken.
    pub taken_s: Option<u32>,
    /// Until somebody was there.
    pub arrived_s: Option<u32>,
    /// How far it has come.
    pub state: TaskState,
    /// Whether the station let the time to answer pass.
    pub was_silent: bool,
}

/// The tasks of a case; none of a drill.
pub fn work(events: &[Event]) -> Vec<Work> {
    let is_real = |event: &Event| matches!(event.what, What::Opened { drill: false, .. });
    if !events.first().is_some_and(is_real) {
        return Vec::new();
    }
    let mut tasks: Vec<(TaskId, Work)> = Vec::new();
    for event in events {
        if let What::Dispatched { offers, .. } = &event.what {
            tasks.extend(offers.iter().map(|offer| {
                let work = Work {
                    station: offer.station.clone(),
                    name: offer.name.clone(),
                    offered_at: event.at,
                    taken_s: None,
                    arrived_s: None,
                    state: TaskState::Offered,
                    was_silent: false,
                };
                (offer.task.clone(), work)
            }));
        }
        for (id, work) in &mut tasks {
            follow(id, work, event);
        }
    }
    tasks.into_iter().map(|(_, work)| work).collect()
}

fn follow(id: &TaskId, work: &mut Work, event: &Event) {
    let after_s = seconds(work.offered_at, event.at);
    // A list of what concerns a task, and not a table of all that can happen.
    if let What::TaskMoved { task, to, withdrawn, .. } = &event.what {
        if task == id {
            work.state = *to;
            if *to == TaskState::Acknowledged {
                work.taken_s.get_or_insert(after_s);
            } else if *to == TaskState::OnScene {
                work.arrived_s.get_or_insert(after_s);
            }
        } else if withdrawn.contains(id) {
            work.state = TaskState::Withdrawn;
        }
    } else if let What::TaskUndone { task, to, .. } = &event.what {
        if task == id {
            work.state = *to;
            work.arrived_s = work.arrived_s.filter(|_| is_arrived(*to));
            work.taken_s = work.taken_s.filter(|_| *to != TaskState::Offered);
        }
    } else if matches!(event.what, What::Closed { .. }) && work.state.is_live() {
        // What ends with its incident was taken back from the station.
        work.state = TaskState::Withdrawn;
    } else if let What::TaskOverdue { task, .. } = &event.what {
        work.was_silent |= task == id && work.taken_s.is_none();
    } else if let What::ClockWentBack { by, .. } = &event.what {
        work.offered_at = before(work.offered_at, *by);
    }
}

/// A station in the review.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Ranked {
    /// From 1; null where it was asked too seldom to have one. Equal scores have equal places.
    pub place: Option<usize>,
    /// Which station.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub station: StationId,
    /// Its name.
    pub name: String,
    /// 0 to 100: 40 % of `taken_pct`, 30 % of `prompt_pct`, 30 % of `finished_pct`.
    pub score: f64,
    /// How often it was asked; tasks that were taken back before it could answer are not counted.
    pub asked: usize,
    /// How many it took.
    pub taken: usize,
    /// How many it declined.
    pub declined: usize,
    /// How often it let the time to answer pass.
    pub silent: usize,
    /// How many it finished.
    pub finished: usize,
    /// How many it could not do after all.
    pub failed: usize,
    /// Of those it was asked to take, how many it took, in per cent.
    pub taken_pct: f64,
    /// Of those it was asked to take, how many it took within 60 s, in per cent.
    pub prompt_pct: f64,
    /// Of those it took and was not called back from, how many it finished, in per cent.
    pub finished_pct: f64,
    /// From being asked until it took the task.
    pub answered: Spread,
    /// From being asked until somebody was there.
    pub arrived: Spread,
}

/// The stations, the best first; those that were asked too seldom stand behind, by name.
pub fn rank(work: &[Work]) -> Vec<Ranked> {
    let mut by_station: BTreeMap<&StationId, Vec<&Work>> = BTreeMap::new();
    for one in work {
        by_station.entry(&one.station).or_default().push(one);
    }
    let mut ranked: Vec<Ranked> =
        by_station.into_iter().map(|(station, work)| of_station(station, &work)).collect();
    ranked.sort_by(|one, other| {
        let is_few = |ranked: &Ranked| ranked.asked < FEWEST;
        (is_few(one).cmp(&is_few(other)))
            .then_with(|| {
                if is_few(one) { one.name.cmp(&other.name) } else { other.score.total_cmp(&one.score) }
            })
            .then_with(|| one.station.cmp(&other.station))
    });
    let mut before: Option<(f64, usize)> = None;
    for (ranked, nth) in ranked.iter_mut().zip(1..).filter(|(ranked, _)| ranked.asked >= FEWEST) {
        let place = match before {
            Some((score, place)) if score.total_cmp(&ranked.score).is_eq() => place,
            Some(_) | None => nth,
        };
        (ranked.place, before) = (Some(place), Some((ranked.score, place)));
    }
    ranked
}

fn of_station(station: &StationId, work: &[&Work]) -> Ranked {
    let count = |fits: &dyn Fn(&Work) -> bool| work.iter().filter(|one| fits(one)).count();
    let is_asked = |one: &Work| one.taken_s.is_some() || one.state != TaskState::Withdrawn || one.was_silent;
    let is_left = |one: &Work| one.taken_s.is_some() && one.state != TaskState::Withdrawn;
    let asked = count(&is_asked);
    let taken = count(&|one| one.taken_s.is_some());
    let prompt = count(&|one| one.taken_s.is_some_and(|taken_s| taken_s <= PROMPT_S));
    let finished = count(&|one| one.state == TaskState::Finished);
    let (taken_pct, prompt_pct) = (share(taken, asked), share(prompt, asked));
    let finished_pct = share(finished, count(&is_left));
    let score = TAKEN_PARTS * taken_pct + PROMPT_PARTS * prompt_pct + FINISHED_PARTS * finished_pct;
    Ranked {
        place: None,
        station: station.clone(),
        name: work.last().map(|one| one.name.clone()).unwrap_or_default(),
        score: (score * 10.0).round() / 10.0,
        asked,
        taken,
        declined: count(&|one| one.state == TaskState::Declined),
        silent: count(&|one| one.was_silent),
        finished,
        failed: count(&|one| one.state == TaskState::Failed),
        taken_pct,
        prompt_pct,
        finished_pct,
        answered: spread(work.iter().filter_map(|one| one.taken_s).collect()),
        arrived: spread(work.iter().filter_map(|one| one.arrived_s).collect()),
    }
}
