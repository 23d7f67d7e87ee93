//! What happened to an incident, as it is stored for ever.
//!
//! The JSON of these types is a format with old files behind it: a field may be added if it has a
//! default, nothing may be renamed or given another meaning. A test holds one line of each.

use crate::{Answer, Contact, Offer, OnScene, PlanOutcome, PlanStep, Service, TaskState};
use model::{HandsetId, IncidentId, ResidentId, Signal, SignalId, SignedDuration, TaskId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// The incident's version after it; the first is 1.
    pub version: u64,
    /// When, by our clock.
    pub at: Timestamp,
    /// What.
    pub what: What,
}

/// The end of being on the wrong side of a fence or zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Return {
    /// Derived from its cause.
    pub id: SignalId,
    /// The resident's own fence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fence: Option<String>,
    /// Or the zone shared by all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Since when, as well as the positions tell.
    pub since: Timestamp,
    /// How that is known, as a sentence.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}

/// Where the ladder goes on from, once something graver has joined what nobody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Climb {
    /// The step that counts as taken.
    pub step: u32,
    /// When the next one comes.
    pub deadline_at: Timestamp,
}

/// What the person carries whom an incident turned out to be about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carries {
    /// Their handset; none where they carry none, or where nobody is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handset: Option<HandsetId>,
}

/// What happened, with every deadline that it set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum What {
    /// A signal opened the incident.
    Opened {
        /// The signal.
        signal: Box<Signal>,
        /// When the ladder takes its first step.
        deadline_at: Timestamp,
        /// A test within a window that staff opened.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        drill: bool,
        /// The incident that the signal was in before it turned out to be another matter.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        split_from: Option<IncidentId>,
    },
    /// A signal joined it.
    SignalJoined {
        /// The signal.
        signal: Box<Signal>,
        /// Until when the holder has to confirm it; absent if it asks for no answer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answer_by: Option<Timestamp>,
        /// Where the ladder goes on from, if nobody has the incident and the signal makes it climb faster.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        climb: Option<Climb>,
    },
    /// An operator took it.
    Claimed {
        /// The account.
        by: String,
        /// The holder who had not answered and from whom it was taken over.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        taken_from: Option<String>,
        /// When the holder is asked how it goes.
        deadline_at: Timestamp,
    },
    /// It was handed back.
    Released {
        /// The account.
        by: String,
        /// Why.
        reason: String,
        /// When the ladder takes its first step.
        deadline_at: Timestamp,
    },
    /// Something was done or learnt.
    Noted {
        /// The account.
        by: String,
        /// What.
        text: String,
        /// Who was spoken to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contact: Option<Contact>,
        /// For a note of the holder: when the holder is asked again, unless a signal that waits is due before. For a note of
        /// anybody else: absent, and nothing else changes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deadline_at: Option<Timestamp>,
        /// Where the person was spoken to: the last cry for help that had joined by then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cry: Option<SignalId>,
    },
    /// The holder has seen signals that joined.
    Confirmed {
        /// The account.
        by: String,
        /// Which signals.
        signals: Vec<SignalId>,
        /// When the holder is asked how it goes, unless another signal waits that is due before.
        deadline_at: Timestamp,
    },
    /// A step of the action plan was done.
    StepMarked {
        /// The account.
        by: String,
        /// Which step.
        step: PlanStep,
        /// How it went.
        outcome: PlanOutcome,
        /// What the outcome cannot say.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        text: String,
        /// As of a note: when the holder is asked again, if it was the holder's.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deadline_at: Option<Timestamp>,
        /// The last cry for help that had joined by then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cry: Option<SignalId>,
    },
    /// A relative said what they do about it.
    Answered {
        /// The account.
        by: String,
        /// What they said.
        answer: Answer,
        /// In their own words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        text: String,
    },
    /// Somebody is on the right side of a fence again.
    Returned {
        /// Of which, and how that is known.
        of: Return,
    },
    /// Nobody at the desk has seen the holder for a while; everybody is called.
    HolderLost {
        /// When everybody is called again.
        deadline_at: Timestamp,
    },
    /// The holder is there again.
    HolderBack {
        /// The account.
        by: String,
        /// When the holder is asked how it goes.
        deadline_at: Timestamp,
    },
    /// Stations were asked to go.
    Dispatched {
        /// The account; empty where the ladder asked.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        by: String,
        /// Which.
        offers: Vec<Offer>,
        /// What they were told.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
        /// When a word is due from them.
        answer_by: Timestamp,
        /// When the holder is asked how it goes; absent where the ladder asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        deadline_at: Option<Timestamp>,
    },
    /// A task came to another state.
    TaskMoved {
        /// Which.
        task: TaskId,
        /// To which state.
        to: TaskState,
        /// The account.
        by: String,
        /// The station said so by telephone, and the account wrote it down.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        on_behalf: bool,
        /// Why, or with what result.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        words: String,
        /// When the next word is due from the station; none once it has ended.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answer_by: Option<Timestamp>,
        /// Offers to other stations that this one has made needless.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        withdrawn: Vec<TaskId>,
        /// Where it was finished: the last cry for help that had joined by then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        cry: Option<SignalId>,
    },
    /// A word was due from a station and did not come.
    TaskOverdue {
        /// Of which task.
        task: TaskId,
        /// How often it did not, counted from 1: the station is reminded, from 2 on the desk hears of it.
        times: u32,
        /// When it is due again.
        answer_by: Timestamp,
    },
    /// A station took its last step back.
    TaskUndone {
        /// Which task.
        task: TaskId,
        /// The state it is in again.
        to: TaskState,
        /// The account.
        by: String,
        /// When the next word is due from the station.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answer_by: Option<Timestamp>,
    },
    /// Whoever is there said what they need.
    SaidOnScene {
        /// Of which task.
        task: TaskId,
        /// What they said.
        said: OnScene,
        /// They said so on the way.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        on_the_way: bool,
        /// The account.
        by: String,
        /// In their own words.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        words: String,
        /// When the next word is due from the station.
        answer_by: Timestamp,
    },
    /// What another incident held is in this one now.
    MergedFrom {
        /// The account.
        by: String,
        /// The other one.
        from: IncidentId,
        /// Its signals.
        signals: Vec<Signal>,
        /// In the other one, too, somebody had spoken with the person since.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        heard: bool,
        /// Those that the holder has to confirm, and until when.
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        awaited: BTreeMap<SignalId, Timestamp>,
    },
    /// It was the same matter as another incident, and ended there.
    MergedInto {
        /// The account.
        by: String,
        /// The other one.
        into: IncidentId,
    },
    /// Signals turned out to be another matter, and are in an incident of their own.
    SplitOff {
        /// The account.
        by: String,
        /// Which.
        signals: Vec<SignalId>,
        /// The incident that holds them now.
        into: IncidentId,
        /// When the holder is asked how it goes.
        deadline_at: Timestamp,
    },
    /// The holder gave it to another operator.
    Transferred {
        /// The account.
        by: String,
        /// The account that has it from now on.
        to: String,
        /// When the new holder is asked how it goes, and until when what waits has to be confirmed.
        deadline_at: Timestamp,
    },
    /// It was given to the ambulance, the police or the fire brigade.
    HandedOver {
        /// The account.
        by: String,
        /// To whom.
        to: Service,
        /// What was said and answered.
        words: String,
        /// When the holder is asked how it goes.
        deadline_at: Timestamp,
        /// Its answer says nothing of the person, who must still be spoken to; of before nobody asked which service it was.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        no_contact: bool,
    },
    /// It turned out whom it is about.
    Identified {
        /// The account.
        by: String,
        /// Whom.
        resident: Option<ResidentId>,
        /// Whom it was about until then.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        was: Option<ResidentId>,
        /// What they carry; absent of old, when the handset that was talked to stayed the same.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        carries: Option<Carries>,
    },
    /// The need is over, the papers are not.
    Resolved {
        /// The account.
        by: String,
        /// When the holder is asked for the papers.
        deadline_at: Timestamp,
    },
    /// It was closed too early.
    Reopened {
        /// The account, which has it from now on.
        by: String,
        /// Why.
        reason: String,
        /// When the holder is asked how it goes.
        deadline_at: Timestamp,
    },
    /// It ended.
    Closed {
        /// The account.
        by: String,
        /// Code of the cause.
        cause: String,
        /// Code of the outcome.
        outcome: String,
        /// What the codes cannot say.
        note: String,
        /// Until when it is not told again that the resident is still on the wrong side of the fences in it, or in its zones.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        snooze_until: Option<Timestamp>,
    },
    /// Nobody had claimed it in time; more people are called.
    LadderStepped {
        /// The step now taken, counted from 1.
        step: u32,
        /// When the next one comes.
        deadline_at: Timestamp,
    },
    /// The holder did not act in time; everybody is called.
    AnswerOverdue {
        /// The step now taken, counted from 1.
        step: u32,
        /// The signals that waited; none if the holder was only silent for too long.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        signals: Vec<SignalId>,
        /// When everybody is called again.
        deadline_at: Timestamp,
    },
    /// Our clock was set back; the deadlines were moved with it.
    ClockWentBack {
        /// By how much.
        by: SignedDuration,
        /// The deadline on the new clock.
        deadline_at: Timestamp,
        /// The awaited answer's time on the new clock.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answer_by: Option<Timestamp>,
        /// What was done before has its time on the new clock, too; in histories of before it kept the old one.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        stamps: bool,
    },
}
