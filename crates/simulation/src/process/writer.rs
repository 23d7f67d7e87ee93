//! The writer: jobs gather and are committed as a group, each in a savepoint. Only then is anybody answered.

use super::{Answer, Job};
use crate::{
    agenda::{Happening, Life},
    chance::MS,
    sabotage::Sabotage,
    store::{CommitDesk, JobError},
    world::World,
};

/// Tries to decide an act anew after losing a race.
const TRIES: u32 = 5;

impl World {
    pub(crate) fn enqueue(&mut self, life: Life, job: Job) {
        let wait = self.chance.between(1, 20) * MS;
        let Some(process) = self.processes.get_mut(life.process) else { return };
        process.jobs.push(job);
        if !std::mem::replace(&mut process.planned.commit, true) {
            self.plan_in(wait, Happening::Commit { life });
        }
    }

    pub(crate) fn commit(&mut self, life: Life) {
        if !self.is_serving(life) {
            let back = self.back_at(life.process);
            return self.plan_in(back, Happening::Commit { life });
        }
        if self.chance.hits(self.plan.dies) {
            return self.crash(life.process, "before the commit");
        }
        let Some(process) = self.processes.get_mut(life.process) else { return };
        process.planned.commit = false;
        let jobs = std::mem::take(&mut process.jobs);
        let mut brings_signals = false;
        for job in jobs {
            brings_signals |= self.run(life, job);
        }
        let is_followed_only = self.options.sabotage == Some(Sabotage::CursorFirst);
        if brings_signals && !is_followed_only && !self.chance.hits(self.plan.sequel_fails) {
            self.place_at_once(life);
        }
        self.written();
        let wait = self.chance.between(0, 10) * MS;
        self.plan_in(wait, Happening::Answer { life });
    }

    /// Runs one job; true if it brought a signal.
    fn run(&mut self, life: Life, job: Job) -> bool {
        match job {
            Job::Press { take, number, session } => {
                let is_new = self.store.take_press(&take);
                self.note(|| format!("a press of h{number} is on disk, new: {is_new}"));
                let answer = Answer::Taken { handset: number, session, number: take.publish.number };
                self.answer_later(life, answer);
                is_new
            }
            Job::Signal(signal) => {
                let is_new = !self.store.has_signal(&signal.id);
                if is_new {
                    self.store.insert_signal(*signal);
                }
                is_new
            }
            Job::Place(commit) | Job::Call(commit) => {
                self.try_commit(life, &commit).ok();
                false
            }
            Job::Fire(commit) => {
                // Somebody acted first; if the deadline still stands, it is due again at the next look.
                self.try_commit(life, &commit).ok();
                false
            }
            Job::Locate { request, handset, at } => {
                self.answered.insert(request.key);
                self.put_locate(handset, at);
                false
            }
            Job::Act { request, commit, tries } => {
                match self.try_commit(life, &commit) {
                    Ok(()) => {
                        let change = commit.changes.first();
                        if let Some(incident) = change.map(|change| &change.incident) {
                            let (version, incident) = (incident.version, incident.id.clone());
                            self.answer_later(life, Answer::Done { request, version, incident });
                        }
                    }
                    Err(JobError::Conflict) if tries < TRIES => self.act(life, &request, tries + 1),
                    Err(JobError::Conflict | JobError::Broken(_)) => {}
                }
                false
            }
        }
    }

    /// Commits what the desk decided, and looks whether that may be.
    pub(super) fn try_commit(&mut self, life: Life, commit: &CommitDesk) -> Result<(), JobError> {
        match self.store.commit(commit) {
            Ok(()) => {
                self.remember_timers(life, commit);
                for change in &commit.changes {
                    self.check_change(life.process, change);
                }
                Ok(())
            }
            Err(JobError::Conflict) => {
                self.stats.conflicts += 1;
                self.note(|| "somebody else was faster".to_owned());
                Err(JobError::Conflict)
            }
            Err(JobError::Broken(why)) => {
                self.fail("every press in exactly one incident", why.clone());
                Err(JobError::Broken(why))
            }
        }
    }

    fn answer_later(&mut self, life: Life, answer: Answer) {
        if let Some(process) = self.processes.get_mut(life.process) {
            process.answers.push(answer);
        }
    }

    /// Whoever follows the logs finds what was written, by a hint or at the next look.
    pub(crate) fn written(&mut self) {
        for handset in self.store.outbox.take_woken() {
            if let Some(number) = crate::plan::number_of(&handset) {
                self.wake(number);
            }
        }
        for process in 0..self.processes.len() {
            self.plan_looks(process);
        }
    }

    /// The session of a handset looks into the outbox.
    pub(crate) fn wake(&mut self, number: u32) {
        let wait = self.chance.between(1, 250) * MS;
        if let Some(handset) = self.handsets.get(&number).filter(|handset| handset.at.is_some()) {
            let session = handset.session;
            self.plan_in(wait, Happening::Down { handset: number, session });
        }
    }

    /// Tells what was committed. A process may die before that, and after it.
    pub(crate) fn answer(&mut self, life: Life) {
        if self.chance.hits(self.plan.dies) {
            return self.crash(life.process, "after the commit and before the answer");
        }
        let Some(process) = self.processes.get_mut(life.process) else { return };
        for answer in std::mem::take(&mut process.answers) {
            match answer {
                Answer::Taken { handset, session, number } => {
                    let delay = self.delay();
                    if self.is_lost(handset) {
                        self.lose();
                    } else {
                        self.plan_in(delay, Happening::Taken { handset, session, number });
                    }
                }
                Answer::Done { request, version, incident } => self.done(&request, version, &incident),
            }
        }
        if self.chance.hits(self.plan.dies) {
            self.crash(life.process, "after the answer");
        }
    }
}
