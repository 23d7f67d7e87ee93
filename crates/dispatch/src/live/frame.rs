//! What is sent, and to whom it may be shown.

use super::{Cursor, sounding::Sounding};
use crate::{
    health::HealthView,
    view::{IncidentView, LivePosition, ResponderView, TaskView},
};
use access::{Action, Role, Subject, Who, decide, hears_words, hides_place};
use axum::extract::ws::Utf8Bytes;
use model::{IncidentId, ResidentId, StationId, Timestamp};
use serde::Serialize;
use serde_json::json;
use std::{
    collections::BTreeSet,
    sync::{Arc, OnceLock},
};
use utoipa::ToSchema;

/// Everything open at one moment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Snapshot {
    /// Always `snapshot`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Where the log stood.
    pub cursor: String,
    /// The open incidents, oldest first.
    pub incidents: Vec<IncidentView>,
    /// The tasks of stations that have not ended.
    pub tasks: Vec<TaskView>,
    /// The newest position of each handset with an open incident.
    pub positions: Vec<LivePosition>,
    /// For the desk: who is on the way and lets it be seen where they are.
    pub responders: Vec<ResponderView>,
    /// What is wrong.
    pub health: HealthView,
}

/// Whose news it is.
#[derive(Debug, Clone)]
enum About {
    Incident {
        id: Option<IncidentId>,
        resident: Option<ResidentId>,
        opened_at: Timestamp,
        open: bool,
        located_at: Option<Timestamp>,
    },
    Resident {
        id: Option<ResidentId>,
        incident: IncidentId,
        incident_opened_at: Timestamp,
        located_at: Option<Timestamp>,
    },
    Task {
        station: StationId,
        resident: Option<ResidentId>,
        of: Box<About>,
    },
    /// Staff on their way are the desk's affair alone.
    Responder,
    /// Something was lost on the way: screens begin anew.
    Gap,
    Everybody,
}

impl About {
    fn incident(view: &IncidentView) -> Self {
        Self::Incident {
            id: IncidentId::new(view.id.as_str()).ok(),
            resident: view.resident.as_ref().map(|resident| resident.id.clone()),
            opened_at: view.opened_at,
            open: view.closed.is_none(),
            located_at: view.position.as_ref().map(|position| position.fix_time),
        }
    }
}

/// One piece of news, encoded once for all connections.
#[derive(Debug, Clone)]
pub struct Frame {
    /// Where the log stood after it.
    pub row: i64,
    /// The JSON text.
    pub text: Utf8Bytes,
    about: About,
    /// It is about what had ended before, which to the desk is a record.
    is_record: bool,
    /// That somebody must hear of it.
    sounding: Option<Arc<Sounding>>,
    less: Arc<Less>,
}

/// What those are told who are not told everything: made when it is wanted first, once for all of them.
#[derive(Debug, Default)]
struct Less {
    wordless: OnceLock<Option<Utf8Bytes>>,
    placeless: OnceLock<Option<Utf8Bytes>>,
    in_short: OnceLock<Option<Utf8Bytes>>,
    veiled: OnceLock<Option<Utf8Bytes>>,
    at_station: Option<Utf8Bytes>,
}

/// What most frames are about.
pub(super) const OPEN: &str = "an open incident";

/// A frame of the table of who is told what, with its kind, the action it needs, and what that is asked about.
pub(super) type Example = (&'static str, Action, &'static str, Frame);

impl Frame {
    /// One of each kind with nothing in it, about this person's case or a task of this station in it.
    pub(super) fn examples(
        resident: &ResidentId,
        incident: &IncidentId,
        opened_at: Timestamp,
        station: &StationId,
    ) -> [Example; 6] {
        let case = |open| About::Incident {
            id: Some(incident.clone()),
            resident: Some(resident.clone()),
            opened_at,
            open,
            located_at: Some(opened_at),
        };
        let place = About::Resident {
            id: Some(resident.clone()),
            incident: incident.clone(),
            incident_opened_at: opened_at,
            located_at: Some(opened_at),
        };
        let (station, of) = (station.clone(), Box::new(case(true)));
        let task = About::Task { station, resident: Some(resident.clone()), of };
        let empty = |about| Self {
            row: 0,
            text: Utf8Bytes::default(),
            about,
            is_record: false,
            sounding: None,
            less: Arc::default(),
        };
        [
            ("snapshot, health", Action::Live, "", empty(About::Everybody)),
            ("incident", Action::ReadIncident, OPEN, empty(case(true))),
            ("incident", Action::ReadIncident, "a closed incident", empty(case(false))),
            ("position", Action::ReadIncident, OPEN, empty(place)),
            ("task", Action::ListTasks, "", empty(task)),
            ("responder", Action::Dispatch, OPEN, empty(About::Responder)),
        ]
    }

    fn new(cursor: &Cursor, kind: &str, value: &impl Serialize, about: About) -> Self {
        let text = json!({ "type": kind, "cursor": cursor.to_string(), kind: value }).to_string();
        let (is_record, sounding, less) = (false, None, Arc::default());
        Self { row: cursor.row, text: text.into(), about, is_record, sounding, less }
    }

    /// An incident as it looks now.
    pub fn incident(cursor: &Cursor, view: &IncidentView, now: Timestamp) -> Self {
        let sounding = Sounding::of(view, now).map(Arc::new);
        Self { sounding, ..Self::new(cursor, "incident", view, About::incident(view)) }
    }

    /// An incident that had ended before. The desk is told that it has, and asks for more of it with a reason.
    pub fn record(cursor: &Cursor, view: &IncidentView) -> Self {
        Self { is_record: true, ..Self::new(cursor, "incident", view, About::incident(view)) }
    }

    /// A task that moved.
    pub fn task(cursor: &Cursor, view: &TaskView, incident: &IncidentView) -> Self {
        let about = About::Task {
            station: view.task.station.id.clone(),
            resident: view.resident.as_ref().map(|resident| resident.id.clone()),
            of: Box::new(About::incident(incident)),
        };
        let told = |view: &TaskView| Self::new(cursor, "task", view, about.clone());
        let ended = (!view.task.state.is_live()).then(|| view.clone().at_station());
        let less = Less { at_station: ended.map(|ended| told(&ended).text), ..Less::default() };
        let sounding = Sounding::of_task(view).map(Arc::new);
        Self { sounding, less: Arc::new(less), ..told(view) }
    }

    /// The live position of a handset whose resident has an open incident, which is this one.
    pub fn position(
        cursor: &Cursor,
        position: &LivePosition,
        incident: IncidentId,
        incident_opened_at: Timestamp,
    ) -> Self {
        let (id, located_at) = (position.resident.clone(), Some(position.position.fix_time));
        let about = About::Resident { id, incident, incident_opened_at, located_at };
        Self::new(cursor, "position", position, about)
    }

    /// Somebody on the way moved, or is to be seen no more.
    pub fn responder(cursor: &Cursor, view: &ResponderView) -> Self {
        Self::new(cursor, "responder", view, About::Responder)
    }

    /// Something was lost on the way.
    pub(super) fn gap(cursor: &Cursor) -> Self {
        Self::new(cursor, "gap", &(), About::Gap)
    }

    /// Whether it stands for what was lost.
    pub(super) fn is_gap(&self) -> bool {
        matches!(self.about, About::Gap)
    }

    /// What is wrong, and the heartbeat.
    pub fn health(cursor: &Cursor, health: &HealthView) -> Self {
        Self::new(cursor, "health", health, About::Everybody)
    }

    /// Whom it calls, if it does.
    pub(super) fn sounding(&self) -> Option<&Arc<Sounding>> {
        self.sounding.as_ref()
    }

    /// Whether it is about a task of this account's station.
    pub(super) fn is_task_of(&self, who: &Who) -> bool {
        matches!(&self.about, About::Task { station, .. } if who.station.as_ref() == Some(station))
    }

    /// Whom it is about.
    pub(super) fn resident(&self) -> Option<&ResidentId> {
        match &self.about {
            About::Incident { resident, .. } | About::Task { resident, .. } => resident.as_ref(),
            About::Resident { id, .. } => id.as_ref(),
            About::Responder | About::Gap | About::Everybody => None,
        }
    }

    /// Notes which incidents stand open on a screen that is told this.
    pub(super) fn keep_in(&self, cases: &mut BTreeSet<IncidentId>) {
        if let About::Incident { id: Some(id), open, .. } = &self.about {
            if *open {
                cases.insert(id.clone());
            } else {
                cases.remove(id);
            }
        }
    }

    /// What those are told to whom words are shown: a station, of a task of its own that has ended, without what the desk wrote for it.
    pub(super) fn whole(&self, who: &Who) -> Utf8Bytes {
        let at_station = self.less.at_station.as_ref().filter(|_| who.role == Role::Station);
        at_station.unwrap_or(&self.text).clone()
    }

    /// What those are told who are not shown what was said and written.
    pub fn wordless(&self) -> Option<Utf8Bytes> {
        let wordless = || {
            let mut frame: serde_json::Value = serde_json::from_str(&self.text).ok()?;
            if let Some(incident) = frame.get_mut("incident") {
                silence(incident);
            }
            Some(frame.to_string().into())
        };
        self.less.wordless.get_or_init(wordless).clone()
    }

    /// The same for those from whom it is kept, too, where the person was then.
    pub fn placeless(&self) -> Option<Utf8Bytes> {
        let placeless = || {
            let mut frame: serde_json::Value = serde_json::from_str(&self.wordless()?).ok()?;
            frame.get_mut("incident")?["position"] = serde_json::Value::Null;
            Some(frame.to_string().into())
        };
        self.less.placeless.get_or_init(placeless).clone()
    }

    /// Whether to this account it is a record. The family reads of its own people without a reason.
    pub(super) fn is_record_to(&self, who: &Who) -> bool {
        self.is_record && hears_words(who.role)
    }

    /// What the desk is told of a record: as in a list, without the name, the place and the words.
    pub fn in_short(&self) -> Option<Utf8Bytes> {
        let in_short = || {
            let mut frame: serde_json::Value = serde_json::from_str(&self.placeless()?).ok()?;
            if let Some(resident) = frame.get_mut("incident")?["resident"].as_object_mut() {
                resident.insert("name".to_owned(), "".into());
            }
            Some(frame.to_string().into())
        };
        self.less.in_short.get_or_init(in_short).clone()
    }

    /// Whether it tells where somebody was, and that is kept from this account.
    pub(super) fn hides_place(&self, who: &Who, now: Timestamp) -> bool {
        let (resident, at) = match &self.about {
            About::Incident { resident, located_at, .. }
            | About::Resident { id: resident, located_at, .. } => (resident, located_at),
            About::Task { .. } | About::Responder | About::Gap | About::Everybody => return false,
        };
        resident.as_ref().zip(*at).is_some_and(|(resident, at)| hides_place(who, resident, at, now))
    }

    /// What a locked screen is told: that there is something and how grave it is, not who and where. Nothing of a
    /// position.
    pub fn veiled(&self) -> Option<Utf8Bytes> {
        self.less.veiled.get_or_init(|| self.veil()).clone()
    }

    fn veil(&self) -> Option<Utf8Bytes> {
        match self.about {
            About::Everybody => Some(self.text.clone()),
            About::Resident { .. } | About::Task { .. } | About::Responder | About::Gap => None,
            About::Incident { .. } => {
                let mut frame: serde_json::Value = serde_json::from_str(&self.text).ok()?;
                veil(frame.get_mut("incident")?);
                Some(frame.to_string().into())
            }
        }
    }

    /// Whether this account may be told.
    pub fn is_for(&self, who: &Who, now: Timestamp) -> bool {
        let about = match &self.about {
            // What has ended stays news to the station whose task it was.
            About::Task { station, .. } if who.role == Role::Station => {
                return who.station.as_ref() == Some(station);
            }
            About::Task { .. } if !decide(who, Action::ListTasks, &Subject::Nothing, now).is_allowed() => {
                return false;
            }
            About::Task { of, .. } => of,
            about => about,
        };
        let subject = match about {
            About::Everybody | About::Gap | About::Task { .. } => return true,
            About::Responder => return sees_responders(who, now),
            // That it is closed is news to everybody who saw it open, wherever the person lives.
            About::Incident { id, resident, opened_at, open, .. } => Subject::Incident {
                id: id.clone(),
                resident: resident.clone(),
                opened_at: *opened_at,
                open: *open,
                handled: true,
                division: None,
            },
            About::Resident { .. } if self.hides_place(who, now) => return false,
            // Where an incident is withheld, the position that would tell of it is too; whoever has a task in it is told.
            About::Resident { id, incident, incident_opened_at, .. } => Subject::Incident {
                id: Some(incident.clone()),
                resident: id.clone(),
                opened_at: *incident_opened_at,
                open: true,
                handled: false,
                division: None,
            },
        };
        decide(who, Action::ReadIncident, &subject, now).is_allowed()
    }
}

/// Whether this account sends stations, and so may see where those are who are on their way.
pub(super) fn sees_responders(who: &Who, now: Timestamp) -> bool {
    decide(who, Action::Dispatch, &Subject::Nothing, now).is_allowed()
}

/// Takes out of an incident who it is about, where, and what was said.
fn veil(incident: &mut serde_json::Value) {
    for field in ["resident", "handset", "position"] {
        incident[field] = serde_json::Value::Null;
    }
    silence(incident);
    for signal in incident["signals"].as_array_mut().into_iter().flatten() {
        signal.as_object_mut().and_then(|signal| signal.remove("press_id"));
    }
}

/// Takes out of an incident what was said and written.
fn silence(incident: &mut serde_json::Value) {
    if let Some(closed) = incident["closed"].as_object_mut() {
        closed.insert("note".to_owned(), "".into());
    }
    for signal in incident["signals"].as_array_mut().into_iter().flatten() {
        for field in ["caller", "words", "evidence"] {
            signal.as_object_mut().and_then(|signal| signal.remove(field));
        }
    }
    incident["plan"] = serde_json::json!([]);
    for task in incident["tasks"].as_array_mut().into_iter().flatten() {
        (task["responder"], task["note"], task["words"]) = (serde_json::Value::Null, "".into(), "".into());
        task["said"] = serde_json::Value::Null;
    }
}

impl Snapshot {
    /// The incidents in it.
    pub(super) fn cases(&self) -> BTreeSet<IncidentId> {
        self.incidents.iter().filter_map(|view| IncidentId::new(view.id.as_str()).ok()).collect()
    }

    /// The same for those who are not shown what was said and written.
    pub(super) fn wordless(mut self) -> Self {
        self.incidents = self.incidents.into_iter().map(IncidentView::wordless).collect();
        self
    }

    /// The same for a locked screen.
    pub(super) fn veiled(&self) -> serde_json::Result<serde_json::Value> {
        let mut snapshot = serde_json::to_value(self)?;
        for field in ["positions", "tasks", "responders"] {
            snapshot[field] = json!([]);
        }
        snapshot["incidents"].as_array_mut().into_iter().flatten().for_each(veil);
        Ok(snapshot)
    }
}

/// Whether this account may be shown an incident.
pub(crate) fn may_see(who: &Who, view: &IncidentView, now: Timestamp) -> bool {
    let subject = Subject::Incident {
        id: IncidentId::new(view.id.as_str()).ok(),
        resident: view.resident.as_ref().map(|resident| resident.id.clone()),
        opened_at: view.opened_at,
        open: view.closed.is_none(),
        handled: true,
        division: None,
    };
    decide(who, Action::ReadIncident, &subject, now).is_allowed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_was_said_and_written_nothing_is_left() {
        let mut incident = json!({
            "closed": { "note": "n", "cause": "fall" },
            "signals": [{ "kind": "call", "caller": "c", "words": "w", "evidence": {} }],
            "plan": [{ "step": "ring_resident" }],
            "tasks": [{ "state": "on_scene", "responder": "r", "note": "n", "words": "w", "said": "need_ambulance" }],
        });
        silence(&mut incident);
        let left = json!({
            "closed": { "note": "", "cause": "fall" },
            "signals": [{ "kind": "call" }],
            "plan": [],
            "tasks": [{ "state": "on_scene", "responder": null, "note": "", "words": "", "said": null }],
        });
        assert_eq!(incident, left);
    }
}
