//! A claim is a lease: a holder whose link to the desk is gone for a minute is missed, and anybody may take over.
//!
//! When a holder was last seen stands in the store, so that any process may miss them, also after a restart ([`Leases`]).

use super::Desk;
use incident::{Command, Leases, MISSED_AFTER, Trace};
use model::{IncidentId, SignedDuration, Timestamp};
use std::{collections::BTreeSet, time::Duration};
use store::{SeenAtDesk, StoreError};
use tokio_util::sync::CancellationToken;

/// How often it is looked.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How often it is written down who is there; much less than [`MISSED_AFTER`].
const WRITTEN_EVERY: SignedDuration = SignedDuration::from_secs(10);

/// Looks until stopped.
pub async fn follow(desk: Desk, stop: CancellationToken) {
    let (mut leases, mut written) = (Leases::default(), None);
    while !stop.is_cancelled() {
        let now = desk.shared.clock.now();
        if let Err(error) = desk.look_for_holders(&mut leases, now, &mut written).await {
            tracing::error!(event = "holders_unknown", %error);
        }
        stop.run_until_cancelled(tokio::time::sleep(LOOK_EVERY)).await;
    }
}

/// An open incident that somebody holds.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    /// Which.
    pub(crate) incident: IncidentId,
    /// By whom.
    pub(crate) holder: String,
    /// Since when.
    pub(crate) since: Timestamp,
    /// Whether the holder is missed already.
    pub(crate) is_lost: bool,
}

impl Desk {
    async fn look_for_holders(
        &self,
        leases: &mut Leases,
        now: Timestamp,
        written: &mut Option<Timestamp>,
    ) -> Result<(), StoreError> {
        let held = self.hub.held();
        let there: BTreeSet<&str> = held
            .iter()
            .map(|held| held.holder.as_str())
            .filter(|holder| self.hub.is_at_desk(holder, now))
            .collect();
        if !there.is_empty() && written.is_none_or(|at| now.duration_since(at) >= WRITTEN_EVERY) {
            let usernames = there.iter().map(|&name| name.to_owned()).collect();
            match self.shared.store.write(SeenAtDesk { usernames, at: now }).await {
                Ok(()) => *written = Some(now),
                // Others may miss a holder who is there; better than nobody missing one who is not.
                Err(error) => tracing::warn!(event = "holders_not_written", %error),
            }
        }
        let unseen: BTreeSet<&IncidentId> = held
            .iter()
            .filter(|held| !there.contains(held.holder.as_str()))
            .map(|held| &held.incident)
            .collect();
        leases.keep(|incident| unseen.contains(incident));
        for one in &held {
            let is_there = there.contains(one.holder.as_str());
            let command = match (one.is_lost, is_there) {
                (true, true) => Command::HolderBack { by: one.holder.clone() },
                (false, false) if self.is_missed(one, leases).await? => Command::HolderLost,
                (true, false) | (false, true | false) => continue,
            };
            if let Some(incident) = self.shared.store.incident(&one.incident).await? {
                // Taken by somebody else meanwhile: then it is about another holder.
                if incident.holder().is_some_and(|holder| holder.username == one.holder) {
                    self.fire(incident, &command).await;
                }
            }
        }
        Ok(())
    }

    async fn is_missed(&self, held: &Held, leases: &mut Leases) -> Result<bool, StoreError> {
        let seen = self.shared.store.seen_at_desk(&held.holder).await?;
        // Of now: those before it in the list may have taken their time.
        let now = self.shared.clock.now();
        let last_seen = leases.last_seen(&held.incident, Trace { since: held.since, seen }, now);
        Ok(now.duration_since(last_seen) > MISSED_AFTER)
    }
}
