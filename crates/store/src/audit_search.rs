//! Looking through the audit log.
//!
//! What grows with the years is read by its indexes: by time where that is a short one, else by subject or account, and by the
//! residents whom a row names (`audit_about`). As long as it is not noted of all rows whom they name, the older ones are looked at
//! one by one, newest first: that takes its time, and the answer is whole.

use crate::{AuditRow, Store, StoreError, audit_about, db::on, micros, people, reading, rows};
use model::{IncidentId, ResidentId, Timestamp};
use std::{collections::BTreeSet, ops::Range};

/// Of so many rows within a time the newest are sought among these alone; where there are more, from the newest of all on.
const OF_A_SHORT_TIME: i64 = 200_000;

/// What is looked for; what is not said fits every row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditSearch {
    /// By this account.
    pub username: Option<String>,
    /// With this action.
    pub action: Option<String>,
    /// Of this incident, resident, handset or list.
    pub subject: Option<String>,
    /// Of this resident: also of their incidents, of those that were about them when they were looked at, of the handsets they
    /// carried at that time, of lists and screens that showed them, and of this log as far as it was asked about them.
    pub resident: Option<ResidentId>,
    /// Besides all rows of this incident, whenever they were written and whomever it was taken to be about.
    pub incident: Option<IncidentId>,
    /// From this time on.
    pub from: Option<Timestamp>,
    /// Before this time.
    pub to: Option<Timestamp>,
}

/// A row with its place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberedAudit {
    /// Its place.
    pub row: i64,
    /// What it says.
    pub audit: AuditRow,
}

/// What stands before whom an act or a look was about then.
const ABOUT: &str = "; about ";

/// How the row of an act on an incident or of a look at it ends: with whom it was about then. It may turn out later that it is
/// somebody else, whose such a row is not.
pub fn about_whom(resident: &str) -> String {
    format!("{ABOUT}{resident}")
}

/// The subjects whose rows say in their words whom they showed.
macro_rules! lists {
    () => {
        "'incidents', 'residents', 'handsets', 'live', 'tasks', 'signals', 'looks', 'quarantine'"
    };
}

/// The words of a row that may name a resident. What is found by them is looked at again: here nothing must be missed.
pub(crate) fn named<'row>(action: &str, subject: &str, detail: &'row str) -> BTreeSet<&'row str> {
    let is_list = lists!().split(", ").any(|list| list.trim_matches('\'') == subject)
        || matches!(action, "list_bindings" | "read_audit");
    let said = if is_list { detail } else { detail.rsplit_once(ABOUT).map_or("", |(_, whom)| whom) };
    said.split(' ').map(bare).filter(|word| !word.is_empty()).collect()
}

/// A question to the log says what the name that follows is.
fn bare(word: &str) -> &str {
    let name = word.strip_prefix("resident=").or_else(|| word.strip_prefix("subject="));
    name.unwrap_or(word)
}

/// What its own index finds of a short time.
macro_rules! of_a_time {
    () => {
        " AND row_id IN (SELECT row_id FROM audit WHERE at_us >= $2 AND at_us < $3)"
    };
}

/// True of a row after `$13` that is about the resident `$8`.
macro_rules! is_about {
    () => {
        concat!(
            " AND +row_id > $13
      AND (subject = $8
        OR (subject IN (SELECT incident_id FROM incidents WHERE resident_id = $8) AND detail NOT LIKE '%; about %')
        OR EXISTS (SELECT 1 FROM bindings WHERE resident_id = $8 AND handset_id = subject
          AND from_us <= at_us AND (to_us IS NULL OR to_us > at_us))
        OR ((subject IN (",
            lists!(),
            ") OR action = 'list_bindings') AND detail || ' ' LIKE $9 ESCAPE '\\')
        OR (action = 'read_audit' AND (detail || ' ' LIKE $10 ESCAPE '\\' OR detail || ' ' LIKE $11 ESCAPE '\\'))
        OR detail LIKE $12 ESCAPE '\\')"
        )
    };
}

type Found = (i64, i64, String, String, String, String, String);

/// What fits `$1` to `$6`, and is sought where the text says: the newest, at most `$7`. With the sign before it SQLite does not take
/// the time's index, by which it would sort all of the log.
macro_rules! sought {
    ($($where:expr),*) => {
        concat!(
            "SELECT row_id, at_us, username, source, action, subject, detail FROM audit
             WHERE row_id < $1 AND +at_us >= $2 AND +at_us < $3
               AND ($4 = '' OR username = $4) AND ($5 = '' OR action = $5) AND ($6 = '' OR subject = $6)",
            $($where,)*
            " ORDER BY row_id DESC LIMIT $7"
        )
    };
}

const AMONG_ALL: &str = sought!();
const BY_USERNAME: &str = sought!(" AND username = $4");
const BY_SUBJECT: &str = sought!(" AND subject = $6");
const BY_TIME: &str = sought!(of_a_time!());
/// Everything that may be about the resident `$8`, and of that what is.
const BY_RESIDENT: &str = sought!(
    " AND row_id IN (
        SELECT row_id FROM audit_about WHERE resident_id = $8
        UNION SELECT row_id FROM audit WHERE subject = $8
        UNION SELECT audit.row_id FROM incidents JOIN audit ON audit.subject = incidents.incident_id
          WHERE incidents.resident_id = $8
        UNION SELECT audit.row_id FROM bindings JOIN audit ON audit.subject = bindings.handset_id
          WHERE bindings.resident_id = $8)",
    is_about!()
);
/// The same among rows of which it is not noted whom they name.
const ROW_BY_ROW: &str = sought!(is_about!());
const ROW_BY_ROW_OF_A_TIME: &str = sought!(of_a_time!(), is_about!());

/// Binds what every search has, in the order of its text.
macro_rules! bound {
    ($text:expr, $search:expr, $before:expr, $limit:expr) => {
        sqlx::query_as($text)
            .bind($before)
            .bind($search.from.map_or(i64::MIN, micros))
            .bind($search.to.map_or(i64::MAX, micros))
            .bind($search.username.clone().unwrap_or_default())
            .bind($search.action.clone().unwrap_or_default())
            .bind($search.subject.clone().unwrap_or_default())
            .bind(i64::from($limit))
    };
}

const LOG: &str = "the audit log";

impl Store {
    /// What fits before a place in the log, the newest first.
    pub async fn audited(
        &self,
        search: &AuditSearch,
        before: i64,
        limit: u32,
    ) -> Result<Vec<NumberedAudit>, StoreError> {
        let mut found = self.fitting(search, before, limit).await?;
        if let Some(incident) = &search.incident {
            let subject = Some(incident.to_string());
            found.extend(
                self.fitting(&AuditSearch { subject, ..AuditSearch::default() }, before, limit).await?,
            );
            found.sort_by_key(|one| std::cmp::Reverse(one.row));
            found.dedup_by_key(|one| one.row);
            found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        }
        Ok(found)
    }

    async fn fitting(
        &self,
        search: &AuditSearch,
        before: i64,
        limit: u32,
    ) -> Result<Vec<NumberedAudit>, StoreError> {
        let found: Vec<Found> = if let Some(resident) = &search.resident {
            self.about(resident, search, before, limit).await?
        } else {
            let text = sought_by(search, self.is_of_a_short_time(search).await?);
            on!(Pool, &self.pool, to => bound!(text, search, before, limit).fetch_all(to).await)
                .map_err(reading(LOG))?
        };
        let numbered = |(row, at, username, source, action, subject, detail): Found| {
            let at = rows::time(LOG, at)?;
            Ok(NumberedAudit { row, audit: AuditRow { at, username, source, action, subject, detail } })
        };
        found.into_iter().map(numbered).collect()
    }

    /// What is about a resident: by the notes as far back as these reach, and before that row by row.
    async fn about(
        &self,
        resident: &ResidentId,
        search: &AuditSearch,
        before: i64,
        limit: u32,
    ) -> Result<Vec<Found>, StoreError> {
        // Asked first: notes only come to reach farther back, so that no row falls between the two.
        let not_noted = self.cursor(audit_about::CURSOR).await?;
        let mut found = self.read_about(BY_RESIDENT, resident, search, not_noted..before, limit).await?;
        let left = limit.saturating_sub(u32::try_from(found.len()).unwrap_or(limit));
        if not_noted > 0 && left > 0 {
            let is_of_a_short_time = self.is_of_a_short_time(search).await?;
            let text = if is_of_a_short_time { ROW_BY_ROW_OF_A_TIME } else { ROW_BY_ROW };
            let older = 0..before.min(not_noted.saturating_add(1));
            found.extend(self.read_about(text, resident, search, older, left).await?);
        }
        Ok(found)
    }

    /// Rows after the beginning of the range and before its end.
    async fn read_about(
        &self,
        text: &'static str,
        resident: &ResidentId,
        search: &AuditSearch,
        rows: Range<i64>,
        limit: u32,
    ) -> Result<Vec<Found>, StoreError> {
        let resident = resident.as_str();
        let listed = people::containing(&format!(" {resident} "));
        let [asked, asked_as] =
            ["resident", "subject"].map(|name| people::containing(&format!(" {name}={resident} ")));
        let ends = people::containing(&about_whom(resident));
        on!(Pool, &self.pool, to => bound!(text, search, rows.end, limit)
            .bind(resident)
            .bind(&listed)
            .bind(&asked)
            .bind(&asked_as)
            .bind(ends.strip_suffix('%').unwrap_or_default())
            .bind(rows.start)
            .fetch_all(to)
            .await)
        .map_err(reading(LOG))
    }

    /// Whether the search is about a time within which there are so few rows that they are looked at one by one.
    async fn is_of_a_short_time(&self, search: &AuditSearch) -> Result<bool, StoreError> {
        if search.from.is_none() && search.to.is_none() {
            return Ok(false);
        }
        let (rows,): (i64,) = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT COUNT(*) FROM (SELECT 1 AS one FROM audit WHERE at_us >= $1 AND at_us < $2 LIMIT $3) AS within",
        )
        .bind(search.from.map_or(i64::MIN, micros))
        .bind(search.to.map_or(i64::MAX, micros))
        .bind(OF_A_SHORT_TIME)
        .fetch_one(to)
        .await)
        .map_err(reading(LOG))?;
        Ok(rows < OF_A_SHORT_TIME)
    }
}

/// By what a search is answered that is not about a resident. A short time goes first: an account or a list may stand in most of the
/// log, and what is sought among its rows from the newest on.
fn sought_by(search: &AuditSearch, is_of_a_short_time: bool) -> &'static str {
    if is_of_a_short_time {
        BY_TIME
    } else if search.subject.is_some() {
        BY_SUBJECT
    } else if search.username.is_some() {
        BY_USERNAME
    } else {
        AMONG_ALL
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_time_goes_before_whoever_stands_in_most_of_the_log() {
        let search = |username: Option<&str>, subject: Option<&str>| AuditSearch {
            username: username.map(str::to_owned),
            subject: subject.map(str::to_owned),
            ..AuditSearch::default()
        };
        let (anybody, system) = (search(None, None), search(Some("system"), None));
        let (live, both) = (search(None, Some("live")), search(Some("system"), Some("live")));
        for (search, otherwise) in
            [(anybody, AMONG_ALL), (system, BY_USERNAME), (live, BY_SUBJECT), (both, BY_SUBJECT)]
        {
            assert_eq!(sought_by(&search, true), BY_TIME, "{search:?}");
            assert_eq!(sought_by(&search, false), otherwise, "{search:?}");
        }
    }
}
