//! What people with handsets do, and the network between a handset and the door.

use super::{World, stamp};
use crate::{
    agenda::Happening,
    chance::{MS, Micros, S},
    handset::{Handset, Manner},
    plan,
    process::Job,
};
use incident::Return;
use model::{Evidence, Signal, SignalId, SignalKind, SignedDuration, Timestamp};
use protocol::{Progress, Receipt};
use std::collections::btree_map::Entry;

/// What a watcher may notice, and a call.
const NOTICED: &[SignalKind] = &[
    SignalKind::Call,
    SignalKind::Fall,
    SignalKind::Wandering,
    SignalKind::FenceExit,
    SignalKind::Inactivity,
    SignalKind::Overdue,
    SignalKind::LowBattery,
];

impl World {
    /// Somebody needs help, or changes their mind.
    pub(super) fn need(&mut self) {
        let wait = self.chance.between(MS, self.plan.need_every);
        self.plan_in(wait, Happening::Need);
        let Some(number) = self.any_handset() else { return };
        // Handsets keep poor time.
        let wrong = if self.chance.hits(100) { self.chance.between(-7_200 * S, 7_200 * S) } else { 0 };
        let (now, shown) = (self.now, stamp(self.now + wrong));
        let does = self.chance.below(24);
        match does {
            0..3 => return self.notice(number),
            20 => self.open_window(number),
            21 => return self.go_away(number),
            22 => return self.come_back(number),
            _ => {}
        }
        let Some(handset) = self.handset(number) else { return };
        let manner = match does {
            3 => Manner::Garbage,
            4 => Manner::Empty,
            5 => Manner::IdReused,
            6 | 7 if handset.cancel(now, shown) => return self.plan_send(number),
            _ => Manner::Whole,
        };
        handset.press(manner, now, shown);
        self.stats.presses += 1;
        self.plan_send(number);
    }

    /// Staff open a window for a handset, whose button is tried then.
    fn open_window(&mut self, number: u32) {
        let lasts_s = self.chance.between(20, 900);
        let Some(now) = self.stamped() else { return };
        // What waits to be placed may have been stamped by the clock before, and be later than all that this one says.
        if self.store.has_unread() {
            return;
        }
        let Some(id) = self.handset(number).map(|handset| handset.id.clone()) else { return };
        self.note(|| format!("a drill of {id} may begin"));
        self.checks.windows.insert(id.clone(), self.now + lasts_s * S);
        self.store.open_window(id, now, SignedDuration::from_secs(lasts_s));
    }

    /// Somebody will be away as planned.
    fn go_away(&mut self, number: u32) {
        let lasts = SignedDuration::from_secs(self.chance.between(60, 7_200));
        let resident = self.owner(number).and_then(plan::resident);
        let (Some(now), Some(resident)) = (self.stamped(), resident) else { return };
        self.note(|| format!("{resident} is away"));
        self.store.enter_absence(resident, now, lasts);
    }

    /// Somebody is on the right side of their fence again.
    fn come_back(&mut self, number: u32) {
        let Some(life) = self.a_life().filter(|life| self.is_serving(*life)) else { return };
        let resident = self.owner(number).and_then(plan::resident);
        let open = self
            .store
            .open_incidents()
            .into_iter()
            .find(|incident| resident.is_some() && incident.resident == resident && !incident.drill);
        let Some(incident) = open else { return };
        let id = SignalId::from_cause("return", &[&format!("{number}-{}", self.stats.events)]);
        let (since, fence) = (self.clock(life.process), Some("home".to_owned()));
        let of = Return { id, fence, zone: None, since, why: String::new() };
        self.return_within(life, &incident, of);
    }

    /// The time by the clock of a process that can write.
    fn stamped(&mut self) -> Option<Timestamp> {
        let life = self.a_life().filter(|life| self.is_serving(*life))?;
        Some(self.clock(life.process))
    }

    /// A watcher notices something about whoever carries a handset, or somebody rings about them, or about nobody known.
    fn notice(&mut self, number: u32) {
        let Some(life) = self.a_life() else { return };
        let Some(kind) = self.chance.pick(NOTICED) else { return };
        let at = self.clock(life.process);
        let name = format!("{number}-{}", self.stats.events);
        let is_call = kind == SignalKind::Call;
        let is_known = !is_call || self.chance.hits(700);
        let handset = if is_call { None } else { self.handset(number).map(|handset| handset.id.clone()) };
        let signal = Signal {
            id: SignalId::from_cause(kind.as_str(), &[&name]),
            kind,
            handset,
            resident: self.owner(number).filter(|_| is_known).and_then(plan::resident),
            press_id: None,
            cancel: false,
            at,
            received_at: at,
            late_by_s: 0,
            remarks: Vec::new(),
            fix: None,
            caller: None,
            words: None,
            graver: None,
            evidence: (kind == SignalKind::FenceExit)
                .then(|| Box::new(Evidence { fence: Some("home".to_owned()), ..Evidence::default() })),
        };
        self.enqueue(life, Job::Signal(Box::new(signal)));
    }

    /// One of those that are pressed, mostly.
    pub(crate) fn any_handset(&mut self) -> Option<u32> {
        if self.chance.hits(900) {
            self.chance.pick(&self.plan.restless)
        } else {
            u32::try_from(self.chance.between(0, i64::from(self.plan.handsets()))).ok()
        }
    }

    fn handset(&mut self, number: u32) -> Option<&mut Handset> {
        match self.handsets.entry(number) {
            Entry::Occupied(found) => Some(found.into_mut()),
            Entry::Vacant(place) => Some(place.insert(Handset::new(number)?)),
        }
    }

    /// Who carries it now.
    pub(crate) fn owner(&self, number: u32) -> Option<u32> {
        self.swapped.get(&number).copied().unwrap_or_else(|| self.plan.owner(number))
    }

    fn plan_send(&mut self, number: u32) {
        let Some(due) = self.handsets.get(&number).and_then(Handset::next_due) else { return };
        let at = due.max(self.now);
        self.sends.insert(number, at);
        self.plan_at(at, Happening::Send { handset: number });
    }

    /// A handset sends what is due, over a network that may lose it, bring it twice, or bring it late.
    pub(super) fn send(&mut self, number: u32) {
        let due =
            self.handsets.get_mut(&number).map(|handset| handset.take_due(self.now)).unwrap_or_default();
        self.plan_send(number);
        if self.is_cut(number) {
            self.stats.lost += due.len() as u64;
            return;
        }
        self.log_in(number);
        for publish in due {
            let Some(handset) = self.handsets.get(&number) else { return };
            let Some(life) = handset.at.filter(|life| self.is_alive(*life)) else {
                self.stats.lost += 1;
                continue;
            };
            let session = handset.session;
            let copies = if self.is_lost(number) {
                self.lose();
                0
            } else {
                1 + u32::from(self.chance.hits(self.plan.duplicate))
            };
            for _ in 0..copies {
                let delay = self.delay();
                let publish = std::rc::Rc::clone(&publish);
                self.plan_in(delay, Happening::Arrive { life, handset: number, session, publish });
            }
        }
    }

    /// A session at some process that lives; what waits for the handset is sent in it anew.
    fn log_in(&mut self, number: u32) {
        if self.handsets.get(&number).is_none_or(|handset| handset.at.is_some()) {
            return;
        }
        let Some(life) = self.a_life() else { return };
        if let Some(handset) = self.handsets.get_mut(&number) {
            handset.at = Some(life);
            handset.session += 1;
            (handset.mark, handset.in_order) = (0, self.now);
        }
        self.wake(number);
    }

    pub(super) fn reconnect(&mut self, number: u32) {
        if !self.is_cut(number) {
            self.log_in(number);
        }
        if self.handsets.get(&number).is_some_and(|handset| handset.at.is_none()) {
            self.plan_in(2 * S, Happening::Reconnect { handset: number });
        }
    }

    pub(super) fn heard(&mut self, number: u32, session: u32, row: u64, payload: &[u8], is_receipt: bool) {
        if !self.is_session(number, session) {
            return self.lose();
        }
        if self.is_cut(number) {
            self.lose();
            return self.break_session(number);
        }
        let now = self.now;
        let Some(handset) = self.handsets.get_mut(&number) else { return };
        let at = handset.at;
        if is_receipt {
            let settled = Receipt::from_json(payload).ok().and_then(|receipt| handset.receipted(&receipt));
            if let Some(publish) = settled {
                self.check_receipt(number, &publish);
                // What waited for it may go now.
                self.plan_send(number);
            }
        } else if let Ok(progress) = Progress::from_json(payload) {
            handset.progressed(progress, now);
        } else {
            self.check_in_time(number);
        }
        if self.is_lost(number) {
            // The word that it was taken is lost: it comes again in the next session.
            self.lose();
            self.break_session(number);
        } else if let Some(life) = at {
            let delay = self.delay();
            self.plan_in(delay, Happening::Settle { life, handset: number, row });
        }
    }

    pub(super) fn taken(&mut self, number: u32, session: u32, publish: u64) {
        if !self.is_session(number, session) || self.is_cut(number) {
            return self.lose();
        }
        if let Some(handset) = self.handsets.get_mut(&number) {
            handset.taken(publish);
        }
    }

    pub(super) fn is_session(&self, number: u32, session: u32) -> bool {
        self.handsets.get(&number).is_some_and(|found| found.at.is_some() && found.session == session)
    }

    fn is_cut(&self, number: u32) -> bool {
        self.network_back > self.now || self.cut_handsets.get(&number).is_some_and(|until| *until > self.now)
    }

    pub(crate) fn is_lost(&mut self, number: u32) -> bool {
        self.is_cut(number) || self.chance.hits(self.plan.loss)
    }

    pub(crate) fn lose(&mut self) {
        self.stats.lost += 1;
    }

    /// How long a message is on its way; now and then long enough for others to overtake it.
    pub(crate) fn delay(&mut self) -> Micros {
        if self.chance.hits(self.plan.straggle) {
            self.chance.between(S, 25 * S)
        } else {
            self.chance.between(10 * MS, 300 * MS)
        }
    }
}
