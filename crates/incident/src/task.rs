//! A task: a station asked to go to the person.
//!
//! Which act leads where is one table, [`TaskState::after`]. A task never ends without a word why, and one that has
//! ended stays ended; whom it failed is offered to others as a task of its own.

use model::{SignalId, StationId, TaskId, Timestamp};
use serde::{Deserialize, Serialize};

/// How far a station has come with a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TaskState {
    /// The station was asked and has not answered.
    Offered,
    /// Somebody there has taken it.
    Acknowledged,
    /// The station cannot go.
    Declined,
    /// Somebody has set out.
    EnRoute,
    /// Somebody is with the person.
    OnScene,
    /// It is done.
    Finished,
    /// They could not do it after all.
    Failed,
    /// The call centre took it back.
    Withdrawn,
}

/// What is done with a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskAct {
    /// Somebody at the station takes it.
    Acknowledge,
    /// The station cannot go, and says why.
    Decline,
    /// Somebody sets out.
    EnRoute,
    /// Somebody has arrived.
    OnScene,
    /// It is done, with its result.
    Finish,
    /// It cannot be done after all, and why.
    Fail,
    /// The call centre takes it back, and says why.
    Withdraw,
}

impl TaskAct {
    /// Every act, for tables and tests.
    pub const ALL: [Self; 7] = [
        Self::Acknowledge,
        Self::Decline,
        Self::EnRoute,
        Self::OnScene,
        Self::Finish,
        Self::Fail,
        Self::Withdraw,
    ];

    /// Whether the act says why, or with what result.
    pub fn needs_words(self) -> bool {
        match self {
            Self::Decline | Self::Finish | Self::Fail | Self::Withdraw => true,
            Self::Acknowledge | Self::EnRoute | Self::OnScene => false,
        }
    }
}

impl TaskState {
    /// Every state, for tables and tests.
    pub const ALL: [Self; 8] = [
        Self::Offered,
        Self::Acknowledged,
        Self::Declined,
        Self::EnRoute,
        Self::OnScene,
        Self::Finished,
        Self::Failed,
        Self::Withdrawn,
    ];

    /// Where an act leads from here; nowhere if it makes no sense here. Who has arrived need not have said that they set
    /// out: people in a hurry forget.
    pub fn after(self, act: TaskAct) -> Option<Self> {
        match (self, act) {
            (Self::Offered, TaskAct::Acknowledge) => Some(Self::Acknowledged),
            (Self::Offered, TaskAct::Decline) => Some(Self::Declined),
            (Self::Acknowledged, TaskAct::EnRoute) => Some(Self::EnRoute),
            (Self::Acknowledged | Self::EnRoute, TaskAct::OnScene) => Some(Self::OnScene),
            (Self::OnScene, TaskAct::Finish) => Some(Self::Finished),
            (Self::Acknowledged | Self::EnRoute | Self::OnScene, TaskAct::Fail) => Some(Self::Failed),
            (Self::Offered | Self::Acknowledged | Self::EnRoute | Self::OnScene, TaskAct::Withdraw) => {
                Some(Self::Withdrawn)
            }
            (Self::Offered, TaskAct::EnRoute | TaskAct::OnScene | TaskAct::Finish | TaskAct::Fail)
            | (Self::Acknowledged, TaskAct::Acknowledge | TaskAct::Decline | TaskAct::Finish)
            | (Self::EnRoute, TaskAct::Acknowledge | TaskAct::Decline | TaskAct::EnRoute | TaskAct::Finish)
            | (
                Self::OnScene,
                TaskAct::Acknowledge | TaskAct::Decline | TaskAct::EnRoute | TaskAct::OnScene,
            )
            | (
                Self::Declined | Self::Finished | Self::Failed | Self::Withdrawn,
                TaskAct::Acknowledge
                | TaskAct::Decline
                | TaskAct::EnRoute
                | TaskAct::OnScene
                | TaskAct::Finish
                | TaskAct::Fail
                | TaskAct::Withdraw,
            ) => None,
        }
    }

    /// Whether somebody there still has to do something.
    pub fn is_live(self) -> bool {
        match self {
            Self::Offered | Self::Acknowledged | Self::EnRoute | Self::OnScene => true,
            Self::Declined | Self::Finished | Self::Failed | Self::Withdrawn => false,
        }
    }

    /// Whether somebody there has taken it and is not done.
    pub fn is_under_way(self) -> bool {
        self.is_live() && self != Self::Offered
    }

    /// The state's name on the wire and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Acknowledged => "acknowledged",
            Self::Declined => "declined",
            Self::EnRoute => "en_route",
            Self::OnScene => "on_scene",
            Self::Finished => "finished",
            Self::Failed => "failed",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// What those who are with the person, before a closed door, or on the way need to say quickly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OnScene {
    /// Nobody opens.
    NoAnswer,
    /// The ambulance is needed.
    NeedAmbulance,
    /// They need help themselves.
    NeedHelp,
    /// They are still at it, or on the way, and need nothing: the one word that calls nobody.
    StillAtIt,
}

impl OnScene {
    /// Every word, for tables and tests.
    pub const ALL: [Self; 4] = [Self::NoAnswer, Self::NeedAmbulance, Self::NeedHelp, Self::StillAtIt];

    /// Whether the desk must hear it at once.
    pub fn is_call(self) -> bool {
        match self {
            Self::NoAnswer | Self::NeedAmbulance | Self::NeedHelp => true,
            Self::StillAtIt => false,
        }
    }

    /// Whether somebody whose task is in this state can say so: from the moment in which they set out.
    pub fn fits(self, state: TaskState) -> bool {
        match state {
            TaskState::OnScene | TaskState::EnRoute => true,
            TaskState::Offered
            | TaskState::Acknowledged
            | TaskState::Declined
            | TaskState::Finished
            | TaskState::Failed
            | TaskState::Withdrawn => false,
        }
    }

    /// The name as text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoAnswer => "no_answer",
            Self::NeedAmbulance => "need_ambulance",
            Self::NeedHelp => "need_help",
            Self::StillAtIt => "still_at_it",
        }
    }

    /// What a screen in simplified Chinese shows of what was said, on the way or there.
    pub fn label(self, on_the_way: bool) -> &'static str {
        match self {
            Self::StillAtIt if on_the_way => "还在路上",
            Self::NoAnswer => "无人应门",
            Self::NeedAmbulance => "需要120",
            Self::NeedHelp => "我需要帮助",
            Self::StillAtIt => "还在处理，一切正常",
        }
    }
}

/// A station that is asked to go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The task it becomes.
    pub task: TaskId,
    /// Which station.
    pub station: StationId,
    /// Its name, as it was then.
    pub name: String,
}

/// A station asked to go, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Its name.
    pub id: TaskId,
    /// Which station.
    pub station: StationId,
    /// Its name, as it was when it was asked.
    pub name: String,
    /// How far it has come.
    pub state: TaskState,
    /// The incident's version when it last moved; acts name the one they were decided on.
    pub version: u64,
    /// When it was offered.
    pub offered_at: Timestamp,
    /// When its present state began, by the clock there is now.
    pub since: Timestamp,
    /// When a word is due from the station; none once it has ended.
    pub deadline_at: Option<Timestamp>,
    /// How often a word was due in this state and did not come.
    pub overdue: u32,
    /// Who at the station has it.
    pub responder: Option<String>,
    /// What the station was told.
    pub note: String,
    /// Why it ended, or with what result.
    pub words: String,
    /// The state before this one, into which it can be taken back for a moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<TaskState>,
    /// What those who are there said last; that they are still at it takes no call away that the desk may not have heard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<OnScene>,
    /// The last cry for help that had joined when it was finished, where that was written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cry: Option<SignalId>,
}

impl Task {
    /// Whether the desk must look at it: the station was reminded, and still says nothing.
    pub fn is_silent(&self) -> bool {
        self.state.is_live() && self.overdue > 1
    }

    /// Whether somebody there has it and says so.
    pub fn is_coming(&self) -> bool {
        self.state.is_under_way() && !self.is_silent()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_and_act() {
        // A letter for the state it leads to, - for nowhere. Columns as TaskAct::ALL.
        let table = [
            (TaskState::Offered, "AD----W"),
            (TaskState::Acknowledged, "--EO-FW"),
            (TaskState::Declined, "-------"),
            (TaskState::EnRoute, "---O-FW"),
            (TaskState::OnScene, "----fFW"),
            (TaskState::Finished, "-------"),
            (TaskState::Failed, "-------"),
            (TaskState::Withdrawn, "-------"),
        ];
        let letter = |state| match state {
            None => '-',
            Some(TaskState::Offered) => '?',
            Some(TaskState::Acknowledged) => 'A',
            Some(TaskState::Declined) => 'D',
            Some(TaskState::EnRoute) => 'E',
            Some(TaskState::OnScene) => 'O',
            Some(TaskState::Finished) => 'f',
            Some(TaskState::Failed) => 'F',
            Some(TaskState::Withdrawn) => 'W',
        };
        assert_eq!(table.map(|(state, _)| state), TaskState::ALL);
        for (state, row) in table {
            let found: String = TaskAct::ALL.into_iter().map(|act| letter(state.after(act))).collect();
            assert_eq!(found, row, "{state:?}");
            assert_eq!(state.is_live(), row.contains('W'), "what lives can be taken back");
        }
    }
}
