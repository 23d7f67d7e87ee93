//! Looking through the audit log.

use crate::{AuditRow, Store, StoreError, db::on, micros, people, reading, rows};
use model::{IncidentId, ResidentId, Timestamp};

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

/// How the row of an act on an incident or of a look at it ends: with whom it was about then. It may turn out later that it is
/// somebody else, whose such a row is not.
pub fn about_whom(resident: &str) -> String {
    format!("; about {resident}")
}

type Found = (i64, i64, String, String, String, String, String);

impl Store {
    /// What fits before a place in the log, the newest first.
    pub async fn audited(
        &self,
        search: &AuditSearch,
        before: i64,
        limit: u32,
    ) -> Result<Vec<NumberedAudit>, StoreError> {
        let what = "the audit log";
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let resident = search.resident.as_ref().map_or("", ResidentId::as_str);
        let listed = people::containing(&format!(" {resident} "));
        let [asked, asked_as] =
            ["resident", "subject"].map(|name| people::containing(&format!(" {name}={resident} ")));
        let ends = people::containing(&about_whom(resident));
        let found: Vec<Found> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT row_id, at_us, username, source, action, subject, detail FROM audit
             WHERE row_id < $1 AND ((subject = $13 AND $13 <> '') OR (at_us >= $2 AND at_us < $3
               AND ($4 = '' OR username = $4) AND ($5 = '' OR action = $5) AND ($6 = '' OR subject = $6)
               AND ($7 = '' OR subject = $7
                 OR (subject IN (SELECT incident_id FROM incidents WHERE resident_id = $7)
                   AND detail NOT LIKE '%; about %')
                 OR EXISTS (SELECT 1 FROM bindings WHERE resident_id = $7 AND handset_id = subject
                   AND from_us <= at_us AND (to_us IS NULL OR to_us > at_us))
                 OR ((subject IN ('incidents', 'residents', 'handsets', 'live', 'tasks', 'signals', 'looks', 'quarantine')
                     OR action = 'list_bindings')
                   AND detail || ' ' LIKE $9 ESCAPE '\\')
                 OR (action = 'read_audit' AND (detail || ' ' LIKE $10 ESCAPE '\\' OR detail || ' ' LIKE $11 ESCAPE '\\'))
                 OR detail LIKE $12 ESCAPE '\\')))
             ORDER BY row_id DESC LIMIT $8",
        )
        .bind(before)
        .bind(search.from.map_or(i64::MIN, micros))
        .bind(search.to.map_or(i64::MAX, micros))
        .bind(text(&search.username))
        .bind(text(&search.action))
        .bind(text(&search.subject))
        .bind(resident)
        .bind(i64::from(limit))
        .bind(&listed)
        .bind(&asked)
        .bind(&asked_as)
        .bind(ends.strip_suffix('%').unwrap_or_default())
        .bind(search.incident.as_ref().map_or("", IncidentId::as_str))
        .fetch_all(to)
        .await)
        .map_err(reading(what))?;
        let numbered = |(row, at, username, source, action, subject, detail): Found| {
            let at = rows::time(what, at)?;
            Ok(NumberedAudit { row, audit: AuditRow { at, username, source, action, subject, detail } })
        };
        found.into_iter().map(numbered).collect()
    }
}
