//! How long people waited, made of what happened and of nothing else.
//!
//! Every time counts from the moment in which the first signal reached us; of a case that was parted from another one, from the
//! parting on. A clock that was set back takes that moment with it, and a second that has begun counts whole: nobody is quicker
//! for either. What alarm centres hold themselves to: 97.5 % of calls answered within 60 s, 99 % within 180 s, and each one that
//! took longer looked into.

use crate::ladder::before;
use crate::{Event, TaskState, What};
use model::{Local, ResidentId, SignalKind, StationId, TaskId, Timestamp};
use serde::Serialize;
use std::collections::BTreeMap;

/// What a desk with a stricter ladder aims at.
pub const STRICT_S: u32 = 15;
/// Answers within this time are as they should be.
pub const PROMPT_S: u32 = 60;
/// Answers after this time are looked into one by one.
pub const LATE_S: u32 = 180;

/// Causes and outcomes of a case in which nobody was in need.
const NO_NEED: [&str; 4] = ["accidental_press", "test_press", "handset_fault", "false_alarm"];

/// What one case was, and how long each step of it took, in seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// What opened it.
    pub kind: SignalKind,
    /// When that reached us, or was parted from another case.
    pub began: Timestamp,
    /// The same moment by the clock there was at the end of the history: every time counts from there.
    pub counts_from: Timestamp,
    /// Whom it was about, where that was known.
    pub resident: Option<ResidentId>,
    /// The township they live in, where the shell knows it: no event says it.
    pub township: Option<String>,
    /// A test.
    pub drill: bool,
    /// It ended in another case, where its signals went on. Until then it was an alarm like any other.
    pub merged: bool,
    /// Until somebody took it, or saw that it was the same matter as what they had.
    pub answered_s: Option<u32>,
    /// Who that was.
    pub operator: Option<String>,
    /// Until a station was asked.
    pub sent_s: Option<u32>,
    /// Until one had taken the task.
    pub acknowledged_s: Option<u32>,
    /// Which that was.
    pub station: Option<StationId>,
    /// Until somebody was there; what was taken back as a slip of the thumb is no arrival.
    pub arrived_s: Option<u32>,
    /// Until it was closed, for good.
    pub closed_s: Option<u32>,
    /// Nobody was in need; known once it is closed.
    pub false_alarm: bool,
}

/// The case that these events make; nothing if they do not begin at the beginning.
pub fn case(events: &[Event]) -> Option<Case> {
    let first = events.first()?;
    let What::Opened { signal, drill, split_from, .. } = &first.what else { return None };
    // What was parted from another case was that one's until then: nobody could answer it before.
    let began = if split_from.is_some() { first.at } else { signal.received_at };
    let mut case = Case {
        kind: signal.kind,
        began,
        counts_from: began,
        resident: signal.resident.clone(),
        township: None,
        drill: *drill,
        merged: false,
        answered_s: None,
        operator: None,
        sent_s: None,
        acknowledged_s: None,
        station: None,
        arrived_s: None,
        closed_s: None,
        false_alarm: false,
    };
    let mut stations = BTreeMap::new();
    let (mut arrivals, mut takings): (BTreeMap<&TaskId, u32>, Vec<(&TaskId, u32)>) = Default::default();
    for event in events {
        let after_s = seconds(case.counts_from, event.at);
        match &event.what {
            What::Claimed { by, .. } => case.answer(by, after_s),
            What::MergedInto { by, .. } => {
                case.merged = true;
                case.answer(by, after_s);
            }
            What::Dispatched { offers, .. } => {
                case.sent_s.get_or_insert(after_s);
                stations.extend(offers.iter().map(|offer| (offer.task.clone(), offer.station.clone())));
            }
            What::TaskMoved { task, to: TaskState::Acknowledged, .. } => takings.push((task, after_s)),
            What::TaskMoved { task, to: TaskState::OnScene, .. } => {
                arrivals.insert(task, after_s);
            }
            What::TaskUndone { task, to, .. } if !is_arrived(*to) => {
                arrivals.remove(task);
                // Whoever took it by a slip of the thumb did not take it.
                takings.retain(|(taken, _)| *taken != task || *to != TaskState::Offered);
            }
            What::Closed { cause, outcome, .. } => {
                case.closed_s = Some(after_s);
                case.false_alarm = [cause, outcome].into_iter().any(|code| NO_NEED.contains(&code.as_str()));
            }
            What::Identified { resident, .. } => case.resident.clone_from(resident),
            What::Reopened { .. } => (case.closed_s, case.false_alarm) = (None, false),
            What::ClockWentBack { by, .. } => case.counts_from = before(case.counts_from, *by),
            What::Opened { .. }
            | What::SignalJoined { .. }
            | What::Released { .. }
            | What::Noted { .. }
            | What::Confirmed { .. }
            | What::StepMarked { .. }
            | What::Answered { .. }
            | What::Returned { .. }
            | What::HolderLost { .. }
            | What::HolderBack { .. }
            | What::TaskUndone { .. }
            | What::SaidOnScene { .. }
            | What::MergedFrom { .. }
            | What::SplitOff { .. }
            | What::TaskMoved { .. }
            | What::TaskOverdue { .. }
            | What::Transferred { .. }
            | What::HandedOver { .. }
            | What::Resolved { .. }
            | What::LadderStepped { .. }
            | What::AnswerOverdue { .. } => {}
        }
    }
    case.arrived_s = arrivals.into_values().min();
    if let Some((task, after_s)) = takings.first() {
        (case.acknowledged_s, case.station) = (Some(*after_s), stations.get(*task).cloned());
    }
    Some(case)
}

impl Case {
    /// The first answer is the answer.
    fn answer(&mut self, by: &str, after_s: u32) {
        if self.answered_s.is_none() {
            (self.answered_s, self.operator) = (Some(after_s), Some(by.to_owned()));
        }
    }
}

/// Whether whoever took a step back to this state is with the person all the same: it was the end that they took back.
pub(crate) fn is_arrived(state: TaskState) -> bool {
    state == TaskState::OnScene
}

/// Seconds from one moment to a later one, the one that was begun counted whole, so that nothing is within a bound that it
/// exceeds; none if it is earlier.
pub(crate) fn seconds(from: Timestamp, to: Timestamp) -> u32 {
    let passed = to.duration_since(from);
    let begun = i64::from(passed.subsec_nanos() > 0);
    u32::try_from(passed.as_secs().saturating_add(begun).max(0)).unwrap_or(u32::MAX)
}

/// By what cases are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum By {
    /// All of them.
    All,
    /// Who answered.
    Operator,
    /// Which station took the task.
    Station,
    /// In which township the person lives.
    Township,
    /// What opened it.
    Kind,
    /// In which hour of the day, in China, it began.
    Hour,
}

impl By {
    /// Its name on the wire.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "all" => Some(Self::All),
            "operator" => Some(Self::Operator),
            "station" => Some(Self::Station),
            "township" => Some(Self::Township),
            "kind" => Some(Self::Kind),
            "hour" => Some(Self::Hour),
            _ => None,
        }
    }

    /// The group a case is in; the empty text is nobody's.
    fn group(self, case: &Case) -> String {
        match self {
            Self::All => "all".to_owned(),
            Self::Operator => case.operator.clone().unwrap_or_default(),
            Self::Station => case.station.as_ref().map(ToString::to_string).unwrap_or_default(),
            Self::Township => case.township.clone().unwrap_or_default(),
            Self::Kind => case.kind.as_str().to_owned(),
            Self::Hour => format!("{:02}", hour(case.began)),
        }
    }
}

/// The hour of the day in China.
fn hour(moment: Timestamp) -> i64 {
    i64::from(Local::at(moment).minute.div_euclid(60))
}

/// How long one step took in many cases, in seconds. Percentiles are those of the cases themselves (nearest rank).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Spread {
    /// In how many cases the step was taken.
    pub cases: usize,
    /// Half of them took no longer.
    pub p50_s: Option<u32>,
    /// Nine tenths of them took no longer.
    pub p90_s: Option<u32>,
    /// The longest.
    pub max_s: Option<u32>,
}

/// Many cases put together. Drills are not among them; what ended in another case is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Summary {
    /// What they have in common.
    pub group: String,
    /// How many.
    pub cases: usize,
    /// Of all, how many were answered within 15 s, in per cent: what a desk with a stricter ladder aims at.
    pub answered_within_15_s_pct: f64,
    /// Of all, how many were answered within 60 s, in per cent.
    pub answered_within_60_s_pct: f64,
    /// Of all, how many were answered within 180 s, in per cent.
    pub answered_within_180_s_pct: f64,
    /// How many nobody has answered yet.
    pub unanswered: usize,
    /// Until somebody took it.
    pub answered: Spread,
    /// Until a station was asked.
    pub sent: Spread,
    /// Until one had taken the task.
    pub acknowledged: Spread,
    /// Until somebody was there.
    pub arrived: Spread,
    /// Until it was closed.
    pub closed: Spread,
    /// In how many nobody was in need.
    pub false_alarms: usize,
    /// Of those that are closed, in how many nobody was in need, in per cent.
    pub false_alarm_pct: f64,
}

/// Cases by group, the groups in order of their names. Drills are left out; what was merged is not, for somebody had to see it
/// as soon as any other.
pub fn summaries(cases: &[Case], by: By) -> Vec<Summary> {
    let mut groups: BTreeMap<String, Vec<&Case>> = BTreeMap::new();
    for case in cases.iter().filter(|case| !case.drill) {
        groups.entry(by.group(case)).or_default().push(case);
    }
    groups.into_iter().map(|(group, cases)| summary(group, &cases)).collect()
}

fn summary(group: String, cases: &[&Case]) -> Summary {
    let within = |limit_s: u32| {
        let met = cases.iter().filter(|case| case.answered_s.is_some_and(|answered_s| answered_s <= limit_s));
        share(met.count(), cases.len())
    };
    let spread_of =
        |step: fn(&Case) -> Option<u32>| spread(cases.iter().filter_map(|case| step(case)).collect());
    let false_alarms = cases.iter().filter(|case| case.false_alarm).count();
    let closed = cases.iter().filter(|case| case.closed_s.is_some()).count();
    Summary {
        group,
        cases: cases.len(),
        answered_within_15_s_pct: within(STRICT_S),
        answered_within_60_s_pct: within(PROMPT_S),
        answered_within_180_s_pct: within(LATE_S),
        unanswered: cases.iter().filter(|case| case.answered_s.is_none()).count(),
        answered: spread_of(|case| case.answered_s),
        sent: spread_of(|case| case.sent_s),
        acknowledged: spread_of(|case| case.acknowledged_s),
        arrived: spread_of(|case| case.arrived_s),
        closed: spread_of(|case| case.closed_s),
        false_alarms,
        false_alarm_pct: share(false_alarms, closed),
    }
}

/// Per cent, to a tenth.
pub(crate) fn share(part: usize, of: usize) -> f64 {
    let (part, of) = (u32::try_from(part).unwrap_or(u32::MAX), u32::try_from(of).unwrap_or(u32::MAX));
    if of == 0 { 0.0 } else { (1_000.0 * f64::from(part) / f64::from(of)).round() / 10.0 }
}

/// Of times in their order the smallest that so many per cent of them do not exceed (nearest rank).
pub fn percentile(sorted: &[u32], per_cent: usize) -> Option<u32> {
    let rank = sorted.len().saturating_mul(per_cent).div_ceil(100).max(1);
    sorted.get(rank.saturating_sub(1)).copied()
}

pub(crate) fn spread(mut times: Vec<u32>) -> Spread {
    times.sort_unstable();
    let at = |per_cent: usize| percentile(&times, per_cent);
    Spread { cases: times.len(), p50_s: at(50), p90_s: at(90), max_s: times.last().copied() }
}

/// Whether the answer took too long, or has not come for so long.
pub fn is_late(case: &Case, now: Timestamp) -> bool {
    !case.drill && case.answered_s.unwrap_or_else(|| seconds(case.counts_from, now)) > LATE_S
}
