//! What people at the desk do to an incident.

use super::{Desk, change::Working};
use bus::Hint;
use incident::{Command, Incident, Refusal, decide};
use model::{IncidentId, Signal};
use std::time::Duration;
use store::{AuditRow, CommitDesk, Idempotency, JobError, Look, StoreError, Subject, TakeCall};

/// Tries to decide anew after losing a race. Each loss means that somebody else's act was committed, which
/// the version check then turns into an answer; a handful is more than enough.
pub(super) const TRIES: usize = 5;

/// How long a new call may take to become an incident before its operator is told to look at the queue.
const PLACED_WITHIN: Duration = Duration::from_secs(5);

/// Why an act was not done.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// There is no such incident.
    #[error("there is no such incident")]
    NotFound,
    /// The engine says no, and why.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The person was taken out of it; nothing is added any more.
    #[error("the person was taken out of this incident; nothing is added to it any more")]
    Nameless,
    /// About each there is one open incident at a time, and this is it.
    #[error("incident {0} about the same person or handset is open; go on with that one and close this")]
    OtherOpen(IncidentId),
    /// The same `Idempotency-Key` was used for another request.
    #[error("this Idempotency-Key was used for another request before")]
    KeyReused,
    /// It is not known whether it was done; look again.
    #[error("the store cannot be reached; look at the incident before trying again")]
    Store(#[from] StoreError),
    /// It could not be written.
    #[error("it could not be written; look at the incident before trying again")]
    Write(#[from] JobError),
}

/// A person's act with what goes on record about it.
#[derive(Debug, Clone)]
pub struct Act {
    /// What to do.
    pub command: Command,
    /// The version the person saw; none where it does not matter, as for a relative's answer.
    pub expected_version: Option<u64>,
    /// Who did it.
    pub audit: Vec<AuditRow>,
    /// What of it a supervisor reviews as a look.
    pub looks: Vec<Look>,
    /// The request's name for itself.
    pub idempotency: Option<Idempotency>,
}

impl Desk {
    /// Does it, or says why not. Of two that decide on the same version one is done.
    pub async fn act(&self, id: &IncidentId, act: Act) -> Result<Incident, ActError> {
        let mut tries = 0;
        loop {
            if let Some(done) = self.done_before(id, act.idempotency.as_ref()).await? {
                return Ok(done);
            }
            let incident = self.shared.store.incident(id).await?.ok_or(ActError::NotFound)?;
            if !incident.is_open() && self.shared.store.is_nameless(id).await? {
                return Err(ActError::Nameless);
            }
            let now = self.shared.clock.now();
            let decision = decide(Some(&incident), &act.command, act.expected_version, &self.ladder(), now)?;
            let mut working = Working::on(Some(incident.clone()));
            working.take(decision, now).map_err(JobError::from)?;
            let after = working.incident.clone().unwrap_or_else(|| incident.clone());
            if Subject::of(&after) != Subject::of(&incident) || !incident.is_open() {
                self.only_one(&after).await?;
            }
            let commit = CommitDesk {
                changes: working.into_change().into_iter().collect(),
                cursor: None,
                done_call: None,
                audit: act.audit.clone(),
                looks: act.looks.clone(),
                idempotency: act.idempotency.clone(),
            };
            tries += 1;
            match self.commit(commit).await {
                Ok(()) => return Ok(after),
                Err(JobError::Conflict) if tries < TRIES => {}
                Err(JobError::Conflict) => return Err(self.overtaken(id).await),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Refuses what would be a second open incident about the same person or handset. The table would do so too, and is not asked
    /// which one is open.
    pub(super) async fn only_one(&self, after: &Incident) -> Result<(), ActError> {
        if !after.is_open() {
            return Ok(());
        }
        let open = self.shared.store.open_incident(&Subject::of(after), after.drill).await?;
        match open {
            Some(other) if other.id != after.id => Err(ActError::OtherOpen(other.id)),
            Some(_) | None => Ok(()),
        }
    }

    /// What is said to whoever lost every race: how it stands.
    pub(super) async fn overtaken(&self, id: &IncidentId) -> ActError {
        match self.shared.store.incident(id).await {
            Ok(Some(now)) => Refusal::Conflict { holder: now.holder().cloned(), version: now.version }.into(),
            Ok(None) => ActError::NotFound,
            Err(error) => error.into(),
        }
    }

    /// The incident as it stands, if this very request was done before.
    pub(crate) async fn done_before(
        &self,
        id: &IncidentId,
        key: Option<&Idempotency>,
    ) -> Result<Option<Incident>, ActError> {
        let Some(key) = key else { return Ok(None) };
        match self.shared.store.done_under(&key.username, &key.key).await? {
            None => Ok(None),
            Some((request, _)) if request == key.request => Ok(self.shared.store.incident(id).await?),
            Some(_) => Err(ActError::KeyReused),
        }
    }

    /// Enters a telephone call; it opens an incident or joins one the way every signal does.
    pub async fn call(
        &self,
        signal: Signal,
        audit: AuditRow,
        idempotency: Option<Idempotency>,
    ) -> Result<Incident, ActError> {
        if let Some(key) = &idempotency
            && let Some((request, _)) = self.shared.store.done_under(&key.username, &key.key).await?
            && request != key.request
        {
            return Err(ActError::KeyReused);
        }
        let keys = self.shared.store.keys().clone();
        let mut listener = self.shared.bus.listen();
        let taken = self.shared.store.write(TakeCall { signal, keys, audit, idempotency }).await;
        let id = taken.map_err(|error| match error {
            JobError::Conflict => ActError::KeyReused,
            error => error.into(),
        })?;
        self.shared.bus.hint(Hint::Signals);
        let placed = async {
            loop {
                if let Some(incident) = self.shared.store.incident_of_signal(&id).await? {
                    return self.shared.store.incident(&incident).await?.ok_or(ActError::NotFound);
                }
                listener.hear_or_poll(|hint| *hint == Hint::Incidents).await;
            }
        };
        tokio::time::timeout(PLACED_WITHIN, placed).await.unwrap_or(Err(ActError::NotFound))
    }
}
