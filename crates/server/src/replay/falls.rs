//! What follows from reports of falls: the rule that the platform has ([`geofence::falls::episode`]), with the state of
//! each subject in memory instead of in the store.

use super::told::{answer_line, fall_line};
use geofence::falls::{
    Assessment,
    episode::{Because, CANCELLED_WITHIN, Effect, Event, Falls as Open, Report, step},
};
use model::{HandsetId, Remark, Signal, SignalId, Timestamp};
use protocol::Answer;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

/// A report with an open question.
struct Asked {
    signal: Signal,
    assessment: Assessment,
    subject: String,
}

/// A report that a wearer may take back.
struct Reported {
    signal: SignalId,
    fall_id: Option<String>,
    subject: String,
    at: Timestamp,
}

/// All falls of a recording.
#[derive(Default)]
pub(super) struct Falls {
    open: HashMap<String, Open>,
    asked: HashMap<SignalId, Asked>,
    /// The reports of each handset in the order in which they came, as far as they may still be taken back.
    newest: HashMap<HandsetId, Vec<Reported>>,
    due: BTreeSet<(Timestamp, String)>,
    raised: Vec<Signal>,
}

impl Falls {
    /// When a question's time is over.
    pub(super) fn next_deadline(&self) -> Option<Timestamp> {
        self.due.first().map(|(due, _)| *due)
    }

    /// What was raised since it was asked last.
    pub(super) fn take_raised(&mut self) -> Vec<Signal> {
        std::mem::take(&mut self.raised)
    }

    /// Takes a report as the detector judges it.
    pub(super) fn report(&mut self, mut signal: Signal, assessment: Assessment) -> Vec<Value> {
        if assessment.probability().is_some() {
            signal.remarks.retain(|remark| *remark != Remark::Unjudged);
        }
        let (subject, now) = (subject_of(&signal), signal.received_at);
        let report = Report {
            signal: signal.id.clone(),
            fall_id: signal.press_id.clone(),
            at: signal.at,
            assessment: assessment.clone(),
        };
        if let Some(handset) = &signal.handset {
            let reports = self.newest.entry(handset.clone()).or_default();
            reports.retain(|report| now.duration_since(report.at) <= CANCELLED_WITHIN);
            let (signal, fall_id) = (signal.id.clone(), signal.press_id.clone());
            reports.push(Reported { signal, fall_id, subject: subject.clone(), at: now });
        }
        let asked = Asked { signal, assessment, subject: subject.clone() };
        self.asked.insert(report.signal.clone(), asked);
        self.step(&subject, &Event::Reported(Box::new(report)), now)
    }

    /// Takes what the person answered, if that is about a fall of this handset.
    pub(super) fn answer(&mut self, handset: &HandsetId, answer: &Answer, now: Timestamp) -> Vec<Value> {
        let Some(signal) = store::asked_about(&answer.command_id) else { return Vec::new() };
        let asked = self.asked.get(&signal).filter(|asked| asked.signal.handset.as_ref() == Some(handset));
        let Some(subject) = asked.map(|asked| asked.subject.clone()) else { return Vec::new() };
        self.step(&subject, &Event::Answered { signal, is_well: answer.is_yes() }, now)
    }

    /// The wearer says that it was no fall: a yes to the question about the one that it names, or about the last one of whoever carries
    /// the handset. None if there was none lately, or none of that name.
    pub(super) fn cancel(&mut self, cancel: &Signal) -> Option<Vec<Value>> {
        let (subject, now) = (subject_of(cancel), cancel.received_at);
        let is_meant = |report: &&Reported| {
            report.subject == subject
                && now.duration_since(report.at) <= CANCELLED_WITHIN
                && (cancel.press_id.is_none() || cancel.press_id == report.fall_id)
        };
        let signal = self.newest.get(cancel.handset.as_ref()?)?.iter().rev().find(is_meant)?.signal.clone();
        Some(self.step(&subject, &Event::Answered { signal, is_well: true }, now))
    }

    /// Ends the questions whose time is over by then.
    pub(super) fn time(&mut self, now: Timestamp) -> Vec<Value> {
        let mut lines = Vec::new();
        while let Some((_, subject)) = self.due.first().filter(|(due, _)| *due <= now).cloned() {
            lines.extend(self.step(&subject, &Event::Time, now));
        }
        lines
    }

    fn step(&mut self, subject: &str, event: &Event, now: Timestamp) -> Vec<Value> {
        let open = self.open.entry(subject.to_owned()).or_default();
        if let Some(before) = open.next_deadline() {
            self.due.remove(&(before, subject.to_owned()));
        }
        let mut effects = Vec::new();
        step(open, event, now, &mut effects);
        self.due.extend(open.next_deadline().map(|due| (due, subject.to_owned())));
        self.lines(effects, now)
    }

    fn lines(&mut self, effects: Vec<Effect>, now: Timestamp) -> Vec<Value> {
        let raised: HashMap<SignalId, Because> = effects.iter().filter_map(raise).collect();
        let of_raised = raised.keys().filter_map(|signal| self.asked.get(signal));
        self.raised.extend(of_raised.map(|asked| asked.signal.clone()));
        let mut lines = Vec::new();
        for effect in effects {
            match effect {
                Effect::Line { report, .. } => {
                    let told = self.asked.get(&report.signal);
                    let because = raised.get(&report.signal).copied();
                    lines.extend(told.map(|told| fall_line(&told.signal, &told.assessment, because)));
                }
                Effect::Heard { signal, reply, .. } => {
                    let (told, because) = (self.asked.remove(&signal), raised.get(&signal).copied());
                    let line =
                        |told: &Asked| answer_line((&told.signal, &told.assessment), reply, because, now);
                    lines.extend(told.as_ref().map(line));
                }
                // Told with the line that it belongs to; and nobody is there to be asked.
                Effect::Raise { .. } | Effect::Ask { .. } => {}
            }
        }
        lines
    }
}

fn raise(effect: &Effect) -> Option<(SignalId, Because)> {
    match effect {
        Effect::Raise { signal, because } => Some((signal.clone(), *because)),
        Effect::Line { .. } | Effect::Ask { .. } | Effect::Heard { .. } => None,
    }
}

/// Whose falls belong together: a resident's, or a handset's that is bound to nobody.
fn subject_of(signal: &Signal) -> String {
    match (&signal.resident, &signal.handset) {
        (Some(resident), _) => format!("resident:{resident}"),
        (None, handset) => format!("handset:{}", handset.as_ref().map_or("", HandsetId::as_str)),
    }
}
