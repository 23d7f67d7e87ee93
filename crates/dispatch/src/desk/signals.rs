//! Signals join the open incident of their resident, or open one.
//!
//! [`PlaceSignals`] reads, decides and writes within one transaction of the writer. As the store's sequel it runs in
//! the transaction that brings a press, so that press and incident are on disk with one sync; as a job it runs for
//! whatever is found in the log besides: signals of other processes, and those a failed sequel left.

use super::{Desk, Told, change::Working};
use crate::trouble::Trouble;
use async_trait::async_trait;
use bus::Hint;
use incident::{Command, decide, is_quiet_while_away};
use model::{IncidentId, Severity, Signal};
use std::{
    collections::HashMap,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use store::{
    Afterwards, CommitDesk, Connection, CursorMove, Job, JobError, Lane, LoggedSignal, Sequel, Subject,
    UnreadSignal, contained,
};
use tokio_util::sync::CancellationToken;

const CURSOR: &str = "desk";
/// Signals decided on in one transaction. After an outage this is how fast the pile goes down.
const AT_ONCE: u32 = 64;
/// Pause when a signal cannot be placed.
const RETRY_AFTER: Duration = Duration::from_millis(100);

/// Follows the log of signals until stopped.
pub async fn follow(desk: Desk, stop: CancellationToken) {
    let mut listener = desk.shared.bus.listen();
    let mut at_once = AT_ONCE;
    while !stop.is_cancelled() {
        match desk.place_next(at_once).await {
            Ok(true) => at_once = AT_ONCE,
            Ok(false) => {
                let is_prompt = || desk.is_prompt.load(Ordering::Relaxed);
                let news = listener.hear_or_poll(|hint| *hint == Hint::Signals && !is_prompt());
                stop.run_until_cancelled(news).await;
            }
            Err(trouble) => {
                tracing::error!(event = "signals_not_placed", %trouble, at_once);
                if at_once == 1 {
                    desk.step_over_the_stuck(&trouble).await;
                }
                at_once = 1;
                tokio::time::sleep(RETRY_AFTER).await;
            }
        }
    }
}

/// Places the next signals of the log.
struct PlaceSignals {
    desk: Desk,
    at_once: u32,
}

/// What became of the signals that waited.
#[derive(Debug)]
struct Placed {
    told: Told,
    /// There was no more in the log.
    is_all: bool,
}

impl PlaceSignals {
    /// Nothing if no signal waits.
    async fn place(&self, connection: &mut Connection) -> Result<Option<Placed>, JobError> {
        let (from, signals) = connection.unread_signals(CURSOR, self.at_once).await?;
        let Some(to) = signals.last().map(|last| last.row) else { return Ok(None) };
        let is_all = signals.len() < usize::try_from(self.at_once).unwrap_or(usize::MAX);
        let mut working: HashMap<(Subject, bool), (Working, Option<String>)> = HashMap::new();
        for UnreadSignal { signal, is_drill, is_away, open, resident_name, .. } in signals {
            let subject = (subject_of(&signal), is_drill);
            let (case, _) = working.entry(subject).or_insert_with(|| (Working::on(open), resident_name));
            if case.incident.is_some() || opens(&signal, is_away) {
                self.join(signal, is_drill, case)?;
            }
        }
        let (changes, names): (Vec<_>, Vec<_>) = working
            .into_values()
            .filter_map(|(case, name)| case.into_change().map(|change| (change, name)))
            .unzip();
        let cursor = Some(CursorMove { name: CURSOR, from, to });
        let commit = CommitDesk { changes, cursor, ..CommitDesk::default() };
        let last_row = commit.run(connection).await?;
        Ok(Some(Placed { told: Told::of(commit, names, last_row), is_all }))
    }

    fn join(&self, signal: Signal, is_drill: bool, case: &mut Working) -> Result<(), JobError> {
        let now = self.desk.shared.clock.now();
        let signal = Box::new(signal);
        let command = if is_drill { Command::Drill(signal) } else { Command::Signal(signal) };
        let decision = decide(case.incident.as_ref(), &command, None, &self.desk.ladder(), now)
            .map_err(|refusal| JobError::Broken(format!("the engine refuses it: {refusal}")))?;
        Ok(case.take(decision, now)?)
    }
}

#[async_trait]
impl Job for PlaceSignals {
    type Output = Option<Placed>;
    const LANE: Lane = Lane::Life;

    async fn run(&self, connection: &mut Connection) -> Result<Option<Placed>, JobError> {
        // A signal that the engine panics over is stepped over like any other that cannot be placed.
        contained(self.place(connection)).await
    }
}

#[async_trait]
impl Sequel for PlaceSignals {
    async fn run(&self, connection: &mut Connection) -> Result<Afterwards, JobError> {
        self.desk.is_prompt.store(false, Ordering::Relaxed);
        let placed = self.place(connection).await?;
        let is_all = placed.as_ref().is_none_or(|placed| placed.is_all);
        self.desk.is_prompt.store(is_all, Ordering::Relaxed);
        let desk = self.desk.clone();
        Ok(Box::new(move || {
            if let Some(placed) = placed {
                desk.tell(placed.told);
            }
        }))
    }
}

impl Desk {
    /// From now on signals of this process become incidents in the transaction that brings them.
    pub fn place_at_once(&self) {
        self.shared.store.set_sequel(PlaceSignals { desk: self.clone(), at_once: AT_ONCE });
    }

    /// Places the next signals of the log; false if there are none.
    async fn place_next(&self, at_once: u32) -> Result<bool, Trouble> {
        // Looked at outside the writer first: mostly the sequel has been here before.
        let from = self.shared.store.cursor(CURSOR).await?;
        if self.shared.store.signals_after(from, 1).await?.is_empty() {
            return Ok(false);
        }
        let placed = self.shared.store.write(PlaceSignals { desk: self.clone(), at_once }).await?;
        let is_any = placed.is_some();
        if let Some(placed) = placed {
            self.tell(placed.told);
        }
        Ok(is_any)
    }

    /// One signal that cannot be placed must not hide those behind it. It is shown to everybody on duty as
    /// it is, and the log goes on. A store that is away is not the signal's fault: then nothing is stepped over.
    async fn step_over_the_stuck(&self, trouble: &Trouble) {
        match trouble {
            Trouble::Write(error)
                if !store::is_writer_gone(error) && !matches!(error, JobError::Conflict) => {}
            Trouble::Write(_) | Trouble::Read(_) => return,
        }
        let Ok(from) = self.shared.store.cursor(CURSOR).await else { return };
        let Ok(signals) = self.shared.store.signals_after(from, 1).await else { return };
        let Some(LoggedSignal { row, signal }) = signals.into_iter().next() else { return };
        let detail = format!("signal {} could not be placed in an incident: {trouble}", signal.id);
        self.shared.health.raise("signal_stuck", detail, self.shared.clock.now());
        self.shared.bus.put_unsaved(Arc::new(signal));
        let cursor = Some(CursorMove { name: CURSOR, from, to: row });
        if let Err(error) = self.commit(CommitDesk { cursor, ..CommitDesk::default() }).await {
            tracing::error!(event = "signal_stuck_for_good", %error, row);
        }
    }
}

/// What is technical opens no incident by itself: it stands in the list of the day, and nobody is woken for a battery. So does
/// what somebody who is away as planned does not do at home; what of it still holds at the end of the absence is told anew.
fn opens(signal: &Signal, is_away: bool) -> bool {
    signal.severity() > Severity::Technical && !(is_away && is_quiet_while_away(signal))
}

fn subject_of(signal: &Signal) -> Subject {
    match (&signal.resident, &signal.handset) {
        (Some(resident), _) => Subject::Resident(resident.clone()),
        (None, Some(handset)) => Subject::Handset(handset.clone()),
        (None, None) => Subject::Unknown(IncidentId::opened_by(&signal.id)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Evidence, Remark, SignalId, SignalKind, Timestamp};

    fn signal(kind: SignalKind, graver: Option<Severity>) -> Signal {
        let (resident, press_id, fix, caller, words, evidence) = Default::default();
        Signal {
            id: SignalId::from_cause("test", &[kind.as_str()]),
            kind,
            handset: None,
            resident,
            press_id,
            cancel: false,
            at: Timestamp::UNIX_EPOCH,
            received_at: Timestamp::UNIX_EPOCH,
            late_by_s: 0,
            remarks: Vec::<Remark>::new(),
            fix,
            caller,
            words,
            graver,
            evidence,
        }
    }

    fn told_by(rule: &str, signal: Signal) -> Signal {
        let evidence = Evidence { rule: rule.to_owned(), ..Evidence::default() };
        Signal { evidence: Some(Box::new(evidence)), ..signal }
    }

    #[test]
    fn what_opens_an_incident_at_home_and_while_away() {
        let (urgent, low_outside) = (Some(Severity::Urgent), Some(Severity::Notice));
        for (kind, rule, graver, at_home, away) in [
            (SignalKind::Press, "", None, true, true),
            (SignalKind::Call, "", None, true, true),
            (SignalKind::Fall, "fall/not_judged", None, true, true),
            (SignalKind::Wandering, "wandering/night", None, true, true),
            (SignalKind::FenceExit, "fence/exit", None, true, true),
            (SignalKind::ZoneEntry, "zone/entry", None, true, true),
            (SignalKind::Overdue, "fence/home_by", None, true, false),
            (SignalKind::Overdue, "fence/home_by", urgent, true, false),
            (SignalKind::Inactivity, "body/no_movement", None, true, false),
            // Whoever fell and does not get up needs help wherever they are.
            (SignalKind::Inactivity, "body/still_after_fall", urgent, true, true),
            // Outside of the fence is where somebody is who is away; whoever pressed before that called for help.
            (SignalKind::Silence, "silence/outside", urgent, true, false),
            (SignalKind::Silence, "silence/after_press", urgent, true, true),
            (SignalKind::Silence, "silence/offline", None, false, false),
            (SignalKind::LowBattery, "battery/low", None, false, false),
            (SignalKind::LowBattery, "battery/low", low_outside, true, false),
            (SignalKind::TakenOff, "body/taken_off", None, false, false),
            (SignalKind::TakenOff, "body/taken_off", low_outside, true, false),
        ] {
            let signal = told_by(rule, signal(kind, graver));
            assert_eq!((opens(&signal, false), opens(&signal, true)), (at_home, away), "{kind:?} {rule}");
        }
    }
}
