//! Whether an answer on the walk along the routes is the yes or the no that the table says.
//!
//! The walk asks for what does no harm where it is allowed, so that much of it cannot be done for another reason than the account's
//! rights. Which these are is listed by route, or a refusal would pass for a yes.

use tests::Answer;

/// What may be a refusal.
const NOS: [u16; 5] = [401, 403, 404, 405, 422];

/// There is nothing of the name that is asked for, so that nothing is changed: 404 to those who may.
const NOTHING_THERE: [&str; 19] = [
    "POST /api/me/grants",
    "DELETE /api/sessions/{id}",
    "DELETE /api/invitations/{id}",
    "GET /api/join/{code}",
    "POST /api/join/{code}",
    "DELETE /api/residents/{id}/relatives/{username}",
    "POST /api/residents/{id}/withholdings",
    "DELETE /api/withholdings/{id}",
    "DELETE /api/residents/{id}/absences/{absence}",
    "DELETE /api/roster/{id}",
    "POST /api/delivery/{channel}/{secret}",
    // The other of the two that are to be one.
    "POST /api/incidents/{id}/merge",
    // The desk has no station whose task it could be.
    "POST /api/tasks/{id}/position",
    "PUT /api/residents/{id}/fences/{fence}",
    "DELETE /api/residents/{id}/fences/{fence}",
    "PUT /api/zones/{id}",
    "DELETE /api/zones/{id}",
    "DELETE /api/handsets/{id}/phones/{phone}",
    "POST /api/provision",
];

/// What is sent says nothing that could be entered: 422 to those who may.
const SAYS_NOTHING: [&str; 24] = [
    // Who is no relative has no use for an invitation of one.
    "POST /api/me/grants",
    "POST /api/invitations",
    "POST /api/residents/{id}/consents",
    "POST /api/looks/{id}/review",
    "POST /api/incidents",
    "POST /api/incidents/{id}/answer",
    "POST /api/incidents/{id}/transfer",
    "POST /api/calls",
    "POST /api/handsets/{id}/drill",
    "POST /api/residents/{id}/absences",
    "POST /api/roster",
    // Nor is a way out set up.
    "POST /api/channels/{channel}/test",
    "PUT /api/ladder",
    // Only station staff are asked to go.
    "PUT /api/me/position",
    "POST /api/reports/late/{id}",
    // No quarter is named.
    "GET /api/reports/quarter",
    "PUT /api/stations/{id}",
    "POST /api/residents",
    "PUT /api/residents/{id}",
    // Nobody is erased on a walk: what is confirmed is somebody else.
    "POST /api/residents/{id}/erase",
    "POST /api/residents/{id}/fences",
    "POST /api/zones",
    "PUT /api/handsets/{id}",
    "POST /api/handsets/{id}/phones",
];

/// It is the account's own affair, and what is sent is not its password or its code.
const NOT_THE_WORDS: [(&str, u16); 5] = [
    ("POST /api/session", 401),
    ("POST /api/me/password", 403),
    ("POST /api/me/totp", 403),
    ("PUT /api/me/totp", 403),
    ("DELETE /api/me/totp", 403),
];

/// To stations and relatives a case that they may not see looks as if it were not there, and to everybody a task in one and what a
/// link opened.
fn is_hidden(answer: &Answer, column: &str, route: &str) -> bool {
    let is_told_less = ["station", "relative"].iter().any(|beginning| column.starts_with(beginning));
    let is_case = ["/api/incidents/{id}", "/api/tasks/{id}"].iter().any(|path| route.contains(path));
    let is_task = route == "POST /api/tasks/{id}/{act}" || route.contains("/api/task/{token}");
    answer.status == 404 && ((is_told_less && is_case) || is_task)
}

/// Whether the account was turned away, as against the request.
pub(crate) fn is_no(answer: &Answer, column: &str, route: &str) -> bool {
    let code = answer.body["code"].as_str().unwrap_or_default();
    let is_told =
        answer.status == 401 || (answer.status == 403 && ["forbidden", "reason_required"].contains(&code));
    is_told || is_hidden(answer, column, route)
}

/// Whether the account may, although the request may come to nothing.
pub(crate) fn is_yes(answer: &Answer, column: &str, route: &str) -> bool {
    if is_hidden(answer, column, route) {
        return false;
    }
    let is_listed = match answer.status {
        404 => NOTHING_THERE.contains(&route),
        422 => SAYS_NOTHING.contains(&route),
        status => NOT_THE_WORDS.contains(&(route, status)),
    };
    !NOS.contains(&answer.status) || is_listed
}
