//! The door: presses come in, what waits in the outbox goes out.

use super::Job;
use crate::{
    agenda::{Happening, Life},
    chance::{MS, S},
    handset::Publish,
    sabotage::Sabotage,
    store::TakePress,
    world::World,
};
use model::Timestamp;
use protocol::decode_press;
use std::rc::Rc;

impl World {
    pub(crate) fn arrive(&mut self, life: Life, number: u32, session: u32, publish: &Rc<Publish>) {
        let received_at = self.clock(life.process);
        let Some(handset) = self.handsets.get(&number).map(|handset| handset.id.clone()) else { return };
        let press = decode_press(&publish.payload, received_at).message;
        let resident = self.owner(number).and_then(crate::plan::resident);
        let take = TakePress { handset, resident, press, publish: Rc::clone(publish), received_at };
        if self.options.sabotage == Some(Sabotage::ReceiptBeforeCommit) {
            let payload = Rc::new(take.receipt(received_at).to_json());
            let heard = Happening::Heard { handset: number, session, row: 0, payload, is_receipt: true };
            self.plan_in(5 * MS, heard);
            self.plan_in(4 * MS, Happening::Taken { handset: number, session, number: publish.number });
        }
        self.enqueue(life, Job::Press { take: Box::new(take), number, session });
    }

    /// Sends a handset what waits for it and was not sent in this session.
    pub(crate) fn down(&mut self, number: u32, session: u32) {
        let Some(handset) = self.handsets.get(&number) else { return };
        let Some(life) = handset.at.filter(|_| handset.session == session) else { return };
        if !self.is_serving(life) {
            // It looks again once it can; a session that outlives this waits with it.
            if self.is_alive(life) {
                let back = self.back_at(life.process);
                self.plan_in(back, Happening::Down { handset: number, session });
            }
            return;
        }
        let now = self.clock(life.process);
        let rows = self.store.outbox.waiting(&handset.id, handset.mark, now);
        let rows: Vec<_> = rows
            .into_iter()
            .map(|(row, message)| (row, Rc::clone(&message.payload), message.is_receipt))
            .collect();
        for (row, payload, is_receipt) in rows {
            let delay = self.delay();
            let is_lost = self.is_lost(number);
            let at = self.in_order(number, self.now + delay);
            if let Some(handset) = self.handsets.get_mut(&number) {
                handset.mark = row;
            }
            if is_lost {
                // What TCP cannot bring ends the session; another one begins where nothing was settled.
                self.lose();
                self.break_session(number);
                return;
            }
            self.plan_at(at, Happening::Heard { handset: number, session, row, payload, is_receipt });
        }
    }

    /// The handset took a message.
    pub(crate) fn settle(&mut self, life: Life, number: u32, row: u64) {
        if !self.is_serving(life) {
            return;
        }
        if let Some(handset) = self.handsets.get(&number) {
            self.store.outbox.settle(&handset.id, row);
        }
    }

    fn in_order(&mut self, number: u32, at: i64) -> i64 {
        let Some(handset) = self.handsets.get_mut(&number) else { return at };
        handset.in_order = handset.in_order.max(at);
        handset.in_order
    }

    /// Ends the session; the handset comes back after a while.
    pub(crate) fn break_session(&mut self, number: u32) {
        let wait = self.chance.between(S / 2, 8 * S);
        if let Some(handset) = self.handsets.get_mut(&number)
            && handset.at.take().is_some()
        {
            self.plan_in(wait, Happening::Reconnect { handset: number });
        }
    }

    /// The time by a process's own clock.
    pub(crate) fn clock(&self, process: usize) -> Timestamp {
        let ahead = self.processes.get(process).map_or(0, |process| process.ahead);
        crate::world::stamp(self.now + ahead)
    }
}
