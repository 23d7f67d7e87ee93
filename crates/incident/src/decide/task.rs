//! A station, or the call centre in its place, says how far a task has come.

use super::dispatch::asked;
use crate::effect::{Effect, Stage};
use crate::ladder::after;
use crate::plan::last_cry;
use crate::{Attention, Decision, Incident, Ladder, OnScene, Refusal, Task, TaskAct, TaskState, What, say};
use model::{SignedDuration, TaskId, Timestamp};
use std::cmp::Ordering;

/// How long a step can be taken back: a slip of the thumb is noticed at once.
const UNDO_WITHIN: SignedDuration = SignedDuration::from_secs(10);

/// Who says what.
pub(super) struct Word<'a> {
    pub(super) act: TaskAct,
    pub(super) by: &'a str,
    pub(super) on_behalf: bool,
    pub(super) words: &'a str,
}

/// Moves the task. Other stations that were only asked need not answer any more once one has taken it.
pub(super) fn moves(
    incident: &Incident,
    id: &TaskId,
    seen: Option<u64>,
    word: &Word<'_>,
    ladder: &Ladder,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let task = incident.task(id).ok_or(Refusal::NoTask)?;
    if !incident.is_open() {
        return Err(Refusal::AlreadyClosed);
    }
    if seen.is_some_and(|seen| seen != task.version) {
        return Err(Refusal::TaskMoved { state: task.state });
    }
    let to = task.state.after(word.act).ok_or(Refusal::TaskState { state: task.state })?;
    if word.words.is_empty() && (word.act.needs_words() || word.on_behalf) {
        return Err(Refusal::Missing { field: "words" });
    }
    let what = What::TaskMoved {
        task: id.clone(),
        to,
        by: word.by.to_owned(),
        on_behalf: word.on_behalf,
        words: word.words.to_owned(),
        answer_by: ladder.task_wait_s(to).map(|wait_s| after(now, wait_s)),
        withdrawn: needless(incident, id, to),
        cry: last_cry(incident).filter(|_| to == TaskState::Finished).cloned(),
    };
    Ok(Decision::next(incident, now, what, effects(incident, id, to, now)))
}

/// Takes back a step.
pub(super) fn undo(
    incident: &Incident,
    id: &TaskId,
    seen: Option<u64>,
    by: &str,
    ladder: &Ladder,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let task = incident.task(id).ok_or(Refusal::NoTask)?;
    if !incident.is_open() {
        return Err(Refusal::AlreadyClosed);
    }
    if seen.is_some_and(|seen| seen != task.version) {
        return Err(Refusal::TaskMoved { state: task.state });
    }
    let is_fresh = now.duration_since(task.since) <= UNDO_WITHIN;
    let before = taken_back(incident, task).filter(|_| is_fresh);
    let Some(to) = before else { return Err(Refusal::TooLateToUndo) };
    let answer_by = ladder.task_wait_s(to).map(|wait_s| after(now, wait_s));
    let what = What::TaskUndone { task: id.clone(), to, by: by.to_owned(), answer_by };
    let others = incident.tasks.iter().filter(|other| other.id != *id).map(|other| other.state);
    let stage = others.chain([to]).filter_map(stage_of).fold(incident.desk_stage(), Stage::max);
    let progress =
        told_back(incident, task, to).map(|say| Effect::Progress { stage, say: say.into(), at: now });
    Ok(Decision::next(incident, now, what, progress.into_iter().collect()))
}

/// Where the last step of a task goes back to, if it can be taken back at all. That it was taken is not where others were told at
/// once that they need not go, nor any step where the station was asked anew since.
pub(crate) fn taken_back(incident: &Incident, task: &Task) -> Option<TaskState> {
    let others = || incident.tasks.iter().filter(|other| other.id != task.id);
    let may_be = match task.state {
        TaskState::Declined
        | TaskState::EnRoute
        | TaskState::OnScene
        | TaskState::Finished
        | TaskState::Failed => true,
        TaskState::Acknowledged => {
            !others().any(|other| other.state == TaskState::Withdrawn && other.version == task.version)
        }
        TaskState::Offered | TaskState::Withdrawn => false,
    };
    let is_asked_anew = others().any(|other| other.station == task.station && other.state.is_live());
    task.before.filter(|_| may_be && !is_asked_anew)
}

/// What the person hears when a task is taken back to this state: how near help is after all, that it is not so near yet, or
/// nothing where another station is as near as both.
fn told_back(incident: &Incident, task: &Task, to: TaskState) -> Option<&'static str> {
    let others = furthest_of_others(incident, &task.id);
    match others.max(nearness(to)).cmp(&others.max(nearness(task.state))) {
        Ordering::Less => Some(say::TASK_BACK),
        Ordering::Equal => None,
        Ordering::Greater => match to {
            TaskState::OnScene => Some(say::ON_SCENE),
            TaskState::EnRoute => Some(say::ON_THE_WAY),
            TaskState::Acknowledged => Some(say::TASK_TAKEN),
            TaskState::Offered => Some(asked(incident.desk_stage())),
            TaskState::Declined | TaskState::Finished | TaskState::Failed | TaskState::Withdrawn => None,
        },
    }
}

/// How far help has come with a task in this state, beyond what the desk does.
pub(crate) fn stage_of(state: TaskState) -> Option<Stage> {
    match state {
        TaskState::EnRoute => Some(Stage::OnTheWay),
        TaskState::OnScene => Some(Stage::OnScene),
        TaskState::Offered
        | TaskState::Acknowledged
        | TaskState::Declined
        | TaskState::Finished
        | TaskState::Failed
        | TaskState::Withdrawn => None,
    }
}

/// What whoever is there or on the way needs, said at once to the desk; that they are still at it calls nobody.
pub(super) fn says(
    incident: &Incident,
    id: &TaskId,
    said: OnScene,
    (by, words): (&str, &str),
    ladder: &Ladder,
    now: Timestamp,
) -> Result<Decision, Refusal> {
    let task = incident.task(id).ok_or(Refusal::NoTask)?;
    if !incident.is_open() {
        return Err(Refusal::AlreadyClosed);
    }
    if !said.fits(task.state) {
        return Err(Refusal::TaskState { state: task.state });
    }
    let what = What::SaidOnScene {
        task: id.clone(),
        said,
        on_the_way: task.state == TaskState::EnRoute,
        by: by.to_owned(),
        words: words.to_owned(),
        answer_by: after(now, ladder.task_way_s),
    };
    let sound = said.is_call().then_some(Effect::Sound { attention: Attention::Everyone });
    Ok(Decision::next(incident, now, what, sound.into_iter().collect()))
}

fn needless(incident: &Incident, taken: &TaskId, to: TaskState) -> Vec<TaskId> {
    if to != TaskState::Acknowledged {
        return Vec::new();
    }
    let is_asked = |task: &&Task| task.id != *taken && task.state == TaskState::Offered;
    incident.tasks.iter().filter(is_asked).map(|task| task.id.clone()).collect()
}

fn effects(incident: &Incident, id: &TaskId, to: TaskState, now: Timestamp) -> Vec<Effect> {
    let is_turned_down = matches!(to, TaskState::Declined | TaskState::Failed);
    let sound = is_turned_down.then_some(Effect::Sound { attention: Attention::Operators });
    let next = (is_turned_down && wants_another(incident, id)).then_some(Effect::NextStation);
    let progress =
        told(incident, id, to).map(|(stage, say)| Effect::Progress { stage, say: say.into(), at: now });
    sound.into_iter().chain(next).chain(progress).collect()
}

/// Whether, without this one, no station is left that may come, and nobody at the desk has the incident who could ask one.
fn wants_another(incident: &Incident, without: &TaskId) -> bool {
    let may_come = |task: &Task| task.id != *without && task.state.is_live() && !task.is_silent();
    incident.desk_stage() == Stage::Received && !incident.tasks.iter().any(may_come)
}

/// What the person hears: how far the station that is furthest has come, and nothing of the others. When the one that was
/// furthest is not any more, they hear what is left of it.
fn told(incident: &Incident, id: &TaskId, to: TaskState) -> Option<(Stage, &'static str)> {
    let furthest = furthest_of_others(incident, id);
    let before = incident.task(id).map_or(0, |task| nearness(task.state));
    // Nobody at the desk has it: less must not be said than is true, and not more.
    let desk = incident.desk_stage();
    let (lost, done) = if desk == Stage::Received {
        (say::TASK_LOST_UNCLAIMED, say::TASK_DONE_UNCLAIMED)
    } else {
        (say::TASK_LOST, say::TASK_DONE)
    };
    if furthest > 1 && nearness(to) <= furthest {
        let left = if furthest == 2 { (desk, say::TASK_TAKEN) } else { (Stage::OnTheWay, say::ON_THE_WAY) };
        return (before > furthest).then_some(left);
    }
    match to {
        TaskState::Acknowledged => Some((desk, say::TASK_TAKEN)),
        TaskState::EnRoute => Some((Stage::OnTheWay, say::ON_THE_WAY)),
        TaskState::OnScene => Some((Stage::OnScene, say::ON_SCENE)),
        TaskState::Finished => Some((desk, done)),
        // Another one may still answer, but this one had said that it comes; else that somebody was asked is all that
        // was said.
        TaskState::Declined | TaskState::Failed | TaskState::Withdrawn => {
            (furthest == 0 || before > 1).then_some((desk, lost))
        }
        TaskState::Offered => None,
    }
}

/// How near help is with the other stations.
fn furthest_of_others(incident: &Incident, id: &TaskId) -> u8 {
    let others = incident.tasks.iter().filter(|task| task.id != *id);
    others.map(|task| nearness(task.state)).max().unwrap_or(0)
}

/// How near help is in this state; 0 if it does not come.
fn nearness(state: TaskState) -> u8 {
    match state {
        TaskState::OnScene => 4,
        TaskState::EnRoute => 3,
        TaskState::Acknowledged => 2,
        TaskState::Offered => 1,
        TaskState::Declined | TaskState::Finished | TaskState::Failed | TaskState::Withdrawn => 0,
    }
}
