//! Every answer of [`decide`](crate::decide) as a table for people, made by asking it.

use crate::{Action, Decision, Role, Subject, Who, decide};
use model::{ResidentId, SignedDuration, Timestamp};
use std::fmt::Write as _;

/// Whose account asks: a column.
struct Column {
    head: &'static str,
    role: Role,
    /// From when until when a relative's grant for the resident runs, in hours from now.
    grant: Option<(i64, Option<i64>)>,
}

const fn staff(head: &'static str, role: Role) -> Column {
    Column { head, role, grant: None }
}

const fn relative(head: &'static str, from: i64, to: Option<i64>) -> Column {
    Column { head, role: Role::Relative, grant: Some((from, to)) }
}

const COLUMNS: [Column; 9] = [
    staff("operator", Role::Operator),
    staff("supervisor", Role::Supervisor),
    staff("station", Role::Station),
    relative("relative, grant runs", -9, None),
    relative("relative, granted after it happened", -1, None),
    relative("relative, grant ended", -9, Some(-1)),
    staff("relative of somebody else", Role::Relative),
    staff("admin", Role::Admin),
    staff("auditor", Role::Auditor),
];

/// When the incident of the table was opened, in hours from now.
const OPENED: i64 = -2;

/// What an action is asked about: a row.
#[derive(Clone, Copy)]
enum About {
    Nothing,
    Incident { open: bool },
    Resident { has_open_incident: bool },
}

impl About {
    fn words(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Incident { open: true } => "an open incident",
            Self::Incident { open: false } => "a closed incident",
            Self::Resident { has_open_incident: true } => "a resident with an open incident",
            Self::Resident { has_open_incident: false } => "a resident without one",
        }
    }

    fn subject(self, resident: &ResidentId, now: Timestamp) -> Subject {
        match self {
            Self::Nothing => Subject::Nothing,
            Self::Incident { open } => {
                Subject::Incident { resident: Some(resident.clone()), opened_at: hours(now, OPENED), open }
            }
            Self::Resident { has_open_incident } => {
                Subject::Resident { id: resident.clone(), has_open_incident }
            }
        }
    }
}

fn abouts(action: Action) -> &'static [About] {
    match action {
        Action::ListIncidents
        | Action::OpenCall
        | Action::ListResidents
        | Action::ReadQuarantine
        | Action::ReadAudit
        | Action::Live => &[About::Nothing],
        Action::ReadIncident
        | Action::Claim
        | Action::Release
        | Action::Note
        | Action::Close
        | Action::Locate => &[About::Incident { open: true }, About::Incident { open: false }],
        Action::ReadResident | Action::ReadTrack => {
            &[About::Resident { has_open_incident: true }, About::Resident { has_open_incident: false }]
        }
    }
}

fn hours(now: Timestamp, hours: i64) -> Timestamp {
    now.checked_add(SignedDuration::from_hours(hours)).unwrap_or(now)
}

/// The whole table, in Markdown. `resident` is anybody, `now` any time.
pub fn table(resident: &ResidentId, now: Timestamp) -> String {
    let mut text = String::from("| action | about |");
    for column in &COLUMNS {
        put(&mut text, format_args!(" {} |", column.head));
    }
    put(&mut text, format_args!("\n{}\n", "|---".repeat(COLUMNS.len().saturating_add(2)) + "|"));
    for action in Action::ALL {
        for about in abouts(action) {
            put(&mut text, format_args!("| {action:?} | {} |", about.words()));
            for column in &COLUMNS {
                let answer = decide(&who(column, resident, now), action, &about.subject(resident, now), now);
                put(&mut text, format_args!(" {} |", word(answer)));
            }
            text.push('\n');
        }
    }
    text
}

fn who(column: &Column, resident: &ResidentId, now: Timestamp) -> Who {
    let grant =
        |(from, to): (i64, Option<i64>)| (resident.clone(), hours(now, from), to.map(|to| hours(now, to)));
    Who {
        username: column.head.to_owned(),
        role: column.role,
        granted: column.grant.map(grant).into_iter().collect(),
    }
}

fn word(answer: Decision) -> &'static str {
    match answer {
        Decision::Allowed => "yes",
        Decision::AllowedWithReason => "with a reason",
        Decision::Refused(_) => "–",
    }
}

/// A string takes whatever is written.
fn put(text: &mut String, words: std::fmt::Arguments<'_>) {
    text.write_fmt(words).unwrap_or_default();
}
