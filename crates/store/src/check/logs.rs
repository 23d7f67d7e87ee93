//! Presses, signals, cursors and the audit log.

use super::{Findings, Inspector};
use crate::{StoreError, audit, db::on, reading};

impl Inspector {
    /// What is technical, or what somebody who is away does not do at home, may stand in no incident; all else has one.
    pub(super) async fn signals(&self) -> Result<Findings, StoreError> {
        let what = "presses and signals";
        let (presses, signals, waiting): (i64, i64, i64) = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT (SELECT COUNT(*) FROM presses), (SELECT COUNT(*) FROM signals),
               (SELECT COUNT(*) FROM signals
                WHERE row_id > COALESCE((SELECT position FROM cursors WHERE name = 'desk'), 0))",
        )
        .fetch_one(to)
        .await)
        .map_err(reading(what))?;
        let looked_at =
            format!("{presses} presses, {signals} signals, {waiting} of them not read by the desk yet");
        let mut findings = Findings { looked_at, ..Findings::default() };
        let lost: Vec<(String, String)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT 'press without its signal: ', signal_id FROM presses
               WHERE NOT EXISTS (SELECT 1 FROM signals WHERE signals.signal_id = presses.signal_id)
             UNION ALL SELECT 'signal in no incident: ', signal_id FROM signals
               WHERE row_id <= COALESCE((SELECT position FROM cursors WHERE name = 'desk'), 0)
                 AND kind IN ('press', 'call', 'fall', 'wandering', 'fence_exit', 'zone_entry')
                 AND NOT EXISTS (SELECT 1 FROM incident_signals WHERE incident_signals.signal_id = signals.signal_id)
             UNION ALL SELECT 'signal in an incident, but not in the log: ', signal_id FROM incident_signals
               WHERE NOT EXISTS (SELECT 1 FROM signals WHERE signals.signal_id = incident_signals.signal_id)
             UNION ALL SELECT 'signal in an incident that is not there: ', signal_id FROM incident_signals
               WHERE NOT EXISTS (SELECT 1 FROM incidents WHERE incidents.incident_id = incident_signals.incident_id)",
        )
        .fetch_all(to)
        .await)
        .map_err(reading(what))?;
        for (problem, signal) in lost {
            findings.note(|| format!("{problem}{signal}"));
        }
        Ok(findings)
    }

    pub(super) async fn audit(&self) -> Result<Findings, StoreError> {
        let (rows,): (i64,) = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT COUNT(*) FROM audit").fetch_one(to).await)
        .map_err(reading("the audit log"))?;
        let mut findings = Findings::default();
        match audit::verify(&self.pool).await? {
            Ok(unsealed) => {
                findings.looked_at =
                    format!("{rows} rows, {unsealed} of them not sealed yet{}", self.newest_seal().await?);
            }
            Err(seal) => {
                findings.looked_at = format!("{rows} rows");
                findings.note(|| {
                    format!(
                        "the seal up to row {seal} does not fit: a row at or before it was changed or removed"
                    )
                });
            }
        }
        Ok(findings)
    }

    /// In words, for somebody to note.
    async fn newest_seal(&self) -> Result<String, StoreError> {
        let newest: Option<(i64, Vec<u8>)> = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT up_to_row, chain FROM audit_seals ORDER BY up_to_row DESC LIMIT 1")
                .fetch_optional(to)
                .await)
        .map_err(reading("the audit seals"))?;
        let seal = |(row, chain): (i64, Vec<u8>)| {
            let start = format!("; the newest seal, up to row {row}, is ");
            chain.iter().fold(start, |text, byte| format!("{text}{byte:02x}"))
        };
        Ok(newest.map(seal).unwrap_or_default())
    }

    pub(super) async fn cursors(&self) -> Result<Findings, StoreError> {
        let found: Vec<(String, i64, i64)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT name, position, CASE
               WHEN name = 'desk' THEN COALESCE((SELECT MAX(row_id) FROM signals), 0)
               WHEN name LIKE 'journal:%' THEN COALESCE((SELECT MAX(row_id + fixes - 1) FROM fix_log), 0)
               ELSE 9223372036854775807 END
             FROM cursors
             UNION ALL SELECT 'settled', settled, COALESCE((SELECT MAX(row_id + fixes - 1) FROM fix_log), 0) FROM journal",
        )
        .fetch_all(to)
        .await)
        .map_err(reading("the cursors"))?;
        let mut findings = Findings { looked_at: format!("{} readers", found.len()), ..Findings::default() };
        for (name, position, end) in found {
            if !(0..=end).contains(&position) {
                findings.note(|| format!("{name} stands at {position}, and its log ends at {end}"));
            }
        }
        Ok(findings)
    }
}
