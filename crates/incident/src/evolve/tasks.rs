//! What happened to the stations that were asked to go.

use super::{contact, unheard};
use crate::ladder::before;
use crate::{Event, Incident, Offer, OnScene, State, Task, TaskState, What};
use model::{SignedDuration, TaskId, Timestamp};

/// The task that an offer becomes.
pub(super) fn offered(offer: &Offer, note: &str, event: &Event, answer_by: Timestamp) -> Task {
    Task {
        id: offer.task.clone(),
        station: offer.station.clone(),
        name: offer.name.clone(),
        state: TaskState::Offered,
        version: event.version,
        offered_at: event.at,
        since: event.at,
        deadline_at: Some(answer_by),
        overdue: 0,
        responder: None,
        note: note.to_owned(),
        words: String::new(),
        before: None,
        said: None,
        cry: None,
    }
}

/// A station, or the desk in its place, said how far a task has come.
pub(super) fn moved(incident: &mut Incident, event: &Event) {
    let What::TaskMoved { task, to, by, on_behalf, words, answer_by, withdrawn, cry } = &event.what else {
        return;
    };
    let responder = (!on_behalf && *to == TaskState::Acknowledged).then(|| by.clone());
    enter(incident, task, *to, words, *answer_by, event);
    if *to == TaskState::Finished {
        contact::seen_in(incident, task);
    }
    if let Some(task) = find(incident, task) {
        task.cry.clone_from(cry);
        if responder.is_some() {
            task.responder = responder;
        }
    }
    for other in withdrawn {
        enter(incident, other, TaskState::Withdrawn, "", None, event);
    }
    if matches!(to, TaskState::Declined | TaskState::Failed) {
        unheard::turned_down(incident, task);
    } else if matches!(to, TaskState::Withdrawn) || *on_behalf {
        // The desk's own act.
        unheard::heard(incident);
    }
}

/// The last step of a task was taken back.
pub(super) fn undone(
    incident: &mut Incident,
    id: &TaskId,
    to: TaskState,
    answer_by: Option<Timestamp>,
    event: &Event,
) {
    enter(incident, id, to, "", answer_by, event);
    contact::not_seen_in(incident, id);
    unheard::not_turned_down(incident, id);
    if let Some(task) = find(incident, id) {
        task.before = None;
        // Nobody has it who did not take it.
        if to == TaskState::Offered {
            task.responder = None;
        }
    }
}

/// A task should have moved.
pub(super) fn overdue(incident: &mut Incident, id: &TaskId, times: u32, answer_by: Timestamp, event: &Event) {
    if let Some(task) = find(incident, id) {
        (task.overdue, task.deadline_at, task.version) = (times, Some(answer_by), event.version);
    }
    if times > 1 {
        unheard::called(incident);
    }
}

/// A word from those who are there. That they are still at it ends what their silence began, and no call of theirs or of
/// others that the desk has not heard.
pub(super) fn on_scene(
    incident: &mut Incident,
    id: &TaskId,
    said: OnScene,
    answer_by: Timestamp,
    event: &Event,
) {
    let is_heard = matches!(incident.state, State::Claimed { unheard: false, .. });
    let Some(task) = find(incident, id) else { return };
    let was_silent = task.is_silent();
    let keeps_call = !is_heard && !said.is_call() && task.said.is_some_and(OnScene::is_call);
    if !keeps_call {
        task.said = Some(said);
    }
    (task.overdue, task.deadline_at, task.version) = (0, Some(answer_by), event.version);
    if said.is_call() {
        unheard::called(incident);
    } else if was_silent && !incident.tasks.iter().any(is_trouble) {
        unheard::heard(incident);
    }
}

/// Whether the desk may have to hear of it: it will not be done, nothing is heard of it, or those who are there called, although
/// they may have left since.
fn is_trouble(task: &Task) -> bool {
    let is_lost = matches!(task.state, TaskState::Declined | TaskState::Failed);
    let has_called = task.said.is_some_and(OnScene::is_call);
    is_lost || has_called || task.is_silent()
}

/// With the case every task is over.
pub(super) fn all_over(incident: &mut Incident, event: &Event) {
    let live: Vec<TaskId> =
        incident.tasks.iter().filter(|task| task.state.is_live()).map(|task| task.id.clone()).collect();
    for task in live {
        enter(incident, &task, TaskState::Withdrawn, "", None, event);
    }
}

pub(super) fn clock_went_back(incident: &mut Incident, by: SignedDuration) {
    for task in &mut incident.tasks {
        task.deadline_at = task.deadline_at.map(|deadline| before(deadline, by));
    }
}

fn find<'a>(incident: &'a mut Incident, id: &TaskId) -> Option<&'a mut Task> {
    incident.tasks.iter_mut().find(|task| task.id == *id)
}

fn enter(
    incident: &mut Incident,
    id: &TaskId,
    state: TaskState,
    words: &str,
    deadline_at: Option<Timestamp>,
    event: &Event,
) {
    let Some(task) = find(incident, id) else { return };
    task.before = Some(task.state);
    task.state = state;
    task.version = event.version;
    task.since = event.at;
    task.deadline_at = deadline_at;
    task.overdue = 0;
    // That all is well was said of the stage before: whoever was well on the way has not said so of the door.
    task.said = task.said.filter(|said| said.is_call());
    words.clone_into(&mut task.words);
}
