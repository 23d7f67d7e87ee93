//! Where those are about whom an incident is open, as it is told to every connection.
//!
//! A handset may be given to somebody else at any time: a position is told as theirs who carried it when it was taken.

use super::{Frame, Hub, POSITIONS_EVERY};
use crate::{
    Shared,
    view::{IncidentView, LivePosition, PositionView},
};
use incident::Incident;
use model::{Fix, HandsetId, IncidentId, ResidentId, Timestamp};
use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, PoisonError},
    time::Duration,
};
use store::StoreError;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// After so long the store is asked again about a handset that it had no position of.
const ASKED_AGAIN_AFTER: Duration = Duration::from_secs(10);
/// So many such handsets are remembered before those are let go that would be asked about again.
const UNPLACED_HELD: usize = 20_000;

/// Whose position it is: of this handset while this resident carries it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Carried {
    handset: HandsetId,
    resident: Option<ResidentId>,
}

/// A position that was not told yet.
struct Moved {
    incident: IncidentId,
    opened_at: Timestamp,
    carried: Carried,
    fix: Fix,
}

impl Carried {
    /// Once an incident is closed, where the person is now is nobody's business.
    pub(super) fn about(incident: &Incident) -> Option<Self> {
        let handset = incident.handset.clone().filter(|_| incident.is_open())?;
        Some(Self { handset, resident: incident.resident.clone() })
    }

    pub(super) fn shown(view: &IncidentView) -> Option<Self> {
        let resident = view.resident.as_ref().map(|resident| resident.id.clone());
        Some(Self { handset: view.handset.clone()?, resident })
    }

    pub(super) fn at(&self, fix: &Fix, now: Timestamp) -> LivePosition {
        LivePosition {
            handset: self.handset.clone(),
            resident: self.resident.clone(),
            position: PositionView::new(fix, now),
        }
    }
}

/// Handsets that never told a position, and when the store was asked. The bus knows every position that comes, so that the first one
/// is not missed for it; without this each look at a queue of presses that came without a position would ask for all of them.
#[derive(Debug, Default)]
pub(super) struct Unplaced(Mutex<HashMap<HandsetId, Instant>>);

impl Unplaced {
    fn knows(&self, handset: &HandsetId, now: Instant) -> bool {
        let asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        asked.get(handset).is_some_and(|at| is_fresh(*at, now))
    }

    fn note(&self, handset: &HandsetId, now: Instant) {
        let mut asked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if asked.len() >= UNPLACED_HELD {
            asked.retain(|_, at| is_fresh(*at, now));
        }
        asked.insert(handset.clone(), now);
    }
}

fn is_fresh(asked: Instant, now: Instant) -> bool {
    now.duration_since(asked) < ASKED_AGAIN_AFTER
}

impl Hub {
    /// The newest position of a handset, unless somebody else carried it then.
    pub(crate) async fn live_fix(
        &self,
        handset: &HandsetId,
        resident: Option<&ResidentId>,
    ) -> Result<Option<Fix>, StoreError> {
        let Some(fix) = self.newest_fix(handset).await? else { return Ok(None) };
        Ok(self.shared.store.is_own_position(handset, resident, &fix).await?.then_some(fix))
    }

    async fn newest_fix(&self, handset: &HandsetId) -> Result<Option<Fix>, StoreError> {
        let Shared { bus, store, .. } = &self.shared;
        let known = bus.position(handset);
        if known.is_some() || self.unplaced.knows(handset, Instant::now()) {
            return Ok(known);
        }
        let stored = store.newest_fix(handset).await?;
        match &stored {
            Some(fix) => {
                bus.put_position(handset, fix);
            }
            None => self.unplaced.note(handset, Instant::now()),
        }
        Ok(stored)
    }

    /// The same for whom an incident is about. What screens were told as theirs is not asked again.
    pub(super) async fn live_fix_about(&self, carried: &Carried) -> Result<Option<Fix>, StoreError> {
        let Some(fix) = self.newest_fix(&carried.handset).await? else { return Ok(None) };
        let is_told = self.locked().positions.get(carried) == Some(&fix);
        let is_theirs = is_told || {
            let (handset, resident) = (&carried.handset, carried.resident.as_ref());
            self.shared.store.is_own_position(handset, resident, &fix).await?
        };
        Ok(is_theirs.then_some(fix))
    }

    /// Tells the positions that moved of the handsets whose incidents are open, until stopped.
    pub(super) async fn follow_positions(&self, stop: &CancellationToken) {
        let mut tick = tokio::time::interval(POSITIONS_EVERY);
        while stop.run_until_cancelled(tick.tick()).await.is_some() {
            for moved in self.moved_positions() {
                let Carried { handset, resident } = &moved.carried;
                match self.shared.store.is_own_position(handset, resident.as_ref(), &moved.fix).await {
                    Ok(true) => self.tell_position(moved),
                    Ok(false) => {}
                    Err(error) => tracing::warn!(event = "position_not_told", %error, %handset),
                }
            }
            self.follow_responders().await;
        }
    }

    /// Where the handsets of open incidents are now and were not told to be.
    fn moved_positions(&self) -> Vec<Moved> {
        let mut board = self.locked();
        let open: HashSet<Carried> = board.incidents.values().filter_map(Carried::shown).collect();
        board.positions.retain(|carried, _| open.contains(carried));
        let moved = board.incidents.iter().filter_map(|(id, view)| {
            let carried = Carried::shown(view)?;
            let fix = self.shared.bus.position(&carried.handset)?;
            let is_news = board.positions.get(&carried).is_none_or(|known| known.fix_time != fix.fix_time);
            is_news.then(|| Moved { incident: id.clone(), opened_at: view.opened_at, carried, fix })
        });
        moved.collect()
    }

    /// Unless the incident was closed meanwhile.
    fn tell_position(&self, moved: Moved) {
        let Moved { incident, opened_at, carried, fix } = moved;
        let mut board = self.locked();
        if board.incidents.contains_key(&incident) {
            let position = carried.at(&fix, self.now());
            self.tell(Frame::position(&self.cursor(board.row), &position, incident, opened_at));
            board.positions.insert(carried, fix);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn handset(name: &str) -> HandsetId {
        HandsetId::new(name).unwrap()
    }

    #[test]
    fn a_handset_without_a_position_is_asked_about_again_after_a_while() {
        let (unplaced, now) = (Unplaced::default(), Instant::now());
        assert!(!unplaced.knows(&handset("h1"), now));
        unplaced.note(&handset("h1"), now);
        assert!(unplaced.knows(&handset("h1"), now));
        assert!(!unplaced.knows(&handset("h2"), now));
        assert!(!unplaced.knows(&handset("h1"), now + ASKED_AGAIN_AFTER));
    }

    #[test]
    fn what_would_be_asked_again_is_let_go() {
        let (unplaced, now) = (Unplaced::default(), Instant::now());
        for number in 0..UNPLACED_HELD {
            unplaced.note(&handset(&format!("h{number}")), now);
        }
        unplaced.note(&handset("new"), now + ASKED_AGAIN_AFTER);
        assert_eq!(unplaced.0.lock().unwrap().len(), 1);
    }
}
