//! An incident as screens and other programs see it.

use super::{PlanItem, PositionView, TaskItem, mask_numbers};
use access::{Who, hides_place};
use incident::{Attention, Incident, StateName, plan};
use model::{
    Evidence, Fix, HandsetId, Remark, ResidentId, Severity, Signal, SignalId, SignalKind, Timestamp,
};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The id of an incident that is not on disk begins with this; the signal's id follows.
pub const UNSAVED_PREFIX: &str = "unsaved:";

/// A resident's name, where one must be named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ResidentRef {
    /// The resident's id.
    #[schema(value_type = String)]
    pub id: ResidentId,
    /// Full name.
    pub name: String,
}

/// Who has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HolderView {
    /// The account.
    pub username: String,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
}

impl From<&incident::Holder> for HolderView {
    fn from(holder: &incident::Holder) -> Self {
        Self { username: holder.username.clone(), since: holder.since }
    }
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClosingView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// By whom.
    pub by: String,
    /// Code of the cause.
    pub cause: String,
    /// Code of the outcome.
    pub outcome: String,
    /// What the codes cannot say.
    pub note: String,
    /// Until when it is not told again that the resident is still on the wrong side of the fences in it, or in its zones.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub snooze_until: Option<Timestamp>,
}

/// One cause for attention.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SignalView {
    /// Derived from its cause.
    #[schema(value_type = String)]
    pub id: SignalId,
    /// What it is.
    pub kind: SignalKind,
    /// The id the handset gave the press.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub press_id: Option<String>,
    /// The resident took an earlier press back.
    pub cancel: bool,
    /// When it happened.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// When it reached us.
    #[schema(value_type = String, format = DateTime)]
    pub received_at: Timestamp,
    /// How long it took, when that matters; else 0.
    pub late_by_s: u64,
    /// What to know about how it came in.
    pub remarks: Vec<Remark>,
    /// For a call: who rang, of a number its end alone. Whole in the answer about one open incident, for those who may ring back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caller: Option<String>,
    /// For a call: what was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// Why it was raised, where a rule of ours decided that; `why` is a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Evidence>)]
    pub evidence: Option<Box<Evidence>>,
}

impl From<&Signal> for SignalView {
    fn from(signal: &Signal) -> Self {
        Self {
            id: signal.id.clone(),
            kind: signal.kind,
            press_id: signal.press_id.clone(),
            cancel: signal.cancel,
            at: signal.at,
            received_at: signal.received_at,
            late_by_s: signal.late_by_s,
            remarks: signal.remarks.clone(),
            caller: signal.caller.as_deref().map(mask_numbers),
            words: signal.words.clone(),
            evidence: signal.evidence.clone(),
        }
    }
}

/// One open or closed case.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own to whoever reads it")]
pub struct IncidentView {
    /// Its id.
    pub id: String,
    /// Counts its events; acts name the version they were decided on.
    pub version: u64,
    /// What is being done about it.
    pub state: StateName,
    /// The gravest of its signals.
    pub severity: Severity,
    /// A person may be in need, and not a device alone; asked within the platform.
    #[serde(skip)]
    pub is_about_a_life: bool,
    /// A test that staff opened a window for.
    pub drill: bool,
    /// Not on disk yet: visible, but nobody can act on it.
    pub unsaved: bool,
    /// Whether the desk must hear it now.
    pub sounding: bool,
    /// Who must hear it.
    pub attention: Attention,
    /// While nobody has it: supervisors are called as well, and not the operators on duty alone.
    pub calls_supervisors: bool,
    /// The ladder's present step.
    pub ladder_step: u32,
    /// Whom it is about, where known.
    pub resident: Option<ResidentRef>,
    /// The handset to talk to.
    #[schema(value_type = Option<String>)]
    pub handset: Option<HandsetId>,
    /// Who has it.
    pub holder: Option<HolderView>,
    /// The holder's link to the desk is gone; anybody may take it.
    pub holder_lost: bool,
    /// When it was opened.
    #[schema(value_type = String, format = DateTime)]
    pub opened_at: Timestamp,
    /// When the ladder goes on.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub deadline_at: Option<Timestamp>,
    /// Until when the holder must confirm the next of the signals that joined.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub answer_by: Option<Timestamp>,
    /// Signals that joined and that the holder has not confirmed.
    #[schema(value_type = Vec<String>)]
    pub awaiting: Vec<SignalId>,
    /// It may only be closed once somebody was spoken to, or by a supervisor.
    pub needs_contact: bool,
    /// What is to be done, in order, and how it went.
    pub plan: Vec<PlanItem>,
    /// Where the person is, as well as is known.
    pub position: Option<PositionView>,
    /// How it ended.
    pub closed: Option<ClosingView>,
    /// Everything that asked for attention, in order of arrival.
    pub signals: Vec<SignalView>,
    /// The stations that were asked to go, in the order in which they were.
    pub tasks: Vec<TaskItem>,
}

impl IncidentView {
    /// The incident as it looks now. `live` is the newest position held of its handset.
    pub fn new(incident: &Incident, name: Option<String>, live: Option<&Fix>, now: Timestamp) -> Self {
        Self {
            id: incident.id.to_string(),
            version: incident.version,
            state: incident.state_name(),
            severity: incident.severity,
            is_about_a_life: incident.is_about_a_life(),
            drill: incident.drill,
            unsaved: false,
            sounding: incident.is_sounding(),
            attention: incident.attention(),
            calls_supervisors: incident.is_open() && incident.holder().is_none(),
            ladder_step: incident.ladder_step(),
            resident: incident.resident.clone().map(|id| ResidentRef { name: name.unwrap_or_default(), id }),
            handset: incident.handset.clone(),
            holder: incident.holder().map(HolderView::from),
            holder_lost: incident.is_holder_lost(),
            opened_at: incident.opened_at,
            deadline_at: incident.due_at(),
            answer_by: incident.answer().map(|answer| answer.by),
            awaiting: incident.answer().map(|answer| answer.signals.clone()).unwrap_or_default(),
            needs_contact: incident.needs_contact(),
            plan: plan(incident).iter().map(PlanItem::from).collect(),
            position: best_position(&incident.signals, live).map(|fix| PositionView::new(fix, now)),
            closed: incident.closing().map(|closing| ClosingView {
                at: closing.at,
                by: closing.by.clone(),
                cause: closing.cause.clone(),
                outcome: closing.outcome.clone(),
                note: closing.note.clone(),
                snooze_until: closing.snooze_until,
            }),
            signals: incident.signals.iter().map(SignalView::from).collect(),
            tasks: incident.tasks.iter().map(|task| TaskItem::of(incident, task)).collect(),
        }
    }

    /// A press that could not be committed, shown as an incident of its own.
    pub fn unsaved(signal: &Signal, name: Option<String>, now: Timestamp) -> Self {
        Self {
            id: format!("{UNSAVED_PREFIX}{}", signal.id),
            version: 0,
            state: StateName::Raised,
            severity: signal.severity(),
            is_about_a_life: signal.is_about_a_life(),
            drill: false,
            unsaved: true,
            sounding: true,
            attention: Attention::Everyone,
            calls_supervisors: true,
            ladder_step: 0,
            resident: signal.resident.clone().map(|id| ResidentRef { name: name.unwrap_or_default(), id }),
            handset: signal.handset.clone(),
            holder: None,
            holder_lost: false,
            opened_at: signal.received_at,
            deadline_at: None,
            answer_by: None,
            awaiting: Vec::new(),
            needs_contact: false,
            plan: Vec::new(),
            position: signal.fix.as_ref().map(|fix| PositionView::new(fix, now)),
            closed: None,
            signals: vec![SignalView::from(signal)],
            tasks: Vec::new(),
        }
    }

    /// The same without what was said and written about it, and without the places that evidence holds.
    #[must_use]
    pub fn wordless(mut self) -> Self {
        if let Some(closed) = &mut self.closed {
            closed.note.clear();
        }
        self.plan.clear();
        for signal in &mut self.signals {
            (signal.caller, signal.words, signal.evidence) = (None, None, None);
        }
        self.tasks.iter_mut().for_each(TaskItem::wordless);
        self
    }

    /// The same as it stands in a list of closed ones: without the name, the place and the words.
    #[must_use]
    pub fn in_short(self) -> Self {
        let mut view = self.wordless();
        view.position = None;
        if let Some(resident) = &mut view.resident {
            resident.name.clear();
        }
        view
    }

    /// The same for whoever may have to ring back: the callers whole, by signal.
    #[must_use]
    pub fn with_callers(mut self, callers: &BTreeMap<SignalId, String>) -> Self {
        for signal in &mut self.signals {
            if let Some(caller) = callers.get(&signal.id) {
                signal.caller = Some(caller.clone());
            }
        }
        self
    }

    /// Whether its position is kept from this account.
    pub fn hides_place(&self, who: &Who, now: Timestamp) -> bool {
        let (Some(resident), Some(position)) = (&self.resident, &self.position) else { return false };
        hides_place(who, &resident.id, position.fix_time, now)
    }

    /// The same for this account: without a position that is kept from it.
    #[must_use]
    pub fn placed_for(mut self, who: &Who, now: Timestamp) -> Self {
        if self.hides_place(who, now) {
            self.position = None;
        }
        self
    }

    /// The same, gone from the queue because it is on disk now.
    #[must_use]
    pub fn saved(mut self) -> Self {
        self.state = StateName::Closed;
        (self.sounding, self.calls_supervisors) = (false, false);
        self
    }
}

/// The newest of the positions that came with the signals and the live one.
fn best_position<'a>(signals: &'a [Signal], live: Option<&'a Fix>) -> Option<&'a Fix> {
    signals.iter().filter_map(|signal| signal.fix.as_ref()).chain(live).max_by_key(|fix| fix.fix_time)
}
