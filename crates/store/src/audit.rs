//! Who did or looked at what. Rows are written with the act, in its transaction; one sealer chains the rows
//! that have been committed ([`audit_chain`](crate::audit_chain)), so that a row changed or taken away later is noticed.

use crate::{Connection, Job, JobError, Lane, audit_search, micros, script::Script};
use async_trait::async_trait;
use model::Timestamp;

/// One act or look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub username: String,
    /// From where: the peer's address.
    pub source: String,
    /// What was done: the action's name.
    pub action: String,
    /// Whose record or which incident.
    pub subject: String,
    /// Which range, why, with what result.
    pub detail: String,
}

pub(crate) fn insert(script: &mut Script, rows: &[AuditRow]) {
    for row in rows {
        script.add(
            "INSERT INTO audit (at_us, username, source, action, subject, detail) VALUES ($1, $2, $3, $4, $5, $6)",
            [
                micros(row.at).into(),
                row.username.as_str().into(),
                row.source.as_str().into(),
                row.action.as_str().into(),
                row.subject.as_str().into(),
                row.detail.as_str().into(),
            ],
        );
        let named = audit_search::named(&row.action, &row.subject, &row.detail);
        if !named.is_empty() {
            script.add_in_both(NAMES, [named.into_iter().collect::<serde_json::Value>().to_string().into()]);
        }
    }
}

/// Notes whom the row that was written just now names, as far as they are residents.
const NAMES: [&str; 2] = [
    "INSERT INTO audit_about (resident_id, row_id) SELECT residents.resident_id, last_insert_rowid()
     FROM json_each($1) AS named JOIN residents ON residents.resident_id = named.value",
    "INSERT INTO audit_about (resident_id, row_id)
     SELECT residents.resident_id, currval(pg_get_serial_sequence('audit', 'row_id'))
     FROM json_array_elements_text(CAST($1 AS JSON)) AS named (value)
     JOIN residents ON residents.resident_id = named.value",
];

/// Puts on record what was changed by other statements of the same job.
pub(crate) async fn write(connection: &mut Connection, rows: &[AuditRow]) -> Result<(), JobError> {
    let mut script = Script::default();
    insert(&mut script, rows);
    script.run(connection).await.map(drop)
}

/// Puts acts or looks on record that change nothing else.
#[derive(Debug)]
pub struct WriteAudit(pub Vec<AuditRow>);

#[async_trait]
impl Job for WriteAudit {
    type Output = ();
    const LANE: Lane = Lane::Audit;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        write(connection, &self.0).await
    }
}
