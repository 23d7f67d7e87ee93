//! What a seed makes of a world: how many people, how bad the network, how often things break. Each world is bad in its own
//! way, for a fault that happens everywhere all the time hides those that need calm.

use crate::chance::{Chance, MS, Micros, S};
use model::{HandsetId, ResidentId, StationId};

/// The size of a world and its weather.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) residents: u32,
    /// So many of them have a second handset.
    pub(crate) second: u32,
    /// So many handsets are bound to nobody.
    pub(crate) unbound: u32,
    /// Those whose buttons are pressed, mostly: a few, so that things meet.
    pub(crate) restless: Vec<u32>,
    pub(crate) processes: usize,
    pub(crate) operators: usize,
    pub(crate) stations: usize,
    /// Between one need and the next, at most.
    pub(crate) need_every: Micros,
    /// Between one fault and the next, at most; never, if 0.
    pub(crate) fault_every: Micros,
    pub(crate) loss: u32,
    pub(crate) duplicate: u32,
    pub(crate) straggle: u32,
    /// How often in a thousand a process dies at each of the three places round a commit.
    pub(crate) dies: u32,
    /// How often the placing of a signal fails in the transaction that brings it.
    pub(crate) sequel_fails: u32,
    /// How often an operator who hears something does something.
    pub(crate) zeal: u32,
    /// How often somebody acts on an older view.
    pub(crate) stale: u32,
    pub(crate) answer_lost: u32,
    pub(crate) gateway_fails: u32,
}

impl Plan {
    pub(crate) fn draw(chance: &mut Chance) -> Self {
        let sizes = [3, 12, 60, 150, 250];
        let residents = chance.pick(&sizes).unwrap_or(3);
        let (second, unbound) = (residents / 4 + 1, residents / 10 + 1);
        let handsets = i64::from(residents + second + unbound);
        let hot = chance.between(1, 7);
        let restless = (0..hot).map(|_| chance.between(0, handsets)).filter_map(|n| u32::try_from(n).ok());
        let restless = restless.collect();
        let mut of = |values: &[u32]| chance.pick(values).unwrap_or(0);
        let loss = of(&[0, 20, 100, 300, 600]);
        let duplicate = of(&[0, 20, 100, 300]);
        let straggle = of(&[0, 50, 200]);
        let dies = of(&[0, 5, 20, 60]);
        let sequel_fails = of(&[0, 50, 300, 1_000]);
        let zeal = of(&[0, 100, 400, 800]);
        let stale = of(&[0, 100, 300]);
        let answer_lost = of(&[0, 50, 200]);
        let gateway_fails = of(&[0, 100, 600]);
        Self {
            residents,
            second,
            unbound,
            restless,
            processes: chance.pick(&[1, 1, 2, 3]).unwrap_or(1),
            operators: chance.pick(&[1, 2, 3, 5]).unwrap_or(1),
            stations: chance.pick(&[1, 2, 3]).unwrap_or(1),
            need_every: chance.pick(&[500 * MS, 4 * S, 30 * S, 120 * S]).unwrap_or(S),
            fault_every: chance.pick(&[0, 5 * S, 30 * S, 120 * S]).unwrap_or(0),
            loss,
            duplicate,
            straggle,
            dies,
            sequel_fails,
            zeal,
            stale,
            answer_lost,
            gateway_fails,
        }
    }

    /// A world that is healthy from now on.
    pub(crate) fn heal(&mut self) {
        (self.loss, self.duplicate, self.straggle, self.dies) = (0, 0, 0, 0);
        (self.sequel_fails, self.stale, self.answer_lost, self.gateway_fails) = (0, 0, 0, 0);
        (self.fault_every, self.zeal) = (0, 1_000);
    }

    pub(crate) fn handsets(&self) -> u32 {
        self.residents + self.second + self.unbound
    }

    /// Whom a handset was given to in the beginning.
    pub(crate) fn owner(&self, handset: u32) -> Option<u32> {
        if handset < self.residents {
            Some(handset)
        } else {
            Some(handset - self.residents).filter(|owner| *owner < self.second)
        }
    }
}

/// The name of a resident.
pub(crate) fn resident(number: u32) -> Option<ResidentId> {
    ResidentId::new(format!("r{number}")).ok()
}

/// The name of a handset; with the number of a resident, of the first that they are given.
pub(crate) fn handset(number: u32) -> Option<HandsetId> {
    HandsetId::new(format!("h{number}")).ok()
}

/// The name of a station.
pub(crate) fn station(number: usize) -> Option<StationId> {
    StationId::new(format!("s{number}")).ok()
}

/// The number in a handset's name.
pub(crate) fn number_of(handset: &HandsetId) -> Option<u32> {
    handset.as_str().strip_prefix('h')?.parse().ok()
}
