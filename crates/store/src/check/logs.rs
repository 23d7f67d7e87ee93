//! Presses, signals, cursors and the audit log.

use super::{Findings, Inspector};
use crate::{NotedSeal, StoreError, audit_chain, db::on, reading};

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
             UNION ALL SELECT 'signal without its press: ', signal_id FROM signals
               WHERE kind = 'press' AND NOT EXISTS (SELECT 1 FROM presses WHERE presses.signal_id = signals.signal_id)
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
        let verified = audit_chain::verify(&self.pool).await?;
        let newest = audit_chain::newest(&self.pool).await?;
        let newest = newest.map(|seal| format!("; the newest seal is {seal}")).unwrap_or_default();
        let looked_at = match verified {
            Ok(unsealed) => format!("{rows} rows, {unsealed} of them not sealed yet{newest}"),
            Err(_) => format!("{rows} rows"),
        };
        let mut findings = Findings { looked_at, ..Findings::default() };
        if let Err(broken) = verified {
            findings.note(|| broken.to_string());
        }
        Ok(findings)
    }

    /// Looks whether seals that were noted somewhere are still in the audit log's chain, and tells those that are not.
    pub async fn look_for_seals(
        &self,
        noted: &[NotedSeal],
        place: &str,
        findings: &mut Findings,
    ) -> Result<(), StoreError> {
        for seal in audit_chain::missing(&self.pool, noted).await? {
            findings.note(|| {
                format!(
                    "the seal {seal}, noted {place}, is not in the chain: seals were taken away or made anew since, or these \
                     records are an older copy, or what it stood over has had its time (retention.audit_days)"
                )
            });
        }
        Ok(())
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
