//! What is asked of two incidents at once: putting them together, and taking one apart.

use super::{
    Desk,
    acts::{ActError, TRIES},
    change::Working,
};
use incident::{Decision, Hand, Incident, merge, split};
use model::{HandsetId, IncidentId, ResidentId, SignalId};
use store::{AuditRow, CommitDesk, Idempotency, JobError, Look};

/// Who asks, what they saw, and what goes on record.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The account.
    pub by: String,
    /// Whether it may do so with what another holds.
    pub role_may_override: bool,
    /// The version it saw of the incident that goes on.
    pub expected_version: u64,
    /// What goes on record.
    pub audit: Vec<AuditRow>,
    /// What of it a supervisor reviews as a look.
    pub looks: Vec<Look>,
    /// The request's name for itself.
    pub idempotency: Option<Idempotency>,
}

impl Asked {
    fn hand(&self) -> Hand<'_> {
        Hand {
            by: &self.by,
            role_may_override: self.role_may_override,
            expected_version: Some(self.expected_version),
        }
    }
}

impl Desk {
    /// The second incident ends in the first, which is given back as it stands then.
    pub async fn merge(
        &self,
        into: &IncidentId,
        from: &IncidentId,
        asked: &Asked,
    ) -> Result<Incident, ActError> {
        for _ in 0..TRIES {
            if self.done_together(asked).await?.is_some() {
                return self.found(into).await;
            }
            if let Some(after) = self.merge_once(into, from, asked).await? {
                return Ok(after);
            }
        }
        Err(self.overtaken(into).await)
    }

    /// Nothing if somebody else was faster.
    async fn merge_once(
        &self,
        into: &IncidentId,
        from: &IncidentId,
        asked: &Asked,
    ) -> Result<Option<Incident>, ActError> {
        let (into, from) = (self.found(into).await?, self.found(from).await?);
        let now = self.shared.clock.now();
        let merged = merge(&into, &from, asked.hand(), &self.ladder(), now)?;
        // The one that ends first: of one subject only one may be open.
        let (ended, _) = self.worked(Some(from), merged.from, false)?;
        let (goes_on, after) = self.worked(Some(into), merged.into, false)?;
        Ok(if self.both(vec![ended, goes_on], asked).await? { after } else { None })
    }

    /// These signals are about somebody else, who carries this handset. Gives the incident that was opened for them back as it
    /// stands then.
    pub async fn split(
        &self,
        incident: &IncidentId,
        signals: &[SignalId],
        whom: (Option<&ResidentId>, Option<&HandsetId>),
        asked: &Asked,
    ) -> Result<Incident, ActError> {
        for _ in 0..TRIES {
            if let Some(opened) = self.done_together(asked).await? {
                return Ok(opened);
            }
            if let Some(opened) = self.split_once(incident, signals, whom, asked).await? {
                return Ok(opened);
            }
        }
        Err(self.overtaken(incident).await)
    }

    /// Nothing if somebody else was faster.
    async fn split_once(
        &self,
        incident: &IncidentId,
        signals: &[SignalId],
        whom: (Option<&ResidentId>, Option<&HandsetId>),
        asked: &Asked,
    ) -> Result<Option<Incident>, ActError> {
        let incident = self.found(incident).await?;
        let now = self.shared.clock.now();
        let parted = split(&incident, signals, whom, asked.hand(), &self.ladder(), now)?;
        let (off, _) = self.worked(Some(incident), parted.off, false)?;
        let (opened, other) = self.worked(None, parted.opened, true)?;
        if let Some(other) = &other {
            self.only_one(other).await?;
        }
        // The first gives the request its result.
        Ok(if self.both(vec![opened, off], asked).await? { other } else { None })
    }

    /// The incident that this very request opened or ended, if it was done before.
    pub async fn done_together(&self, asked: &Asked) -> Result<Option<Incident>, ActError> {
        let Some(key) = &asked.idempotency else { return Ok(None) };
        match self.shared.store.done_under(&key.username, &key.key).await? {
            None => Ok(None),
            Some((request, id)) if request == key.request => {
                let id = IncidentId::new(id).map_err(|_shape| ActError::NotFound)?;
                Ok(self.shared.store.incident(&id).await?)
            }
            Some(_) => Err(ActError::KeyReused),
        }
    }

    async fn found(&self, id: &IncidentId) -> Result<Incident, ActError> {
        self.shared.store.incident(id).await?.ok_or(ActError::NotFound)
    }

    /// `takes_over`: its signals were another incident's before.
    fn worked(
        &self,
        incident: Option<Incident>,
        decision: Decision,
        takes_over: bool,
    ) -> Result<(Working, Option<Incident>), ActError> {
        let mut working = Working::on(incident);
        working.take(decision, self.shared.clock.now()).map_err(JobError::from)?;
        if takes_over {
            working.take_over_signals();
        }
        let after = working.incident.clone();
        Ok((working, after))
    }

    /// Whether it was done; if not, somebody else was faster.
    async fn both(&self, both: Vec<Working>, asked: &Asked) -> Result<bool, ActError> {
        let changes = both.into_iter().filter_map(Working::into_change).collect();
        let (audit, looks) = (asked.audit.clone(), asked.looks.clone());
        let idempotency = asked.idempotency.clone();
        let commit = CommitDesk { changes, audit, looks, idempotency, ..CommitDesk::default() };
        match self.commit(commit).await {
            Ok(()) => Ok(true),
            Err(JobError::Conflict) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}
