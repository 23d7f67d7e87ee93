//! An incident is what its events add up to.

use super::{Findings, Inspector, Progress};
use crate::{
    StoreError,
    db::{View, on},
    micros, reading,
};
use incident::{Event, Incident, evolve};

const WHAT: &str = "incidents";
/// Incidents looked at in one go.
const AT_ONCE: i64 = 200;

#[derive(sqlx::FromRow)]
struct IncidentRow {
    incident_id: String,
    version: i64,
    state: String,
    deadline_at_us: Option<i64>,
    snapshot: String,
}

impl Inspector {
    pub(super) async fn incidents(&self, progress: Progress<'_>) -> Result<Findings, StoreError> {
        let (all,): (i64,) = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT COUNT(*) FROM incidents").fetch_one(to).await)
        .map_err(reading(WHAT))?;
        let mut findings = Findings::default();
        let (mut after, mut done, mut events) = (String::new(), 0_u64, 0_usize);
        loop {
            // Each page at one moment: an incident that moves meanwhile moves with its events.
            let mut look = self.look().await?;
            let page = page(&mut look.view(), &after).await.map_err(reading(WHAT))?;
            let Some(last) = page.last() else { break };
            after.clone_from(&last.incident_id);
            for row in &page {
                let bodies = bodies(&mut look.view(), &row.incident_id).await.map_err(reading(WHAT))?;
                events = events.saturating_add(bodies.len());
                if let Err(problem) = fits(row, &bodies) {
                    findings.note(|| format!("incident {}: {problem}", row.incident_id));
                }
            }
            done = done.saturating_add(u64::try_from(page.len()).unwrap_or(u64::MAX));
            progress(done, u64::try_from(all).unwrap_or_default());
        }
        findings.looked_at = format!("{done} incidents with {events} events");
        Ok(findings)
    }
}

async fn page(view: &mut View<'_>, after: &str) -> Result<Vec<IncidentRow>, sqlx::Error> {
    on!(View, view, to => sqlx::query_as(
        "SELECT incident_id, version, state, deadline_at_us, snapshot FROM incidents
         WHERE incident_id > $1 ORDER BY incident_id LIMIT $2",
    )
    .bind(after)
    .bind(AT_ONCE)
    .fetch_all(&mut **to)
    .await)
}

async fn bodies(view: &mut View<'_>, incident: &str) -> Result<Vec<(i64, String)>, sqlx::Error> {
    on!(View, view, to =>
        sqlx::query_as("SELECT version, body FROM incident_events WHERE incident_id = $1 ORDER BY version")
            .bind(incident)
            .fetch_all(&mut **to)
            .await)
}

fn fits(row: &IncidentRow, bodies: &[(i64, String)]) -> Result<(), String> {
    let kept: Incident =
        serde_json::from_str(&row.snapshot).map_err(|error| format!("cannot be read: {error}"))?;
    let mut folded: Option<Incident> = None;
    for (version, body) in bodies {
        let event: Event =
            serde_json::from_str(body).map_err(|error| format!("event {version} cannot be read: {error}"))?;
        folded = evolve(folded.take(), &event);
    }
    if folded.as_ref() != Some(&kept) {
        return Err("it is not what its events add up to".to_owned());
    }
    let columns = (i64::try_from(kept.version), kept.state_name().as_str(), kept.due_at().map(micros));
    if columns != (Ok(row.version), row.state.as_str(), row.deadline_at_us) {
        return Err("its columns say something else than its document".to_owned());
    }
    Ok(())
}
