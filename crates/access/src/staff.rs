//! The call centre's desk, and those who keep the platform or look over it.

use crate::{Action, Decision, Subject};

/// The call centre's desk.
pub(crate) fn desk(action: Action, subject: &Subject, is_supervisor: bool) -> Decision {
    match action {
        Action::ReadIncident | Action::ReadFile => look_at_case(subject),
        Action::ListIncidents
        | Action::OpenCall
        | Action::Claim
        | Action::Release
        | Action::Note
        | Action::Close
        | Action::AnnounceCall
        | Action::Dispatch
        | Action::DoTask
        | Action::ListTasks
        | Action::ReadStations
        | Action::ReadZones
        | Action::ReadTechnical
        | Action::ManageDrills
        | Action::Withhold
        | Action::Live => Decision::Allowed,
        Action::AnswerAsRelative => RELATED,
        Action::Locate => locate(subject),
        // Whoever keeps the consents sees for whom they are.
        Action::ReadRelatives if is_supervisor => Decision::Allowed,
        Action::ListResidents
        | Action::ReadResident
        | Action::ReadTrack
        | Action::ReadRelatives
        | Action::ReadWatch => look_at_people(subject),
        // A supervisor reviews the looks for which a reason was given and the answers that came late, and keeps the family's sight in order.
        Action::ManageLadder
        | Action::ReadReports
        | Action::ReadQuarantine
        | Action::ReadAudit
        | Action::ManageConsents
        | Action::ReviewLooks
        | Action::ReviewLate
        | Action::ManageWatch
        | Action::ManageZones
        | Action::ManageSessions
            if is_supervisor =>
        {
            Decision::Allowed
        }
        Action::ManageLadder => LADDER,
        Action::ReadReports => REPORTED,
        Action::ReadQuarantine => QUARANTINED,
        Action::ReadAudit => AUDITED,
        Action::ManageConsents => CONSENTED,
        Action::ReviewLooks => REVIEWED,
        Action::ReviewLate => ANSWERED_FOR,
        Action::ManageWatch | Action::ManageZones => DRAWN,
        Action::ManageSessions => SESSIONS,
        Action::ManageAccounts
        | Action::ManageHandsets
        | Action::ManageResidents
        | Action::ManageStations
        | Action::AnswerForData => ADMINISTERED,
    }
}

pub(crate) const QUARANTINED: Decision =
    Decision::Refused("quarantine is read by supervisors and administrators only");
pub(crate) const REPORTED: Decision =
    Decision::Refused("reports are read by supervisors and administrators only");
pub(crate) const AUDITED: Decision =
    Decision::Refused("the audit log is read by auditors and supervisors only");
pub(crate) const CONSENTED: Decision =
    Decision::Refused("consents and grants are kept by supervisors and administrators");
pub(crate) const REVIEWED: Decision = Decision::Refused("looks are reviewed by supervisors");
pub(crate) const ANSWERED_FOR: Decision =
    Decision::Refused("late answers are looked into by supervisors only");
pub(crate) const SESSIONS: Decision =
    Decision::Refused("sessions of others are ended by supervisors and administrators only");
pub(crate) const RELATED: Decision = Decision::Refused("only relatives answer as such; write a note instead");
pub(crate) const LADDER: Decision =
    Decision::Refused("the ladder is kept by supervisors and administrators only");
pub(crate) const DRAWN: Decision = Decision::Refused(
    "fences, zones and how somebody is watched are set by supervisors and administrators only",
);
pub(crate) const ADMINISTERED: Decision = Decision::Refused("only an administrator does this");

/// An auditor sees what others did and looked at; people and incidents are not theirs to see.
pub(crate) fn auditor(action: Action) -> Decision {
    match action {
        Action::ReadAudit => Decision::Allowed,
        Action::ListIncidents
        | Action::ReadIncident
        | Action::OpenCall
        | Action::Claim
        | Action::Release
        | Action::Note
        | Action::Close
        | Action::AnswerAsRelative
        | Action::AnnounceCall
        | Action::Dispatch
        | Action::ReadFile
        | Action::DoTask
        | Action::ListTasks
        | Action::ReadReports
        | Action::ReadStations
        | Action::ManageStations
        | Action::ReadTechnical
        | Action::ManageDrills
        | Action::ManageLadder
        | Action::Locate
        | Action::ListResidents
        | Action::ReadResident
        | Action::ReadTrack
        | Action::ReadQuarantine
        | Action::Live
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
        | Action::AnswerForData => Decision::Refused("an auditor reads the audit log and nothing else"),
    }
}

/// Another program: it announces calls, and sees nothing.
pub(crate) fn service(action: Action) -> Decision {
    if action == Action::AnnounceCall {
        Decision::Allowed
    } else {
        Decision::Refused("an account for another program announces calls and does nothing else")
    }
}

/// An administrator keeps the platform; an incident belongs to those on duty.
pub(crate) fn admin(action: Action, subject: &Subject) -> Decision {
    match action {
        Action::ReadIncident => look_at_case(subject),
        Action::ListIncidents
        | Action::ListTasks
        | Action::ReadReports
        | Action::ReadStations
        | Action::ManageStations
        | Action::ReadTechnical
        | Action::ManageDrills
        | Action::ManageLadder
        | Action::ReadQuarantine
        | Action::Live
        | Action::ReadRelatives
        | Action::ManageConsents
        | Action::ManageAccounts
        | Action::ManageSessions
        | Action::ManageHandsets
        | Action::ManageWatch
        | Action::ReadZones
        | Action::ManageZones
        | Action::ManageResidents => Decision::Allowed,
        Action::ListResidents | Action::ReadResident | Action::ReadTrack | Action::ReadWatch => {
            look_at_people(subject)
        }
        // Whoever asked for it is the reason, and who that was goes on record.
        Action::AnswerForData => Decision::AllowedWithReason,
        Action::OpenCall
        | Action::Claim
        | Action::Release
        | Action::Note
        | Action::Close
        | Action::AnswerAsRelative
        | Action::AnnounceCall
        | Action::Dispatch
        | Action::ReadFile
        | Action::DoTask
        | Action::Withhold
        | Action::Locate => {
            Decision::Refused("an administrator handles no incidents; operators and supervisors do")
        }
        // Who keeps the platform is among those the log is about.
        Action::ReadAudit => AUDITED,
        Action::ReviewLooks => REVIEWED,
        Action::ReviewLate => ANSWERED_FOR,
    }
}

/// Nobody is searched for who is not in need.
fn locate(subject: &Subject) -> Decision {
    match subject {
        Subject::Incident { open: true, .. } => Decision::Allowed,
        Subject::Incident { .. }
        | Subject::Resident { .. }
        | Subject::Nothing
        | Subject::Everybody
        | Subject::Account { .. } => Decision::Refused(
            "a handset is asked where it is only while an incident about its resident is open",
        ),
    }
}

/// A closed incident is a record like others: whoever had no part in it within the last day says why they open it.
fn look_at_case(subject: &Subject) -> Decision {
    match subject {
        Subject::Incident { open: false, handled: false, .. } => Decision::AllowedWithReason,
        Subject::Incident { .. }
        | Subject::Resident { .. }
        | Subject::Nothing
        | Subject::Everybody
        | Subject::Account { .. } => Decision::Allowed,
    }
}

/// Without an open incident nobody's name or point is shown unless the reason is on record. What was
/// searched for is such a reason; a bare list has none.
fn look_at_people(subject: &Subject) -> Decision {
    match subject {
        Subject::Resident { has_open_incident: true, .. } | Subject::Incident { open: true, .. } => {
            Decision::Allowed
        }
        Subject::Resident { .. }
        | Subject::Incident { .. }
        | Subject::Nothing
        | Subject::Everybody
        | Subject::Account { .. } => Decision::AllowedWithReason,
    }
}
