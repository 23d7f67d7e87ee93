//! What each route needs, as a table: the document of who may call what, held against the routes there are and walked
//! by the tests as every role.
//!
//! The handlers ask [`access::decide`] themselves, with what the request is about; the table says which question it is.

use access::{Action, table};
use model::{IncidentId, ResidentId, Timestamp};

/// What a caller needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    /// Nothing: it is for those who are not in yet, and for watchdogs.
    Nothing,
    /// A session, whoever's it is; it is about nobody but the caller.
    Session,
    /// That this action is allowed.
    May(Action),
    /// That it is allowed to the one resident or account that the request names: their records end at the account's scope.
    MayToOne(Action),
    /// The link of a task, whoever has it, and that this is allowed to its station about that task's incident.
    ByLink(Action),
}

use Need::{ByLink, May, MayToOne, Nothing, Session};

/// Every route, and what it needs.
pub(super) const NEEDS: [(&str, &str, Need); 123] = [
    ("POST", "/api/session", Nothing),
    ("DELETE", "/api/session", Nothing),
    ("GET", "/api/me", Session),
    ("POST", "/api/me/password", Session),
    ("POST", "/api/me/grants", Session),
    ("POST", "/api/me/totp", Session),
    ("PUT", "/api/me/totp", Session),
    ("DELETE", "/api/me/totp", Session),
    ("POST", "/api/session/lock", Session),
    ("POST", "/api/session/unlock", Session),
    ("GET", "/api/sessions", Session),
    ("DELETE", "/api/sessions/{id}", Session),
    ("GET", "/api/users", May(Action::ManageAccounts)),
    ("PUT", "/api/users/{username}", MayToOne(Action::ManageAccounts)),
    ("DELETE", "/api/users/{username}/sessions", MayToOne(Action::ManageSessions)),
    ("GET", "/api/invitations", May(Action::ManageConsents)),
    ("POST", "/api/invitations", May(Action::ManageConsents)),
    ("DELETE", "/api/invitations/{id}", May(Action::ManageConsents)),
    ("GET", "/api/join/{code}", Nothing),
    ("POST", "/api/join/{code}", Nothing),
    ("GET", "/api/residents/{id}/consents", MayToOne(Action::ManageConsents)),
    ("POST", "/api/residents/{id}/consents", MayToOne(Action::ManageConsents)),
    ("POST", "/api/consents/{id}/withdraw", MayToOne(Action::ManageConsents)),
    ("GET", "/api/residents/{id}/relatives", May(Action::ReadRelatives)),
    ("DELETE", "/api/residents/{id}/relatives/{username}", MayToOne(Action::ManageConsents)),
    ("POST", "/api/residents/{id}/withholdings", MayToOne(Action::Withhold)),
    ("DELETE", "/api/withholdings/{id}", MayToOne(Action::Withhold)),
    ("GET", "/api/looks", May(Action::ReviewLooks)),
    ("POST", "/api/looks/{id}/review", MayToOne(Action::ReviewLooks)),
    ("GET", "/api/incidents", May(Action::ListIncidents)),
    ("POST", "/api/incidents", May(Action::OpenCall)),
    ("GET", "/api/incidents/{id}", May(Action::ReadIncident)),
    ("GET", "/api/incidents/{id}/events", May(Action::ReadIncident)),
    ("POST", "/api/incidents/{id}/claim", May(Action::Claim)),
    ("POST", "/api/incidents/{id}/release", May(Action::Release)),
    ("POST", "/api/incidents/{id}/note", May(Action::Note)),
    ("POST", "/api/incidents/{id}/close", May(Action::Close)),
    ("POST", "/api/incidents/{id}/confirm", May(Action::Note)),
    ("POST", "/api/incidents/{id}/step", May(Action::Note)),
    ("POST", "/api/incidents/{id}/answer", May(Action::AnswerAsRelative)),
    ("POST", "/api/incidents/{id}/merge", May(Action::Dispatch)),
    ("POST", "/api/incidents/{id}/split", May(Action::Dispatch)),
    ("POST", "/api/calls", May(Action::AnnounceCall)),
    ("POST", "/api/handsets/{id}/drill", MayToOne(Action::ManageDrills)),
    ("DELETE", "/api/handsets/{id}/drill", MayToOne(Action::ManageDrills)),
    ("GET", "/api/drills/due", May(Action::ManageDrills)),
    ("GET", "/api/drills/windows", May(Action::ManageDrills)),
    ("GET", "/api/residents/{id}/absences", MayToOne(Action::ManageDrills)),
    ("POST", "/api/residents/{id}/absences", MayToOne(Action::ManageDrills)),
    ("DELETE", "/api/residents/{id}/absences/{absence}", MayToOne(Action::ManageDrills)),
    ("GET", "/api/technical", May(Action::ReadTechnical)),
    ("GET", "/api/roster", May(Action::ManageLadder)),
    ("POST", "/api/roster", May(Action::ManageLadder)),
    ("DELETE", "/api/roster/{id}", May(Action::ManageLadder)),
    ("GET", "/api/channels", May(Action::ManageLadder)),
    ("POST", "/api/channels/{channel}/test", May(Action::ManageLadder)),
    ("GET", "/api/incidents/{id}/notices", May(Action::ReadFile)),
    ("POST", "/api/delivery/{channel}/{secret}", Nothing),
    ("GET", "/api/ladder", May(Action::ManageLadder)),
    ("PUT", "/api/ladder", May(Action::ManageLadder)),
    ("GET", "/api/incidents/{id}/candidates", May(Action::ReadFile)),
    ("POST", "/api/incidents/{id}/dispatch", May(Action::Dispatch)),
    ("POST", "/api/incidents/{id}/transfer", May(Action::Dispatch)),
    ("POST", "/api/incidents/{id}/handover", May(Action::Dispatch)),
    ("POST", "/api/incidents/{id}/resident", May(Action::Dispatch)),
    ("POST", "/api/incidents/{id}/resolve", May(Action::Dispatch)),
    ("POST", "/api/incidents/{id}/reopen", May(Action::Dispatch)),
    ("GET", "/api/tasks", May(Action::ListTasks)),
    ("POST", "/api/tasks/{id}/{act}", May(Action::DoTask)),
    ("POST", "/api/tasks/{id}/position", May(Action::DoTask)),
    ("GET", "/api/me/position", Session),
    ("PUT", "/api/me/position", Session),
    ("GET", "/api/incidents/{id}/responders", May(Action::ReadFile)),
    ("GET", "/api/task/{token}", ByLink(Action::ReadIncident)),
    ("POST", "/api/task/{token}/{act}", ByLink(Action::DoTask)),
    ("GET", "/api/reports/response", May(Action::ReadReports)),
    ("POST", "/api/reports/late/{id}", May(Action::ReviewLate)),
    ("GET", "/api/reports/quarter", May(Action::ReadReports)),
    ("GET", "/api/reports/notices", May(Action::ReadReports)),
    ("GET", "/api/reports/handsets", May(Action::ReadReports)),
    ("GET", "/api/incidents/{id}/file", May(Action::ReadFile)),
    ("GET", "/api/stations", May(Action::ReadStations)),
    ("PUT", "/api/stations/{id}", May(Action::ManageStations)),
    ("GET", "/api/codes", Session),
    ("GET", "/api/residents", May(Action::ListResidents)),
    ("POST", "/api/residents", May(Action::ManageResidents)),
    ("GET", "/api/residents/{id}", May(Action::ReadResident)),
    ("PUT", "/api/residents/{id}", MayToOne(Action::ManageResidents)),
    ("GET", "/api/residents/{id}/track", May(Action::ReadTrack)),
    ("GET", "/api/residents/{id}/falls", May(Action::ReadTrack)),
    ("GET", "/api/residents/{id}/handsets", MayToOne(Action::ManageHandsets)),
    ("GET", "/api/residents/{id}/export", MayToOne(Action::AnswerForData)),
    ("POST", "/api/residents/{id}/erase", MayToOne(Action::AnswerForData)),
    ("GET", "/api/residents/{id}/fences", May(Action::ReadWatch)),
    ("POST", "/api/residents/{id}/fences", MayToOne(Action::ManageWatch)),
    ("PUT", "/api/residents/{id}/fences/{fence}", MayToOne(Action::ManageWatch)),
    ("DELETE", "/api/residents/{id}/fences/{fence}", MayToOne(Action::ManageWatch)),
    ("GET", "/api/residents/{id}/policy", May(Action::ReadWatch)),
    ("PUT", "/api/residents/{id}/policy", MayToOne(Action::ManageWatch)),
    ("GET", "/api/residents/{id}/habits", May(Action::ReadWatch)),
    ("DELETE", "/api/residents/{id}/habits", MayToOne(Action::ManageWatch)),
    ("GET", "/api/zones", May(Action::ReadZones)),
    ("POST", "/api/zones", May(Action::ManageZones)),
    ("PUT", "/api/zones/{id}", May(Action::ManageZones)),
    ("DELETE", "/api/zones/{id}", May(Action::ManageZones)),
    ("POST", "/api/handsets/{id}/locate", May(Action::Locate)),
    ("GET", "/api/handsets/{id}/commands", May(Action::Dispatch)),
    ("POST", "/api/handsets/{id}/commands", May(Action::Locate)),
    ("GET", "/api/incidents/{id}/commands", May(Action::ReadFile)),
    ("GET", "/api/handsets", May(Action::ManageHandsets)),
    ("PUT", "/api/handsets/{id}", MayToOne(Action::ManageHandsets)),
    ("GET", "/api/handsets/{id}/bindings", MayToOne(Action::ManageHandsets)),
    ("POST", "/api/handsets/{id}/claim", MayToOne(Action::ManageHandsets)),
    ("GET", "/api/handsets/{id}/phones", MayToOne(Action::ManageHandsets)),
    ("POST", "/api/handsets/{id}/phones", MayToOne(Action::ManageHandsets)),
    ("DELETE", "/api/handsets/{id}/phones/{phone}", MayToOne(Action::ManageHandsets)),
    ("POST", "/api/provision", Nothing),
    ("GET", "/api/quarantine", May(Action::ReadQuarantine)),
    ("GET", "/api/audit", May(Action::ReadAudit)),
    ("GET", "/api/live", May(Action::Live)),
    ("GET", "/healthz", Nothing),
    ("GET", "/readyz", Nothing),
    ("GET", "/metrics", Nothing),
];

/// The table in Markdown, with the answer to every kind of account.
pub fn in_words(resident: &ResidentId, incident: &IncidentId, now: Timestamp) -> String {
    let heads = table::heads();
    let mut text = table::line(&[&["route", "needs", "about"], &*heads].concat());
    text.push_str(&table::rule(heads.len() + 3));
    for (method, path, need) in NEEDS {
        let route = format!("`{method} {path}`");
        let mut put = |needs: &str, about: &str, words: &[&str]| {
            text.push_str(&table::line(&[&[route.as_str(), needs, about], words].concat()));
        };
        match need {
            Nothing => put("nothing", "", &vec!["yes"; heads.len()]),
            Session => put("a session", "", &vec!["yes"; heads.len()]),
            May(action) => {
                for (about, words) in table::answers(action, resident, incident, now) {
                    put(&format!("{action:?}"), about, &words);
                }
            }
            ByLink(action) => {
                for (about, word) in table::answers_by_link(action, resident, incident, now) {
                    put(&format!("a link, {action:?}"), about, &vec![word; heads.len()]);
                }
            }
            MayToOne(action) => {
                for (about, words) in table::answers_of_one(action, resident, incident, now) {
                    put(&format!("{action:?}"), about, &words);
                }
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::frames_in_words;
    use std::collections::BTreeSet;

    /// Routes that the OpenAPI document does not describe: no JSON goes over them.
    const UNDESCRIBED: [&str; 2] = ["GET /api/live", "GET /metrics"];

    #[test]
    fn every_route_says_what_it_needs() {
        let document: serde_json::Value =
            serde_json::from_str(&super::super::openapi_json().expect("a document")).expect("JSON");
        let mut routes: BTreeSet<String> = UNDESCRIBED.map(str::to_owned).into();
        for (path, methods) in document["paths"].as_object().expect("paths") {
            let methods = methods.as_object().expect("methods").keys();
            routes.extend(methods.map(|method| format!("{} {path}", method.to_uppercase())));
        }
        let said: Vec<String> = NEEDS.iter().map(|(method, path, _)| format!("{method} {path}")).collect();
        let known: BTreeSet<String> = said.iter().cloned().collect();
        assert_eq!(known.len(), said.len(), "each once");
        assert_eq!(known, routes);
    }

    /// A route about one thing of which the policy knows no line would be left out, and nobody would walk it.
    #[test]
    fn every_route_has_its_lines() {
        let resident = ResidentId::new("anybody").expect("an id");
        let incident = IncidentId::new("any").expect("an id");
        let table = in_words(&resident, &incident, Timestamp::UNIX_EPOCH);
        for (method, path, _) in NEEDS {
            assert!(table.contains(&format!("| `{method} {path}` |")), "{method} {path}");
        }
    }

    /// The table that people read is the one the code gives.
    #[test]
    fn the_docs_have_the_routes() {
        let docs = include_str!("../../../../docs/access.md");
        let resident = ResidentId::new("anybody").expect("an id");
        let incident = IncidentId::new("any").expect("an id");
        let now = Timestamp::from_second(1_795_000_000).expect("a time");
        let routes = in_words(&resident, &incident, now);
        let frames = frames_in_words(&resident, &incident, now);
        assert!(
            docs.contains(&frames),
            "docs/access.md is not up to date; its table of frames must be:\n\n{frames}"
        );
        assert!(
            docs.contains(&routes),
            "docs/access.md is not up to date; its table of routes must be:\n\n{routes}"
        );
    }
}
