//! Who was refused what: of whoever is logged in a row of the audit log, of everybody a line in the log and a figure.
//!
//! Whoever is refused for sport fills neither: an account has so many rows a minute, and all together have so many lines a second.
//! That there were more is said.

use super::{App, problem::Refused};
use axum::{
    extract::{MatchedPath, Request, State},
    http::StatusCode,
    middleware::Next,
    response::Response,
};
use model::{SignedDuration, Timestamp};
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use store::{AuditRow, WriteAudit};
use tokio::time::timeout;

/// What a refusal is called in the audit log; a look at a person that was refused is a `look_refused`.
pub(super) const ACCESS_REFUSED: &str = "access_refused";
/// Rows of one account within a minute: a page whose rights have just ended asks for some twenty things.
const ROWS: u64 = 30;
const MINUTE: SignedDuration = SignedDuration::from_mins(1);
/// Lines of one second: enough to see who tries and what, and a day of them fills no disk.
const LINES: u64 = 5;
const SECOND: SignedDuration = SignedDuration::from_secs(1);
/// Signs of what the address names; no id has more.
const SUBJECT_SIGNS: usize = 100;
/// So long an answer waits for its row. The row, which stands in its lane, waits for the database.
const ON_RECORD_WITHIN: Duration = Duration::from_secs(1);

/// How many were refused of late.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    /// By account: there are as many as accounts.
    rows: Mutex<HashMap<String, Count>>,
    lines: Mutex<Count>,
    foreign: Mutex<Count>,
}

/// How many there were in the present span.
#[derive(Debug, Default)]
struct Count {
    since: Option<Timestamp>,
    refused: u64,
}

impl Count {
    /// Counts one more: the how manieth of its span it is, and with the first how many more there were in the span before than
    /// are told.
    fn add(&mut self, span: SignedDuration, told: u64, now: Timestamp) -> (u64, u64) {
        let is_over = self.since.is_none_or(|since| now.duration_since(since) >= span);
        let untold = if is_over { self.refused.saturating_sub(told) } else { 0 };
        if is_over {
            *self = Self { since: Some(now), refused: 0 };
        }
        self.refused = self.refused.saturating_add(1);
        (self.refused, untold)
    }
}

impl Refusals {
    /// The row as it is written; none once the account has had all of its minute.
    fn row(&self, mut row: AuditRow) -> Option<AuditRow> {
        let (nth, untold) = {
            let mut all = locked(&self.rows);
            all.entry(row.username.clone()).or_default().add(MINUTE, ROWS, row.at)
        };
        if nth > ROWS {
            return None;
        }
        // Whom it is about stands last, or it would not be found by them.
        if untold > 0 {
            row.detail = format!("{untold} more before it have no row; {}", row.detail);
        }
        if nth == ROWS {
            row.detail = format!("more within this minute have no row; {}", row.detail);
        }
        Some(row)
    }

    /// Counts a refusal, whoever it was told, and says it in the log.
    pub(super) fn write(
        &self,
        status: StatusCode,
        route: Option<&str>,
        peer: Option<IpAddr>,
        now: Timestamp,
    ) {
        metrics::counter!("jujiale_requests_refused_total", "status" => status.as_str().to_owned())
            .increment(1);
        let (nth, untold) = locked(&self.lines).add(SECOND, LINES, now);
        if untold > 0 {
            tracing::info!(event = "requests_refused_without_line", count = untold);
        }
        if nth <= LINES {
            tracing::info!(event = "request_refused", %status, route, peer = peer.map(display));
        }
    }

    /// Says in the log that a page of another origin asked.
    pub(super) fn write_foreign(&self, origin: &str, peer: Option<IpAddr>, now: Timestamp) {
        let (nth, untold) = locked(&self.foreign).add(SECOND, LINES, now);
        if untold > 0 {
            tracing::warn!(event = "foreign_origins_refused_without_line", count = untold);
        }
        if nth <= LINES {
            tracing::warn!(event = "foreign_origin_refused", ?origin, peer = peer.map(display));
        }
    }
}

fn locked<T>(counts: &Mutex<T>) -> MutexGuard<'_, T> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Puts a refusal on record before it is told.
pub(super) async fn on_record(State(app): State<App>, request: Request, next: Next) -> Response {
    let (method, address) = (request.method().clone(), request.uri().clone());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let mut response = next.run(request).await;
    let Some(Refused(mut row)) = response.extensions_mut().remove::<Refused>() else { return response };
    let route = route.as_ref().map(MatchedPath::as_str).unwrap_or_default();
    if row.subject.is_empty() {
        row.subject = named(route, address.path());
    }
    row.detail = format!("{method} {route}, {}", row.detail);
    let Some(row) = app.refusals.row(row) else { return response };
    match timeout(ON_RECORD_WITHIN, app.shared.store.write(WriteAudit(vec![row]))).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(event = "audit_failed", %error),
        Err(_elapsed) => tracing::warn!(event = "audit_waits", action = ACCESS_REFUSED),
    }
    response
}

/// What an address names: the first part that its route leaves open, or else the whole of it.
fn named(route: &str, path: &str) -> String {
    let mut parts = route.split('/').zip(path.split('/'));
    let open = parts.find(|(of_route, _)| of_route.starts_with('{'));
    open.map_or(path, |(_, said)| said).chars().take(SUBJECT_SIGNS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_795_000_000 + second).unwrap()
    }

    fn refused(username: &str, second: i64) -> AuditRow {
        AuditRow {
            at: at(second),
            username: username.to_owned(),
            source: "192.0.2.1".to_owned(),
            action: ACCESS_REFUSED.to_owned(),
            subject: "r-0002".to_owned(),
            detail: "no".to_owned(),
        }
    }

    #[test]
    fn a_flood_has_some_rows_a_minute_and_says_that_there_were_more() {
        let refusals = Refusals::default();
        let flood: Vec<_> = (0..1_000).filter_map(|_| refusals.row(refused("thief", 0))).collect();
        assert_eq!(u64::try_from(flood.len()), Ok(ROWS));
        assert_eq!(flood[0], refused("thief", 0), "what is on record is not changed by being counted");
        assert_eq!(flood.last().unwrap().detail, "more within this minute have no row; no");
        assert_eq!(refusals.row(refused("somebody", 0)), Some(refused("somebody", 0)), "each has their own");
        let next = refusals.row(refused("thief", 60)).unwrap();
        assert_eq!(next.detail, format!("{} more before it have no row; no", 1_000 - ROWS));
        assert_eq!(refusals.row(refused("thief", 120)), Some(refused("thief", 120)), "it is said once");
    }

    #[test]
    fn all_strangers_have_a_few_lines_a_second() {
        let mut count = Count::default();
        let told = (0..1_000).filter(|_| count.add(SECOND, LINES, at(0)).0 <= LINES).count();
        assert_eq!(u64::try_from(told), Ok(LINES));
        assert_eq!(count.add(SECOND, LINES, at(1)), (1, 1_000 - LINES));
        assert_eq!(count.add(SECOND, LINES, at(1)), (2, 0));
    }

    #[test]
    fn the_subject_is_what_the_address_names() {
        for (route, path, subject) in [
            ("/api/residents/{id}/export", "/api/residents/r-0002/export", "r-0002"),
            ("/api/residents/{id}/relatives/{username}", "/api/residents/r-1/relatives/x", "r-1"),
            ("/api/audit", "/api/audit", "/api/audit"),
            ("", "/somewhere", "/somewhere"),
        ] {
            assert_eq!(named(route, path), subject, "{route}");
        }
        assert_eq!(named("", &"奶".repeat(1_000)).chars().count(), SUBJECT_SIGNS);
    }
}
