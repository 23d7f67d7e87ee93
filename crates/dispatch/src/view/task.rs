//! A task as stations and the desk see it.

use super::{IncidentView, PositionView, ResidentRef};
use incident::{Incident, OnScene, Task, TaskState};
use model::{Severity, StationId, TaskId, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

/// A station, where one must be named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StationRef {
    /// Its id.
    #[schema(value_type = String)]
    pub id: StationId,
    /// Its name.
    pub name: String,
}

/// A task as it stands in its incident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TaskItem {
    /// Its id.
    #[schema(value_type = String)]
    pub id: TaskId,
    /// Changes with every move; acts name the version they were decided on.
    pub version: u64,
    /// How far it has come.
    pub state: TaskState,
    /// Who was asked to go.
    pub station: StationRef,
    /// When it was offered.
    #[schema(value_type = String, format = DateTime)]
    pub offered_at: Timestamp,
    /// When its present state began.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    /// When a word is due from the station.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub deadline_at: Option<Timestamp>,
    /// How often a word was due in this state and did not come.
    pub overdue: u32,
    /// Who at the station has it.
    pub responder: Option<String>,
    /// What the station was told; the station itself is told nothing of it any more once the task has ended.
    pub note: String,
    /// Why it ended, or with what result.
    pub words: String,
    /// What those who are there said last.
    pub said: Option<OnScene>,
    /// Whether the step that led here can be taken back for ten seconds. That a task was taken cannot where others were told that
    /// they need not go.
    pub undoable: bool,
}

impl TaskItem {
    /// A task of this incident.
    pub(super) fn of(incident: &Incident, task: &Task) -> Self {
        Self {
            id: task.id.clone(),
            version: task.version,
            state: task.state,
            station: StationRef { id: task.station.clone(), name: task.name.clone() },
            offered_at: task.offered_at,
            since: task.since,
            deadline_at: task.deadline_at,
            overdue: task.overdue,
            responder: task.responder.clone(),
            note: task.note.clone(),
            words: task.words.clone(),
            said: task.said,
            undoable: incident.may_take_back(task),
        }
    }

    /// The same without what was said and by whom.
    pub(super) fn wordless(&mut self) {
        self.responder = None;
        self.note.clear();
        self.words.clear();
        self.said = None;
    }
}

/// A task with what the station must know to go.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TaskView {
    /// The task.
    #[serde(flatten)]
    pub task: TaskItem,
    /// The incident it stands in.
    pub incident_id: String,
    /// How grave that is.
    pub severity: Severity,
    /// A test that staff opened a window for.
    pub drill: bool,
    /// To whom, as long as the task has not ended.
    pub resident: Option<ResidentRef>,
    /// Where the person is, as well as is known; likewise.
    pub position: Option<PositionView>,
}

impl TaskView {
    /// The tasks of an incident, as the desk is told them. Once one has ended, whom it was about is not the station's business any more;
    /// the desk reads that in the incident.
    pub fn of(incident: &IncidentView) -> Vec<Self> {
        let view = |task: &TaskItem| {
            let is_live = task.state.is_live();
            Self {
                task: task.clone(),
                incident_id: incident.id.clone(),
                severity: incident.severity,
                drill: incident.drill,
                resident: incident.resident.clone().filter(|_| is_live),
                position: incident.position.clone().filter(|_| is_live),
            }
        };
        incident.tasks.iter().map(view).collect()
    }

    /// The same as its station is told it. Once it has ended, what the desk wrote for it goes: that says who and where, and how to get
    /// in. Its own words stay, and why the desk took it back: whoever turns round must know.
    #[must_use]
    pub fn at_station(mut self) -> Self {
        if !self.task.state.is_live() {
            self.task.note.clear();
        }
        self
    }
}
