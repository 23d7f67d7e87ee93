//! Every answer of [`decide`] as a table for people, made by asking it.

use crate::{Action, Decision, Grant, OpenTask, Role, Shares, Subject, Who, Withheld, decide};
use model::{Division, IncidentId, ResidentId, SignedDuration, StationId, Timestamp};

/// Whose account asks: a column.
struct Column {
    head: &'static str,
    role: Role,
    holds: Holds,
}

/// What an account holds beside its role.
#[derive(Clone, Copy)]
enum Holds {
    Nothing,
    /// A grant for the resident, from when until when in hours from now.
    Grant(i64, Option<i64>),
    /// A grant that runs, for another resident.
    GrantElsewhere,
    /// A grant that runs, while everything is withheld.
    Withheld,
    /// A task in the incident.
    Task,
}

const fn column(head: &'static str, role: Role, holds: Holds) -> Column {
    Column { head, role, holds }
}

const COLUMNS: [Column; 12] = [
    column("operator", Role::Operator, Holds::Nothing),
    column("supervisor", Role::Supervisor, Holds::Nothing),
    column("station, task open", Role::Station, Holds::Task),
    column("station, no task", Role::Station, Holds::Nothing),
    column("relative, grant runs", Role::Relative, Holds::Grant(-9, None)),
    column("relative, granted after it happened", Role::Relative, Holds::Grant(-1, None)),
    column("relative, grant ended", Role::Relative, Holds::Grant(-9, Some(-1))),
    column("relative, news withheld", Role::Relative, Holds::Withheld),
    column("relative of somebody else", Role::Relative, Holds::GrantElsewhere),
    column("admin", Role::Admin, Holds::Nothing),
    column("auditor", Role::Auditor, Holds::Nothing),
    column("another program", Role::Service, Holds::Nothing),
];

/// The scope of the staff in the table, and a division outside it.
const HERE: &str = "321302";
const ELSEWHERE: &str = "321311";

/// The station of those in the table who have a task, and the station of those who have none.
pub const STATION: &str = "here";
const STATION_ELSEWHERE: &str = "elsewhere";

/// When the incident of the table was opened, in hours from now.
const OPENED: i64 = -2;

/// What an action is asked about: a row.
#[derive(Clone, Copy)]
enum About {
    Nothing,
    /// Everybody's records, to accounts that are for the whole district or for a part of it.
    Everybody {
        is_part: bool,
    },
    Account {
        is_within: bool,
    },
    Incident {
        open: bool,
    },
    /// A closed incident about somebody elsewhere.
    IncidentElsewhere,
    Resident {
        has_open_incident: bool,
    },
    Elsewhere,
}

impl About {
    fn words(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Everybody { is_part: false } => "everybody, by an account without a scope",
            Self::Everybody { is_part: true } => "everybody, more than the account's scope",
            Self::Account { is_within: true } => "an account",
            Self::Account { is_within: false } => "an account, outside the account's scope",
            Self::Incident { open: true } => "an open incident",
            Self::Incident { open: false } => "a closed incident",
            Self::IncidentElsewhere => "a closed incident, outside the account's scope",
            Self::Resident { has_open_incident: true } => "a resident with an open incident",
            Self::Resident { has_open_incident: false } => "a resident without one",
            Self::Elsewhere => "a resident without one, outside the account's scope",
        }
    }

    fn subject(self, resident: &ResidentId, incident: &IncidentId, now: Timestamp) -> Subject {
        let case = |open, division| Subject::Incident {
            id: Some(incident.clone()),
            resident: Some(resident.clone()),
            opened_at: opened_at(now),
            open,
            handled: false,
            division,
        };
        match self {
            Self::Nothing => Subject::Nothing,
            Self::Everybody { .. } => Subject::Everybody,
            Self::Account { is_within } => Subject::Account { is_within },
            Self::Incident { open } => case(open, None),
            Self::IncidentElsewhere => case(false, Division::new(ELSEWHERE).ok()),
            Self::Resident { has_open_incident } => {
                Subject::Resident { id: resident.clone(), has_open_incident, division: None }
            }
            Self::Elsewhere => Subject::Resident {
                id: resident.clone(),
                has_open_incident: false,
                division: Division::new(ELSEWHERE).ok(),
            },
        }
    }
}

const EVERYBODY: &[About] = &[About::Everybody { is_part: false }, About::Everybody { is_part: true }];
const AN_ACCOUNT: &[About] = &[About::Account { is_within: true }, About::Account { is_within: false }];
const A_CASE: &[About] =
    &[About::Incident { open: true }, About::Incident { open: false }, About::IncidentElsewhere];
const A_RESIDENT: &[About] = &[
    About::Resident { has_open_incident: true },
    About::Resident { has_open_incident: false },
    About::Elsewhere,
];

/// What an action is asked about as such: a list, something new, or the one thing that it is always about.
fn abouts(action: Action) -> &'static [About] {
    match action {
        Action::ListIncidents
        | Action::ListTasks
        | Action::ReadReports
        | Action::ReadStations
        | Action::ManageStations
        | Action::OpenCall
        | Action::AnnounceCall
        | Action::ReadTechnical
        | Action::ManageDrills
        | Action::ManageLadder
        | Action::ListResidents
        | Action::Live
        | Action::Withhold
        | Action::ManageConsents
        | Action::ReviewLooks
        | Action::ReviewLate
        | Action::ManageAccounts
        | Action::ManageSessions
        | Action::ManageHandsets
        | Action::ManageResidents
        | Action::ManageWatch
        | Action::ReadZones
        | Action::ManageZones
        | Action::AnswerForData => &[About::Nothing],
        Action::ReadQuarantine | Action::ReadAudit => EVERYBODY,
        Action::ReadIncident
        | Action::Claim
        | Action::Release
        | Action::Note
        | Action::Close
        | Action::AnswerAsRelative
        | Action::Dispatch
        | Action::ReadFile
        | Action::DoTask
        | Action::Locate => A_CASE,
        Action::ReadResident | Action::ReadTrack | Action::ReadRelatives | Action::ReadWatch => A_RESIDENT,
    }
}

/// What it is asked about beside that: the one resident or account whose records it keeps, or the incident in whose file it stands
/// who looked.
fn abouts_of_one(action: Action) -> &'static [About] {
    match action {
        Action::ManageDrills
        | Action::Withhold
        | Action::ManageConsents
        | Action::ReviewLooks
        | Action::ManageHandsets
        | Action::ManageResidents
        | Action::ManageWatch
        | Action::AnswerForData => A_RESIDENT,
        Action::ManageAccounts | Action::ManageSessions => AN_ACCOUNT,
        Action::ReadAudit => A_CASE,
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
        | Action::ManageLadder
        | Action::Locate
        | Action::ListResidents
        | Action::ReadResident
        | Action::ReadTrack
        | Action::ReadQuarantine
        | Action::Live
        | Action::ReadRelatives
        | Action::ReviewLate
        | Action::ReadWatch
        | Action::ReadZones
        | Action::ManageZones => &[],
    }
}

fn hours(now: Timestamp, hours: i64) -> Timestamp {
    now.checked_add(SignedDuration::from_hours(hours)).unwrap_or(now)
}

/// Whose accounts the table's columns are.
pub fn heads() -> Vec<&'static str> {
    COLUMNS.iter().map(|column| column.head).collect()
}

/// Whose accounts the table's columns are, each with what it holds.
pub fn columns(resident: &ResidentId, incident: &IncidentId, now: Timestamp) -> Vec<(&'static str, Who)> {
    COLUMNS.iter().map(|column| (column.head, who(column, resident, incident, now))).collect()
}

/// When the incident of the table was opened.
pub fn opened_at(now: Timestamp) -> Timestamp {
    hours(now, OPENED)
}

/// A line of the table: what it is about, in words, and the answer to each column's account.
pub type Answers = (&'static str, Vec<&'static str>);

/// The answers about an action as such: a line for each thing it can be about.
/// `resident` is anybody, `incident` any incident, `now` any time.
pub fn answers(action: Action, resident: &ResidentId, incident: &IncidentId, now: Timestamp) -> Vec<Answers> {
    let lines = abouts(action).iter();
    lines.map(|about| answers_about(action, *about, resident, incident, now)).collect()
}

/// The same where it is asked about the one resident or account whose records are kept.
pub fn answers_of_one(
    action: Action,
    resident: &ResidentId,
    incident: &IncidentId,
    now: Timestamp,
) -> Vec<Answers> {
    let lines = abouts_of_one(action).iter();
    lines.map(|about| answers_about(action, *about, resident, incident, now)).collect()
}

/// The answers about the incident of a task to whoever holds the link to it, whatever account they have: while it is open, and once
/// it has ended.
pub fn answers_by_link(
    action: Action,
    resident: &ResidentId,
    incident: &IncidentId,
    now: Timestamp,
) -> Vec<(&'static str, &'static str)> {
    let Ok(station) = StationId::new(STATION) else { return Vec::new() };
    let task =
        OpenTask { incident: incident.clone(), resident: Some(resident.clone()), offered_at: hours(now, -1) };
    let subject = About::Incident { open: true }.subject(resident, incident, now);
    let answer = |open| word(decide(&Who::by_link(station.clone(), open), action, &subject, now));
    vec![("its task, open", answer(Some(task))), ("its task, ended", answer(None))]
}

fn answers_about(
    action: Action,
    about: About,
    resident: &ResidentId,
    incident: &IncidentId,
    now: Timestamp,
) -> Answers {
    let subject = about.subject(resident, incident, now);
    let answer = |column| {
        let mut who = who(column, resident, incident, now);
        if matches!(about, About::Everybody { is_part: false }) {
            who.scope = None;
        }
        word(decide(&who, action, &subject, now))
    };
    (about.words(), COLUMNS.iter().map(answer).collect())
}

/// The whole table, in Markdown.
pub fn table(resident: &ResidentId, incident: &IncidentId, now: Timestamp) -> String {
    let mut text = line(&[&["action", "about"], &*heads()].concat());
    text.push_str(&rule(COLUMNS.len().saturating_add(2)));
    for action in Action::ALL {
        let name = format!("{action:?}");
        let lines = answers(action, resident, incident, now).into_iter();
        for (about, words) in lines.chain(answers_of_one(action, resident, incident, now)) {
            text.push_str(&line(&[&[name.as_str(), about], &*words].concat()));
        }
    }
    text
}

/// A line of a table in Markdown.
pub fn line(cells: &[&str]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// The rule below a table's head.
pub fn rule(columns: usize) -> String {
    format!("{}|\n", "|---".repeat(columns))
}

fn who(column: &Column, resident: &ResidentId, incident: &IncidentId, now: Timestamp) -> Who {
    let (scope, station) = (scope(column.role), station(column));
    let mut who = Who { scope, station, ..Who::plain(column.head, column.role) };
    let resident = resident.clone();
    let (from, to) = match column.holds {
        Holds::Nothing => return who,
        Holds::Task => {
            let task =
                OpenTask { incident: incident.clone(), resident: Some(resident), offered_at: hours(now, -1) };
            who.tasks.push(task);
            return who;
        }
        Holds::Withheld => {
            let resident = resident.clone();
            who.withheld.push(Withheld { resident, incident: None, since: opened_at(now), until: None });
            (-9, None)
        }
        Holds::GrantElsewhere => {
            let other = ResidentId::new(format!("{resident}-other"));
            who.granted.extend(other.map(|resident| grant(resident, now, -9, None)));
            return who;
        }
        Holds::Grant(from, to) => (from, to),
    };
    who.granted.push(grant(resident, now, from, to));
    who
}

fn grant(resident: ResidentId, now: Timestamp, from: i64, to: Option<i64>) -> Grant {
    Grant { resident, from: hours(now, from), to: to.map(|to| hours(now, to)), shares: Shares::ALL }
}

/// Grants and tasks say whom the others see.
fn scope(role: Role) -> Option<Division> {
    match role {
        Role::Operator | Role::Supervisor | Role::Admin => Division::new(HERE).ok(),
        Role::Station | Role::Relative | Role::Auditor | Role::Service => None,
    }
}

fn station(column: &Column) -> Option<StationId> {
    let id = if matches!(column.holds, Holds::Task) { STATION } else { STATION_ELSEWHERE };
    (column.role == Role::Station).then(|| StationId::new(id).ok()).flatten()
}

fn word(answer: Decision) -> &'static str {
    match answer {
        Decision::Allowed => "yes",
        Decision::AllowedWithReason => "with a reason",
        Decision::Refused(_) => "–",
    }
}
