//! A handset: it repeats a press until its receipt, and shows what it was told last.
//!
//! Only what bears on a press is here; `firmware-sim` has the whole of a handset.

use crate::chance::{Micros, S};
use model::{HandsetId, IncidentId, Timestamp};
use protocol::{Progress, Receipt, Stage, decode_press};
use std::{collections::BTreeMap, rc::Rc};

/// How long it waits for a receipt after a press was sent that often (from 1): 2, 4, 8, then 15 s for ever.
pub(crate) fn pause_after(sends: u32) -> Micros {
    match sends {
        0 | 1 => 2 * S,
        2 => 4 * S,
        3 => 8 * S,
        _ => 15 * S,
    }
}

/// A press as it goes over the air; a repeat is the same bytes.
#[derive(Debug)]
pub(crate) struct Publish {
    /// Its place among the presses of this handset.
    pub(crate) number: u64,
    pub(crate) press_id: Option<String>,
    pub(crate) cancel: bool,
    pub(crate) payload: Vec<u8>,
    /// Equal exactly for repeats; none if it cannot be told from others.
    pub(crate) identity: Option<String>,
}

#[derive(Debug)]
struct Pending {
    publish: Rc<Publish>,
    /// An earlier one of its kind had the same id, so that a receipt alone does not tell which is meant.
    is_ambiguous: bool,
    is_taken: bool,
    sends: u32,
    due: Micros,
}

/// One handset, from its first press on.
#[derive(Debug)]
pub(crate) struct Handset {
    pub(crate) id: HandsetId,
    /// The process that holds its session; the number tells this session from earlier ones.
    pub(crate) session: u32,
    pub(crate) at: Option<crate::agenda::Life>,
    /// The outbox has been read up to here for this session.
    pub(crate) mark: u64,
    /// Messages of a session arrive in order: not before this.
    pub(crate) in_order: Micros,
    pending: Vec<Pending>,
    used_ids: Vec<String>,
    cancelled_ids: Vec<String>,
    made: u64,
    /// What it shows: by incident, the stage, and when it came.
    pub(crate) told: BTreeMap<IncidentId, (Stage, Micros)>,
}

/// How a press is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    Whole,
    /// The id of an earlier press once more.
    IdReused,
    /// Bytes of which nothing can be read.
    Garbage,
    Empty,
}

impl Handset {
    pub(crate) fn new(number: u32) -> Option<Self> {
        Some(Self {
            id: crate::plan::handset(number)?,
            session: 0,
            at: None,
            mark: 0,
            in_order: 0,
            pending: Vec::new(),
            used_ids: Vec::new(),
            cancelled_ids: Vec::new(),
            made: 0,
            told: BTreeMap::new(),
        })
    }

    /// The button is pressed. `shown` is what the handset's own clock shows.
    pub(crate) fn press(&mut self, manner: Manner, now: Micros, shown: Timestamp) {
        let press_id = match manner {
            Manner::Whole => Some(format!("p-{}", self.made + 1)),
            Manner::IdReused => self.used_ids.last().cloned().or_else(|| Some("p-1".to_owned())),
            Manner::Garbage | Manner::Empty => None,
        };
        let payload = match (manner, &press_id) {
            (Manner::Garbage, _) => b"\xffhelp".to_vec(),
            (Manner::Empty, _) | (_, None) => Vec::new(),
            (Manner::Whole | Manner::IdReused, Some(id)) => body(id, self.made + 1, shown, false),
        };
        self.add(press_id, false, payload, now, shown);
    }

    /// The last press is taken back; false if there was none.
    pub(crate) fn cancel(&mut self, now: Micros, shown: Timestamp) -> bool {
        let Some(id) = self.used_ids.last().cloned() else { return false };
        let payload = body(&id, self.made + 1, shown, true);
        self.add(Some(id), true, payload, now, shown);
        true
    }

    fn add(
        &mut self,
        press_id: Option<String>,
        cancel: bool,
        payload: Vec<u8>,
        now: Micros,
        shown: Timestamp,
    ) {
        self.made += 1;
        let identity = decode_press(&payload, shown).message.identity(&self.id);
        let used = if cancel { &mut self.cancelled_ids } else { &mut self.used_ids };
        let is_ambiguous = press_id.as_ref().is_none_or(|id| used.contains(id));
        used.extend(press_id.clone().filter(|_| !is_ambiguous));
        let publish = Rc::new(Publish { number: self.made, press_id, cancel, payload, identity });
        self.pending.push(Pending { publish, is_ambiguous, is_taken: false, sends: 0, due: now });
    }

    /// What is to be sent now. What has the id of an earlier press waits for that, so that a receipt can be told to be
    /// its own.
    pub(crate) fn take_due(&mut self, now: Micros) -> Vec<Rc<Publish>> {
        let held: Vec<bool> = self.pending.iter().map(|pending| self.is_held_back(pending)).collect();
        let mut due = Vec::new();
        for (pending, is_held) in self.pending.iter_mut().zip(held) {
            if !is_held && pending.due <= now {
                pending.sends += 1;
                pending.due = now + pause_after(pending.sends);
                due.push(Rc::clone(&pending.publish));
            }
        }
        due
    }

    fn is_held_back(&self, waiting: &Pending) -> bool {
        let publish = &waiting.publish;
        let is_before = |other: &Pending| {
            other.publish.number < publish.number
                && (&other.publish.press_id, other.publish.cancel) == (&publish.press_id, publish.cancel)
        };
        publish.press_id.is_some() && self.pending.iter().any(is_before)
    }

    pub(crate) fn next_due(&self) -> Option<Micros> {
        let sendable = self.pending.iter().filter(|pending| !self.is_held_back(pending));
        sendable.map(|pending| pending.due).min()
    }

    /// How many presses have no receipt.
    pub(crate) fn waiting(&self) -> usize {
        self.pending.len()
    }

    /// MQTT says that a publish was taken.
    pub(crate) fn taken(&mut self, number: u64) {
        if let Some(pending) = self.pending.iter_mut().find(|pending| pending.publish.number == number) {
            pending.is_taken = true;
        }
    }

    /// A receipt came: which press it ends. One that may be another's counts only once MQTT said that ours was taken.
    pub(crate) fn receipted(&mut self, receipt: &Receipt) -> Option<Rc<Publish>> {
        let is_meant = |pending: &Pending| {
            let publish = &pending.publish;
            (&publish.press_id, publish.cancel) == (&receipt.press_id, receipt.cancel)
                && (!pending.is_ambiguous || pending.is_taken)
        };
        let place = self.pending.iter().position(is_meant)?;
        Some(self.pending.remove(place).publish)
    }

    pub(crate) fn progressed(&mut self, progress: Progress, now: Micros) {
        self.told.insert(progress.incident_id, (progress.stage, now));
    }
}

fn body(id: &str, seq: u64, shown: Timestamp, cancel: bool) -> Vec<u8> {
    let cancel = if cancel { r#","cancel":true"# } else { "" };
    format!(r#"{{"press_id":"{id}","boot":"b","seq":{seq},"pressed_at":"{shown}","fix":null{cancel}}}"#)
        .into_bytes()
}
