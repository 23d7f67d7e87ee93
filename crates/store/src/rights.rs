//! What a person may ask for: everything held about them, and that it is forgotten.
//!
//! What stays of a case after its term is what happened and when, without the person. The audit log stays whole: it says
//! who looked, and names people by their ids alone.

use crate::{
    AuditRow, Connection, Job, JobError, Lane, Store, StoreError, audit, callers, db::on, micros, reading,
    rows, script::Script, unplaced,
};
use async_trait::async_trait;
use incident::{Event, Incident, What, evolve, nameless, nameless_incident};
use model::{HandsetId, IncidentId, ResidentId, SignalId, SignalKind, Timestamp};
use std::collections::BTreeSet;

/// Takes the person out of a closed incident: its events, its signals, its presses, what was sent about it, and every handset and
/// account of the family that stands beside it, for whose those are is known for longer. What of it cannot be read is emptied. One
/// that is open is a [`JobError::Conflict`].
#[derive(Debug)]
pub struct MakeNameless {
    /// Which.
    pub incident: IncidentId,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for MakeNameless {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let id = self.incident.as_str();
        let mut script = Script::default();
        let case = Case::read(connection, &mut script, id).await?;
        script.add(
            "UPDATE incidents SET snapshot = $1, resident_id = NULL, subject = $2, nameless = TRUE
             WHERE incident_id = $3",
            [case.snapshot.into(), format!("unknown:{id}").into(), id.into()],
        );
        for handset in &case.told {
            forget_told(&mut script, id, handset, case.open_us);
        }
        for signal in &case.signals {
            forget_signal(connection, &mut script, signal).await?;
        }
        for forgotten in [
            "DELETE FROM callers_in_plain WHERE incident_id = $1",
            "DELETE FROM notices WHERE incident_id = $1",
            "UPDATE calls SET result = '' WHERE incident_id = $1 AND result IS NOT NULL",
            "UPDATE late_reviews SET note = '' WHERE incident_id = $1",
            "DELETE FROM earlier_words WHERE message_key = 'progress:' || $1",
            "DELETE FROM commands WHERE incident_id = $1",
            "DELETE FROM withholdings WHERE incident_id = $1",
        ] {
            script.add(forgotten, [id.into()]);
        }
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

/// An incident without the person, and what stands beside it that leads to them.
struct Case {
    snapshot: String,
    signals: BTreeSet<SignalId>,
    told: BTreeSet<HandsetId>,
    open_us: (i64, i64),
}

impl Case {
    /// Takes the person out of its events; one that is open is a [`JobError::Conflict`].
    async fn read(connection: &mut Connection, script: &mut Script, id: &str) -> Result<Self, JobError> {
        let bodies: Vec<(i64, String)> = on!(Connection, connection, to =>
            sqlx::query_as("SELECT version, body FROM incident_events WHERE incident_id = $1 ORDER BY version")
                .bind(id)
                .fetch_all(&mut *to)
                .await)?;
        let mut folded: Option<Incident> = None;
        let (mut told, mut ended_at, mut is_damaged) = (BTreeSet::new(), Timestamp::MIN, false);
        for (version, body) in bodies {
            let Ok(mut event) = serde_json::from_str::<Event>(&body) else {
                // Whom it names cannot be told, so nothing of it stays.
                is_damaged = true;
                script.add(
                    "UPDATE incident_events SET body = '' WHERE incident_id = $1 AND version = $2",
                    [id.into(), version.into()],
                );
                continue;
            };
            told.extend(handsets_of(&mut event));
            ended_at = ended_at.max(event.at);
            let event = nameless(&event);
            folded = evolve(folded.take(), &event);
            script.add(
                "UPDATE incident_events SET body = $1 WHERE incident_id = $2 AND version = $3",
                [serde_json::to_string(&event)?.into(), id.into(), version.into()],
            );
        }
        let closed = folded.filter(|incident| !incident.is_open());
        if is_damaged {
            return Self::by_columns(connection, id, closed.as_ref(), told).await;
        }
        let incident = closed.ok_or(JobError::Conflict)?;
        Ok(Self {
            snapshot: serde_json::to_string(&incident)?,
            signals: incident.signals.iter().map(|signal| signal.id.clone()).collect(),
            told,
            open_us: (micros(incident.opened_at), micros(ended_at)),
        })
    }

    /// One of whose events some cannot be read: whether it is closed, from when to when it was open, and which signals and handsets were
    /// in it stands beside them too. Where no copy can be made of the others, as without the first or the last, the one that is there stays
    /// without the person; if that cannot be read either it is left empty.
    async fn by_columns(
        connection: &mut Connection,
        id: &str,
        closed: Option<&Incident>,
        mut told: BTreeSet<HandsetId>,
    ) -> Result<Self, JobError> {
        let found: Option<(i64, Option<i64>, String)> = on!(Connection, connection, to => sqlx::query_as(
            "SELECT opened_at_us, (SELECT MAX(at_us) FROM incident_events
               WHERE incident_events.incident_id = incidents.incident_id), snapshot
             FROM incidents WHERE incident_id = $1 AND state = 'closed'",
        )
        .bind(id)
        .fetch_optional(&mut *to)
        .await)?;
        let (opened_us, ended_us, snapshot) = found.ok_or(JobError::Conflict)?;
        let before: Option<Incident> = serde_json::from_str(&snapshot).ok();
        let before = before.filter(|incident| !incident.is_open());
        told.extend(before.as_ref().and_then(|incident| incident.handset.clone()));
        let in_it: Vec<(String, Option<String>)> = on!(Connection, connection, to => sqlx::query_as(
            "SELECT incident_signals.signal_id, signals.handset_id FROM incident_signals
             LEFT JOIN signals ON signals.signal_id = incident_signals.signal_id
             WHERE incident_signals.incident_id = $1",
        )
        .bind(id)
        .fetch_all(&mut *to)
        .await)?;
        let mut signals: BTreeSet<SignalId> =
            closed.iter().flat_map(|incident| &incident.signals).map(|signal| signal.id.clone()).collect();
        for (signal, handset) in in_it {
            signals.extend(SignalId::new(signal).ok());
            told.extend(handset.and_then(|handset| HandsetId::new(handset).ok()));
        }
        let kept = closed.cloned().or_else(|| before.as_ref().map(nameless_incident));
        Ok(Self {
            snapshot: kept.as_ref().map(serde_json::to_string).transpose()?.unwrap_or_default(),
            signals,
            told,
            open_us: (opened_us, ended_us.unwrap_or(opened_us)),
        })
    }
}

/// The handsets that may have been told of it: that by which it began, others by which somebody called, and what they carry whom it
/// turned out to be about.
fn handsets_of(event: &mut Event) -> BTreeSet<HandsetId> {
    let carried = if let What::Identified { carries: Some(carries), .. } = &event.what {
        carries.handset.clone()
    } else {
        None
    };
    let told = event.what.signals_mut().into_iter().filter_map(|signal| signal.handset.clone());
    told.chain(carried).collect()
}

/// What a handset heard of the incident, and what it was asked while that was open.
fn forget_told(script: &mut Script, incident: &str, handset: &HandsetId, open_us: (i64, i64)) {
    script.add(
        "DELETE FROM outbox WHERE handset_id = $1 AND (message_key = 'progress:' || $2
           OR (command_id IS NOT NULL AND created_at_us >= $3 AND created_at_us <= $4))",
        [handset.as_str().into(), incident.into(), open_us.0.into(), open_us.1.into()],
    );
}

/// The log of signals and the press that a signal came of. That it was there stays, under the signal's id; this is made of what told
/// the press from others, so that a repeat is still a repeat ([`TakePress`](crate::TakePress)).
async fn forget_signal(
    connection: &mut Connection,
    script: &mut Script,
    signal: &SignalId,
) -> Result<(), JobError> {
    let id = signal.as_str();
    let found: Option<(String, Option<String>, String)> = on!(Connection, connection, to =>
        sqlx::query_as("SELECT body, handset_id, kind FROM signals WHERE signal_id = $1")
            .bind(id)
            .fetch_optional(&mut *to)
            .await)?;
    let is_fall = found.as_ref().is_none_or(|(_, _, kind)| kind == SignalKind::Fall.as_str());
    let mut asked = None;
    if let Some((body, handset, _)) = found {
        asked = handset;
        script.add(
            "UPDATE signals SET body = $1, resident_id = NULL, handset_id = NULL WHERE signal_id = $2",
            [unplaced::nameless_body(&body)?.into(), id.into()],
        );
    }
    callers::forget(script, id);
    // Of presses without an id the newest took the receipt of those before: it goes only if it is this one's. Receipts of before
    // stand under the press's id instead of the signal's.
    script.add(
        "DELETE FROM outbox WHERE handset_id = (SELECT handset_id FROM presses WHERE signal_id = $1)
           AND message_key IN (SELECT 'receipt:' || COALESCE(press_id, '') FROM presses WHERE signal_id = $1
             UNION ALL SELECT 'receipt-of-cancel:' || COALESCE(press_id, '') FROM presses WHERE signal_id = $1
             UNION ALL SELECT 'receipt:' || $1 UNION ALL SELECT 'receipt-of-cancel:' || $1)
           AND (message_key NOT IN ('receipt:', 'receipt-of-cancel:')
             OR created_at_us = (SELECT received_at_us FROM presses WHERE signal_id = $1))",
        [id.into()],
    );
    script.add(
        "UPDATE presses SET payload = $1, handset_id = '', press_id = NULL, identity = NULL, defects = '[]'
         WHERE signal_id = $2",
        [b"".as_slice().into(), id.into()],
    );
    if is_fall {
        script.add("DELETE FROM fall_reports WHERE signal_id = $1 AND answer_by_us IS NULL", [id.into()]);
        script.add("DELETE FROM fall_answers WHERE signal_id = $1", [id.into()]);
        if let Some(handset) = asked {
            // While it waits for an answer the question stays: by it is told whether it was heard at all.
            script.add(
                "DELETE FROM outbox WHERE handset_id = $1 AND message_key = 'ask:' || $2
                   AND NOT EXISTS (SELECT 1 FROM fall_reports WHERE signal_id = $2)",
                [handset.as_str().into(), id.into()],
            );
        }
    }
    Ok(())
}

/// Forgets a resident: the record, the contacts, whom it was granted to, and the person in signals that stand in no incident (of
/// very many the rest with the next [`ForgetSignals`](crate::ForgetSignals)). Handsets are free again, tracks are removed
/// step by step. While any incident still holds the person it is a [`JobError::Conflict`]: somebody pressed meanwhile.
#[derive(Debug)]
pub struct EraseResident {
    /// Who.
    pub resident: ResidentId,
    /// When.
    pub at: Timestamp,
    /// What goes on record with it.
    pub audit: Vec<AuditRow>,
}

#[async_trait]
impl Job for EraseResident {
    type Output = ();
    const LANE: Lane = Lane::Background;

    async fn run(&self, connection: &mut Connection) -> Result<(), JobError> {
        let (id, at) = (self.resident.as_str(), micros(self.at));
        let (is_in_a_case,): (bool,) = on!(Connection, connection, to => sqlx::query_as(
            "SELECT EXISTS (SELECT 1 FROM incidents WHERE resident_id = $1)",
        )
        .bind(id)
        .fetch_one(&mut *to)
        .await)?;
        if is_in_a_case {
            return Err(JobError::Conflict);
        }
        let mut script = Script::default();
        unplaced::forget_of(connection, &mut script, &self.resident).await?;
        for end in [
            "UPDATE bindings SET to_us = $1 WHERE resident_id = $2 AND to_us IS NULL",
            "UPDATE grants SET to_us = $1 WHERE resident_id = $2 AND (to_us IS NULL OR to_us > $1)",
            "UPDATE withholdings SET to_us = $1, reason = '' WHERE resident_id = $2",
            "UPDATE consents SET withdrawn_at_us = COALESCE(withdrawn_at_us, $1), giver = '' WHERE resident_id = $2",
            "UPDATE invitations SET withdrawn_at_us = $1, display_name = '', relation = ''
             WHERE consent_id IN (SELECT consent_id FROM consents WHERE resident_id = $2)",
            "UPDATE residents SET erased_at_us = $1, name = '', sex = '', birth_date = '', lives_alone = FALSE,
               cognitive_impairment = FALSE, self_care = '', conditions = '[]', allergies = '[]', home_lat = NULL,
               home_lon = NULL, identity_number_sealed = NULL, identity_number_index = NULL,
               identity_number_last4 = NULL, telephone_sealed = NULL, telephone_index = NULL, telephone_last4 = NULL,
               address_sealed = NULL, address_index = NULL, division = NULL WHERE resident_id = $2",
        ] {
            script.add(end, [at.into(), id.into()]);
        }
        script.add("UPDATE looks SET reason = '' WHERE resident_id = $1", [id.into()]);
        script.add("DELETE FROM track_days WHERE resident_id = $1", [id.into()]);
        // By the bindings, which stay, the hours of a handset are those of whoever carried it.
        script.add(
            "DELETE FROM heard_days WHERE (handset_id, day_us) IN (
               SELECT heard.handset_id, heard.day_us FROM bindings
               JOIN heard_days AS heard ON heard.handset_id = bindings.handset_id
                 AND heard.day_us > bindings.from_us - 86400000000
                 AND (bindings.to_us IS NULL OR heard.day_us < bindings.to_us)
               WHERE bindings.resident_id = $1)",
            [id.into()],
        );
        for forgotten in [
            "DELETE FROM contacts WHERE resident_id = $1",
            "DELETE FROM absences WHERE resident_id = $1",
            "DELETE FROM fences WHERE resident_id = $1",
            "DELETE FROM policies WHERE resident_id = $1",
            "DELETE FROM watch_states WHERE resident_id = $1",
            "DELETE FROM habits WHERE resident_id = $1",
            "DELETE FROM snoozes WHERE resident_id = $1",
            "DELETE FROM fence_returns WHERE resident_id = $1",
            "DELETE FROM fall_reports WHERE resident_id = $1",
            "DELETE FROM fall_answers WHERE resident_id = $1",
            "INSERT INTO watch_changes (resident_id) VALUES ($1)",
        ] {
            script.add(forgotten, [id.into()]);
        }
        audit::insert(&mut script, &self.audit);
        script.run(connection).await.map(drop)
    }
}

impl Store {
    /// Whether the person was taken out of an incident.
    pub async fn is_nameless(&self, incident: &IncidentId) -> Result<bool, StoreError> {
        let found: Option<(bool,)> = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT nameless FROM incidents WHERE incident_id = $1")
                .bind(incident.as_str())
                .fetch_optional(to)
                .await)
        .map_err(reading("an incident"))?;
        Ok(found.is_some_and(|(is_nameless,)| is_nameless))
    }

    /// The incidents about a resident by their ids, and whether each is open: also those that cannot be read.
    pub async fn incident_ids_of(
        &self,
        resident: &ResidentId,
    ) -> Result<Vec<(IncidentId, bool)>, StoreError> {
        let what = "a resident's incidents";
        let found: Vec<(String, bool)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT incident_id, state <> 'closed' FROM incidents WHERE resident_id = $1",
        )
        .bind(resident.as_str())
        .fetch_all(to)
        .await)
        .map_err(reading(what))?;
        found.into_iter().map(|(id, is_open)| Ok((rows::incident(what, id)?, is_open))).collect()
    }

    /// The incidents about a resident, newest first.
    pub async fn incidents_of(&self, resident: &ResidentId) -> Result<Vec<Incident>, StoreError> {
        let what = "a resident's incidents";
        let found: Vec<(String,)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT snapshot FROM incidents WHERE resident_id = $1 ORDER BY opened_at_us DESC",
        )
        .bind(resident.as_str())
        .fetch_all(to)
        .await)
        .map_err(reading(what))?;
        found.iter().map(|(snapshot,)| rows::document(what, snapshot)).collect()
    }

    /// Closed incidents that were opened before a moment and still hold the person.
    pub async fn incidents_with_names(
        &self,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<IncidentId>, StoreError> {
        let what = "old incidents";
        let found: Vec<(String,)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT incident_id FROM incidents WHERE state = 'closed' AND nameless = FALSE AND opened_at_us < $1
             ORDER BY opened_at_us LIMIT $2",
        )
        .bind(micros(before))
        .bind(i64::from(limit))
        .fetch_all(to)
        .await)
        .map_err(reading(what))?;
        found.into_iter().map(|(id,)| rows::incident(what, id)).collect()
    }

    /// Closed incidents that hold somebody who was erased: of a press that was on its way while that was done.
    pub async fn incidents_of_the_erased(&self, limit: u32) -> Result<Vec<IncidentId>, StoreError> {
        let what = "incidents of the erased";
        let found: Vec<(String,)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT incident_id FROM residents JOIN incidents ON incidents.resident_id = residents.resident_id
             WHERE erased_at_us IS NOT NULL AND state = 'closed' ORDER BY opened_at_us LIMIT $1",
        )
        .bind(i64::from(limit))
        .fetch_all(to)
        .await)
        .map_err(reading(what))?;
        found.into_iter().map(|(id,)| rows::incident(what, id)).collect()
    }

    /// When a resident was erased, if ever.
    pub async fn erased_at(&self, resident: &ResidentId) -> Result<Option<Timestamp>, StoreError> {
        let what = "a resident";
        let found: Option<(Option<i64>,)> = on!(Pool, &self.pool, to =>
            sqlx::query_as("SELECT erased_at_us FROM residents WHERE resident_id = $1")
                .bind(resident.as_str())
                .fetch_optional(to)
                .await)
        .map_err(reading(what))?;
        found.and_then(|(at,)| at).map(|at| rows::time(what, at)).transpose()
    }
}
