//! Of which times no positions of a handset are kept: whoever carried it then had taken back the consent to it.
//!
//! That is asked of when a position was taken and not of when it came: a handset that was out of reach tells days later, when there is
//! another consent, or somebody else carries it.

use crate::{Store, StoreError, consents::TRACKING, db::on, reading, rows};
use incident::Incident;
use model::{HandsetId, SignalKind, SignedDuration, Timestamp};
use std::collections::BTreeMap;

/// A call for help that arrives so late, or is dated so by a wrong clock, opens no more than this of the time before it.
const LATE_AT_MOST: SignedDuration = SignedDuration::from_hours(24);

/// A handset that somebody carries who is not tracked now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UntrackedHandset {
    /// Which.
    pub handset: HandsetId,
    /// Since when they ask for help, while an incident of a press, a fall or a call about them is open.
    pub asked_at: Option<Timestamp>,
}

/// A time that is over, in which whoever carried a handset was not tracked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UntrackedSpan {
    /// Which.
    pub handset: HandsetId,
    /// From then on.
    pub from: Timestamp,
    /// Until then: there was another consent, or they carried it no more.
    pub to: Timestamp,
}

/// Since when somebody asks for help. Whoever is only outside of a fence that was drawn before is not looked for.
fn asked_at(incident: &Incident) -> Option<Timestamp> {
    let asks = |kind| matches!(kind, SignalKind::Press | SignalKind::Fall | SignalKind::Call);
    let asking = incident.signals.iter().filter(|signal| asks(signal.kind));
    let at = asking.map(|signal| {
        let earliest = signal.received_at.checked_sub(LATE_AT_MOST).unwrap_or(signal.received_at);
        signal.at.max(earliest)
    });
    at.min()
}

const WHAT: &str = "who is not tracked";

impl Store {
    /// The handsets carried now by residents whose positions are not to be kept.
    pub async fn untracked_handsets(&self) -> Result<Vec<UntrackedHandset>, StoreError> {
        let carried: Vec<(String, String)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT handset_id, resident_id FROM bindings WHERE to_us IS NULL AND resident_id IN (
               SELECT resident_id FROM residents WHERE untracked_since_us IS NOT NULL) ORDER BY handset_id",
        )
        .fetch_all(to)
        .await)
        .map_err(reading(WHAT))?;
        if carried.is_empty() {
            return Ok(Vec::new());
        }
        let in_need = self.untracked_in_need().await?;
        let untracked = |(handset, resident): (String, String)| {
            let asked_at = in_need.get(&resident).copied();
            Ok(UntrackedHandset { handset: rows::handset(WHAT, handset)?, asked_at })
        };
        carried.into_iter().map(untracked).collect()
    }

    /// Residents whose positions are not to be kept, and who need help now: since when.
    async fn untracked_in_need(&self) -> Result<BTreeMap<String, Timestamp>, StoreError> {
        let open: Vec<(String, String, i64)> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT residents.resident_id, snapshot, opened_at_us FROM residents
             JOIN incidents ON incidents.resident_id = residents.resident_id
             WHERE untracked_since_us IS NOT NULL AND state <> 'closed'",
        )
        .fetch_all(to)
        .await)
        .map_err(reading(WHAT))?;
        let mut in_need: BTreeMap<String, Timestamp> = BTreeMap::new();
        for (resident, snapshot, opened_at) in open {
            // An incident that cannot be read may be a cry for help, and is taken to be one.
            let at = rows::document("an open incident", &snapshot)
                .map_or_else(|_broken| rows::time(WHAT, opened_at).map(Some), |open| Ok(asked_at(&open)))?;
            if let Some(at) = at {
                in_need.entry(resident).and_modify(|first| *first = at.min(*first)).or_insert(at);
            }
        }
        Ok(in_need)
    }

    /// The times that are over in which handsets were carried by whoever was not tracked: from a withdrawal after which no consent
    /// stood until the next one was entered. It reads all consents.
    pub async fn untracked_spans(&self) -> Result<Vec<UntrackedSpan>, StoreError> {
        type Row = (String, i64, Option<i64>, i64, Option<i64>);
        let found: Vec<Row> = on!(Pool, &self.pool, to => sqlx::query_as(
            "SELECT bindings.handset_id, bindings.from_us, bindings.to_us, ended.withdrawn_at_us,
               (SELECT MIN(later.recorded_at_us) FROM consents AS later WHERE later.resident_id = ended.resident_id
                  AND later.purpose = $1 AND later.recorded_at_us > ended.withdrawn_at_us)
             FROM consents AS ended JOIN bindings ON bindings.resident_id = ended.resident_id
             WHERE ended.purpose = $1 AND ended.withdrawn_at_us IS NOT NULL
               AND (bindings.to_us IS NULL OR bindings.to_us > ended.withdrawn_at_us)
               AND NOT EXISTS (SELECT 1 FROM consents AS other WHERE other.resident_id = ended.resident_id
                 AND other.purpose = $1 AND other.recorded_at_us <= ended.withdrawn_at_us
                 AND (other.withdrawn_at_us IS NULL OR other.withdrawn_at_us > ended.withdrawn_at_us))
             ORDER BY bindings.handset_id, bindings.from_us, ended.withdrawn_at_us",
        )
        .bind(TRACKING)
        .fetch_all(to)
        .await)
        .map_err(reading(WHAT))?;
        let mut spans = Vec::new();
        for (handset, bound_us, unbound_us, withdrawn_us, again_us) in found {
            // Who carries it still and is not tracked still is told by what is now.
            let Some(to_us) = unbound_us.into_iter().chain(again_us).min() else { continue };
            let from_us = bound_us.max(withdrawn_us);
            if from_us < to_us {
                let (from, to) = (rows::time(WHAT, from_us)?, rows::time(WHAT, to_us)?);
                spans.push(UntrackedSpan { handset: rows::handset(WHAT, handset)?, from, to });
            }
        }
        Ok(spans)
    }
}
