//! Who rang. What was said of the caller is sealed whole in a table of its own; in the log of signals, in events and in incidents
//! a number stands masked, so that no copy of them tells it. It is opened for those who may have to ring back.

use crate::{
    Connection, Job, JobError, Keys, Lane, Store, StoreError, db::on, reading, rows, script::Script,
};
use async_trait::async_trait;
use incident::{Event, Incident, evolve};
use model::{IncidentId, Signal, SignalId, mask_numbers};
use std::collections::{BTreeMap, BTreeSet};

/// What a caller is sealed as, with the signal's id.
pub(crate) const CALLER: &str = "caller";

/// Seals who rang, if somebody did; gives the signal back as it is written down. What was sealed of it before stays: it may have
/// come here masked.
pub(crate) fn seal(script: &mut Script, keys: &Keys, signal: &Signal) -> Result<Signal, JobError> {
    let Some(caller) = &signal.caller else { return Ok(signal.clone()) };
    let sealed =
        keys.seal(CALLER, signal.id.as_str(), caller).map_err(|error| JobError::Broken(error.to_string()))?;
    script.add(
        "INSERT INTO callers (signal_id, key_id, caller_sealed) VALUES ($1, $2, $3)
         ON CONFLICT (signal_id) DO NOTHING",
        [signal.id.as_str().into(), keys.key_id().into(), sealed.as_slice().into()],
    );
    Ok(Signal { caller: Some(mask_numbers(caller)), ..signal.clone() })
}

/// Forgets who rang.
pub(crate) fn forget(script: &mut Script, signal: &str) {
    script.add("DELETE FROM callers WHERE signal_id = $1", [signal.into()]);
}

/// Seals the callers of an incident that was written down before they were sealed. One that is open is a
/// [`JobError::Conflict`]: whoever acts upon it would write them plain again.
#[derive(Debug)]
pub struct SealCallers {
    /// Which.
    pub incident: IncidentId,
    /// What they are sealed with.
    pub keys: Keys,
}

#[async_trait]
impl Job for SealCallers {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let id = self.incident.as_str();
        let bodies: Vec<(i64, String)> = on!(Connection, connection, to =>
            sqlx::query_as("SELECT version, body FROM incident_events WHERE incident_id = $1 ORDER BY version")
                .bind(id)
                .fetch_all(&mut *to)
                .await)?;
        let mut script = Script::default();
        let mut folded: Option<Incident> = None;
        let mut of_callers = BTreeSet::new();
        for (version, body) in bodies {
            let mut event: Event = serde_json::from_str(&body)?;
            for signal in event.what.signals_mut() {
                if signal.caller.is_some() {
                    of_callers.insert(signal.id.clone());
                    *signal = seal(&mut script, &self.keys, signal)?;
                }
            }
            folded = evolve(folded.take(), &event);
            script.add(
                "UPDATE incident_events SET body = $1 WHERE incident_id = $2 AND version = $3",
                [serde_json::to_string(&event)?.into(), id.into(), version.into()],
            );
        }
        if let Some(incident) = folded {
            if incident.is_open() {
                return Err(JobError::Conflict);
            }
            script.add(
                "UPDATE incidents SET snapshot = $1 WHERE incident_id = $2",
                [serde_json::to_string(&incident)?.into(), id.into()],
            );
        }
        for signal in &of_callers {
            self.seal_logged(connection, &mut script, signal).await?;
        }
        script.add("DELETE FROM callers_in_plain WHERE incident_id = $1", [id.into()]);
        script.run(connection).await.map(drop)
    }
}

impl SealCallers {
    /// The log of signals has a copy of its own, which may be about somebody else than an incident made of it.
    async fn seal_logged(
        &self,
        connection: &mut Connection,
        script: &mut Script,
        signal: &SignalId,
    ) -> Result<(), JobError> {
        let found: Option<(String,)> = on!(Connection, connection, to =>
            sqlx::query_as("SELECT body FROM signals WHERE signal_id = $1")
                .bind(signal.as_str())
                .fetch_optional(&mut *to)
                .await)?;
        let Some((body,)) = found else { return Ok(()) };
        let logged = seal(script, &self.keys, &serde_json::from_str(&body)?)?;
        script.add(
            "UPDATE signals SET body = $1 WHERE signal_id = $2",
            [serde_json::to_string(&logged)?.into(), signal.as_str().into()],
        );
        Ok(())
    }
}

impl Store {
    /// Who rang about an incident, whole, by signal. What was written down before it was sealed is told as it stands.
    pub async fn callers(&self, incident: &Incident) -> Result<BTreeMap<SignalId, String>, StoreError> {
        let mut all = BTreeMap::new();
        for signal in &incident.signals {
            let Some(masked) = &signal.caller else { continue };
            let id = signal.id.as_str();
            let found: Option<(Vec<u8>,)> = on!(Pool, &self.pool, to =>
                sqlx::query_as("SELECT caller_sealed FROM callers WHERE signal_id = $1")
                    .bind(id)
                    .fetch_optional(to)
                    .await)
            .map_err(reading("a caller"))?;
            let whole = match found {
                Some((sealed,)) => self.keys.open(CALLER, id, &sealed)?,
                None => masked.clone(),
            };
            all.insert(signal.id.clone(), whole);
        }
        Ok(all)
    }

    /// Closed incidents in which callers' numbers lie plain still.
    pub async fn callers_in_plain(&self, limit: u32) -> Result<Vec<IncidentId>, StoreError> {
        let what = "callers in plain";
        let found: Vec<(String,)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT incident_id FROM callers_in_plain WHERE NOT EXISTS (SELECT 1 FROM incidents
               WHERE incidents.incident_id = callers_in_plain.incident_id AND state <> 'closed')
             ORDER BY incident_id LIMIT $1",
        )
        .bind(i64::from(limit))
        .fetch_all(to)
        .await)
        .map_err(reading(what))?;
        found.into_iter().map(|(id,)| rows::incident(what, id)).collect()
    }
}
