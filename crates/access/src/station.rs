//! A station sees a resident, and the incident, only while a task of its own about them is open.

use crate::{Action, Decision, Subject, Who};

const NO_TASK: Decision =
    Decision::Refused("a station sees a resident only while a task of its own is open, and it has none");

pub(crate) fn decide(who: &Who, action: Action, subject: &Subject) -> Decision {
    match action {
        Action::ListIncidents
        | Action::ListTasks
        | Action::ReadIncident
        | Action::DoTask
        | Action::ReadResident
        | Action::Live => {
            if sees(who, action, subject) {
                Decision::Allowed
            } else {
                NO_TASK
            }
        }
        Action::OpenCall
        | Action::Claim
        | Action::Release
        | Action::Note
        | Action::Close
        | Action::AnswerAsRelative
        | Action::AnnounceCall
        | Action::Dispatch
        | Action::ReadFile
        | Action::ReadReports
        | Action::ReadStations
        | Action::ManageStations
        | Action::ReadTechnical
        | Action::ManageDrills
        | Action::ManageLadder
        | Action::Locate
        | Action::ListResidents
        | Action::ReadTrack
        | Action::ReadQuarantine
        | Action::ReadAudit
        | Action::ReadRelatives
        | Action::Withhold
        | Action::ManageConsents
        | Action::ReviewLooks
        | Action::ReviewLate
        | Action::ManageAccounts
        | Action::ManageSessions
        | Action::ManageHandsets
        | Action::ManageResidents
        | Action::ReadWatch
        | Action::ManageWatch
        | Action::ReadZones
        | Action::ManageZones
        | Action::AnswerForData => Decision::Refused("this is not for station staff"),
    }
}

fn sees(who: &Who, action: Action, subject: &Subject) -> bool {
    match subject {
        Subject::Incident { id: Some(id), open: true, .. } => {
            who.tasks.iter().any(|task| task.incident == *id)
        }
        Subject::Resident { id, .. } => who.tasks.iter().any(|task| task.resident.as_ref() == Some(id)),
        // A list or a subscription as such: each thing in it is asked about again. Who waits for a task hears of it there.
        Subject::Nothing => matches!(action, Action::ListIncidents | Action::ListTasks | Action::Live),
        Subject::Incident { .. } | Subject::Everybody | Subject::Account { .. } => false,
    }
}
