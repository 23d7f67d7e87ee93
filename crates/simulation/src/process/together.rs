//! Two incidents that are one matter, and one that is two: both move in one transaction.

use super::{Job, working::Working};
use crate::{
    agenda::Life,
    chance::S,
    people::{Request, Role},
    sabotage::Sabotage,
    store::{Change, CommitDesk},
    world::World,
};
use incident::{Decision, Hand, Incident};
use model::{HandsetId, IncidentId, ResidentId, SignalId, SignedDuration, Timestamp};
use protocol::CommandKind;
use std::rc::Rc;

/// A command is void after so long.
const COMMAND_KEPT: SignedDuration = SignedDuration::from_mins(2);

impl World {
    pub(super) fn merge(
        &mut self,
        life: Life,
        asked: (&Rc<Request>, u32),
        into: &Rc<Incident>,
        from: &IncidentId,
    ) {
        let now = self.clock(life.process);
        let Some(other) = self.store.incident(from) else { return };
        let (name, overrides) = self.hand(asked.0);
        let hand = Hand {
            by: &name,
            role_may_override: overrides,
            expected_version: Some(asked.0.expected_version),
        };
        match incident::merge(into, &other, hand, &self.ladder, now) {
            Ok(merged) => {
                let halves = [(Some(into), merged.into), (Some(&other), merged.from)];
                self.commit_both(life, asked, halves, now);
            }
            Err(refusal) => self.refused(asked.0, into, &refusal),
        }
    }

    pub(super) fn split(
        &mut self,
        life: Life,
        asked: (&Rc<Request>, u32),
        incident: &Rc<Incident>,
        (signals, whom): (&[SignalId], (Option<&ResidentId>, Option<&HandsetId>)),
    ) {
        let now = self.clock(life.process);
        let (name, overrides) = self.hand(asked.0);
        let hand = Hand {
            by: &name,
            role_may_override: overrides,
            expected_version: Some(asked.0.expected_version),
        };
        match incident::split(incident, signals, whom, hand, &self.ladder, now) {
            Ok(parted) => {
                self.commit_both(life, asked, [(Some(incident), parted.off), (None, parted.opened)], now);
            }
            Err(refusal) => self.refused(asked.0, incident, &refusal),
        }
    }

    fn hand(&self, request: &Request) -> (String, bool) {
        let person = self.people.get(request.person);
        person.map(|person| (person.name.clone(), person.role == Role::Supervisor)).unwrap_or_default()
    }

    fn commit_both(
        &mut self,
        life: Life,
        (request, tries): (&Rc<Request>, u32),
        halves: [(Option<&Rc<Incident>>, Decision); 2],
        now: Timestamp,
    ) {
        let half = |(incident, decision): (Option<&Rc<Incident>>, Decision)| {
            let mut working = Working::on(incident);
            working.take_half(decision, now);
            working.into_change()
        };
        let mut changes: Vec<Change> = halves.into_iter().filter_map(half).collect();
        if self.options.sabotage == Some(Sabotage::MergeInHalves) {
            let first = changes.split_off(1);
            self.try_commit(life, &CommitDesk { changes: first, ..CommitDesk::default() }).ok();
        }
        let commit = CommitDesk { changes, key: Some(request.key), ..CommitDesk::default() };
        self.enqueue(life, Job::Act { request: Rc::clone(request), commit, tries });
    }

    /// A handset is asked where it is; nothing comes of it once it is void.
    pub(super) fn locate(&mut self, life: Life, request: &Rc<Request>, incident: &Incident) {
        let Some(handset) = incident.handset.clone() else { return };
        let at = self.clock(life.process);
        self.enqueue(life, Job::Locate { request: Rc::clone(request), handset, at });
    }

    pub(super) fn put_locate(&mut self, handset: HandsetId, at: Timestamp) {
        let expires_at = at.checked_add(COMMAND_KEPT).unwrap_or(at);
        let id = format!("c-{}", self.now / S);
        let payload = protocol::Command::new(id, CommandKind::Locate, expires_at).to_json();
        if let Some(number) = crate::plan::number_of(&handset) {
            self.checks.asked.insert(number, (self.now, self.clock_steps));
        }
        let is_kept = self.options.sabotage == Some(Sabotage::CommandsKept);
        let kept_for = if is_kept { SignedDuration::from_hours(24) } else { COMMAND_KEPT };
        self.store.outbox.put(handset, "command:locate".to_owned(), payload, at, kept_for);
    }
}
