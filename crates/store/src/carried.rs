//! What is kept from a relative of an incident is kept of what becomes of it: of both that are put together, of both parts of one
//! that is taken apart, and of one that turns out to be about somebody else.

use crate::{Connection, IncidentChange, JobError, db::on, script::Script, secrets};
use incident::What;
use model::{IncidentId, ResidentId};
use std::collections::BTreeSet;

/// The incidents of which what is kept is kept of this one too.
fn sources(change: &IncidentChange) -> impl Iterator<Item = &IncidentId> {
    change.events.iter().filter_map(move |event| match &event.what {
        What::MergedFrom { from: other, .. }
        | What::MergedInto { into: other, .. }
        | What::Opened { split_from: Some(other), .. } => Some(other),
        What::Identified { .. } => Some(&change.incident.id),
        What::Opened { split_from: None, .. }
        | What::SignalJoined { .. }
        | What::Claimed { .. }
        | What::Released { .. }
        | What::Noted { .. }
        | What::Confirmed { .. }
        | What::StepMarked { .. }
        | What::Answered { .. }
        | What::Returned { .. }
        | What::HolderLost { .. }
        | What::HolderBack { .. }
        | What::Dispatched { .. }
        | What::TaskMoved { .. }
        | What::TaskUndone { .. }
        | What::TaskOverdue { .. }
        | What::SaidOnScene { .. }
        | What::SplitOff { .. }
        | What::Transferred { .. }
        | What::HandedOver { .. }
        | What::Resolved { .. }
        | What::Reopened { .. }
        | What::Closed { .. }
        | What::LadderStepped { .. }
        | What::AnswerOverdue { .. }
        | What::ClockWentBack { .. } => None,
    })
}

/// Of a withholding: its id, from whom, of whom, why, since when and by whom.
type Kept = (String, String, String, String, i64, String);

/// Carries over what is kept, from whoever is related to whom the incident is about. Reads what stands before the change, so of two
/// that are put together each takes what the other had. Callers that are in plain still come along with their signals, and are
/// sealed where they come to.
pub(crate) async fn carry(
    connection: &mut Connection,
    script: &mut Script,
    change: &IncidentChange,
) -> Result<(), JobError> {
    let incident = &change.incident;
    let about = incident.resident.as_ref().map(ResidentId::as_str);
    let mut put = BTreeSet::new();
    for source in sources(change) {
        script.add(
            "INSERT INTO callers_in_plain (incident_id)
             SELECT $1 WHERE EXISTS (SELECT 1 FROM callers_in_plain WHERE incident_id = $2)
             ON CONFLICT (incident_id) DO NOTHING",
            [incident.id.as_str().into(), source.as_str().into()],
        );
        let found: Vec<Kept> = on!(Connection, connection, to => sqlx::query_as(
            "SELECT withholding_id, username, COALESCE($3, resident_id), reason, from_us, from_by FROM withholdings AS kept
             WHERE incident_id = $1 AND to_us IS NULL AND NOT EXISTS (SELECT 1 FROM withholdings AS here
               WHERE here.incident_id = $2 AND here.username = kept.username
                 AND here.resident_id = COALESCE($3, kept.resident_id) AND here.to_us IS NULL)
               AND EXISTS (SELECT 1 FROM grants WHERE grants.username = kept.username
                 AND grants.resident_id = COALESCE($3, kept.resident_id))
             ORDER BY from_us, withholding_id",
        )
        .bind(source.as_str())
        .bind(incident.id.as_str())
        .bind(about)
        .fetch_all(&mut *to)
        .await)?;
        for (id, username, resident, reason, from_us, by) in found {
            if !put.insert((username.clone(), resident.clone())) {
                continue;
            }
            // What was given back before may be kept once more by a later change.
            let anew = secrets::digest(&format!("{id} {} {}", incident.id, incident.version));
            script.add(
                "INSERT INTO withholdings (withholding_id, username, resident_id, incident_id, reason, from_us, from_by)
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
                [
                    format!("w-{anew}").into(),
                    username.into(),
                    resident.into(),
                    incident.id.as_str().into(),
                    reason.into(),
                    from_us.into(),
                    by.into(),
                ],
            );
        }
    }
    Ok(())
}
